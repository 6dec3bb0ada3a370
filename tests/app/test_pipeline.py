"""The whole path on real parts, coarse: numbers to body, size, drape, fit, files."""

import json

import numpy as np
import pytest
from PIL import Image

import app.exports.results
import app.reports.sheet
from app import shelf
from app.exports.results import write_results
from app.exports.single import write_meshes, write_view
from app.pipeline import TryOn, dress, fit_body, recoloured
from app.project import View, Wish
from app.stage import camera, show
from app.steps import load_try_on, save_try_on
from assets.errors import CannotWrite, InputRefused, UnknownKind
from body.estimate import Evidence
from garments.colours.colourway import Colourway, Paint, read_print

EDGE = 0.025


@pytest.fixture(autouse=True)
def quick_pictures(monkeypatch):
    monkeypatch.setattr(app.reports.sheet, "MAP_CELL", (90, 96))
    monkeypatch.setattr(app.exports.results, "SAMPLES", 2)


@pytest.fixture(scope="module")
def estimate():
    return fit_body(Evidence(height=1.70, mass=64.0, sex=0.0, tapes={"waist": 0.74, "hip": 0.99, "bust": 0.91}))


@pytest.fixture(scope="module")
def result(estimate):
    return dress(estimate, (Wish("tee"),), edge=EDGE)


def test_whoever_wears_nothing_is_served_too(estimate, tmp_path):
    bare = dress(estimate, ())
    assert bare.holds and bare.drapes == () and bare.advice == ()
    write_results(bare, tmp_path / "bare", size=(60, 80))
    assert (tmp_path / "bare" / "report.pdf").stat().st_size > 10_000


def test_a_person_in_a_tee_is_draped_sized_and_judged(result):
    assert result.holds, result.failures()
    advice, worn = result.advice[0], result.garments[0].size
    assert advice.best == worn or any(f"{advice.best} cannot be shown" in reason for reason in advice.reasons)
    assert sum(score.probability for score in result.advice[0].scores) == pytest.approx(1.0)
    assert {"bust", "waist", "hip", "sleeve"} <= {region.name for region in result.fits[0].regions}


