"""Pattern pieces as the trade exchanges them: DXF after AAMA-292 and ASTM D6673, read with ezdxf (MIT).

Every piece in every size is a block; layers tell what a line is: 1 boundary, 2 turn points, 3 curve points, 4 and 80 to
83 notches, 6 mirror line, 7 grain, 8 internal lines, 11 cut-outs, 13 drill holes, 14 sewing line, 15 words. Texts give
piece, size and unit ("ENGLISH" is inches, "METRIC" millimetres). The format knows no seams. What is written is what
AccuMark itself writes: DXF R12, an empty HEADER, BLOCKS of pieces alone.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from assets.errors import Damaged, NothingInIt, UnsureInput, plainly
from garments.edges import Edge
from garments.formats.dxfdrawn import Drawing, Drawn, drawing, pieces
from garments.formats.dxfwriting import (
    BOUNDARY,
    CURVE,
    CUTOUT,
    DRILL,
    GRAIN,
    INTERNAL,
    MIRROR,
    NOTCHES,
    SEWING,
    TURN,
    written,
)
from garments.formats.pieces import at_corners, closing, lies_on, notched, outline, widths
from garments.formats.rulefile import Rules, beside, moved, read_rules
from garments.formats.tracing import named, traced
from garments.grades import graded
from garments.nest import ONE_SIZE, Nest, packed
from garments.pattern import ONE, Drill, Panel, Pattern, Pieces

HOLDS_SIZES = True
TITLE = "DXF (AAMA, ASTM)"
NEEDS = ("ezdxf", "ezdxf")
SUFFIXES = (".dxf",)
_METRES = {"english": 0.0254, "imperial": 0.0254, "inch": 0.0254, "inches": 0.0254, "metric": 0.001, "mm": 0.001,
           "millimeters": 0.001, "cm": 0.01, "centimeters": 0.01}  # fmt: skip
_INSUNITS = {1: 0.0254, 4: 0.001, 5: 0.01, 6: 1.0}
_PIECE = (0.12, 3.5)
"""How long [m] the longest piece of a garment is."""
_NOTHING = 1e-5
_SIZE = r"\d{0,2}x{0,4}[sl]|m|\d{2,3}|[02468]"
"""How sizes are written that end names: S, XXL, 3XL, 38, 8; odd digits rather number pieces."""
_MOST_NOTES, _MOST_CUT = 8, 1000


def read(path: str, unit: str | None = None) -> dict[str, Any]:
    """The pieces of a drawing as plain values. Runs in the reader process."""
    found = drawing(path)
    try:
        return packed(_nest(found, Path(path), unit))
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Damaged(f"{path} is damaged: what it draws are no pattern pieces ({plainly(error)})") from error


def write(nest: Nest) -> bytes:
    """All sizes, a block for each piece in each."""
    return written(nest)


def _nest(found: Drawing, path: Path, unit: str | None) -> Nest:
    told = found.texts(found.document.modelspace())
    drawn = pieces(found)
    if not drawn:
        raise NothingInIt(f"{path} has no pattern piece in it: no outline on layer 1 and no closed line")
    scale = _scale(found, told, drawn, path, unit)
    notes = [f"It is drawn in units of {1000 * scale:.4g} mm.", *_unallowed(drawn)]
    notes += dict.fromkeys(note for piece in drawn for note in piece.notes)
    if _sized_by_name(drawn):
        notes.append("Sizes are taken from the names of the pieces.")
    placed = _placed(found)
    sizes: dict[str, list[Panel]] = {}
    for piece in drawn:
        panel = _panel(piece, scale, notes)
        if panel is not None and not piece.quantity and (piece.title, piece.size) in placed:
            panel = replace(panel, cut=placed[piece.title, piece.size])
        sizes.setdefault(piece.size or ONE_SIZE, []).extend([panel] if panel is not None else [])
    sizes = _with_unsized({size: panels for size, panels in sizes.items() if panels}, notes)
    if not sizes:
        raise NothingInIt(f"{path} has no pattern piece in it: nothing that is drawn encloses any cloth")
    name = told.get("style name") or path.stem
    base = told.get("sample size", "")
    if base not in sizes:
        base = list(sizes)[len(sizes) // 2]
    patterns = {size: Pattern(name, _unique(panels), (), {}, {}) for size, panels in sizes.items()}
    table = beside(path)
    if table is not None and len(patterns) == 1:
        base, patterns = _by_rules(patterns[base], drawn, read_rules(table), scale, table.name, notes)
    notes = list(dict.fromkeys(notes))
    if len(notes) > _MOST_NOTES:
        notes = [*notes[:_MOST_NOTES], f"{len(notes) - _MOST_NOTES} more notes of this kind."]
    return Nest(name, patterns, base, notes=tuple(notes))


def _unallowed(drawn: list[Drawn]) -> list[str]:
    """What to tell of pieces without a sewing line."""
    bare = dict.fromkeys(piece.title for piece in drawn if not piece.strokes.get(SEWING))
    if len(bare) == len({piece.title for piece in drawn}):
        return ["It does not tell seam allowances: the outlines are taken as they are drawn."]
    told = ", ".join(list(bare)[:_MOST_NOTES])
    return [f"No seam allowance is told of {told}: taken as drawn."] if bare else []


def _with_unsized(sizes: dict[str, list[Panel]], notes: list[str]) -> dict[str, list[Panel]]:
    """Pieces that tell no size, beside others that do, in each of these sizes."""
    common = sizes.get(ONE_SIZE, [])
    if not common or len(sizes) == 1:
        return sizes
    names = ", ".join(panel.name for panel in common)
    notes.append(f"No size is told of {names}: taken for the same in all sizes.")
    return {size: [*panels, *common] for size, panels in sizes.items() if size != ONE_SIZE}


def _sized_by_name(drawn: list[Drawn]) -> bool:
    """Give pieces that tell no size the one that ends their names, where every piece comes in the same few sizes."""
    found = [re.fullmatch(rf"(.+?)[-_ .]+({_SIZE})", piece.title, re.IGNORECASE) for piece in drawn]
    if any(piece.size for piece in drawn) or not all(found):
        return False
    pairs = [(each[1], each[2]) for each in found if each]
    titles, sizes = dict.fromkeys(title for title, _ in pairs), dict.fromkeys(size for _, size in pairs)
    if len(sizes) < 2 or len(set(pairs)) != len(titles) * len(sizes) or len(set(pairs)) != len(pairs):
        return False
    for piece, (title, size) in zip(drawn, pairs, strict=True):
        piece.title, piece.size = title, size
    return True


def _by_rules(
    pattern: Pattern, drawn: list[Drawn], rules: Rules, scale: float, table: str, notes: list[str]
) -> tuple[str, dict[str, Pattern]]:
    """The sample size, and the pattern in all sizes of a table of rules."""
    points = {piece.title: [(scale * place, rule) for place, rule in piece.rules] for piece in drawn}
    patterns = {}
    for size in rules.sizes:
        moves: dict[tuple[str, str], np.ndarray] = {}
        for panel in pattern.panels:
            moves |= moved(panel, points.get(panel.name, ()), rules, size)
        patterns[size] = graded(pattern, moves)
    told = "from size to size" if rules.steps else "from the sample size"
    notes.append(f"It is graded to {len(rules.sizes)} sizes by {table}, whose numbers are taken as ways {told}.")
    return rules.sample, patterns


def _placed(found: Drawing) -> dict[tuple[str, str], Pieces]:
    """How often blocks are placed in the drawing, as drawn and mirrored, by title and size of their piece."""
    count: dict[tuple[str, str], list[int]] = {}
    for each in found.document.modelspace():
        if each.dxftype() == "INSERT" and each.dxf.name in found.document.blocks:
            told = found.texts(found.document.blocks[each.dxf.name])
            named_ = told.get("piece name") or each.dxf.name, told.get("size", "")
            turned = each.dxf.get("xscale", 1.0) * each.dxf.get("yscale", 1.0) * each.dxf.extrusion.z < 0.0
            count.setdefault(named_, [0, 0])[int(turned)] += 1
    return {named_: Pieces(*both) for named_, both in count.items() if sum(both) < _MOST_CUT}


def _scale(found: Drawing, told: dict[str, str], drawn: list[Drawn], path: Path, unit: str | None) -> float:
    """Metres for a unit of the drawing. Raises UnsureInput when neither the file nor its pieces' sizes tell."""
    from garments.imported.understanding import UNITS

    if unit:
        return UNITS[unit]
    longest = max(piece.extent for piece in drawn)
    word = told.get("units") or told.get("unit") or ""
    said = _METRES.get(word.lower()) or _INSUNITS.get(int(found.document.header.get("$INSUNITS", 0)))
    if said and _PIECE[0] < said * longest < 2 * _PIECE[1]:
        return said
    fits = {name: size for name, size in (("m", 1.0), ("cm", 0.01), ("mm", 0.001), ("in", 0.0254))
            if _PIECE[0] < size * longest < _PIECE[1]}  # fmt: skip
    if said or len(fits) != 1:
        why = f"would be {100 * said * longest:.3g} cm long in the unit that it tells" if said else f"is {longest:.4g}"
        lacks = "is not sure of" if said else "does not tell"
        named_ = " or ".join(fits) or "m, cm, mm or in"
        raise UnsureInput(f"{path} {lacks} its unit, and its longest piece {why}: say whether it is drawn in {named_}")
    return next(iter(fits.values()))


