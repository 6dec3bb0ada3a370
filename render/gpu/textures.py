"""Textures that shaders read: tables, pictures, normal maps, shadows."""

import numpy as np

from render.gpu.opengl import GL
from render.gpu.state import solid
from render.mips import pyramid

_ANISOTROPY, _MOST_ANISOTROPY = 0x84FE, 0x84FF  # EXT_texture_filter_anisotropic: every driver's, no core's


class Texture:
    """A plain float texture [height, width] that shaders sample linearly."""

    def __init__(self, values: np.ndarray) -> None:
        self.name = GL.glGenTextures(1)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self.name)
        height, width = values.shape
        data = np.ascontiguousarray(values, np.float32)
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_R32F, width, height, 0, GL.GL_RED, GL.GL_FLOAT, data)
        sampling(GL.GL_TEXTURE_2D, GL.GL_LINEAR, GL.GL_CLAMP_TO_EDGE)

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
        sampling(kind, GL.GL_LINEAR, GL.GL_REPEAT)
        GL.glTexParameteri(kind, GL.GL_TEXTURE_MIN_FILTER, GL.GL_LINEAR_MIPMAP_LINEAR)
        GL.glTexParameterf(kind, _ANISOTROPY, min(8.0, _most_anisotropy()))


class Numbers(Texture):
    """Numbers 0..1 as uint8, top row first, that repeat both ways: a normal map [h, w, 3], or a mask [h, w]."""

    def __init__(self, pixels: np.ndarray) -> None:
        self.name = GL.glGenTextures(1)
        kind = GL.GL_TEXTURE_2D
        GL.glBindTexture(kind, self.name)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 1)
        size, data = pixels.shape[1::-1], np.ascontiguousarray(pixels[::-1])
        inside, given = (GL.GL_R8, GL.GL_RED) if pixels.ndim == 2 else (GL.GL_RGB8, GL.GL_RGB)
        GL.glTexImage2D(kind, 0, inside, *size, 0, given, GL.GL_UNSIGNED_BYTE, data)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 4)
        GL.glGenerateMipmap(kind)
        sampling(kind, GL.GL_LINEAR, GL.GL_REPEAT)
        GL.glTexParameteri(kind, GL.GL_TEXTURE_MIN_FILTER, GL.GL_LINEAR_MIPMAP_LINEAR)


class ShadowMaps:
    """Square depth textures of one size, one layer a lamp, compared and filtered by the sampler; lit outside."""

    def __init__(self, size: int, layers: int) -> None:
        self.size, self.layers = size, layers
        self.name = GL.glGenTextures(1)
        kind = GL.GL_TEXTURE_2D_ARRAY
        GL.glBindTexture(kind, self.name)
        GL.glTexImage3D(
            kind, 0, GL.GL_DEPTH_COMPONENT24, size, size, layers, 0, GL.GL_DEPTH_COMPONENT, GL.GL_UNSIGNED_INT, None
        )
        sampling(kind, GL.GL_LINEAR, GL.GL_CLAMP_TO_BORDER)
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


def _most_anisotropy() -> float:
    return max(float(GL.glGetFloatv(_MOST_ANISOTROPY)), 1.0)


def sampling(kind: int, filter_: int, wrap: int) -> None:
    for name in (GL.GL_TEXTURE_MIN_FILTER, GL.GL_TEXTURE_MAG_FILTER):
        GL.glTexParameteri(kind, name, filter_)
    for name in (GL.GL_TEXTURE_WRAP_S, GL.GL_TEXTURE_WRAP_T):
        GL.glTexParameteri(kind, name, wrap)
