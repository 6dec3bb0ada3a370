"""Every OpenGL call and object: programs, textures, targets, buffers. OpenGL 3.3 core, any current context.

Nothing here knows scenes. Objects are freed by `Store.collect`, never by a destructor, because only then is it sure
that their context is current.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

if sys.platform == "linux":
    os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
import OpenGL

if os.environ.get("PYOPENGL_PLATFORM") == "egl":
    # Imported after error checking is off, it fails.
    import OpenGL.EGL
OpenGL.ERROR_CHECKING = False
OpenGL.ERROR_LOGGING = False
OpenGL.ERROR_ON_COPY = True

from OpenGL import GL  # noqa: E402

from render.mips import pyramid  # noqa: E402
from shaders.loader import source  # noqa: E402

_SETTERS: dict[int, Callable[[int, int, np.ndarray], None]] = {
    GL.GL_FLOAT: lambda place, count, value: GL.glUniform1fv(place, count, value),
    GL.GL_FLOAT_VEC2: lambda place, count, value: GL.glUniform2fv(place, count, value),
    GL.GL_FLOAT_VEC3: lambda place, count, value: GL.glUniform3fv(place, count, value),
    GL.GL_FLOAT_MAT4: lambda place, count, value: GL.glUniformMatrix4fv(place, count, True, value),
}

_ANISOTROPY, _MOST_ANISOTROPY = 0x84FE, 0x84FF  # EXT_texture_filter_anisotropic: every driver's, no core's
_FORMATS = {"half": GL.GL_RGBA16F, "float": GL.GL_RGBA32F, "byte": GL.GL_RGBA8}


class Program:
    """A vertex and a fragment shader, linked; uniforms are set by name, unknown names are ignored."""

    def __init__(self, vertex: str, fragment: str, **definitions: int) -> None:
        self.name = GL.glCreateProgram()
        for kind, file in ((GL.GL_VERTEX_SHADER, vertex), (GL.GL_FRAGMENT_SHADER, fragment)):
            shader = GL.glCreateShader(kind)
            GL.glShaderSource(shader, source(file, **definitions))
            GL.glCompileShader(shader)
            if not GL.glGetShaderiv(shader, GL.GL_COMPILE_STATUS):
                raise RuntimeError(f"{file}: {GL.glGetShaderInfoLog(shader)!r}")
            GL.glAttachShader(self.name, shader)
            GL.glDeleteShader(shader)
        GL.glLinkProgram(self.name)
        if not GL.glGetProgramiv(self.name, GL.GL_LINK_STATUS):
            raise RuntimeError(f"{vertex} + {fragment}: {GL.glGetProgramInfoLog(self.name)!r}")
        self._uniforms: dict[str, tuple[int, int]] = {}
        for index in range(GL.glGetProgramiv(self.name, GL.GL_ACTIVE_UNIFORMS)):
            label, _, kind = GL.glGetActiveUniform(self.name, index)
            name = (label.decode() if isinstance(label, bytes) else str(label)).removesuffix("[0]")
            self._uniforms[name] = (GL.glGetUniformLocation(self.name, name), int(kind))

    def use(self, **values: Any) -> None:
        """Make it current and set uniforms: numbers, vectors [3], matrices [4, 4] (rows first), arrays of these."""
        GL.glUseProgram(self.name)
        for name, value in values.items():
            place, kind = self._uniforms.get(name, (-1, 0))
            if place < 0:
                continue
            setter = _SETTERS.get(kind)
            if setter is None:
                GL.glUniform1i(place, int(value))
                continue
            array = np.ascontiguousarray(value, np.float32)
            setter(place, _elements(kind, array), array)

    def free(self) -> None:
        GL.glDeleteProgram(self.name)


def _elements(kind: int, array: np.ndarray) -> int:
    return array.size // {GL.GL_FLOAT: 1, GL.GL_FLOAT_VEC2: 2, GL.GL_FLOAT_VEC3: 3, GL.GL_FLOAT_MAT4: 16}[kind]


class Texture:
    """A plain float texture [height, width] that shaders sample linearly."""

    def __init__(self, values: np.ndarray) -> None:
        self.name = GL.glGenTextures(1)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self.name)
        height, width = values.shape
        data = np.ascontiguousarray(values, np.float32)
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_R32F, width, height, 0, GL.GL_RED, GL.GL_FLOAT, data)
        _sampling(GL.GL_TEXTURE_2D, GL.GL_LINEAR, GL.GL_CLAMP_TO_EDGE)

    def bind(self, unit: int) -> None:
        GL.glActiveTexture(GL.GL_TEXTURE0 + unit)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self.name)

    def free(self) -> None:
        GL.glDeleteTextures(1, [self.name])


class Picture(Texture):
    """A picture in sRGB, uint8 [h, w, 3], top row first, that repeats both ways; read as linear light, filtered when it
    is seen small or aslant."""

    def __init__(self, pixels: np.ndarray) -> None:
        self.name = GL.glGenTextures(1)
        kind = GL.GL_TEXTURE_2D
        GL.glBindTexture(kind, self.name)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 1)
        for level, values in enumerate(pyramid(pixels[::-1])):
            height, width, _ = values.shape
            data = np.ascontiguousarray(values)
            GL.glTexImage2D(kind, level, GL.GL_SRGB8, width, height, 0, GL.GL_RGB, GL.GL_UNSIGNED_BYTE, data)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 4)
        _sampling(kind, GL.GL_LINEAR, GL.GL_REPEAT)
        GL.glTexParameteri(kind, GL.GL_TEXTURE_MIN_FILTER, GL.GL_LINEAR_MIPMAP_LINEAR)
        GL.glTexParameterf(kind, _ANISOTROPY, min(8.0, _most_anisotropy()))


class Normals(Texture):
    """A normal map, uint8 [h, w, 3], top row first, that repeats both ways."""

    def __init__(self, pixels: np.ndarray) -> None:
        self.name = GL.glGenTextures(1)
        kind = GL.GL_TEXTURE_2D
        GL.glBindTexture(kind, self.name)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 1)
        size, data = pixels.shape[1::-1], np.ascontiguousarray(pixels[::-1])
        GL.glTexImage2D(kind, 0, GL.GL_RGB8, *size, 0, GL.GL_RGB, GL.GL_UNSIGNED_BYTE, data)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 4)
        GL.glGenerateMipmap(kind)
        _sampling(kind, GL.GL_LINEAR, GL.GL_REPEAT)
        GL.glTexParameteri(kind, GL.GL_TEXTURE_MIN_FILTER, GL.GL_LINEAR_MIPMAP_LINEAR)


class ShadowMaps:
    """Square depth textures, one layer a lamp, compared and filtered by the sampler; lit outside."""

    def __init__(self, size: int, layers: int) -> None:
        self.size, self.layers = size, layers
        self.name = GL.glGenTextures(1)
        kind = GL.GL_TEXTURE_2D_ARRAY
        GL.glBindTexture(kind, self.name)
        GL.glTexImage3D(
            kind, 0, GL.GL_DEPTH_COMPONENT24, size, size, layers, 0, GL.GL_DEPTH_COMPONENT, GL.GL_UNSIGNED_INT, None
        )
        _sampling(kind, GL.GL_LINEAR, GL.GL_CLAMP_TO_BORDER)
        GL.glTexParameterfv(kind, GL.GL_TEXTURE_BORDER_COLOR, np.ones(4, np.float32))
        GL.glTexParameteri(kind, GL.GL_TEXTURE_COMPARE_MODE, GL.GL_COMPARE_REF_TO_TEXTURE)
        GL.glTexParameteri(kind, GL.GL_TEXTURE_COMPARE_FUNC, GL.GL_LEQUAL)
        self.framebuffer = GL.glGenFramebuffers(1)

    def begin(self, layer: int) -> None:
        """Draw into one layer from now on, nearest depth wins."""
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self.framebuffer)
        GL.glFramebufferTextureLayer(GL.GL_FRAMEBUFFER, GL.GL_DEPTH_ATTACHMENT, self.name, 0, layer)
        GL.glDrawBuffer(GL.GL_NONE)
        GL.glReadBuffer(GL.GL_NONE)
        GL.glDisable(GL.GL_SCISSOR_TEST)
        GL.glViewport(0, 0, self.size, self.size)
        solid(cull=False)
        GL.glClear(GL.GL_DEPTH_BUFFER_BIT)

    def bind(self, unit: int) -> None:
        GL.glActiveTexture(GL.GL_TEXTURE0 + unit)
        GL.glBindTexture(GL.GL_TEXTURE_2D_ARRAY, self.name)

    def free(self) -> None:
        GL.glDeleteTextures(1, [self.name])
        GL.glDeleteFramebuffers(1, [self.framebuffer])


class Target:
    """A picture to draw into, with or without depth: "half" and "float" hold linear light, "byte" is for the eye.

    It may have several `layers` of colour, which a fragment shader writes at once.
    """

    def __init__(self, width: int, height: int, colour: str, depth: bool, layers: int = 1) -> None:
        self.width, self.height, self.layers = width, height, layers
        self.framebuffer = GL.glGenFramebuffers(1)
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self.framebuffer)
        self._textures = [self._layer(number, _FORMATS[colour]) for number in range(layers)]
        GL.glDrawBuffers(layers, [GL.GL_COLOR_ATTACHMENT0 + number for number in range(layers)])
        self._depth = GL.glGenRenderbuffers(1) if depth else None
        if self._depth is not None:
            GL.glBindRenderbuffer(GL.GL_RENDERBUFFER, self._depth)
            GL.glRenderbufferStorage(GL.GL_RENDERBUFFER, GL.GL_DEPTH_COMPONENT24, width, height)
            GL.glFramebufferRenderbuffer(GL.GL_FRAMEBUFFER, GL.GL_DEPTH_ATTACHMENT, GL.GL_RENDERBUFFER, self._depth)
        if GL.glCheckFramebufferStatus(GL.GL_FRAMEBUFFER) != GL.GL_FRAMEBUFFER_COMPLETE:
            raise RuntimeError(f"this graphics driver cannot draw into a {colour} picture of {width} x {height}")

    def _layer(self, number: int, layout: int) -> int:
        texture = GL.glGenTextures(1)
        GL.glBindTexture(GL.GL_TEXTURE_2D, texture)
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, layout, self.width, self.height, 0, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE, None)
        _sampling(GL.GL_TEXTURE_2D, GL.GL_NEAREST, GL.GL_CLAMP_TO_EDGE)
        place = GL.GL_COLOR_ATTACHMENT0 + number
        GL.glFramebufferTexture2D(GL.GL_FRAMEBUFFER, place, GL.GL_TEXTURE_2D, texture, 0)
        return texture

    def bind(self, unit: int, layer: int = 0) -> None:
        GL.glActiveTexture(GL.GL_TEXTURE0 + unit)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._textures[layer])

    def read(self) -> np.ndarray:
        """The bytes of a "byte" target, top row first, uint8 [height, width, 4]."""
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self.framebuffer)
        pixels = np.empty((self.height, self.width, 4), np.uint8)
        GL.glPixelStorei(GL.GL_PACK_ALIGNMENT, 4)
        GL.glReadPixels(0, 0, self.width, self.height, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE, pixels)
        return pixels[::-1].copy()

    def __enter__(self) -> "Target":
        return self

    def __exit__(self, *_: object) -> None:
        self.free()

    def free(self) -> None:
        GL.glDeleteFramebuffers(1, [self.framebuffer])
        GL.glDeleteTextures(len(self._textures), self._textures)
        if self._depth is not None:
            GL.glDeleteRenderbuffers(1, [self._depth])


class Buffer:
    """An array in the GPU's memory: float32 attributes or uint32 indices."""

    def __init__(self, values: np.ndarray) -> None:
        self.name = GL.glGenBuffers(1)
        self.values = values.size
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self.name)
        data = np.ascontiguousarray(values)
        GL.glBufferData(GL.GL_ARRAY_BUFFER, data.nbytes, data, GL.GL_STATIC_DRAW)

    def free(self) -> None:
        GL.glDeleteBuffers(1, [self.name])


