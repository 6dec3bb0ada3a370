"""Named poses in SMPL-X's layout: axis-angle [rad], shape [55, 3], row 0 the global orientation.

T: the rest pose. RELAXED: for draping and pictures, arms 35 degrees off the trunk, elbows a little bent, hands at ease,
feet about a hip's width apart; `at_ease` raises the arms of broad people. STANDING: for measuring, feet together, arms
18 degrees off the trunk. The library is one readable file a pose (TOML, degrees) in assets/poses, drawn by us; a
person's own poses lie in their folder in the same form.
"""

import json
import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assets import files
from assets.errors import InputRefused, UsageError
from assets.mesh import frozen
from body.model import JOINT_NAMES, following
from body.posing.skeleton import matrices, mirrored, vectors

if TYPE_CHECKING:
    from body.model import BodyModel

Degrees = tuple[float, float, float]

_HAND: dict[str, Degrees] = {
    "index1": (1, -4, -14), "index2": (1, 3, -12), "middle1": (-1, 4, -17), "middle2": (0, -3, -7),
    "ring1": (-3, 8, -15), "ring2": (-2, -4, -8), "pinky1": (-6, 10, -20), "pinky2": (-3, -3, -9),
}  # fmt: skip
_HANDS: dict[str, dict[str, Degrees]] = {"flat": {}, "at ease": _HAND}
LARGEST = 64_000
AT_EASE = "relaxed"
"""The name of the library's pose that stands as garments are draped: RELAXED, with room for the arms."""


def from_degrees(left: dict[str, Degrees]) -> np.ndarray:
    """A pose from rotation vectors in degrees of middle joints ("spine1") and left ones ("hip"), then mirrored; a
    joint that is named with its side ("left_hip") is turned alone."""
    pose = np.zeros((len(JOINT_NAMES), 3), np.float32)
    for name, degrees in sorted(left.items(), key=lambda told: told[0] in JOINT_NAMES):
        turn = np.radians(degrees)
        if name in JOINT_NAMES:
            pose[JOINT_NAMES.index(name)] = turn
        else:
            pose[JOINT_NAMES.index(f"left_{name}")] = turn
            pose[JOINT_NAMES.index(f"right_{name}")] = mirrored(turn)
    return frozen(pose)


T = from_degrees({})
RELAXED = from_degrees(
    {
        "hip": (0, 0, 2),
        "ankle": (0, 0, -2),
        "shoulder": (0, -2, -55),
        "elbow": (0, -24, 0),
        "wrist": (0, -6, -4),
        **_HAND,
    }
)
STANDING = from_degrees(
    {
        "hip": (0, 0, -5.4),
        "ankle": (0, 0, 5.4),
        "shoulder": (0, -2, -72),
        "elbow": (0, -12, 0),
        "wrist": (0, -6, -4),
        **_HAND,
    }
)

