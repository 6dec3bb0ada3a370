"""Evidence from a scan: a mesh or a cloud of points of a whole person, as it comes from a phone or a rig.

Read under limits (body/scans/reading.py), cleaned, turned upright and frontwards; then the body model is laid onto it
and carried to the scan's own surface by a detail. Every measure is taken on that surface, brought into the measuring
pose by the model's skeleton: legs apart, arms out and a bent back do not count, and the fitted body bridges holes.
Clothes and hair are measured as body: no surface tells them apart.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import InputRefused, WorkerStopped
from assets.mesh import frozen
from assets.progress import Progress, part, silent
from assets.units import show
from assets.worker import once
from body.measurements import MEASURES, Measurement, Measurements

if TYPE_CHECKING:
    from body.model import BodyModel
    from body.scans.cleaning import Cleaned
    from body.scans.detail import Detail
    from body.scans.fitting import Cloud, Fitter, Laid, Match
    from body.scans.turning import Stance

# Errors [m] on synthetic scans (benchmarks/body_scan.py), with room for how flesh moves from the scan's pose to ours.
_SD = {"girth": 0.005, "height": 0.007, "length": 0.009, "breadth": 0.007}
_SD_OF = {
    "neck_girth": 0.008, "neck_base_girth": 0.012, "head_girth": 0.012, "upper_chest_girth": 0.009, "bust_girth": 0.007,
    "crotch_length": 0.016, "back_width": 0.011, "front_width": 0.011, "across_back_shoulder_width": 0.011,
    "biacromial_breadth": 0.010, "waist_to_hip": 0.010, "bust_point_distance": 0.010, "foot_length": 0.006,
}  # fmt: skip
_HEAVINESS = 0.06
# What a surface that nobody saw may be off by [m], and what a scale told by a stated height may.
_UNSEEN, _SCALED = 0.010, 0.008
# Where the scan shows nobody: less of it near the body, less of the body near it; head or feet further beyond it [m]; a
# shape so strange (the mean square of its sd's).
_EXPLAINED, _COVERED, _BEYOND, _STRANGE = 0.75, 0.45, 0.08, 6.0
_STARTS = 3
_MOST_FITS = 3
# A stated height that the fit misses by more than this share tells of another scale, not of posture or rounding; where
# the scale came from the height, from how tall the scan is with its hair, it is set right beyond the first.
_LIKE, _SAME, _SCALINGS = 0.003, 0.04, 4


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """Points of a scanned surface as the file has them, of any unit and turned anyhow: [n, 3] float32; normals [n, 3],
    of either sign, or None for a cloud of points."""

    points: np.ndarray
    normals: np.ndarray | None = None
    name: str = "scan"

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", frozen(np.asarray(self.points, np.float32)))
        if self.normals is not None:
            object.__setattr__(self, "normals", frozen(np.asarray(self.normals, np.float32)))


@dataclass(frozen=True, slots=True, eq=False)
class ScanFit:
    """A person as their scan shows them: betas [k] with their covariance [k, k]; the detail [m] [n, 3] (see Body), None
    where it is not wanted; measures, source "scan"; how the scan was understood, in words.

    `points` [m] [p, 3] is the cleaned scan, upright, facing +Z; `vertices` [m] [n, 3] is the body on it, posed as
    scanned, detail included; `covered` is the share of the body that has points near it; `scaled` whether a stated
    height decided the scale.
    """

    betas: np.ndarray
    covariance: np.ndarray
    detail: np.ndarray | None
    measures: Measurements
    notes: tuple[str, ...]
    points: np.ndarray
    vertices: np.ndarray
    covered: float
    scaled: bool


_fits: OrderedDict[tuple, ScanFit] = OrderedDict()


def load_scan(path: Path) -> Scan:
    """A mesh or point cloud (OBJ, PLY, STL, GLB) as a scan. Raises InputRefused when it cannot be read."""
    from body.scans.reading import LARGEST_FILE, SUFFIXES

    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise InputRefused(f"{path} is no scan that can be read: give an OBJ, PLY, STL or GLB file")
    try:
        if not path.is_file():
            raise InputRefused(f"there is no scan {path}")
        if path.stat().st_size > LARGEST_FILE:
            raise InputRefused(f"{path} has more than {LARGEST_FILE / 1e6:.0f} MB: thin the scan out")
        found = once(
            "body.scans.reading:read", str(path.resolve()), title="the scan reader", deadline=240, memory=8e9, cpu=150
        )
    except WorkerStopped as error:
        raise InputRefused(f"cannot read {path}: {error}") from error
    except (OSError, ValueError) as error:
        raise InputRefused(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    return Scan(found["points"], found["normals"] if len(found["normals"]) else None, path.name)


def fit_scan(
    scan: Scan,
    model: BodyModel,
    sex: float | None = None,
    height: float | None = None,
    progress: Progress = silent,
) -> ScanFit:
    """The body that a scan shows, of a person of that `sex` (0 female .. 1 male) or of any.

    A stated `height` [m] tells the scale where the scan's numbers do not. The last few fits are remembered: a tape that
    changes costs no second one. Raises InputRefused for what shows no whole person standing, or has no scale.
    """
    asked = (_digest(scan), scan.name, model, sex)
    for (known, stated), fit in reversed(_fits.items()):
        if known == asked and (stated == height or (not fit.scaled and _alike(height, fit))):
            return fit
    fit = _fit(scan, model, sex, height, progress)
    _fits[asked, height] = fit
    while len(_fits) > _MOST_FITS:
        _fits.popitem(last=False)
    return fit


def _alike(height: float | None, fit: ScanFit) -> bool:
    """Whether a stated height [m] leaves the scan's own scale as it is."""
    return height is None or abs(height / fit.measures.value("stature") - 1) < _SAME


