"""Pattern pieces as the trade exchanges them: DXF after AAMA-292 and ASTM D6673, read with ezdxf (MIT).

Every piece in every size is a block; layers tell what a line is: 1 boundary, 2 turn points, 3 curve points, 4 and 80 to
83 notches, 6 mirror line, 7 grain, 8 internal lines, 11 cut-outs, 13 drill holes, 14 sewing line, 15 words. Texts give
piece, size and unit ("ENGLISH" is inches, "METRIC" millimetres). The format knows no seams. What is written is what
AccuMark itself writes: DXF R12, an empty HEADER, BLOCKS of pieces alone.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from assets.errors import Damaged, NothingInIt, UnsureInput
from garments.edges import Edge
from garments.formats.dxfwriting import BOUNDARY, CUTOUT, DRILL, GRAIN, INTERNAL, MIRROR, NOTCHES, SEWING, TURN, written
from garments.formats.pieces import at_corners, lies_on, notched, outline, widths
from garments.formats.tracing import named, traced
from garments.nest import ONE_SIZE, Nest, packed
from garments.pattern import ONE, Drill, Panel, Pattern, Pieces

TITLE = "DXF (AAMA, ASTM)"
NEEDS = ("ezdxf", "ezdxf")
SUFFIXES = (".dxf",)
_METRES = {"english": 0.0254, "imperial": 0.0254, "inch": 0.0254, "inches": 0.0254, "metric": 0.001, "mm": 0.001,
           "millimeters": 0.001, "cm": 0.01, "centimeters": 0.01}  # fmt: skip
_INSUNITS = {1: 0.0254, 4: 0.001, 5: 0.01, 6: 1.0}
_PIECE = (0.12, 3.5)
"""How long [m] the longest piece of a garment is."""
_FLATNESS = 1e-5
_ALIKE = 0.5
_MOST_NOTES = 8


def read(path: str, unit: str | None = None) -> dict[str, Any]:
    """The pieces of a drawing as plain values. Runs in the reader process."""
    from ezdxf import DXFError, recover

    try:
        document, _ = recover.readfile(path)
    except (DXFError, OSError, ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())[:100]
        raise Damaged(f"{path} is damaged: it is no DXF drawing ({told})") from error
    return packed(_nest(document, Path(path), unit))


def write(nest: Nest) -> bytes:
    """All sizes, a block for each piece in each."""
    return written(nest)


def _nest(document: Any, path: Path, unit: str | None) -> Nest:
    space = document.modelspace()
    told = _texts(space)
    blocks = [block for block in document.blocks if not block.name.startswith(("*", "_")) and len(block)]
    drawn = [_Piece(block, _texts(block), block.name) for block in blocks]
    drawn = [piece for piece in drawn if piece.has_outline] or list(_loose(space))
    if not drawn:
        raise NothingInIt(f"{path} has no pattern piece in it: no outline on layer 1 and no closed line")
    scale = _scale(document, told, drawn, path, unit)
    notes = [f"It is drawn in units of {1000 * scale:.4g} mm."]
    sizes: dict[str, list[Panel]] = {}
    for piece in drawn:
        size, name = piece.size or ONE_SIZE, piece.title
        sizes.setdefault(size, []).append(_panel(piece, name, scale, notes))
    name = told.get("style name") or path.stem
    base = told.get("sample size", "")
    if base not in sizes:
        base = list(sizes)[len(sizes) // 2]
    patterns = {size: Pattern(name, _unique(panels), (), {}, {}) for size, panels in sizes.items()}
    notes = list(dict.fromkeys(notes))
    if len(notes) > _MOST_NOTES:
        notes = [*notes[:_MOST_NOTES], f"{len(notes) - _MOST_NOTES} more notes of this kind."]
    return Nest(name, patterns, base, notes=tuple(notes))


class _Piece:
    """A block's lines by layer, in the drawing's unit."""

    def __init__(self, entities: Iterable[Any], told: dict[str, str], name: str) -> None:
        self.strokes: dict[int, list[np.ndarray]] = {}
        self.points: dict[int, list[np.ndarray]] = {}
        for entity in entities:
            layer = _layer(entity)
            if entity.dxftype() == "POINT":
                self.points.setdefault(layer, []).append(np.array([entity.dxf.location.x, entity.dxf.location.y]))
            elif (points := _stroke(entity)) is not None:
                self.strokes.setdefault(layer, []).append(points)
        self.size = told.get("size", "")
        suffix = f"_{self.size}" if self.size else ""
        self.title = told.get("piece name") or (name.removesuffix(suffix) if suffix else name)
        self.quantity = told.get("quantity", "")

    @property
    def has_outline(self) -> bool:
        return bool(self.strokes.get(BOUNDARY) or self.strokes.get(SEWING))

    @property
    def extent(self) -> float:
        points = np.concatenate([*self.strokes.get(BOUNDARY, []), *self.strokes.get(SEWING, [])])
        return float(np.ptp(points, axis=0).max())


def _loose(space: Iterable[Any]) -> Iterator[_Piece]:
    """Closed lines that lie in the drawing without a block, each a piece."""
    for number, entity in enumerate(space, 1):
        points = _stroke(entity)
        if points is not None and len(points) > 3 and np.linalg.norm(points[0] - points[-1]) < 1e-6:
            piece = _Piece((), {}, f"piece {number}")
            piece.strokes[BOUNDARY] = [points]
            yield piece


def _layer(entity: Any) -> int:
    found = re.search(r"\d+", str(entity.dxf.get("layer", "0")))
    return int(found[0]) if found else 0


def _stroke(entity: Any) -> np.ndarray | None:
    """The points [k, 2] of a line of any kind; None of what is no line."""
    from ezdxf import path

    if entity.dxftype() not in ("LINE", "POLYLINE", "LWPOLYLINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE"):
        return None
    try:
        points = np.array([tuple(p)[:2] for p in path.make_path(entity).flattening(0.01, 8)], float)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    good = len(points) > 1 and np.isfinite(points).all() and np.ptp(points, axis=0).max() > 0.0
    return points if good else None


def _texts(entities: Iterable[Any]) -> dict[str, str]:
    """What the texts say, by the word before the colon, in small letters."""
    found: dict[str, str] = {}
    for entity in entities:
        if entity.dxftype() in ("TEXT", "MTEXT"):
            written = entity.dxf.text if entity.dxftype() == "TEXT" else entity.text
            key, colon, value = str(written).partition(":")
            if colon:
                found.setdefault(key.strip().lower(), value.strip()[:80])
    return found


def _scale(document: Any, told: dict[str, str], drawn: list[_Piece], path: Path, unit: str | None) -> float:
    """Metres for a unit of the drawing. Raises UnsureInput when neither the file nor its pieces' sizes tell."""
    from garments.placing import UNITS

    if unit:
        return UNITS[unit]
    longest = max(piece.extent for piece in drawn)
    said = _METRES.get(told.get("units", "").lower()) or _INSUNITS.get(int(document.header.get("$INSUNITS", 0)))
    if said and _PIECE[0] / 3 < said * longest < 2 * _PIECE[1]:
        return said
    fits = {name: size for name, size in (("m", 1.0), ("cm", 0.01), ("mm", 0.001), ("in", 0.0254))
            if _PIECE[0] < size * longest < _PIECE[1]}  # fmt: skip
    if len(fits) != 1:
        named_ = " or ".join(fits) or "m, cm, mm or in"
        raise UnsureInput(
            f"{path} does not tell its unit, and its longest piece is {longest:.4g}: say whether in {named_}"
        )
    return next(iter(fits.values()))


