"""Long benchmarks go on where they were stopped, and what the gates refuse costs a row, not the run."""

import json
from pathlib import Path

import pytest

from benchmarks.table import Share, parser, row, tell


def square(number: int) -> list[int]:
    if number == 2 and not Path("go on").exists():
        raise RuntimeError("stopped")
    return [number * number]


def test_what_is_kept_is_not_done_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    share = Share(keep=tmp_path / "kept")
    with pytest.raises(RuntimeError):
        share.each("squares", square, 4)
    assert (tmp_path / "kept" / "squares.jsonl").read_text().splitlines() == ["[0, [0]]", "[1, [1]]"]
    (tmp_path / "kept" / "squares.jsonl").write_text("[0, [7]]\n[1, [1]]\n")
    Path("go on").touch()
    assert share.each("squares", square, 4) == [[7], [1], [4], [9]]


def test_processes_share_the_work():
    assert Share(jobs=2).each("lengths", len_of, 5) == [0, 1, 2, 3, 4]


def len_of(number: int) -> int:
    return len("x" * number)


def test_a_file_of_rows_is_a_list_and_what_was_not_measured_says_why(tmp_path, capsys):
    rows = [
        row("a", "fast", 2.0, "s", 1.0),
        row("b", "right", 3.0, "%", 1.0, ">="),
        row("c", "card", None, "", why="no"),
    ]
    tell("Title", rows, parser("Title").parse_args(["--json", str(tmp_path / "rows.json")]))
    told = json.loads((tmp_path / "rows.json").read_text())
    assert [(each["id"], each["value"], each["holds"]) for each in told] == [
        ("a", 2.0, False),
        ("b", 3.0, True),
        ("c", None, None),
    ]
    assert told[2]["why"] == "no" and "MISSED" in capsys.readouterr().out