def _fit(scan: Scan, model: BodyModel, sex: float | None, height: float | None, progress: Progress) -> ScanFit:
    from body.scans.cleaning import clean
    from body.scans.detail import detail
    from body.scans.fitting import Fitter
    from body.scans.turning import stances

    progress(0.0, "cleaning the scan")
    cleaned = clean(scan.points, scan.normals)
    progress(0.15, "turning the scan upright")
    ways, told = stances(cleaned, height)
    fitter = Fitter(model, sex)
    stance, laid, cloud = _best(fitter, cleaned, ways, part(progress, 0.2, 0.6))
    _check(scan, fitter.match(cloud, laid), 1.5)
    stance, laid, cloud = _laid(fitter, cleaned, stance, laid, height, part(progress, 0.6, 0.9))
    if height and stance.guessed and not ways[0].guessed:
        told += f", but it was scaled to the height of {show(height, 'cm')}"
    match = fitter.match(cloud, laid)
    _check(scan, match)
    progress(0.9, "following the scan's surface")
    layer = detail(model, laid, stance.place(cleaned.dense), stance.face(cleaned.dense_normals))
    progress(0.97, "measuring the scan")
    return ScanFit(
        frozen(laid.betas),
        frozen(laid.covariance),
        layer.rest,
        _measured(model, laid, layer, stance.guessed),
        (f"{scan.name}: {told}", *_gaps(scan, match.covered)),
        frozen(cloud.points),
        frozen(layer.posed),
        match.covered,
        stance.guessed,
    )


@lru_cache(maxsize=4)
def _digest(scan: Scan) -> str:
    return hashlib.sha256(scan.points.tobytes()).hexdigest()


def _check(scan: Scan, match: Match, patience: float = 1.0) -> None:
    """Raises InputRefused where the scan shows no whole person; `patience` widens the limits of a fit under way."""
    if match.explained < _EXPLAINED / patience or match.covered < _COVERED / patience:
        raise InputRefused(
            f"{scan.name} does not look like a person standing upright ({match.explained:.0%} of it is near the body "
            "that fits best): scan one person from head to feet, arms a little away from the trunk"
        )
    if match.beyond > _BEYOND * patience or match.strange > _STRANGE * patience:
        raise InputRefused(
            f"{scan.name} does not look like a whole person (head, feet or much of the trunk is missing or covered): "
            "scan from head to feet in close clothes"
        )


