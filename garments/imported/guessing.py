"""What a panel goes round, guessed from where it stands: the trunk's front or back, an arm, a leg, the head.

A person faces +z and stands 1.6 to 1.9 m tall; arms hang or are held aside, so that what stands far to a side and above
the hips is a sleeve. The name breaks a tie, for programs call sleeves and trouser legs by their names.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from garments.pattern import Panel, Pattern

_ASIDE, _HIP, _NECK = 0.30, 0.85, 1.52
_MIDDLE = 0.02
_SLEEVE, _LEG, _COLLAR = r"sleeve|arm|cuff", r"pant|trouser|leg\b|leg_", r"collar|neck"


def arranged(pattern: Pattern, placements: Mapping[str, np.ndarray]) -> Pattern:
    """The pattern with what each panel wraps, by where it stands [4, 4], and the grain of those on arms along them."""
    panels = []
    for panel in pattern.panels:
        wraps = _wraps(panel, placements[panel.name])
        panels.append(replace(panel, wraps=wraps, grain=_grain(panel, placements[panel.name], wraps)))
    return replace(pattern, panels=tuple(panels))


def _grain(panel: Panel, placed: np.ndarray, wraps: str) -> np.ndarray | None:
    """The panel's own, or along the arm where that hangs along its other side: sleeves may be drawn lying."""
    side, _, rest = wraps.partition(" ")
    along = np.abs(np.array([1.0 if side == "left" else -1.0, -1.0]) @ placed[:2, :2])
    if not rest.startswith("arm") or along[0] <= along[1]:
        return panel.grain
    low, high = panel.outline().min(axis=0), panel.outline().max(axis=0)
    level = 0.5 * (low[1] + high[1])
    return np.array([[low[0] + share * (high[0] - low[0]), level] for share in (0.2, 0.8)])


def _wraps(panel: Panel, placed: np.ndarray) -> str:
    points = panel.outline() @ placed[:3, :2].T + placed[:3, 3]
    low, high = points.min(axis=0), points.max(axis=0)
    x, y, z = 0.5 * (low + high)
    side = "left" if x > 0.0 else "right"
    part = "front" if z > 0.0 else "back"
    named = panel.name.lower()
    if re.search(_SLEEVE, named) or (abs(x) > _ASIDE and y > _HIP):
        return f"{side} arm {part}"
    if re.search(_LEG, named):
        return f"{side} leg {part}"
    if re.search(_COLLAR, named) or low[1] > _NECK:
        return "neck"
    beside = low[0] > -_MIDDLE or high[0] < _MIDDLE
    return f"trunk {part} {side}" if beside else f"trunk {part}"
