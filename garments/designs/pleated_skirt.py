"""A skirt of knife pleats, pressed from a hip yoke to the hem.

Aldrich, "Metric Pattern Cutting for Women's Wear" (straight skirt block, yokes, pleated skirts): the yoke is the darted
block down to below the hip line, so that the pleats hang straight and lie flat; each panel below is as wide as the yoke
and every pleat adds its intake. The pleats are tucks at the yoke's seam (blocks/shaping.py), creased along their
folds; they face the side seams.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from garments.blocks.bodice import SIDES, by_name
from garments.blocks.drafting import Option, chosen, needed, upright
from garments.blocks.shaping import PRESSED, Pleat, closures, joined, pleated
from garments.blocks.skirts import (
    DART_OPTIONS,
    SKIRT_HELPFUL,
    SKIRT_NEEDS,
    darted_panel,
    side_seams,
    sizes,
    skirt_options,
    waist_elastic,
    waist_run,
    waist_seams,
    waistband,
)
from garments.edges import line
from garments.pattern import Crease, Panel, Pattern, refs, sew

NAME = "pleated_skirt"
TITLE = "pleated skirt"
FABRIC = "wool_suiting"
WOMENS = True
SUITED = ("woven",)
NEEDS = SKIRT_NEEDS
OPTIONS = {
    **skirt_options(length=(0.56, 0.40, 0.93), ease_hip=(0.06, 0.03, 0.20)),
    **DART_OPTIONS,
    "pleat": Option(0.09, 0.06, 0.14, "m", "distance from pleat to pleat in size M, about; others have as many pleats"),
    "intake": Option(0.08, 0.05, 0.12, "m", "cloth that each pleat takes in, where there is room for it"),
}


_YOKE_BELOW = 0.02
_SHORTEST = 0.12
_DEEPEST = 0.9
_HALF_PANEL = 0.27
"""How wide [m] half a panel is in size M: by it the pleats of all sizes are counted."""


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A pleated skirt's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE, SKIRT_HELPFUL)
    option = chosen(OPTIONS, options, TITLE)
    made = sizes(body, body.get("high_hip_girth", 0.0), option)
    yoke = replace(made, length=made.hip_depth + _YOKE_BELOW)
    drop = max(made.length - yoke.length, _SHORTEST)
    front, back = (darted_panel(part, yoke, 0.0) for part in ("front", "back"))
    skirts = {part.name: _pleats(part, drop, option["pleat"], option["intake"]) for part in (front, back)}
    band = waistband((front, back), option["waistband"])
    seams = [*waist_seams((front, back)), *side_seams(front, {"left": back, "right": back})]
    lines = {"top": refs("-waistband.upper"), "waist": waist_run((front, back)), "hip": refs("front.hip", "back.hip")}
    hem: list[str] = []
    for name, skirt in skirts.items():
        seams += closures(skirt)
        top = [f"-{skirt.name}.{edge.name}" for edge in reversed(skirt.edges) if edge.name.startswith("yoke_")]
        seams.append(sew(f"yoke {name}", [f"{name}.hem"], top))
        hem += [f"{skirt.name}.{edge.name}" for edge in skirt.edges if edge.name.startswith("hem_")]
    for side in SIDES:
        seams.append(sew(f"side {side} low", [f"front_pleats.side_{side}"], [f"-back_pleats.side_{side}"]))
    panels = (*(replace(each, allowances={**each.allowances, "hem": 0.015}) for each in (front, back)), band)
    return Pattern(
        NAME, (*panels, *skirts.values()), tuple(seams), lines | {"hem": refs(*hem)}, body, (waist_elastic(body, made),)
    )


def _pleats(yoke: Panel, drop: float, distance: float, intake: float) -> Panel:
    """What hangs from a yoke: the same number of pleats in each half and in each size, further apart in larger ones."""
    part = yoke.name
    width = 0.5 * yoke.edge("hem").length
    count = round(_HALF_PANEL / distance)
    intake = min(intake, _DEEPEST * width / count)  # Those of both sides shall not meet at the centre.
    half, pitch = width + count * intake, width / count + intake
    pleats = [Pleat(f"pleat_{k}_{{}}", (k + 0.5) / count, intake, drop) for k in range(count)]
    plus, minus = SIDES if part == "front" else SIDES[::-1]
    folds = [  # The fold inside, and the one that shows, on both halves.
        (f"{name}_{k}_{which}", sign * (half - (k + 0.5) * pitch - inward), angle)
        for name, inward, angle in (("under", 0.0, PRESSED), ("over", 0.5 * intake, -PRESSED))
        for k in range(count)
        for which, sign in ((plus, 1.0), (minus, -1.0))
    ]
    run = joined(line("side_{}", (half, -drop), (half, 0.0)), pleated(line("yoke_{}", (half, 0.0), (0.0, 0.0)), pleats))
    ends = sorted({-half, 0.0, half, *(x for _, x, _ in folds)})
    hem = [line(f"hem_{k}", (a, -drop), (b, -drop)) for k, (a, b) in enumerate(pairwise(ends))]
    edges = (*hem, *run.whole(plus, minus).edges)
    shut = tuple(Crease(edge.name, PRESSED) for edge in edges if "_outer" in edge.name)
    centre = line("fold_centre", (0.0, -drop), (0.0, 0.0))
    return Panel(
        f"{part}_pleats", edges, upright(-0.85 * drop, -0.25 * drop), f"trunk {part}", 0.015,
        by_name({"hem": 0.04}, edges), lines=tuple(line(name, (x, 0.0), (x, -drop)) for name, x, _ in folds),
        marks=(centre,), fold=centre.name, creases=(*(Crease(name, angle) for name, _, angle in folds), *shut),
    )  # fmt: skip
