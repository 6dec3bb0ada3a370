"""The leg block: what trousers, jeans and shorts are drafted from, drawn for a body.

After Aldrich, "Metric Pattern Cutting for Women's Wear" (classic tailored trouser block) and "... for Menswear": the
crease lies a twelfth of the hip from the centre front, the front's fork is a sixteenth of the hip wide and the back's
half as wide again, the back's centre line leans from half the rise to the waist. Where her tables fix a number, this
block solves for it: the centre back rises, and then all lies deeper, for a crotch as long as the body's; forks are
widened where thighs need it, and the legs cut open for heavy ones; sides and inside legs of front and back are made
equally long. What a leg measures is found here, how it is drawn in legoutlines.py, how it is sewn in legseams.py.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from garments.blocks.drafting import Option, upright
from garments.blocks.legoutlines import THIGH_BELOW, Leg, Piece, lack, pieces, thigh_girth
from garments.blocks.legseams import PIECES, sewn
from garments.edges import Edge, line
from garments.grading import girth_below_waist
from garments.pattern import Notch, Panel, Pattern

NEEDS = (
    "waist_girth", "hip_girth", "waist_height", "waist_to_hip", "crotch_height", "crotch_length", "knee_height",
    "thigh_girth", "calf_girth",
)  # fmt: skip
HELPFUL = ("high_hip_girth", "knee_girth")
OPTIONS = {
    "ease_waist": Option(0.018, -0.10, 0.08, "m", "how much larger than the body the waistband is"),
    "ease_hip": Option(0.050, 0.0, 0.16, "m", "ease at the hip"),
    "ease_thigh": Option(0.06, 0.02, 0.12, "m", "least ease at the thigh"),
    "ease_knee": Option(0.09, 0.02, 0.40, "m", "ease at the knee"),
    "ease_hem": Option(0.07, 0.0, 0.60, "m", "how much wider than the leg, or its calf, the hem is"),
    "ease_rise": Option(0.018, 0.0, 0.08, "m", "how far the crotch seam hangs below the crotch"),
    "drop": Option(0.03, 0.0, 0.09, "m", "how far below the waist the waistband's lower edge lies"),
    "length": Option(0.95, 0.62, 1.0, "crotch_height", "inside leg, as a share of the body's"),
    "waistband": Option(0.035, 0.02, 0.06, "m", "finished height of the waistband"),
}
_CROTCH_GIVES = 0.05
"""How much shorter [m] than the tape's way between the legs a crotch seam is that lets the waist lie where it is meant
to, found by draping jeans in all sizes."""
_KNEE_OVER_CALF, _CALF_LEVEL = 1.03, 0.72
_FULL, _LEAST_OF_EASE = 0.58, 0.6
"""How much of the way from knee to thigh a leg's girth has grown half-way up, measured on the built-in body in sizes M
and XXL of both sexes; the share of the ease at the thigh that is left there at least."""
_HEAVY, _OPENS, _MOST_OPEN, _SPREADS = 0.605, 6.5, 0.13, 0.08
"""Thighs that are more than this share of the hip hold the legs apart; how far out they go then for each metre down,
over the surplus share, and at most: on the built-in body 0.05 in size M, 0.16 to 0.20 in XXL. Tailors call it an open
cut; a leg that is cut straight lies in a fold over the side of such a thigh. Last, by how much [m] legs that went out
by a metre for each would widen the seat, found by draping jeans in XXL."""


def leg(body: Mapping[str, float], option: Mapping[str, float]) -> Leg:
    """The finished measures of a body's trousers [m]."""
    drop, rise = option["drop"], body["waist_height"] - body["crotch_height"] - option["drop"]
    depth = max(body["waist_to_hip"] - drop, 0.05)
    girth = girth_below_waist(body, drop)
    opened = float(np.clip(_OPENS * (body["thigh_girth"] / body["hip_girth"] - _HEAVY), 0.0, _MOST_OPEN))
    hip = max(body["hip_girth"] + option["ease_hip"] + _SPREADS * opened, girth + option["ease_waist"] - 0.02)
    hem_height = (1.0 - option["length"]) * body["crotch_height"]
    hem = _leg_girth(body, hem_height) + option["ease_hem"]
    knee = _leg_girth(body, body["knee_height"]) + option["ease_knee"]
    thigh = body["thigh_girth"] + option["ease_thigh"]
    middle = 0.5 * (body["knee_height"] + body["crotch_height"] - THIGH_BELOW)
    made = Leg(
        waist=girth + option["ease_waist"],
        high_hip=girth_below_waist(body, 0.5 * body["waist_to_hip"])
        + 0.5 * (option["ease_waist"] + option["ease_hip"]),
        hip=hip,
        thigh=thigh,
        middle=max(_leg_girth(body, middle) + _LEAST_OF_EASE * option["ease_thigh"], 0.44 * thigh + 0.56 * knee),
        knee=knee,
        hem=hem,
        high_hip_depth=0.5 * body["waist_to_hip"] - drop,
        hip_depth=min(depth, rise - 0.02),
        rise=rise + option["ease_rise"],
        knee_depth=rise + body["crotch_height"] - body["knee_height"],
        hem_depth=rise + body["crotch_height"] - hem_height,
        crotch=body["crotch_length"] - 2.0 * drop + 2.0 * option["ease_rise"],
        band=(option["waistband"], girth - girth_below_waist(body, max(drop - option["waistband"], 0.0))),
        open=opened,
    )
    # Over a belly and a seat it is further from the crotch to the waist than upright: then all lies deeper, what is
    # higher up the less.
    deeper = max(0.5 * (lack(made) - _CROTCH_GIVES), 0.0)
    depths = ("high_hip_depth", "hip_depth", "rise", "knee_depth", "hem_depth")
    below = {name: getattr(made, name) for name in depths}
    made = replace(made, **{name: deep + deeper * min(deep / made.rise, 1.0) for name, deep in below.items()})
    return replace(made, fuller=max(0.5 * (made.thigh - thigh_girth(made)), 0.0))


