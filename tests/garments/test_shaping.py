"""Darts, pleats, gathers and folds: what they take in is what the edge loses, and sewn shut they weld."""

from dataclasses import replace

import numpy as np
import pytest

from assets.errors import InputRefused
from garments.blocks.shaping import Dart, Pleat, closures, darted, gathered, joined, pleated
from garments.checking import faults
from garments.cloth import mesh
from garments.edges import curve, line
from garments.fabric import fabric
from garments.garment import Cut, Garment
from garments.pattern import Drill, Notch, Panel, Pattern, Pieces, mirrored, unfolded

UPRIGHT = np.array([[0.0, -0.4], [0.0, -0.1]])
TOP = curve("waist_{}", (0.3, 0.02), (0.15, 0.0), (0.0, 0.0))


def half(*top) -> Panel:
    """The half of a panel, drawn up to its fold at x = 0."""
    bottom = [line("hem", (0.0, -0.5), (0.3, -0.5)), line("side_left", (0.3, -0.5), (0.3, 0.02))]
    run = joined(*bottom, *top).only("left")
    edges = (*run.edges, line("fold_centre", (0.0, 0.0), (0.0, -0.5)))
    return Panel(
        "front",
        edges,
        UPRIGHT,
        "trunk front",
        drills=run.drills,
        notches=run.notches,
        marks=run.marks,
        fold="fold_centre",
    )


def alone(panel: Panel, *seams) -> Pattern:
    return Pattern("cloth", (panel,), (*closures(panel), *seams), {}, {})


@pytest.mark.parametrize("intake", [0.01, 0.03])
def test_a_dart_takes_in_what_it_says(intake):
    made = darted(TOP, [Dart("dart_0_{}", 0.3, intake, 0.12), Dart("dart_1_{}", 0.7, intake, 0.1)])
    left = sum(edge.length for edge in made.edges if "waist" in edge.name)
    assert left == pytest.approx(TOP.length - 2 * intake, abs=5e-4)
    legs = [edge.length for edge in made.edges if "dart_0" in edge.name]
    assert legs[0] == pytest.approx(legs[1], rel=1e-6) and legs[0] == pytest.approx(
        np.hypot(0.12, intake / 2), rel=0.02
    )
    assert faults(alone(unfolded(half(made)))) == ()


def test_a_dart_is_drilled_inside_itself_short_of_its_point():
    made = darted(TOP, [Dart("dart_0_{}", 0.5, 0.03, 0.12)])
    apex, (hole,) = made.edges[1].end, made.drills
    assert 0.005 < np.hypot(hole.x - apex[0], hole.y - apex[1]) < 0.02 and hole.y > apex[1]


def test_a_pleat_is_a_tuck_with_its_fold_marked():
    made = pleated(TOP, [Pleat("pleat_0_{}", 0.4, 0.06, 0.1)])
    outer, inner = (edge for edge in made.edges if edge.name.startswith("pleat"))
    assert outer.length == pytest.approx(0.03, abs=5e-4) and np.allclose(outer.end, inner.start)
    assert [mark.name for mark in made.marks] == ["place_pleat_0_outer_{}", "fold_pleat_0_{}", "place_pleat_0_inner_{}"]
    assert np.allclose(made.marks[1].start, outer.end) and made.marks[1].length == pytest.approx(0.1)


@pytest.mark.parametrize("make", [
    lambda: darted(TOP, [Dart("dart_0_{}", 0.02, 0.03, 0.1)]),
    lambda: pleated(TOP, [Pleat("a_{}", 0.4, 0.06, 0.1), Pleat("b_{}", 0.5, 0.06, 0.1)]),
])  # fmt: skip
def test_what_does_not_fit_on_its_edge_is_refused(make):
    with pytest.raises(InputRefused, match="does not fit on waist"):
        make()


@pytest.mark.parametrize("make", [
    lambda: darted(TOP, [Dart("dart_0_{}", 0.4, 0.03, 0.12)]),
    lambda: pleated(TOP, [Pleat("pleat_0_{}", 0.4, 0.06, 0.1)]),
])  # fmt: skip
def test_sewn_shut_it_is_one_sheet_with_one_rim(make):
    cloth = mesh(Garment(Cut("cloth"), alone(unfolded(half(make()))), fabric("oxford"), (1, 1, 1)), 0.012)
    pairs = np.sort(np.concatenate([cloth.faces[:, [k, (k + 1) % 3]] for k in range(3)]), axis=1)
    edges, counts = np.unique(pairs, axis=0, return_counts=True)
    assert counts.max() == 2 and cloth.count - len(edges) + len(cloth.faces) == 1


