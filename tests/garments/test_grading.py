"""Size charts: sizes that grow, bodies that grow with them, tables of one's own, and garments cut to measure."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from assets.errors import InputRefused
from body.measurements import MEASURES
from garments.designs import designs
from garments.garment import MADE_TO_MEASURE, garment
from garments.grading import (
    SEXES,
    chart,
    chart_names,
    charts_for,
    girth_below_waist,
    read_chart,
    size_measurements,
)
from garments.taping import body_girth, regions

GIRTHS = ("bust_girth", "waist_girth", "hip_girth")
OWN = "size;bust;waist;hip;height\nsmall;84;66;92;165\nlarge;96 cm;78;1.04 m;5'6\n"


@pytest.mark.parametrize("sex", SEXES)
def test_bands_touch_and_hold_their_size(sex):
    sizes = list(chart(sex).sizes.values())
    for size, larger in pairwise(sizes):
        assert size.band[0] < size.measures["bust_girth"] < size.band[1] == larger.band[0]


@pytest.mark.parametrize("name", chart_names())
def test_girths_and_widths_grow_with_the_size(name):
    rows = [size_measurements(size, name) for size in chart(name).sizes]
    for measure in rows[0]:
        if measure.endswith(("_girth", "_width", "_breadth", "mass")):
            assert np.all(np.diff([row[measure] for row in rows]) > 0), measure


@pytest.mark.parametrize("name", chart_names())
def test_a_size_keeps_what_its_chart_says_and_has_what_every_design_needs(name):
    for size in chart(name).sizes.values():
        body = size_measurements(size.name, name)
        assert all(body[measure] == value for measure, value in size.measures.items())
        for design in designs().values():
            assert set(design.NEEDS) <= set(body)
        assert all(MEASURES[measure].low <= value <= MEASURES[measure].high for measure, value in body.items())


def test_the_grade_agrees_with_published_steps():
    """Per 4 cm of bust (Aldrich's tables): back width +1.0, neck +1.0, upper arm +1.2, wrist +0.5, each within 0.5 cm
    except the upper arm, which in the survey grows more."""
    small, medium = size_measurements("S", "female"), size_measurements("M", "female")
    step = {name: 50.0 * (medium[name] - small[name]) for name in medium}
    assert step["back_width"] == pytest.approx(1.0, abs=0.3)
    assert step["neck_girth"] == pytest.approx(1.0, abs=0.5)
    assert step["upper_arm_girth"] == pytest.approx(1.2, abs=0.3)
    assert step["wrist_girth"] == pytest.approx(0.5, abs=0.4)


def test_charts_are_found_by_family_and_sex():
    assert charts_for(None, 1.0) == ("male",) and charts_for(None, None) == SEXES
    assert charts_for("gb", 0.2) == ("gb female",) and charts_for("gb", None) == ("gb female", "gb male")
    assert charts_for("astm", 1.0) == ("astm female",), "the one there is"
    assert "160/84A" in chart("gb female").sizes and chart("gb female").size("160/84A").measures["stature"] == 1.6


def test_unknown_sizes_and_charts_are_refused():
    with pytest.raises(InputRefused, match="no size 'XM'"):
        size_measurements("XM", "female")
    with pytest.raises(InputRefused, match="it is one of female, male"):
        chart("other")


def test_a_table_of_ones_own_is_read_with_its_units(tmp_path: Path):
    path = tmp_path / "house.csv"
    path.write_text(OWN)
    found = read_chart(path)
    assert list(found.sizes) == ["small", "large"] and found.title == "house" and found.sex == ""
    assert found.size("large").measures == pytest.approx(
        {"bust_girth": 0.96, "waist_girth": 0.78, "hip_girth": 1.04, "stature": 1.6764}
    )
    assert garment("tee", "large", str(path)).girths["bust"] > garment("tee", "small", str(path)).girths["bust"] + 0.1


def test_a_table_that_was_changed_is_read_anew(tmp_path: Path):
    path = tmp_path / "house.csv"
    path.write_text(OWN)
    assert chart(str(path)).size("small").measures["bust_girth"] == pytest.approx(0.84)
    path.write_text(OWN.replace("small;84", "small;80.5"))
    assert chart(str(path)).size("small").measures["bust_girth"] == pytest.approx(0.805)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("bust,waist\n84,66\n", "no column size"),
        ("size,height\nS,170\n", "no column bust, waist or hip"),
        ("size,bust,chest\nS,84,84\n", "two columns name the same measure, bust girth"),
        ("size,bust,weist\nS,84,84\n", "column 3: 'weist' is not a body measure.*correct its title, or take it out"),
        ("size,bust,\nS,84,84\n", "column 3 has no title"),
        ("size,bust,waist\nS,84\n", "line 2 has 2 cells, and the first line names 3 columns"),
        ("size,bust,waist\nS,84,5,66,2\n", "line 2 has 5 cells.*parted by semicolons"),
        ("bust,waist,size\n84,66\n", "line 2 has 2 cells"),
        ('size,bust\n"S,84\n', "is not a table of text"),
        ("size,bust\nS\0,84\n", "needs a name"),
        ("size,bust\nS,33\n", r"nobody's.*if these are inches, call the column bust \(in\)"),
        ("size,weight,bust\nS,6600,84\n", "nobody's weight"),
        ("size,bust\nS,84\nS,88\n", "line 3: size S is there twice"),
        ("size,bust\nS,\n", "line 2: .* is empty"),
        ("size,bust\nS,wide\n", "line 2: .*'wide'"),
        ("size,bust\nS,80-wide\n", "line 2: .*'80-wide'"),
        ("Size,S,M\nBust,84,88\nWaist,66,70\n", "side by side: turn it round"),
        ("size,bust\nS,840\n", "nobody's"),
        ("size,bust,sex\nS,84,female\nM,88,male\n", "make a table of each"),
        ("size,bust\n", "0 sizes"),
        ("", "no column size"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, text: str, why: str):
    path = tmp_path / "house.csv"
    path.write_text(text)
    with pytest.raises(InputRefused, match=why):
        read_chart(path)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffsize;bust;waist;hip\nS;84,5;66;92\nM;88,5;70;96\n",
        "size\tbust\twaist\thip\rS\t84.5\t66\t92\rM\t88.5\t70\t96\r",
        "\n\nsize,bust (mm),waist [in],hip\n\nS,845,26 in,92\nM,885,70cm,96,\n,,,\n",
        "号型,胸围,腰围（公分）,臀围\nM,88.5,70,96\nS,84.5,66,92\n",
        "sep=;\nOur chart, 2026, in cm\nSize;Bust;Waist;Hip\nS;82,5-86,5;64 - 68 cm;92\nM;88,5;68–72;96\n",
        'size,bust,waist,hip\nS,845 mm,"25""-27""",92\nM,"34,8 to 34,9 in",70,96\n',
    ],
)
def test_tables_are_read_as_spreadsheets_write_them(tmp_path: Path, text: str):
    """A mark at the beginning, semicolons, tabs, decimal commas, units in the titles, empty lines and cells, Chinese,
    the largest size first, the mark between cells told, a heading, ranges."""
    path = tmp_path / "house.csv"
    path.write_text(text, encoding="utf-8", newline="")
    found = read_chart(path)
    assert list(found.sizes) == ["S", "M"]
    assert found.size("S").measures == pytest.approx(
        {"bust_girth": 0.845, "waist_girth": 0.66, "hip_girth": 0.92}, abs=1e-3
    )
    assert found.size("M").measures["waist_girth"] == pytest.approx(0.70)


