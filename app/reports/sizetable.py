"""The sizes of a garment beside each other: the body that each is cut for, and how wide it is itself, by region."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from garments.comfort import sizes_of
from garments.grading import chart
from garments.imported.readymade import ReadyMade
from garments.taping import body_girth

if TYPE_CHECKING:
    from body.measurements import Measurements
    from garments.drape import Drape

AS_CUT = "garment: its girth laid flat, before anybody wears it"
AS_WORN = (
    "garment: its girth laid flat, at the height where it lies when worn; "
    "strain: how far the threads there are stretched, 95th percentile"
)
"""What the girths are that reasons for a size, and the table of ease, speak of."""


@dataclass(frozen=True, slots=True)
class Row:
    """A region: the person's own girth and its standard deviation [m]; by size the girth [m] that it is cut for and the
    garment's own, in the flat pattern."""

    region: str
    body: float
    sd: float
    cut_for: tuple[float, ...]
    garment: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SizeTable:
    """A garment in all sizes of its chart; `worn`: the size that was draped, "" for one drafted for the person."""

    garment: str
    chart: str
    sizes: tuple[str, ...]
    worn: str
    rows: tuple[Row, ...]

    def plain(self) -> dict:
        """As JSON: lengths in metres."""
        rows = [
            {
                "region": row.region,
                "body": round(row.body, 4),
                "sd": round(row.sd, 4),
                "cut_for": [round(girth, 4) for girth in row.cut_for],
                "garment": [round(girth, 4) for girth in row.garment],
            }
            for row in self.rows
        ]
        return {"chart": self.chart, "sizes": list(self.sizes), "worn": self.worn, "rows": rows}


def size_table(drape: "Drape", measurements: "Measurements") -> SizeTable | None:
    """The table of a draped garment; None for one that came as a mesh, and for one that lies round no part."""
    made = drape.garment
    if isinstance(made.pattern, ReadyMade):
        return None
    cut = made.cut
    sizes = sizes_of(cut.design, cut.chart, tuple(sorted(cut.drawn.items())))
    known = {item.name: item.value for item in measurements.values()}
    doubts = {item.name: item.sd for item in measurements.values()}
    rows = tuple(
        Row(
            region.name,
            body_girth(region, known, sizes.made),
            doubts[region.girth],
            tuple(map(float, sizes.cut_for[sizes.real, k])),
            tuple(map(float, sizes.girths[sizes.real, k])),
        )
        for k, region in enumerate(sizes.judged)
    )
    worn = made.size if made.size in sizes.names else ""
    return SizeTable(made.title, chart(cut.chart).title, sizes.names, worn, rows) if rows else None
