"""The block that upper garments are cut from: a bodice with its neckline, armholes, side seams and bust dart.

Drafted in the manner of Aldrich, "Metric Pattern Cutting" (easy-fitting block: front and back of equal width, a sixth
of the neck for the neck's half width), with the depth of the armhole from bust and stature fitted to her size tables
(bust 88 and height 164 cm: 21 cm; chest 100 and 178 cm: about 24 cm). Flat frame: x = 0 is the centre, y = 0 the nape.
Half outlines run up the side of +x; a "{}" in their names holds a place for the side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, sin, tan

import numpy as np

from garments.blocks.drafting import Option, smooth_run, upright
from garments.blocks.shaping import Dart, Shaped, closures, darted, eased, joined
from garments.edges import Edge, curve, line
from garments.pattern import EdgeRef, Notch, Panel, Seam, refs, sew

BODICE_NEEDS = (
    "stature", "bust_height", "cervicale_height", "neck_base_girth", "bust_girth", "waist_girth", "hip_girth",
    "across_back_shoulder_width", "back_width", "front_width", "back_neck_to_waist", "waist_to_hip",
)  # fmt: skip
SIDES = ("left", "right")
Sided = Panel | Mapping[str, Panel]
"""A front or back in one piece, or the panel of each side."""
_NECK_RISE = 0.022
_LEVEL_GAP = 0.02
_SLIT_HIGHEST = 0.9
_DART_BELOW, _DART_SHORT, _DART_CLEAR = 0.025, 0.03, 0.014


def bodice_options(**defaults: tuple[float, float, float]) -> dict[str, Option]:
    """The bodice's options; a design gives those (default, low, high) in which it differs from a T-shirt."""
    options = {
        "ease_bust": Option(0.09, -0.04, 0.40, "m", "how much larger than the bust the garment is"),
        "ease_waist": Option(0.12, -0.02, 0.50, "m", "least ease at the waist"),
        "ease_hip": Option(0.05, -0.04, 0.40, "m", "least ease at the hip"),
        "shaping": Option(0.012, 0.0, 0.05, "m", "how far each side seam may come in at the waist"),
        "armhole_depth": Option(0.0, -0.02, 0.06, "m", "how much deeper than usual the armhole is"),
        "neckline_depth": Option(0.04, 0.005, 0.16, "m", "depth of the front neckline below the neck"),
        "neckline_back": Option(0.006, 0.0, 0.20, "m", "depth of the back neckline below the nape"),
        "neckline_width": Option(0.025, 0.008, 0.07, "m", "how far the neckline stands off the neck on each side"),
        "shoulder_slope": Option(0.35, 0.15, 0.55, "rad", "slope of the shoulder seam"),
        "shoulder_extension": Option(0.006, -0.03, 0.08, "m", "how far the shoulder seam passes the shoulder bone"),
    }
    for name, (default, low, high) in defaults.items():
        options[name] = Option(default, low, high, options[name].unit, options[name].help)
    return options


@dataclass(frozen=True, slots=True)
class Bodice:
    """The points [m] of the wearer's half that front and back are drawn from; y from the nape. `sides` by part: the
    side seam's points by level, hem first; `dart` what the bust dart takes in [m] (the front's side is longer by it),
    `bust_point` the x [m] at which it aims; `slit` [m] how high the sides stay open above the hem."""

    slope: float
    neck: np.ndarray
    shoulder: np.ndarray
    neckline: dict[str, float]
    across: dict[str, float]
    sides: dict[str, dict[str, np.ndarray]]
    dart: float = 0.0
    bust_point: float = 0.0
    slit: float = 0.0

    @property
    def levels(self) -> tuple[str, ...]:
        """Names of the lines round the body, from the top down."""
        return tuple(name for name in reversed(self.sides["back"]) if name != "underarm")


def bodice(
    body: Mapping[str, float], option: Mapping[str, float], below_hip: float, *, deeper: float = 0.0,
    flare: float = 0.0, dart: float = 0.0, gape: float = 0.0, slit: float = 0.0,
) -> Bodice:  # fmt: skip
    """A bodice that ends `below_hip` [m], `flare` [m] wider there than at the hip, with armholes that are `deeper` [m].
    `option` has all of `bodice_options`. The bust dart takes in `dart`, and `gape` [m] of the front's armhole besides,
    whose lower end is turned up by it about the bust."""
    slope = option["shoulder_slope"]
    neck_base = body["neck_base_girth"] / 6.0 + 0.004
    neck_x = neck_base + option["neckline_width"]
    shoulder_x = max(0.5 * body["across_back_shoulder_width"] + option["shoulder_extension"], neck_x + 0.04)
    neck, shoulder = (np.array([x, _NECK_RISE - (x - neck_base) * tan(slope)]) for x in (neck_x, shoulder_x))
    depth = 0.10 * body["bust_girth"] + 0.12 * body["stature"] - 0.07 + option["armhole_depth"] + deeper
    side = _side_points(body, option, depth, below_hip, flare)
    widest = side["underarm"][0] - 0.025
    back = float(np.clip(0.5 * body["back_width"] + 0.012, 0.7 * shoulder_x, min(shoulder_x - 0.006, widest)))
    front = float(np.clip(0.5 * body["front_width"] + 0.010, 0.66 * shoulder_x, back - 0.007))
    neckline = {
        "front": neck[1] - body["neck_base_girth"] / 6.0 - option["neckline_depth"],
        "back": -option["neckline_back"],
    }
    most = 0.5 * float(side["bust"][1] - side["waist"][1]) if "waist" in side else 0.0
    dart, gape = min(dart, most), min(gape, most)
    above = {"bust": gape, "underarm": gape}
    front_side = {name: point + np.array([0.0, above.get(name, -dart)]) for name, point in side.items()}
    sides = {"front": front_side, "back": side}
    aim = 0.1 * body["bust_girth"]
    return Bodice(slope, neck, shoulder, neckline, {"front": front, "back": back}, sides, dart + gape, aim, slit)


