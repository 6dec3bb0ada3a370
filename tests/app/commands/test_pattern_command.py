"""The command line shows, prints and converts patterns, and says in a sentence what it cannot do."""

import re

import pytest

from app.commands import main
from garments.formats import read_pattern


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("CACHE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return tmp_path


def test_a_design_is_shown_with_its_options(capsys):
    assert main(["pattern", "skirt", "--option", "length=0.5"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"front +[\d.]+ x +[\d.]+ cm", told) and "length 50 % (30 to 93) of waist height, " in told


def test_without_a_size_it_is_the_middle_one_of_the_chart(home, capsys):
    (home / "own.csv").write_text("size;bust;waist;hip\nSmall;84;68;92\nRegular;92;76;100\nLarge;100,5;84;108\n")
    assert main(["pattern", "tee", "--chart", str(home / "own.csv")]) == 0
    assert capsys.readouterr().out.startswith("tee, Regular: 5 pieces, ")


def test_a_design_goes_into_files_and_comes_back(home, capsys):
    to = [str(home / f"skirt{suffix}") for suffix in (".dxf", ".svg", ".json", ".pdf")]
    assert main(["pattern", "skirt", "--size", "S", "M", *(word for path in to for word in ("--to", path))]) == 0
    assert list(read_pattern(home / "skirt.dxf").patterns) == ["S", "M"]
    assert main(["pattern", "--from", to[0], "--size", "S", "--to", str(home / "again.svg")]) == 0
    assert "which edges are sewn" in capsys.readouterr().out
    assert main(["pattern", "--from", str(home / "skirt_S.json"), "--to", str(home / "again.dxf")]) == 0
    assert list(read_pattern(home / "again.dxf").patterns) == ["S"]
    assert (home / "skirt_M.svg").exists() and not (home / "skirt.svg").exists()
    assert (home / "skirt_M.pdf").read_bytes().startswith(b"%PDF")


def test_rules_of_points_are_saved_and_grade_a_pattern(home):
    rules = str(home / "rules.csv")
    assert main(["pattern", "tee", "--size", "M", "L", "--rules", rules]) == 0
    for grade in (rules, "bodies"):
        graded = home / f"{len(grade)}.dxf"
        assert main(["pattern", "tee", "--grade", grade, "--to", str(graded)]) == 0
        sizes = read_pattern(graded).patterns
        area = {size: sum(panel.area for panel in pattern.panels) for size, pattern in sizes.items()}
        assert area["L"] > 1.02 * area["M"]
    assert main(["pattern", "tee", "--grade", str(home / "none.csv")]) == 3


def test_a_pattern_from_a_file_is_graded_as_the_bodies_of_a_chart_differ(home, capsys):
    """From the size that it is said to be cut for; every size can be sewn."""
    assert main(["pattern", "tee", "--to", str(home / "tee.json"), "--to", str(home / "tee.dxf")]) == 0
    words = ["pattern", "--from", str(home / "tee.json"), "--grade", "bodies", "--to", str(home / "graded.json")]
    assert main([*words, "--size", "12", "--chart", "astm"]) == 0
    assert "graded from 12 of Misses' sizes" in capsys.readouterr().out
    for size in ("00", "20"):
        assert read_pattern(home / f"graded_{size}.json").lacks() == ""
    assert main(["pattern", "--from", str(home / "tee.dxf"), "--grade", "bodies", "--chart", "gb"]) == 2
    assert "cut for size M, and Women's sizes, GB/T" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["pattern"], 2, "name a design"),
        (["pattern", "tee", "--from", "x.dxf"], 2, "one of the two"),
        (["pattern", "teee"], 3, "try tee"),
        (["pattern", "tee", "--size", "QQ"], 3, "there is no size"),
        (["pattern", "tee", "--to", "x.doc"], 3, "cannot be saved"),
        (["pattern", "tee", "--to", "x.pdf", "--paper", "a17"], 2, "there is no paper"),
        (["pattern", "--from", "missing.dxf"], 3, "there is no file"),
        (["pattern", "--from", "missing.doc"], 3, "no pattern that can be read"),
        (["pattern", "--from", "missing.dxf", "--unit", "ell"], 2, "there is no unit"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words, code, reason, capsys, home, monkeypatch):
    monkeypatch.chdir(home)
    assert main(words) == code
    assert reason in capsys.readouterr().err
