"""The local layer: the smoothest small displacement of the skin with which the tape reads what was typed, where the
model's own shapes do not reach.

The displacement is taken as a Gaussian random field on the skin, mirrored left to right, with the Matern covariance of
Lindgren, Rue and Lindstrom (2011): the field u that solves (1/REACH^2 - Laplacian) u = noise. Given what tapes say it
has a likeliest value, which is a smooth bump round each of them and fades within a hand's breadth (kriging). Laplacian:
Pinkall and Polthier (1993). A displacement that would be too large or too steep for skin gives way: then the tapes'
misfit is spread as evenly as it goes, and what remains is told.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from assets.mesh import edges, face_areas, frozen
from body.measure import Push, Ruler, ruler
from body.model import BodyModel
from body.poses import T

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

REACH = 0.06
"""Over which length [m] a bump fades."""
LARGEST = 0.03
"""No vertex moves further [m]."""
STEEPEST = 0.5
"""By how much of their distance, at most, two neighbours move apart."""
# How much skin may differ from the shape space [m], and how closely a tape is met: the closest that is not too large.
_GIVE = 0.010
_CLOSENESS = (0.00002, 0.0005, 0.002, 0.006, 0.02, 0.1)
# With more left than this [m], tapes contradict each other, and are met less closely for a smoother skin.
_STALLED = 0.003
_STEPS, _ROUGH_STEPS = 14, 3
# Below about this height [m] nothing moves up or down: soles keep to the floor.
_SOLE = 0.06
_MET = 0.00005
_SCALE = _GIVE**2 * 4 * np.pi / REACH**2


@dataclass(frozen=True, slots=True, eq=False)
class Layered:
    """A detail [m] [n, 3] of the rest pose; `left`: measure minus tape [m] by name; the tape without which the rest
    would be met most easily."""

    detail: np.ndarray
    left: dict[str, float]
    odd: str


def meet(model: BodyModel, betas: np.ndarray, tapes: Mapping[str, float], start: np.ndarray | None = None) -> Layered:
    """The smallest detail that makes the shape `betas` [k] meet `tapes`, name -> value [m]; added to a detail `start`
    [n, 3] that is already there."""
    return _layer(cast(Hashable, model)).meet(betas, tapes, start)


@lru_cache(maxsize=4)
def _layer(model: Any) -> _Layer:
    return _Layer(ruler(model))


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Linear demands on a displacement: the tape of each [i], slopes [i, s, 3], their product [m] [i]."""

    tapes: np.ndarray
    slopes: np.ndarray
    goals: np.ndarray

    def with_(self, other: _Lines, which: np.ndarray) -> _Lines:
        which = which[other.tapes]
        pairs = zip((self.tapes, self.slopes, self.goals), (other.tapes, other.slopes, other.goals), strict=True)
        return _Lines(*(np.concatenate([mine, more[which]]) for mine, more in pairs))


