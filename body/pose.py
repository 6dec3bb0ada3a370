"""The people in a frame: their landmarks, masks and boxes.

Idea and weights: BlazePose GHUM (Bazarevsky et al. 2020; MediaPipe 0.10.21, Apache-2.0), the "full" landmark model that
its wheel carries. It finds one person, and not the biggest: the one found is painted over and the search repeated.
Each person is then looked at again in a crop of the full picture, as it is and mirrored, and the two views are
averaged; the mask, which the network gives at 256 pixels a side, is drawn to the picture's own edges by a guided
filter (He, Sun, Tang 2010).

The library prints to the native standard error and weighs 300 MB: it lives in the long-lived process "eyes", and only
the functions at the end of this file, which run there, import it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from assets import lightly
from assets.mesh import frozen
from assets.worker import Worker
from body.frame import Frame

NOSE, LEFT_EAR, RIGHT_EAR = 0, 7, 8
LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_ELBOW, RIGHT_ELBOW, LEFT_WRIST, RIGHT_WRIST = 11, 12, 13, 14, 15, 16
LEFT_HIP, RIGHT_HIP, LEFT_KNEE, RIGHT_KNEE, LEFT_ANKLE, RIGHT_ANKLE = 23, 24, 25, 26, 27, 28
LEFT_HEEL, RIGHT_HEEL, LEFT_TOE, RIGHT_TOE = 29, 30, 31, 32
MIRRORED = np.array([0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, *(k + 1 if k % 2 else k - 1 for k in range(11, 33))])

_SEEN = 0.5
_MOST_PEOPLE = 8
_SEARCH_SIDE, _CLOSE_SIDE = 1280, 2048

EYES = Worker("eyes", "the pose finder")


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One person in a frame. Left and right are the person's own.

    landmarks: x, y [pixels from the frame's left top corner], z [pixels, towards the camera negative], visibility 0..1,
    shape [33, 4] in MediaPipe's order. world: the same points [m, of no particular person's scale] about the hips,
    x to the picture's right, y down, z away, shape [33, 3]. mask: how much of each pixel is the person, 0..1, shape
    [h, w] float32. box: left, top, right, bottom of the mask [pixels]. number: from the left, beginning at 1.
    """

    landmarks: np.ndarray
    world: np.ndarray
    mask: np.ndarray
    box: tuple[int, int, int, int]
    number: int = 1

    def __post_init__(self) -> None:
        for name in ("landmarks", "world", "mask"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @property
    def points(self) -> np.ndarray:
        """Landmarks in the frame [pixels], shape [33, 2]."""
        return self.landmarks[:, :2]

    @property
    def visibility(self) -> np.ndarray:
        """Shape [33], 0..1."""
        return self.landmarks[:, 3]

    @property
    def height(self) -> int:
        """Of the box [pixels]."""
        return self.box[3] - self.box[1]


def people(frame: Frame) -> tuple[Person, ...]:
    """Everybody in the frame, from left to right; nobody is an empty tuple."""
    found = EYES.call("body.pose:look", frame.pixels, deadline=120)
    persons = sorted((_person(item, frame) for item in found), key=lambda person: person.box[0] + person.box[2])
    return tuple(Person(p.landmarks, p.world, p.mask, p.box, k + 1) for k, p in enumerate(persons))


def follow(frame: Frame, anew: bool = False) -> Person | None:
    """The person that the last call found, or with `anew` whoever is found first: for frames of one film, in order."""
    found = EYES.call("body.pose:look_on", frame.pixels, anew, deadline=60)
    return _person(found, frame) if found else None


def _person(item: Mapping[str, Any], frame: Frame) -> Person:
    left, top = item["corner"]
    part = item["mask"].astype(np.float32) / 255
    mask = np.zeros((frame.height, frame.width), np.float32)
    mask[top : top + part.shape[0], left : left + part.shape[1]] = part
    return Person(item["landmarks"], item["world"], mask, tuple(item["box"]))


# What follows runs in the process "eyes".


def load() -> None:
    """Load the library alone; what it starts threads for waits until somebody looks."""
    _library()


def look(pixels: np.ndarray) -> list[dict[str, Any]]:
    """Everybody in the picture [h, w, 3], each as {landmarks, world, mask (uint8, a part), corner, box}."""
    rest, scale = _reduced(pixels, _SEARCH_SIDE)
    finds: list[dict[str, Any]] = []
    while len(finds) < _MOST_PEOPLE:
        find = _see(rest)
        if find is None or any(_overlap(find["box"], other["box"]) > 0.6 for other in finds):
            break
        finds.append(find)
        rest = _painted_over(rest, find["mask"])
    return [_closer(pixels, finds, k, scale) for k in range(len(finds))]


def look_on(pixels: np.ndarray, anew: bool) -> dict[str, Any] | None:
    """The person found in the picture before this one, searched near where they were; as in `look`."""
    if anew:
        _follower().reset()
    find = _see(pixels, _follower())
    return _packed(find, np.zeros(2, int), 1.0) if find else None


@cache
def _library() -> Any:
    drawing = "python.solutions.drawing_utils", "python.solutions.drawing_styles"
    return lightly.load("mediapipe.python.solutions.pose", without=drawing).Pose


@cache
def _follower() -> Any:
    """MediaPipe's pipeline for films, without its own smoothing: ours knows the time of each frame."""
    return _library()(
        static_image_mode=False, model_complexity=1, enable_segmentation=True, min_detection_confidence=0.5,
        smooth_landmarks=False, smooth_segmentation=False,
    )  # fmt: skip


@cache
def _finder() -> Any:
    """MediaPipe's own pipeline, for single pictures."""
    return _library()(
        static_image_mode=True, model_complexity=1, enable_segmentation=True, min_detection_confidence=0.5
    )


def _see(pixels: np.ndarray, finder: Any = None) -> dict[str, Any] | None:
    """Landmarks [pixels], world landmarks, mask (its largest piece) and box of one person, or None."""
    result = (finder or _finder()).process(np.ascontiguousarray(pixels))
    if result.pose_landmarks is None or result.segmentation_mask is None:
        return None
    size = np.array([pixels.shape[1], pixels.shape[0], pixels.shape[1], 1.0])
    landmarks = np.array([(p.x, p.y, p.z, p.visibility) for p in result.pose_landmarks.landmark]) * size
    world = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks.landmark])
    mask, box = _largest_piece(result.segmentation_mask)
    return {"landmarks": landmarks, "world": world, "mask": mask, "box": box} if box else None


