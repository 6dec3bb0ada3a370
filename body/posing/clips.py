"""Toile's own movements: key poses and times in one readable file each (assets/movements), drawn by us.

A clip is a row of key poses, or a cycle (walking, turning on the spot) that grows out of standing at ease and ends in
it. Between keys every joint follows a cubic: a monotone one (Fritsch & Carlson 1980), so that what is held stays held,
or within a cycle a periodic spline. Then the feet are put on the floor (body/posing/planting.py), which also tells how
the body travels: who walks is moved by the foot that stands.
"""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from assets import files
from assets.errors import InputRefused, UsageError, plainly
from assets.mesh import frozen
from body.motion import Motion
from body.poses import AT_EASE, LARGEST, Clear, Pose, find, parse
from body.posing.planting import planted
from body.posing.settle import SIDES, forearm_gaps, settled, without_arms
from body.posing.skeleton import NUMBER, matrices, mirrored, swapped, vectors

if TYPE_CHECKING:
    from body.model import BodyModel

RATE = 30.0
"""Frames a second of a clip."""
_LITTLE = 0.03
_ARMS = np.arange(0.0, 41.0, 4.0)


@dataclass(frozen=True, slots=True, eq=False)
class Cycle:
    """A movement that repeats: seconds a period, how many periods, seconds in which it grows and fades, where in the
    period (0..1) it begins, degrees that each period turns the body to its left, and the share of the period in which
    the left foot stands; the right one does half a period later."""

    period: float
    periods: float
    fade: float
    first: float
    turn: float
    stance: tuple[float, float]

    def weight(self, time: np.ndarray) -> np.ndarray:
        """How much of the cycle there is, 0..1, at times [s] [t]; the rest is standing at ease."""
        grown = np.clip(np.minimum(time, self.seconds - time) / self.fade, 0.0, 1.0)
        return grown * grown * (3.0 - 2.0 * grown)

    def phase(self, time: np.ndarray) -> np.ndarray:
        """Which period it is, and where in it, at times [s] [t]: as fast as there is much of it."""
        end = np.clip(np.stack([time, self.seconds - time]) / self.fade, 0.0, 1.0)
        done = self.fade * (end**3 - 0.5 * end**4)
        past = np.where(time > 0.5 * self.seconds, self.period * self.periods - done[1], done[0])
        middle = np.clip(time, self.fade, self.seconds - self.fade) - 0.5 * self.fade
        steady = (time > self.fade) & (time < self.seconds - self.fade)
        return self.first + np.where(steady, middle, past) / self.period

    @property
    def seconds(self) -> float:
        return self.periods * self.period + self.fade

    def standing(self, time: np.ndarray) -> np.ndarray:
        """Which foot stands at times [s] [t]: left and right, [t, 2] bool; both where nothing moves."""
        start, end = self.stance
        phase = self.phase(time)[:, None] - np.array([0.0, 0.5])
        return ((phase - start) % 1.0 <= end - start) | (self.weight(time) < _LITTLE)[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A movement before it is fitted to a body: key poses and their times [s] (in a cycle: 0..1 of the period)."""

    name: str
    title: str
    order: int
    times: np.ndarray
    keys: tuple[Pose, ...]
    cycle: Cycle | None
    clear: Clear | None

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self.cycle.seconds if self.cycle else float(self.times[-1])


def clips() -> dict[str, Clip]:
    """Toile's movements by name."""
    found = [_read(path) for path in sorted(files.asset("movements").glob("*.toml"))]
    return {clip.name: clip for clip in sorted(found, key=lambda clip: clip.order)}


def find_clip(name: str) -> Clip:
    """One of Toile's movements. Raises UsageError, which lists those there are."""
    known = clips()
    if name not in known:
        raise UsageError(f"there is no movement {name!r}: it is one of {', '.join(known)}, or a BVH or AMASS file")
    return known[name]


def on_body(clip: Clip, model: "BodyModel", betas: np.ndarray, rate: float = RATE) -> Motion:
    """A clip as one body does it: arms clear of the trunk, feet on the floor. It begins at frame 0."""
    time = np.arange(round(clip.seconds * rate) + 1) / rate
    if clip.cycle is None:
        turns, standing = _keyed(clip, model, betas, time), np.ones((len(time), 2), bool)
    else:
        turns, standing = _cycled(clip, model, betas, time), clip.cycle.standing(time)
    rest = model.body(betas)
    poses, translation = planted(turns, rest, standing)
    return Motion(clip.title, poses, translation, rate)


def _keyed(clip: Clip, model: "BodyModel", betas: np.ndarray, time: np.ndarray) -> np.ndarray:
    fitted: dict[str, np.ndarray] = {}
    for pose in clip.keys:
        if pose.name and pose.name not in fitted:
            fitted[pose.name] = settled(model, betas, pose)
    keys = np.stack([fitted.get(pose.name, pose.turns) for pose in clip.keys]).astype(float)
    return PchipInterpolator(clip.times, keys)(np.clip(time, clip.times[0], clip.times[-1]))


def _cycled(clip: Clip, model: "BodyModel", betas: np.ndarray, time: np.ndarray) -> np.ndarray:
    cycle = clip.cycle
    assert cycle is not None
    keys = np.stack([pose.turns for pose in clip.keys]).astype(float)
    through = CubicSpline(np.append(clip.times, 1.0), np.concatenate([keys, keys[:1]]), bc_type="periodic")
    if clip.clear is not None:
        angle = _arms_out(model, betas, through(np.arange(8) / 8.0), clip.clear)
        keys = np.stack([_lifted(key, clip.clear.axis, angle) for key in keys])
        through = CubicSpline(np.append(clip.times, 1.0), np.concatenate([keys, keys[:1]]), bc_type="periodic")
    phase, share = cycle.phase(time), cycle.weight(time)[:, None, None]
    ease = np.asarray(settled(model, betas, find(AT_EASE)), float)
    turns = (1.0 - share) * ease + share * through(phase % 1.0)
    yaw = np.radians(cycle.turn) * (phase - phase[0])
    around = matrices(yaw[:, None] * np.array([0.0, 1.0, 0.0]))
    turns[:, 0] = vectors(around @ matrices(turns[:, 0]))
    return turns


def _arms_out(model: "BodyModel", betas: np.ndarray, poses: np.ndarray, clear: Clear) -> float:
    """By how much [degrees] both arms are held out so that in none of the poses a forearm is too near to the body."""
    enough = 0.0
    for pose in poses:
        body = model.body(betas, pose)
        surface = without_arms(model, body.vertices - body.translation)
        tried = np.stack([_lifted(pose, clear.axis, angle) for angle in _ARMS])
        free = (forearm_gaps(model, betas, tried, surface) >= clear.gap).all(axis=1)
        enough = max(enough, float(_ARMS[int(free.argmax())] if free.any() else _ARMS[-1]))
    return enough


def _lifted(pose: np.ndarray, axis: np.ndarray, angle: float) -> np.ndarray:
    """A pose with both arms turned about the axis (the left one's) by so much [degrees]."""
    pose = np.array(pose, float)
    for side, way in zip(SIDES, (axis, mirrored(axis)), strict=True):
        joint = NUMBER[f"{side}_shoulder"]
        pose[joint] = vectors(matrices(np.radians(angle) * np.asarray(way)) @ matrices(pose[joint]))
    return pose


def _read(path: Path) -> Clip:
    try:
        text = files.read_text(path, LARGEST, "movement")
        told = tomllib.loads(text)
        cycle = _cycle(told["cycle"]) if "cycle" in told else None
        keys = [_key(key, told, path.stem) for key in told["keys"]]
        times = [float(key["at"]) for key in told["keys"]]
        if told.get("cycle", {}).get("mirrored"):
            keys += [replace(key, turns=swapped(key.turns)) for key in keys]
            times += [0.5 + time for time in times]
        clear = parse(text.split("[[keys]]")[0] + "\n[turns]\n", path.stem).clear
        title, order = str(told["title"]), int(told["order"])
        return Clip(path.stem, title, order, frozen(np.array(times)), tuple(keys), cycle, clear)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputRefused(f"the movement {path} cannot be read ({plainly(error)})") from error


def _cycle(told: dict[str, Any]) -> Cycle:
    period, periods, fade, first = (float(told[name]) for name in ("period", "periods", "fade", "first"))
    start, end = told["stance"]
    return Cycle(period, periods, fade, first, float(told.get("turn", 0.0)), (float(start), float(end)))


def _key(told: dict[str, Any], clip: dict[str, Any], name: str) -> Pose:
    """One key: a pose of the library, its hands off the body by `gap` [m] if one is given, or turns of its own."""
    if "pose" in told and "gap" in told:
        pose = find(told["pose"])
        return replace(pose, clear=Clear(pose.clear.axis, float(told["gap"])) if pose.clear else None)
    if "pose" in told:
        return find(told["pose"])
    return replace(_turned(told["turns"], clip.get("hands", "flat"), name), name="")


def _turned(turns: dict[str, list[float]], hands: str, name: str) -> Pose:
    lines = [f'hands = "{hands}"', "[turns]", *(f"{joint} = {degrees}" for joint, degrees in turns.items())]
    return parse("\n".join(lines), name)
