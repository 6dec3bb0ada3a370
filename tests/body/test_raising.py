"""A raised arm, held: told once, when it was held long enough, and only for one arm."""

import numpy as np

from body.live.raising import HELD, RaisedArm, raised
from body.pose import LEFT_ELBOW, LEFT_SHOULDER, LEFT_WRIST, NOSE, RIGHT_ELBOW, RIGHT_SHOULDER, RIGHT_WRIST


def standing(left: bool = False, right: bool = False) -> np.ndarray:
    """Landmarks of somebody with these arms up."""
    made = np.zeros((33, 4))
    made[:, 3] = 1.0
    made[NOSE, :2] = 300, 100
    for shoulder, elbow, wrist, x, up in (
        (LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST, 360, left),
        (RIGHT_SHOULDER, RIGHT_ELBOW, RIGHT_WRIST, 240, right),
    ):
        made[shoulder, :2] = x, 180
        made[elbow, :2] = x, 110 if up else 250
        made[wrist, :2] = x, 40 if up else 320
    return made


def told(arm: RaisedArm, landmarks: np.ndarray | None, start: float, end: float, step: float = 0.1) -> int:
    return sum(arm.feed(landmarks, time) for time in np.arange(start, end, step))


def test_one_arm_up_is_a_raised_arm_and_both_or_none_are_not() -> None:
    assert raised(standing(left=True)) and raised(standing(right=True))
    assert not raised(standing()) and not raised(standing(True, True))
    unseen = standing(left=True)
    unseen[LEFT_WRIST, 3] = 0.1
    assert not raised(unseen)


def test_it_is_told_once_when_it_was_held_and_again_only_after_it_came_down() -> None:
    arm = RaisedArm()
    assert told(arm, standing(left=True), 0.0, 0.9 * HELD) == 0
    assert told(arm, standing(left=True), HELD, 4 * HELD) == 1
    assert told(arm, standing(), 4.1, 4.5) == 0
    assert told(arm, standing(right=True), 4.6, 4.6 + 2 * HELD) == 1


def test_a_gap_or_somebody_who_is_lost_begins_anew() -> None:
    arm = RaisedArm()
    assert told(arm, standing(left=True), 0.0, 0.8) == 0
    assert told(arm, None, 0.8, 0.9) == 0
    assert told(arm, standing(left=True), 0.9, 1.7) == 0
    other = RaisedArm()
    assert not other.feed(standing(left=True), 0.0) and not other.feed(standing(left=True), 5.0)
