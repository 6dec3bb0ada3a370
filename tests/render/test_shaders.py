"""The loader puts shaders together."""

import pytest

from shaders.loader import source


def test_includes_come_once_and_definitions_first() -> None:
    text = source("surface.frag", STILL=1)
    assert text.startswith("#version 330 core\n#define STILL 1\n")
    assert "#include" not in text
    assert text.count("vec3 neutral(") == 1


def test_an_unknown_shader_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        source("nothing.frag")
