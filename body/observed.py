"""What silhouettes say about a person's measures: many photos, from any side, weighed against all other evidence.

A photo gives widths of the trunk at heights (body/photo.py). Each is compared with the width that the likeliest body of
all other evidence shows there, in the same pose to the same camera: pose, perspective and the general form of sections
cancel out, and so does any lasting difference between the model's breadths and a survey's calipers. What is left, the
logarithm of the ratio, is taken as linear in the logarithms of measures, with errors of three kinds:

- form: people of equal measures differ in section. Learned, with the slopes, from our own bodies drawn as the
  population has them (body/building/silhouettes.py; synthetic), at 24 heights and 7 yaws; a front and a side view err
  against each other, so that both together tell a girth better than either. Real people differ in ways that this shape
  space lacks: in ANSUR II girths at navel and hip scatter by 1.3 to 2.0 % about what breadth and depth say, most of it
  the calipers' own error (10 and 12, 6 and 6 mm); `_FORM` is what we leave for it.
- sight: pose, camera and edges are never quite as found. Learned from silhouettes of our bodies with those off.
- mask and clothes: shared by all photos of a person (`Eyes` in body/photo.py).

Then photos and statistics are fused by ordinary Gaussian conditioning. Silhouette and statistics as one joint normal
follows Seo, Yeo and Wohn, "3D body reconstruction from photos based on range scan" (2006), in spirit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from assets.files import asset
from assets.mesh import frozen
from assets.units import show
from body.model import JOINT_NAMES
from body.population import Posterior
from body.poses import RELAXED

if TYPE_CHECKING:
    from body.model import BodyModel
    from body.photo import PhotoFit
    from body.shape import Shape

# What sets the form of a trunk: the slopes are along these, the rest of a section is form.
CORE = (
    "stature", "mass", "acromial_height", "bust_height", "waist_height", "navel_height", "hip_height", "crotch_height",
    "neck_girth", "bust_girth", "underbust_girth", "waist_girth", "navel_girth", "hip_girth", "thigh_girth",
    "upper_arm_girth", "biacromial_breadth",
)  # fmt: skip
# What follows from the core with a form of its own, and is told by silhouettes directly.
FORMS = (
    "chest_breadth", "chest_depth", "navel_breadth", "navel_depth", "hip_breadth", "hip_depth", "upper_chest_girth",
    "high_hip_girth",
)  # fmt: skip
# Joints and the axis along which each tells a proportion.
BONES = (("hip", 1), ("knee", 1), ("shoulder", 1), ("elbow", 1), ("hip", 0), ("shoulder", 0))
HEIGHTS = np.linspace(0.0, 1.15, 24)  # from the crotch, as shares of the way to the bust points
YAWS = np.radians((0, 15, 30, 45, 60, 75, 90))  # 0 faces the camera or turns the back, 90 stands sideways
SIGHT_YAWS = np.radians((0, 45, 90))
_FORM, _FORM_REACH = 0.011, 0.2  # sd of log widths that our shapes lack; over how far it is alike
_FORM_SIDED = 0.5  # the share of its variance that is not alike from the front and from the side
_ROW = 0.005  # what each level errs by itself, sd of logs
_SAME_CAMERA = 0.5  # how alike the errors of sight are in two photos from one side
_CLOTHES_REACH = 0.4  # over how far clothes are alike
_SET_ASIDE, _SUSPECT = 3.0, 2.0  # sd's


@dataclass(frozen=True, slots=True, eq=False)
class Silhouettes:
    """What was learned, women and men: slopes [2, f + w, c] of the logs of forms and widths along the core's, their
    joint covariance [2, f + w, f + w]; errors of sight by yaw: the mean [3, t] of log widths when hardly anything is
    off (through the finder it is nil, as measured on rendered pictures), and covariances [2, 3, t, t] then and with as
    much off as usual; likewise for bones as a picture shows them: slopes [2, b, c]
    along the core, mean [2, b] and covariance [2, b, b] of what is left.

    w counts heights and yaws, yaws fastest."""

    slopes: np.ndarray
    form: np.ndarray
    sight: np.ndarray
    sight_covariance: np.ndarray
    bone_slopes: np.ndarray
    bones: np.ndarray
    bone_covariance: np.ndarray

    def of(self, male: float) -> tuple[np.ndarray, np.ndarray]:
        """Slopes and covariance for a probability of being male."""
        shares = np.array((1 - male, male))
        return np.tensordot(shares, self.slopes, 1), np.tensordot(shares, self.form, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One photo's widths against those expected: logs of the ratios [k] at heights [k] (see HEIGHTS) and a yaw [rad]
    from 0 to pi / 2; expected widths [m] [k]; its own errors [k, k] and those shared by all photos, as sd's: of the
    mask's edge [k] and of clothes [k], all of log widths; whether hardly anything is off (0) or as usual (1); how
    the bones differ from the likeliest body's [b]; and the burst, whose photos err alike."""

    name: str
    ratio: np.ndarray
    heights: np.ndarray
    yaw: float
    expected: np.ndarray
    own: np.ndarray
    edge: np.ndarray
    clothes: np.ndarray
    shaky: float
    bones: np.ndarray
    burst: str = ""