def test_what_a_window_shows_of_it_comes_back_from_the_shelf(estimate, result, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for name, shown in (("dressed", show(result)), ("bare", show(TryOn(estimate, (), (), (), (), ())))):
        shelf.keep(name, shown)
        found = shelf.find(name)
        assert found is not None and found.sizes == shown.sizes
        assert found.measurements.numbers() == shown.measurements.numbers()
        for before, after in zip(shown.look.items, found.look.items, strict=True):
            assert np.array_equal(before.vertices, after.vertices) and np.array_equal(before.faces, after.faces)


def test_flat_girths_of_the_drape_are_those_of_the_pattern(result):
    pattern = result.garments[0].girths
    for region in result.fits[0].regions:
        if region.name in ("bust", "sleeve"):
            assert region.garment == pytest.approx(pattern[region.name], rel=0.03)


def test_a_smaller_size_has_less_ease_and_more_strain(estimate, result):
    sizes = ("S", "L")
    small, large = (dress(estimate, (Wish("tee", size),), edge=EDGE) for size in sizes)
    ease = [{region.name: region.ease for region in tried.fits[0].regions}["bust"] for tried in (small, large)]
    assert ease[1] - ease[0] > 0.1
    assert small.drapes[0].certificate.strain_p99 > large.drapes[0].certificate.strain_p99


def test_the_same_input_gives_the_same_files(estimate, tmp_path):
    for name in ("one", "two"):
        write_results(dress(estimate, (Wish("tee", "L"),), edge=EDGE), tmp_path / name, size=(60, 80))
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "run.json" in files and "report.pdf" in files and "tryon.glb" in files
    for file in set(files) - {"run.json"}:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file
    for file in files:
        if file.endswith(".json"):
            assert json.loads((tmp_path / "one" / file).read_text())["schema"].endswith("/1")


def test_a_drape_comes_back_from_its_file(result, tmp_path):
    save_try_on(result, tmp_path / "drape.npz")
    back = load_try_on(tmp_path / "drape.npz")
    np.testing.assert_array_equal(back.drapes[0].positions, result.drapes[0].positions)
    assert back.drapes[0].certificate.plain() == result.drapes[0].certificate.plain()
    assert back.summary() == result.summary()


def test_another_colourway_costs_no_other_drape_and_comes_back_from_the_file(result, tmp_path):
    way = Colourway(print=read_print("breton white navy"), panels={"neckband": Paint((0.1, 0.2, 0.3))})
    dressed = recoloured(result, (Wish("tee", colour="#25304B", colourway=way),))
    assert dressed.drapes[0].positions is result.drapes[0].positions
    assert any("lines of the print meet at" in line for line in dressed.summary())
    save_try_on(dressed, tmp_path / "drape.npz")
    back = load_try_on(tmp_path / "drape.npz").drapes[0].garment
    assert back.colour == pytest.approx(dressed.garments[0].colour) and back.colourway.print.width == 0.03
    assert back.colourway.paint("neckband").colour == (0.1, 0.2, 0.3)
    np.testing.assert_array_equal(back.colourway.print.picture, way.print.picture)


@pytest.mark.parametrize("spoilt", ["nan", "missing", "pickle"])
def test_spoilt_step_files_are_refused(result, tmp_path, spoilt):
    save_try_on(result, tmp_path / "drape.npz")
    with np.load(tmp_path / "drape.npz") as found:
        arrays = {name: found[name] for name in found.files}
    if spoilt == "nan":
        arrays["positions_0"] = np.full_like(arrays["positions_0"], np.nan)
    elif spoilt == "missing":
        del arrays["positions_0"]
    else:
        arrays["positions_0"] = np.array([{"a": 1}], dtype=object)
    np.savez(tmp_path / "spoilt.npz", **arrays)
    with pytest.raises(InputRefused):
        load_try_on(tmp_path / "spoilt.npz")


def test_a_folder_that_cannot_be_written_keeps_what_was_there(result, tmp_path):
    (tmp_path / "taken").write_text("kept")
    with pytest.raises(CannotWrite):
        write_results(result, tmp_path / "taken", size=(60, 80))
    assert (tmp_path / "taken").read_text() == "kept"


def test_a_mesh_of_no_known_kind_is_refused_before_anything_is_written(result, tmp_path) -> None:
    with pytest.raises(UnknownKind):
        write_meshes(result, [tmp_path / "look.glb", tmp_path / "look.stl"])
    assert not list(tmp_path.iterdir())


def test_a_mesh_lies_beside_its_materials(result, tmp_path) -> None:
    write_meshes(result, [tmp_path / "look.obj", tmp_path / "look.glb"])
    assert {"look.obj", "look.mtl", "look.glb"} <= {path.name for path in tmp_path.iterdir()}


def test_the_picture_is_as_large_as_asked_and_clear_where_nobody_is(result, tmp_path) -> None:
    size, eye = (90, 120), camera(result, "back", 0.75)
    write_view(result, tmp_path / "clear.png", View(), eye, size, transparent=True)
    write_view(result, tmp_path / "map.png", View(map="strain"), eye, size)
    clear, mapped = (np.asarray(Image.open(tmp_path / f"{name}.png")) for name in ("clear", "map"))
    assert clear.shape == (120, 90, 4) and clear[0, 0, 3] == 0 and clear[60, 45, 3] == 255
    assert mapped.shape == (120, 90, 3) and mapped.std() > 5.0


def test_a_pinned_garment_keeps_the_size_that_was_advised(estimate, result, monkeypatch):
    from dataclasses import replace

    from app import pipeline
    from garments.pinning import Anchor, Held, Pin, Spot

    strained = replace(result.drapes[0], certificate=replace(result.drapes[0].certificate, strain_p99=1.0))
    worn: list[tuple[str, ...]] = []

    def wear(estimate, wishes, sizes, *others):
        worn.append(sizes)
        return replace(result, drapes=(strained,))

    monkeypatch.setattr(pipeline, "_wear", wear)
    pin = Held((Pin(Spot("front", 0.0, -0.3), Anchor(0, 0.3, 0.3, 0.1)),))
    dress(estimate, (Wish("tee"),), edge=EDGE)
    assert len(set(worn)) > 1, "what is too tight by itself is tried on larger"
    worn.clear()
    dress(estimate, (Wish("tee", held=pin),), edge=EDGE)
    assert worn == [(result.advice[0].best,)]
