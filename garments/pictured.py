"""A picture of what an option does: the design's panels at its lowest and highest value, drawn over each other.

Small SVG text, drafted when it is asked for, so that the picture is never behind the design.
"""

from collections.abc import Mapping

import numpy as np

from assets.errors import UsageError
from garments.designs import Design
from garments.pattern import Panel, Pattern

_GAP = 0.04
_COLOURS = {"low": "#4a90c2", "high": "#d8694f"}


def option_picture(plan: Design, option: str, measurements: Mapping[str, float], height: int = 160) -> str:
    """SVG of the panels that the option changes, `height` pixels high: blue at its lowest value, red at its highest.
    Raises UsageError for an option that the design has not, InputRefused where it cannot be drafted."""
    if option not in plan.OPTIONS:
        raise UsageError(f"a {plan.TITLE} has no option {option}")
    ends = {"low": plan.OPTIONS[option].low, "high": plan.OPTIONS[option].high}
    drafts = {end: plan.draft(measurements, {option: value}) for end, value in ends.items()}
    return _drawn(_changed(drafts), height)


def _changed(drafts: dict[str, Pattern]) -> list[dict[str, Panel]]:
    """Panels by end, those alone that differ, one of each mirrored pair; all where none differs."""
    both = [_at_ends(panel.name, drafts) for panel in drafts["high"].panels]
    lone = [pair for pair in both if not next(iter(pair.values())).name.endswith("right")]
    return [pair for pair in lone if _differs(pair)] or lone


def _at_ends(name: str, drafts: dict[str, Pattern]) -> dict[str, Panel]:
    return {end: panel for end, draft in drafts.items() for panel in draft.panels if panel.name == name}


def _differs(pair: dict[str, Panel]) -> bool:
    if len(pair) < 2:
        return True
    low, high = (pair[end].outline() for end in ("low", "high"))
    return low.shape != high.shape or bool(np.abs(low - high).max() > 1e-4)


def _drawn(pairs: list[dict[str, Panel]], height: int) -> str:
    shapes, left, low, high = [], 0.0, np.inf, -np.inf
    for pair in pairs:
        outlines = {end: panel.outline(12) for end, panel in pair.items()}
        every = np.concatenate(list(outlines.values()))
        shift = left - every[:, 0].min()
        shapes += [(_COLOURS[end], outline + np.array([shift, 0.0])) for end, outline in outlines.items()]
        left += np.ptp(every[:, 0]) + _GAP
        low, high = min(low, every[:, 1].min()), max(high, every[:, 1].max())
    scale = height / (high - low + _GAP)
    lines = [
        f'<polygon points="{_points(outline, 0.5 * _GAP, high + 0.5 * _GAP, scale)}" fill="none" stroke="{colour}"/>'
        for colour, outline in shapes
    ]
    width = scale * left
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" stroke-width="1">'
    return "\n".join([head, *lines, "</svg>\n"])


def _points(outline: np.ndarray, across: float, top: float, scale: float) -> str:
    return " ".join(f"{scale * (x + across):.1f},{scale * (top - y):.1f}" for x, y in outline)
