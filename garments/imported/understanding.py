"""What unit a garment mesh is in, which axis is up, and whether it stands askew, by how it sits on the mean body: what
is left open is asked, never guessed."""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from assets.errors import UnsureInput
from assets.mesh import frozen
from garments.imported.dressform import Form, mean_form, sampled

UNITS = {"m": 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
"""Units of files by name [m]."""
_IN_WORDS = {"in": "inches", "ft": "feet"}
_SELDOM = "ft"
"""Programs for clothes do not write it: what seems to be in it may as well be a garment of a wrong scale."""
UPS = ("y", "z", "x", "-y", "-z", "-x")
_TALL = (0.24, 1.75)
_SITS, _CLEARLY, _UPRIGHT = 0.075, 1.25, 1.03
_BEST = 8
_GIRTHS = (0.50, 2.00)
_USUAL, _RARE = 0.85, 0.6
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


def understand(
    vertices: np.ndarray, name: str, unit: str | None = None, up: str | None = None, to_body: bool = False
) -> Understood:
    """How a mesh with vertices [n, 3] lies, tried on the mean body. `to_body`: as large as sits best there.

    Raises UnsureInput, which says what to tell, when that does not show.
    """
    form = mean_form()
    points = sampled(vertices)
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


def _straightened(form: Form, points: np.ndarray, look: _Look) -> _Look:
    """The look turned to where the garment sits best; as it is where that gains, or turns, little."""
    from scipy.spatial.transform import Rotation

    cost, turn = form.turned(look.scale * points @ look.turn.T)
    askew = float(np.linalg.norm(turn))
    if cost > _GAINED * look.cost * look.weight or askew < _LEAST:
        return look
    there = Rotation.from_rotvec(turn).as_matrix() @ look.turn
    return replace(look, cost=cost / look.weight, turn=there, askew=askew)


def _upright(form: Form, points: np.ndarray, looks: list[_Look]) -> list[_Look]:
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


def _best_scale(form: Form, points: np.ndarray, scale: float) -> float:
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(lambda by: form.seat(by * points)[0], bounds=(0.88 * scale, 1.14 * scale), method="bounded",
                            options={"maxiter": 12, "xatol": 0.004 * scale})  # fmt: skip
    return float(found.x)
