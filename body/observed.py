"""What silhouettes say about a person's measures: many photos, from any side, weighed against all other evidence.

A photo gives the outline of the trunk (body/photo.py). Shape, and the camera and pose of every photo, are sought
together that explain all outlines and landmarks best, starting from the likeliest body of all other evidence: the fit
of a statistical body to silhouettes (Balan et al. 2007), with what people are like as its prior. That prior holds for
betas what the population says of measures, and what the body model says of the rest. The errors are of four kinds:

- sight: camera and pose are never quite as found. They are unknowns like the shape itself, held by the landmarks.
- edges: each picture's own, partly all round, partly in waves, partly from row to row, and more by the armpits; and
  those shared by all photos of a person, of masks and of clothes (`Eyes` in body/photo.py).
- form: real people differ in ways that our shape space lacks (`Eyes.unlike`).
- law: the surface is taken as straight about the solution, and shapes are taken as normal. How far measures so found
  are off, and how much surer than right, was learned from renders of our own bodies with all else known
  (body/building/silhouettes.py; synthetic).

Measures then follow by the ruler's slopes. Silhouette and statistics as one joint normal follows Seo, Yeo and Wohn, "3D
body reconstruction from photos based on range scan" (2006), in spirit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

import numpy as np

from assets.files import asset
from assets.mesh import frozen
from assets.units import show
from body.population import Posterior

if TYPE_CHECKING:
    from collections.abc import Hashable

    from body.model import BodyModel
    from body.outline import Surface
    from body.photo import PhotoFit
    from body.shape import Shape
    from body.stance import Standing

# The measures through which statistics tell of shapes: what the survey and a bare surface mean alike.
LINKS = (
    "stature", "mass", "cervicale_height", "acromial_height", "bust_height", "waist_height", "navel_height",
    "hip_height", "crotch_height", "knee_height", "neck_girth", "bust_girth", "underbust_girth", "waist_girth",
    "navel_girth", "hip_girth", "thigh_girth", "calf_girth", "upper_arm_girth", "wrist_girth", "biacromial_breadth",
    "arm_length", "chest_breadth", "chest_depth", "navel_breadth", "navel_depth", "hip_depth",
)  # fmt: skip
# What silhouettes tell besides all that the survey knows.
FORMS = ("upper_chest_girth", "high_hip_girth")
_LINK, _HEAVINESS = 0.004, 0.05  # by how much a body strays from its measures, and its weight from its volume's, logs
_EDGE = 0.0006  # what an edge errs at least [m]
_ALL_ROUND, _WAVE = 0.25, 0.06  # the share of an edge's variance that is alike all round; how long its waves are [m]
_CLOTHES_REACH, _FORM_REACH = 0.2, 0.1  # over what height clothes and forms are alike [m]
_FOLD_REACH = 0.06  # how far below the armpits flesh follows the arms [m]
_BENT = 2.0  # how much more the middle of a trunk is off than its width
_SAME_CAMERA, _SAME_SIDE = 0.5, np.radians(20)  # how alike the errors of two photos are that are taken from one side
# A row further off than this [sd] is set aside: where the rows about it say otherwise, and in any case; a trunk all of
# which is wider than this is suspected of loose clothes.
_SET_ASIDE, _UNHEARD_OF, _SUSPECT = 3.0, 4.5, 2.6
_ROUNDS, _STEPS, _SETTLED, _NEAR = 4, 10, 0.05, 0.3
# How shaky landmarks were (see Eyes) where it was learned how sure the law is: exact, hardly off, half, and as usual.
SHAKINESS = (0.0, 0.1, 0.5, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What renders taught: `names` [m] of measures, by how much logs come out wrong whatever they are and for each unit
    of what the photos changed, [m, 2]; and how much surer than right the law is, the ratio of sd's, where landmarks are
    as shaky as in SHAKINESS [4]."""

    names: tuple[str, ...]
    wrong: np.ndarray
    surer: np.ndarray


