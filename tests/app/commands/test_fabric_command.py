"""Drape tests are kept by what they follow from, and drawn; the command line tells and makes fabrics."""

import io

import numpy as np
import pytest

from app import drapemeter, shelf
from app.commands import main
from garments.drapemeter import DrapeTest, Fall, specimen
from garments.fabric import fabric, own_fabrics


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("CACHE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setattr(shelf, "program", lambda: "this one")
    return tmp_path


def flat_test() -> DrapeTest:
    flat, faces, _ = specimen(0.012)
    positions = np.stack([flat[:, 0], np.zeros(len(flat)), -flat[:, 1]], axis=1)
    return DrapeTest(97.5, 1.6, (Fall(positions, flat, faces, 97.5, 4, True),))


def test_a_test_is_done_once_for_a_fabric(monkeypatch):
    done = []
    monkeypatch.setattr(drapemeter, "drape_test", lambda cloth, progress: done.append(cloth) or flat_test())
    first, again = drapemeter.test("linen"), drapemeter.test("linen")
    assert len(done) == 1 and (again.coefficient, again.error) == (first.coefficient, first.error)
    assert np.array_equal(again.typical.positions, first.typical.positions) and again.typical.rests
    drapemeter.test("oxford")
    monkeypatch.setattr(shelf, "program", lambda: "a newer one")
    drapemeter.test("linen")
    assert len(done) == 3


def test_a_damaged_file_is_as_none(monkeypatch, home):
    monkeypatch.setattr(drapemeter, "drape_test", lambda cloth, progress: flat_test())
    drapemeter.test("linen")
    for path in (home / "cache").rglob("*.npz"):
        path.write_bytes(b"PK\x03\x04 not any more")
    assert drapemeter.test("linen").coefficient == 97.5


def test_the_picture_shows_the_specimen_beside_itself():
    from PIL import Image

    picture = np.asarray(Image.open(io.BytesIO(drapemeter.picture(flat_test()))))
    assert picture.shape == (drapemeter.SIDE, 2 * drapemeter.SIDE, 3)
    ground = picture[2, 2]
    middle, out = drapemeter.SIDE // 2, int(0.8 * drapemeter.SIDE / 2)
    assert (picture[middle, middle + out] != ground).any()
    assert (picture[middle - 20, 3 * middle + out] != ground).any()


def test_the_command_line_makes_keeps_and_tells_a_fabric(capsys):
    numbers = ["weight=168", "e100_warp=4.6 %", "e100_weft=5.87", "c_warp=15 mm", "eb5=4.7"]
    assert main(["fabric", "measure", "fast", *numbers, "--title", "My suiting"]) == 0
    assert "kept as my_suiting" in capsys.readouterr().out
    assert fabric("my suiting").shear.first == pytest.approx(26.17, abs=0.01)
    assert main(["fabric", "measure", "fast", *numbers, "--title", "My suiting"]) == 3
    assert main(["fabric", "list"]) == 0
    told = capsys.readouterr().out
    assert "linen" in told and "your own" in told
    assert main(["fabric", "show", "my_suiting"]) == 0
    assert "123 / EB5" in capsys.readouterr().out


def test_the_command_line_refuses_in_a_sentence(capsys, home):
    strange = home / "strange.toml"
    strange.write_text("title = 3")
    assert main(["fabric", "add", str(strange)]) == 3
    assert main(["fabric", "add", str(home / "nowhere.toml")]) == 3
    assert main(["fabric", "measure", "fast", "weight=heavy"]) == 2
    assert main(["fabric", "show", "moonlight"]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4 and all(line.startswith("toile: ") for line in lines)
    assert not own_fabrics()[0]
