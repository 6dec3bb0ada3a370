"""How values of a map become colours, and the legend that says so: in the window, on pictures, in the report.

Strain and stress run blue - white - red as CLO shows strain, from unstretched to a maximum that a person chooses, or to
each fabric's own limit. Ease runs along viridis, pressure along magma turned over, so that cloth that presses nowhere
is light (both by Smith & van der Walt, CC0): even to the eye and safe for the colour-blind. Changes run along PuOr
(Brewer, Apache-2.0), which is safe for them too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.project import Scaling
from garments.atlas import BY_NAME, Map
from garments.maps import Mapped, load
from render.scene import Ramp

BANDS = 8
COLOURS = {
    "heat": ((0.16, 0.30, 0.75), (0.95, 0.95, 0.94), (0.78, 0.11, 0.12)),
    "even": (
        (0.267, 0.005, 0.329), (0.231, 0.322, 0.546), (0.129, 0.569, 0.551), (0.366, 0.783, 0.378),
        (0.993, 0.906, 0.144),
    ),
    "ink": (
        (0.988, 0.972, 0.800), (0.997, 0.660, 0.447), (0.872, 0.288, 0.409), (0.550, 0.161, 0.506),
        (0.232, 0.060, 0.438),
    ),
    "change": (
        (0.369, 0.235, 0.600), (0.698, 0.671, 0.824), (0.969, 0.969, 0.969), (0.992, 0.722, 0.388),
        (0.902, 0.380, 0.004),
    ),
}  # fmt: skip
NICE = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, slots=True, eq=False)
class Legend:
    """A map's scale. `title` with unit; `ramp` the colours; `ticks` and `limits`: places on it (0..1) with labels from
    low to high, `limits` where fabrics have theirs; `notes`: lines to write below."""

    title: str
    ramp: Ramp
    ticks: tuple[tuple[float, str], ...]
    limits: tuple[tuple[float, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All of it as a sentence, for those who do not see it."""
        return "; ".join([f"{self.title}: {', '.join(label for _, label in self.ticks)}", *self.notes])


def ramp(garment: Mapped, name: str, scaling: Scaling) -> Ramp:
    """The colours that a garment's values take."""
    told, low = BY_NAME[name], 0.0
    most = most_shown(name, scaling, garment.change)
    if garment.change:
        low = -most
    elif by_limit(garment, name, scaling):
        most = garment.limits[name]
    stops = COLOURS["change" if garment.change else told.scale]
    # A change has a band in the middle, for what stays.
    bands = BANDS + 1 if garment.change else BANDS
    directed = told.directed and not garment.change
    return Ramp(low, most, stops, bands if scaling.banded else 0, scaling.pattern, directed)


def most_shown(name: str, scaling: Scaling, change: bool) -> float:
    """The value [SI] at the end of the one scale: what the person chose, or the map's own."""
    told = BY_NAME[name]
    return scaling.most.get(key(name, change), told.change if change else told.most)


def key(name: str, change: bool) -> str:
    """The name under which a chosen maximum is kept: a change has one of its own."""
    return f"change of {name}" if change else name


def by_limit(garment: Mapped, name: str, scaling: Scaling) -> bool:
    return scaling.by_limit and not garment.change and name in garment.limits


def fitting(garments: Sequence[Mapped], name: str) -> float:
    """The roundest maximum [SI] that hardly any of the garments' cloth exceeds."""
    told = BY_NAME[name]
    shown = told.per * max((float(np.percentile(np.abs(each.values[name]), 99)) for each in garments), default=0.0)
    if shown <= 1e-9:
        return told.most
    power = 10.0 ** np.floor(np.log10(shown))
    return float(next(nice for nice in (*NICE, 15.0) if nice * power >= shown * 0.999) * power / told.per)


def legend(garments: Sequence[Mapped], name: str, scaling: Scaling) -> Legend:
    """The scale of a map of garments worn together."""
    told = BY_NAME[name]
    shared = [each for each in garments if by_limit(each, name, scaling)]
    change = any(each.change for each in garments)
    one = ramp(garments[0], name, scaling) if garments else Ramp(0.0, told.most, COLOURS[told.scale])
    if shared:
        ticks = (*((k / 4, f"{25 * k}") for k in range(4)), (1.0, "≥ 100"))
        title = f"{told.title} [% of the fabric's limit]"
        return Legend(title, one, ticks, (), _notes(garments, told))
    title = f"Change: {told.title[:1].lower()}{told.title[1:]}" if change else told.title
    limits = tuple(
        (min(each.limits[name] / one.high, 1.0), f"{each.garment} limit{' ›' * (each.limits[name] > one.high)}")
        for each in garments
        if name in each.limits
    )
    unit = "points" if change and told.unit == "%" else told.scale_unit
    return Legend(f"{title} [{unit}]", one, _ticks(told, one, change), limits, _notes(garments, told))


def _ticks(told: Map, one: Ramp, change: bool) -> tuple[tuple[float, str], ...]:
    values = np.linspace(one.low, one.high, 5) * told.per + (0.0 if change else told.zero)
    step = (values[-1] - values[0]) / 4
    digits = next(d for d in range(4) if abs(round(step, d) - step) < 1e-3 * abs(step) or d == 3)
    labels = [(f"{v:+.{digits}f}" if change and abs(v) > 1e-9 else f"{v:.{digits}f}").replace("-", "−") for v in values]
    labels[-1] = f"≥ {labels[-1]}"
    if change or told.scale == "heat":
        labels[0] = f"≤ {labels[0]}"
    return tuple(zip((0.0, 0.25, 0.5, 0.75, 1.0), labels, strict=True))


def _notes(garments: Sequence[Mapped], told: Map) -> tuple[str, ...]:
    """The largest value of each garment, and where it is: what the colours cannot tell."""
    before = dict.fromkeys(each.since for each in garments if each.change)
    notes = [f"since {', '.join(before)}"] if before else []
    for each in garments:
        values = each.values[told.name]
        top = int(np.abs(values).argmax()) if each.change else int(values.argmax())
        panel = each.panels[each.panel[int((each.faces == top).any(axis=1).argmax())]]
        word = "largest change" if each.change else "largest strain" if told.zero else "largest"
        notes.append(
            f"{each.garment}: {word} {told.text(float(values[top]), each.change)}, {panel}{_limit(each, told)}"
        )
    if any((load(each, told.name) > 1.0).any() for each in garments):
        notes.append("hatched: over the fabric's limit")
    return tuple(notes)


def _limit(garment: Mapped, told: Map) -> str:
    """The fabric's limit, which is one of its threads: of a map that looks along none, beside what these bear."""
    if told.name not in garment.limits:
        return ""
    limit = f"limit {told.text(garment.limits[told.name])}"
    if not told.directed or garment.change:
        return f"; {limit}"
    most = max(float(garment.values[f"{told.name}_{thread}"].max()) for thread in ("warp", "weft"))
    return f"; along the threads {told.text(most)}; {limit}"