def _panel(piece: _Piece, name: str, scale: float, notes: list[str]) -> Panel:
    turns = piece.points.get(TURN, [])
    sewn, cut = ([scale * stroke for stroke in piece.strokes.get(layer, [])] for layer in (SEWING, BOUNDARY))
    corners = scale * np.array(turns) if turns else None
    edges = outline([_traced(stroke, corners) for stroke in sewn or cut], f"piece {name}", notes)
    allowances: dict[str, float] = {}
    if sewn and cut:
        allowances = widths(edges, cut)
    elif not sewn:
        notes.append("It does not tell seam allowances: the outlines are taken as they are drawn.")
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
    for stroke in piece.strokes.get(MIRROR, ()):
        fold = lies_on((*edges, *inner_lines), scale * stroke[0], scale * stroke[-1])
        if fold is None:
            folds.append(Edge("fold_mirror", scale * stroke[[0, -1]]))
            fold = "fold_mirror"
    points = [scale * point for layer in NOTCHES for point in piece.points.get(layer, ())]
    points += [scale * stroke[0] for layer in NOTCHES for stroke in piece.strokes.get(layer, ())]
    drills = tuple(Drill(f"drill_{k}", *(scale * p)) for k, p in enumerate(piece.points.get(DRILL, ()), 1))
    drawn = (*named(marks, "mark"), *named(cutouts, "cutout"), *folds)
    return Panel(name, edges, grain, "", 0.0, allowances, notched(edges, points), inner_lines, drawn,
                 drills, fold, _quantity(piece.quantity))  # fmt: skip


def _traced(points: np.ndarray, turns: np.ndarray | None) -> list[Edge]:
    """Edges along a stroke; where the drawing marks its turn points, these are the corners."""
    if turns is None:
        return traced(points)
    corners = (np.linalg.norm(points[:, None] - turns[None], axis=2) < 2e-5).any(axis=1)
    return traced(points, corners) if corners.any() else traced(points)


def _quantity(written_: str) -> Pieces:
    counts = [int(number) for number in re.findall(r"\d+", written_)][:2]
    return Pieces(counts[0], counts[1] if len(counts) > 1 else 0) if counts and 0 < sum(counts) < 1000 else ONE


def _unique(panels: list[Panel]) -> tuple[Panel, ...]:
    """Panels whose names are all different."""
    from dataclasses import replace

    seen: dict[str, int] = {}
    found = []
    for panel in panels:
        seen[panel.name] = seen.get(panel.name, 0) + 1
        found.append(panel if seen[panel.name] == 1 else replace(panel, name=f"{panel.name} {seen[panel.name]}"))
    return tuple(found)
