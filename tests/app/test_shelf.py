"""What is kept on disk comes back the same, and only to the program that kept it."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from app import shelf
from app.stage import Shown
from app.tapes import Laid
from assets import files
from assets.mesh import frozen
from body.measurements import given
from garments.drape import Certificate
from garments.fit import Fit, RegionFit
from garments.maps import Mapped
from garments.sizing import Advice, SizeScore
from render.scene import Item, Material, Scene
from tests.app.people import somebody


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "user_cache", lambda: tmp_path)
    monkeypatch.setattr(shelf, "program", lambda: "this one")


@pytest.fixture
def shown() -> Shown:
    vertices, faces = np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.int32)
    look = Scene((Item("body", vertices, faces, Material((0.1, 0.2, 0.3))),))
    arrays = {"strain": frozen(np.arange(3, dtype=np.float32))}
    maps = Mapped(
        "tee M", "tee", "Grey interlock", look.items[0].vertices, vertices, faces, np.eye(3, 2), np.zeros(1, np.int32),
        ("front",), {}, arrays, {}, {"strain": 0.3},
    )  # fmt: skip
    from body.measurements import Measurements

    return Shown(
        look=look,
        bare=Item("body", look.items[0].vertices, faces),
        maps=(maps,),
        sizes=("M",),
        fits=(Fit("tee M", (RegionFit("bust", 0.9, 1.0, 0.1, 0.01, 0.08, 0.03, "fits"),), "fits"),),
        advice=(Advice("tee", "female", "M", (SizeScore("M", np.float64(0.7), "why"),), ("bust",), True),),
        certificates=(Certificate(**dict.fromkeys(_numbers(Certificate), 0), reasons=()),),
        measurements=Measurements((given("waist", 0.8),)),
        notes=("a note",),
        holds=True,
        failures=(),
        tapes=(Laid("waist_girth", (vertices,)),),
    )


def _numbers(kind: type) -> list[str]:
    return [field.name for field in fields(kind) if field.name != "reasons"]


def test_a_result_comes_back_with_shared_arrays_shared(shown: Shown) -> None:
    shelf.keep(somebody().key, shown)
    found = shelf.find(somebody().key)
    assert found is not None
    assert (found.sizes, found.notes, found.fits, found.advice) == (shown.sizes, shown.notes, shown.fits, shown.advice)
    assert found.measurements.value("waist") == 0.8 and found.certificates[0].holds
    before, after = shown.look.items[0], found.look.items[0]
    assert np.array_equal(before.vertices, after.vertices) and after.material.base_colour == (0.1, 0.2, 0.3)
    assert not after.vertices.flags.writeable
    assert np.array_equal(found.maps[0].values["strain"], [0, 1, 2]) and found.maps[0].limits == {"strain": 0.3}
    assert found.maps[0].panels == ("front",)
    assert found.tapes[0].name == "waist_girth" and np.array_equal(found.tapes[0].runs[0], before.vertices)


def test_other_inputs_another_program_and_damage_find_nothing(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.keep("one", shown)
    assert shelf.find("other") is None
    monkeypatch.setattr(shelf, "program", lambda: "a newer one")
    assert shelf.find("one") is None
    monkeypatch.setattr(shelf, "program", lambda: "this one")
    (path,) = tmp_path.rglob("*.npz")
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole.replace(b'"Material"', b'"Path0000"')):
        path.write_bytes(damaged)
        assert shelf.find("one") is None


def test_the_shelf_holds_the_newest_only(shown: Shown, tmp_path: Path) -> None:
    for k in range(shelf.MOST + 3):
        shelf.keep(str(k), shown)
    assert len(list(tmp_path.rglob("*.npz"))) == shelf.MOST
    assert shelf.find(str(shelf.MOST + 2)) is not None


def test_what_is_on_the_shelf_is_shown_without_computing(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    from app import engine

    monkeypatch.setattr(engine, "_estimate", None)
    project = somebody()
    for key in (project.key, project.person_key):
        shelf.keep(key, shown)
    assert engine.wear(project).sizes == engine.figure(project).sizes == shown.sizes
