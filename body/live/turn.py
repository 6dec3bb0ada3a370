"""Somebody turns on the spot: the few best moments of each side, kept as photos from all round.

Moments are sorted by how far the person is turned; of each side the clearest are kept: whole, sharp, calm, arms off the
trunk. They live in memory only, cut to where the person stands. Moments of one side share what the camera and the mask
do wrong: together they are worth one photo (`Frame.burst`), however many they are. Only one person's moments are given
out, never two people's mixed.
"""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assets.errors import InputRefused
from assets.progress import Progress, silent
from body.frame import Frame, VideoFile
from body.live.track import STEP_IN, Track, Tracker, reduced
from body.model import BodyModel
from body.pose import LEFT_ELBOW, LEFT_SHOULDER, RIGHT_ELBOW, RIGHT_SHOULDER
from body.stance import TELEPHONE_FOCAL

SIDES = 8
GOOD, DONE = "Good. Stand still", "Done: seen from all round"
ARMS_OFF = "Hold your arms away from your body"
FASTEST = 0.6  # of landmarks [m/s] in a sharp picture
_KEPT = 2  # moments of a side
_MOST_PEOPLE = 3  # whose moments are kept
_APART = 0.2  # between moments of a side [s]
_CLEAR, _TOO_NEAR = 35.0, 12.0  # an upper arm off the trunk [degrees]: quite clear, and useless
_FORWARD = 55  # arms further off than this, seen from the side, leave the trunk free [degrees]
_MARGIN = 0.08  # about the person, of their height
_MOST, _FEWEST = 600, 5  # frames of a video that are looked at


@dataclass(frozen=True, slots=True, eq=False)
class _Moment:
    frame: Frame
    time: float
    yaw: float
    score: float


class Turn:
    """What was kept of people who turned before the camera. `add` takes frames as they come."""

    def __init__(self, person: int | None = None) -> None:
        """`person`: whose moments are wanted, by the tracker's number; else whoever is seen from most sides."""
        self._asked = person
        self._moments: dict[int, list[list[_Moment]]] = {}
        self._frames: Counter[int] = Counter()
        self._sharpest: dict[int, float] = {}

    @property
    def people(self) -> int:
        """How many were seen."""
        return len(self._frames)

    @property
    def person(self) -> int:
        """Whose moments are given out; 0 while nobody was seen."""
        if self._asked is not None:
            return self._asked
        return max(self._frames, key=lambda number: (self.sides(number).sum(), self._frames[number]), default=0)

    def sides(self, person: int | None = None) -> np.ndarray:
        """Which sides there are moments of, [SIDES] bool: the first is the front, the next shows more of the right."""
        kept = self._moments.get(self.person if person is None else person, [[]] * SIDES)
        return np.array([bool(side) for side in kept])

    @property
    def done(self) -> bool:
        return bool(self.sides().all())

    def add(self, frame: Frame, track: Track) -> bool:
        """Keep the frame if it is among the best of its side; `track` is in its pixels."""
        self._frames[track.person] += 1
        if track.objection or not track.settled or track.speed > FASTEST:
            return False
        score = self._score(track)
        sides = self._moments.setdefault(track.person, [[] for _ in range(SIDES)])
        if len(self._moments) > _MOST_PEOPLE:
            others = self._moments.keys() - {track.person, self._asked}
            del self._moments[min(others, key=lambda number: self.sides(number).sum())]
        number = side_of(track.motion.yaw)
        kept, yaw = sides[number], track.motion.yaw
        near = [moment for moment in kept if abs(moment.time - track.time) < _APART]
        rivals = near or (kept if len(kept) >= _KEPT else [])
        worst = min(rivals, key=lambda moment: moment.score, default=None)
        if score <= 0 or (worst is not None and worst.score >= score):
            return False
        if worst is not None:
            kept.remove(worst)
        kept.append(_Moment(_cut(frame, track.box, f"side {number + 1} of {frame.name}"), track.time, yaw, score))
        return True

    def photos(self) -> tuple[Frame, ...]:
        """The moments of the one person, side by side, as photos."""
        sides = self._moments.get(self.person, [])
        return tuple(moment.frame for side in sides for moment in sorted(side, key=lambda moment: moment.time))

    def notes(self, name: str) -> tuple[str, ...]:
        """What to say of them."""
        notes = []
        if self.people > 1:
            who = "the one asked for" if self._asked is not None else "the one who was seen best"
            told = f"{self.people} people were told apart"
            notes.append(f"{name}: {told}, and only {who} is measured")
        seen = int(self.sides().sum())
        if seen < SIDES:
            notes.append(f"{name}: the person is seen from {seen} of {SIDES} sides; a whole turn tells more")
        return tuple(notes)

    def _score(self, track: Track) -> float:
        """How well a moment shows its side, 0..1."""
        sharpest = self._sharpest[track.person] = max(self._sharpest.get(track.person, 0.0), track.sharpness, 1e-6)
        off = _apart(track.motion.yaw, 2 * np.pi / SIDES * side_of(track.motion.yaw))
        straight = np.cos(off * SIDES / 4)
        calm = 1 - 0.5 * track.speed / FASTEST
        arms = np.clip((arms_off(track) - _TOO_NEAR) / (_CLEAR - _TOO_NEAR), 0.05, 1)
        return float(straight * calm * arms * track.sharpness / sharpest)