class Geometry:
    """Buffers bound to attribute places; None leaves the attribute at one. An index buffer makes triangles."""

    def __init__(
        self,
        attributes: Sequence[tuple[Buffer | None, int]],
        indices: Buffer | None = None,
        ends: np.ndarray | None = None,
    ) -> None:
        """`ends`: where parts of the indices end, of a geometry that is drawn by parts."""
        self.name = GL.glGenVertexArrays(1)
        self.indices = indices
        self.ends = ends
        self._missing = [place for place, (buffer, _) in enumerate(attributes) if buffer is None]
        GL.glBindVertexArray(self.name)
        for place, (buffer, size) in enumerate(attributes):
            if buffer is not None:
                GL.glBindBuffer(GL.GL_ARRAY_BUFFER, buffer.name)
                GL.glEnableVertexAttribArray(place)
                GL.glVertexAttribPointer(place, size, GL.GL_FLOAT, False, 0, ctypes.c_void_p(0))
        if indices is not None:
            GL.glBindBuffer(GL.GL_ELEMENT_ARRAY_BUFFER, indices.name)
        GL.glBindVertexArray(0)

    def draw(self, part: int | None = None) -> None:
        """Draw all of it, or one part."""
        assert self.indices is not None
        start, end = 0, self.indices.values
        if part is not None and self.ends is not None:
            start, end = (int(self.ends[min(k, len(self.ends) - 1)]) for k in (part, part + 1))
        if start == end:
            return
        GL.glBindVertexArray(self.name)
        for place in self._missing:
            GL.glVertexAttrib4f(place, 1.0, 1.0, 1.0, 1.0)
        GL.glDrawElements(GL.GL_TRIANGLES, end - start, GL.GL_UNSIGNED_INT, ctypes.c_void_p(4 * start))
        GL.glBindVertexArray(0)

    def free(self) -> None:
        GL.glDeleteVertexArrays(1, [self.name])


