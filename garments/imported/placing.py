"""A garment mesh of unknown unit, upright direction and pose, put on a body by its own shape, as on a dress form.

How well it sits is one number: how far its cloth is from the skin, five times as much where it is inside. The unit,
the axis that is up and the arms of the body that it was modelled on are those by which it sits best; what is left open
is asked, never guessed. Then the garment follows the skin's bones from that pose to the wearer's (linear blending,
weights smoothed over the cloth), and settling pushes it out of the skin (garments/dressing/settle.py).
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from assets.closest import Surface
from assets.errors import UnsureInput
from assets.mesh import edges, frozen
from body.model import JOINT_NAMES, Body
from body.poses import RELAXED, T
from body.posing.skeleton import chain

UNITS = {"m": 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
"""Units of files by name [m]."""
_IN_WORDS = {"in": "inches", "ft": "feet"}
_SELDOM = "ft"
"""Programs for clothes do not write it: what seems to be in it may as well be a garment of a wrong scale."""
UPS = ("y", "z", "x", "-y", "-z", "-x")
_TALL = (0.24, 1.75)
_SITS, _CLEARLY, _UPRIGHT = 0.075, 1.25, 1.03
_INSIDE, _DEEP, _FAR = 5.0, 0.10, 0.15
_ARMS = (-75.0, -55.0, -35.0, -15.0, 0.0)
_SAMPLES, _FEW = 300, 80
_BEST = 8
_STEP = 0.04
_TOP = 0.87
_GIRTHS = (0.50, 2.00)
_USUAL, _RARE = 0.85, 0.6
_SMOOTHINGS = 40
_EASINGS, _WIDE = 40, 6
_ASKEW = np.radians((-45.0, -30.0, -15.0, 0.0, 15.0, 30.0, 45.0))
_SWUNG, _SHIFTED, _TRIES = 0.15, 0.03, 100
_GAINED, _LEAST, _RIVALS, _SAME = 0.9, np.radians(6.0), 1.5, 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Understood:
    """Metres for a unit of the file; the rotation [3, 3] that puts the garment upright, facing +Z; what was found."""

    scale: float
    turn: np.ndarray
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """One way to understand a file: what it costs [m], over how usual it is; the unit, metres for one of it, the axis
    that is up, the rotation [3, 3]; by what angle [rad] that is off the file's axes."""

    cost: float
    known: str
    scale: float
    up: str
    turn: np.ndarray
    weight: float
    askew: float = 0.0


