"""Sleeves set into the bodice's armholes (garments/blocks/bodice.py): the cap is solved, not drawn.

Its height is the one at which the cap's halves equal the armhole's halves plus their ease while the sleeve is as wide
as the arm needs (the lengths that Aldrich, "Metric Pattern Cutting", checks by hand). Flat frame: x = 0 is the sleeve's
axis, y = 0 the underarm line. The left sleeve is drawn; seen from outside its front is at -x.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np

from assets.mesh import frozen
from garments.blocks.bodice import SIDES, Bodice, Sided, armhole, of_side
from garments.blocks.drafting import solve_increasing, upright
from garments.blocks.shaping import gathered
from garments.edges import Edge, curve, line
from garments.pattern import ONE, Drill, EdgeRef, Notch, Panel, Pattern, Pieces, Seam, mirrored, refs, sew

SLEEVE_NEEDS = ("upper_arm_girth", "wrist_girth", "arm_length")
_CAP_HIGHEST, _CAP_LOWEST = 0.28, 0.16
_BICEPS_BELOW = 0.02
_UNDER_SHARE = 0.3
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


def sleeve_length(pattern: Pattern) -> float | None:
    """How long the left sleeve is [m] from the shoulder to its end, with its cuff where it has one; None of a pattern
    without sleeves."""
    found = None
    for panel in pattern.panels:
        edges = {edge.name: edge for edge in panel.edges}
        if {"cap_back", "cap_front", "hem"} <= set(edges) and not panel.name.endswith("right"):
            tops = [edges[name].controls[[0, -1]] for name in ("cap_back", "cap_front")]
            apart = np.linalg.norm(tops[0][:, None] - tops[1][None], axis=2)
            top = tops[0][np.unravel_index(int(apart.argmin()), apart.shape)[0]]
            found = float(np.linalg.norm(top - edges["hem"].controls[[0, -1]].mean(axis=0)))
    for panel in pattern.panels:
        if found is not None and panel.name == "cuff_left":
            lower, upper = (panel.edge(name).controls[[0, -1]].mean(axis=0) for name in ("lower", "upper"))
            found += float(np.linalg.norm(lower - upper))
    return found


def sleeve_lines() -> dict[str, tuple[EdgeRef, ...]]:
    """Lines round both sleeves, from the top down."""
    return {
        f"{name}_{which}": refs(f"sleeve_{which}.{edge}")
        for which in SIDES
        for name, edge in (("biceps", "biceps"), ("cuff", "hem"))
    }


def cuff(girth: float, height: float, drills: tuple[Drill, ...] = (), cut: Pieces = ONE) -> Panel:
    """The left cuff, `girth` round and `height` [m]: its ends meet below the arm."""
    half = 0.5 * girth
    edges = (
        line("lower", (-half, -height), (half, -height)),
        line("end_back", (half, -height), (half, 0.0)),
        line("upper", (half, 0.0), (-half, 0.0)),
        line("end_front", (-half, 0.0), (-half, -height)),
    )
    return Panel("cuff_left", edges, upright(-0.9 * height, -0.1 * height), "left cuff", drills=drills, cut=cut)


def cuff_seams(panels: Iterable[Panel]) -> list[Seam]:
    """Both sleeves gathered into their cuffs, and these closed."""
    panels, seams = list(panels), []
    for which in SIDES:
        name = f"cuff_{which}"
        seams.append(gathered(panels, f"cuff {which}", [f"sleeve_{which}.hem"], [f"-{name}.upper"]))
        seams.append(sew(f"cuff end {which}", [f"{name}.end_front"], [f"-{name}.end_back"]))
    return seams


def cuff_lines() -> dict[str, tuple[EdgeRef, ...]]:
    """Lines round both sleeves that end in cuffs, from the top down."""
    return sleeve_lines() | {f"cuff_{which}": refs(f"cuff_{which}.lower") for which in SIDES}


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


class TwoPiece(NamedTuple):
    """A left sleeve in two pieces, outer and under."""

    outer: Panel
    under: Panel

    @property
    def panels(self) -> tuple[Panel, ...]:
        """Those of both arms."""
        return self.outer, self.under, mirrored(self.outer), mirrored(self.under)


def two_piece(made: Sleeve, bend: float) -> TwoPiece:
    """A sleeve cut along the fore- and the hindarm, whose under piece is joined where the underarm seam was; `bend` [m]
    the forearm seam comes in, and the hindarm seam goes out, at the elbow (Aldrich, "Metric Pattern Cutting for
    Menswear": two-piece sleeve)."""
    panel = made.panel
    caps = {"front": panel.edge("cap_front").reversed(), "back": panel.edge("cap_back")}
    cuts = {part: caps[part].at(np.array([_UNDER_SHARE]))[0] for part in caps}
    under = {"front": panel.edge("under_front"), "back": panel.edge("under_back").reversed()}
    hem = panel.edge("hem")
    ends = {"front": hem.at(np.array([_UNDER_SHARE]))[0], "back": hem.at(np.array([1.0 - _UNDER_SHARE]))[0]}
    level = float(under["front"].end[1])
    seams = {part: _arm_seam(part, cuts[part], ends[part], level, bend) for part in cuts}
    high, low = seams["front"]
    back_high, back_low = seams["back"]
    tops = {part: caps[part].part(_UNDER_SHARE, 1.0, f"cap_{part}") for part in caps}
    top = (tops["back"], tops["front"].reversed())
    outer = replace(
        panel, name="sleeve_outer_left", wraps="left arm outer",
        edges=(line("hem", ends["front"], ends["back"]), back_low.reversed(), back_high.reversed(), *top, high, low),
        lines=(line("biceps", high.end, back_high.end),),
        notches=(Notch("cap_back", 1.0),),
    )  # fmt: skip
    pieces = {}
    for part in caps:
        origin = under[part].start
        edge = under[part].end - origin
        angle = np.arctan2(-edge[0], -edge[1])
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        bottom = line("hem", ends[part], hem.start if part == "front" else hem.end)
        drawn = (caps[part].part(0.0, _UNDER_SHARE, f"cap_{part}"), *seams[part], bottom)
        pieces[part] = [Edge(each.name, (each.controls - origin) @ turn.T, each.kind) for each in drawn]
    cap, high, low, bottom = pieces["front"]
    other_cap, other_high, other_low, other_bottom = pieces["back"]
    hem_front = line("hem_front", (0.0, bottom.end[1]), bottom.start)
    hem_back = line("hem_back", other_bottom.start, (0.0, bottom.end[1]))
    lower = Panel(
        "sleeve_under_left",
        (hem_back, hem_front, low.reversed(), high.reversed(), cap.reversed(), other_cap, other_high, other_low),
        upright(0.9 * bottom.end[1], 0.1 * bottom.end[1]), "left arm under", panel.allowance,
        {"hem_front": panel.allowance_of("hem"), "hem_back": panel.allowance_of("hem")},
        lines=(line("biceps", other_high.end, high.end),),
    )  # fmt: skip
    return TwoPiece(outer, lower)


def two_piece_seams(fronts: Sided, backs: Sided, left: TwoPiece) -> list[Seam]:
    """Both arms' fore- and hindarm seams, and the armholes."""
    seams = []
    for which in SIDES:
        for name in ("forearm", "hindarm"):
            for part in ("high", "low"):
                pair = [f"sleeve_{piece}_{which}.{name}_{part}" for piece in ("outer", "under")]
                seams.append(sew(f"{name} {which} {part}", pair[:1], [f"-{pair[1]}"]))
        for part, panels in (("front", fronts), ("back", backs)):
            panel = of_side(panels, which)
            down = 1 if (part, which) in _FROM_TOP else -1
            caps = [f"sleeve_{piece}_{which}.cap_{part}" for piece in ("outer", "under")][::down]
            holes = [f"armhole_{height}_{which}" for height in ("high", "low")][::down]
            ease = sum(piece.edge(f"cap_{part}").length for piece in left)
            ease -= sum(panel.edge(hole).length for hole in holes)
            seams.append(sew(f"armhole {part} {which}", caps, [f"-{panel.name}.{hole}" for hole in holes], ease))
    return seams


def two_piece_lines() -> dict[str, tuple[EdgeRef, ...]]:
    """Lines round both sleeves, from the top down."""
    return {
        f"{name}_{which}": refs(*(f"sleeve_{edge}" for edge in each))
        for which in SIDES
        for name, each in (
            ("biceps", (f"outer_{which}.biceps", f"under_{which}.biceps")),
            ("cuff", (f"outer_{which}.hem", f"under_{which}.hem_back", f"under_{which}.hem_front")),
        )
    }


def _arm_seam(part: str, top: np.ndarray, bottom: np.ndarray, level: float, bend: float) -> tuple[Edge, Edge]:
    """The fore- or hindarm seam from the cap down, parted at a level [m], bent by `bend` [m] at the elbow."""
    name = "forearm" if part == "front" else "hindarm"
    share = (top[1] - level) / (top[1] - bottom[1])
    middle = top + share * (bottom - top)
    elbow = 0.5 * (middle + bottom) + (bend, 0.0)
    return line(f"{name}_high", top, middle), curve(f"{name}_low", middle, elbow, bottom)