def test_a_girth_that_a_table_leaves_out_is_told(tmp_path: Path):
    path = tmp_path / "house.csv"
    path.write_text("size,bust,waist\nS,84,66\nM,88,70\n")
    assert chart(str(path)).assumed == "the size chart house gives no hip: estimated from its other measures"
    path.write_text("size,bust\nS,84\nM,88\nL,92\n")
    assert "no waist and hip" in chart(str(path)).assumed
    assert not any(chart(name).assumed for name in SEXES)


def test_a_girth_that_shrinks_where_another_grows_is_told(tmp_path: Path):
    path = tmp_path / "house.csv"
    path.write_text("size,bust,waist,hip\nS,84,66,92\nM,88,60,96\nL,92,74,100\n")
    assert "M has a smaller waist than S, and a larger bust" in chart(str(path)).assumed
    path.write_text("size,height,bust,waist,hip\n160/84,160,84,66,92\n160/88,160,88,70,96\n165/84,165,84,66,92\n")
    assert not chart(str(path)).assumed


@pytest.mark.parametrize(
    ("names", "told"), [("S M L", True), ("40 38 36", False), ("L M S", False), ("36 38 40", True)]
)
def test_sizes_that_grow_the_other_way_than_their_names_are_told(names: str, told: bool, tmp_path: Path):
    path = tmp_path / "house.csv"
    rows = zip(names.split(), ("102,86,110", "94,78,102", "86,70,94"), strict=True)
    path.write_text("size,bust,waist,hip\n" + "".join(f"{name},{girths}\n" for name, girths in rows))
    assert ("see whether that is meant" in chart(str(path)).assumed) == told


