"""What every design must do: draft for every size and person, grade evenly, mirror, mesh well, drape once."""

import time
from functools import cache

import numpy as np
import pytest

from assets.errors import InputRefused, UsageError
from body.model import Body, load_model
from body.population import population
from body.poses import at_ease
from garments.checking import faults
from garments.cloth import Cloth, mesh
from garments.designs import designs
from garments.drape import drape
from garments.garment import garment
from garments.grades import graded, rules
from garments.grading import SEXES, chart, chart_names, completed, size_measurements
from garments.meshing import flat_panels
from garments.pattern import Pattern, swapped

DESIGNS = sorted(designs())
PEOPLE = [(1.45, 17), (1.45, 40), (2.05, 17), (2.05, 40), (1.75, 24)]
EASED = {"bust": "bust_girth", "waist": "waist_girth", "hip": "hip_girth"}
SECONDS = 0.010
ROUGH = 0.033


@pytest.fixture(params=DESIGNS)
def design(request):
    return designs()[request.param]


@cache
def person(sex: str, stature: float, bmi: float) -> dict[str, float]:
    known = {"stature": (stature, 0.002), "mass": (bmi * stature**2, 0.5)}
    likely = population().given(known, SEXES.index(sex))
    return completed({name: value for name, (value, _) in likely.items() if name != "mass"}, sex)


@cache
def cut(name: str, size: str, sex: str) -> Pattern:
    return designs()[name].draft(size_measurements(size, sex), {})


@cache
def sewn(name: str) -> Cloth:
    return mesh(garment(name), 0.015)


@pytest.mark.parametrize("sex", SEXES)
def test_every_size_can_be_sewn(design, sex):
    sizes = list(chart(sex).sizes)
    assert {size: faults(cut(design.NAME, size, sex)) for size in sizes} == dict.fromkeys(sizes, ())


def test_a_pattern_says_all_measures_that_it_was_drafted_from(design):
    """Nothing else that is known of the wearer changes it."""
    body = {**size_measurements("XL", "female"), "knee_girth": 0.47, "high_hip_girth": 1.21}
    drawn = design.draft(body, {})
    told = {name: value for name, value in body.items() if name in drawn.measurements}
    again = design.draft(told, {})
    assert dict(drawn.measurements) == told == dict(again.measurements)
    for one, other in zip(drawn.panels, again.panels, strict=True):
        assert all(np.array_equal(a.controls, b.controls) for a, b in zip(one.edges, other.edges, strict=True))


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize(("stature", "bmi"), PEOPLE)
def test_every_person_can_be_drafted_for(design, sex, stature, bmi):
    assert faults(design.draft(person(sex, stature, bmi), {})) == ()


@pytest.mark.parametrize(("sex", "bmi"), [("female", 17), ("male", 40)])
def test_every_option_can_go_to_both_its_ends(design, sex, bmi):
    body = person(sex, 1.7, bmi)
    for name, option in design.OPTIONS.items():
        for value in (option.low, option.high):
            assert faults(design.draft(body, {name: value})) == (), f"{name} {value}"


@pytest.mark.parametrize("sex", SEXES)
def test_larger_sizes_are_larger_everywhere(design, sex):
    made = [garment(design.NAME, size, sex) for size in chart(sex).sizes]
    assert np.all(np.diff([each.pattern.area for each in made]) > 0)
    for region in made[0].girths:
        assert np.all(np.diff([each.girths[region] for each in made]) > 0), region


def drawn_of(pattern: Pattern) -> tuple:
    """What a pattern is made of, without where it lies."""
    panels = [
        (panel.name, panel.wraps, panel.fold, [(notch.edge, notch.mark) for notch in panel.notches],
         [[each.name for each in some] for some in (panel.edges, panel.lines, panel.marks, panel.drills)])
        for panel in pattern.panels
    ]  # fmt: skip
    seams = [(seam.name, seam.first, seam.second) for seam in pattern.seams]
    return panels, seams, dict(pattern.lines), [each.name for each in pattern.fastenings]