class _Layer:
    """The random field on one model's skin, in the measuring pose."""

    def __init__(self, on: Ruler) -> None:
        from scipy.sparse import diags
        from scipy.sparse.linalg import splu

        self.ruler = on
        model = on.model
        surface, faces = on.surface(model.prior()[0]), model.skin_faces
        self.skin = np.unique(faces)
        local = np.searchsorted(self.skin, faces)
        stiffness, self.area = _laplacian(surface[self.skin], local)
        flat = splu((diags(self.area / REACH**2) + stiffness).tocsc()).solve
        grip = (_SOLE / np.maximum(surface[self.skin, 1], 0.1 * _SOLE)) ** 4 / REACH**2
        up = splu((diags(self.area * (1 / REACH**2 + grip)) + stiffness).tocsc()).solve
        self._solves = (flat, up, flat)
        self.edges = edges(local)
        self.length = np.linalg.norm(np.subtract(*surface[self.skin][self.edges.T]), axis=1)
        rest = model.body(pose=T).vertices
        self.twin = _nearest(rest[self.skin], rest[self.skin] * [-1.0, 1.0, 1.0])
        self.inside = _nearest(rest[self.skin], rest)
        self.back = np.linalg.inv(on.turns)

    def meet(self, betas: np.ndarray, tapes: Mapping[str, float], start: np.ndarray | None) -> Layered:
        for close in _CLOSENESS:
            moved, push, misfit = self._follow(betas, tapes, start, close)
            left = {name: float(value) - tapes[name] for name, value in zip(tapes, push.values, strict=True)}
            if self._size(moved) <= 1.0 and max(map(abs, left.values())) < max(_STALLED, 3 * close):
                break
        return Layered(frozen(self._detail(moved, start)), left, list(tapes)[int(misfit.argmax())])

    def _follow(
        self, betas: np.ndarray, tapes: Mapping[str, float], start: np.ndarray | None, close: float
    ) -> tuple[np.ndarray, Push, np.ndarray]:
        """The likeliest displacement [s, 3] of the skin when each tape errs by `close` [m]; what the tape reads then;
        by how much the whole would be likelier without each tape."""
        names, wanted = tuple(tapes), np.array(list(tapes.values()))
        moved, share, closest = np.zeros((len(self.skin), 3)), 1.0, close == _CLOSENESS[0]
        push = self.ruler.push(betas, names, self._detail(moved, start))
        lines = self._lines(push, wanted, moved)
        misfit, kinked = np.zeros(len(names)), np.zeros(len(names), bool)
        for _ in range(_STEPS if closest else _ROUGH_STEPS):
            off = np.abs(wanted - push.values)
            if off.max() < _MET or self._size(moved) > 1.5 or share < 0.1:
                break
            likely, misfit = self._likely(lines, close)
            trial = moved + share * (likely - moved)
            found = self.ruler.push(betas, names, self._detail(trial, start))
            after = np.abs(wanted - found.values)
            if closest and np.linalg.norm(after) > np.linalg.norm(off):
                # Where a tape leaves one point for another its length has a kink: keep to what holds on both sides.
                kinked |= after > np.maximum(off, _MET)
                lines = lines.with_(self._lines(found, wanted, trial), kinked)
                share *= 0.7
                continue
            kinked |= after > np.maximum(off, _MET)
            lines = self._lines(found, wanted, trial).with_(lines, kinked)
            moved, push, share = trial, found, min(1.0, 2 * share)
        return moved, push, misfit

    def _lines(self, push: Push, wanted: np.ndarray, moved: np.ndarray) -> _Lines:
        """What tapes ask of a displacement, seen from one [s, 3], the same left and right."""
        slopes = push.slopes[:, self.skin]
        slopes = 0.5 * (slopes + slopes[:, self.twin] * [-1.0, 1.0, 1.0])
        return _Lines(np.arange(len(wanted)), slopes, wanted - push.values + np.einsum("isc,sc->i", slopes, moved))

    def _likely(self, lines: _Lines, close: float) -> tuple[np.ndarray, np.ndarray]:
        """The likeliest displacement [s, 3] if lines hold all the way; how much likelier it were without each tape."""
        spread = self._spread(lines.slopes.transpose(1, 0, 2))
        shared = np.einsum("sic,s,sjc->ij", spread, _SCALE * self.area, spread, optimize=True)
        inverse = np.linalg.inv(shared + close**2 * np.eye(len(shared)))
        pull = inverse @ lines.goals
        likely = _SCALE * self._spread(self.area[:, None] * np.einsum("sic,i->sc", spread, pull))
        misfit = np.zeros(lines.tapes.max() + 1)
        np.maximum.at(misfit, lines.tapes, pull**2 / np.diag(inverse))
        return likely, misfit

    def _spread(self, push: np.ndarray) -> np.ndarray:
        """Pushes [s, ..., 3] at single points, smoothed over the skin."""
        return np.stack([solve(push[..., axis]) for axis, solve in enumerate(self._solves)], axis=-1)

    def _detail(self, moved: np.ndarray, start: np.ndarray | None) -> np.ndarray:
        """A displacement of the skin in the measuring pose, as one [n, 3] of all vertices in the rest pose."""
        detail = np.einsum("nab,nb->na", self.back, moved[self.inside])
        return detail if start is None else detail + start

    def _size(self, moved: np.ndarray) -> float:
        """How large or steep a displacement is; beyond 1 is too much."""
        gap = np.linalg.norm(np.subtract(*moved[self.edges.T]), axis=1) / self.length
        return float(max(np.linalg.norm(moved, axis=1).max() / LARGEST, gap.max() / STEEPEST))


def _laplacian(surface: np.ndarray, faces: np.ndarray) -> tuple[csr_matrix, np.ndarray]:
    """Stiffness [s, s] of cotangents and the area [m2] round each vertex [s]."""
    from scipy.sparse import coo_matrix, diags

    count = len(surface)
    area = np.bincount(faces.ravel(), np.repeat(face_areas(surface, faces), 3) / 3, count)
    rows, columns, weights = [], [], []
    for k in range(3):
        a, b, c = (faces[:, (k + j) % 3] for j in range(3))
        to_b, to_c = surface[b] - surface[a], surface[c] - surface[a]
        twice = np.linalg.norm(np.cross(to_b, to_c), axis=1)
        cotangent = np.einsum("fc,fc->f", to_b, to_c) / np.maximum(twice, 1e-12)
        rows += [b, c]
        columns += [c, b]
        weights += [np.clip(cotangent, 0.0, 20.0) / 2] * 2
    pull = coo_matrix((np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), (count, count))
    return (diags(np.asarray(pull.sum(axis=1)).ravel()) - pull).tocsr(), np.maximum(area, 1e-9)


def _nearest(points: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Which of `points` is nearest to each of `to`."""
    from scipy.spatial import cKDTree

    return np.asarray(cKDTree(points).query(to)[1])