def test_binary_files_and_missing_ones_are_no_charts(tmp_path: Path):
    path = tmp_path / "house.csv"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(InputRefused, match="UTF-8"):
        read_chart(path)
    with pytest.raises(InputRefused, match="there is no file"):
        chart(str(tmp_path / "none.csv"))


@pytest.mark.parametrize("design", list(designs()))
def test_made_to_measure_keeps_the_design_s_ease(design: str):
    """The ease over a person between sizes is the ease over the body of a size."""
    small, medium = size_measurements("S", "female"), size_measurements("M", "female")
    person = {name: 0.5 * (small[name] + medium[name]) for name in medium}
    sized, measured = garment(design, "M"), garment(design, measurements=person)
    assert measured.size == MADE_TO_MEASURE and measured.cut.meant_for is person
    for region in regions(measured.girths):
        if region.name in measured.girths:
            ease = measured.girths[region.name] - body_girth(region, person, measured)
            usual = sized.girths[region.name] - body_girth(region, medium, sized)
            assert ease == pytest.approx(usual, abs=0.012), region.name


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("size", ["XS", "M", "XXL"])
def test_below_the_waist_girths_grow_slowly_at_first_and_meet_what_was_measured(sex: str, size: str):
    body = size_measurements(size, sex)
    depth = body["waist_to_hip"]
    levels = [girth_below_waist(body, share * depth) for share in (0.0, 0.15, 0.5, 0.75, 1.0)]
    assert levels[0] == body["waist_girth"] and levels[-1] == pytest.approx(body["hip_girth"])
    assert levels[2] == pytest.approx(body["high_hip_girth"])
    assert np.all(np.diff(levels) > 0.0)
    assert levels[1] - levels[0] < 0.3 * (levels[2] - levels[0])


@pytest.mark.parametrize("design", ["jeans", "trousers", "shorts"])
@pytest.mark.parametrize("sex", SEXES)
def test_a_waistband_is_as_much_narrower_above_as_the_body_is(design: str, sex: str):
    made = garment(design, "M", sex)
    body, ease = size_measurements("M", sex), designs()[design].OPTIONS["ease_waist"].default
    drop, height = (designs()[design].OPTIONS[name].default for name in ("drop", "waistband"))
    above = girth_below_waist(body, max(drop - height, 0.0)) + ease
    assert made.pattern.girth("top") == pytest.approx(above, abs=0.008)
    assert made.pattern.girth("top") < made.pattern.girth("waistband") - 0.0005


@pytest.mark.parametrize("sex", SEXES)
def test_the_crotch_seam_is_as_long_as_the_wearer_in_large_sizes_too(sex: str):
    """Within what lets the waist lie where it is meant to, else it is drawn down over the hips."""
    for size in chart(sex).sizes:
        body, option = size_measurements(size, sex), {k: v.default for k, v in designs()["jeans"].OPTIONS.items()}
        pattern = designs()["jeans"].draft(body, {})
        seams = [seam for seam in pattern.seams if seam.name.startswith("crotch")]
        made = sum(pattern.length(seam.first) for seam in seams)
        wanted = body["crotch_length"] - 2.0 * option["drop"] + 2.0 * option["ease_rise"]
        assert made > wanted - 0.058, f"{size}: {made:.3f} of {wanted:.3f} m"