def _panel(piece: Drawn, scale: float, notes: list[str]) -> Panel | None:
    """A piece [m]; None, which is noted, for one that encloses nothing."""
    name = piece.title
    turns = [*_turns(piece), *(place for place, _ in piece.rules)] if piece.points.get(TURN) else []
    sewn, cut, mirrors = (
        [scale * stroke for stroke in piece.strokes.get(layer, [])] for layer in (SEWING, BOUNDARY, MIRROR)
    )
    corners = scale * np.array(turns) if turns else None
    curved = scale * np.array(piece.points.get(CURVE, ())).reshape(-1, 2)
    if not any(_encloses(stroke) for stroke in sewn or cut) and not _encloses(np.concatenate(sewn or cut)):
        notes.append(f"Piece {name} is left out: it encloses no cloth.")
        return None
    strokes = [*(sewn or cut), *closing(sewn or cut, mirrors)]
    edges = outline([_traced(stroke, corners, curved) for stroke in strokes], f"piece {name}", notes)
    allowances: dict[str, float] = {}
    if sewn and cut:
        allowances = widths(edges, cut)
    grain = next((np.array([s[0], s[-1]]) * scale for s in piece.strokes.get(GRAIN, ())), None)
    if grain is None:
        notes.append(f"Piece {name} has no grain line.")
    inner = [traced(scale * s) for s in piece.strokes.get(INTERNAL, ())]
    inner_lines = named([run[0] for run in inner if len(run) == 1 and at_corners(edges, run[0])], "line")
    marks = [edge for run in inner if not (len(run) == 1 and at_corners(edges, run[0])) for edge in run]
    cutouts = [edge for s in piece.strokes.get(CUTOUT, ()) for edge in traced(scale * s)]
    if cutouts:
        notes.append(f"Piece {name} has a cut-out: it is kept as a drawn line, not as a hole.")
    fold, folds = None, []
    for stroke in mirrors:
        fold = lies_on((*edges, *inner_lines), stroke[0], stroke[-1])
        if fold is None:
            folds.append(Edge("fold_mirror", stroke[[0, -1]]))
            fold = "fold_mirror"
    points = [scale * point for layer in NOTCHES for point in piece.points.get(layer, ())]
    points += [scale * stroke[0] for layer in NOTCHES for stroke in piece.strokes.get(layer, ())]
    drills = tuple(Drill(f"drill_{k}", *(scale * p)) for k, p in enumerate(piece.points.get(DRILL, ()), 1))
    drawn = (*named(marks, "mark"), *named(cutouts, "cutout"), *folds)
    return Panel(name, edges, grain, "", 0.0, allowances, notched(edges, points), inner_lines, drawn,
                 drills, fold, _quantity(piece.quantity))  # fmt: skip


