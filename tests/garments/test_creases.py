"""Pressed folds: the mesh follows them, they rest at their angle, what is folded over lies where its mirror does."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from garments.checking import faults
from garments.cloth import mesh
from garments.creases import pressed
from garments.dressing.folding import folded
from garments.edges import line
from garments.garment import garment
from garments.meshing import flat_panels
from garments.nest import pattern_packed, pattern_unpacked
from garments.pattern import Crease, Panel, Pattern, mirrored
from garments.solvers import bending

WIDE, HIGH = 0.204, 0.1  # 17 edges wide: the fold ends at points of the outline.


def strip(angle: float) -> Panel:
    corners = [(0.0, 0.0), (WIDE, 0.0), (WIDE, HIGH), (0.0, HIGH)]
    edges = tuple(line(f"e{k}", corners[k], corners[(k + 1) % 4]) for k in range(4))
    level, fold = line("level", (0.0, 0.05), (WIDE, 0.05)), line("fold", (0.060, 0.0), (0.084, HIGH))
    grain = np.array([[0.0, 0.0], [0.0, 1.0]])
    return Panel("strip", edges, grain, "", lines=(fold, level), creases=(Crease("fold", angle),))


def flat(angle: float):
    return flat_panels(Pattern("strip", (strip(angle),), (), {}, {}), 0.012)[0]


def test_the_mesh_follows_creases_and_lines_that_cross_them():
    panel = flat(1.0)
    sides = {frozenset((t[k], t[(k + 1) % 3])) for t in panel.triangles.tolist() for k in range(3)}
    for name in ("fold", "level"):
        run = panel.runs[name].tolist()
        assert all(frozenset(pair) in sides for pair in pairwise(run)), name
    assert len(set(panel.runs["fold"].tolist()) & set(panel.runs["level"].tolist())) == 1


@pytest.mark.parametrize("angle", [0.0, 0.7, -1.5, 2.8])
def test_a_crease_rests_at_its_angle_and_nowhere_else(angle):
    panel = flat(angle)
    rest = panel.points[panel.triangles]
    shell = bending.shell(
        panel.triangles.astype(np.int32), rest, np.full((len(rest), 3), 1e-5), pressed(panel.runs["fold"], angle)
    )

    def force(turned: float) -> float:
        x = np.c_[panel.points, np.zeros(len(panel.points))]
        way = np.array([0.024, HIGH, 0.0]) / np.hypot(0.024, HIGH)
        off = x - (0.06, 0.0, 0.0)
        beside = off - (off @ way)[:, None] * way
        left = beside[:, 0] < -1e-9
        aside = np.linalg.norm(beside[left], axis=1)[:, None]
        out = np.cos(turned) * beside[left] / aside + np.sin(turned) * np.array([0.0, 0.0, 1.0])
        x[left] = x[left] - beside[left] + aside * out
        return float(np.abs(shell.pull(x) + shell.forces(x) - shell.matrix @ x).max())

    least = force(angle)
    assert least < 1e-9
    assert all(force(angle + off) > 1e-6 for off in (-0.2, 0.2) if abs(angle + off) < 3.0)


def test_creases_push_nothing_as_a_whole():
    cloth = mesh(garment("pleated_skirt"), 0.025)
    shell = bending.shell(cloth.faces, cloth.rest, np.full((len(cloth.faces), 3), 1e-5), cloth.creases)
    x = np.random.default_rng(0).normal(size=(cloth.count, 3))
    assert len(shell.firm) and np.abs((shell.pull(x) + shell.forces(x)).sum(axis=0)).max() < 1e-9


def test_a_folded_skirt_is_as_wide_as_its_yoke():
    cloth = mesh(garment("pleated_skirt"), 0.025)
    laid = folded(cloth)
    hem, hip = (laid.cloth.flat_length(cloth.lines[name]) for name in ("hem", "hip"))
    assert hem == pytest.approx(hip, rel=0.03) and cloth.flat_length(cloth.lines["hem"]) > 1.5 * hip
    assert laid.layers.max() == 2.0 and not len(laid.flaps.vertices)


def test_what_a_pleat_hides_follows_what_is_seen():
    """Where it has come apart from it while the skirt was laid on, the layers would pass through each other."""
    laid = folded(mesh(garment("pleated_skirt"), 0.025))
    places = np.zeros((len(laid.layers), 3))
    places[laid.cloth.faces.ravel(), :2] = laid.cloth.rest.reshape(-1, 2)
    apart = places.copy()
    apart[laid.hidden.vertices, 2] += 0.03
    assert len(laid.hidden.vertices) > 100
    np.testing.assert_allclose(laid.spread(apart)[laid.hidden.vertices, 2], 0.0, atol=0.013)


def test_lapels_lie_on_their_fronts():
    cloth = mesh(garment("jacket"), 0.025)
    laid = folded(cloth)
    flaps = laid.flaps
    assert len(flaps.vertices) and laid.layers[flaps.vertices].mean() > 0.5
    np.testing.assert_allclose(flaps.shares.sum(axis=1), 1.0, atol=1e-5)


def test_creases_are_checked_mirrored_and_kept():
    panel = strip(1.0)
    assert mirrored(panel).creases == panel.creases
    told = faults(Pattern("strip", (replace(panel, creases=(Crease("seam", 1.0), Crease("fold", 4.0))),), (), {}, {}))
    assert any("pressed along seam" in fault for fault in told) and any("229 degrees" in fault for fault in told)
    pattern = garment("jacket").pattern
    again = pattern_unpacked(pattern_packed(pattern))
    assert [each.creases for each in again.panels] == [each.creases for each in pattern.panels]