def test_a_gather_is_a_seam_with_a_ratio_and_welds():
    skirt = unfolded(half(TOP))
    band = Panel(
        "band", tuple(line(n, a, b) for n, a, b in (
            ("lower", (-0.15, 0.1), (0.15, 0.1)), ("right", (0.15, 0.1), (0.15, 0.15)),
            ("upper", (0.15, 0.15), (-0.15, 0.15)), ("left", (-0.15, 0.15), (-0.15, 0.1)),
        )), UPRIGHT, "trunk front",
    )  # fmt: skip
    seam = gathered((skirt, band), "waist", ["-front.waist_right", "-front.waist_left"], ["band.lower"])
    assert seam.ratio == pytest.approx(2 * TOP.length / 0.3)
    pattern = Pattern("gathered", (skirt, band), (seam,), {}, {})
    assert faults(pattern) == ()
    cloth = mesh(Garment(Cut("gathered"), pattern, fabric("oxford"), (1, 1, 1)), 0.012)
    ends = cloth.seam("waist")[[0, -1]]
    assert all(len(np.unique(cloth.panel[(cloth.faces == v).any(axis=1)])) == 2 for v in ends)


def test_unfolding_doubles_a_half_and_folds_back_on_itself():
    drawn = half(darted(TOP, [Dart("dart_0_{}", 0.4, 0.03, 0.12)]))
    whole = unfolded(drawn)
    assert whole.area == pytest.approx(2 * drawn.area) and len(whole.drills) == 2 * len(drawn.drills)
    assert {"waist_0_left", "waist_0_right", "hem", "hem_folded"} <= {edge.name for edge in whole.edges}
    assert faults(alone(whole)) == ()
    with pytest.raises(InputRefused, match="no straight edge to unfold"):
        unfolded(whole)


def test_the_mirror_image_of_a_mirror_image_is_the_panel():
    drawn = half(darted(TOP, [Dart("dart_0_{}", 0.4, 0.03, 0.12)]))
    again = mirrored(mirrored(drawn))
    assert np.allclose(again.outline(), drawn.outline()) and again.notches == drawn.notches
    assert again.drills == drawn.drills and mirrored(drawn).area == pytest.approx(drawn.area)
    assert {edge.name for edge in mirrored(drawn).edges} >= {"side_right", "dart_0_outer_right"}


@pytest.mark.parametrize(("changes", "said"), [
    ({"notches": (Notch("side_left", 1.2),)}, "notch off its edge side_left"),
    ({"notches": (Notch("sleeve", 0.5),)}, "notch on sleeve, which is no edge"),
    ({"drills": (Drill("button", 0.9, 0.0),)}, "drill hole button of front lies beside the cloth"),
    ({"fold": None, "marks": (line("place", (0.1, -0.1), (0.9, -0.1)),)}, "line place of front runs outside"),
    ({"lines": (line("hip", (0.1, -0.2), (0.3, -0.2)),)}, "inner line hip of front does not end at corners"),
    ({"fold": "middle"}, "folded at middle, which it does not have"),
    ({"fold": "slanted", "marks": (line("slanted", (0.0, -0.4), (0.1, -0.1)),)}, "halves differ by"),
    ({"cut": Pieces(0, 0)}, "is never cut"),
    ({"allowances": {"hem": -0.01}}, "allowance of -10.0 mm on hem"),
    ({"allowances": {"sleeve": 0.01}}, "allowance on sleeve, which is no edge"),
])  # fmt: skip
def test_a_fault_in_what_is_marked_is_named(changes, said):
    (fault,) = faults(alone(replace(unfolded(half(TOP)), **changes)))
    assert said in fault


def test_an_allowance_that_crosses_itself_or_another_is_named():
    dip = curve("neck", (0.3, 0.0), (0.17, -0.12), (0.13, -0.12), (0.0, 0.0))
    sides = line("hem", (0.0, -0.4), (0.3, -0.4)), line("right", (0.3, -0.4), (0.3, 0.0))
    edges = (*sides, dip, line("left", (0.0, 0.0), (0.0, -0.4)))
    tight = Panel("yoke", edges, UPRIGHT, "trunk front", allowances={"neck": 0.2})
    assert any("on neck of yoke crosses itself" in fault for fault in faults(alone(tight)))
    points = [(0.0, 0.0), (0.3, 0.0), (0.3, 0.3), (0.155, 0.3), (0.155, 0.1), (0.145, 0.1), (0.145, 0.3), (0.0, 0.3)]
    slot = tuple(line(f"e{k}", point, points[(k + 1) % 8]) for k, point in enumerate(points))
    found = faults(alone(Panel("slot", slot, UPRIGHT, "trunk front")))
    assert any("allowances on e3 and e5 of slot overlap" in fault for fault in found)
