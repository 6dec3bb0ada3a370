"""The report as a page: what it says, that it needs nothing beside it, that strangers' words stay words."""

import re
from dataclasses import replace

from app.reports.imprint import Imprint
from app.reports.webpage import page
from tests.app.reports.test_report import pictures, try_on


def test_it_says_the_size_the_ease_every_measure_and_the_certificate() -> None:
    text = page(try_on(("tee", "skirt")), pictures())
    for wanted in (
        "72 %",
        "fits, 8.0 cm ease",
        "Waist girth",
        "81.4 cm",
        "certificate: T-shirt M",
        "Ease: skirt M",
        "What T-shirt M is made of",
        "g/m²",
    ):
        assert wanted in text
    assert text.count("<img ") == 5 and text == page(try_on(("tee", "skirt")), pictures())


def test_nothing_is_loaded_from_anywhere_and_nothing_runs() -> None:
    text = page(try_on(), pictures())
    loaded = re.findall(r"(?:src|href|url)\b.{0,20}", text)
    assert len(loaded) == 5 and all(found.startswith('src="data:image/jpeg') for found in loaded)
    assert "<script" not in text and "http" not in text


def test_heads_stand_over_their_numbers_and_speak_the_language() -> None:
    text = page(try_on(), pictures(), imprint=Imprint(language="zh"))
    assert "纸样" in text and re.search(r"\d g/m²，厚 0\.\d\d mm<", text)
    assert text.count("<th") > 20 and not re.search(r"<th[^>]*>[a-z]{2}", text)
    ease = text[text.index("放松量：") :]
    assert "<th class=n>人体</th>" in ease and "<th>结论</th>" in ease
    assert "the photo shows loose clothes" in page(try_on(), pictures())


def test_a_drape_that_failed_is_said_first_and_advises_nothing() -> None:
    text = page(try_on(holds=False), pictures())
    assert text.index("failed its certificate") < text.index("<img ")
    assert "not judged" in text and "fits, 8.0 cm ease" not in text and "72 %" not in text


def test_names_from_strangers_are_words_not_markup() -> None:
    hostile = '<img src=x onerror="alert(1)">'
    result = try_on()
    result.fits = tuple(replace(fit, garment=hostile) for fit in result.fits)
    result.advice = tuple(replace(advice, design=hostile, reasons=(hostile,)) for advice in result.advice)
    assert hostile not in page(result, pictures())
