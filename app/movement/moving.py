"""A dressed person in movement: frame by frame from the pose, over the drape, to what is drawn.

A `Run` is one person, their garments and one clip. It is advanced a few frames at a time, so that what is done can be
played while the rest is computed; once it is whole it is kept on disk (reels.py). A run that is stopped goes on
where it was.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.movement import reels
from app.stage import body_items, garment_item
from assets.errors import InputRefused
from assets.mesh import vertex_normals
from assets.progress import Progress, silent
from body.motion import ENDINGS, LONGEST, Motion, load_motion, moved
from body.yielding import yielding
from garments.maps import Mapped, mapped
from render.scene import Item

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from body.model import Body
    from garments.drape import Drape
    from garments.moving import Frame, Track, Wearing

RATE = 30.0
"""Frames a second that are kept."""
LEAD, LEAD_RATE = 24, 20.0
"""In how many steps the dressed person gets into a file's first pose, and how many of them a second has."""
FAR = 0.5
"""Who travels further than this [m] is followed by the eye."""
_FOLLOW = 0.6

Surface = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Most:
    """The largest strain of one garment over a movement: as a `map` of it in the first frame; which of the garment's
    vertices each of the map's is [k]; when it was in each face [s] [m]; in which `frame` the garment is stretched most,
    and at which `face`; all of it in words."""

    map: Mapped
    origin: np.ndarray
    times: np.ndarray
    frame: int
    face: int
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A movement judged: whether nothing went through anything, and the largest strain of each garment."""

    holds: bool
    most: tuple[Most, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """A line for each garment."""
        return tuple(each.words for each in self.most)

    @property
    def maps(self) -> tuple[Mapped, ...]:
        """Each garment's map of its largest strain."""
        return tuple(each.map for each in self.most)


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """Some frames of a run for a window: which movement, how many frames it has and how many a second; the number of
    the first one here; the items once, with the first; each frame's surfaces, vertices [m] and normals of each item;
    and, with the last, the report."""

    title: str
    total: int
    rate: float
    first: int
    items: tuple[Item, ...]
    surfaces: tuple[tuple[Surface, ...], ...]
    report: Report | None
    notes: tuple[str, ...] = ()


class Run:
    """A try-on in movement. Raises InputRefused where nothing is worn."""

    def __init__(self, result: "TryOn", motion: Motion) -> None:
        if not result.drapes:
            raise InputRefused("nothing is worn: put on a garment before the person moves")
        self.result, self.motion = result, motion
        self.key = reels.key_of(result.drapes, motion)
        self.tracks: tuple[Track, ...] | None = reels.find(self.key)
        self._wearing: Wearing | None = None
        self._led = 0
        self._frames: list[tuple[Frame, ...]] = []

    @property
    def total(self) -> int:
        return len(self.motion)

    def body(self, frame: int) -> "Body":
        """The person in a frame, with room for cloth where skin meets skin."""
        return self._posed(self.motion.poses[frame], self.motion.translation[frame])

    def positions(self, frame: int) -> tuple[np.ndarray, ...]:
        """Each garment's vertices [m] [n, 3] in a frame that is done."""
        if self.tracks is not None:
            return tuple(track.positions[frame] for track in self.tracks)
        return tuple(one.positions for one in self._frames[frame])

    @property
    def done(self) -> int:
        """How many frames there are."""
        return self.total if self.tracks is not None else len(self._frames)

    def advance(self, frames: int, progress: Progress = silent) -> None:
        """Compute so many frames more, if there are. What was computed stays when `progress` raises Cancelled."""
        until = min(self.done + frames, self.total)
        while self.done < until:
            words = f"{self.motion.name}: frame {self.done + 1} of {self.total}"
            self._next(_told(progress, words, self.done / self.total))
        if self.tracks is None and self.done == self.total:
            self._end()

    def report(self) -> Report:
        """What there is to say of the whole movement."""
        assert self.tracks is not None
        pairs = zip(self.result.drapes, self.tracks, strict=True)
        most = tuple(_most(drape, track, self.motion.rate) for drape, track in pairs)
        return Report(all(track.holds for track in self.tracks), most)

    def _next(self, progress: Progress) -> None:
        from garments.moving import Wearing

        if self._wearing is None:
            self._wearing = Wearing(self.result.drapes)
        if not self._frames:
            self._lead_in(progress)
        else:
            self._wearing.move(self.body(len(self._frames)), 1.0 / self.motion.rate, progress)
        self._frames.append(self._wearing.frames())

    def _lead_in(self, progress: Progress) -> None:
        """From standing at ease into the first pose, slowly, and to rest there."""
        from garments.leading import way

        assert self._wearing is not None
        ease, first = self.result.drapes[0].body, self.body(0)
        if np.abs(ease.vertices - first.vertices).max() < 1e-5:
            return
        for pose in way(ease.pose, self.motion.poses[0], LEAD)[self._led :]:
            self._wearing.move(self._posed(pose, np.zeros(3)), 1.0 / LEAD_RATE, progress)
            self._led += 1
        self._wearing.rest(progress)

    def _posed(self, pose: np.ndarray, way: np.ndarray) -> "Body":
        return yielding(moved(self.result.estimate.body, pose, way))

    def _end(self) -> None:
        from garments.moving import Track

        self.tracks = tuple(
            Track.of(drape, [frame[k] for frame in self._frames]) for k, drape in enumerate(self.result.drapes)
        )
        reels.keep(self.key, self.tracks)
        self._frames, self._wearing = [], None


