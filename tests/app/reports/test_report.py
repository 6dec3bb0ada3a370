"""The report: what it says, that it says it on every page when a drape failed, that its bytes repeat."""

import io
import re
from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from app.reports.comparing import NOBODY, comparison
from app.reports.imprint import VERSION, Imprint
from app.reports.pdf import report
from app.reports.webpage import page
from body.measurements import MEASURES, Measurement, Measurements
from garments.certificate import Certificate
from garments.designs import title_of
from garments.fit import Fit, RegionFit
from garments.garment import garment
from garments.sizing import Advice, SizeScore

SHARES = {"XS": 0.0, "S": 0.02, "M": 0.72, "L": 0.26, "XL": 0.0, "XXL": 0.0}
VIEWS = ("front", "back", "left", "right", "three_quarter")


def pictures() -> dict[str, np.ndarray]:
    ramp = np.broadcast_to(np.linspace(60, 200, 240)[:, None, None], (240, 180, 4))
    return {view: (ramp + k).astype(np.uint8) for k, view in enumerate(VIEWS)}


def measurements() -> Measurements:
    found = [Measurement(name, (m.low + m.high) / 2, 0.012, "statistics") for name, m in MEASURES.items()]
    return Measurements(tuple(found)).with_(Measurement("waist_girth", 0.814, 0.004, "tape"))


def certificate(holds: bool) -> Certificate:
    numbers = {field.name: 0.0 for field in fields(Certificate)} | {
        "vertices_inside": 0 if holds else 41, "residual": 0.004, "carried": 1.0, "strain_p99": 0.041,
        "strain_max": 0.083, "limit": 0.21, "reasons": () if holds else ("41 vertices lie inside the body",),
    }  # fmt: skip
    return Certificate(**numbers)


def try_on(designs: tuple[str, ...] = ("tee",), holds: bool = True) -> SimpleNamespace:
    garments = tuple(garment(design, "M") for design in designs)
    regions = (
        RegionFit("bust", 0.94, 1.02, 0.08, 0.016, 0.08, 0.03, "fits, 8.0 cm ease"),
        RegionFit("hip", 1.04, 1.019, -0.021, 0.012, 0.06, 0.11, "2.1 cm too tight"),
    )
    reasons = ("bust: body 94.0 ± 1.6 cm (statistics), garment 102.0 cm, ease 8.0 cm; M is cut for 94 cm",)
    scores = tuple(SizeScore(size, share, "") for size, share in SHARES.items())
    drapes = tuple(SimpleNamespace(garment=made, certificate=certificate(holds)) for made in garments)
    return SimpleNamespace(
        estimate=SimpleNamespace(measurements=measurements(), notes=("the photo shows loose clothes",)),
        garments=garments,
        drapes=drapes,
        fits=tuple(Fit(f"{title_of(design)} M", regions, "hip 2.1 cm too tight") for design in designs),
        advice=tuple(Advice(design, "female", "M", scores, reasons, True, holds) for design in designs),
        holds=holds,
        failures=lambda: () if holds else tuple(f"{title_of(d)} M: 41 vertices lie inside the body" for d in designs),
    )