class Segments:
    """Pieces of a polyline, each an instance of four corners."""

    def __init__(self, points: np.ndarray) -> None:
        self.pieces = len(points) - 1
        self._buffer = Buffer(points.astype(np.float32))
        self.name = GL.glGenVertexArrays(1)
        GL.glBindVertexArray(self.name)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffer.name)
        for place in range(2):
            GL.glEnableVertexAttribArray(place)
            GL.glVertexAttribPointer(place, 3, GL.GL_FLOAT, False, 12, ctypes.c_void_p(12 * place))
            GL.glVertexAttribDivisor(place, 1)
        GL.glBindVertexArray(0)

    def draw(self) -> None:
        GL.glBindVertexArray(self.name)
        GL.glDrawArraysInstanced(GL.GL_TRIANGLE_STRIP, 0, 4, self.pieces)
        GL.glBindVertexArray(0)

    def free(self) -> None:
        GL.glDeleteVertexArrays(1, [self.name])
        self._buffer.free()


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


class Empty:
    """A vertex array without attributes, which drawing without buffers needs in a core context."""

    def __init__(self) -> None:
        self.name = GL.glGenVertexArrays(1)

    def bind(self) -> None:
        GL.glBindVertexArray(self.name)

    def free(self) -> None:
        GL.glDeleteVertexArrays(1, [self.name])


