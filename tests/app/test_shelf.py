"""What is kept on disk comes back the same, and only to the program that kept it."""

from pathlib import Path

import numpy as np
import pytest

from app import shelf
from app.stage import Shown
from assets import files
from tests.app.people import somebody


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "user_cache", lambda: tmp_path)
    monkeypatch.setattr(shelf, "program", lambda: "this one")


def test_a_result_comes_back_with_shared_arrays_shared(result: Shown) -> None:
    shelf.keep(somebody().key, result)
    found = shelf.find(somebody().key)
    assert found is not None
    for name in ("sizes", "notes", "fits", "advice"):
        assert getattr(found, name) == getattr(result, name)
    assert found.measurements.value("waist") == 0.8 and found.certificates[0].holds
    before, after = result.look.items[0], found.look.items[0]
    assert np.array_equal(before.vertices, after.vertices) and after.material.base_colour == (0.1, 0.2, 0.3)
    assert not after.vertices.flags.writeable
    assert np.array_equal(found.maps[0].values["strain"], [0, 1, 2]) and found.maps[0].limits == {"strain": 0.3}
    assert found.maps[0].panels == ("front",)
    assert found.tapes[0].name == "waist_girth" and np.array_equal(found.tapes[0].runs[0], before.vertices)


def test_other_inputs_another_program_and_damage_find_nothing(
    result: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.keep("one", result)
    assert shelf.find("other") is None
    monkeypatch.setattr(shelf, "program", lambda: "a newer one")
    assert shelf.find("one") is None
    monkeypatch.setattr(shelf, "program", lambda: "this one")
    (path,) = tmp_path.rglob("*.npz")
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole.replace(b'"base_colour"', b'"base_c0lour"')):
        path.write_bytes(damaged)
        assert shelf.find("one") is None


def test_the_shelf_holds_the_newest_only(result: Shown, tmp_path: Path) -> None:
    for k in range(shelf.MOST + 3):
        shelf.keep(str(k), result)
    assert len(list(tmp_path.rglob("*.npz"))) == shelf.MOST
    assert shelf.find(str(shelf.MOST + 2)) is not None


def test_what_is_on_the_shelf_is_shown_without_computing(result: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    from app import engine

    for name in ("estimate_of", "try_on"):
        monkeypatch.setattr(engine, name, None)
    project = somebody()
    for key in (project.key, project.person_key):
        shelf.keep(key, result)
    assert engine.wear(project).sizes == engine.figure(project).sizes == result.sizes
