"""Words on pictures: in the language spoken, in letters that are there."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.reports.lettering import chinese_fonts, length, letter, wrapped, written
from app.saying import speaking

needs_letters = pytest.mark.skipif(not chinese_fonts(), reason="no font with Chinese letters: fonts-wqy-microhei")


def drawn(words: str) -> np.ndarray:
    picture = Image.new("L", (200, 40), 255)
    letter(ImageDraw.Draw(picture), (4, 4), words, "#000000", 20)
    return np.asarray(picture)


@needs_letters
@pytest.mark.parametrize(("one", "other"), [("应变", "压力"), ("Łódź", "Żódź"), ("≥ 120", "120"), ("shirt", "skirt")])
def test_words_of_any_language_are_letters_and_no_boxes(one, other):
    assert (drawn(one) < 128).sum() > 20
    assert not np.array_equal(drawn(one), drawn(other))


@needs_letters
def test_a_picture_speaks_the_language_spoken():
    with speaking("zh"):
        assert written("shirt S") == "衬衫 S"
    assert written("shirt S") == "shirt S"


def test_without_a_font_for_it_a_picture_stays_english(monkeypatch):
    monkeypatch.setattr("app.reports.lettering.chinese_fonts", lambda: ())
    with speaking("zh"):
        assert written("shirt S") == "shirt S"


@pytest.mark.parametrize("words", ["hip 2.1 cm too tight, waist 1.0 cm too", "臀围紧 2.1 cm，腰围紧 1.0 cm，不合身"])
def test_lines_are_no_wider_than_they_may_be_and_lose_nothing(words):
    draw = ImageDraw.Draw(Image.new("L", (10, 10)))
    lines = wrapped(draw, words, 110, 14).split("\n")
    assert len(lines) > 1 and all(length(draw, line, 14) <= 110 for line in lines)
    assert "".join("".join(lines).split()) == "".join(words.split())
    assert not any(line.startswith(("，", ",")) for line in lines)


@pytest.mark.parametrize("width", range(40, 200, 10))
def test_no_line_begins_with_the_unit_of_the_number_before(width):
    draw = ImageDraw.Draw(Image.new("L", (10, 10)))
    lines = wrapped(draw, "along the threads 13.1 %; limit 96.6 N/m, 4.7 %", width, 14).split("\n")
    assert not any(line.startswith(("%", "N/m")) for line in lines)