@cache
def silhouettes() -> Silhouettes:
    """What ships with Toile."""
    with np.load(asset("bodies", "silhouettes.npz"), allow_pickle=False) as file:
        return Silhouettes(*(frozen(file[name].astype(float)) for name in Silhouettes.__slots__))


def look(
    model: BodyModel, first: Shape, before: Posterior, fits: Sequence[PhotoFit]
) -> tuple[Posterior, tuple[str, ...]]:
    """What is likely after any number of photos, from what was likely `before` and the `first` body that shows it.

    And a sentence for every photo, or part of one, that the other evidence speaks against: it is set aside.
    """
    import torch

    from body.photo import photo_widths

    betas = torch.as_tensor(np.array(first.betas), dtype=torch.float32)[None]
    own, found = bones(model, first.betas), []
    with torch.no_grad():
        for fit in fits:
            expected = photo_widths(model, betas, fit)[0].double().cpu().numpy()
            found.append(seen(fit, expected, first.values, bones(model, fit.betas) - own))
    return fused(before, found, first.values)


def bones(model: BodyModel, betas: np.ndarray) -> np.ndarray:
    """Where the joints of a shape are, as shares of its height: [b]."""
    body = model.body(betas, RELAXED)
    places = body.joints[[JOINT_NAMES.index(f"left_{name}") for name, _ in BONES]].astype(float)
    return places[range(len(BONES)), [axis for _, axis in BONES]] / float(np.ptp(body.vertices[:, 1]))


def seen(fit: PhotoFit, expected: np.ndarray, body: Mapping[str, float], apart: np.ndarray) -> Seen:
    """A photo against the widths [m] [k] that the likeliest body, of measures `body`, shows in its place; `apart` [b]
    is how the bones in the photo differ from that body's."""
    across, along = np.abs(fit.direction[[0, 2]])
    kept = expected > 0
    heights = (fit.levels[kept] - body["crotch_height"]) / (body["bust_height"] - body["crotch_height"])
    widths, expected = fit.widths[kept], expected[kept]
    own = fit.covariance[np.ix_(kept, kept)] / np.outer(widths, widths)
    return Seen(
        fit.name, np.log(widths / expected), heights, float(np.arctan2(along, across)), expected, own,
        fit.eyes.bias_sd / widths, fit.eyes.clothes_sd / widths, fit.eyes.shaky, apart, fit.burst,
    )  # fmt: skip


def fused(before: Posterior, found: Sequence[Seen], body: Mapping[str, float]) -> tuple[Posterior, tuple[str, ...]]:
    """As `look`, from photos already compared with a body of measures `body`."""
    state = _State(before, body)
    kept, notes = [], []
    for photo in found:
        part, said = _credible(state, photo)
        kept += [part] if len(part.ratio) or not said else []
        notes += said
    if not kept:
        return before, tuple(notes)
    state.learn(*state.sighted(kept))
    slopes, errors, surprise = state.proportioned(kept)
    if (np.abs(surprise) <= _SET_ASIDE * state.doubt(slopes, errors)).all():
        state.learn(slopes, errors, surprise)
    return state.posterior(), tuple(notes)


