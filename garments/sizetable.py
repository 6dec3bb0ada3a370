"""A garment's table of sizes, as a shop prints it: the body that each size is cut for, and what the garment measures.

Girths of the garment are those of its named lines on the pattern's sewing lines, so that they hold for the options that
were chosen; the ease of a size is the one less the other.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from body.measurements import MEASURES
from garments.designs import design
from garments.garment import Cut
from garments.grading import chart, size_measurements

_BODY = ("bust_girth", "waist_girth", "hip_girth")
_MOST = 12
"""More sizes than that do not fit beside each other on a page; the nearest to the worn one are shown."""


class Row(NamedTuple):
    """One measure [m] in every size of the table; `person` the wearer's own, where it is one of a body."""

    title: str
    values: tuple[float, ...]
    of_body: bool
    person: float | None = None


class SizeTable(NamedTuple):
    """Sizes from small to large, which of them is worn, and where their numbers are from."""

    garment: str
    sizes: tuple[str, ...]
    worn: str
    rows: tuple[Row, ...]
    source: str


def size_table(cut: Cut, person: Mapping[str, float]) -> SizeTable | None:
    """The table of a garment as it is cut, beside a person's measures [m]; None for one that has no sizes: made to
    measure, or from elsewhere."""
    if cut.wearer is not None:
        return None
    known = chart(cut.chart)
    if cut.size not in known.sizes:
        return None
    plan, sizes = design(cut.design), _about(tuple(known.sizes), cut.size)
    drafts = [plan.draft(size_measurements(size, cut.chart), cut.drawn) for size in sizes]
    rows = []
    for name in _BODY:
        values = tuple(known.sizes[size].measures.get(name, np.nan) for size in sizes)
        if not np.isnan(values).any():
            rows.append(Row(MEASURES[name].title, values, True, person.get(name)))
    for name in drafts[0].lines:
        if all(name in draft.lines for draft in drafts):
            rows.append(Row(name.replace("_", " "), tuple(draft.girth(name) for draft in drafts), False))
    return SizeTable(plan.TITLE, sizes, cut.size, tuple(rows), f"{known.title}: {known.source}")


def _about(sizes: tuple[str, ...], worn: str) -> tuple[str, ...]:
    """The sizes round the worn one, as many as a page holds."""
    start = min(max(sizes.index(worn) - _MOST // 2, 0), max(len(sizes) - _MOST, 0))
    return sizes[start : start + _MOST]
