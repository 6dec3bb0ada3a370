"""What a garment is made of, in words: pattern, fabric, how much of it, and where the fabric's numbers are from."""

from typing import TYPE_CHECKING

from garments.grading import chart

if TYPE_CHECKING:
    from garments.drape import Drape


def made_of(drape: "Drape") -> tuple[tuple[str, str], ...]:
    """Titles and words; the last is the source of the fabric's numbers, as it was written."""
    garment, fabric = drape.garment, drape.garment.fabric
    return (
        ("Sewing pattern", _cut(drape)),
        ("Fabric", fabric.title),
        ("Weight and thickness", f"{1000 * fabric.density:.0f} g/m², {1000 * fabric.thickness:.2f} mm thick"),
        ("Cloth", f"{garment.pattern.area:.2f} m² inside the seams, {1000 * garment.mass:.0f} g"),
        ("Fabric's numbers", fabric.source),
    )


def _cut(drape: "Drape") -> str:
    from garments.imported.readymade import ReadyMade

    garment = drape.garment
    if isinstance(garment.pattern, ReadyMade):
        return f"{garment.title}, from a mesh, {garment.size}. {' '.join(garment.pattern.notes)}"
    panels = [panel.name.replace("_", " ") for panel in garment.pattern.panels]
    size = garment.size if garment.cut.wearer else f"size {garment.size}; {chart(garment.cut.chart).title}"
    return f"{garment.title}, {size}; {len(panels)} panels: {', '.join(panels)}"
