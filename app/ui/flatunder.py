"""What of a pattern laid flat is under the pointer: a piece, a point to drag, an edge; and what is said of it."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt

from app.flat import Flat
from app.ui.flatcloth import gap_at
from app.ui.flatpaths import SHARES
from app.ui.flatsheet import Sheet
from assets.units import show
from garments.colours.matching import Meeting
from garments.edges import Edge
from garments.formats.laying import Laid
from garments.handles import Handle, handles
from garments.pattern import Pattern

NEAR = 9.0
Pointed = tuple[Laid, Edge]
"""An edge of a piece that is pointed at."""


def piece_at(flat: Flat, sheet: Sheet, place: QPointF) -> Laid | None:
    """The piece on whose cloth a place of the screen lies."""
    inside = (each for each in flat.pieces if sheet.polygon(each.cut).containsPoint(place, Qt.FillRule.OddEvenFill))
    return next(inside, None)


def handle_at(piece: Laid, pattern: Pattern, sheet: Sheet, place: QPointF) -> Handle | None:
    """The point of a piece that is nearest to a place, of those that a hand would mean."""
    away = {handle: sheet.at(handle.on(pattern) + piece.at) - place for handle in handles(piece.panel)}
    near = min(away, key=lambda handle: np.hypot(away[handle].x(), away[handle].y()), default=None)
    return near if near is not None and np.hypot(away[near].x(), away[near].y()) < NEAR else None


def edge_at(flat: Flat, sheet: Sheet, place: QPointF) -> Pointed | None:
    """The nearest edge, with its piece."""
    here, nearest, found = sheet.back(place), NEAR / sheet.scale, None
    for piece in flat.pieces:
        for edge in piece.panel.edges:
            away = float(np.linalg.norm(edge.at(SHARES) + piece.at - here, axis=1).min())
            if away < nearest:
                nearest, found = away, (piece, edge)
    return found


def sewn_with(flat: Flat, pointed: Pointed | None) -> frozenset[tuple[str, str]]:
    """The edge that is pointed at, and those that it is sewn to, by (panel, edge)."""
    if pointed is None:
        return frozenset()
    piece, edge = pointed
    seam = flat.seams.get((piece.panel.name, edge.name))
    others = seam[2] if seam is not None else ()
    return frozenset({(piece.panel.name, edge.name), *((ref.panel, ref.edge) for ref in others)})


def sentence(flat: Flat, pointed: Pointed | None, found: Sequence[Meeting], unit: str) -> str:
    """What is pointed at: an edge with its length, what it is sewn to, and whether lines of the print meet there; else
    which size this is."""
    if pointed is None:
        told, apart = f"{flat.cut.size} · {flat.pattern.area:.2f} m²", sum(not each.meets for each in found)
        if apart:
            return f"{told} · dotted: lines do not meet at {apart} of {len(found)} seams"
        return f"{told} · drag a point, wheel to zoom"
    piece, edge = pointed
    words = f"{piece.panel.name} {edge.name}, {show(edge.length, unit)}".replace("_", " ")
    seam = flat.seams.get((piece.panel.name, edge.name))
    if seam is None:
        return f"{words}, {show(piece.panel.allowance_of(edge.name), unit)} allowance"
    others = ", ".join(dict.fromkeys(ref.panel.replace("_", " ") for ref in seam[2]))
    gap = gap_at(found, seam[1], piece.panel.name)
    if gap is not None:
        return f"{words}, sewn to {others} · lines of the print {1000 * gap.most:.0f} mm apart"
    return f"{words}, sewn to {others}"


def absent(missing: Mapping[str, str]) -> str:
    """Which sizes are not drawn, and why not; sizes that fail for one reason are told together."""
    reasons: dict[str, list[str]] = {}
    for size, reason in missing.items():
        reasons.setdefault(reason, []).append(size)
    return "; ".join(f"{', '.join(sizes)} missing: {reason}" for reason, sizes in reasons.items())
