"""Tables of people: every column a measure, units as on the command line, a bad line named and passed over."""

import csv
from pathlib import Path

import pytest

from app.people import read_people, table
from assets.errors import InputRefused, ToileError, UsageError
from body.estimate import Evidence

TABLE = """Name;Height;weight;sex;age;Waist;Inside leg
Anna;168;66;f;30;"78 cm";
Ben;5'11;82 kg;male;;;84
Bad;17,x;60;f;;;
Nobody;;;;;;

Long;1;2;3;4;5;6;7
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_lines_become_evidence_or_a_reason(tmp_path: Path) -> None:
    anna, ben, bad, nobody, long = read_people(written(tmp_path, TABLE))
    assert isinstance(anna.known, Evidence) and isinstance(ben.known, Evidence)
    assert (anna.known.height, anna.known.mass, anna.known.sex, anna.known.age) == (1.68, 66.0, 0.0, 30.0)
    assert dict(anna.known.tapes) == {"waist_girth": 0.78}
    assert ben.known.height == pytest.approx(1.8034) and dict(ben.known.tapes) == {"crotch_height": 0.84}
    assert [person.line for person in (anna, bad, nobody, long)] == [2, 4, 5, 7]
    assert all(isinstance(person.known, ToileError) for person in (bad, nobody, long))
    assert "height" in str(bad.known) and "8 values for 7 columns" in str(long.known)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("name,wiast\nA,80\n", UsageError, "did you mean"),
        ("name,waist,waist girth\nA,80,80\n", UsageError, "two columns"),
        ("name,age\nA,30\n", InputRefused, "no column of a measure"),
        ("", InputRefused, "no column of a measure"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str, kind: type, words: str) -> None:
    with pytest.raises(kind, match=words):
        read_people(written(tmp_path, text))


def test_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"\xff\xfe\x00garbage\x00")
    with pytest.raises(InputRefused, match="UTF-8"):
        read_people(path)
    with pytest.raises(InputRefused, match="there is no file"):
        read_people(tmp_path / "none.csv")


def test_those_without_an_estimate_keep_their_line(tmp_path: Path) -> None:
    people = read_people(written(tmp_path, "name,height\nA,17\n"))
    rows = list(csv.DictReader(table(people, [InputRefused("too small")]).splitlines()))
    assert rows[0]["line"] == "2" and rows[0]["stature"] == "" and rows[0]["notes"] == "too small"
