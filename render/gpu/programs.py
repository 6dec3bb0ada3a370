"""Programs: a vertex and a fragment shader, linked, with their uniforms by name."""

from collections.abc import Callable
from typing import Any

import numpy as np

from render.gpu.opengl import GL
from shaders.loader import source

_SETTERS: dict[int, Callable[[int, int, np.ndarray], None]] = {
    GL.GL_FLOAT: lambda place, count, value: GL.glUniform1fv(place, count, value),
    GL.GL_FLOAT_VEC2: lambda place, count, value: GL.glUniform2fv(place, count, value),
    GL.GL_FLOAT_VEC3: lambda place, count, value: GL.glUniform3fv(place, count, value),
    GL.GL_FLOAT_MAT4: lambda place, count, value: GL.glUniformMatrix4fv(place, count, True, value),
}


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