def _turns(piece: Drawn) -> list[np.ndarray]:
    """Where an outline turns: not where it is marked as curved, and another line ends there."""
    curved = {tuple(point.round(3)) for point in piece.points.get(CURVE, ())}
    return [point for point in piece.points[TURN] if tuple(point.round(3)) not in curved]


def _encloses(stroke: np.ndarray) -> bool:
    """Whether a line goes round something, or half round."""
    import shapely

    return len(stroke) > 2 and float(shapely.MultiPoint(stroke).convex_hull.area) > _NOTHING


def _traced(points: np.ndarray, turns: np.ndarray | None, curves: np.ndarray) -> list[Edge]:
    """Edges along a stroke; where the drawing marks its turn points and curve points, as it says."""
    if turns is None:
        return traced(points)
    corners, curved = (
        (np.linalg.norm(points[:, None] - marked[None], axis=2) < 2e-5).any(axis=1) for marked in (turns, curves)
    )
    return traced(points, corners, curved) if corners.any() else traced(points)


def _quantity(written_: str) -> Pieces:
    counts = [int(number) for number in re.findall(r"\d+", written_)][:2]
    return Pieces(counts[0], counts[1] if len(counts) > 1 else 0) if counts and 0 < sum(counts) < _MOST_CUT else ONE


def _unique(panels: list[Panel]) -> tuple[Panel, ...]:
    """Panels whose names are all different."""
    seen: dict[str, int] = {}
    found = []
    for panel in panels:
        seen[panel.name] = seen.get(panel.name, 0) + 1
        found.append(panel if seen[panel.name] == 1 else replace(panel, name=f"{panel.name} {seen[panel.name]}"))
    return tuple(found)