@cache
def learned() -> Learned:
    """What ships with Toile."""
    with np.load(asset("bodies", "silhouettes.npz"), allow_pickle=False) as file:
        return Learned(
            tuple(file["names"].tolist()), frozen(file["wrong"].astype(float)), frozen(file["surer"].astype(float))
        )


def look(
    model: BodyModel, first: Shape, before: Posterior, fits: Sequence[PhotoFit], taught: Learned | None = None
) -> tuple[Posterior, tuple[str, ...]]:
    """What is likely after any number of photos, from what was likely `before` and the `first` body that shows it.

    And a sentence for every photo, or part of one, that the other evidence speaks against: it is set aside.
    """
    found, notes = sight(model, first, before, fits)
    return found.posterior(taught or learned()) if found else before, notes


def sight(
    model: BodyModel, first: Shape, before: Posterior, fits: Sequence[PhotoFit]
) -> tuple[Sight | None, tuple[str, ...]]:
    """As `look`, short of what was learned; None where no photo is believed."""
    link = _Link(model, first, before)
    photos = [_Photo(model, fit, link.prior) for fit in fits]
    kept, notes = [], []
    for photo in photos:
        believed, said = photo.credible(model)
        kept += [photo] if believed else []
        notes += said
    if not kept:
        return None, tuple(notes)
    return Sight(link, _Fit(model, kept), float(np.mean([photo.fit.eyes.shaky for photo in kept]))), tuple(notes)


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """The shape that explains photos best, how it bears on statistics, and how `shaky` the landmarks are."""

    link: _Link
    fit: _Fit
    shaky: float

    def posterior(self, taught: Learned) -> Posterior:
        """What is likely, by what was `taught`."""
        surer = float(np.interp(self.shaky, SHAKINESS, taught.surer))
        return self.link.posterior(self.fit.shape(), self.fit.covariance(surer), taught)


