"""A tile that repeats without seams, from a photo of cloth.

Uneven light is divided out first. Where the cloth itself repeats (stripes, checks, a woven figure), whole repeats are
cut out along its own lattice, however it lay in the photo, and the ends are joined along the cut that shows least
(Efros and Freeman, "Image quilting", 2001). Other cloth is quilted on a torus from patches of the photo. Where ends
meet is looked at afterwards. What the weave is, and how its surface leans, is estimated from light and dark alone:
a guess, and called one.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from assets.errors import InputRefused
from assets.mesh import frozen
from assets.progress import Progress, silent
from garments.colours.evened import brightness, delighted, straightened

LARGEST, SMALLEST = 1024, 64
"""Sides [pixels] of a photo as it is looked at, and the least that can be told anything from."""
PERIODIC, ENDLESS = 0.55, 0.95
"""How alike a photo must be to itself one repeat on, 0..1; and all along lines that do not end."""
MOST_REPEATS = 4
VISIBLE = 1.6
"""The jump where the ends of a tile meet, over that between any two neighbours: above this it is seen."""
_SLANT, _NEAR = np.tan(np.radians(18.0)), 0.06
_LEAST_STEP = 0.004
_PATCH, _TRIES, _CELLS = 96, 160, 4


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A tile, sRGB uint8 [h, w, 3], and its normals in tangent space, uint8 [h, w, 3] (estimated from the picture).
    `repeats` of the cloth across and up, (0, 0) where it was quilted; `scale` pixels of the photo in a pixel of the
    tile; `wrap` the jump where its ends meet over that between neighbours; `weave` and `sure`, a guess and its share of
    what speaks for it, 0..1."""

    picture: np.ndarray
    normals: np.ndarray
    repeats: tuple[int, int]
    scale: float
    wrap: float
    weave: str
    sure: float

    def __post_init__(self) -> None:
        for name in ("picture", "normals"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @property
    def seamless(self) -> bool:
        return self.wrap <= VISIBLE

    @property
    def sentence(self) -> str:
        """How it was made and how good it is."""
        across, up = self.repeats
        how = f"{across} by {up} repeats of the cloth" if across else "quilted: the cloth shows no repeat"
        seam = "no seam shows" if self.seamless else f"a seam shows ({self.wrap:.1f} times the usual step)"
        return f"{how}; {seam}; weave {self.weave} (estimated, {100 * self.sure:.0f} % of the evidence)"

    def width(self, across: float, photo: int) -> float:
        """The width of a repeat [m], where the photo of so many pixels shows `across` [m] of cloth."""
        return across * self.picture.shape[1] * self.scale / photo


def tile(photo: np.ndarray, progress: Progress = silent) -> Tile:
    """A tile from a photo, sRGB uint8 [h, w, 3], of flat cloth from straight above. Raises InputRefused for one that is
    too small or shows nothing."""
    if min(photo.shape[:2]) < SMALLEST:
        raise InputRefused(f"the photo is {photo.shape[1]} x {photo.shape[0]} pixels: give one of {SMALLEST} or more")
    step = max(1, -(-max(photo.shape[:2]) // LARGEST))
    linear = _reduced(_linear(photo), step)
    progress(0.1, "evening out the light")
    even = delighted(linear)
    if float(even.std()) < 1e-4:
        raise InputRefused("the photo shows one flat colour: choose that colour instead")
    progress(0.3, "looking for what repeats")
    snapped = _repeating(even)
    if (snapped is None or snapped[2] > VISIBLE) and (above := straightened(even, _alike)) is not None:
        snapped = min(filter(None, (snapped, _repeating(above))), key=lambda each: each[2], default=None)
    if snapped is None or snapped[2] > VISIBLE:
        progress(0.5, "quilting")
        quilted = _quilted(even), (0, 0), 0.0
        snapped = quilted if snapped is None or wrap_jump(quilted[0]) < snapped[2] else snapped
    made, repeats, differs = snapped
    weave, sure = _weave(made)
    wrap = max(differs, wrap_jump(made))
    return Tile(_encoded(made), _normals(made), repeats, float(step), wrap, weave, sure)


def _repeating(even: np.ndarray) -> tuple[np.ndarray, tuple[int, int], float] | None:
    """Whole repeats of a picture with how visibly they differ, as `_snapped` gives them; None where nothing repeats."""
    found = lattice(even)
    return _snapped(even, *found) if found is not None else None


def relief(picture: np.ndarray) -> np.ndarray:
    """How the surface of a tile, sRGB uint8 [h, w, 3], leans: its normals in tangent space, uint8 [h, w, 3], estimated
    from light and dark alone."""
    return _relief(picture.shape, picture.tobytes())


@lru_cache(maxsize=16)
def _relief(shape: tuple[int, ...], pixels: bytes) -> np.ndarray:
    return frozen(_normals(_linear(np.frombuffer(pixels, np.uint8).reshape(shape))))


def lattice(even: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The steps (x, y) [pixels] from one repeat to the next, about along and up the picture; None where it does not
    repeat. Along lines that are all alike any step will do, and a square one is taken."""
    values = even - even.mean(axis=(0, 1))
    match = _alike(values)
    rows, columns = values.shape[:2]
    across, up = _step(match, columns, rows), _step(match.T, rows, columns)
    if across is None or up is None or (across.endless and up.endless):
        return None
    first, second = across.way, up.way[::-1]
    if across.endless:
        second = second - (second @ first) * first
        first = float(np.linalg.norm(second)) * first
    if up.endless:
        first = first - (first @ second) * second
        second = float(np.linalg.norm(first)) * second
    return first, second


def wrap_jump(made: np.ndarray) -> float:
    """The step across the ends of a tile, corner and all, over the steps within it: 1 where nothing shows."""
    grey = brightness(made)
    jumps = []
    for axis in (0, 1):
        steps = np.abs(np.diff(grey, axis=axis))
        ends = np.abs(np.take(grey, 0, axis) - np.take(grey, -1, axis))
        inside = steps.mean(axis=1 - axis)
        jumps.append(float(ends.mean() / max(np.quantile(inside, 0.9), 1e-6)))
    corner = np.roll(grey, (8, 8), (0, 1))[:16, :16]
    usual = np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()
    here = np.abs(np.diff(corner, axis=0)).mean() + np.abs(np.diff(corner, axis=1)).mean()
    return max(*jumps, float(here / max(usual, 1e-6)) / 2.0)


# What repeats ---------------------------------------------------------------------------------------------------------


def _alike(values: np.ndarray) -> np.ndarray:
    """How alike a picture is to itself moved by (y, x), -1..1, [2h-1, 2w-1], the middle being no move."""
    from scipy.signal import fftconvolve

    ones = np.ones(values.shape[:2])
    turned = (slice(None, None, -1),) * 2
    product = sum(fftconvolve(values[..., k], values[..., k][turned]) for k in range(values.shape[2]))
    energy = (values**2).sum(axis=2)
    left, right = fftconvolve(energy, ones[turned]), fftconvolve(ones, energy[turned])
    return product / np.sqrt(np.maximum(left * right, 1e-9))


class _Step(NamedTuple):
    """A step (along, aside) [pixels] from one repeat to the next; the unit way of lines that are `endless`."""

    way: np.ndarray
    endless: bool = False


def _step(field: np.ndarray, size: int, other: int) -> _Step | None:
    """The shortest step after which the picture is like itself again, along the second axis of its likeness `field`;
    None where there is none."""
    middle = np.array(field.shape) // 2
    most = size // 2
    best, aside = np.zeros(most + 1), np.zeros(most + 1, int)
    for lag in range(1, most + 1):
        reach = min(int(lag * _SLANT), other // 2)
        row = field[middle[0] - reach : middle[0] + reach + 1, middle[1] + lag]
        aside[lag] = int(np.argmax(row)) - reach
        best[lag] = row.max()
    if best[2:].min() > ENDLESS * best[2]:
        way = np.array([1.0, _slant(field, middle, most)])
        return _Step(way / np.linalg.norm(way), endless=True)
    fallen = np.flatnonzero(best[1:] < 0.5 * (1.0 + best[2:].min())) + 1
    if not len(fallen):
        return None
    peaks = [k for k in range(max(fallen[0], 4), most) if best[k] >= best[k - 1] and best[k] >= best[k + 1]]
    high = max((best[k] for k in peaks), default=0.0)
    if high < PERIODIC or high - best[fallen[0] :].min() < 0.2:
        return None
    lag = next(k for k in peaks if best[k] > high - _NEAR)
    return _Step(np.array(_refined(field, middle, lag, int(aside[lag]), most)))


def _slant(field: np.ndarray, middle: np.ndarray, most: int) -> float:
    """How far aside lines go for each pixel along: followed from near by, so that none is taken for its neighbour."""
    slant, lag = 0.0, 8
    while True:
        reach = 3 if lag == 8 else 2
        row = middle[0] + round(slant * lag) + np.arange(-reach, reach + 1)
        values = field[row, middle[1] + lag]
        at = int(np.clip(np.argmax(values), 1, 2 * reach - 1))
        before, here, after = values[at - 1 : at + 2]
        bend = before - 2.0 * here + after
        slant = (row[at] - middle[0] + (0.5 * (before - after) / bend if bend < -1e-9 else 0.0)) / lag
        if lag == most:
            return float(slant)
        lag = min(2 * lag, most)


def _refined(field: np.ndarray, middle: np.ndarray, lag: int, aside: int, most: int) -> tuple[float, float]:
    """The step to a part of a pixel: by the farthest of its multiples that can still be found."""
    along, across, times = float(lag), float(aside), 1
    while (times + 1) * along < most:
        times += 1
        guess = np.round([times * across, times * along]).astype(int)
        reach = max(2, lag // 6)
        y, x = middle + guess
        window = field[max(y - reach, 0) : y + reach + 1, x - reach : x + reach + 1]
        at = np.unravel_index(int(np.argmax(window)), window.shape)
        across = (guess[0] + at[0] - min(reach, y)) / times
        along = (guess[1] + at[1] - reach) / times
    return along, across


def _snapped(
    even: np.ndarray, first: np.ndarray, second: np.ndarray
) -> tuple[np.ndarray, tuple[int, int], float] | None:
    """Whole repeats along the cloth's own lattice, upright, with their ends joined; how many, and how well it went.
    None where the photo does not hold a repeat and a bit."""
    from scipy.ndimage import map_coordinates

    rows, columns = even.shape[:2]
    room = 0.25  # of a repeat beyond the last one, to join the ends in
    counts = [MOST_REPEATS, MOST_REPEATS]
    while not _inside(first, second, counts, room, rows, columns):
        larger = int(counts[1] * np.linalg.norm(second) > counts[0] * np.linalg.norm(first))
        larger = larger if counts[larger] > 1 else 1 - larger
        if counts[larger] == 1:
            room /= 2.0
            if room < 0.02:
                return None
            continue
        counts[larger] -= 1
    width, height = (max(round(n * float(np.linalg.norm(v))), 8) for n, v in zip(counts, (first, second), strict=True))
    spare = [max(int(room * float(np.linalg.norm(v))), 2) for v in (first, second)]
    across = np.arange(width + spare[0]) / width * counts[0]
    up = np.arange(height + spare[1]) / height * counts[1]
    points = across[None, :, None] * first + up[:, None, None] * second
    low, high = points.min(axis=(0, 1)), points.max(axis=(0, 1))
    points += ((np.array([columns, rows]) - 1) - (high - low)) / 2 - low
    where = [points[..., 1], points[..., 0]]
    large = np.stack([map_coordinates(even[..., k], where, order=1, mode="nearest") for k in range(3)], axis=-1)
    upright, one = joined(large, spare[0], 1)
    made, two = joined(upright, spare[1], 0)
    return made, (counts[0], counts[1]), max(one, two)


def _inside(first: np.ndarray, second: np.ndarray, counts: list[int], room: float, rows: int, columns: int) -> bool:
    ends = [a * first + b * second for a in (0, counts[0] + room) for b in (0, counts[1] + room)]
    width, height = np.ptp(ends, axis=0)
    return bool(width <= columns - 2 and height <= rows - 2)


# Where ends are joined ------------------------------------------------------------------------------------------------


def joined(large: np.ndarray, spare: int, axis: int) -> tuple[np.ndarray, float]:
    """A picture that wraps along an axis, from one that goes on for `spare` pixels more: its beginning is replaced by
    what comes after its end, up to the cut that shows least. And how much differs there, over the usual step from one
    pixel to the next."""
    values = large if axis == 1 else large.swapaxes(0, 1)
    whole = values.shape[1] - spare
    start, beyond = values[:, :spare], values[:, whole:]
    apart = ((start - beyond) ** 2).sum(axis=2)
    share = _share(apart)[..., None]
    cut = np.abs(np.diff(share[..., 0], axis=1)) > 0.0
    steps = [np.sqrt((np.diff(values, axis=k) ** 2).sum(axis=2)).mean() for k in (0, 1)]
    usual = max(steps) + _LEAST_STEP
    differs = float(np.sqrt(apart[:, 1:][cut]).mean() / usual) if cut.any() else 0.0
    made = values[:, :whole].copy()
    made[:, :spare] = share * start + (1.0 - share) * beyond
    return (made if axis == 1 else made.swapaxes(0, 1)), differs


def _share(cost: np.ndarray) -> np.ndarray:
    """0 left of the cheapest way down through a field [h, w], 1 right of it, feathered by a pixel; where it starts and
    ends it is at the same column, so that the cut wraps too."""
    rows, columns = cost.shape
    start = int(np.argmin(cost[0] + cost[-1]))
    fixed = cost.copy()
    fixed[[0, -1]] += 1e6
    fixed[[0, -1], start] -= 1e6
    total = _down(fixed)
    at = start
    path = np.zeros(rows, int)
    for row in range(rows - 1, -1, -1):
        path[row] = at
        if row:
            low = max(at - 1, 0)
            at = low + int(np.argmin(total[row - 1, low : at + 2]))
    return np.clip(0.5 + 0.5 * (np.arange(columns) - path[:, None]), 0.0, 1.0)


def _down(cost: np.ndarray) -> np.ndarray:
    """The cheapest way from the first row to each place, one column aside a row at most."""
    total = cost.copy()
    for row in range(1, len(total)):
        above = np.pad(total[row - 1], 1, constant_values=np.inf)
        total[row] += np.minimum(np.minimum(above[:-2], above[1:-1]), above[2:])
    return total


def _quilted(even: np.ndarray) -> np.ndarray:
    """Patches of the photo laid on a torus, each the one of many that goes best with those that lie there."""
    rows, columns = even.shape[:2]
    patch = int(min(_PATCH * max(min(rows, columns) / 512, 0.5), min(rows, columns) // 2))
    lap = max(patch // 3, 4)
    step = patch - lap
    side = step * max(min(_CELLS, min(rows, columns) // step), 2)
    made, laid = np.zeros((side, side, 3)), np.zeros((side, side), bool)
    rng = np.random.default_rng(0)
    for y in range(0, side, step):
        for x in range(0, side, step):
            where = np.ix_((y + np.arange(patch)) % side, (x + np.arange(patch)) % side)
            here, known = made[where], laid[where]
            tops = rng.integers(0, rows - patch + 1, _TRIES)
            lefts = rng.integers(0, columns - patch + 1, _TRIES)
            tries = [even[a : a + patch, b : b + patch] for a, b in zip(tops, lefts, strict=True)]
            costs = [float((((each - here) ** 2).sum(axis=2) * known).sum()) for each in tries]
            chosen = tries[int(np.argmin(costs))]
            share = _fresh(((chosen - here) ** 2).sum(axis=2), known, lap)[..., None]
            made[where] = share * chosen + (1.0 - share) * here
            laid[where] = True
    return made


def _fresh(cost: np.ndarray, known: np.ndarray, lap: int) -> np.ndarray:
    """How much of a new patch is seen, 0..1 [p, p]: all where nothing lies, and within the cheapest cuts elsewhere."""
    share = np.ones(cost.shape)
    size = len(cost)
    for turn in range(4):
        mine, lies = np.rot90(cost, turn), np.rot90(known, turn)
        strip = _share(mine[:, :lap]) if lies[size // 2, : lap // 2].all() else None
        if strip is not None:
            whole = np.ones(cost.shape)
            whole[:, :lap] = strip
            share = np.minimum(share, np.rot90(whole, -turn))
    return np.where(known, share, 1.0)


# What can be guessed --------------------------------------------------------------------------------------------------


def _weave(made: np.ndarray) -> tuple[str, float]:
    """The weave by the directions in which fine lines run: along the threads, along one diagonal, or along both."""
    grey = brightness(made)
    fine = grey - _blurred(grey, 3)
    gy, gx = ((np.roll(fine, -1, axis) - np.roll(fine, 1, axis)) for axis in (0, 1))
    angle = np.degrees(np.arctan2(-gy, gx)) % 180.0  # of the slope, across the lines
    strength = gx**2 + gy**2
    total = max(float(strength.sum()), 1e-12)

    def share(centre: float) -> float:
        away = np.abs((angle - centre + 90.0) % 180.0 - 90.0)
        return float(strength[away < 22.5].sum()) / total

    upright, level, rising, falling = share(0.0), share(90.0), share(135.0), share(45.0)
    if max(rising, falling) > 1.6 * min(rising, falling) and max(rising, falling) > 0.3:
        return "twill", max(rising, falling)
    if rising + falling > upright + level:
        return "knit", rising + falling
    if upright > 2.5 * level:
        return "rib", upright
    return "plain", upright + level


def _normals(made: np.ndarray) -> np.ndarray:
    """Normals of a surface that is taken to be higher where it is lighter than round about; +Y up, wrapping."""
    height = brightness(made) - _blurred(brightness(made), 8)
    height = height / max(4.0 * float(height.std()), 1e-6)
    slope_x = np.roll(height, -1, 1) - np.roll(height, 1, 1)
    slope_y = np.roll(height, 1, 0) - np.roll(height, -1, 0)
    normal = np.stack([-slope_x, -slope_y, np.ones_like(height)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return np.round(127.5 * (normal + 1.0)).astype(np.uint8)


def _blurred(grey: np.ndarray, reach: int) -> np.ndarray:
    from scipy.ndimage import uniform_filter

    return uniform_filter(grey, 2 * reach + 1, mode="wrap")


def _reduced(values: np.ndarray, step: int) -> np.ndarray:
    """A picture averaged over squares of pixels."""
    rows, columns = (size // step * step for size in values.shape[:2])
    squares = values[:rows, :columns].reshape(rows // step, step, columns // step, step, 3)
    return squares.mean(axis=(1, 3))


def _linear(photo: np.ndarray) -> np.ndarray:
    values = photo / 255.0
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _encoded(linear: np.ndarray) -> np.ndarray:
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0.0) ** (1 / 2.4) - 0.055)
    return np.round(255 * np.clip(encoded, 0.0, 1.0)).astype(np.uint8)