def sentence(garment: str, limit: float, track: "Track", rate: float) -> str:
    """Where and when a garment is stretched most, and whether it stayed outside of everything, in words."""
    most = 100 * float(track.stretched[track.worst])
    said = f"{garment}: at {track.worst / rate:.1f} s, {track.place}: {most:.0f} % of {100 * limit:.0f} %"
    if track.inside.any():
        said += f"; inside the body in {int((track.inside > 0).sum())} frames, up to {1e3 * track.deepest.max():.1f} mm"
    if track.crossings.any():
        said += f"; through another garment in {int((track.crossings > 0).sum())} frames"
    return said


def motion_of(clip: "str | Motion", body: "Body", start: float = 0.0) -> Motion:
    """One of Toile's movements by name as this person does it, or a file's (by its path, or as it was read), from
    `start` [s] on. Raises UsageError and InputRefused."""
    from body.posing.clips import find_clip, on_body

    if isinstance(clip, str) and not (Path(clip).suffix.lower() in ENDINGS or Path(clip).is_file()):
        whole = on_body(find_clip(clip), body.model, body.betas, RATE)
        return whole.part(start, LONGEST) if start else whole
    motion = load_motion(Path(clip)) if isinstance(clip, str) else clip
    used = motion.part(start, LONGEST).sampled(RATE) if len(motion) > 1 else motion
    if len(used) < 2:
        raise InputRefused(f"{motion.name} is a single pose and no movement")
    return used


def take(run: Run, first: int, most: int, progress: Progress = silent) -> Take:
    """Frames of a run from `first` on, at most so many, computed if need be."""
    last = min(first + most, run.total)
    run.advance(last - run.done, progress)
    away = followed(run.motion)
    shown = [frame_items(run, frame, away[frame]) for frame in range(first, last)]
    return Take(
        run.motion.name, run.total, run.motion.rate, first, shown[0] if first == 0 and shown else (),
        tuple(tuple((item.vertices, _normals(item)) for item in items) for items in shown),
        run.report() if last == run.total else None, run.motion.notes,
    )  # fmt: skip


def frame_items(run: Run, frame: int, away: np.ndarray | float = 0.0, tucked: bool = True) -> tuple[Item, ...]:
    """The dressed person in a frame, seen from `away` [m] [3]; the garments last, in the order of dressing. `tucked`:
    the skin is drawn in under the cloth, as pictures want it; else it is where it is."""
    worn = run.positions(frame)
    items = list(body_items(run.body(frame), worn if tucked else ()))
    for drape, positions in zip(run.result.drapes, worn, strict=True):
        items.append(garment_item(replace(drape, positions=positions)))
    return tuple(replace(item, vertices=item.vertices - np.asarray(away, np.float32)) for item in items)


def followed(motion: Motion) -> np.ndarray:
    """Where the eye is that follows the person [m] [t, 3]: at the origin for who stays, else smoothly along."""
    from scipy.ndimage import gaussian_filter1d

    path = motion.translation * np.array([1.0, 0.0, 1.0])
    if np.linalg.norm(np.ptp(path, axis=0)) < FAR:
        return np.zeros_like(path)
    return gaussian_filter1d(path, _FOLLOW * motion.rate / 2.0, axis=0, mode="nearest")


def _most(drape: "Drape", track: "Track", rate: float) -> Most:
    """The largest strain over a movement; in the map all strains are this one."""
    felt = np.stack([track.strain, track.strain, np.zeros_like(track.strain)], axis=1)
    shown = mapped(replace(drape, positions=track.positions[0], strain=felt))
    origin = np.zeros(len(shown.vertices), np.int32)
    origin[shown.faces.ravel()] = drape.cloth.faces.ravel()
    words = sentence(drape.garment.name, drape.garment.fabric.limit, track, rate)
    return Most(shown, origin, track.moment / rate, track.worst, track.peak, words)


def _told(progress: Progress, words: str, fraction: float) -> Progress:
    """Progress that says the same all along."""
    return lambda *_: progress(fraction, words)


def _normals(item: Item) -> np.ndarray:
    """Normals as they travel and wait: half as many bytes."""
    normals = vertex_normals(item.vertices, item.faces) if item.normals is None else item.normals
    return np.asarray(normals, np.float16)