def bust_dart(body: Mapping[str, float]) -> float:
    """What a bust dart takes in [m], from bust over underbust: 2.5 cm for a woman of size M, none for most men."""
    intake = 0.22 * (body["bust_girth"] - body["underbust_girth"]) - 0.008
    return float(np.clip(intake, 0.0, 0.05)) if intake > 0.008 else 0.0


def armhole_gape(body: Mapping[str, float]) -> float:
    """How far [m] the front's armhole would stand off where no sleeve holds it: the more, the fuller the bust is beside
    the chest between the arms; 3 cm for a woman of size XXL, nothing worth a dart in size M."""
    stands_off = 0.16 * (body["bust_girth"] - body["front_width"] - body["back_width"] - 0.20)
    return min(stands_off, 0.04) if stands_off > 0.008 else 0.0


def _side_points(
    body: Mapping[str, float], option: Mapping[str, float], scye: float, below_hip: float, flare: float
) -> dict[str, np.ndarray]:
    """Points of the side seam by level, hem first; levels too close to their neighbours are left out."""
    bust = 0.25 * (body["bust_girth"] + option["ease_bust"])
    waist = max(0.25 * (body["waist_girth"] + option["ease_waist"]), bust - option["shaping"])
    hip = max(0.25 * (body["hip_girth"] + option["ease_hip"]), bust - 0.5 * option["shaping"])
    bust_level = max(scye + 0.025, body["cervicale_height"] - body["bust_height"])
    waist_level = max(body["back_neck_to_waist"], bust_level + 0.05)
    hip_level = waist_level + body["waist_to_hip"]
    hem_level = max(hip_level + below_hip, bust_level + 0.05)
    levels = np.array([scye, bust_level, waist_level, hip_level, max(hem_level, hip_level + 0.01)])
    widths = np.array([bust, bust, waist, hip, hip + 0.25 * flare])
    points = {"hem": np.array([np.interp(hem_level, levels, widths), -hem_level])}
    for name, x, level in (("hip", hip, hip_level), ("waist", waist, waist_level), ("bust", bust, bust_level)):
        if hem_level - level > _LEVEL_GAP:
            points[name] = np.array([x, -level])
    points["underarm"] = np.array([bust, -scye])
    return points


def side(part: str, block: Bodice) -> Shaped:
    """The side seam from the hem up to the underarm, with the bust dart of a front that has one."""
    points = block.sides[part]
    levels = list(points)
    run = smooth_run([f"side_{name}_{{}}" for name in levels[1:]], np.array(list(points.values())))
    open_ = min(block.slit / run[0].length, _SLIT_HIGHEST)
    slit = [run[0].part(0.0, open_, "slit_{}"), run[0].part(open_, 1.0, run[0].name)] if open_ > 0.0 else run[:1]
    run = [*slit, *run[1:]]
    if part == "back" or block.dart == 0.0:
        return Shaped(tuple(run))
    edge = next(edge for edge in run if edge.name == "side_bust_{}")
    number = run.index(edge)
    below = min(_DART_BELOW, 0.25 * (edge.length - block.dart)) + 0.5 * block.dart
    low, high = edge.at(1.0 - (below + np.array([0.5, -0.5]) * block.dart) / edge.length)
    rise = float(high[0] - low[0]) / block.dart
    depth = points["bust"][0] - block.bust_point - _DART_SHORT
    if rise > 0.0:  # Square to a side that widens upward the dart rises; it is to stay below the bust line.
        depth = min(depth, (below - _DART_CLEAR) / rise)
    dart = Dart("dart_bust_{}", 1.0 - below / edge.length, block.dart, depth)
    shaped = darted(edge, [dart])
    return shaped._replace(edges=(*run[:number], *shaped.edges, *run[number + 1 :]))


