"""A hooded sweatshirt: hood in two pieces, kangaroo pocket, sleeves and hem gathered into ribbed bands.

Aldrich, "Metric Pattern Cutting for Menswear" (jersey block; hood drawn from the neckline up, as high as from nape to
crown and as deep as the head, its front edge over the forehead), on the bodice and sleeve of blocks/bodice.py and
sleeves.py. The hood is drawn in profile and worn up. The bands are of the same cloth, cut shorter than what is sewn to
them.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import cos, sin

import numpy as np

from garments.blocks.bodice import (
    BODICE_NEEDS,
    SIDES,
    Bodice,
    bodice,
    bodice_options,
    body_lines,
    body_panel,
    body_seams,
)
from garments.blocks.drafting import Option, chosen, needed, solve_increasing, upright
from garments.blocks.shaping import gathered
from garments.blocks.sleeves import (
    SLEEVE_NEEDS,
    Sleeve,
    cuff,
    cuff_lines,
    cuff_seams,
    sleeve,
    sleeve_seams,
    with_sleeve,
)
from garments.edges import Edge, curve, line
from garments.pattern import EdgeRef, Notch, Panel, Pattern, Seam, mirrored, refs, sew

NAME = "hoodie"
TITLE = "hoodie"
FABRIC = "french_terry"
SUITED = ("knit",)
NEEDS = (*BODICE_NEEDS, *SLEEVE_NEEDS, "head_girth")
OPTIONS = {
    **bodice_options(
        ease_bust=(0.18, 0.06, 0.50),
        ease_waist=(0.18, 0.06, 0.50),
        ease_hip=(0.12, 0.06, 0.40),
        shaping=(0.0, 0.0, 0.04),
        armhole_depth=(0.02, 0.0, 0.06),
        neckline_depth=(0.025, 0.01, 0.05),
        neckline_back=(0.004, 0.0, 0.02),
        neckline_width=(0.02, 0.012, 0.04),
        shoulder_extension=(0.03, -0.02, 0.08),
    ),
    "ease_arm": Option(0.12, 0.04, 0.30, "m", "ease round the upper arm"),
    "length": Option(0.05, 0.0, 0.30, "m", "length below the hip line, with the hem band"),
    "hem_band": Option(0.06, 0.04, 0.09, "m", "height of the hem band"),
    "ease_band": Option(0.02, -0.02, 0.05, "m", "how much larger than the hip the hem band is"),
    "sleeve_length": Option(1.0, 0.90, 1.06, "arm_length", "sleeve length with its cuff, as a share of the arm's"),
    "cuff": Option(0.06, 0.03, 0.10, "m", "height of the cuff"),
    "ease_cuff": Option(0.045, 0.02, 0.08, "m", "how much larger than the wrist the cuff is"),
    "fullness": Option(0.06, 0.0, 0.12, "m", "how much wider than its cuff the sleeve ends"),
    "hood_height": Option(0.03, 0.02, 0.12, "m", "how much higher than from nape to crown the hood is"),
    "hood_depth": Option(0.46, 0.42, 0.52, "head_girth", "depth of the hood in profile, a share of the head's girth"),
    "pocket": Option(0.155, 0.13, 0.21, "m", "height of the pocket, or nearly"),
}
_SLEEVE_EASE = 0.0
_NECK_FALL = 0.36
_OCCIPUT, _BULGE = 0.55, 0.022
_BROW_FALL, _BROW_SLOPE = 0.10, 0.5
"""How much lower than the crown the hood is over the forehead, a share of its height, and how steeply [rad] its seam
comes down there: the face's edge begins square to it."""
_POCKET_WIDTH, _POCKET_TOP, _POCKET_SIDE = 0.68, 0.6, 0.045
_CLEAR = 0.028
_BACK, _UP = np.eye(2)


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A hoodie's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE)
    option = chosen(OPTIONS, options, TITLE)
    end = body["wrist_girth"] + option["ease_cuff"]

    def cut(deeper: float) -> tuple[Bodice, Sleeve]:
        block = bodice(body, option, option["length"] - option["hem_band"], deeper=deeper)
        width = body["upper_arm_girth"] + option["ease_arm"]
        length = option["sleeve_length"] * body["arm_length"] - option["cuff"] - option["shoulder_extension"]
        return block, sleeve(block, width, length, lambda _: end + option["fullness"], _SLEEVE_EASE, 0.01)

    block, made = with_sleeve(cut)
    front, back = (body_panel(part, block, 0.01, {"neck": 0.008}) for part in ("front", "back"))
    front, pocket = _pocketed(front, block, option["pocket"])
    bands = _bands(front, back, body["hip_girth"] + option["ease_band"], option["hem_band"])
    height = body["stature"] - body["cervicale_height"] + option["hood_height"] + option["neckline_back"]
    hood = _hood(front, back, height, option["hood_depth"] * body["head_girth"])
    end_piece = cuff(end, option["cuff"])
    arms = (made.panel, mirrored(made.panel), end_piece, mirrored(end_piece))
    panels = (front, back, *bands, *arms, hood, mirrored(hood), pocket)
    seams = [*body_seams(front, back), *sleeve_seams(front, back, made.panel), *cuff_seams(panels)]
    seams += [*_hood_seams(), *_band_seams(panels), *_pocket_seams(pocket)]
    return Pattern(NAME, panels, tuple(seams), _lines(block), body)


