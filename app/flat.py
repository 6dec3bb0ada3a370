"""A garment's pattern as the flat view shows it, and a panel of it marked on the person: no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from app.project import AUTO, Wish
from assets.errors import InputRefused
from assets.mesh import distinct
from garments.designs import design
from garments.formats.laying import Laid, laid
from garments.garment import MADE_TO_MEASURE, Cut
from garments.grades import grown
from garments.grading import chart, charts_for, size_measurements
from garments.imported.readymade import ONE_SIZE
from garments.pattern import EdgeRef, Pattern
from render.scene import Line, Scene, from_srgb

if TYPE_CHECKING:
    from app.stage import Shown
    from garments.maps import Mapped

ROOMS = (0.7, 1.0, 1.25, 1.6, 2.0, 2.5)
"""How much larger than the pieces' boxes sheets are taken to be of which the best holds them in rows."""
MARKED = from_srgb((0.98, 0.55, 0.05))


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """A pattern on its sheet: the pieces, the sheet's size [m], by (panel, edge) the seam that sews an edge: its
    number, its name and the other side; the pattern in other sizes that are shown with it, from small to large; and why
    others of the chart cannot be drafted, by size."""

    cut: Cut
    pattern: Pattern
    pieces: tuple[Laid, ...]
    size: tuple[float, float]
    seams: Mapping[tuple[str, str], tuple[int, str, tuple[EdgeRef, ...]]]
    nest: tuple[tuple[str, Pattern], ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)


def cut_of(wish: Wish, number: int, shown: "Shown | None", sex: float | None) -> Cut | None:
    """How a wished garment is cut: what the drape chose for the same design, else the middle of the chart; None for a
    garment to measure of which nobody is known yet."""
    if wish.made is not None:
        return Cut(wish.made.name, ONE_SIZE, charts_for(None, sex)[0])
    worn = shown.worn[number].cut if shown is not None and number < len(shown.worn) else None
    worn = worn if worn is not None and worn.design == wish.design else None
    if wish.size == MADE_TO_MEASURE:
        if worn is not None and worn.wearer is not None:
            return replace(worn, options=wish.options, alterations=wish.alterations)
        if shown is None:
            return None
        wearer = {item.name: item.value for item in shown.measurements.values()}
        return Cut(wish.design, MADE_TO_MEASURE, charts_for(None, sex)[0], wish.options, wearer, wish.alterations)
    tables = charts_for(wish.chart, sex)
    table = worn.chart if worn is not None and worn.chart in tables else tables[0]
    size = wish.size
    if size == AUTO:
        size = worn.size if worn is not None and worn.size in chart(table).sizes else chart(table).middle
    return Cut(wish.design, size, table, wish.options, alterations=wish.alterations)


def flat(cut: Cut, like: "Flat | None" = None, aspect: float = 1.0) -> Flat:
    """The pattern of a garment, laid out on a sheet of about this width over height; pieces of `like` stay where they
    lie. Raises ToileError."""
    return laid_out(drafted(cut), cut, like, aspect)


def drafted(cut: Cut) -> Pattern:
    """The pattern of a garment of ours. Raises ToileError."""
    return design(cut.design).draft(cut.meant_for, cut.drawn)


def laid_out(
    pattern: Pattern,
    cut: Cut,
    like: "Flat | None" = None,
    aspect: float = 1.0,
    nest: tuple[tuple[str, Pattern], ...] = (),
) -> Flat:
    """A pattern on a sheet, in the same way, with room for other sizes of it."""
    panels = {panel.name: panel for panel in pattern.panels}
    if like is not None and set(panels) == {each.panel.name for each in like.pieces}:
        stay = [(panels[each.panel.name], each.at) for each in like.pieces]
        pieces = [Laid(panel, at, panel.cutting_line() + at) for panel, at in stay]
        return Flat(cut, pattern, tuple(pieces), like.size, _sewn(pattern), nest)
    boxes = sum(float(np.prod(np.ptp(panel.outline(6), axis=0) + 0.05)) for panel in pattern.panels)
    sizes = [size for _, size in nest]
    tried = [laid(pattern, (room * boxes * aspect) ** 0.5, sizes) for room in ROOMS]
    pieces, width, height = min(tried, key=lambda each: max(each[1] / aspect, each[2]))
    return Flat(cut, pattern, tuple(pieces), (width, height), _sewn(pattern), nest)


def nest(cut: Cut) -> tuple[tuple[tuple[str, Pattern], ...], dict[str, str]]:
    """The pattern in all sizes of its chart that can be drafted, by name, from small to large, and why the others
    cannot be; none of a garment made to measure."""
    drawn: list[tuple[str, Pattern]] = []
    missing: dict[str, str] = {}
    for size in chart(cut.chart).sizes if cut.wearer is None else ():
        try:
            drawn.append((size, drafted(replace(cut, size=size))))
        except InputRefused as error:
            missing[size] = str(error)
    return tuple(drawn), missing


def grown_nest(pattern: Pattern, table: str) -> tuple[tuple[str, Pattern], ...]:
    """A pattern from elsewhere, taken for the middle of a chart, in all its sizes as their bodies differ."""
    found = chart(table)
    bodies = {size: size_measurements(size, table) for size in found.sizes}
    base = bodies[found.middle]
    return tuple((size, pattern if body is base else grown(pattern, base, body)) for size, body in bodies.items())


def with_panel(scene: Scene, garment: "Mapped", cut: Cut, panel: str) -> Scene:
    """The scene with the outline of a panel drawn on the cloth; as it is where the garment has no such panel."""
    if cut.size == ONE_SIZE:
        runs = _borders(garment, panel)
    else:
        pattern = design(cut.design).draft(cut.meant_for, cut.drawn)
        edges = [edge.name for each in pattern.panels if each.name == panel for edge in each.edges]
        named = (f"{panel.replace('_', ' ')}/{edge}" for edge in edges)
        runs = [garment.runs[name] for name in named if name in garment.runs]
    lines = [Line(f"panel {panel}", garment.vertices[run], MARKED, 0.006, 0.006) for run in runs if len(run) > 1]
    return replace(scene, lines=(*scene.lines, *lines))


def _borders(garment: "Mapped", panel: str) -> list[np.ndarray]:
    """The closed lines of vertices round the faces of a panel."""
    names = [name.replace(" ", "_") for name in garment.panels]
    faces = (
        garment.faces[garment.panel == names.index(panel.replace(" ", "_"))] if panel in names else garment.faces[:0]
    )
    sides = faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    _, number, count = distinct(np.sort(sides, axis=1))
    after = dict(map(tuple, sides[count[number] == 1].tolist()))
    runs = []
    while after:
        run = list(after.popitem())
        while run[-1] in after:
            run.append(after.pop(run[-1]))
        runs.append(np.array(run))
    return runs


def panel_at(garment: "Mapped", face: int) -> str | None:
    """The panel, by its name in the pattern, that a face of the garment's item belongs to; None for its buttons."""
    if face >= len(garment.panel):
        return None
    return garment.panels[int(garment.panel[face])].replace(" ", "_")


def _sewn(pattern: Pattern) -> dict[tuple[str, str], tuple[int, str, tuple[EdgeRef, ...]]]:
    found: dict[tuple[str, str], tuple[int, str, tuple[EdgeRef, ...]]] = {}
    for number, seam in enumerate(pattern.seams):
        for run, other in ((seam.first, seam.second), (seam.second, seam.first)):
            found |= {(ref.panel, ref.edge): (number, seam.name, other) for ref in run}
    return found
