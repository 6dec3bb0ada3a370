"""What every design drafts with: measured needs, options in their ranges, smooth runs, equal lengths by bracketing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from assets.errors import InputRefused, UsageError
from garments.edges import Edge, curve


@dataclass(frozen=True, slots=True)
class Option:
    """A choice that the draft offers. `unit` is "m", or what the value is a share of: a body measure by its name, or a
    length of the pattern itself in words."""

    default: float
    low: float
    high: float
    unit: str
    help: str


def needed(
    measurements: Mapping[str, float], names: tuple[str, ...], title: str, helpful: tuple[str, ...] = ()
) -> dict[str, float]:
    """The body measurements [m] that a draft uses: those it cannot do without, and helpful ones where they are known.
    Raises InputRefused, naming those that are missing or absurd."""
    missing = [name for name in names if not float(measurements.get(name, 0.0)) > 0.0]
    if missing:
        raise InputRefused(f"a {title} cannot be drafted without {', '.join(missing)}")
    known = [name for name in helpful if float(measurements.get(name, 0.0)) > 0.0]
    return {name: float(measurements[name]) for name in (*names, *known)}


def chosen(options: Mapping[str, Option], given: Mapping[str, float], title: str) -> dict[str, float]:
    """All options, the given ones over the defaults. Raises UsageError for an unknown name or a value out of range."""
    for name, value in given.items():
        if name not in options:
            near = get_close_matches(name, options) or sorted(options)
            raise UsageError(f"a {title} has no option {name}: it has {', '.join(near)}")
        option = options[name]
        if not option.low <= value <= option.high:
            raise UsageError(f"{name} of a {title} must lie between {option.low:g} and {option.high:g}: got {value:g}")
    return {name: float(given.get(name, option.default)) for name, option in options.items()}


def smooth_run(names: list[str], points: np.ndarray) -> list[Edge]:
    """Cubic edges upward through points [m] [k, 2], one a name, without overshoot in x (Fritsch and Carlson 1980)."""
    x, y = points.T
    secant = np.diff(x) / np.diff(y)
    slope = np.concatenate([secant[:1], np.zeros(len(x) - 2), secant[-1:]])
    for k in range(1, len(x) - 1):
        if secant[k - 1] * secant[k] > 0.0:
            slope[k] = 2.0 / (1.0 / secant[k - 1] + 1.0 / secant[k])
    edges = []
    for k, name in enumerate(names):
        third = (y[k + 1] - y[k]) / 3.0
        first = points[k] + (slope[k] * third, third)
        second = points[k + 1] - (slope[k + 1] * third, third)
        edges.append(curve(name, points[k], first, second, points[k + 1]))
    return edges


def solve_increasing(function: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where an increasing function meets the target, within 1e-7; the nearer end when it does not. Regula falsi, the
    Illinois way (Dowell and Jarratt 1971)."""
    below, above = function(low) - target, function(high) - target
    if below >= 0.0 or above <= 0.0:
        return low if below >= 0.0 else high
    kept = 0
    while high - low > 1e-7:
        middle = float(np.clip((low * above - high * below) / (above - below), low, high))
        value = function(middle) - target
        if abs(value) < 1e-9:
            return middle
        if value < 0.0:
            low, below, above = middle, value, above * (0.5 if kept < 0 else 1.0)
        else:
            high, above, below = middle, value, below * (0.5 if kept > 0 else 1.0)
        kept = -1 if value < 0.0 else 1
    return 0.5 * (low + high)


def upright(bottom: float, top: float) -> np.ndarray:
    """A grain arrow [m] along the panel's centre line."""
    return np.array([[0.0, bottom], [0.0, top]])