class _State:
    """Logs of measures and the form of sections as one normal: measures [n], then forms of widths [w]."""

    def __init__(self, before: Posterior, body: Mapping[str, float]) -> None:
        learned = silhouettes()
        self.before = before
        slopes, form = learned.of(before.male)
        follow = [k for k, name in enumerate(before.names) if name not in FORMS]
        core = [follow.index(before.names.index(name)) for name in CORE]
        plain, count, forms = before.covariance[np.ix_(follow, follow)], len(follow), len(FORMS)
        form = form + np.pad(_lacking(), ((forms, 0), (forms, 0)))
        lean = np.zeros((len(form), count))
        lean[:, core] = slopes
        both = np.concatenate([np.eye(count), lean[:forms]])
        covariance = np.zeros((count + len(form),) * 2)
        covariance[: count + forms, : count + forms] = both @ plain @ both.T
        covariance[count:, count:] += form
        told = dict(zip(before.names, before.mean, strict=True))
        for k, name in enumerate(FORMS, start=count):
            usual = before.covariance[before.names.index(name)][before.names.index(name)] if name in told else 0.0
            covariance[k, k] += max(usual - covariance[k, k], 0.0)
        self.names = (*(before.names[k] for k in follow), *FORMS)
        logs = [told.get(name, np.log(body.get(name, 1.0))) for name in self.names]
        self.mean = np.concatenate([logs, np.zeros(len(form) - forms)])
        self.start = self.mean.copy()
        at = [k for k, name in zip(core, CORE, strict=True) if name != "mass"]  # a body's weight is its volume's
        self.start[at] = [np.log(body[self.names[k]]) for k in at]
        self.covariance, self.width_slopes, self.core = covariance, lean[forms:], core

    def learn(self, slopes: np.ndarray, errors: np.ndarray, surprise: np.ndarray) -> None:
        """Take in values that hang on the state by `slopes` [k, state], err by `errors` [k, k] and surprise by [k]."""
        gain = np.linalg.solve(slopes @ self.covariance @ slopes.T + errors, slopes @ self.covariance).T
        left = self.covariance - gain @ slopes @ self.covariance
        self.mean = self.mean + gain @ (surprise - slopes @ (self.mean - self.start))
        self.covariance = 0.5 * (left + left.T)

    def doubt(self, slopes: np.ndarray, errors: np.ndarray) -> np.ndarray:
        """By how much [k] such values are expected to surprise, sd's."""
        return np.sqrt(np.diag(slopes @ self.covariance @ slopes.T + errors))

    def posterior(self) -> Posterior:
        """The measures alone, those known before first and in their order."""
        names = (*self.before.names, *(name for name in FORMS if name not in self.before.names))
        at = [self.names.index(name) for name in names]
        return Posterior(names, frozen(self.mean[at]), frozen(self.covariance[np.ix_(at, at)]), self.before.male)

    def sighted(self, found: Sequence[Seen]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Slopes [k, state] of all ratios, their errors [k, k] and how far they are from what is expected [k]."""
        grids = [_weights(photo.heights, photo.yaw) for photo in found]
        grid = np.concatenate(grids)
        slopes = np.zeros((len(grid), len(self.mean)))
        slopes[:, : self.width_slopes.shape[1]] = grid @ self.width_slopes
        slopes[:, -grid.shape[1] :] += grid
        edge, clothes, heights = (
            np.concatenate([getattr(photo, name) for photo in found]) for name in ("edge", "clothes", "heights")
        )
        errors = np.outer(edge, edge) + np.outer(clothes, clothes) * _alike(heights, _CLOTHES_REACH)
        ends = np.cumsum([0, *(len(photo.ratio) for photo in found)])
        bias, learned = [], silhouettes()
        for j, first in enumerate(found):
            rows, share = _between(HEIGHTS, first.heights), _between(SIGHT_YAWS, np.array([first.yaw]))[0]
            covariance = (1 - first.shaky) * learned.sight_covariance[0] + first.shaky * learned.sight_covariance[1]
            mean = (1 - first.shaky) * learned.sight
            bias.append(rows @ mean.T @ share)
            for k, second in enumerate(found):
                both = np.sqrt(share * _between(SIGHT_YAWS, np.array([second.yaw]))[0])
                block = rows @ np.tensordot(both, covariance, 1) @ _between(HEIGHTS, second.heights).T
                same = j == k or (first.burst and first.burst == second.burst)
                errors[ends[j] : ends[j + 1], ends[k] : ends[k + 1]] += block * (1.0 if same else _SAME_CAMERA)
            errors[ends[j] : ends[j + 1], ends[j] : ends[j + 1]] += first.own + _ROW**2 * np.eye(len(rows))
        return slopes, errors, np.concatenate([photo.ratio for photo in found]) - np.concatenate(bias)

    def proportioned(self, found: Sequence[Seen]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As `sighted`, of the bones: their mean over all photos."""
        learned, shaky = silhouettes(), max(photo.shaky for photo in found)
        turn, mean, covariance = (
            (1 - shaky) * part[0] + shaky * part[1]
            for part in (learned.bone_slopes, learned.bones, learned.bone_covariance)
        )
        slopes = np.zeros((len(turn), len(self.mean)))
        slopes[:, self.core] = turn
        sides = len({photo.burst or k for k, photo in enumerate(found)})
        share = _SAME_CAMERA + (1 - _SAME_CAMERA) / sides
        return slopes, covariance * share, np.mean([photo.bones for photo in found], axis=0) - mean


def _credible(state: _State, photo: Seen) -> tuple[Seen, list[str]]:
    """A photo without the levels that the rest of the evidence speaks against, and what to say of them.

    One that is mostly wrong is not believed at all.
    """
    if not len(photo.ratio):
        return photo, []
    slopes, errors, surprise = state.sighted([photo])
    sd = state.doubt(slopes, errors)
    good = np.abs(surprise) <= _SET_ASIDE * sd
    if good.all():
        return photo, _suspected(photo, surprise, slopes @ state.covariance @ slopes.T + errors)
    worst = int(np.abs(surprise / sd).argmax())
    off = abs(float(np.expm1(surprise[worst]) * photo.expected[worst]))
    wide = "wider" if surprise[worst] > 0 else "narrower"
    most = 2 * good.sum() < len(good)
    why = "loose clothes, another person, or a wrong number? " if most else ""
    what = "this picture" if most else "that part"
    note = (
        f"{photo.name}: the trunk looks up to {show(off, 'cm', 0)} {wide} than all else says: {why}{what} is set aside"
    )
    return _part(photo, good & (not most)), [note]


def _suspected(photo: Seen, surprise: np.ndarray, covariance: np.ndarray) -> list[str]:
    """A sentence where the whole trunk looks rather too wide, though not impossibly so."""
    if surprise.mean() < _SUSPECT * np.sqrt(covariance.mean()):
        return []
    wide = show(float((np.expm1(surprise) * photo.expected).mean()), "cm", 0)
    return [f"{photo.name}: the trunk looks {wide} wider than all else says: if the clothes are loose, wear tight ones"]


def _part(photo: Seen, kept: np.ndarray) -> Seen:
    return Seen(
        photo.name, photo.ratio[kept], photo.heights[kept], photo.yaw, photo.expected[kept],
        photo.own[np.ix_(kept, kept)], photo.edge[kept], photo.clothes[kept], photo.shaky, photo.bones, photo.burst,
    )  # fmt: skip


def _weights(heights: np.ndarray, yaw: float) -> np.ndarray:
    """What the grid of heights and yaws gives at some heights [k] of one yaw: [k, w]."""
    both = np.einsum("kt,y->kty", _between(HEIGHTS, heights), _between(YAWS, np.array([yaw]))[0])
    return both.reshape(len(heights), len(HEIGHTS) * len(YAWS))


def _between(grid: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Linear interpolation on a rising grid [g] as weights [k, g]; level beyond its ends."""
    at = at.clip(grid[0], grid[-1])
    upper = np.searchsorted(grid, at).clip(1, len(grid) - 1)
    share = (at - grid[upper - 1]) / (grid[upper] - grid[upper - 1])
    weights = np.zeros((len(at), len(grid)))
    rows = np.arange(len(at))
    weights[rows, upper - 1], weights[rows, upper] = 1 - share, share
    return weights


def _alike(heights: np.ndarray, reach: float) -> np.ndarray:
    return np.exp(-0.5 * ((heights[:, None] - heights[None]) / reach) ** 2)


@cache
def _lacking() -> np.ndarray:
    """Covariance [w, w] of the forms that our shapes lack."""
    turns = np.cos(2 * (YAWS[:, None] - YAWS[None]))
    sided = (1 - _FORM_SIDED) + _FORM_SIDED * turns
    return _FORM**2 * np.kron(_alike(HEIGHTS, _FORM_REACH), sided)
