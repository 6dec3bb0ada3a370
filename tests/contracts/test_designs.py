"""What every design must do: draft for every size and person, grade evenly, mirror, weigh what its area says."""

import numpy as np
import pytest

from assets.errors import InputRefused, UsageError
from body.population import population
from garments.checking import faults
from garments.cloth import mesh
from garments.designs import designs
from garments.fabric import fabrics
from garments.garment import garment
from garments.grading import SEXES, chart, completed, size_measurements

DESIGNS = sorted(designs())
EACH_SIZE = [(sex, size) for sex in SEXES for size in chart(sex).sizes]


@pytest.fixture(params=DESIGNS)
def design(request):
    return designs()[request.param]


def person(sex: str, stature: float, bmi: float) -> dict[str, float]:
    known = {"stature": (stature, 0.002), "mass": (bmi * stature**2, 0.5)}
    likely = population().given(known, SEXES.index(sex))
    return completed({name: value for name, (value, _) in likely.items() if name != "mass"}, sex)


@pytest.mark.parametrize(("sex", "size"), EACH_SIZE)
def test_every_size_can_be_sewn(design, sex, size):
    assert faults(design.draft(size_measurements(size, sex), {})) == ()


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("stature", [1.45, 1.75, 2.05])
@pytest.mark.parametrize("bmi", [16, 24, 45])
def test_every_person_can_be_drafted_for(design, sex, stature, bmi):
    body = person(sex, stature, bmi)
    pattern = design.draft(body, {})
    assert faults(pattern) == ()
    assert pattern.girth("hip") > body["hip_girth"]


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("bmi", [16, 26, 45])
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


def swapped(name: str) -> str:
    return name.replace("left", "RIGHT").replace("right", "left").replace("RIGHT", "right")


def test_left_mirrors_right(design):
    pattern = design.draft(size_measurements("M", "female"), {})
    for panel in pattern.panels:
        other = pattern.panel(swapped(panel.name))
        ours, theirs = (np.concatenate([e.at(np.linspace(0, 1, 9)) for e in p.edges]) for p in (panel, other))
        distance = np.linalg.norm(ours[:, None] * (-1, 1) - theirs[None], axis=2).min(axis=1)
        assert distance.max() < 1e-3, panel.name


@pytest.mark.parametrize("fabric", sorted(fabrics()))
def test_a_garment_weighs_its_area_times_its_density(design, fabric):
    made = garment(design.NAME, fabric=fabric)
    assert mesh(made, 0.02).mass.sum() == pytest.approx(made.mass, rel=1e-3)


def test_drafting_says_what_it_lacks(design):
    with pytest.raises(InputRefused, match=f"without .*{design.NEEDS[0]}"):
        design.draft({}, {})


def test_options_are_checked(design):
    body = size_measurements("M", "female")
    with pytest.raises(UsageError, match="has no option lenth: it has length"):
        design.draft(body, {"lenth": 0.5})
    with pytest.raises(UsageError, match=r"length of a .* must lie between"):
        design.draft(body, {"length": 9.0})


def test_options_explain_themselves(design):
    for name, option in design.OPTIONS.items():
        assert option.low <= option.default <= option.high and option.help and option.unit, name


def test_every_edge_and_line_that_is_named_exists(design):
    pattern = design.draft(size_measurements("M", "male"), {})
    for name in pattern.lines:
        assert pattern.girth(name) > 0.1, name
    for panel in pattern.panels:
        for notch in panel.notches:
            assert 0.0 <= notch.at <= 1.0 and panel.edge(notch.edge).length > 0.0
