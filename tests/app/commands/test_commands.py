"""The command line as a person meets it: one line for what is wrong, its exit code, nothing half-written."""

import csv
import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from app.commands import main

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("home")
    return {**os.environ, **{f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "CACHE", "DATA")}}


def toile(home: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "main.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=home, capture_output=True, text=True, timeout=240)


@pytest.fixture
def here(home, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    """`toile` in the tests' own process: the same but for the seconds that loading the libraries takes."""
    for name in (name for name in home if name.startswith("XDG_")):
        monkeypatch.setenv(name, home[name])
    monkeypatch.chdir(ROOT)

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [*map(str, arguments)]
        try:
            code = main(command)
        except SystemExit as left:
            code = int(left.code or 0)
        return subprocess.CompletedProcess(command, code, *capfd.readouterr())

    return run


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--no-photo"], 2, "--height"),
        (["--no-photo", "--height", "tall"], 2, "178 cm"),
        (["--height", "178 cm"], 2, "--photo"),
        (["--no-photo", "--height", "178 cm", "--sex", "x"], 2, "female"),
        (["--no-photo", "--height", "178 cm", "--tape", "waist"], 2, "NAME=VALUE"),
        (["--no-photo", "--height", "178 cm", "--tape", "wast=80 cm"], 2, "waist"),
        (["--no-photo", "--height", "178 cm", "--size", "M", "--size", "L"], 2, "--size"),
        (["--no-photo", "--height", "178 cm", "--colour", "#xyzxyz"], 2, "#"),
        (["--no-photo", "--height", "178 cm", "--device", "tpu"], 2, "cuda"),
        (["--no-photo", "--height", "178 cm", "--seed", "-1"], 2, "--seed"),
        (["--no-photo", "--height", "178 cm", "--person", "2"], 2, "--photo"),
        (["--no-photo", "--height", "178 cm", "--tape", "waist=80 cm", "waist=90 cm"], 2, "twice"),
        (["--no-photo", "--height", ""], 2, "--height"),
        (["--no-photo", "--height", "178 cm", "--tape", "waist="], 2, "--tape waist"),
        (["--no-photo", "--heigth", "178 cm"], 2, "--heigth"),
        (["--no-photo", "--height", "17.8 m"], 3, "height"),
        (["--no-photo", "--height", "178 cm", "--garment", "T-Shirt"], 3, "try tee"),
        (["--no-photo", "--height", "178 cm", "--tape", "waist=60 cm", "hip=270 cm"], 3, "hip"),
        (["--no-photo", "--height", "178 cm", "--garment", "te"], 3, "tee"),
        (["--no-photo", "--height", "178 cm", "--fabric", "grey_interlok"], 3, "gray_interlock"),
        (["--no-photo", "--height", "178 cm", "--size", "Q"], 3, "XXL"),
        (["--photo", "nowhere.jpg", "--height", "178 cm"], 3, "nowhere.jpg"),
        (["--photo", "README.md", "--height", "178 cm"], 3, "README.md"),
        (["--project", "README.md"], 3, "no project of Toile's"),
        (["--project", "look.toile", "--garment", "tee"], 2, "leave out --garment"),
        (["--video", "README.md"], 2, "--height"),
        (["--video", "README.md", "--no-photo", "--height", "178 cm"], 2, "--video and --no-photo"),
        (["--video", "README.md", "--height", "178 cm"], 3, "README.md is not a video"),
        (["--no-photo", "--height", "178 cm", "--model", "README.md"], 3, "README.md"),
        (["--no-photo", "--height", "178 cm", "--pose", "sittin"], 2, "sitting"),
        (["--no-photo", "--height", "178 cm", "--pose", "README.md"], 3, "README.md"),
        (["--no-photo", "--height", "178 cm", "--pose", "sitting", "--frame", "2"], 2, "--frame"),
        (["--no-photo", "--height", "178 cm", "--frame", "2"], 2, "--pose"),
    ],
)
def test_bad_input_gets_one_line_its_code_and_leaves_nothing(here, tmp_path, arguments, code, words):
    done = here("tryon", *arguments, "--out", tmp_path / "out")
    assert done.returncode == code, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


def test_a_tape_that_cannot_be_true_beside_the_others_is_set_aside_aloud(here, tmp_path):
    numbers = ["--no-photo", "--height", "170 cm", "--weight", "70 kg", "--sex", "f"]
    done = here("measure", *numbers, "--tape", "waist=80 cm", "hip=140 cm", "--out", tmp_path / "out")
    assert done.returncode == 0
    assert "note: a hip girth of 140.0 cm" in done.stdout and "set aside" in done.stdout
    rows = json.loads((tmp_path / "out" / "measurements.json").read_text())["measurements"]
    hip = next(row for row in rows if row["name"] == "hip_girth")
    assert hip["source"] == "statistics" and hip["value"] < 1.2


def test_the_studio_opens_in_no_language_that_there_is_not(here):
    done = here("studio", "--language", "tlh")
    assert done.returncode == 2 and "en, zh" in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_table_of_people_is_measured_and_bad_lines_are_named(here, tmp_path):
    (tmp_path / "people.csv").write_text("name,height,weight,sex,waist\nAnna,168,66,f,78 cm\nBad,17,60,f,\n")
    done = here("measure", "--people", tmp_path / "people.csv", "--out", tmp_path / "out", "--device", "cpu")
    assert done.returncode == 0 and "line 3 (Bad)" in done.stderr
    anna, bad = csv.DictReader((tmp_path / "out" / "measurements.csv").read_text().splitlines())
    assert float(anna["waist_girth"]) == 0.78 and bad["stature"] == "" and "17.0 cm" in bad["notes"]
    refused = here("measure", "--people", tmp_path / "people.csv", "--height", "170", "--out", tmp_path / "out")
    assert refused.returncode == 2 and "single person" in refused.stderr


