"""Meshes and lines in the GPU's memory."""

import ctypes
from collections.abc import Sequence

import numpy as np

from render.gpu.opengl import GL


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


class Empty:
    """A vertex array without attributes, which drawing without buffers needs in a core context."""

    def __init__(self) -> None:
        self.name = GL.glGenVertexArrays(1)

    def bind(self) -> None:
        GL.glBindVertexArray(self.name)

    def free(self) -> None:
        GL.glDeleteVertexArrays(1, [self.name])