ROOM = 0.09
"""Free width [m] between forearm and trunk below which arms are held further out."""
RAISED = 16.0
"""How much further [degrees] where no width is left."""
BETWEEN, ASTRIDE = 0.014, 15.0
"""Free width [m] between the thighs below which feet are set further apart, and how far [degrees] at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Clear:
    """How the arms of a library pose give way to a body: both are turned about `axis` [3] (the left one's, in the
    collar bone's frame) until they are `gap` [m] off trunk and legs; with `touch` they also come as near as that."""

    axis: np.ndarray
    gap: float
    touch: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """A pose with a name: turns [rad] [55, 3]. `clear`, and the knee `plant` that bends until both feet are on the
    floor, fit poses of the library to a body (body/posing/settle.py). `own`: the person saved it."""

    title: str
    turns: np.ndarray
    clear: Clear | None = None
    plant: str | None = None
    own: bool = False
    name: str = ""
    order: int = 100

    def __post_init__(self) -> None:
        object.__setattr__(self, "turns", frozen(np.asarray(self.turns, np.float32)))


def at_ease(model: "BodyModel", betas: np.ndarray) -> np.ndarray:
    """RELAXED for one body, [55, 3]: broad people hold their arms further out and stand with their feet further apart,
    and cloth needs the room."""
    body = model.body(betas, RELAXED)
    elbow, wrist = (body.joints[JOINT_NAMES.index(f"left_{name}"), 1] for name in ("elbow", "wrist"))
    arms = [following(model, f"{side}_shoulder") > 0.5 for side in ("left", "right")]
    trunk = ~(arms[0] | arms[1])
    free = ROOM
    for height in np.linspace(wrist, elbow, 10):
        level = np.abs(body.vertices[:, 1] - height) < 0.015
        across = body.vertices[:, 0]
        free = min(free, across[level & arms[0]].min(initial=np.inf) - across[level & trunk].max(initial=-np.inf))
    raised = np.radians(RAISED) * float(np.clip(1.0 - free / ROOM, 0.0, 1.0))
    pose = RELAXED.copy()
    pose[JOINT_NAMES.index("left_shoulder"), 2] += raised
    pose[JOINT_NAMES.index("right_shoulder"), 2] -= raised
    for _ in range(2):
        apart = _apart(model, betas, pose)
        for side, sign in (("left", 1.0), ("right", -1.0)):
            pose[JOINT_NAMES.index(f"{side}_hip"), 2] += sign * apart
            pose[JOINT_NAMES.index(f"{side}_ankle"), 2] -= sign * apart
    return frozen(pose)


def _apart(model: "BodyModel", betas: np.ndarray, pose: np.ndarray) -> float:
    """How much further apart [rad] each leg must stand so that nothing is squeezed between the thighs."""
    body = model.body(betas, pose)
    leg = following(model, "left_hip") > 0.5
    limbs = [following(model, f"{side}_{joint}") > 0.5 for side in ("left", "right") for joint in ("hip", "shoulder")]
    others = ~np.any(limbs, axis=0)
    knee, hip = (body.joints[JOINT_NAMES.index(f"left_{name}"), 1] for name in ("knee", "hip"))
    apart, across = 0.0, body.vertices[:, 0]
    for height in np.arange(knee, hip - 0.06, 0.01):
        level = np.abs(body.vertices[:, 1] - height) < 0.012
        if np.abs(across[level & others]).min(initial=np.inf) < 0.006:
            break
        apart = max(apart, (0.5 * BETWEEN - across[level & leg].min(initial=np.inf)) / (hip - height))
    most = np.radians(ASTRIDE) - pose[JOINT_NAMES.index("left_hip"), 2]
    return float(np.clip(apart, 0.0, max(most, 0.0)))


def library() -> dict[str, Pose]:
    """All poses by name, Toile's own first. One of the person's files that cannot be read is left out."""
    shipped = [_read(path) for path in sorted(files.asset("poses").glob("*.toml"))]
    own = []
    for path in sorted(_own_folder().glob("*.toml")):
        try:
            own.append(replace(_read(path), own=True))
        except InputRefused:
            continue
    known = {pose.name: pose for pose in sorted(shipped, key=lambda pose: pose.order)}
    return known | {pose.name: pose for pose in own if pose.name not in known}


def find(name: str) -> Pose:
    """A pose of the library. Raises UsageError, which lists those there are."""
    known = library()
    if name not in known:
        raise UsageError(f"there is no pose {name!r}: it is one of {', '.join(known)}, or a file")
    return known[name]


def save(title: str, turns: np.ndarray) -> Pose:
    """Keep a pose as the person's own; one of their own of the same name is replaced. Raises UsageError for a title
    that is none or one of Toile's, CannotWrite."""
    title = " ".join(title.split())
    name = re.sub(r"\W+", "-", title.casefold()).strip("-")
    if not name or len(title) > 60:
        raise UsageError("give the pose a name of one to sixty letters")
    if name in library() and not library()[name].own:
        raise UsageError(f"{title} is one of Toile's own poses: choose another name")
    shortest = vectors(matrices(turns))
    files.write_text(_own_folder() / f"{name}.toml", written(title, shortest))
    return Pose(title, shortest, own=True, name=name)


def delete(name: str) -> None:
    """Forget one of the person's own poses. Raises UsageError when it is none of theirs."""
    pose = library().get(name)
    if pose is None or not pose.own:
        raise UsageError(f"{name!r} is no pose of yours")
    (_own_folder() / f"{name}.toml").unlink(missing_ok=True)


def written(title: str, turns: np.ndarray) -> str:
    """A pose as its file says it, to a thousandth of a degree; joints at rest are left out."""
    lines = [f"title = {json.dumps(title, ensure_ascii=False)}", "", "[turns]"]
    for joint, degrees in zip(JOINT_NAMES, np.degrees(np.asarray(turns, float)).round(3), strict=True):
        if degrees.any():
            lines.append(f"{joint} = [{', '.join(f'{angle:g}' for angle in degrees + 0.0)}]")
    return "\n".join(lines) + "\n"


def parse(text: str, name: str) -> Pose:
    """The pose that a file's text describes. Raises InputRefused, saying what is wrong with it."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"the pose {name} cannot be read: {error}") from error
    turns = told.get("turns")
    hands = told.get("hands", "flat")
    if not isinstance(turns, dict) or hands not in _HANDS:
        raise InputRefused(f"the pose {name} has no [turns], or hands other than {' or '.join(_HANDS)}")
    for joint, degrees in turns.items():
        if joint not in JOINT_NAMES and f"left_{joint}" not in JOINT_NAMES:
            raise InputRefused(f"the pose {name} turns {joint!r:.40}, which is no joint of a body")
        if not _is_vector(degrees, 360):
            raise InputRefused(f"the pose {name}: {joint} must be three numbers of degrees, like [0, -24, 0]")
    clear, plant = told.get("clear"), told.get("plant")
    if plant not in (None, "left_knee", "right_knee"):
        raise InputRefused(f"the pose {name}: plant is left_knee or right_knee")
    return Pose(
        str(told.get("title", name))[:60],
        from_degrees(_HANDS[hands] | turns),
        None if clear is None else _clear(clear, name),
        plant,
        name=name,
        order=told["order"] if isinstance(told.get("order"), int) else 100,
    )


def _clear(told: Any, name: str) -> Clear:
    gap = told.get("gap") if isinstance(told, dict) else None
    if not isinstance(gap, int | float) or not 0 <= gap <= 0.2 or not _is_vector(told.get("axis"), 1):
        raise InputRefused(f"the pose {name}: [clear] needs an axis of three numbers and a gap in metres")
    return Clear(frozen(np.array(told["axis"], float)), float(gap), bool(told.get("touch", False)))


def _is_vector(value: Any, most: float) -> bool:
    numbers = isinstance(value, list) and len(value) == 3 and all(type(v) in (int, float) for v in value)
    return numbers and all(abs(v) <= most for v in value)


def _read(path: Path) -> Pose:
    return parse(files.read_text(path, LARGEST, "pose"), path.stem)


def _own_folder() -> Path:
    folder = files.user_data() / "poses"
    folder.mkdir(exist_ok=True)
    return folder
