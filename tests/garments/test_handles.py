"""Points of a pattern that are dragged: options follow, the point goes where it is wanted, the pattern can be sewn."""

from functools import cache

import numpy as np
import pytest

from garments.checking import faults
from garments.designs import design, designs
from garments.grading import size_measurements
from garments.handles import Handle, handles, take

BODY = size_measurements("M", "female")


@pytest.mark.parametrize("name", sorted(designs()))
def test_a_point_goes_where_it_is_dragged_and_the_pattern_can_be_sewn(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At six points round the first panel: what options can reach is reached. All share what was drafted."""
    plan = design(name)
    draft = plan.draft
    once = cache(lambda *options: draft(BODY, dict(options)))
    monkeypatch.setattr(plan, "draft", lambda body, options: once(*sorted(options.items())))
    moved, found = 0, handles(plan.draft(BODY, {}).panels[0])
    for handle in found[:: -(-len(found) // 6)]:
        drag = take(plan, BODY, {}, handle)
        if not drag.free:
            continue
        k = int(np.linalg.norm(drag.moves, axis=1).argmax())
        goal = drag.start + 0.01 * drag.moves[k] / np.linalg.norm(drag.moves[k])
        options = drag.to(goal)
        pattern = plan.draft(BODY, options)
        assert faults(pattern) == ()
        start, end = np.linalg.norm(drag.start - goal), np.linalg.norm(handle.on(pattern) - goal)
        assert end <= start + 1e-9
        moved += end < 0.3 * start
    assert moved >= 2


def test_the_hem_makes_a_tee_longer_and_nothing_else() -> None:
    plan = design("tee")
    drag = take(plan, BODY, {}, Handle("front", "hem", 0.5))
    options = drag.to(drag.start - (0.0, 0.05))
    assert set(options) == {"length"}
    assert options["length"] == pytest.approx(plan.OPTIONS["length"].default + 0.05, abs=0.001)
    assert drag.to(drag.start) == {}


def test_no_option_leaves_its_range() -> None:
    plan = design("tee")
    drag = take(plan, BODY, {}, Handle("front", "hem", 0.5))
    assert drag.to(drag.start - (0.0, 9.0))["length"] == plan.OPTIONS["length"].high


@pytest.mark.parametrize("name", ["skirt", "pencil_skirt", "pleated_skirt"])
def test_the_tip_of_a_dart_goes_up_and_down_and_nothing_else_with_it(name: str) -> None:
    plan = design(name)
    drag = take(plan, BODY, {}, Handle("front", "dart_1_inner_left"))
    options = drag.to(drag.start - np.array([0.0, 0.02]))
    assert set(options) == {"dart_front"}
    pattern, before = plan.draft(BODY, options), plan.draft(BODY, {})
    assert drag.handle.on(pattern)[1] == pytest.approx(drag.start[1] - 0.02, abs=1e-3)
    assert pattern.girth("hip") == before.girth("hip") and faults(pattern) == ()