def _best(fitter: Fitter, cleaned: Cleaned, stances: list[Stance], progress: Progress) -> tuple[Stance, Laid, Cloud]:
    """The stance and the raise of the arms in which the body fits best after a few steps."""
    from body.scans.fitting import ARMS

    tried: list[tuple[float, int, Stance, Laid, Cloud]] = []
    clouds = [_cloud(cleaned, stance) for stance in stances]
    for arms in ARMS:
        shapes = None
        for stance, cloud in zip(stances, clouds, strict=True):
            progress(0.8 * len(tried) / len(stances) / len(ARMS), "finding how the person stands")
            laid = fitter.begin(cloud, stance.tall, arms)
            shapes = fitter.shapes(laid) if shapes is None else shapes
            laid = fitter.lay(cloud, laid, np.geomspace(0.2, 0.1, 5), 1000, shapes)
            tried.append((laid.miss, len(tried), stance, laid, cloud))
    ahead = []
    for _, order, stance, laid, cloud in sorted(tried, key=lambda item: item[:2])[:_STARTS]:
        laid = fitter.lay(cloud, laid, np.geomspace(0.12, 0.06, 8), 1500)
        ahead.append((laid.miss, order, stance, laid, cloud))
    _, _, stance, laid, cloud = min(ahead, key=lambda item: item[:2])
    return stance, laid, cloud


def _laid(
    fitter: Fitter, cleaned: Cleaned, stance: Stance, laid: Laid, height: float | None, progress: Progress
) -> tuple[Stance, Laid, Cloud]:
    """The body laid closely; the stance it is laid in, scaled where a stated height tells of another scale."""
    words, cloud = "fitting the body", _cloud(cleaned, stance)
    laid = fitter.lay(cloud, laid, np.geomspace(0.06, 0.02, 12), 5000, tell=lambda x: progress(0.6 * x, words))
    for _ in range(_SCALINGS):
        factor = height / fitter.stature(laid) if height else 1.0
        if abs(factor - 1) < (_LIKE if stance.guessed else _SAME):
            break
        stance = stance.scaled(factor)
        cloud, laid = _cloud(cleaned, stance), fitter.scaled(laid, factor)
        laid = fitter.lay(cloud, laid, np.geomspace(0.04, 0.02, 6), 5000)
    laid = fitter.lay(cloud, laid, np.full(6, 0.015), 15000, tell=lambda x: progress(0.7 + 0.3 * x, words))
    return stance, laid, cloud


def _cloud(cleaned: Cleaned, stance: Stance) -> Cloud:
    from scipy.spatial import cKDTree

    from body.scans.fitting import Cloud

    points = stance.place(cleaned.points)
    return Cloud(points, stance.face(cleaned.normals), cKDTree(points), 0.003 if stance.on_floor else 0.006)


def _measured(model: BodyModel, laid: Laid, layer: Detail, scaled: bool) -> Measurements:
    """Every measure, with what unseen surface and a guessed scale leave open."""
    from body.measure import ruler

    tape = ruler(model)
    values = tape.read(laid.betas, detail=layer.rest).values
    puffed = layer.rest + _UNSEEN * (1.0 - layer.seen)[:, None] * layer.outward
    unseen = tape.read(laid.betas, detail=puffed).values - values
    items = []
    for name, value, blind in zip(tape.names, values, unseen, strict=True):
        kind = MEASURES[name].kind
        base = _HEAVINESS * value if kind == "mass" else _SD_OF.get(name, _SD[kind])
        scale = _SCALED * value * (3 if kind == "mass" else 1) if scaled else 0.0
        items.append(Measurement(name, float(value), float(np.linalg.norm([base, blind, scale])), "scan"))
    return Measurements(tuple(items))


def _gaps(scan: Scan, covered: float) -> tuple[str, ...]:
    if covered > 0.9:
        return ()
    return (f"{scan.name}: {1 - covered:.0%} of the body is missing in the scan and was filled in by likelihood",)
