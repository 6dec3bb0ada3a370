"""A raised arm, held: how somebody who stands two metres from a screen presses its button."""

import numpy as np

from body.pose import LEFT_ELBOW, LEFT_SHOULDER, LEFT_WRIST, NOSE, RIGHT_ELBOW, RIGHT_SHOULDER, RIGHT_WRIST

HELD = 1.0
"""How long the arm is to be held up [s]."""
GAP = 0.6  # between pictures, beyond which it is not known to have been held [s]
_SEEN = 0.5


class RaisedArm:
    """Feeds on landmarks as they come. It tells once of each raising; the arm must come down before the next."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._last = -np.inf
        self._told = False

    def feed(self, landmarks: np.ndarray | None, time: float) -> bool:
        """Landmarks [33, 4] [pixels], as of body.live.track.Track, or None where nobody is seen, at a time [s]; whether
        this is the moment at which an arm has been held up for HELD."""
        up = landmarks is not None and raised(landmarks)
        if time - self._last > GAP or time < self._last:
            self._since = None
        self._last = time
        if not up:
            self._since, self._told = None, False
            return False
        self._since = time if self._since is None else self._since
        if self._told or time - self._since < HELD:
            return False
        self._told = True
        return True


def raised(landmarks: np.ndarray) -> bool:
    """Whether one arm is up, its hand above the head's middle, and the other hangs."""
    left = _up(landmarks, LEFT_WRIST, LEFT_ELBOW, LEFT_SHOULDER)
    right = _up(landmarks, RIGHT_WRIST, RIGHT_ELBOW, RIGHT_SHOULDER)
    return left != right


def _up(landmarks: np.ndarray, wrist: int, elbow: int, shoulder: int) -> bool:
    seen = bool((landmarks[[wrist, shoulder, NOSE], 3] > _SEEN).all())
    height = landmarks[:, 1]
    elbow_up = height[wrist] < height[elbow] < height[shoulder] + _hand(landmarks)
    return seen and bool(height[wrist] < height[NOSE] and elbow_up)


def _hand(landmarks: np.ndarray) -> float:
    """About the length of a hand, by which an elbow may be below its shoulder [pixels]."""
    return 0.25 * float(abs(landmarks[LEFT_SHOULDER, 0] - landmarks[RIGHT_SHOULDER, 0]))