class _Form:
    """A body with its arms held at some angle [degrees], on which garments are tried."""

    def __init__(self, body: Body, angle: float | None) -> None:
        if angle is not None:
            body = body.model.body(body.betas, _with_arms(body.pose, angle), body.detail)
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

    def glance(self, points: np.ndarray) -> tuple[float, np.ndarray]:
        """The least cost over heights, by some of the points [k, 3], and the way there [m] [3]."""
        low, high = points.min(axis=0), points.max(axis=0)
        middle = np.array([-0.5 * (low[0] + high[0]), -high[1], self.depth - 0.5 * (low[2] + high[2])])
        top = _TOP * self.height
        heights = np.arange(top, max(min(high[1] - low[1], top) - 0.02, 0.3 * self.height), -_STEP)
        ways = middle + heights[:, None] * np.array([0.0, 1.0, 0.0])
        costs = self.costs(points[:: max(1, len(points) // _FEW)] + ways[:, None])
        best = int(np.argmin(costs))
        return float(costs[best]), ways[best]

    def seat(self, points: np.ndarray) -> tuple[float, np.ndarray]:
        """The least cost over places in the body's middle plane, and the way there [m] [3]."""
        from scipy.optimize import minimize

        _, way = self.glance(points)
        found = minimize(
            lambda to: self.costs((points + way + (0.0, *to))[None])[0], (0.0, 0.0), method="Nelder-Mead",
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


def understand(
    vertices: np.ndarray, name: str, unit: str | None = None, up: str | None = None, to_body: bool = False
) -> Understood:
    """How a mesh with vertices [n, 3] lies, tried on the mean body. `to_body`: as large as sits best there.

    Raises UnsureInput, which says what to tell, when that does not show.
    """
    form = _mean_form()
    points = _sampled(vertices)
    tall = float(np.ptp(vertices, axis=0).max())
    if to_body:
        scales = {f"{100 * size:.0f} cm": size / tall for size in np.geomspace(0.3, 1.75, 15)}
    elif unit:
        scales = {unit: UNITS[unit]}
    else:
        scales = UNITS
    girths = {direction: _girth(vertices @ turn.T) for direction, turn, _ in _turns(up)}
    looks = []
    for (known, scale), (direction, turn, weight) in product(scales.items(), _turns(up)):
        girth, height = scale * girths[direction], scale * float(np.ptp(vertices @ turn[1]))
        if not (_GIRTHS[0] < girth < _GIRTHS[1] and _TALL[0] < height < _TALL[1]):
            continue
        # What covers more of a body is nowhere as near to it; a neckline or a waist is lower in front.
        weight *= np.sqrt(height) * (_USUAL if _higher_in_front(scale * vertices @ turn.T) else 1.0)
        looks.append(_Look(form.glance(scale * points @ turn.T)[0] / weight, known, scale, direction, turn, weight))
    if not looks:
        raise UnsureInput(
            f"{name} is {tall:.3g} units long, which goes round no body in any usual unit: say its "
            "unit, or scale it to the body"
        )
    looks = sorted(looks, key=lambda look: look.cost)[:_BEST]
    looks = [replace(look, cost=form.seat(look.scale * points @ look.turn.T)[0] / look.weight) for look in looks]
    looks = _upright(form, points, looks)
    best = min(looks, key=lambda look: look.cost)
    if not to_body and not unit:
        _require_unit(name, best, looks, tall)
    if not up:
        _require_up(name, best, looks)
    turn, scale = best.turn, best.scale
    if to_body:
        scale = _best_scale(form, points @ turn.T, scale)
    size = 100 * scale * np.ptp(vertices @ turn.T, axis=0)
    taken = "scaled to the body" if to_body else f"taken to be in {_IN_WORDS.get(best.known, best.known)}"
    notes = [f"It is {taken}: {size[1]:.0f} cm tall and {size[0]:.0f} cm wide, with {best.up} up."]
    if best.askew:
        notes.append(
            f"It stood askew by {np.degrees(best.askew):.0f} degrees, and was turned upright and to the front."
        )
    return Understood(scale, frozen(turn), tuple(notes))


def place(
    shape: np.ndarray, faces: np.ndarray, body: Body, stretch: float = 1.0, arms: float | None = None
) -> np.ndarray:
    """Where a garment of `shape` [m] [n, 3], `stretch` times as large, comes to lie on a body when its sleeves follow
    the arms, [m] [n, 3]. `arms`: the angle [degrees] of the arms of the mean body that it lies on already, if it
    does."""
    if arms is not None:
        form = _Form(body, arms)
        pivot = np.array([0.0, shape[:, 1].max(), shape[:, 2].mean()])
        return _carried(pivot + stretch * (shape - pivot) + _higher(shape, form), faces, form, body)
    shape = stretch * shape
    points = _sampled(shape)
    forms = [_Form(body, None), *(_Form(body, angle) for angle in _ARMS)]
    seats = [form.seat(points) for form in forms]
    costs = [cost for cost, _ in seats]
    best = int(np.argmin(costs))
    best = 0 if costs[0] < 1.02 * costs[best] else best
    placed = shape + seats[best][1]
    return placed if best == 0 else _carried(placed, faces, forms[best], body)


def _higher(shape: np.ndarray, form: _Form) -> np.ndarray:
    """How much further up and forward [m] [3] a body holds a garment, at the shoulders or the hips, than the mean body
    on which it has its shape."""
    mean = mean_body(-35.0)
    joints = [JOINT_NAMES.index(f"{side}_{name}") for side in ("left", "right") for name in ("shoulder", "hip")]
    shoulders, hips = (slice(0, None, 2), slice(1, None, 2))
    at = joints[shoulders] if shape[:, 1].max() > 0.72 * float(np.ptp(mean.vertices[:, 1])) else joints[hips]
    shift = (np.asarray(form.body.joints)[at] - np.asarray(mean.joints)[at]).mean(axis=0)
    return shift * (0.0, 1.0, 1.0)


def mean_body(arms: float) -> Body:
    """The mean body with its arms held at an angle [degrees], downward negative."""
    from body.model import load_model

    model = load_model()
    return model.body(model.prior(None)[0], _with_arms(RELAXED, arms))


@lru_cache(maxsize=1)
def _mean_form() -> _Form:
    from body.model import load_model

    model = load_model()
    return _Form(model.body(model.prior(None)[0], RELAXED), -35.0)


def _with_arms(pose: np.ndarray, angle: float) -> np.ndarray:
    """The pose with both arms at an angle [degrees] off the T, downward negative."""
    changed = np.array(pose, float)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        shoulder, elbow = (JOINT_NAMES.index(f"{side}_{name}") for name in ("shoulder", "elbow"))
        changed[shoulder] = (0.0, 0.0, sign * np.radians(angle))
        changed[elbow] = T[elbow] if angle > -30.0 else RELAXED[elbow]
    return changed


def _sampled(vertices: np.ndarray) -> np.ndarray:
    """Points of the garment, evenly chosen, the same for the same mesh in any unit."""
    return vertices[:: max(1, len(vertices) // _SAMPLES)]


def _girth(points: np.ndarray) -> float:
    """The least length of a tape that lies round points [k, 3] at some height in their middle."""
    from scipy.spatial import ConvexHull

    low, high = points[:, 1].min(), points[:, 1].max()
    found = []
    for share in (0.2, 0.35, 0.5, 0.65, 0.8):
        near = points[np.abs(points[:, 1] - low - share * (high - low)) < 0.08 * (high - low)][:, [0, 2]]
        if len(near) > 3 and np.ptp(near, axis=0).min() > 1e-6 * (high - low):
            found.append(float(ConvexHull(near).area))
    return min(found, default=0.0)


def _higher_in_front(points: np.ndarray) -> bool:
    """Whether the garment's upper end in the middle plane is clearly higher in front than in the back."""
    across, up, deep = (points - 0.5 * (points.min(axis=0) + points.max(axis=0))).T
    middle = np.abs(across) < 0.04
    front, back = up[middle & (deep > 0.0)], up[middle & (deep < 0.0)]
    return bool(len(front) and len(back) and front.max() > back.max() + 0.015)


def _turns(up: str | None) -> list[tuple[str, np.ndarray, float]]:
    """Rotations to try: the axis that they put up, the rotation, and how usual it is (1, or less)."""
    found = []
    for written in [up] if up else UPS:
        upward = (-1.0 if written.startswith("-") else 1.0) * np.eye(3)["xyz".index(written[-1])]
        # Programs with y up let figures face +z, those with z up -y.
        usual = {"y": (0.0, 0.0, 1.0), "z": (0.0, -1.0, 0.0)}.get(written)
        for axis, sign in product(range(3), (1.0, -1.0)):
            front = sign * np.eye(3)[axis]
            if abs(front @ upward) > 0.5:
                continue
            weight = 1.0 if usual and front @ np.array(usual) > 0.5 else _USUAL
            found.append(
                (written, np.array([np.cross(upward, front), upward, front]), weight if up or usual else _RARE)
            )
    return found


def _straightened(form: _Form, points: np.ndarray, look: _Look) -> _Look:
    """The look turned to where the garment sits best; as it is where that gains, or turns, little."""
    from scipy.spatial.transform import Rotation

    cost, turn = form.turned(look.scale * points @ look.turn.T)
    askew = float(np.linalg.norm(turn))
    if cost > _GAINED * look.cost * look.weight or askew < _LEAST:
        return look
    there = Rotation.from_rotvec(turn).as_matrix() @ look.turn
    return replace(look, cost=cost / look.weight, turn=there, askew=askew)


def _upright(form: _Form, points: np.ndarray, looks: list[_Look]) -> list[_Look]:
    """The looks as they are; where the best of them is askew, it and its rivals straightened."""
    best = min(looks, key=lambda look: look.cost)
    straight = _straightened(form, points, best)
    if not straight.askew:
        return looks
    close, found = _RIVALS * best.cost, []
    for look in looks:
        near = look is not best and look.cost < close
        found.append(straight if look is best else _straightened(form, points, look) if near else look)
    return found


def _require_unit(name: str, best: _Look, looks: list[_Look], tall: float) -> None:
    if best.cost * best.weight > _SITS:
        raise UnsureInput(
            f"{name} does not sit on a body in any usual unit (in {best.known} it would be "
            f"{100 * best.scale * tall:.0f} cm long): say its unit, or scale it to the body"
        )
    rival = min((look for look in looks if look.known != best.known), key=lambda look: look.cost, default=None)
    found = [best, rival] if rival and rival.cost < _CLEARLY * best.cost else [best]
    if len(found) > 1 or best.known == _SELDOM:
        told = " or ".join(f"{100 * look.scale * tall:.0f} cm long in {look.known}" for look in found)
        raise UnsureInput(f"{name} could be {told}: say its unit, or scale it to the body")


def _require_up(name: str, best: _Look, looks: list[_Look]) -> None:
    others = (look for look in looks if look.up != best.up and not np.allclose(look.turn, best.turn, atol=_SAME))
    rival = min(others, key=lambda look: look.cost, default=None)
    if rival and rival.cost < _UPRIGHT * best.cost:
        raise UnsureInput(f"{name} could have {best.up} or {rival.up} up: say which")


def _best_scale(form: _Form, points: np.ndarray, scale: float) -> float:
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(lambda by: form.seat(by * points)[0], bounds=(0.88 * scale, 1.14 * scale), method="bounded",
                            options={"maxiter": 12, "xatol": 0.004 * scale})  # fmt: skip
    return float(found.x)


def _carried(placed: np.ndarray, faces: np.ndarray, form: _Form, body: Body) -> np.ndarray:
    """Points of cloth on the form's body moved with the skin's bones to the same body in its own pose."""
    model = body.model
    rest = model.body(body.betas, T, body.detail).joints
    near = form.surface.closest(placed)
    weights = np.einsum("nk,nkj->nj", near.barycentric, np.asarray(model.weights)[body.skin.faces[near.faces]])
    weights = _smoothed(weights, faces)
    (turns, joints), (to_turns, to_joints) = (_bones(each, rest) for each in (form.body, body))
    turn = to_turns @ np.swapaxes(turns, -1, -2)
    shift = to_joints - np.einsum("jab,jb->ja", turn, joints)
    return np.einsum("nj,jab,nb->na", weights, turn, placed, optimize=True) + weights @ shift


def _bones(body: Body, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    turns, places = chain(np.asarray(body.pose, float), np.asarray(rest, float))
    return turns, places + (np.asarray(body.joints[0], float) - places[0])


def eased(places: np.ndarray, faces: np.ndarray, surface: Surface, clearance: float) -> np.ndarray:
    """Points of cloth [m] [n, 3] drawn out of a skin until they are `clearance` [m] off, or nearly: what is inside
    takes its neighbours along, so that folds and sleeves do not go through each other."""
    mean = _mean_of_neighbours(faces, len(places))
    for _ in range(_EASINGS):
        found = surface.closest(places)
        move = found.normals * np.maximum(clearance - found.distance, 0.0)[:, None]
        if not (found.distance < 0.0).any():
            break
        wide = move
        for _ in range(_WIDE):
            wide = mean @ wide
            wide = np.where((found.distance < clearance)[:, None], move, wide)
        for _ in range(_WIDE):
            wide = 0.5 * wide + 0.5 * (mean @ wide)
        places = places + 0.5 * wide
    return places


def _mean_of_neighbours(faces: np.ndarray, count: int) -> Any:
    """The sparse matrix [count, count] that averages over a vertex's neighbours."""
    from scipy.sparse import coo_matrix, diags

    pairs = edges(faces)
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (count, count)).tocsr()
    links = links + links.T
    return diags(1.0 / np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1.0)) @ links


def _smoothed(weights: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Weights [n, 55] averaged with those of neighbours, time and again."""
    mean = _mean_of_neighbours(faces, len(weights))
    for _ in range(_SMOOTHINGS):
        weights = 0.5 * weights + 0.5 * (mean @ weights)
    return weights / weights.sum(axis=1, keepdims=True)
