"""Sleeves set into the bodice's armholes (garments/bodice.py): the cap is solved, not drawn.

Its height is the one at which the cap's halves equal the armhole's halves plus their ease while the sleeve is as wide
as the arm needs (the lengths that Aldrich, "Metric Pattern Cutting", checks by hand). Flat frame: x = 0 is the sleeve's
axis, y = 0 the underarm line. The left sleeve is drawn; seen from outside its front is at -x.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from assets.mesh import frozen
from garments.bodice import SIDES, Bodice, Sided, armhole, of_side
from garments.drafting import solve_increasing, upright
from garments.edges import Edge, curve, line
from garments.pattern import EdgeRef, Notch, Panel, Seam, refs, sew

SLEEVE_NEEDS = ("upper_arm_girth", "wrist_girth", "arm_length")
_CAP_HIGHEST, _CAP_LOWEST = 0.28, 0.16
_BICEPS_BELOW = 0.02
_FROM_TOP = (("front", "left"), ("back", "right"))
_CAP_SHAPE = {"front": (0.50, 0.44), "back": (0.40, 0.48)}


class Sleeve(NamedTuple):
    """A left sleeve (seen from outside: front at -x), its cap's height and the armhole's length [m]."""

    panel: Panel
    height: float
    armhole: float

    @property
    def fits(self) -> bool:
        """Whether the cap is high enough to turn over the shoulder."""
        return self.height > _CAP_LOWEST * self.armhole


def with_sleeve(make: Callable[[float], tuple[Bodice, Sleeve]]) -> tuple[Bodice, Sleeve]:
    """`make(deeper)`, the armhole deepened until a sleeve wide enough for the arm has a cap that still turns over the
    shoulder."""
    for deeper in np.arange(0.0, 0.2, 0.01):
        block, made = make(float(deeper))
        if made.fits:
            break
    return block, made


def sleeve(
    block: Bodice, width: float, length: float, hem: Callable[[float], float], ease: float, allowance: float = 0.025
) -> Sleeve:
    """A sleeve `width` round the upper arm and `length` from the shoulder [m], its cap longer than the armhole by the
    share `ease`. `hem` tells its end's girth [m] from the width that it came to have, which the armhole decides too."""
    holes = {part: sum(edge.length for edge in armhole(part, block)) for part in ("front", "back")}
    whole = sum(holes.values())
    height, halves = _cap({part: hole * (1.0 + ease) for part, hole in holes.items()}, width, _CAP_HIGHEST * whole)
    total = max(length, height + 0.04)
    end = hem(sum(halves.values()))
    middle = 0.5 * (halves["back"] - halves["front"])
    hem_front, hem_back = (np.array([middle + side * 0.5 * end, height - total]) for side in (-1.0, 1.0))
    back_under, front_under = np.array([halves["back"], 0.0]), np.array([-halves["front"], 0.0])
    share_low = _BICEPS_BELOW / (total - height)
    front_low = front_under + share_low * (hem_front - front_under)
    back_low = back_under + share_low * (hem_back - back_under)
    edges = (
        line("hem", hem_front, hem_back),
        line("under_back_low", hem_back, back_low),
        line("under_back", back_low, back_under),
        _cap_half("back", halves["back"], height).named("cap_back"),
        _cap_half("front", halves["front"], height).mirrored("cap_front"),
        line("under_front", front_under, front_low),
        line("under_front_low", front_low, hem_front),
    )
    ratio = {part: armhole(part, block)[0].length / holes[part] for part in holes}
    notches = (
        Notch("cap_back", 1.0), Notch("cap_back", ratio["back"], "double"), Notch("cap_front", 1.0 - ratio["front"]),
    )  # fmt: skip
    grain = upright(height - total + 0.03, height - 0.03)
    biceps = (line("biceps", front_low, back_low),)
    panel = Panel("sleeve_left", edges, grain, "left arm", 0.01, {"hem": allowance}, notches, biceps)
    return Sleeve(panel, height, whole)


def sleeve_seams(fronts: Sided, backs: Sided, left: Panel) -> list[Seam]:
    """Underarm and armhole seams of both sleeves, of which the left is given."""
    seams = []
    for which in SIDES:
        for below in ("", "_low"):
            names = (f"sleeve_{which}.under_front{below}", f"-sleeve_{which}.under_back{below}")
            seams.append(sew(f"underarm{below} {which}", names[:1], names[1:]))
        for part, panels in (("front", fronts), ("back", backs)):
            panel = of_side(panels, which)
            low, high = (f"armhole_{height}_{which}" for height in ("low", "high"))
            run = [f"-{panel.name}.{name}" for name in ((high, low) if (part, which) in _FROM_TOP else (low, high))]
            ease = left.edge(f"cap_{part}").length - panel.edge(low).length - panel.edge(high).length
            seams.append(sew(f"armhole {part} {which}", [f"sleeve_{which}.cap_{part}"], run, ease))
    return seams


def sleeve_lines() -> dict[str, tuple[EdgeRef, ...]]:
    """Lines round both sleeves, from the top down."""
    return {
        f"{name}_{which}": refs(f"sleeve_{which}.{edge}")
        for which in SIDES
        for name, edge in (("biceps", "biceps"), ("cuff", "hem"))
    }


def _cap(lengths: dict[str, float], width: float, highest: float) -> tuple[float, dict[str, float]]:
    """Cap height [m] and half widths [m] at which both halves have their lengths and the sleeve its width."""

    def halves(height: float) -> dict[str, float]:
        return {part: _half_width(part, height, length) for part, length in lengths.items()}

    upper = min(highest, 0.95 * min(lengths.values()))
    height = solve_increasing(lambda h: -sum(halves(h).values()), -width, 0.02, upper)
    return height, halves(height)


def _half_width(part: str, height: float, length: float) -> float:
    """The half width [m] at which the cap's half is `length` [m] long: Newton, as the length is convex in the width."""
    across, up = _unit_cap(part)
    width = length
    for _ in range(12):
        steps = np.hypot(width * across, height * up)
        change = float((steps.sum() - length) / (width * across**2 / steps).sum())
        width -= change
        if abs(change) < 1e-9:
            break
    return width


@cache
def _unit_cap(part: str) -> tuple[np.ndarray, np.ndarray]:
    """Steps across and up along the cap's half of unit width and height."""
    across, up = np.diff(_cap_half(part, 1.0, 1.0).at(np.linspace(0.0, 1.0, 97)), axis=0).T
    return frozen(across), frozen(up)


def _cap_half(part: str, width: float, height: float) -> Edge:
    """From the underarm at (width, 0) to the top: hollow below, round above, the front hollower than the back."""
    hollow, round_ = _CAP_SHAPE[part]
    return curve(part, (width, 0.0), (width * (1.0 - hollow), 0.0), (width * round_, height), (0.0, height))
