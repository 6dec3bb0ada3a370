"""A tile that repeats without seams, from a photo of cloth.

Uneven light is divided out first. Where the cloth itself repeats (stripes, checks, a woven figure), whole repeats are
cut out along its own lattice, however it lay in the photo, and the ends are joined along the cut that shows least
(Efros and Freeman, "Image quilting", 2001). Other cloth is quilted on a torus from patches of the photo. Where ends
meet is looked at afterwards. What the weave is, and how its surface leans, is estimated from light and dark alone:
a guess, and called one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assets.errors import InputRefused
from assets.mesh import frozen
from assets.progress import Progress, silent
from garments.colours.evened import brightness, delighted, reduced, straightened
from garments.colours.lattice import alike, lattice
from garments.colours.quilting import joined, quilted

LARGEST, LOOKED_AT, SMALLEST = 1600, 480, 64
"""Sides [pixels] of a photo as a tile is cut from it, as repeats are looked for in it, and the least that can be told
anything from."""
SLENDER = 8
"""How many times as long as wide a photo is looked at: of a longer strip, its beginning."""
MOST_REPEATS, ENOUGH = (12, 6, 3, 1), 4
"""How many repeats a tile may hold: as many as lie in the photo alike, for cloth looks the less printed; and
how many, across times up, are enough to look no further."""
VISIBLE = 1.6
"""The jump where the ends of a tile meet, over that between any two neighbours: above this it is seen."""


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
    longest = SLENDER * min(photo.shape[:2])
    photo = photo[:longest, :longest]
    step = max(1, -(-max(photo.shape[:2]) // LARGEST))
    linear = reduced(_linear(photo), step)
    progress(0.1, "evening out the light")
    even = delighted(linear)
    if float(even.std()) < 1e-4:
        raise InputRefused("the photo shows one flat colour: choose that colour instead")
    progress(0.3, "looking for what repeats")
    found = _repeating(even)
    if found is None or found[2] > VISIBLE:
        progress(0.5, "quilting")
        patched, differs = quilted(even)
        found = min(filter(None, (found, (patched, (0, 0), differs))), key=lambda each: each[2])
    made, repeats, differs = found
    weave, sure = _weave(made)
    wrap = max(differs, wrap_jump(made))
    return Tile(_encoded(made), _normals(made), repeats, float(step), wrap, weave, sure)


_Repeats = tuple[np.ndarray, tuple[int, int], float]
"""Whole repeats, how many across and up, and how much they differ where they are joined."""


def _repeating(even: np.ndarray) -> _Repeats | None:
    """Whole repeats with the colours of a picture: enough that join unseen, or the most cloth that does, or what shows
    least; None where nothing repeats."""
    found: list[_Repeats] = []
    for seen in _looks(even):
        for each in _cut_out(seen):
            if _like(each[0], even):
                if each[2] <= VISIBLE and each[1][0] * each[1][1] >= ENOUGH:
                    return each
                found.append(each)
    return max(found, key=lambda each: each[0].size if each[2] <= VISIBLE else -each[2], default=None)


def _looks(even: np.ndarray) -> Iterator[np.ndarray]:
    """A picture as it is, as seen from above, and its middle, where fine figures are large enough and hardly aslant."""
    yield even
    if (above := straightened(even, alike)) is not None:
        yield (even := above)
    while min(even.shape[:2]) >= 2 * SMALLEST:
        rows, columns = (size // 4 for size in even.shape[:2])
        yield (even := even[rows:-rows, columns:-columns])


def _cut_out(seen: np.ndarray) -> Iterator[_Repeats]:
    """The repeats of a picture, many to few, until they join unseen."""
    step = max(1, round(max(seen.shape[:2]) / LOOKED_AT))
    ways = lattice(reduced(seen, step))
    if ways is None:
        return
    for most in MOST_REPEATS:
        snapped = _snapped(seen, step * ways[0], step * ways[1], most)
        if snapped is not None:
            yield snapped
            if snapped[2] <= VISIBLE:
                return


def _like(made: np.ndarray, even: np.ndarray) -> bool:
    """Whether a tile has the colours of all the cloth: threads repeat within a stripe, too."""
    (usual, spread), (mean, own) = (
        (each.mean(axis=(0, 1)), float(np.linalg.norm(each.std(axis=(0, 1))))) for each in (even, made)
    )
    return bool(np.linalg.norm(mean - usual) < 0.3 * spread and abs(own - spread) < 0.3 * spread)


def relief(picture: np.ndarray) -> np.ndarray:
    """How the surface of a tile, sRGB uint8 [h, w, 3], leans: its normals in tangent space, uint8 [h, w, 3], estimated
    from light and dark alone."""
    return _relief(picture.shape, picture.tobytes())


@lru_cache(maxsize=16)
def _relief(shape: tuple[int, ...], pixels: bytes) -> np.ndarray:
    return frozen(_normals(_linear(np.frombuffer(pixels, np.uint8).reshape(shape))))


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


def _snapped(even: np.ndarray, first: np.ndarray, second: np.ndarray, most: int) -> _Repeats | None:
    """Whole repeats along the cloth's own lattice, upright, with their ends joined; how many, and how well it went.
    `most` each way; None where the photo does not hold a repeat and a bit."""
    from scipy.ndimage import map_coordinates

    rows, columns = even.shape[:2]
    room = 0.25  # of a repeat beyond the last one, to join the ends in
    counts = [most, most]
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


def _linear(photo: np.ndarray) -> np.ndarray:
    values = photo / 255.0
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _encoded(linear: np.ndarray) -> np.ndarray:
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0.0) ** (1 / 2.4) - 0.055)
    return np.round(255 * np.clip(encoded, 0.0, 1.0)).astype(np.uint8)