def pages(data: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


def test_first_page_shows_the_size_how_sure_and_why_and_the_ease():
    first = pages(report(try_on(), pictures()))[0]
    for words in ("72 % sure", "M is cut for 94 cm", "bust", "8.0 cm ease", "-2.1 cm", "2.1 cm too tight"):
        assert words in first


def test_every_measure_stands_with_its_doubt_and_its_source():
    text = " ".join(pages(report(try_on(), pictures())))
    for measure in MEASURES.values():
        assert measure.title in text
    assert "81.4 cm ± 0.4 tape" in text
    assert "the photo shows loose clothes" in text


def test_one_garment_takes_three_pages_and_five_pictures():
    read = PdfReader(io.BytesIO(report(try_on(), pictures())))
    assert len(read.pages) == 3
    assert len(read.pages[0].images) == 5


@pytest.mark.parametrize("designs", [("tee",), ("tee", "skirt")])
def test_a_failed_drape_is_told_on_every_page_and_gives_no_size(designs):
    told = pages(report(try_on(designs, holds=False), pictures()))
    assert all("failed its certificate" in page and "41 vertices lie inside the body" in page for page in told)
    assert not any("% sure" in page or "cm too tight" in page.split("Body measures")[0] for page in told)


def test_several_garments_are_each_told():
    text = " ".join(pages(report(try_on(("tee", "skirt")), pictures())))
    assert text.count("72 % sure") == 2
    assert "T-shirt M + skirt M" in text
    assert "Ease: T-shirt M" in text and "Ease: skirt M" in text


def test_a_garment_is_called_as_people_call_it_and_never_by_its_file():
    read = [*pages(report(try_on(), pictures())), page(try_on(), pictures()), try_on().advice[0].sentence]
    assert not [text for text in read if re.search(r"\btee\b", text, re.IGNORECASE)]
    assert [title_of(name) for name in ("tee", "wrap_dress", "her polo")] == ["T-shirt", "wrap dress", "her polo"]


def test_same_try_on_same_bytes():
    assert report(try_on(), pictures()) == report(try_on(), pictures())


def test_names_that_the_fonts_lack_do_not_stop_it():
    result = try_on()
    result.estimate.notes = ("照片 <b>&amp;</b> 1.jpg", "")
    assert "1.jpg" in " ".join(pages(report(result, pictures())))


def test_sizes_stand_beside_each_other_with_the_body_and_the_garment_laid_flat():
    told = pages(report(try_on(), pictures()))[1]
    made = garment("tee", "L", "female")
    assert "Sizes of the T-shirt" in told and f"102.0 / {100 * made.girths['bust']:.1f}" in told


def test_reasons_and_ease_say_which_girth_of_the_garment_they_speak_of():
    for told in (" ".join(pages(report(try_on(), pictures()))), page(try_on(), pictures())):
        assert "before anybody wears it" in told and "where it lies when worn" in told
    for told in (
        "".join(pages(report(try_on(), pictures(), imprint=Imprint(language="zh")))),
        page(try_on(), pictures(), imprint=Imprint(language="zh")),
    ):
        assert "穿着之前" in told and "穿着时" in told


def test_it_bears_the_shop_who_made_it_when_and_with_what_and_no_date_of_its_own():
    logo = io.BytesIO()
    Image.new("RGBA", (60, 20), "navy").save(logo, "PNG")
    imprint = Imprint("Ada", "2026-11-22", "Atelier Nord", logo.getvalue(), "Copenhagen", accent="#2B5C8A")
    read = pages(report(try_on(), pictures(), imprint=imprint))
    assert all("Atelier Nord" in page and "2026-11-22" in page and "Copenhagen" in page for page in read)
    assert "Made by Ada" in read[-1] and f"Toile {VERSION}" in read[-1] and "numpy" in read[-1]
    found = PdfReader(io.BytesIO(report(try_on(), pictures(), imprint=imprint)))
    assert len(found.pages[0].images) == 6 and found.metadata.author == "Atelier Nord"
    assert b"2026" not in report(try_on(), pictures())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_names_and_sources_stay_as_they_are_in_every_language(language):
    """A shop that is called Front is no 正面, and one that is called 北方工坊 is read in an English report too."""
    result = try_on()
    for shop in ("Front", "北方工坊"):
        told = "".join(pages(report(result, pictures(), imprint=Imprint(shop=shop, note=shop, language=language))))
        assert told.count(shop) >= 3 + 3 + 2, "head and foot of each page, shop and note"
        assert " ".join(result.garments[0].fabric.source.split())[:60] in told


def test_it_speaks_chinese():
    read = " ".join(pages(report(try_on(), pictures(), imprint=Imprint("Ada", language="zh"))))
    for words in ("合身与尺码报告", "建议尺码", "胸围", "悬垂证书", "制作人"):
        assert words in read
    assert "certificate" not in read and "Body measures" not in read


def test_sizes_are_compared_with_ease_and_verdict_and_what_failed_is_shown_as_failed():
    region = {"name": "hip", "ease": 0.031, "sd": 0.029, "verdict": "fits, 3.1 cm ease"}
    rows = [
        {"person": "Ada", "garment": f"skirt {size}", "state": "fits", "verdict": "fits", "regions": [region],
         "strain": 0.013, "limit": 0.05} for size in "SML"
    ]  # fmt: skip
    rows.append({"person": "Ada", "garment": "skirt XL", "state": "failed", "verdict": "failed: torn", "regions": []})
    picture = io.BytesIO()
    Image.new("RGB", (24, 40)).save(picture, "PNG")
    data = comparison([(row, picture.getvalue() if row["regions"] else b"") for row in rows], Imprint(date="today"))
    (page,) = pages(data)
    assert "blue 100 % of the cut length, red 120 % and more" in " ".join(page.split())
    assert page.count("3.1 cm ± 2.9 cm") == 3 and "failed: torn" in page and "today" in page and "1.3 %" in page


def test_how_long_a_sleeve_is_is_no_ease_and_nobody_s_name_is_said_in_the_language():
    """A tee's short sleeves ended 35.8 cm before the wrist, and were listed as an ease of -35.8 cm."""
    told = Fit("tee M", (RegionFit("sleeve length", 0.56, 0.202, -0.358, 0.019, 0.0, 0.0, "fits, 20.2 cm long"),), "")
    row = {"person": NOBODY, "garment": "tee M", "state": "fits", "verdict": "fits", **told.plain()}
    (page,) = pages(comparison([(row | {"garment": "tee M"}, b"")], Imprint(language="zh")))
    assert "长 20.2 cm" in page and "35.8" not in page and "此人" in page


def test_a_person_keeps_the_name_in_every_language_and_a_look_that_holds_has_not_failed():
    row = {"person": "Photo man", "garment": "tee M", "state": "fits", "verdict": "fits", "regions": []}
    (page,) = pages(comparison([(row, b"")], Imprint(language="zh")))
    assert "Photo man" in page and "无图片" in page and "失败" not in page