class _Link:
    """Statistics of measures and shapes as one normal."""

    def __init__(self, model: BodyModel, first: Shape, before: Posterior) -> None:
        from body.measure import ruler

        self.ruler, self.before = ruler(model), before
        self.first = np.asarray(first.betas, float)
        self.names = (*before.names, *(name for name in FORMS if name not in before.names))
        told = {name: value for name, value in first.values.items() if name != "mass"}
        self.logs = np.log([told.get(name, np.nan) for name in self.names])
        names = [name for name in LINKS if name in before.names]
        reading = self.ruler.read(self.first, before.male, names=(*names, *self.names[len(before.names) :]))
        slopes, forms = np.split(reading.slopes / reading.values[:, None], [len(names)])
        at = [before.names.index(name) for name in names]
        spread = model.prior(before.male)[1]
        loose = np.diag([(_HEAVINESS if name == "mass" else _LINK) ** 2 for name in names])
        gain = np.linalg.solve(slopes @ spread @ slopes.T + loose, slopes @ spread).T
        self.shapes = gain @ before.covariance[np.ix_(at, at)] @ gain.T + spread - gain @ slopes @ spread
        shared = before.covariance[:, at] @ gain.T
        self.shared = np.concatenate([shared, forms @ self.shapes])
        self.measures = np.block(
            [[before.covariance, shared @ forms.T], [forms @ shared.T, forms @ self.shapes @ forms.T]]
        )

    @property
    def prior(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean [k] and covariance [k, k] of betas."""
        return self.first, self.shapes

    def _read(self, betas: np.ndarray) -> np.ndarray:
        """Logs of the measures of a shape, not a number where it has none, or where weight is more than volume."""
        measured = [name for name in self.names if name in self.ruler.names and name != "mass"]
        found = self.ruler.values(betas, self.before.male, names=measured)
        return np.log([found.get(name, np.nan) for name in self.names])

    def posterior(self, betas: np.ndarray, covariance: np.ndarray, taught: Learned) -> Posterior:
        """The measures, those known before first and in their order, when shapes are as told.

        What the first body has otherwise than statistics do counts the less, the more a measure is seen on the body.
        """
        gain = np.linalg.solve(self.shapes, self.shared.T).T
        left = self.measures - gain @ (self.shapes - covariance) @ gain.T
        told = 1 - np.diag(left) / np.diag(self.measures)
        usual = np.concatenate([self.before.mean, self.logs[len(self.before.names) :]])
        shown = self._read(betas)
        linear = usual + gain @ (betas - self.first)
        mean = np.where(np.isnan(shown), linear, shown + (1 - told) * (usual - self.logs))
        for name, wrong in zip(taught.names, taught.wrong, strict=True):
            k = self.names.index(name)
            mean[k] -= told[k] * wrong @ (1.0, mean[k] - usual[k])
        return Posterior(self.names, frozen(mean), frozen(0.5 * (left + left.T)), self.before.male)


class _Photo:
    """One photo as a problem: the unknowns of its Standing, and what of its outline is believed."""

    def __init__(self, model: BodyModel, fit: PhotoFit, prior: tuple[np.ndarray, np.ndarray]) -> None:
        from body.stance import Standing, rig_of

        self.fit, self.outline = fit, fit.outline
        self.standing: Standing = Standing(fit.marks, rig_of(cast("Hashable", model)), prior)
        self.start = np.concatenate([fit.stance, np.zeros(len(prior[0]))])
        self.yaw = fit.yaw
        self.surface = self.near(model, self.start)

    @property
    def clothes(self) -> float:
        """By how much each end is too far out [m]."""
        return (self.fit.eyes.bias + self.fit.eyes.clothes) / 2

    def near(self, model: BodyModel, x: np.ndarray) -> Surface:
        """The surface about unknowns [n]."""
        from body.outline import Surface

        return Surface(model, self.standing, self.outline, x)

    def credible(self, model: BodyModel) -> tuple[bool, list[str]]:
        """Whether the photo is believed, and what to say of it; ends that the rest speaks against are left out."""
        from body.outline import Outline

        if not self.outline.clear.any():
            return True, []
        misses, slopes = self.surface.slopes(self.start)
        told = self.standing.told_slopes(self.start)
        free = np.eye(len(self.start))
        free[range(3, 6), range(3, 6)] = 1e-6  # where the person is in the picture is not believed at all
        doubt = slopes @ np.linalg.solve(told.T @ told + free, slopes.T) + errors([self])
        row = self.outline.places[0]
        surprise = -(misses + self.clothes)
        rows, place = np.unique(row, return_inverse=True)
        join = (np.arange(len(rows))[:, None] == place).astype(float)
        wider, spread = join @ surprise, join @ doubt @ join.T
        sd = np.sqrt(np.diag(spread))
        precision = np.linalg.inv(spread)
        alone = precision @ wider / np.sqrt(np.diag(precision))  # in sd's of what all other rows leave open
        good = np.abs(wider) <= np.where(np.abs(alone) > _SET_ASIDE, _SET_ASIDE, _UNHEARD_OF) * sd
        if good.all():
            return True, self._suspected(wider, spread)
        worst = int(np.abs(wider / sd).argmax())
        most = 2 * good.sum() < len(good)
        clear = np.array(self.outline.clear)
        clear[rows[~good]] = False
        self.outline = Outline(self.outline.rows, self.outline.ends, clear, self.outline.scale)
        self.surface = self.near(model, self.start)
        way = "wider" if wider[worst] > 0 else "narrower"
        why = "loose clothes, another person, or a wrong number? " if most else ""
        what = "this picture" if most else "that part"
        return not most, [
            f"{self.fit.name}: the trunk looks up to {show(abs(float(wider[worst])), 'cm', 0)} {way} than all else "
            f"says: {why}{what} is set aside"
        ]

    def _suspected(self, wider: np.ndarray, spread: np.ndarray) -> list[str]:
        """A sentence where the whole trunk looks rather too wide, though not impossibly so."""
        if wider.mean() < _SUSPECT * np.sqrt(spread.mean()):
            return []
        wide = show(float(wider.mean()), "cm", 0)
        return [
            f"{self.fit.name}: the trunk looks {wide} wider than all else says: if the clothes are loose, wear tight "
            "ones"
        ]


class _Fit:
    """Shape, cameras and poses that explain all photos best (Levenberg and Marquardt's steps).

    Unknowns: the shape's coordinates [k], then camera and joints of each photo.
    """

    def __init__(self, model: BodyModel, photos: Sequence[_Photo]) -> None:
        self.photos = photos
        standing = photos[0].standing
        self.count, self.split = len(standing.mean), standing.split
        self.weight = np.linalg.inv(np.linalg.cholesky(errors(photos)))
        self.shares = [1 / np.sqrt(_repeats(photo, photos)) for photo in photos]
        self.x = np.concatenate([np.zeros(self.count), *(photo.start[: self.split] for photo in photos)])
        surfaces = [photo.surface for photo in photos]
        for _ in range(_ROUNDS):
            self._draw_near(surfaces)
            self._solve()
            if np.abs(self.x - self.here).max() < _NEAR:
                break
            surfaces = [surface.moved(model, self._of(k, self.x)) for k, surface in enumerate(self.surfaces)]

    def shape(self) -> np.ndarray:
        """Betas [k]."""
        standing = self.photos[0].standing
        return standing.mean + standing.shape @ self.x[: self.count]

    def covariance(self, surer: float) -> np.ndarray:
        """Of betas [k, k]; what the photos tell counts less by so much."""
        told = np.linalg.inv(np.linalg.inv(self.bend)[: self.count, : self.count]) - np.eye(self.count)
        spread = self.photos[0].standing.shape
        return spread @ np.linalg.inv(np.eye(self.count) + told / surer**2) @ spread.T

    def _of(self, k: int, x: np.ndarray) -> np.ndarray:
        """The unknowns of one photo's Standing."""
        first = self.count + k * self.split
        return np.concatenate([x[first : first + self.split], x[: self.count]])

    def _columns(self, k: int, slopes: np.ndarray) -> np.ndarray:
        """One photo's slopes [r, .] among those along all unknowns."""
        wide, first = np.zeros((len(slopes), len(self.x))), self.count + k * self.split
        wide[:, first : first + self.split], wide[:, : self.count] = np.split(slopes, [self.split], axis=1)
        return wide

    def _draw_near(self, surfaces: Sequence[Surface]) -> None:
        """Take surfaces and landmarks as straight about where we are."""
        self.here, self.surfaces, told, slopes = self.x, surfaces, [], []
        for k, photo in enumerate(self.photos):
            x = self._of(k, self.x)
            told.append(self.shares[k] * photo.standing.told(x[None])[0])
            slopes.append(self.shares[k] * self._columns(k, photo.standing.told_slopes(x)))
        believed = np.eye(len(self.x))
        for k, share in enumerate(self.shares):
            first = self.count + k * self.split
            believed[range(first, first + self.split), range(first, first + self.split)] = share
            believed[range(first + 3, first + 6), range(first + 3, first + 6)] = 0
        self.told = np.concatenate([*told, believed @ self.x])
        self.told_slopes = np.concatenate([*slopes, believed])

    def _misses(self, x: np.ndarray) -> np.ndarray:
        misses = [
            surface.misses(self._of(k, x)) + photo.clothes
            for k, (surface, photo) in enumerate(zip(self.surfaces, self.photos, strict=True))
        ]
        return np.concatenate([self.told + self.told_slopes @ (x - self.here), self.weight @ np.concatenate(misses)])

    def _slopes(self, x: np.ndarray) -> np.ndarray:
        slopes = [self._columns(k, surface.slopes(self._of(k, x))[1]) for k, surface in enumerate(self.surfaces)]
        return np.concatenate([self.told_slopes, self.weight @ np.concatenate(slopes)])

    def _solve(self) -> None:
        miss, slopes, damping = self._misses(self.x), self._slopes(self.x), 1e-3
        for _ in range(_STEPS):
            self.bend = slopes.T @ slopes
            step = np.linalg.solve(self.bend + damping * np.diag(np.diag(self.bend)), -slopes.T @ miss)
            after = self._misses(self.x + step)
            gain = miss @ miss - after @ after
            if not gain >= 0:  # farther off, or nowhere
                damping *= 10
                continue
            self.x, miss, damping = self.x + step, after, damping / 5
            slopes = self._slopes(self.x)
            if gain < _SETTLED:
                break
        self.bend = slopes.T @ slopes


def errors(photos: Sequence[_Photo]) -> np.ndarray:
    """Covariance [m2] of how far all clear ends are off, outward, photo after photo."""
    ends = np.cumsum([0, *(int(photo.outline.clear.sum()) for photo in photos)])
    spread = np.zeros((ends[-1], ends[-1]))
    for j, one in enumerate(photos):
        for k, other in enumerate(photos):
            part = _shared(one, other)
            if j == k:
                part = part + _own(one) * _repeats(one, photos)
            spread[ends[j] : ends[j + 1], ends[k] : ends[k + 1]] = part
    return spread


def _shared(one: _Photo, other: _Photo) -> np.ndarray:
    """What the ends of two photos err alike: masks, clothes, and the form that our shapes lack."""
    eyes, heights, more = one.fit.eyes, one.outline.heights, other.outline.heights
    form = _alike(heights, more, _FORM_REACH) * np.outer(one.outline.breadths, other.outline.breadths)
    turned = (1 + np.cos(2 * (one.yaw - other.yaw))) / 2
    clothes = eyes.clothes_sd**2 * _alike(heights, more, _CLOTHES_REACH)
    return (eyes.bias_sd**2 + clothes + eyes.unlike**2 * turned * form) / 4


def _own(photo: _Photo) -> np.ndarray:
    """What the ends of a photo err by themselves: its edges, and how the trunk is bent."""
    outline, eyes = photo.outline, photo.fit.eyes
    side = outline.places[1]
    same = side[:, None] == side[None]
    waves = _ALL_ROUND + (1 - _ALL_ROUND) * same * _alike(outline.heights, outline.heights, _WAVE)
    bent = np.outer(outline.breadths, outline.breadths) * _alike(outline.heights, outline.heights, _FORM_REACH)
    bent = (_BENT * eyes.unlike / 2) ** 2 * bent * np.where(same, 1, -1)
    fold = eyes.fold * np.exp(-0.5 * (outline.depths / _FOLD_REACH) ** 2)
    return (eyes.edge_sd**2 + _EDGE**2) * waves + np.diag(_EDGE**2 + eyes.grain**2 + fold**2) + bent


def _repeats(photo: _Photo, photos: Sequence[_Photo]) -> float:
    """How many times over a photo's own errors are seen: those of a burst are one's, those from one side half alike."""
    alike = [other for other in photos if abs(np.sin(other.yaw - photo.yaw)) < np.sin(_SAME_SIDE)]
    bursts = {other.fit.burst or number for number, other in enumerate(alike)}
    same = sum(bool(photo.fit.burst) and other.fit.burst == photo.fit.burst for other in alike)
    return max(same, 1) * (1 + _SAME_CAMERA * (len(bursts) - 1))


def _alike(heights: np.ndarray, others: np.ndarray, reach: float) -> np.ndarray:
    return np.exp(-0.5 * ((heights[:, None] - others[None]) / reach) ** 2)
