"""Jobs: the same bytes however they are done, what is done is kept over a kill, what fails is told at the end."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.batch.jobfile import read_job
from app.batch.running import OWN, failures, run_job
from app.commands import main
from assets.errors import Cancelled, CannotWrite
from assets.files import ROOT

JOB = """
[job]
name = "Skirts"
date = 2026-11-22
maker = "Ada"
edge = "4.5 cm"
[[body]]
name = "Ada"
height = "166 cm"
weight = "60 kg"
sex = "female"
[[look]]
name = "skirt"
[[look.garment]]
design = "skirt"
size = ["S", "M"]
colour = ["navy", "white"]
[pictures]
view = "front"
background = ["", "transparent"]
width = 60
height = 80
samples = 1
[output]
formats = ["png", "json", "csv", "glb", "comparison"]
"""


@pytest.fixture(scope="module")
def job(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("job") / "skirts.toml"
    path.write_text(JOB)
    return path


@pytest.fixture(scope="module")
def done(job: Path, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("done")
    run_job(read_job(job), folder, processes=0)
    return folder


def left(folder: Path) -> dict[str, bytes]:
    """All that a job left, without what may differ."""
    paths = [path for path in folder.rglob("*") if path.is_file() and OWN not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths if path.name != "run.json"}


def test_a_folder_a_look_and_colourway_with_a_row_each(done: Path) -> None:
    told = json.loads((done / "result.json").read_text())
    assert (told["schema"], told["date"], told["maker"]) == ("toile.batch/1", "2026-11-22", "Ada")
    assert [(row["look"], row["state"]) for row in told["pieces"]] == [("skirt S", "holds"), ("skirt M", "holds")]
    files = {name for row in told["pieces"] for name in row["files"]}
    assert "ada/skirt-s/navy/front.background1.png" in files and "ada/skirt-m/white/front.transparent.png" in files
    assert files == set(left(done)) - {"result.json", "result.csv", "ada/comparison.pdf"}
    one, other = (left(done)[f"ada/skirt-s/{colour}/front.background1.png"] for colour in ("navy", "white"))
    assert one != other, "another colour is another picture"
    assert b"2026" not in left(done)["ada/skirt-s/navy/fit.json"], "what was measured bears no date"
    assert "versions" in json.loads((done / "run.json").read_text())


def test_killed_and_begun_again_on_other_processes_it_leaves_the_same_bytes(
    job: Path, done: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "main.py", "batch", str(job), "--out", str(tmp_path / "out"), "--processes", "1"]
    running = subprocess.Popen(command, cwd=ROOT.parent, stdout=subprocess.PIPE, text=True)
    marks = tmp_path / "out" / OWN
    until = time.monotonic() + 120
    while not list(marks.glob("*.json")) and time.monotonic() < until and running.poll() is None:
        time.sleep(0.02)
    running.kill()
    running.communicate()
    kept = {path: path.stat().st_mtime_ns for path in marks.glob("*.json")}
    assert len(kept) == 1, "killed after the first of two"
    (tmp_path / "out" / "ada" / ".toile-half").mkdir()
    said: list[str] = []
    time.sleep(0.5)  # a worker that has lost its window hears of it with its next word
    run_job(read_job(job), tmp_path / "out", processes=0, progress=lambda share, words: said.append(words))
    assert "1 of 2 drapes are there already" in said
    assert all(path.stat().st_mtime_ns == when for path, when in kept.items()), "what was done is not done again"
    assert left(tmp_path / "out") == left(done)
    assert not list((tmp_path / "out").rglob(".toile-half")), "what was half done is taken away"


def test_a_worker_that_is_of_a_program_edited_meanwhile_finds_the_same_pieces(job: Path, monkeypatch) -> None:
    from app.batch import running

    told = read_job(job)
    pieces = [piece for _, piece in running._pieces(told, [(told.people[0], b"")])]
    before = [piece.key for piece in pieces]
    monkeypatch.setattr(running, "program", lambda: "edited")
    assert [piece.key for piece in pieces] == before
    assert [piece.key for _, piece in running._pieces(told, [(told.people[0], b"")])] != before


def test_files_that_were_changed_are_made_anew_and_a_stop_keeps_the_rest(job: Path, done: Path) -> None:
    before = left(done)
    (done / "ada/skirt-m/navy/fit.csv").write_text("spoilt")

    def stop(share: float, words: str) -> None:
        if "draping" in words and share > 0.1:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        run_job(read_job(job), done, processes=0, progress=stop)
    run_job(read_job(job), done, processes=0)
    assert left(done) == before


def test_what_fails_is_told_at_the_end_and_stops_nothing_else(
    job: Path, done: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    (tmp_path / "people.csv").write_text("name,height,waist\nBo,,\n")
    wrong = tmp_path / "some.toml"
    wrong.write_text(JOB.replace("[[look]]", '[[body]]\npeople = "people.csv"\n[[look]]', 1))
    import shutil

    shutil.copytree(done, tmp_path / "some")
    assert main(["batch", str(wrong)]) == 4
    told = capsys.readouterr()
    assert "2 of 4 looks done" in told.out and "failed: Bo, skirt S: line 12: line 2 of the table" in told.out
    assert "2 of 4 looks failed" in told.err
    rows = json.loads((tmp_path / "some" / "result.json").read_text())["pieces"]
    assert len(failures(rows)) == 2 and rows[0]["state"] == "holds"


def test_two_jobs_do_not_write_into_one_folder(job: Path, done: Path) -> None:
    import fcntl

    with open(done / OWN / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CannotWrite, match="another job"):
            run_job(read_job(job), done, processes=0)


def test_a_check_refuses_whom_the_job_would_refuse(tmp_path: Path, capsys) -> None:
    (tmp_path / "people.csv").write_text("name,height\nAda,168 cm\nTom,9 cm\n")
    job = tmp_path / "job.toml"
    job.write_text('[[body]]\npeople = "people.csv"\n[[look]]\n[[look.garment]]\ndesign = "tee"\n')
    assert main(["batch", str(job), "--check"]) == 3
    told = capsys.readouterr()
    assert "2 bodies in 1 look, 2 drapes" in told.out
    assert "refused: line 1: Tom: line 3 of the table: a height of 9.0 cm cannot be" in told.out
    assert "1 of 2 bodies cannot be dressed" in told.err


def test_a_job_is_checked_without_doing_it(job: Path, tmp_path: Path, capsys) -> None:
    assert main(["batch", str(job), "--check", "--out", str(tmp_path / "nothing")]) == 0
    assert "1 body in 2 looks, 2 drapes" in capsys.readouterr().out and not (tmp_path / "nothing").exists()
    assert main(["batch", str(tmp_path / "none.toml")]) == 3
    assert os.listdir(tmp_path) == []


def test_a_mesh_that_cannot_be_saved_is_told_before_anybody_is_dressed(job: Path, tmp_path: Path, monkeypatch, capsys):
    from app.exports import usd

    monkeypatch.setattr(usd, "find_spec", lambda name: None)
    wanted = tmp_path / "usd.toml"
    wanted.write_text(job.read_text().replace('"glb"', '"glb", "usdz"'))
    for asked in (["--check"], ["--out", str(tmp_path / "out")]):
        assert main(["batch", str(wanted), *asked]) == 3
        assert "pip install usd-core" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
