"""The patterns of what is worn, a file each; meshes and pictures are tried on a whole try-on (test_pipeline.py)."""

import errno
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from app.exports import single
from app.exports.single import write_meshes, write_patterns
from assets.errors import CannotWrite, InputRefused
from garments.garment import garment
from garments.imported.readymade import ReadyMade


def worn(*designs: str) -> SimpleNamespace:
    return SimpleNamespace(garments=tuple(garment(design, "M") for design in designs))


def test_one_garment_is_one_pattern_and_two_are_two(tmp_path: Path) -> None:
    assert write_patterns(worn("tee"), tmp_path / "look.svg") == [tmp_path / "look.svg"]
    written = write_patterns(worn("tee", "skirt"), tmp_path / "look.json")
    assert [path.name for path in written] == ["look_tee_M.json", "look_skirt_M.json"]
    assert all(json.loads(path.read_text())["pattern"]["panels"] for path in written)


def test_two_of_one_name_are_two_files(tmp_path: Path) -> None:
    paths = write_patterns(worn("tee", "tee", "tee"), tmp_path / "look.svg")
    assert [path.name for path in paths] == ["look_tee_M.svg", "look_tee_M_2.svg", "look_tee_M_3.svg"]


def test_what_came_as_a_mesh_has_no_pattern(tmp_path: Path) -> None:
    flat, panel = np.zeros((1, 3, 2)), np.zeros(1)
    mesh = ReadyMade("top", np.eye(3), np.array([[0, 1, 2]]), flat, panel, cut=False)
    came = replace(garment("tee", "M"), pattern=mesh)
    with pytest.raises(InputRefused, match="came as a mesh"):
        write_patterns(SimpleNamespace(garments=(came,)), tmp_path / "look.pdf")
    assert not list(tmp_path.iterdir())


def test_a_mesh_and_what_it_asks_for_are_both_written_or_neither(tmp_path: Path, monkeypatch) -> None:
    def full(*_) -> bytes:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(single, "beside", lambda *_: {"look.mtl": b"newmtl cloth"})
    monkeypatch.setattr(single, "meshes", full)
    nobody = SimpleNamespace(drapes=(), body=None)
    with pytest.raises(CannotWrite, match="disk is full"):
        write_meshes(nobody, [tmp_path / "look.obj"], with_body=False)
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(single, "meshes", lambda *_: b"v 0 0 0")
    write_meshes(nobody, [tmp_path / "look.obj"], with_body=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["look.mtl", "look.obj"]