def _largest_piece(mask: np.ndarray) -> tuple[np.ndarray, tuple[int, int, int, int] | None]:
    """The mask without stray pieces, and the box round it (left, top, right, bottom), None when it is empty."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats((mask > _SEEN).astype(np.uint8))
    if count < 2:
        return mask, None
    label = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    left, top, width, height = (int(value) for value in stats[label, :4])
    others = (labels > 0) & (labels != label)
    return np.where(others, 0, mask), (left, top, left + width, top + height)


def _overlap(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """Intersection over union of two boxes."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    common = max(width, 0) * max(height, 0)
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common
    return common / max(union, 1)


def _painted_over(pixels: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The picture with a person replaced by the blurred surroundings."""
    import cv2

    width = max(mask.shape) // 40
    gone = cv2.dilate((mask > 0.3).astype(np.uint8), np.ones((width, width), np.uint8))
    coarse = (96, 96)
    kept = np.dstack([1 - gone] * 3).astype(np.float32)
    light, weight = (cv2.resize(part, coarse, interpolation=cv2.INTER_AREA) for part in (pixels * kept, kept))
    ground = cv2.GaussianBlur(light, (0, 0), 16) / (cv2.GaussianBlur(weight, (0, 0), 16) + 1e-3)
    return np.where(gone[..., None] > 0, cv2.resize(ground, mask.shape[::-1]), pixels).clip(0, 255).astype(np.uint8)


def _closer(pixels: np.ndarray, finds: list[dict[str, Any]], chosen: int, scale: float) -> dict[str, Any]:
    """A second look at one person, in a crop of the full picture from which the others are painted out."""
    import cv2

    find = finds[chosen]
    left, top, right, bottom = find["box"]
    margin = (bottom - top) // 5
    window = np.s_[max(top - margin, 0) : bottom + margin, max(left - margin, 0) : right + margin]
    corner = np.array([window[1].start, window[0].start]) / scale
    start, stop = corner.round().astype(int), (np.array([window[1].stop, window[0].stop]) / scale).round().astype(int)
    crop, zoom = _reduced(pixels[start[1] : stop[1], start[0] : stop[0]], _CLOSE_SIDE)
    others = [other["mask"][window] for other in finds if other is not find]
    if others:
        hidden = np.max(others, axis=0)
        hidden = np.where(find["mask"][window] > hidden, 0, hidden)
        crop = _painted_over(crop, cv2.resize(hidden, crop.shape[1::-1]))
    closer = _see_both_ways(crop)
    if closer is not None:
        drift = closer["landmarks"][:, :2] / zoom + start - find["landmarks"][:, :2] / scale
        if np.abs(drift[[LEFT_HIP, RIGHT_HIP]]).max() < 0.1 * (bottom - top) / scale:
            closer["mask"] = _drawn_to_edges(closer["mask"], crop, closer["box"])
            return _packed(closer, start, zoom)
    return _packed(find, np.zeros(2, int), scale)


def _reduced(pixels: np.ndarray, side: int) -> tuple[np.ndarray, float]:
    """The picture with a longest side of at most that many pixels, and the factor."""
    import cv2

    scale = min(1.0, side / max(pixels.shape[:2]))
    height, width = (max(round(scale * length), 1) for length in pixels.shape[:2])
    return (cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA) if scale < 1 else pixels), scale


def _see_both_ways(pixels: np.ndarray) -> dict[str, Any] | None:
    """One person seen as they are and in the mirror, averaged where the two agree: left and right are treated alike."""
    find, mirror = _see(pixels), _see(pixels[:, ::-1])
    if find is None or mirror is None:
        return find
    landmarks = mirror["landmarks"][MIRRORED] * (-1, 1, 1, 1) + (pixels.shape[1] - 1, 0, 0, 0)
    world = mirror["world"][MIRRORED] * (-1, 1, 1)
    apart = np.linalg.norm(landmarks[:, :2] - find["landmarks"][:, :2], axis=1)[LEFT_SHOULDER:]
    if np.median(apart) > 0.03 * (find["box"][3] - find["box"][1]):
        return find
    mask, box = _largest_piece((find["mask"] + mirror["mask"][:, ::-1]) / 2)
    if box is None:
        return find
    return {
        "landmarks": (find["landmarks"] + landmarks) / 2,
        "world": (find["world"] + world) / 2,
        "mask": mask,
        "box": box,
    }


def _drawn_to_edges(mask: np.ndarray, pixels: np.ndarray, box: tuple[int, ...]) -> np.ndarray:
    """The mask moved to the edges of the picture within the reach of its own pixels."""
    import cv2

    radius = max(2, round((box[3] - box[1]) / 120))
    return cv2.ximgproc.guidedFilter(pixels, mask.astype(np.float32), radius, 1e-3 * 255**2).clip(0, 1)


def _packed(find: dict[str, Any], corner: np.ndarray, zoom: float) -> dict[str, Any]:
    """A find in pixels of the full picture, ready to travel: only the part of the mask that holds the person."""
    import cv2

    left, top, right, bottom = find["box"]
    left, top = max(left - 8, 0), max(top - 8, 0)
    part = find["mask"][top : bottom + 8, left : right + 8]
    full = (np.array(part.shape[::-1]) / zoom).round().astype(int)
    mask = (cv2.resize(part, tuple(full.tolist()), interpolation=cv2.INTER_LINEAR) * 255).round().astype(np.uint8)
    start = (np.array([left, top]) / zoom + corner).round().astype(int)
    rows, columns = (np.flatnonzero((mask > 127).any(axis=axis)) for axis in (1, 0))
    box = [columns[0] + start[0], rows[0] + start[1], columns[-1] + 1 + start[0], rows[-1] + 1 + start[1]]
    landmarks = find["landmarks"] / (zoom, zoom, zoom, 1) + (*corner, 0, 0)
    return {
        "landmarks": landmarks,
        "world": find["world"],
        "mask": mask,
        "corner": start.tolist(),
        "box": [int(value) for value in box],
    }
