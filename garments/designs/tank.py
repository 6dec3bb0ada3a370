"""A tank top: the bodice without sleeves, wide and deep at the neck, its edges bound with rib.

Cut from the knit block of Aldrich, "Metric Pattern Cutting" (see blocks/bodice.py); the binding is cut 6 % shorter
than the edge that it goes round, as FreeSewing's Aaron (MIT) does, so that the edges lie close. It is drawn as a band
along the edges: no piece of it hangs free.
"""

from collections.abc import Mapping

from garments.blocks.bodice import (
    BODICE_NEEDS,
    SIDES,
    armhole_gape,
    bodice,
    bodice_options,
    body_lines,
    body_panel,
    body_seams,
    bust_dart,
    opening_lines,
)
from garments.blocks.drafting import Option, chosen, needed
from garments.blocks.shaping import LEAST_DART
from garments.fastening import Band
from garments.pattern import EdgeRef, Pattern

NAME = "tank"
TITLE = "tank top"
FABRIC = "single_jersey"
SUITED = ("knit",)
NEEDS = (*BODICE_NEEDS, "underbust_girth")
OPTIONS = {
    **bodice_options(
        ease_bust=(0.03, -0.10, 0.30),
        ease_waist=(0.06, -0.08, 0.40),
        ease_hip=(0.03, -0.06, 0.30),
        shaping=(0.018, 0.0, 0.05),
        armhole_depth=(0.01, -0.02, 0.08),
        neckline_depth=(0.10, 0.02, 0.18),
        neckline_back=(0.05, 0.0, 0.16),
        neckline_width=(0.035, 0.01, 0.07),
        shoulder_extension=(-0.045, -0.07, 0.03),
    ),
    "length": Option(0.02, -0.25, 0.40, "m", "length below the hip line"),
    "binding": Option(0.06, 0.0, 0.15, "edge", "how much shorter than its edge the binding is"),
}
_RIB = 25.0
"""Tension over strain [N] of a rib binding, 1 cm finished, two layers of 276 g/m2 rib: about 1.2 kN/m over 2 cm."""


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A tank top's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE)
    option = chosen(OPTIONS, options, TITLE)
    # Knit follows a chest without a bust by itself. Who has one gets a dart in every size, so that sizes grade.
    gape = max(armhole_gape(body), LEAST_DART) if bust_dart(body) else 0.0
    block = bodice(body, option, option["length"], gape=gape)
    front, back = (
        body_panel(part, block, 0.01, {"hem": 0.025, "neck": 0.0, "armhole": 0.0}) for part in ("front", "back")
    )
    lines = opening_lines()
    plain = Pattern(NAME, (front, back), tuple(body_seams(front, back)), body_lines(block) | lines, body)
    edges = {
        "neck binding": _run(lines, "neckline", ("front left", "front right", "back right", "back left")),
        **{f"armhole binding {side}": _armhole(lines, side) for side in SIDES},
    }
    bands = [Band(name, run, (1.0 - option["binding"]) * plain.length(run), _RIB) for name, run in edges.items()]
    return Pattern(NAME, plain.panels, plain.seams, plain.lines, body, tuple(bands))


def _armhole(lines: Mapping[str, tuple[EdgeRef, ...]], side: str) -> tuple[EdgeRef, ...]:
    parts = ("front", "back") if side == "left" else ("back", "front")
    return _run(lines, "armhole", tuple(f"{part} {side}" for part in parts))


def _run(lines: Mapping[str, tuple[EdgeRef, ...]], name: str, parts: tuple[str, ...]) -> tuple[EdgeRef, ...]:
    return tuple(ref for part in parts for ref in lines[f"{name} {part}"])
