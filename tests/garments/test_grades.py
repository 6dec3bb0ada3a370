"""Grading by rules: rules of two sizes lead from one to the other, tables come back, one size grows as bodies do."""

import numpy as np
import pytest

from assets.errors import InputRefused
from garments.checking import faults
from garments.designs import design, designs
from garments.edges import line
from garments.grades import graded, grown, proportionate, read_table, rules, table
from garments.grading import size_measurements
from garments.imported.guessing import arranged
from garments.pattern import Panel, Pattern

MEDIUM, LARGE = (size_measurements(size, "female") for size in ("M", "L"))


@pytest.mark.parametrize("name", ["tee", "tank", "shift_dress", "trousers", "shirt"])
def test_the_rules_of_two_sizes_lead_from_one_to_the_other(name: str) -> None:
    plan = design(name)
    medium, large = plan.draft(MEDIUM, {}), plan.draft(LARGE, {})
    made = graded(medium, rules(medium, large))
    for panel in made.panels:
        like = large.panel(panel.name)
        for edge in panel.edges:
            assert np.allclose(edge.start, like.edge(edge.name).start, atol=1e-9)
            assert edge.length == pytest.approx(like.edge(edge.name).length, rel=0.02, abs=0.002)
        assert panel.area == pytest.approx(like.area, rel=0.01)


@pytest.mark.parametrize("name", sorted(designs()))
def test_no_rules_change_nothing_and_half_the_rules_half_as_much(name: str) -> None:
    medium = design(name).draft(MEDIUM, {})
    same = graded(medium, {})
    assert all(np.array_equal(a.outline(), b.outline()) for a, b in zip(medium.panels, same.panels, strict=True))
    whole = proportionate(medium, MEDIUM, LARGE)
    areas = [graded(medium, {at: share * move for at, move in whole.items()}).area for share in (0.0, 0.5, 1.0)]
    assert areas[2] - areas[1] == pytest.approx(areas[1] - areas[0], rel=0.1)


def test_one_size_grows_as_bodies_do_and_can_still_be_sewn() -> None:
    medium = design("skirt").draft(MEDIUM, {})
    made = grown(medium, MEDIUM, LARGE)
    assert made.girth("hip") / medium.girth("hip") == pytest.approx(LARGE["hip_girth"] / MEDIUM["hip_girth"], abs=0.01)
    assert not faults(made)


@pytest.mark.parametrize("name", ["tee", "shirt", "jeans", "qipao", "wrap_dress", "leggings"])
@pytest.mark.parametrize("size", ["XS", "XXL"])
def test_what_has_grown_can_be_sewn(name: str, size: str) -> None:
    """Caps lie across and armholes along, yet both sides of every seam are as long as they were meant to be."""
    medium, body = design(name).draft(MEDIUM, {}), size_measurements(size, "female")
    made, plain = grown(medium, MEDIUM, body), graded(medium, proportionate(medium, MEDIUM, body))
    assert not faults(made)
    for seam, was in zip(made.seams, medium.seams, strict=True):
        share, before = (each.ease / of.length(each.second) for each, of in ((seam, made), (was, medium)))
        assert share == pytest.approx(before, abs=1e-9)
    assert made.area / medium.area == pytest.approx(plain.area / medium.area, rel=0.03)


def test_a_table_comes_back_as_it_went() -> None:
    medium, large = (design("tee").draft(body, {}) for body in (MEDIUM, LARGE))
    moves = rules(medium, large)
    back = read_table(table({"L": moves}), medium, "rules.csv")
    assert set(back) == {"L"} and set(back["L"]) == set(moves)
    assert all(np.allclose(back["L"][at], move, atol=1e-5) for at, move in moves.items())


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("front,hem,L,1,2,3\nfront,nothing,L,1,2", "line 3: panel front has no edge nothing"),
        ("lid,hem,L,1,2", "line 2: .* no panel lid"),
        ("front,hem,L,wide,2", "line 2"),
        ("front,hem,L,nan,2", "at most 500 mm"),
        ("front,hem,L,9000,2", "at most 500 mm"),
        ("", "no rules"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(line: str, why: str) -> None:
    medium = design("tee").draft(MEDIUM, {})
    with pytest.raises(InputRefused, match=why):
        read_table(f"panel,point,size,x_mm,y_mm\n{line}\n", medium, "rules.csv")
    with pytest.raises(InputRefused, match="no column point"):
        read_table("panel,size\n", medium, "rules.csv")


def test_sizes_that_are_drawn_otherwise_have_no_rules() -> None:
    with pytest.raises(InputRefused, match="not drawn alike"):
        rules(design("skirt").draft(MEDIUM, {}), design("skirt").draft(MEDIUM, {"flare": 1.4}))


@pytest.mark.parametrize(("name", "turned", "along"), [("sleeve", -50.0, 0), ("sleeve", 40.0, 1)])
def test_the_grain_of_a_sleeve_that_was_drawn_lying_runs_along_the_arm(name: str, turned: float, along: int) -> None:
    """So that a larger size is wider, not longer."""
    corners = np.array([[0.0, 0.0], [0.3, 0.0], [0.3, 0.2], [0.0, 0.2]])
    edges = tuple(line(f"edge_{k}", corners[k], corners[(k + 1) % 4]) for k in range(4))
    panel = Panel(name, edges, np.array([[0.15, 0.04], [0.15, 0.16]]), "")
    c, s = np.cos(np.radians(turned)), np.sin(np.radians(turned))
    placed = np.array([[c, -s, 0.0, 0.4], [s, c, 0.0, 1.2], [0.0, 0.0, 1.0, 0.1], [0.0, 0.0, 0.0, 1.0]])
    (found,) = arranged(Pattern("file", (panel,), (), {}, {}), {name: placed}).panels
    assert abs(found.warp[along]) == pytest.approx(1.0)
    assert found.wraps.startswith("left arm")