def _leg_girth(body: Mapping[str, float], height: float) -> float:
    """The leg's girth [m] at a height; below the calf the calf's, over which a hem must pass."""
    knee, top = body.get("knee_girth", _KNEE_OVER_CALF * body["calf_girth"]), body["crotch_height"] - THIGH_BELOW
    heights = (_CALF_LEVEL * body["knee_height"], body["knee_height"], 0.5 * (body["knee_height"] + top), top)
    middle = _FULL * body["thigh_girth"] + (1.0 - _FULL) * knee
    return float(np.interp(height, heights, (body["calf_girth"], knee, middle, body["thigh_girth"])))


def drafted(name: str, sizes: Leg, measurements: Mapping[str, float], drop: float) -> Pattern:
    """Four leg pieces under a waistband, which is sewn on `drop` [m] below the waist."""
    front, back = pieces(sizes)
    stacks = tuple((panel(back if "back" in each else front, sizes, each.split("_")[1]),) for each in PIECES)
    return sewn(name, stacks, sizes.band, measurements, drop)


def panel(piece: Piece, sizes: Leg, side: str) -> Panel:
    """The piece of one leg; fronts are first drawn for the right leg, backs for the left."""
    part, mirrored = piece.part, (side == "left") == (piece.part == "front")
    hem = line("hem", piece.side[0].start, piece.inside[0].start)
    edges = (hem, *piece.inside, *piece.centre, *piece.waist.edges, *(edge.reversed() for edge in reversed(piece.side)))
    lines = piece.lines
    top, fork = (0.0, -0.55 * sizes.hip_depth), (0.0, -sizes.rise)
    foot = (sizes.aside(sizes.hem_depth), -sizes.hem_depth + 0.002)
    # It turns aside where the leg does.
    creases: tuple[Edge, ...] = (line("fold_crease_seat", top, fork), line("fold_crease", fork, foot))
    grain = upright(-0.8 * sizes.hem_depth, -0.9 * sizes.rise)
    knee = [Notch(name, 1.0) for name in ("inside_knee", "side_knee") if sizes.bends]
    notches = (*knee, Notch("side_hip", 1.0), *piece.waist.notches)
    if mirrored:
        edges = tuple(edge.mirrored(edge.name) for edge in reversed(edges))
        lines = tuple(edge.mirrored(edge.name) for edge in lines)
        creases = tuple(edge.mirrored(edge.name) for edge in creases)
    # In the outline the side runs downward as first drawn, and the inside when mirrored.
    down = "inside" if mirrored else "side"
    notches = tuple(
        n._replace(at=1.0 - n.at) if n.edge.startswith(down) or (mirrored and "dart" in n.edge) else n for n in notches
    )
    sign = -1.0 if mirrored else 1.0
    drills = tuple(drill._replace(x=sign * drill.x) for drill in piece.waist.drills)
    allowances = {"hem": 0.04, "crotch": 0.012}
    return Panel(
        f"{part}_{side}", edges, grain, f"{side} leg {part}", 0.012, allowances, notches, lines, creases, drills
    )
