"""Poses and movement from files that others made: AMASS and SMPL-X archives, BVH, and Toile's own pose files.

A stranger's file is read in a process of its own with limits (body/posing/posefiles.py): plain numbers come out.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import InputRefused, UsageError
from assets.mesh import frozen
from assets.worker import once
from body.poses import Pose, find
from body.posing.limits import beyond
from body.posing.skeleton import matrices, vectors

if TYPE_CHECKING:
    from body.model import Body

ENDINGS = (".npz", ".bvh", ".toml")
LONGEST = 10.0
"""How much of a file's movement garments are draped over [s]."""
SHORTEST = 0.05
"""What is used of a movement from a later start on lasts this long [s], or longer."""
_READER = {"memory": 3e9, "cpu": 60, "deadline": 90.0}
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """A body's movement: poses, axis-angle [rad], [t, 55, 3]; how far the pelvis is from where it was in the first
    frame [m] [t, 3]; frames a second; what a person should know of the file. +Y is up, the first frame faces +Z."""

    name: str
    poses: np.ndarray
    translation: np.ndarray
    rate: float
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("poses", "translation"):
            object.__setattr__(self, name, frozen(np.asarray(getattr(self, name), np.float32)))

    def __len__(self) -> int:
        return len(self.poses)

    @property
    def digest(self) -> str:
        """What tells this movement from another: the digest of its numbers."""
        told = hashlib.sha256(f"{self.rate}".encode())
        for array in (self.poses, self.translation):
            told.update(np.ascontiguousarray(array).tobytes())
        return told.hexdigest()

    def pose(self, frame: int) -> Pose:
        """One frame, turned to face +Z. Raises UsageError when there is no such frame."""
        if not 0 <= frame < len(self):
            raise UsageError(f"{self.name} has the frames 0 to {len(self) - 1}, and none is {frame}")
        title = Path(self.name).stem[:48]
        return Pose(title if len(self) == 1 else f"{title}, frame {frame}", facing_front(self.poses[frame]))

    def at(self, time: float) -> tuple[np.ndarray, np.ndarray]:
        """The pose [55, 3] and the pelvis' way [m] [3] at a time [s]; between frames joints turn the shortest way."""
        place = float(np.clip(time * self.rate, 0, len(self) - 1))
        before = min(int(place), max(len(self) - 2, 0))
        share = place - before
        if share < 1e-6 or len(self) == 1:
            return self.poses[before], self.translation[before]
        first, second = matrices(self.poses[before]), matrices(self.poses[before + 1])
        turn = vectors(np.swapaxes(first, -1, -2) @ second)
        way = (1.0 - share) * self.translation[before] + share * self.translation[before + 1]
        return vectors(first @ matrices(share * turn)), way

    def part(self, start: float, longest: float) -> "Motion":
        """What follows a time [s], no longer than `longest` [s], from where the person then is and facing +Z; the very
        same movement where that is all of it. Raises UsageError where next to nothing follows."""
        seconds = (len(self) - 1) / self.rate
        if start and not 0.0 <= start <= seconds - max(SHORTEST, 1.0 / self.rate) + 1e-6:
            raise UsageError(f"{self.name} lasts {seconds:.1f} s, and cannot be used from {start:g} s on")
        first = round(start * self.rate)
        end = min(first + round(longest * self.rate), len(self) - 1)
        if first == 0 and end == len(self) - 1:
            return self
        back = matrices([0.0, -heading(self.poses[first]), 0.0])
        poses = np.array(self.poses[first : end + 1], float)
        poses[:, 0] = vectors(back @ matrices(poses[:, 0]))
        way = (self.translation[first : end + 1] - self.translation[first]) @ back.T
        used = f"it lasts {seconds:.1f} s: of these, {first / self.rate:.1f} to {end / self.rate:.1f} s are used"
        return Motion(self.name, poses, way, self.rate, (*self.notes, used))

    def sampled(self, rate: float) -> "Motion":
        """The same movement with `rate` frames a second."""
        times = np.arange(round((len(self) - 1) / self.rate * rate) + 1) / rate
        found = [self.at(float(time)) for time in times]
        return Motion(self.name, np.stack([p for p, _ in found]), np.stack([w for _, w in found]), rate, self.notes)


def moved(person: "Body", pose: np.ndarray, way: np.ndarray) -> "Body":
    """A person in a pose [55, 3], gone `way` [m] [3] over the floor; the lowest point is on it in every pose."""
    body = person.model.body(person.betas, pose, person.detail)
    aside = np.asarray(way, np.float32) * np.array([1, 0, 1], np.float32)
    return replace(
        body, vertices=body.vertices + aside, joints=body.joints + aside, translation=body.translation + aside
    )


def turned(body: "Body", angle: float) -> "Body":
    """The same body turned rigidly about the world's vertical [rad]; the very same for no angle."""
    if angle == 0.0:
        return body
    turn, pose = matrices([0.0, angle, 0.0]), np.array(body.pose, float)
    pose[0] = vectors(turn @ matrices(pose[0]))
    joints = body.joints @ turn.T
    aside = body.translation + joints[0] - body.joints[0]  # The pelvis is what a pose turns about.
    return replace(body, pose=pose, vertices=body.vertices @ turn.T, joints=joints, translation=aside)


def facing_front(pose: np.ndarray) -> np.ndarray:
    """A pose [55, 3] turned about the vertical until it faces +Z; one who lies keeps their direction."""
    found = np.array(pose, float)
    found[0] = vectors(matrices([0.0, -heading(found), 0.0]) @ matrices(found[0]))
    return found


def heading(pose: np.ndarray) -> float:
    """By which angle about the vertical a pose [55, 3] faces away from +Z [rad]; 0 for one who lies."""
    ahead = matrices(pose[0])[:, 2]
    return float(np.arctan2(ahead[0], ahead[2])) if np.hypot(ahead[0], ahead[2]) > 0.2 else 0.0


def load_motion(path: Path) -> Motion:
    """Read a file. Raises InputRefused, saying what is wrong with it, and WorkerStopped where it asks for too much."""
    path = Path(path)
    if not path.is_file():
        raise InputRefused(f"there is no pose file {path}")
    told = once("body.posing.posefiles:read", str(path), title=f"the reader of {path.name}", **_READER)
    return Motion(path.name, told["poses"], told["translation"], float(told["rate"]), tuple(told["notes"]))


def pose_from(name: str, frame: int | None = None) -> tuple[Pose, tuple[str, ...]]:
    """A pose of the library by name, or a frame (the first) of a file, and what to know of it. Raises ToileError."""
    path = Path(name)
    if path.suffix.lower() not in ENDINGS and not path.is_file():
        if frame is not None:
            raise UsageError(f"--frame picks from a file, and {name!r} is a pose of the library: leave it out")
        return find(name), ()
    motion = load_motion(path)
    pose = motion.pose(frame or 0)
    return pose, (*motion.notes, *remarks(pose))


def remarks(pose: Pose) -> tuple[str, ...]:
    """What a person should know of a pose that came from elsewhere: joints that go further than a person's."""
    names = [name.replace("_", " ") for name in beyond(pose.turns)]
    if not names:
        return ()
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return (f"beyond what most people's joints reach, and kept as it is: {', '.join(names[:_MOST_NAMED])}{more}",)
