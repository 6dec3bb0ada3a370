"""The fit matrix: cells that come out alike wherever they are made, that go on where they were, and that may fail."""

import json
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pytest

from app import matrix as made
from app.commands import main
from app.matrix import cells, drape_cell, in_sizes, matrix, table
from app.people import drawn_people
from app.pipeline import fit_body
from app.project import Wish
from assets.errors import Cancelled, MissingExtra
from body.estimate import Evidence

EDGE = 0.045


@pytest.fixture(scope="module")
def wanted():
    """A woman in a skirt of two sizes, and in one that nobody can sew."""
    somebody = fit_body(Evidence(height=1.66, mass=60.0, sex=0.0))
    wishes = (*in_sizes(Wish("skirt"), ("S", "M")), Wish("skirt", "M", options={"flare": 99.0}))
    return cells([("Ada", somebody)], wishes, EDGE)


@pytest.fixture(scope="module")
def done(wanted, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("matrix")
    matrix(wanted, folder)
    return folder


def test_a_row_a_cell_and_the_one_that_fails_is_shown_as_failed(done: Path) -> None:
    from PIL import Image

    rows = json.loads((done / "matrix.json").read_text())["cells"]
    assert [row["garment"] for row in rows] == ["skirt S", "skirt M", "skirt M"]
    assert [row["state"] for row in rows][2] == "failed" and "flare" in rows[2]["verdict"]
    ease = [{region["name"]: region["ease"] for region in row["regions"]}["hip"] for row in rows[:2]]
    assert ease[1] - ease[0] == pytest.approx(0.08, abs=0.02), "a size is 8 cm of hip"
    head, small, *_ = lines = (done / "matrix.csv").read_text().splitlines()
    assert len(lines) == 4 and "ease_hip [m],skirt length [m],strain" in head and ",0.58" in small
    picture = Image.open(done / "matrix.png")
    assert picture.width > 700
    aside = {
        tuple(colour) for _, colour in picture.crop((0, 80, made.ASIDE, made.HEAD + made.PICTURE[1])).getcolors(1 << 20)
    }
    blue, red = (tuple(round(255 * part) for part in colour) for colour in made.scale().ramp.stops[::2])
    assert min(np.abs(np.subtract(list(aside), each)).max(axis=1).min() for each in (blue, red)) < 8, "the scale"
    assert [region for region, _ in made.eases(rows[0], "cm")] == ["waist", "hip"] and made.eases(rows[2], "cm") == ()


def test_what_fell_off_lies_on_the_floor_of_its_picture() -> None:
    hung = np.array([[0.1, 0.5, 0.0], [0.1, -0.4, 0.02]])
    laid = made.on_the_floor(hung)
    assert 0.0 < laid[1, 1] < 0.01 and np.array_equal(laid[0], hung[0]) and np.array_equal(laid[1, ::2], hung[1, ::2])


def test_two_processes_give_the_same_bytes(wanted, done: Path, tmp_path: Path) -> None:
    matrix(wanted, tmp_path, processes=2)
    for name in ("matrix.json", "matrix.csv", "matrix.png"):
        assert (tmp_path / name).read_bytes() == (done / name).read_bytes()


def test_a_matrix_that_was_stopped_goes_on_where_it_was(wanted, done: Path, tmp_path: Path, monkeypatch) -> None:
    kept = done / "cells" / f"{wanted[0].key}"
    (tmp_path / "cells").mkdir()
    for end in (".json", ".png"):
        (tmp_path / "cells" / f"{kept.name}{end}").write_bytes(kept.with_suffix(end).read_bytes())
    asked: list[str] = []

    def stop(fraction: float, words: str) -> None:
        asked.append(words)
        if len(asked) == 2:
            raise Cancelled("stopped")

    monkeypatch.setattr(made, "drape_cell", lambda cell: (_row(cell.wish.size), b""))
    with pytest.raises(Cancelled):
        matrix(wanted, tmp_path, progress=stop)
    assert "1 of 3" in asked[0]
    assert len(list((tmp_path / "cells").glob("*.json"))) == 2, "what was done is kept"


def _row(verdict: str) -> dict:
    return {"garment": "x", "state": "fits", "verdict": verdict, "regions": []}


def test_a_fault_of_the_program_and_a_process_that_dies_fail_their_own_cell_alone(
    wanted, tmp_path: Path, monkeypatch
) -> None:
    import app.pipeline

    def broken(*_, **__):
        raise ZeroDivisionError("nothing to divide by")

    monkeypatch.setattr(app.pipeline, "dress", broken)
    row, picture = drape_cell(wanted[0])
    assert row["state"] == "failed" and "nothing to divide by" in row["verdict"] and picture == b""

    def deadly(cells, processes):
        if wanted[1] in cells:
            raise BrokenProcessPool("died")
        yield from ((cell, ({"state": "fits"}, b"")) for cell in cells)

    monkeypatch.setattr(made, "_pooled", deadly)
    found = {cell.key: row["state"] for cell, (row, _) in made._on_processes(wanted, 2)}
    assert [found[cell.key] for cell in wanted] == ["fits", "failed", "fits"]


def test_a_cell_that_was_not_kept_whole_is_made_anew(wanted, tmp_path: Path) -> None:
    made.keep(tmp_path, wanted[0], {"garment": "skirt S", "state": "fits", "verdict": "fits", "regions": []}, b"")
    assert made.kept(tmp_path, wanted[0]) is not None
    for wrong in ("", '{"garment": "sk', "[]", "{}"):
        (tmp_path / "cells" / f"{wanted[0].key}.json").write_text(wrong)
        assert made.kept(tmp_path, wanted[0]) is None


def test_without_ray_it_says_what_to_install(wanted, tmp_path: Path) -> None:
    try:
        import ray  # noqa: F401
    except ImportError:
        with pytest.raises(MissingExtra, match=r"toile\[ray\]"):
            matrix(wanted, tmp_path, ray="local")
        return
    matrix(wanted, tmp_path, ray="local")
    rows = json.loads((tmp_path / "matrix.json").read_text())["cells"]
    assert rows == [{"person": "Ada", **drape_cell(cell)[0]} for cell in wanted]


def test_people_are_drawn_as_the_survey_has_them_and_the_same_each_time() -> None:
    drawn = [person.known for person in drawn_people(40, None, 3)]
    again = [person.known for person in drawn_people(40, None, 3)]
    assert [known.height for known in drawn] == [known.height for known in again]
    women, men = ([known for known in drawn if known.sex == sex] for sex in (0.0, 1.0))
    assert len(women) == len(men) == 20
    assert sum(m.height for m in men) / 20 > sum(w.height for w in women) / 20 + 0.05


def test_the_table_has_a_column_for_every_region_that_any_cell_has() -> None:
    cell = {"person": "a", "garment": "tee M", "state": "fits", "verdict": "fits"}
    rows = [cell | {"regions": []}, cell | {"regions": [{"name": "bust", "ease": 0.1}]}]
    assert table(rows).splitlines()[0] == "person,garment,state,ease_bust [m],strain [1],limit [1],verdict"


def test_the_command_takes_several_sizes_and_says_what_a_stop_leaves(tmp_path: Path, monkeypatch, capsys) -> None:
    asked: list[list[str]] = []

    def stopped(wanted, *_, **__):
        asked.append([f"{cell.person} {cell.wish.size}" for cell in wanted])
        raise KeyboardInterrupt

    monkeypatch.setattr(made, "matrix", stopped)
    person = ["--no-photo", "--height", "168", "--sex", "female", "--out", str(tmp_path), "--garment", "skirt"]
    assert main(["matrix", *person, "--size", "m", "--size", "L", "--size", "M"]) == Cancelled.exit_code
    assert [each.split()[-1] for each in asked[0]] == ["M", "L"]
    told = capsys.readouterr().err
    assert str(tmp_path) in told and "goes on from there" in told
    assert main(["matrix", *person, "--garment", "tee"]) == 2
