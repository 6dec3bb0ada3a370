"""A virtual drape-meter: Cusick's disc of any fabric (BS 5058, ISO 9073-9), by the solver that drapes garments.

A specimen of 30 cm lies on a disc of 18 cm, held by another on top; what hangs over folds under its weight. The drape
coefficient is the ring's shadow from above over the ring itself: 100 % for a stiff board, a few for the softest silk.
(Cusick, Journal of the Textile Institute 59, 1968.) A cloth can fall into more than one set of folds, in the laboratory
as here: several falls are simulated, and their spread is the error.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import frozen
from assets.progress import Progress, part, silent
from garments.fabric import Fabric

if TYPE_CHECKING:
    from garments.solvers.sheet import Sheet

DISC, SPECIMEN = 0.09, 0.15
"""Radii of the disc and of the specimen [m]."""
EDGE = 0.007
"""The usual edge of the mesh [m]: seconds a fall, and within the error of a finer one."""
MESH_ERROR = 1.5
"""By how much [% points] a mesh of EDGE is off a fine one; benchmarks/physics.py measures it."""
FALLS = 2
PIXEL = 0.25e-3
_STEP, _LATER, _SOON, _MOST_STEPS, _AT_REST, _SLOW = 0.03, 0.1, 25, 300, 2e-3, 5e-3


@dataclass(frozen=True, slots=True, eq=False)
class Fall:
    """A specimen at rest: positions [m] [n, 3], y up from the disc's face, and flat ones [m] [n, 2]; faces [m, 3];
    drape coefficient [%]; number of folds; whether its forces balance."""

    positions: np.ndarray
    flat: np.ndarray
    faces: np.ndarray
    coefficient: float
    folds: int
    rests: bool


@dataclass(frozen=True, slots=True, eq=False)
class DrapeTest:
    """The drape coefficient [%] of a fabric, its standard error, the folds of the middle fall, and that fall."""

    coefficient: float
    error: float
    falls: tuple[Fall, ...]

    @property
    def typical(self) -> Fall:
        """The fall whose coefficient is in the middle."""
        return sorted(self.falls, key=lambda fall: fall.coefficient)[len(self.falls) // 2]


def digest(fabric: Fabric) -> str:
    """What a drape test follows from."""
    numbers = [fabric.density, fabric.thickness, fabric.stretch_warp, fabric.stretch_weft, fabric.shear]
    numbers += [fabric.bending_warp, fabric.bending_weft, fabric.bending_bias, fabric.friction]
    return hashlib.sha256(json.dumps(numbers).encode()).hexdigest()


def drape_test(fabric: Fabric, *, edge: float = EDGE, falls: int = FALLS, progress: Progress = silent) -> DrapeTest:
    """Drop the specimen `falls` times from slightly different starts, and measure its shadow."""
    done = tuple(
        fall(fabric, edge=edge, seed=seed, progress=part(progress, seed / falls, (seed + 1) / falls))
        for seed in range(falls)
    )
    told = np.array([one.coefficient for one in done])
    spread = float(told.std(ddof=1)) / np.sqrt(falls) if falls > 1 else 0.0
    return DrapeTest(float(told.mean()), float(np.hypot(spread, MESH_ERROR)), done)


def fall(
    fabric: Fabric, *, edge: float = EDGE, seed: int = 0, near: Fall | None = None, progress: Progress = silent
) -> Fall:
    """One specimen from flat to rest, or from another at rest `near` it, on a coarser mesh."""
    from garments.solvers.implicit import Solver

    flat, faces, held = specimen(edge)
    sheet = _sheet(fabric, faces, flat)
    solver = Solver(sheet, pinned=held)
    state = solver.start(_start(flat, held, seed) if near is None else _finer(near, flat, held))
    rests, calm = False, 0
    for number in range(_MOST_STEPS):
        progress(min(0.99, number / 120), f"draping {fabric.title} on the disc")
        state = solver.step(state, _STEP if number < _SOON else _LATER)
        if number % 5 == 4:
            still = float(np.abs(state.velocities).max()) < _SLOW and solver.balance(state).residual < _AT_REST
            calm = calm + 1 if still else 0
            if calm == 2:
                rests = True
                break
    progress(1.0, "measured")
    far = np.linalg.norm(flat, axis=1)
    folds = _folds(np.linalg.norm(state.positions[far > SPECIMEN - 1e-6][:, [0, 2]], axis=1))
    positions, faces = _with_disc(state.positions, faces, far < DISC)
    flat = np.vstack([flat, np.zeros(2)])
    return Fall(frozen(positions), frozen(flat), frozen(faces), coefficient(positions, faces), folds, rests)


def coefficient(positions: np.ndarray, faces: np.ndarray) -> float:
    """The drape coefficient [%] of a specimen at rest, from its shadow at PIXEL."""
    area = float(shadow(positions, faces).sum()) * PIXEL**2
    disc, whole = np.pi * DISC**2, np.pi * SPECIMEN**2
    return 100.0 * (area - disc) / (whole - disc)


def shadow(positions: np.ndarray, faces: np.ndarray, pixel: float = PIXEL) -> np.ndarray:
    """What the specimen and the disc cover, seen from above: [h, w] of booleans, warp up, weft to the right."""
    from PIL import Image, ImageDraw

    side = round(2.2 * SPECIMEN / pixel)
    picture = Image.new("1", (side, side))
    draw = ImageDraw.Draw(picture)
    places = positions[:, [0, 2]] / pixel + 0.5 * side - 0.5
    for corners in places[faces]:
        draw.polygon([tuple(corner) for corner in corners], fill=1)
    grid = (np.arange(side) + 0.5) * pixel - 0.5 * side * pixel
    return np.asarray(picture) | (np.hypot(grid[:, None], grid) < DISC)


def specimen(edge: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The overhanging ring with two rows that are held: flat points [m] [n, 2] (weft, warp), faces [m, 3], held [n].

    The hinges on the last held row bend over half a row on either side, so that row lies half a row outside the disc's
    rim, and the free length begins at the rim.
    """
    from scipy.spatial import Delaunay

    row = edge * np.sqrt(0.75)
    count = max(4, round((SPECIMEN - DISC) / row))
    row = (SPECIMEN - DISC) / (count + 0.5)
    rings = DISC + row * (np.arange(-1, count + 1) + 0.5)
    points = []
    for number, radius in enumerate(rings):
        parts = max(12, round(2 * np.pi * radius / edge))
        turn = 2 * np.pi * (np.arange(parts) + 0.5 * (number % 2)) / parts
        points.append(radius * np.stack([np.cos(turn), np.sin(turn)], axis=1))
    flat = np.concatenate(points)
    faces = Delaunay(flat).simplices
    faces = faces[np.linalg.norm(flat[faces].mean(axis=1), axis=1) > rings[0] * np.cos(np.pi / len(points[0]))]
    one, two = flat[faces[:, 1]] - flat[faces[:, 0]], flat[faces[:, 2]] - flat[faces[:, 0]]
    twice = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    faces = np.where(twice[:, None] > 0, faces, faces[:, [0, 2, 1]])[np.abs(twice) > 1e-3 * row**2]
    return flat, faces.astype(np.int32), np.linalg.norm(flat, axis=1) < rings[1] + 0.1 * row