def _hood(front: Panel, back: Panel, height: float, depth: float) -> Panel:
    """The left half of the hood in profile, the face at -x; y from the nape [m]."""
    lengths = {part: panel.edge("neck_left").length for part, panel in (("front", front), ("back", back))}
    whole = sum(lengths.values())
    across = solve_increasing(lambda x: _neck_edge(x).length, whole, 0.5 * whole, whole)
    neck = _neck_edge(across)
    share = lengths["front"] / whole
    nape, throat = neck.end, neck.start
    back_of_head = np.array([_BULGE, _OCCIPUT * height])
    brow = np.array([_BULGE - depth, (1.0 - _BROW_FALL) * height])
    along, across_brow = np.array([cos(_BROW_SLOPE), sin(_BROW_SLOPE)]), np.array([sin(_BROW_SLOPE), -cos(_BROW_SLOPE)])
    low, high = _OCCIPUT * height, (1.0 - _OCCIPUT) * height
    edges = (
        neck.part(0.0, share, "neck_front"),
        neck.part(share, 1.0, "neck_back"),
        curve("centre_low", nape, nape + 0.4 * low * _UP, back_of_head - 0.4 * low * _UP, back_of_head),
        curve("centre_high", back_of_head, back_of_head + 0.75 * high * _UP, brow + 0.5 * depth * along, brow),
        curve("face", brow, brow + 0.3 * height * across_brow, throat + 0.3 * height * _UP, throat),
    )
    grain = np.array([[-0.5 * depth, 0.2 * height], [-0.5 * depth, 0.7 * height]])
    notches = (Notch("neck_front", 1.0), Notch("centre_low", 1.0))
    return Panel("hood_left", edges, grain, "head left", 0.01, {"face": 0.025}, notches)


def _neck_edge(across: float) -> Edge:
    """The hood's lower edge from the throat, which lies lower, to the nape."""
    throat, nape = np.array([-across, -_NECK_FALL * across]), np.zeros(2)
    return curve("neck", throat, throat + 0.3 * across * _BACK - 0.02 * _UP, (-0.3 * across, -0.06 * across), nape)


