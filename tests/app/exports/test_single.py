"""The patterns of what is worn, a file each; meshes and pictures are tried on a whole try-on (test_pipeline.py)."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.exports.single import write_patterns
from assets.errors import InputRefused
from garments.garment import garment


def worn(*designs: str) -> SimpleNamespace:
    return SimpleNamespace(garments=tuple(garment(design, "M") for design in designs))


def test_one_garment_is_one_pattern_and_two_are_two(tmp_path: Path) -> None:
    assert write_patterns(worn("tee"), tmp_path / "look.svg") == [tmp_path / "look.svg"]
    written = write_patterns(worn("tee", "skirt"), tmp_path / "look.json")
    assert [path.name for path in written] == ["look_tee_M.json", "look_skirt_M.json"]
    assert all(json.loads(path.read_text())["pattern"]["panels"] for path in written)


def test_what_came_as_a_mesh_has_no_pattern(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="came as a mesh"):
        write_patterns(worn(), tmp_path / "look.pdf")
    assert not list(tmp_path.iterdir())