def test_a_place_that_cannot_be_written_is_found_out_first(here, tmp_path):
    (tmp_path / "file").write_text("kept")
    done = here("tryon", "--no-photo", "--height", "178 cm", "--out", tmp_path / "file" / "out")
    assert done.returncode == 5
    assert len(done.stderr.strip().splitlines()) == 1
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize("name", ["", "a" * 300, "file", "taken"])
def test_a_place_that_cannot_be_written_gets_one_line(here, tmp_path, name):
    (tmp_path / "file").write_text("kept")
    (tmp_path / "taken" / "measurements.json").mkdir(parents=True)
    out = tmp_path / name if name else ""
    done = here("measure", "--no-photo", "--height", "178 cm", "--out", out)
    assert done.returncode == (5 if name else 2)
    assert len(done.stderr.strip().splitlines()) == 1 and "did not foresee" not in done.stderr
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "measurements.json", "taken"]


@pytest.mark.parametrize(
    ("done", "redirection", "code", "words"),
    [
        ("measure --no-photo --height 178cm", "| head -n 1", 130, ""),
        ("measure --no-photo --height 178cm", ">/dev/full", 5, "cannot write: No space left"),
        ("pattern tee", ">&-", 0, ""),
        ("pattern tee", "2>&-", 0, ""),
    ],
)
def test_output_that_goes_nowhere_is_no_surprise(home, done, redirection, code, words):
    command = f'"{sys.executable}" main.py {done} {redirection}; exit ${{PIPESTATUS[0]}}'
    ran = subprocess.run(["bash", "-c", command], cwd=ROOT, env=home, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr.count("\n")) == (code, 1 if words else 0) and words in ran.stderr


def test_without_egl_a_try_on_says_so_before_it_works(home, tmp_path):
    blind = {**home, "__EGL_VENDOR_LIBRARY_DIRS": str(tmp_path / "none")}
    done = toile(blind, "tryon", "--no-photo", "--height", "178 cm", "--out", tmp_path / "out")
    assert done.returncode == 3 and "libegl1" in done.stderr and done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1 and "cArguments" not in done.stderr


def test_a_stopped_run_leaves_nothing(home, tmp_path):
    told = ["tryon", "--no-photo", "--height", "178 cm", "--out", tmp_path / "out"]
    command = [sys.executable, "main.py", *map(str, told)]
    # Whoever runs the tests in the background has them, and what they start, ignore Ctrl+C.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    run = subprocess.Popen(
        command, cwd=ROOT, env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heard
    )
    assert run.stdout
    while "draping" not in run.stdout.readline():
        pass
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130 and said == "toile: stopped; nothing was written\n"
    assert not list(tmp_path.iterdir())


def test_steps_hand_on_what_they_made(home, here, tmp_path):
    told = ["--no-photo", "--height", "168 cm", "--weight", "62 kg", "--sex", "female", "--tape", "waist=74 cm"]
    done = here("measure", *told, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    written = json.loads((tmp_path / "measurements.json").read_text())
    rows = {row["name"]: row for row in written["measurements"]}
    assert written["schema"].startswith("toile.measurements/")
    assert len(rows) >= 20
    assert rows["waist_girth"]["value"] == pytest.approx(0.74) and rows["waist_girth"]["source"] == "tape"
    assert all(row["sd"] > 0 for row in rows.values())
    assert len((tmp_path / "measurements.csv").read_text().splitlines()) == len(rows) + 1

    done = toile(home, "drape", "--body", tmp_path / "body.npz", "--garment", "skirt", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    certificate = json.loads((tmp_path / "drape.json").read_text())
    assert certificate["holds"] is True
    assert certificate["drapes"][0]["vertices_inside"] == 0 and certificate["drapes"][0]["faces_inside"] == 0

    small = ["--width", "90", "--height", "120", "--samples", "1"]
    done = here("render", "--drape", tmp_path / "drape.npz", *small, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert {f"{view}.png" for view in ("front", "back", "left", "right", "three_quarter", "sheet", "transparent")} <= {
        path.name for path in tmp_path.iterdir()
    }


def test_a_body_file_from_elsewhere_is_refused(here, tmp_path):
    (tmp_path / "body.npz").write_bytes(b"PK\x03\x04 not really")
    done = here("drape", "--body", tmp_path / "body.npz", "--out", tmp_path / "out")
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_failed_drape_is_told_in_words_with_its_own_code():
    from types import SimpleNamespace

    from app.commands._options import check_drape
    from assets.errors import DrapeFailed

    check_drape(SimpleNamespace(holds=True))
    with pytest.raises(DrapeFailed, match=r"another size or fabric.*tee XXL: not at rest") as failed:
        check_drape(SimpleNamespace(holds=False, fits=(), failures=lambda: ("tee XXL: not at rest",)))
    assert failed.value.exit_code == 4


def test_a_project_that_is_not_there_opens_no_window(home) -> None:
    done = toile(home | {"DISPLAY": ":7"}, "nowhere.toile")
    assert done.returncode == 3 and done.stderr == "toile: there is no project nowhere.toile\n"