def rest() -> None:
    """Leave a state in which others can draw."""
    GL.glBindVertexArray(0)
    GL.glUseProgram(0)
    GL.glActiveTexture(GL.GL_TEXTURE0)
    for flag in (GL.GL_SCISSOR_TEST, GL.GL_BLEND, GL.GL_CULL_FACE, GL.GL_DEPTH_TEST):
        GL.glDisable(flag)
    GL.glDepthMask(True)


def _most_anisotropy() -> float:
    return max(float(GL.glGetFloatv(_MOST_ANISOTROPY)), 1.0)


def largest_picture() -> int:
    """The longest side [pixels] that this driver can draw."""
    return int(min(GL.glGetIntegerv(GL.GL_MAX_VIEWPORT_DIMS)))


def driver() -> str:
    """The renderer's and the driver's own names."""
    return f"{GL.glGetString(GL.GL_RENDERER).decode()}, OpenGL {GL.glGetString(GL.GL_VERSION).decode()}"


def finish() -> None:
    """Wait until everything is drawn."""
    GL.glFinish()


def _sampling(kind: int, filter_: int, wrap: int) -> None:
    for name in (GL.GL_TEXTURE_MIN_FILTER, GL.GL_TEXTURE_MAG_FILTER):
        GL.glTexParameteri(kind, name, filter_)
    for name in (GL.GL_TEXTURE_WRAP_S, GL.GL_TEXTURE_WRAP_T):
        GL.glTexParameteri(kind, name, wrap)
