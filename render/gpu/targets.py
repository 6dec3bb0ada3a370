"""Pictures to draw into."""

import numpy as np

from render.gpu.opengl import GL
from render.gpu.textures import sampling

_FORMATS = {"half": GL.GL_RGBA16F, "float": GL.GL_RGBA32F, "byte": GL.GL_RGBA8}


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
        sampling(GL.GL_TEXTURE_2D, GL.GL_NEAREST, GL.GL_CLAMP_TO_EDGE)
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

    def stretch(self, target: "Target") -> None:
        """Its colours over all of another target."""
        GL.glDisable(GL.GL_SCISSOR_TEST)
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, self.framebuffer)
        GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, target.framebuffer)
        whole, other = (0, 0, self.width, self.height), (0, 0, target.width, target.height)
        GL.glBlitFramebuffer(*whole, *other, GL.GL_COLOR_BUFFER_BIT, GL.GL_LINEAR)

    def __enter__(self) -> "Target":
        return self

    def __exit__(self, *_: object) -> None:
        self.free()

    def free(self) -> None:
        GL.glDeleteFramebuffers(1, [self.framebuffer])
        GL.glDeleteTextures(len(self._textures), self._textures)
        if self._depth is not None:
            GL.glDeleteRenderbuffers(1, [self._depth])


class Multisampled:
    """Linear light and depth of several samples a pixel, to be resolved into a "half" target and a depth texture."""

    def __init__(self, width: int, height: int, layers: int, samples: int) -> None:
        self.width, self.height, self.layers = width, height, layers
        samples = min(samples, int(GL.glGetIntegerv(GL.GL_MAX_SAMPLES)))
        self.framebuffer, self._plain = GL.glGenFramebuffers(2)
        self._buffers = list(GL.glGenRenderbuffers(layers + 1))
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self.framebuffer)
        places = [GL.GL_COLOR_ATTACHMENT0 + number for number in range(layers)]
        formats = [*[GL.GL_RGBA16F] * layers, GL.GL_DEPTH_COMPONENT24]
        for buffer, layout, place in zip(self._buffers, formats, (*places, GL.GL_DEPTH_ATTACHMENT), strict=True):
            GL.glBindRenderbuffer(GL.GL_RENDERBUFFER, buffer)
            GL.glRenderbufferStorageMultisample(GL.GL_RENDERBUFFER, samples, layout, width, height)
            GL.glFramebufferRenderbuffer(GL.GL_FRAMEBUFFER, place, GL.GL_RENDERBUFFER, buffer)
        GL.glDrawBuffers(layers, places)
        self._check()
        self._depth = GL.glGenTextures(1)
        kind = GL.GL_TEXTURE_2D
        GL.glBindTexture(kind, self._depth)
        GL.glTexImage2D(
            kind, 0, GL.GL_DEPTH_COMPONENT24, width, height, 0, GL.GL_DEPTH_COMPONENT, GL.GL_UNSIGNED_INT, None
        )
        sampling(kind, GL.GL_NEAREST, GL.GL_CLAMP_TO_EDGE)
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self._plain)
        GL.glFramebufferTexture2D(GL.GL_FRAMEBUFFER, GL.GL_DEPTH_ATTACHMENT, kind, self._depth, 0)
        GL.glDrawBuffer(GL.GL_NONE)
        GL.glReadBuffer(GL.GL_NONE)
        self._check()

    def resolve(self, target: Target) -> None:
        """The mean of the samples into a target of the same size and layers; the depth into its own texture."""
        GL.glDisable(GL.GL_SCISSOR_TEST)
        whole = (0, 0, self.width, self.height)
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, self.framebuffer)
        GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, target.framebuffer)
        places = [GL.GL_COLOR_ATTACHMENT0 + number for number in range(self.layers)]
        for place in places:
            GL.glReadBuffer(place)
            GL.glDrawBuffers(len(places), [each if each == place else GL.GL_NONE for each in places])
            GL.glBlitFramebuffer(*whole, *whole, GL.GL_COLOR_BUFFER_BIT, GL.GL_NEAREST)
        GL.glDrawBuffers(len(places), places)
        GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, self._plain)
        GL.glBlitFramebuffer(*whole, *whole, GL.GL_DEPTH_BUFFER_BIT, GL.GL_NEAREST)

    def bind_depth(self, unit: int) -> None:
        """The resolved depth, 0..1, to a texture unit."""
        GL.glActiveTexture(GL.GL_TEXTURE0 + unit)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._depth)

    def free(self) -> None:
        GL.glDeleteFramebuffers(2, [self.framebuffer, self._plain])
        GL.glDeleteRenderbuffers(len(self._buffers), self._buffers)
        GL.glDeleteTextures(1, [self._depth])

    def _check(self) -> None:
        if GL.glCheckFramebufferStatus(GL.GL_FRAMEBUFFER) != GL.GL_FRAMEBUFFER_COMPLETE:
            raise RuntimeError(f"this graphics driver cannot draw {self.width} x {self.height} with several samples")