def _pocketed(front: Panel, block: Bodice, height: float) -> tuple[Panel, Panel]:
    """The front with the lines on which the pocket is sewn, and the pocket, drawn where it lies: its slanted sides stay
    open."""
    levels = sorted(float(point[1]) for name, point in block.sides["front"].items() if name != "underarm")
    low = next(y for y in levels if _free(y + _CLEAR, levels) and _free(y + _CLEAR + _POCKET_SIDE, levels)) + _CLEAR
    tops = [low + height + 0.004 * step for step in range(-40, 41)]
    top = min((y for y in tops if _free(y, levels)), key=lambda y: abs(y - low - height))
    half = 0.5 * _POCKET_WIDTH * (front.edge("hem").length - 0.04)
    corners = np.array([[half, low], [half, low + _POCKET_SIDE], [_POCKET_TOP * half, top]])
    bottom = line("bottom", corners[0] * (-1.0, 1.0), corners[0])
    side = line("side_left", corners[0], corners[1])
    mouth, upper = line("mouth_left", corners[1], corners[2]), line("top", corners[2], corners[2] * (-1.0, 1.0))
    edges = (bottom, side, mouth, upper, mouth.mirrored("mouth_right"), side.mirrored("side_right"))
    grain = upright(low + 0.02, top - 0.02)
    patch = Panel("pocket", edges, grain, "over front", 0.01, {"mouth_left": 0.02, "mouth_right": 0.02})
    sewn = [edge.named(f"pocket_{edge.name}") for edge in edges if not edge.name.startswith("mouth")]
    return replace(front, lines=(*front.lines, *sewn)), patch


def _free(y: float, levels: list[float]) -> bool:
    """Whether a height [m] is well clear of all lines round the body."""
    return all(abs(y - level) > _CLEAR - 1e-6 for level in levels)


def _bands(front: Panel, back: Panel, girth: float, height: float) -> tuple[Panel, Panel]:
    """The hem band's front and back, each as long as its share of the hem. Cut on the fold below."""
    hems = {panel.name: panel.edge("hem").length for panel in (front, back)}
    made = []
    for part, hem in hems.items():
        half = 0.5 * girth * hem / sum(hems.values())
        plus, minus = SIDES if part == "front" else SIDES[::-1]
        edges = (
            line("lower", (-half, -height), (half, -height)),
            line(f"end_{plus}", (half, -height), (half, 0.0)),
            line("upper", (half, 0.0), (-half, 0.0)),
            line(f"end_{minus}", (-half, 0.0), (-half, -height)),
        )
        made.append(Panel(f"band_{part}", edges, upright(-0.9 * height, -0.1 * height), f"trunk {part}", 0.01))
    return made[0], made[1]


def _hood_seams() -> list[Seam]:
    centre = [("hood_left.centre_low", "-hood_right.centre_low"), ("hood_left.centre_high", "-hood_right.centre_high")]
    seams = [sew(f"hood centre {k}", [one], [two]) for k, (one, two) in enumerate(centre)]
    for which in SIDES:
        for part in ("front", "back"):
            sides = [f"hood_{which}.neck_{part}"], [f"-{part}.neck_{which}"]
            seams.append(sew(f"neckline {part} {which}", *sides))
    return seams


def _band_seams(panels: tuple[Panel, ...]) -> list[Seam]:
    seams = [sew(f"side {side} band", [f"band_front.end_{side}"], [f"-band_back.end_{side}"]) for side in SIDES]
    for part in ("front", "back"):
        seams.append(gathered(panels, f"band {part}", [f"{part}.hem"], [f"-band_{part}.upper"]))
    return seams


def _pocket_seams(pocket: Panel) -> list[Seam]:
    names = [edge.name for edge in pocket.edges if not edge.name.startswith("mouth")]
    return [sew(f"pocket {name}", [f"pocket.{name}"], [f"front.pocket_{name}"]) for name in names]


def _lines(block: Bodice) -> dict[str, tuple[EdgeRef, ...]]:
    lines = {name: run for name, run in body_lines(block).items() if name != "hem"}
    return lines | {"hem": refs("band_front.lower", "band_back.lower")} | cuff_lines()
