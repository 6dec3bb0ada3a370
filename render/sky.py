"""What lights a picture from all around: a soft gradient and softboxes, as radiance and as spherical harmonics.

Every part is a zonal function (it depends on the angle to one axis only), so its harmonics have a closed form and
turning the sky costs nothing. Nine coefficients give the irradiance of a diffuse surface to about 1 %
(Ramamoorthi & Hanrahan, "An Efficient Representation for Irradiance Environment Maps", SIGGRAPH 2001).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

Vector = tuple[float, float, float]

# What a cosine-weighted hemisphere keeps of each band, divided by pi: irradiance / pi of a white diffuse surface.
_COSINE_BANDS = np.array([1.0, 2 / 3, 1 / 4])


@dataclass(frozen=True, slots=True, eq=False)
class Softbox:
    """A soft lamp: radiance = colour * exp(-(angle to `direction`)^2 / spread^2) nearly; `direction` points to it."""

    direction: Vector
    colour: Vector
    spread: float = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """Radiance (linear RGB) straight up, at the horizon and straight down, and softboxes added to it.

    A white diffuse surface that sees radiance 1 everywhere reflects radiance 1.
    """

    zenith: Vector = (1.0, 1.0, 1.0)
    horizon: Vector = (1.0, 1.0, 1.0)
    floor: Vector = (1.0, 1.0, 1.0)
    softboxes: tuple[Softbox, ...] = ()

    def radiance(self, directions: np.ndarray) -> np.ndarray:
        """Linear RGB arriving from unit `directions` [k, 3], shape [k, 3]."""
        total = np.zeros((len(directions), 3))
        for axis, colour, profile in self._zones():
            total += profile(directions @ np.asarray(axis))[:, None] * np.asarray(colour)
        return total

    def harmonics(self) -> np.ndarray:
        """Coefficients of irradiance / pi in the basis of `basis`, shape [9, 3] float32."""
        total = np.zeros((9, 3))
        for axis, colour, profile in self._zones():
            bands = _zonal(profile) * _COSINE_BANDS
            total += (basis(np.asarray(axis, float)[None])[0] * bands[[0, 1, 1, 1, 2, 2, 2, 2, 2]])[:, None] * colour
        return total.astype(np.float32)

    def irradiance(self, normals: np.ndarray) -> np.ndarray:
        """What a white diffuse surface with unit `normals` [k, 3] reflects, linear RGB [k, 3]."""
        return np.maximum(basis(normals) @ self.harmonics(), 0.0)

    def turned(self, angle: float) -> "Sky":
        """The same sky turned about +Y by `angle` [rad]."""
        boxes = tuple(replace(box, direction=turned(box.direction, angle)) for box in self.softboxes)
        return replace(self, softboxes=boxes)

    def _zones(self) -> list[tuple[Vector, Vector, Callable[[np.ndarray], np.ndarray]]]:
        up = (0.0, 1.0, 0.0)
        zones = [(up, self.zenith, _upper), (up, self.horizon, _middle), (up, self.floor, _lower)]
        return zones + [(unit(box.direction), box.colour, _lobe(box.spread)) for box in self.softboxes]


def basis(directions: np.ndarray) -> np.ndarray:
    """Real spherical harmonics of bands 0 to 2 at unit `directions` [k, 3], shape [k, 9]; the shader's order."""
    x, y, z = directions.T
    return np.stack(
        [
            np.full_like(x, 0.282095),
            0.488603 * y,
            0.488603 * z,
            0.488603 * x,
            1.092548 * x * y,
            1.092548 * y * z,
            0.315392 * (3 * z * z - 1),
            1.092548 * x * z,
            0.546274 * (x * x - y * y),
        ],
        axis=1,
    )


def unit(vector: Vector) -> Vector:
    x, y, z = np.asarray(vector, float) / np.linalg.norm(vector)
    return float(x), float(y), float(z)


def turned(vector: Vector, angle: float) -> Vector:
    """A vector turned about +Y by `angle` [rad]; +Z goes towards +X."""
    x, y, z = vector
    c, s = np.cos(angle), np.sin(angle)
    return float(c * x + s * z), float(y), float(c * z - s * x)


def _upper(height: np.ndarray) -> np.ndarray:
    return np.maximum(height, 0.0)


def _lower(height: np.ndarray) -> np.ndarray:
    return np.maximum(-height, 0.0)


def _middle(height: np.ndarray) -> np.ndarray:
    return 1.0 - np.abs(height)


@cache
def _lobe(spread: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda cosine: np.exp((cosine - 1.0) * 2.0 / spread**2)


@cache
def _zonal(profile: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """2 pi times the integral of profile(x) P_l(x) over [-1, 1] for l = 0, 1, 2 (each half by Gauss-Legendre)."""
    nodes, weights = np.polynomial.legendre.leggauss(48)
    x = np.concatenate([(nodes - 1) / 2, (nodes + 1) / 2])
    w = np.concatenate([weights, weights]) / 2 * profile(x) * 2 * np.pi
    return np.array([w.sum(), (w * x).sum(), (w * (1.5 * x * x - 0.5)).sum()])
