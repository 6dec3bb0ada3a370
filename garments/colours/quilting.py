"""Pictures joined along the cut that shows least, and cloth quilted from patches of a photo on a torus.

Efros and Freeman, "Image quilting for texture synthesis and transfer" (2001): where two pictures lie over each other,
the cheapest way through their difference parts them.
"""

from collections.abc import Callable

import numpy as np

from garments.colours.evened import reduced

_LEAST_STEP = 0.004
_PATCH, _CELLS, _SOUGHT, _NEARLY = 96, 4, 400, 0.1


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
    differs = float(np.sqrt(apart[:, 1:][cut]).mean() / _usual_step(values)) if cut.any() else 0.0
    made = values[:, :whole].copy()
    made[:, :spare] = share * start + (1.0 - share) * beyond
    return (made if axis == 1 else made.swapaxes(0, 1)), differs


def _usual_step(values: np.ndarray) -> float:
    """How much neighbouring pixels differ, along the axis where they do more."""
    return max(float(np.sqrt((np.diff(values, axis=k) ** 2).sum(axis=2)).mean()) for k in (0, 1)) + _LEAST_STEP


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


def quilted(even: np.ndarray) -> tuple[np.ndarray, float]:
    """Patches of the photo laid on a torus, each one of those that go best with what lies there; and how much differs
    where they meet, over the usual step from one pixel to the next."""
    rows, columns = even.shape[:2]
    patch = int(min(_PATCH * max(min(rows, columns) / 512, 0.5), min(rows, columns) // 2))
    lap = max(patch // 3, 4)
    step = patch - lap
    side = step * max(min(_CELLS, min(rows, columns) // step), 2)
    made, laid = np.zeros((side, side, 3)), np.zeros((side, side), bool)
    rng, met = np.random.default_rng(0), []
    going = _going(even)
    for y in range(0, side, step):
        for x in range(0, side, step):
            where = np.ix_((y + np.arange(patch)) % side, (x + np.arange(patch)) % side)
            here, known = made[where], laid[where]
            top, left = rng.permutation(going(here, known))[0]
            chosen = even[top : top + patch, left : left + patch]
            apart = ((chosen - here) ** 2).sum(axis=2)
            share = _fresh(apart, known, lap)[..., None]
            met.append(np.sqrt(apart[known & (np.abs(share[..., 0] - 0.5) < 0.25)]))
            made[where] = share * chosen + (1.0 - share) * here
            laid[where] = True
    return made, float(np.concatenate(met).mean() / _usual_step(even))


def _going(even: np.ndarray) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """A function of pixels [p, p, 3] that lie there and which of them do [p, p], that gives the places (y, x) of the
    photo [k, 2] whose squares go with them nearly as well as the best."""
    from scipy.fft import irfft2, rfft2

    step = max(1, round(max(even.shape[:2]) / _SOUGHT))
    small = reduced(even, step)
    room = small.shape[:2]
    pixels, squares = rfft2(small, axes=(0, 1)), rfft2((small**2).sum(axis=2))

    def going(here: np.ndarray, known: np.ndarray) -> np.ndarray:
        lies = reduced(np.dstack([known, here * known[..., None]]), step)
        spectrum = rfft2(lies, room, axes=(0, 1)).conj()
        costs = irfft2(squares * spectrum[..., 0] - 2.0 * (pixels * spectrum[..., 1:]).sum(axis=2), room)
        costs = costs[: (len(even) - len(here)) // step + 1, : (even.shape[1] - len(here)) // step + 1]
        apart = costs + float(((here**2).sum(axis=2) * known).sum()) / step**2
        return step * np.argwhere(apart <= (1.0 + _NEARLY) * apart.min() + 1e-9)

    return going


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
