"""Dragging points of patterns that no design drafts: the point goes, its neighbours follow, seams stay sewn."""

import numpy as np
import pytest

from assets.errors import InputRefused
from garments.checking import faults
from garments.designs import designs
from garments.freehand import dragged
from garments.grading import size_measurements
from garments.handles import Handle
from garments.imported.readymade import ReadyMade, told
from garments.nest import Nest


@pytest.fixture(scope="module")
def pattern():
    return designs()["tee"].draft(size_measurements("M", "female"), {})


def test_a_corner_goes_where_it_is_dragged_and_its_mirror_image_with_it(pattern) -> None:
    """The front is cut on the fold: its other half follows, and no other piece."""
    handle = Handle("front", "hem")
    goal = handle.on(pattern) + np.array([0.0, -0.05])
    made, said = dragged(pattern, handle, goal)
    assert np.allclose(handle.on(made), goal) and faults(made) == ()
    starts = {(p.name, e.name): e.start for p in pattern.panels for e in p.edges}
    ways = {k: made.panel(k[0]).edge(k[1]).start - at for k, at in starts.items()}
    moved = {k for k, way in ways.items() if np.linalg.norm(way) > 1e-9}
    assert len(moved) == 2 and all(panel == "front" and np.allclose(ways[panel, e], [0, -0.05]) for panel, e in moved)
    assert any("cm longer than before" in sentence for sentence in said), "the side seam is longer on one side now"
    back, _ = dragged(made, handle, handle.on(pattern))
    assert back.area == pytest.approx(pattern.area, rel=1e-9)


def test_the_middle_of_an_edge_takes_the_edge_straight_across(pattern) -> None:
    handle = Handle("front", "hem", 0.5)
    made, _ = dragged(pattern, handle, handle.on(pattern) + np.array([0.04, -0.06]))
    before, after = pattern.panel("front").edge("hem"), made.panel("front").edge("hem")
    assert np.allclose(after.start - before.start, [0.0, -0.06]) and np.allclose(after.end - before.end, [0.0, -0.06])
    assert after.length == pytest.approx(before.length)


def test_a_twin_goes_along_mirrored(pattern) -> None:
    handle = Handle("sleeve_left", pattern.panel("sleeve_left").edges[0].name)
    made, _ = dragged(pattern, handle, handle.on(pattern) + np.array([0.01, -0.02]))
    left, right = made.panel("sleeve_left"), made.panel("sleeve_right")
    assert left.area == pytest.approx(right.area) and left.area != pytest.approx(pattern.panel("sleeve_left").area)


def test_what_could_not_be_cut_is_refused_by_its_fault(pattern) -> None:
    with pytest.raises(InputRefused, match=r"crosses itself|longer|seam"):
        dragged(pattern, Handle("front", "hem"), np.array([0.3, -0.5]))


def test_a_ready_made_garment_keeps_the_pattern_that_it_was_sewn_from(pattern) -> None:
    kept = told(Nest("tee", {"M": pattern}, "M", {"front": np.eye(4)}))
    corners = np.eye(3)
    made = ReadyMade("tee", corners, [[0, 1, 2]], np.zeros((1, 3, 2)), [0], True, sewn=kept).checked()
    assert made.panel_names == tuple(panel.name for panel in pattern.panels)
    assert made.pattern.area == pytest.approx(pattern.area) and "front" in made.nest.placements
    for wrong in ("{", '{"name": 3}', "[" * 100_000, "nan"):
        with pytest.raises(InputRefused, match="damaged"):
            _ = ReadyMade("tee", corners, [[0, 1, 2]], np.zeros((1, 3, 2)), [0], True, sewn=wrong).pattern
