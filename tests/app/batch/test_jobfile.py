"""Job files: what they ask for, and how one that is wrong is refused: with the line and the reason."""

from pathlib import Path

import pytest

from app.batch.jobfile import export, read_job
from app.batch.leaving import names
from app.located import line_of
from app.project import Project, Wish
from assets.errors import InputRefused
from assets.files import asset
from body.estimate import Evidence

PERSON = '[[body]]\nheight = "168 cm"\n'
LOOK = '[[look]]\n[[look.garment]]\ndesign = "tee"\n'


def job(folder: Path, text: str):
    path = folder / "job.toml"
    path.write_text(text, encoding="utf-8")
    return read_job(path)


def test_everybody_in_every_look_in_every_size_and_fabric(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("name,height,waist\nBo,180,85\nCy,,\n")
    told = job(
        tmp_path,
        """
        [job]
        name = "Autumn"
        date = 2026-11-22
        edge = "2 cm"
        [[body]]
        name = "Ada"
        height = 168
        tapes = { waist = "28 in" }
        [[body]]
        people = "people.csv"
        [[body]]
        sample = 2
        sex = "male"
        [[look]]
        name = "day"
        [[look.garment]]
        design = "tee"
        size = ["S", "M"]
        fabric = ["single_jersey", "camel_ponte"]
        colour = ["navy", "white"]
        [[look.garment]]
        design = "skirt"
        size = "L"
        options = { flare = "20 cm" }
        [pictures]
        light = ["studio", "window"]
        background = ["white, grey", "transparent"]
        [output]
        formats = ["png", "turn.webp"]
        """,
    )
    assert (told.name, told.imprint.date, told.edge) == ("Autumn", "2026-11-22", 0.02)
    assert [person.name for person in told.people][:3] == ["Ada", "Bo", "Cy"] and len(told.people) == 5
    assert told.people[0].known.tapes["waist_girth"] == pytest.approx(0.7112)
    assert "line 3" in told.people[2].trouble, "one of a table who cannot be used stops nobody else"
    assert [look.name for look in told.looks] == [
        f"day {size} {cloth}" for size in "SM" for cloth in ("single_jersey", "camel_ponte")
    ]
    assert all(look.wishes[1].options["flare"] == pytest.approx(0.2) for look in told.looks)
    assert [name for name, _ in told.looks[0].ways] == ["navy", "white"]
    words = [words for words, _ in told.output.looks()]
    assert words[1] == ("studio", "transparent") and len(words) == 4


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "no \\[\\[body\\]\\]"),
        (PERSON, 1, "no \\[\\[look\\]\\]"),
        (PERSON + LOOK + "sice = 'M'\n", 6, "not known here"),
        (PERSON + LOOK + "size = ['M', 'XXXL']\n", 6, "no size 'XXXL'"),
        (PERSON + LOOK + "fabric = 'steel'\n", 6, "steel"),
        (PERSON + LOOK + "colour = 'blurple'\n", 6, "blurple"),
        (PERSON + LOOK + "options = { length = '4 m' }\n", 6, "must lie between"),
        (PERSON + LOOK + "options = { lenght = '40 cm' }\n", 6, "no option lenght: it has length"),
        (PERSON + LOOK.replace("tee", "toga"), 5, "no 'toga'"),
        (PERSON + "weight = '60 parsec'\n" + LOOK, 3, "60 parsec"),
        (PERSON + "tapes = { elbowish = 3 }\n" + LOOK, 3, "elbowish"),
        (PERSON + "photos = ['nobody.jpg']\n" + LOOK, 3, "no file 'nobody.jpg'"),
        (PERSON.replace("168 cm", "16.8 m") + LOOK, 1, "adults have"),
        (PERSON + "age = nan\n" + LOOK, 3, "not a finite number"),
        (PERSON + "[[body]]\n" + LOOK, 3, "nothing is known"),
        (PERSON + "[[body]]\nsample = 3\nheight = 170\n" + LOOK, 5, "told by sample"),
        (PERSON + "[[body]]\nproject = 'job.toml'\n" + LOOK, 4, "job.toml"),
        (PERSON + LOOK + "[pictures]\nwidth = 99999\n", 7, "whole number from 16 to 8192"),
        (PERSON + LOOK + "[pictures]\nlight = 'candle'\n", 7, "no 'candle'"),
        (PERSON + LOOK + "[pictures]\nbackground = 'beach.jpg'\n", 7, "beach.jpg"),
        (PERSON + LOOK + "[output]\nformats = [\n'png',\n'psd']\n", 7, "no 'psd'"),
        (PERSON + LOOK + "[job]\nseed = -1\n", 7, "from 0"),
        (PERSON + LOOK + "[job\n", None, "not TOML.*line 6"),
        ("body = 3\n" + LOOK, 1, "\\[\\[body\\]\\], once for each"),
        ("a = " + "[" * 9000, None, "nest too deep"),
    ],
)
def test_a_wrong_job_is_refused_with_its_line_and_reason(tmp_path: Path, text: str, line: int, reason: str) -> None:
    where = f"line {line}\\b.*" if line else ""
    with pytest.raises(InputRefused, match=f"job.toml.*{where}{reason}"):
        job(tmp_path, text)


def test_the_sample_job_is_one() -> None:
    told = read_job(asset("samples", "job.toml"))
    assert [person.name for person in told.people] == ["Ada", "Sample person"] and told.imprint.date
    assert [name for name, _ in told.looks[0].ways] == ["navy", "white"]


def test_a_project_is_left_as_a_job_beside_it(tmp_path: Path) -> None:
    project = Project(Evidence(height=1.7, sex=0.0), (Wish("tee", "M", colour="#203060"), Wish("skirt")))
    told = read_job(Path(export(project, str(tmp_path / "look.toml"), "2026-11-22")))
    assert (tmp_path / "look.toile").is_file() and told.imprint.date == "2026-11-22"
    assert told.people[0].known.height == 1.7 and [wish.design for wish in told.looks[0].wishes] == ["tee", "skirt"]
    assert told.looks[0].ways[0][1][0].colour == project.wishes[0].colours.colour


def test_a_job_that_is_too_large_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("app.batch.jobfile.MOST", 5)
    with pytest.raises(InputRefused, match="3 bodies in 2 looks are more than 5"):
        job(tmp_path, PERSON * 3 + LOOK + "size = ['S', 'M']\n")


def test_a_line_is_found_whatever_the_value_is_written_like() -> None:
    text = 'a = """\nb = 1\n"""\n[[look]]\nx = 1\n[[look]]\nx = [\n 1,\n 2]\ny = 2\n'
    assert [line_of(text, way) for way in (("a",), ("look", 1), ("look", 1, "x"), ("look", 1, "y"), ("z",))] == [
        1, 6, 7, 10, 1,
    ]  # fmt: skip


def test_folders_are_called_after_names_each_its_own() -> None:
    assert names(["Ada", "ada", "../../etc", "小红", "  "]) == ("ada", "ada-2", "etc", "小红", "5")
