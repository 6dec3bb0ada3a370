"""The eye: a perspective camera as a value, the moves a hand makes, and the views every report shows.

Pixels are counted from the top left corner of the picture, as Qt and image files do; a pixel's centre is at +0.5.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from render.sky import Vector

if TYPE_CHECKING:
    from render.scene import Scene

# A long lens from a few metres away, as catalogues are shot: proportions stay true.
FIELD_OF_VIEW = np.radians(22.0)
# Azimuth (from the front towards the person's left hand, +X) and elevation of the standard views [deg].
STANDARD_VIEWS = {
    "front": (0.0, 4.0),
    "back": (180.0, 4.0),
    "left": (90.0, 4.0),
    "right": (-90.0, 4.0),
    "three_quarter": (35.0, 7.0),
}
_STEEPEST = np.radians(88.0)


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """Where the eye is, what it looks at [m], which way is up, vertical field of view [rad], clipping distances [m],
    and the radius of the lens' opening [m]: what is nearer or farther than the target is blurred by it in stills."""

    eye: Vector = (0.0, 1.2, 5.0)
    target: Vector = (0.0, 0.9, 0.0)
    up: Vector = (0.0, 1.0, 0.0)
    fov_y: float = FIELD_OF_VIEW
    near: float = 0.05
    far: float = 100.0
    aperture: float = 0.0

    @property
    def distance(self) -> float:
        return float(np.linalg.norm(np.subtract(self.eye, self.target)))

    @property
    def azimuth(self) -> float:
        """Angle of the eye about +Y from +Z towards +X [rad]."""
        x, _, z = np.subtract(self.eye, self.target)
        return float(np.arctan2(x, z))

    @property
    def elevation(self) -> float:
        """Angle of the eye above the target's level [rad]."""
        return float(np.arcsin((self.eye[1] - self.target[1]) / self.distance))

    def axes(self) -> np.ndarray:
        """Unit vectors to the right, up, and back towards the eye, as rows [3, 3]."""
        back = np.subtract(self.eye, self.target)
        back = back / np.linalg.norm(back)
        right = _across(self.up, back)
        right /= np.linalg.norm(right)
        return np.stack([right, _across(back, right), back])

    def view(self) -> np.ndarray:
        """World to eye, [4, 4]; the eye looks along -Z."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.axes()
        matrix[:3, 3] = -matrix[:3, :3] @ np.asarray(self.eye)
        return matrix

    def projection(self, aspect: float) -> np.ndarray:
        """Eye to clip space as OpenGL has it, [4, 4], for a picture of width / height = `aspect`."""
        scale = 1.0 / np.tan(self.fov_y / 2)
        depth = self.near - self.far
        matrix = np.zeros((4, 4))
        matrix[0, 0], matrix[1, 1] = scale / aspect, scale
        matrix[2, 2], matrix[2, 3] = (self.far + self.near) / depth, 2 * self.far * self.near / depth
        matrix[3, 2] = -1.0
        return matrix

    def project(self, points: np.ndarray, width: int, height: int) -> np.ndarray:
        """Pixel x, y and distance before the eye [m] of `points` [k, 3], shape [k, 3]."""
        local = np.asarray(points, float) @ self.view()[:3, :3].T + self.view()[:3, 3]
        depth = -local[:, 2]
        scale = height / 2 / np.tan(self.fov_y / 2) / np.where(np.abs(depth) < 1e-9, 1e-9, depth)
        return np.stack([width / 2 + local[:, 0] * scale, height / 2 - local[:, 1] * scale, depth], axis=1)

    def ray(self, x: float, y: float, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
        """Origin [m] and unit direction of the ray through pixel position (x, y)."""
        reach = np.tan(self.fov_y / 2) / (height / 2)
        right, up, back = self.axes()
        direction = right * (x - width / 2) * reach - up * (y - height / 2) * reach - back
        return np.asarray(self.eye, float), direction / np.linalg.norm(direction)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A camera and its rectangle of the picture, in pixels from the top left; the scene that it sees where that is not
    the picture's."""

    camera: Camera
    left: int
    top: int
    width: int
    height: int
    scene: "Scene | None" = None