def side_of(yaw: float) -> int:
    """The number of the side that is seen of somebody turned so far [rad], 0 from the front."""
    return int(np.floor(yaw / (2 * np.pi) * SIDES + 0.5)) % SIDES


def arms_off(track: Track) -> float:
    """How far the nearer upper arm is off hanging down [degrees]."""
    arms = track.world[[LEFT_ELBOW, RIGHT_ELBOW]] - track.world[[LEFT_SHOULDER, RIGHT_SHOULDER]]
    down = arms[:, 1] / np.linalg.norm(arms, axis=1).clip(1e-6)
    return float(np.degrees(np.arccos(np.clip(down.max(), -1, 1))))


def advice(turn: Turn, track: Track | None, why: str) -> str:
    """What whoever stands before the camera should do next; `why` there is no track."""
    if track is None or track.objection:
        return _sentence(why if track is None else track.objection)
    sides = turn.sides(track.person)
    if sides.all():
        return DONE
    if track.speed > FASTEST:
        return "Turn more slowly"
    across = abs(np.cos(track.motion.yaw)) > 0.5  # from the side, arms held out are hardly told from hanging ones
    if across and arms_off(track) < _TOO_NEAR:
        return ARMS_OFF
    here = side_of(track.motion.yaw)
    if not sides[here]:
        return GOOD
    left = next(step for step in range(1, SIDES) if not sides[(here + step) % SIDES])
    right = next(step for step in range(1, SIDES) if not sides[(here - step) % SIDES])
    return f"Turn slowly to your {'left' if left <= right else 'right'}"


def side_advice(side: str, track: Track | None, why: str) -> str:
    """What to do for one photo from the "front" or the "side"; GOOD when it can be taken."""
    if track is None or track.objection:
        return _sentence(why if track is None else track.objection)
    turned = abs(np.degrees(track.motion.yaw))
    if side == "front" and turned > 25:
        return "Turn to face the camera"
    if side == "side" and not 60 < turned < 120:
        return "Turn your side to the camera, a quarter turn"
    if side == "front" and arms_off(track) < _TOO_NEAR:
        return ARMS_OFF
    if side == "side" and arms_off(track) < _FORWARD:
        return "Stretch your arms out forward"
    return GOOD


def _sentence(words: str) -> str:
    words = words or STEP_IN
    return words[:1].upper() + words[1:]


def from_video(
    path: Path, model: BodyModel, stature: float | None, person: int | None = None, progress: Progress = silent
) -> tuple[tuple[Frame, ...], tuple[str, ...]]:
    """Photos of one person chosen from a video file, and what to say of them.

    Raises InputRefused when it cannot be read, holds one picture only, or shows nobody who can be measured.
    """
    source, tracker, turn = VideoFile(path, _MOST), Tracker(model, stature), Turn(person)
    count, whys = 0, Counter[str]()
    with closing(source.frames()) as frames:
        for frame in frames:
            count += 1
            progress(min(frame.time / max(source.seconds, frame.time, 1.0), 1.0), f"watching {source.name}")
            small, zoom = reduced(frame)
            track = tracker.feed(small, zoom)
            if track is not None:
                turn.add(frame, track.scaled(zoom))
            whys[(tracker.why if track is None else track.objection) or "the person moves too much: turn slowly"] += 1
    if count < _FEWEST:
        still = "one picture" if count == 1 else f"{count} pictures"
        raise InputRefused(f"{source.name} holds only {still}: give a photo, or film a slow turn of some seconds")
    if person is not None and not turn.photos() and turn.people:
        raise InputRefused(f"person {person} of {source.name} cannot be measured: {turn.people} people were told apart")
    if not turn.photos():
        raise InputRefused(f"{source.name}: {whys.most_common(1)[0][0]}")
    return turn.photos(), turn.notes(source.name)


def _cut(frame: Frame, box: tuple[int, int, int, int], burst: str) -> Frame:
    """The middle of the picture as far as the person reaches: what else it shows is not kept, and the lens stays in the
    middle."""
    margin = _MARGIN * (box[3] - box[1])
    half = np.array([frame.width, frame.height]) / 2
    reach = np.max(np.abs([np.array(box[:2]) - half, np.array(box[2:]) - half]), axis=0) + margin
    left, top = np.floor(np.maximum(half - reach, 0)).astype(int)
    pixels = frame.pixels[top : frame.height - top, left : frame.width - left].copy()
    focal = frame.focal or TELEPHONE_FOCAL * float(np.hypot(frame.width, frame.height))
    aim = (box[0] - int(left), box[1] - int(top), box[2] - int(left), box[3] - int(top))
    return replace(frame, pixels=pixels, focal=focal, aim=aim, burst=burst)


def _apart(a: float, b: float) -> float:
    """Between two directions [rad], 0..pi."""
    return abs((a - b + np.pi) % (2 * np.pi) - np.pi)
