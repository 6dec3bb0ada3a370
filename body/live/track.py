"""One person through the frames of a camera or a film: who, where, in which pose; calm, and never mixed with another.

Landmarks come from the pose finder in its film mode (body/pose.py), are calmed by a One-Euro filter (smooth.py) and
explained by the skeleton (follow.py). A person keeps a number for as long as place, size and the colours of
the clothes go on as they were. Whoever is gone for a while, or suddenly stands elsewhere or wears something else, is
somebody new: a new number, and nothing of the old smoothing or shape. Rather one person counted twice than two mixed.
"""

from dataclasses import dataclass, replace

import numpy as np

from assets.mesh import frozen
from body.frame import Frame
from body.gates import objections
from body.live.follow import UNSEEN, Follower, Instant, Sight
from body.live.looks import looks, unlike
from body.live.smooth import Smoother
from body.model import BodyModel
from body.pose import LEFT_HIP, LEFT_SHOULDER, RIGHT_HIP, RIGHT_SHOULDER, Person, follow
from body.stance import TELEPHONE_FOCAL, Pinhole, targets

SIDE = 640  # of the pictures that are tracked [pixels]: the finder looks at 256
LOST = 0.75  # without a plausible person [s], and a track has ended
STEP_IN = "step into the picture, from head to feet"
_SEARCH = 1.0  # between searches everywhere while what is followed is hardly a person [s]: they are slow
_STRANGE = 3  # frames in a row that speak for somebody else
_SETTLED = 5  # frames after which a track is believed
_SEEN = 0.5  # visibility of the trunk
_SMALLEST = 0.15  # of the picture's height
# How far hips may jump [statures] and sizes change [logarithm] between frames, at once and with each second between.
_JUMP, _PACE, _SWELL, _APPROACH = 0.12, 2.0, 0.25, 1.5
# Differences of clothes: another's; one's own in another light; one's own with nobody else before them.
_OTHER, _ALIKE, _ALONE = 0.6, 0.4, 0.25
_HABIT = 1.0  # the time in which one's looks may change [s]
_TRUNK = [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A person at a moment.

    time [s]; person, a number that nobody else gets; landmarks [33, 4] as of body.pose.Person, and world [33, 3],
    smoothed; outline [m, 2] [pixels]; box: left, top, right, bottom [pixels]; motion: camera, pose, yaw and betas;
    objection: why this frame cannot be measured, or nothing; settled: whether the track is old and steady enough to be
    believed; locked: whether the shape is known; speed of the trunk and arms [m/s]; sharpness of the person's picture,
    to be compared with others of the same film.
    """

    time: float
    person: int
    landmarks: np.ndarray
    world: np.ndarray
    outline: np.ndarray
    box: tuple[int, int, int, int]
    motion: Instant
    objection: str
    settled: bool
    locked: bool
    speed: float
    sharpness: float

    def __post_init__(self) -> None:
        for name in ("landmarks", "world", "outline"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def scaled(self, zoom: float) -> "Track":
        """The same in a picture `zoom` times as large."""
        camera = self.motion.camera
        centre = (zoom * camera.centre[0], zoom * camera.centre[1])
        lens = Pinhole(zoom * camera.focal, centre, camera.axes, camera.eye)
        left, top, right, bottom = (round(zoom * edge) for edge in self.box)
        return replace(
            self, landmarks=self.landmarks * (zoom, zoom, zoom, 1), outline=self.outline * zoom,
            box=(left, top, right, bottom), motion=replace(self.motion, camera=lens, error=zoom * self.motion.error),
        )  # fmt: skip


class Tracker:
    """Feeds on frames, one after the other. `why` says in words why the last one gave no track."""

    def __init__(
        self, model: BodyModel, stature: float | None = None, betas: np.ndarray | None = None, people: int = 0
    ) -> None:
        """`stature` [m] is the scale; `betas` [k] are the shape of the first person, where it is known; `people` is how
        many numbers were given to others before."""
        self.model, self.stature, self.why = model, stature, ""
        self._betas = betas
        self._known: _Known | None = None
        self._people = people
        self._time = -np.inf
        self._anew, self._searched = True, -np.inf

    def lock(self, betas: np.ndarray) -> None:
        """The shape of whoever is tracked now was measured: from here on it stays."""
        if self._known is not None:
            self._known.follower.lock(betas)

    def feed(self, frame: Frame, zoom: float = 1.0) -> Track | None:
        """The track in a frame later than the last, of a picture `zoom` times as large; None where nobody is sure.

        A frame of the same time is not looked at; one of an earlier time begins everything anew.
        """
        if frame.time == self._time:
            return None
        if frame.time < self._time:
            self._end()
        self._time = frame.time
        if self._anew:
            self._searched = frame.time
        person = follow(frame, self._anew)
        self._anew = False
        if person is None or not _plausible(person, frame):
            self.why = next(iter(objections(person, frame, zoom)), STEP_IN) if person else STEP_IN
            if self._known is not None and frame.time - self._known.time > LOST:
                self._end()
            self._anew |= person is not None and not 0 <= frame.time - self._searched < _SEARCH
            return None
        seen = looks(frame, person)
        known = self._known
        if known is not None and frame.time - known.time > LOST:
            known = None
        if known is not None and known.strange(person, seen, frame.time):
            if known.doubts < _STRANGE:
                self.why = "stand alone before the camera"
                return None
            known = None
        self._known = known or self._begin()
        return self._known.take(person, seen, frame, zoom)

    def _begin(self) -> "_Known":
        self._people += 1
        betas, self._betas = self._betas, None
        return _Known(self._people, Follower(self.model, self.stature, betas))

    def _end(self) -> None:
        """Forget who was there; the finder, which clings to where somebody was, is to look everywhere again."""
        self._known, self._anew = None, True


class _Known:
    """What is remembered of the person who is tracked, until they are lost."""

    def __init__(self, number: int, follower: Follower) -> None:
        self.number, self.follower = number, follower
        self.time, self.frames, self.doubts, self._gap = -np.inf, 0, 0, 0.0
        self._points, self._depths, self._world = Smoother(), Smoother(), Smoother()
        self._hips, self._trunk, self._height = np.zeros(2), 1.0, 1.0
        self._looks = np.zeros((0, 0))

    def strange(self, person: Person, seen: np.ndarray, time: float) -> bool:
        """Whether this is hardly the same person; `doubts` counts how often in a row that was so."""
        if not self.doubts:
            self._gap = time - self.time  # nobody gets more time to be elsewhere while they are doubted
        gap = self._gap
        hips, trunk = _trunk(person)
        jump = float(np.linalg.norm(hips - self._hips)) / self._height
        swell = abs(np.log(trunk / self._trunk))
        odd = jump > _JUMP + _PACE * gap or swell > _SWELL + _APPROACH * gap or unlike(seen, self._looks) > _OTHER
        self.doubts = self.doubts + 1 if odd else 0
        return odd

    def take(self, person: Person, seen: np.ndarray, frame: Frame, zoom: float) -> Track:
        """The person's next moment."""
        alone = self._remember(person, seen, frame.time)
        metre = person.height / self.follower.stature
        places = self._points(person.points, frame.time, metre)
        depths = self._depths(person.landmarks[:, 2:3], frame.time, metre)
        world = self._world(person.world, frame.time)
        landmarks = np.concatenate([places, depths, person.landmarks[:, 3:]], axis=1)
        focal = frame.focal or TELEPHONE_FOCAL * float(np.hypot(frame.width, frame.height))
        top = float(person.box[1]) if person.box[1] > 1 else None
        centre = np.array([frame.width, frame.height]) / 2
        near = nearest(person.mask, person.visibility)
        motion = self.follower(Sight(landmarks[:, :2], world, person.visibility, top, focal, centre, near))
        return Track(
            frame.time, self.number, landmarks, world, _outline(person.mask), person.box, motion,
            next(iter(objections(person, frame, zoom)), ""), alone and self.frames >= _SETTLED, self.follower.locked,
            float(np.sqrt((self._points.speed[_TRUNK] ** 2).mean())) / metre, _sharpness(frame, person),
        )  # fmt: skip

    def _remember(self, person: Person, seen: np.ndarray, time: float) -> bool:
        """Keep where and how the person was last seen; whether nobody else can be in the picture of them."""
        gap = time - self.time
        self._hips, self._trunk = _trunk(person)
        if not self.frames:
            self._looks, self._height = seen, float(person.height)
        change = unlike(seen, self._looks)
        if change < _ALIKE and self.frames:
            self._looks = self._looks + (1 - np.exp(-gap / _HABIT)) * (seen - self._looks)
            self._height = max(self._height * float(np.exp(-gap)), person.height)
        self.time, self.frames = time, self.frames + 1
        return change < _ALONE


def reduced(frame: Frame) -> tuple[Frame, float]:
    """A copy small enough to track at once, and how many times as large the frame is."""
    import cv2

    zoom = max(frame.width, frame.height) / SIDE
    if zoom <= 1:
        return frame, 1.0
    size = (round(frame.width / zoom), round(frame.height / zoom))
    pixels = cv2.resize(frame.pixels, size, interpolation=cv2.INTER_AREA)
    return Frame(pixels, frame.time, frame.name, frame.focal / zoom if frame.focal else None), zoom


def _plausible(person: Person, frame: Frame) -> bool:
    finite = np.isfinite(person.landmarks).all() and np.isfinite(person.world).all()
    large = person.height > _SMALLEST * frame.height
    return bool(finite and large and person.visibility[_TRUNK].mean() > _SEEN)


def _trunk(person: Person) -> tuple[np.ndarray, float]:
    """Where the hips are and how long the trunk is [pixels]."""
    hips = person.points[[LEFT_HIP, RIGHT_HIP]].mean(axis=0)
    shoulders = person.points[[LEFT_SHOULDER, RIGHT_SHOULDER]].mean(axis=0)
    return hips, max(float(np.linalg.norm(shoulders - hips)), 1.0)


def _outline(mask: np.ndarray) -> np.ndarray:
    """The mask's edge as a polygon [m, 2] [pixels]."""
    import cv2

    lines, _ = cv2.findContours((mask > _SEEN).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    longest = max(lines, key=len, default=np.zeros((0, 1, 2)))
    return np.asarray(cv2.approxPolyDP(longest, 0.7, True) if len(longest) else longest, float).reshape(-1, 2) + 0.5


def _sharpness(frame: Frame, person: Person) -> float:
    """How strongly neighbouring pixels differ within the person, as a share of the brightness."""
    import cv2

    left, top, right, bottom = person.box
    grey = cv2.cvtColor(frame.pixels[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
    own = (person.mask[top:bottom, left:right] > 0.9).astype(np.uint8)
    bend = cv2.mean(cv2.convertScaleAbs(cv2.Laplacian(grey, cv2.CV_16S)), own)[0]
    return bend / max(cv2.mean(grey, own)[0], 1.0)


def nearest(mask: np.ndarray, visibility: np.ndarray) -> np.ndarray | None:
    """Of each pixel of a mask [h, w] the nearest that shows the person [h, w, 2] [pixels]; None where each of the
    landmarks that a frame is compared by is seen, or nobody is."""
    import cv2

    person = np.asarray(mask) > UNSEEN
    if not person.any() or np.asarray(visibility)[list(targets())].min() >= UNSEEN:
        return None
    _, labels = cv2.distanceTransformWithLabels(
        (~person).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    rows, columns = np.nonzero(person)
    places = np.zeros((labels.max() + 1, 2), np.float32)
    places[labels[rows, columns]] = np.stack([columns, rows], axis=1) + 0.5
    return places[labels]