def single(camera: Camera, width: int, height: int) -> tuple[View, ...]:
    """One view that fills the picture."""
    return (View(camera, 0, 0, width, height),)


def quarters(cameras: tuple[Camera, Camera, Camera, Camera], width: int, height: int) -> tuple[View, ...]:
    """Four views in reading order that fill the picture."""
    x, y = width // 2, height // 2
    places = [(0, 0, x, y), (x, 0, width - x, y), (0, y, x, height - y), (x, y, width - x, height - y)]
    return tuple(View(camera, *place) for camera, place in zip(cameras, places, strict=True))


def halves(camera: Camera, left: "Scene", width: int, height: int) -> tuple[View, ...]:
    """Another scene on the left and the picture's on the right, seen alike."""
    x = width // 2
    return View(camera, 0, 0, x, height, left), View(camera, x, 0, width - x, height)


def orbit(camera: Camera, azimuth: float, elevation: float) -> Camera:
    """Walk round the target by `azimuth` [rad] towards +X, and climb by `elevation` [rad], short of the poles."""
    turn = camera.azimuth + azimuth
    climb = float(np.clip(camera.elevation + elevation, -_STEEPEST, _STEEPEST))
    return replace(camera, eye=_eye(camera.target, camera.distance, turn, climb))


def pan(camera: Camera, right: float, up: float) -> Camera:
    """Slide by parts of the picture's height at the target: the scene moves right and up by that much."""
    span = 2 * camera.distance * np.tan(camera.fov_y / 2)
    axes = camera.axes()
    shift = -(right * axes[0] + up * axes[1]) * span
    return replace(camera, eye=_vector(camera.eye + shift), target=_vector(camera.target + shift))


def zoom(camera: Camera, factor: float, towards: np.ndarray | None = None) -> Camera:
    """Come nearer by `factor` (2 = half the distance); the point `towards` [m] [3] keeps its place in the picture."""
    distance = float(np.clip(camera.distance / factor, 0.1, 60.0))
    still = np.asarray(camera.target if towards is None else towards, float)
    shrink = distance / camera.distance
    eye, target = (still + (np.asarray(point) - still) * shrink for point in (camera.eye, camera.target))
    return replace(camera, eye=_vector(eye), target=_vector(target))


def standard_view(name: str, low: np.ndarray, high: np.ndarray, aspect: float, margin: float = 0.05) -> Camera:
    """One of STANDARD_VIEWS, framing the box from `low` to `high` [m] in a picture of width / height = `aspect`."""
    azimuth, elevation = np.radians(STANDARD_VIEWS[name])
    target = _vector((np.asarray(low, float) + high) / 2)
    return framed(Camera(_eye(target, 5.0, azimuth, elevation), target), low, high, aspect, margin)


def framed(camera: Camera, low: np.ndarray, high: np.ndarray, aspect: float, margin: float = 0.05) -> Camera:
    """The camera, moved straight so that the whole box fills the picture but for `margin` of it on each side."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    target = (low + high) / 2
    corners = np.stack(np.meshgrid(*zip(low, high, strict=True), indexing="ij"), axis=-1).reshape(8, 3)
    axes = camera.axes()
    across, above, nearer = ((corners - target) @ axes.T).T
    reach = np.tan(camera.fov_y / 2) * (1 - 2 * margin)
    distance = float(np.max(nearer + np.maximum(np.abs(above) / reach, np.abs(across) / (reach * aspect))))
    eye = target + axes[2] * max(distance, 0.1)
    return replace(camera, eye=_vector(eye), target=_vector(target))


def _eye(target: Vector, distance: float, azimuth: float, elevation: float) -> Vector:
    level = np.cos(elevation)
    away = np.array([np.sin(azimuth) * level, np.sin(elevation), np.cos(azimuth) * level])
    return _vector(np.asarray(target) + distance * away)


def _vector(values: np.ndarray) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z


def _across(first: np.ndarray | Vector, second: np.ndarray) -> np.ndarray:
    """The cross product of two vectors [3], which numpy takes ten times as long for."""
    (a, b, c), (x, y, z) = first, second
    return np.array([b * z - c * y, c * x - a * z, a * y - b * x])