def armhole(part: str, block: Bodice) -> list[Edge]:
    """From the underarm to the shoulder's tip: level below, upright across, square to the shoulder seam."""
    under, tip = block.sides[part]["underarm"], block.shoulder
    across = np.array([block.across[part], under[1] + 0.47 * (tip[1] - under[1])])
    inward, rise = under[0] - across[0], across[1] - under[1]
    low = curve("armhole_low_{}", under, under - (0.58 * inward, 0.0), across - (0.0, 0.62 * rise), across)
    reach = 0.38 * (tip[1] - across[1])
    upward, square = np.array([0.0, reach]), reach * np.array([sin(block.slope), cos(block.slope)])
    return [low, curve("armhole_high_{}", across, across + upward, tip - square, tip)]


def neckline(part: str, block: Bodice) -> Edge:
    """From the shoulder's neck point down to the centre, square to both."""
    centre = np.array([0.0, block.neckline[part]])
    across_neck = -np.array([sin(block.slope), cos(block.slope)])
    drop = block.neck[1] - centre[1]
    steep, flat = (0.42, 0.62) if part == "front" else (0.45, 0.60)
    level = np.array([flat * block.neck[0], centre[1]])
    return curve("neck_{}", block.neck, block.neck + steep * drop * across_neck, level, centre)


def shoulder(block: Bodice) -> Edge:
    return line("shoulder_{}", block.shoulder, block.neck)


def body_panel(part: str, block: Bodice, allowance: float, widths: Mapping[str, float]) -> Panel:
    """Front or back in one piece; allowances [m], `widths` by how an edge's name begins. Seen from outside, +x is the
    wearer's left on the front and right on the back."""
    half = joined(side(part, block), *armhole(part, block), shoulder(block), neckline(part, block))
    plus, minus = SIDES if part == "front" else SIDES[::-1]
    whole = half.whole(plus, minus)
    points = block.sides[part]
    bottom = points["hem"]
    mark = "single" if part == "front" else "double"
    uppers = ((plus, 1.0), (minus, 0.0))  # The mirrored half runs downward.
    notches = [Notch(f"armhole_low_{side}", upper, mark) for side, upper in uppers]
    notches += [Notch(f"side_waist_{side}", upper) for side, upper in uppers if "waist" in block.levels]
    edges = (line("hem", bottom * (-1.0, 1.0), bottom), *whole.edges)
    centre = line("fold_centre", (0.0, bottom[1]), (0.0, block.neckline[part]))
    return Panel(
        part,
        edges,
        upright(float(bottom[1]) + 0.1, block.neckline[part] - 0.1),
        f"trunk {part}",
        allowance,
        by_name(widths, edges),
        (*notches, *whole.notches),
        tuple(line(name, points[name] * (-1.0, 1.0), points[name]) for name in block.levels if name != "hem"),
        (centre, *whole.marks),
        whole.drills,
        fold=centre.name,
    )


def body_seams(fronts: Sided, backs: Sided) -> list[Seam]:
    """Side and shoulder seams, and the darts closed."""
    seams = [seam for panel in {id(each): each for each in _each(fronts, backs)}.values() for seam in closures(panel)]
    for which in SIDES:
        front, back = of_side(fronts, which), of_side(backs, which)
        first, second = (
            [edge.name for edge in panel.edges if edge.name.startswith("side_") and edge.name.endswith(which)]
            for panel in (front, back)
        )
        first, second = [f"{front.name}.{name}" for name in first], [f"-{back.name}.{name}" for name in second[::-1]]
        seams.append(eased((front, back), f"side {which}", first, second))
        seams.append(sew(f"shoulder {which}", [f"{front.name}.shoulder_{which}"], [f"-{back.name}.shoulder_{which}"]))
    return seams


def of_side(panels: Sided, which: str) -> Panel:
    """The panel that has a side."""
    return panels if isinstance(panels, Panel) else panels[which]


def _each(*panels: Sided) -> list[Panel]:
    return [of_side(each, which) for each in panels for which in SIDES]


def body_lines(block: Bodice) -> dict[str, tuple[EdgeRef, ...]]:
    """The lines round the body, from the top down."""
    return {name: refs(f"front.{name}", f"back.{name}") for name in block.levels}


def opening_lines() -> dict[str, tuple[EdgeRef, ...]]:
    """Neckline and armholes of a garment that has neither band nor sleeve, each in four parts that go on from left to
    right round the neck, and up the front and down the back round the arms."""
    lines = {}
    for part, which in (("front", "left"), ("front", "right"), ("back", "right"), ("back", "left")):
        lines[f"neckline {part} {which}"] = refs(f"{part}.neck_{which}")
    for part, which in (("front", "left"), ("back", "left"), ("back", "right"), ("front", "right")):
        heights = ("low", "high") if (part, which) in (("front", "left"), ("back", "right")) else ("high", "low")
        lines[f"armhole {part} {which}"] = refs(*(f"{part}.armhole_{height}_{which}" for height in heights))
    return lines


def by_name(widths: Mapping[str, float], edges: Iterable[Edge]) -> dict[str, float]:
    """Allowances [m] of edges from those of the first words of their names."""
    return {edge.name: width for edge in edges for word, width in widths.items() if edge.name.startswith(word)}
