"""The body that a garment from elsewhere is tried on, as on a dress form.

How well it sits is one number: how far its cloth is from the skin, five times as much where it is inside.
"""

from functools import lru_cache

import numpy as np

from assets.closest import Surface
from body.model import JOINT_NAMES, Body
from body.poses import RELAXED, T

SHOULDERS, HIPS = ([JOINT_NAMES.index(f"{side}_{name}") for side in ("left", "right")] for name in ("shoulder", "hip"))
_INSIDE, _DEEP, _FAR = 5.0, 0.10, 0.15
_SAMPLES, _FEW = 300, 80
_STEP, _ABOUT = 0.04, 0.05
TOP = 0.87
"""How high up a body [of its height] the shoulders hold a garment."""
_UNDER_ARMS = 0.07
_ASKEW = np.radians((-45.0, -30.0, -15.0, 0.0, 15.0, 30.0, 45.0))
_SWUNG, _SHIFTED, _TRIES = 0.15, 0.03, 100
_UP = np.array([0.0, 1.0, 0.0])


class Form:
    """A body with its arms held at some angle [degrees], on which garments are tried."""

    def __init__(self, body: Body, angle: float | None) -> None:
        if angle is not None:
            body = body.model.body(body.betas, with_arms(body.pose, angle), body.detail)
        self.body = body
        self.surface = Surface(body.vertices, body.skin.faces)
        self.height = float(np.ptp(body.vertices[:, 1]))
        trunk = body.vertices[np.abs(body.vertices[:, 0]) < 0.1]
        trunk = trunk[(trunk[:, 1] > 0.5 * self.height) & (trunk[:, 1] < 0.8 * self.height)]
        self.depth = float(0.5 * (trunk[:, 2].min() + trunk[:, 2].max()))

    def costs(self, points: np.ndarray) -> np.ndarray:
        """How badly [m] cloth sits with each set of points [s, k, 3], [s]."""
        distance = self.surface.closest(points.reshape(-1, 3)).distance.reshape(points.shape[:2])
        return np.where(distance < 0, _INSIDE * np.minimum(-distance, _DEEP), np.minimum(distance, _FAR)).mean(axis=1)

    def glance(self, points: np.ndarray, under_arms: bool = False) -> tuple[float, np.ndarray]:
        """The least cost over heights, by some of the points [k, 3], and the way there [m] [3]."""
        low, high = points.min(axis=0), points.max(axis=0)
        middle = self._middle(points)
        top = TOP * self.height
        if under_arms:
            top = float(self.body.joints[SHOULDERS, 1].min()) - _UNDER_ARMS
        hips = float(self.body.joints[HIPS, 1].min())
        heights = np.arange(top, max(min(high[1] - low[1], top) - 0.02, hips), -_STEP)
        ways = middle + heights[:, None] * _UP
        costs = self.costs(points[:: max(1, len(points) // _FEW)] + ways[:, None])
        best = int(np.argmin(costs))
        return float(costs[best]), ways[best]

    def _middle(self, points: np.ndarray) -> np.ndarray:
        """The way [m] [3] of points [k, 3] to the middle of the trunk, their highest to the floor."""
        low, high = points.min(axis=0), points.max(axis=0)
        return np.array([-0.5 * (low[0] + high[0]), -high[1], self.depth - 0.5 * (low[2] + high[2])])

    def seat(
        self, points: np.ndarray, under_arms: bool = False, top: float | None = None
    ) -> tuple[float, np.ndarray]:  # fmt: skip
        """The least cost over places in the body's middle plane, and the way there [m] [3]; `under_arms`: of those
        below the arms, `top`: where the highest point is about so high [m]."""
        from scipy.optimize import minimize

        way = self.glance(points, under_arms)[1] if top is None else self._middle(points) + top * _UP
        found = minimize(
            lambda to: self.costs((points + way + (0.0, *to))[None])[0], (0.0, 0.0), method="Nelder-Mead",
            bounds=((-_ABOUT, _ABOUT), (-2.0 * _ABOUT, 2.0 * _ABOUT)),
            options={"initial_simplex": [(0, 0), (0.02, 0), (0, 0.02)], "maxfev": 40, "xatol": 5e-4, "fatol": 1e-5},
        )  # fmt: skip
        return float(found.fun), way + np.array([0.0, *found.x])

    def turned(self, points: np.ndarray) -> tuple[float, np.ndarray]:
        """The least cost of points [k, 3] that may be turned by less than a right angle, and that turn, a vector [rad]
        [3]."""
        from scipy.optimize import minimize
        from scipy.spatial.transform import Rotation

        way = self.seat(points)[1]
        deep = way[2] + 0.5 * (points[:, 2].min() + points[:, 2].max())

        def cost(to: np.ndarray) -> float:
            placed = points @ Rotation.from_rotvec(to[:3]).as_matrix().T
            middle = 0.5 * (placed.min(axis=0) + placed.max(axis=0)) * (1.0, 0.0, 1.0)
            return float(self.costs((placed - middle + (0.0, way[1] + to[3], deep + to[4]))[None])[0])

        starts = [np.array([0.0, angle, 0.0, 0.0, 0.0]) for angle in _ASKEW]
        start = min(starts, key=cost)
        simplex = np.vstack([start, start + np.diag([_SWUNG] * 3 + [_SHIFTED] * 2)])
        found = minimize(
            cost, start, method="Nelder-Mead",
            options={"initial_simplex": simplex, "maxfev": _TRIES, "xatol": 1e-3, "fatol": 1e-5},
        )  # fmt: skip
        return float(found.fun), found.x[:3]


def mean_body(arms: float) -> Body:
    """The mean body with its arms held at an angle [degrees], downward negative."""
    from body.model import load_model

    model = load_model()
    return model.body(model.prior(None)[0], with_arms(RELAXED, arms))


@lru_cache(maxsize=1)
def mean_form() -> Form:
    from body.model import load_model

    model = load_model()
    return Form(model.body(model.prior(None)[0], RELAXED), -35.0)


def with_arms(pose: np.ndarray, angle: float) -> np.ndarray:
    """The pose with both arms at an angle [degrees] off the T, downward negative."""
    changed = np.array(pose, float)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        shoulder, elbow = (JOINT_NAMES.index(f"{side}_{name}") for name in ("shoulder", "elbow"))
        changed[shoulder] = (0.0, 0.0, sign * np.radians(angle))
        changed[elbow] = T[elbow] if angle > -30.0 else RELAXED[elbow]
    return changed


def sampled(vertices: np.ndarray) -> np.ndarray:
    """Points of the garment, evenly chosen, the same for the same mesh in any unit."""
    return vertices[:: max(1, len(vertices) // _SAMPLES)]
