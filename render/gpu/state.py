"""How drawing goes on: rectangles, depth, blending; and what the driver is."""

from collections.abc import Sequence

from render.gpu.opengl import GL


def begin(framebuffer: int, left: int, bottom: int, width: int, height: int) -> None:
    """Draw into a rectangle of a framebuffer from now on, and nowhere else."""
    GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, framebuffer)
    GL.glViewport(left, bottom, width, height)
    GL.glEnable(GL.GL_SCISSOR_TEST)
    GL.glScissor(left, bottom, width, height)


def clear(colour: Sequence[float]) -> None:
    """Fill the rectangle with a colour [4] and the farthest depth."""
    GL.glDepthMask(True)
    GL.glColorMask(True, True, True, True)
    GL.glClearDepth(1.0)
    GL.glClearColor(*colour)
    GL.glClear(GL.GL_COLOR_BUFFER_BIT | GL.GL_DEPTH_BUFFER_BIT)


def solid(cull: bool, colour: bool = True) -> None:
    """Opaque drawing: the nearest wins; `cull` leaves out faces seen from behind. Without `colour` depth alone."""
    GL.glEnable(GL.GL_DEPTH_TEST)
    GL.glDepthFunc(GL.GL_LESS)
    GL.glDepthMask(True)
    GL.glDisable(GL.GL_BLEND)
    GL.glDisable(GL.GL_STENCIL_TEST)
    GL.glDisable(GL.GL_POLYGON_OFFSET_FILL)
    GL.glColorMask(colour, colour, colour, colour)
    GL.glFrontFace(GL.GL_CCW)
    GL.glCullFace(GL.GL_BACK)
    (GL.glEnable if cull else GL.glDisable)(GL.GL_CULL_FACE)


def veil() -> None:
    """Translucent drawing over what is there, colours already multiplied by their opacity."""
    solid(cull=False)
    GL.glDepthMask(False)
    GL.glEnable(GL.GL_BLEND)
    GL.glBlendEquation(GL.GL_FUNC_ADD)
    GL.glBlendFunc(GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA)


def one_side(inner: bool) -> None:
    """Draw only faces that are seen from behind, or only those that are not."""
    GL.glEnable(GL.GL_CULL_FACE)
    GL.glCullFace(GL.GL_FRONT if inner else GL.GL_BACK)


def cover(adding: bool = False) -> None:
    """Run the current program once a pixel, replacing what is there or adding to it."""
    solid(cull=False)
    GL.glDisable(GL.GL_DEPTH_TEST)
    if adding:
        GL.glEnable(GL.GL_BLEND)
        GL.glBlendEquation(GL.GL_FUNC_ADD)
        GL.glBlendFunc(GL.GL_ONE, GL.GL_ONE)
    GL.glDrawArrays(GL.GL_TRIANGLES, 0, 3)


def strip() -> None:
    """Draw the four corners that the vertex shader makes up."""
    GL.glDrawArrays(GL.GL_TRIANGLE_STRIP, 0, 4)


def rest() -> None:
    """Leave a state in which others can draw."""
    GL.glBindVertexArray(0)
    GL.glUseProgram(0)
    GL.glActiveTexture(GL.GL_TEXTURE0)
    for flag in (GL.GL_SCISSOR_TEST, GL.GL_BLEND, GL.GL_CULL_FACE, GL.GL_DEPTH_TEST):
        GL.glDisable(flag)
    GL.glDepthMask(True)


def largest_picture() -> int:
    """The longest side [pixels] that this driver can draw."""
    return int(min(GL.glGetIntegerv(GL.GL_MAX_VIEWPORT_DIMS)))


def driver() -> str:
    """The renderer's and the driver's own names."""
    return f"{GL.glGetString(GL.GL_RENDERER).decode()}, OpenGL {GL.glGetString(GL.GL_VERSION).decode()}"


def finish() -> None:
    """Wait until everything is drawn."""
    GL.glFinish()