@pytest.mark.parametrize("table", chart_names())
def test_all_sizes_have_the_same_pieces_edges_darts_and_seams(design, table):
    """Options may change how a garment is cut, sizes may not: they are graded into each other by point."""
    sizes = list(chart(table).sizes)
    patterns = [cut(design.NAME, size, table) for size in sizes]
    middle = patterns[len(sizes) // 2]
    for size, pattern in zip(sizes, patterns, strict=True):
        assert drawn_of(pattern) == drawn_of(middle), size
    for end in (patterns[0], patterns[-1]):
        for panel in graded(middle, rules(middle, end)).panels:
            corners = [edge.start for edge in panel.edges]
            assert np.allclose(corners, [edge.start for edge in end.panel(panel.name).edges], atol=1e-9), panel.name


@pytest.mark.parametrize("sex", SEXES)
def test_girths_are_the_body_s_and_the_ease(design, sex):
    body = size_measurements("M", sex)
    pattern = cut(design.NAME, "M", sex)
    for line, girth in EASED.items():
        if line in pattern.lines and f"ease_{line}" in design.OPTIONS:
            ease = pattern.girth(line) - body[girth]
            least = design.OPTIONS[f"ease_{line}"].default
            assert ease >= least - 0.005, f"{line}: {ease:.3f} of {least:.3f}"
            if line == "bust":
                assert ease == pytest.approx(least, abs=0.005)


def test_scaling_a_body_scales_its_pattern(design):
    """In every length, though not exactly: allowances for movement do not grow with people."""
    body = size_measurements("M", "female")
    small, large = (design.draft({k: v * s for k, v in body.items()}, {}) for s in (1.0, 1.1))
    assert large.area / small.area == pytest.approx(1.1**2, rel=0.06)
    for one, two in zip(small.panels, large.panels, strict=True):
        assert np.ptp(two.outline(), axis=0).max() / np.ptp(one.outline(), axis=0).max() == pytest.approx(1.1, rel=0.06)


def test_notches_are_where_the_other_side_has_them(design):
    """A whole piece that is alike about its fold has each notch twice, mirrored, but for those on the fold."""
    for panel in design.draft(size_measurements("M", "female"), {}).panels:
        if panel.fold and panel.fold.startswith("fold_centre"):
            found = [
                (*np.round(panel.edge(each.edge).at(np.array([each.at]))[0], 4), each.mark) for each in panel.notches
            ]
            assert {(-x, y, mark) for x, y, mark in found} == set(found), (design.NAME, panel.name)


def test_left_mirrors_right(design):
    pattern = cut(design.NAME, "M", "female")
    for panel in pattern.panels:
        other = pattern.panel(swapped(panel.name))
        ours, theirs = (np.concatenate([e.at(np.linspace(0, 1, 9)) for e in p.edges]) for p in (panel, other))
        distance = np.linalg.norm(ours[:, None] * (-1, 1) - theirs[None], axis=2).min(axis=1)
        assert distance.max() < 1e-3, panel.name


def test_drafting_is_quick(design):
    body, taken = size_measurements("M", "female"), []
    for _ in range(7):
        start = time.process_time()
        design.draft(body, {})
        taken.append(time.process_time() - start)
    assert min(taken) < 2 * SECONDS  # The benchmark holds it to once; here others compute, too.


def smallest_angles(corners: np.ndarray) -> np.ndarray:
    """The smallest angle [degrees] of every triangle of corners [n, 3, 2 or 3]."""
    smallest = np.full(len(corners), 180.0)
    for k in range(3):
        first, second = corners[:, (k + 1) % 3] - corners[:, k], corners[:, (k + 2) % 3] - corners[:, k]
        cosine = (first * second).sum(axis=1) / np.linalg.norm(first, axis=1) / np.linalg.norm(second, axis=1)
        smallest = np.minimum(smallest, np.degrees(np.arccos(np.clip(cosine, -1, 1))))
    return smallest


def test_meshes_have_wide_angles_and_no_slivers(design):
    smallest = smallest_angles(sewn(design.NAME).rest)
    assert np.percentile(smallest, 1) >= 30.0 and smallest.min() > 8.0


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("size", ["XXS", "L", "XXL"])
def test_every_size_has_wide_angles_however_narrow_its_strips(design, sex, size):
    """On coarse cloth, where waistbands and the strips between two lines are one or two triangles high."""
    flat = flat_panels(cut(design.NAME, size, sex), 0.02)
    smallest = smallest_angles(np.concatenate([panel.points[panel.triangles] for panel in flat]))
    assert np.percentile(smallest, 1) >= 30.0 and smallest.min() > 8.0


def test_seams_weld_into_one_sheet_that_looks_one_way(design):
    """No two faces walk an edge alike; only where a pleat's tuck ends do two places of one panel share an edge, and
    where a patch is sewn on."""
    cloth = sewn(design.NAME)
    ends = np.concatenate([cloth.faces[:, [k, (k + 1) % 3]] for k in range(3)])
    drawn = np.concatenate([cloth.drawn()[:, [k, (k + 1) % 3]] for k in range(3)])
    _, number, count = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    panel = np.tile(cloth.panel, 3)
    for twice in np.flatnonzero(count > 1):
        first, second = np.flatnonzero(number.ravel() == twice)
        tuck = panel[first] == panel[second] and np.abs(drawn[first] - drawn[second]).max() > 1e-3
        assert tuck or any(cloth.wraps[panel[one]].startswith("over ") for one in (first, second))


def test_a_garment_weighs_its_area_times_its_density(design):
    made = garment(design.NAME)
    assert sewn(design.NAME).mass.sum() == pytest.approx(made.mass, rel=2e-3)


@cache
def wearer() -> Body:
    """The mean woman, at ease."""
    model = load_model()
    mean, _ = model.prior(0.0)
    return model.body(mean, at_ease(model, mean))


def test_it_drapes(design):
    """Coarsely: outside the body, whole, at rest."""
    (worn,) = drape((garment(design.NAME),), wearer(), edge=ROUGH)
    told = worn.certificate
    assert [reason for reason in told.reasons if "inside the body" not in reason] == []
    assert told.deepest < 0.006 and told.vertices_inside <= 0.003 * worn.cloth.count  # As near as coarse cloth comes.


def test_drafting_says_what_it_lacks(design):
    with pytest.raises(InputRefused, match=f"without .*{design.NEEDS[0]}"):
        design.draft({}, {})


def test_options_are_checked(design):
    body, name = size_measurements("M", "female"), "length"
    with pytest.raises(UsageError, match="has no option lenth: it has length"):
        design.draft(body, {"lenth": 0.5})
    with pytest.raises(UsageError, match=rf"{name} of a .* must lie between"):
        design.draft(body, {name: 9.0})


def test_options_explain_themselves(design):
    for name, option in design.OPTIONS.items():
        assert option.low <= option.default <= option.high and option.help and option.unit, name


def test_every_edge_and_line_that_is_named_exists(design):
    pattern = cut(design.NAME, "M", "male")
    for name in pattern.lines:
        assert pattern.girth(name) > 0.03, name
    for panel in pattern.panels:
        for notch in panel.notches:
            assert 0.0 <= notch.at <= 1.0 and panel.edge(notch.edge).length > 0.0