def _sheet(fabric: Fabric, faces: np.ndarray, flat: np.ndarray) -> "Sheet":
    from garments.solvers.sheet import uniform

    return uniform(
        faces, flat[faces], density=fabric.density, friction=fabric.friction, thickness=fabric.thickness,
        stretch=[list(fabric.stretch_weft), list(fabric.stretch_warp), list(fabric.shear)],
        bending=[fabric.bending_weft, fabric.bending_warp, fabric.bending_bias],
    )  # fmt: skip


def _start(flat: np.ndarray, held: np.ndarray, seed: int) -> np.ndarray:
    """Flat, but for waves of a tenth of a millimetre of every number of folds, so that none is favoured."""
    random = np.random.default_rng(seed)
    turn, radius = np.arctan2(flat[:, 1], flat[:, 0]), np.linalg.norm(flat, axis=1)
    waves = sum(random.normal() * np.cos(k * turn + random.uniform(0, 2 * np.pi)) for k in range(2, 13))
    height = 1e-4 * waves * np.clip((radius - DISC) / (SPECIMEN - DISC), 0.0, 1.0) ** 2
    return np.stack([flat[:, 0], np.where(held, 0.0, height), -flat[:, 1]], axis=1)


def _finer(near: Fall, flat: np.ndarray, held: np.ndarray) -> np.ndarray:
    """The same shape on another mesh. The coarse hem is a polygon, so that the fine one is read a little inside."""
    from scipy.interpolate import LinearNDInterpolator

    count = int((np.linalg.norm(near.flat, axis=1) > SPECIMEN - 1e-6).sum())
    found = LinearNDInterpolator(near.flat, near.positions)(flat * (np.cos(np.pi / count) - 1e-6))
    found[held] = np.stack([flat[held, 0], np.zeros(held.sum()), -flat[held, 1]], axis=1)
    return found


def _with_disc(positions: np.ndarray, faces: np.ndarray, inner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The specimen with the part between the discs, as a fan round the middle, for its pictures."""
    rim = np.flatnonzero(inner)
    rim = rim[np.argsort(np.arctan2(positions[rim, 2], positions[rim, 0]))]
    middle = np.full(len(rim), len(positions))
    fan = np.stack([middle, np.roll(rim, -1), rim], axis=1)
    return np.vstack([positions, np.zeros(3)]), np.vstack([faces, fan]).astype(np.int32)


def _folds(radius: np.ndarray) -> int:
    """How many folds run down from the disc: the strongest wave in the hem's distance from the middle [m] [k]."""
    return 2 + int(np.argmax(np.abs(np.fft.rfft(radius))[2:16]))
