"""The picture of a pattern laid flat: painted piece by piece between two turns of the hand, and shown when it is whole.

Until then the one before it stays, moved and scaled to where the sheet lies now.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.flat import Flat
from app.scenes.painting import Coloured
from app.ui import theme
from app.ui.flatcloth import paint_cloth, paint_gaps
from app.ui.flatlines import Labels, measures, paint_edge, paint_handles, paint_lines, paint_nest
from app.ui.flatpaths import Paths, paths
from app.ui.flatsheet import Sheet
from app.ui.gradually import Gradually
from garments.colours.matching import Meeting
from garments.formats.laying import Laid
from garments.handles import Handle


class Seen(NamedTuple):
    """All that the picture shows: the pattern, where its sheet lies, its colours, the chosen panel by name and what
    of it can be dragged, lengths in which unit; how large the view is [pixels], its pixels' ratio, theme, language."""

    flat: Flat
    sheet: Sheet
    coloured: Coloured | None
    meetings: tuple[Meeting, ...]
    chosen: str | None
    movable: frozenset[Handle] | None
    unit: str
    size: QSize
    ratio: float
    theme: theme.Theme
    language: str


class Pieces:
    """Paints the pieces in a view, which is updated when there is another picture."""

    def __init__(self, view: QWidget) -> None:
        self._view = view
        self._work = Gradually(view)
        self._painted: tuple[QPixmap, Seen] | None = None
        self._paths: tuple[Flat | None, dict[str, Paths]] = (None, {})

    @property
    def busy(self) -> bool:
        """Whether a picture is being painted."""
        return self._work.busy

    @property
    def shown(self) -> Flat | None:
        """The pattern whose picture there is."""
        return None if self._painted is None else self._painted[1].flat

    def forget(self) -> None:
        """Another garment is to be seen: nothing of this one stays."""
        self._work.drop()
        self._painted = None

    def paint(self, painter: QPainter, seen: Seen, near: Collection[tuple[str, str]]) -> None:
        """Paint the newest picture that there is, and have one painted of what is to be seen now; edges in `near`,
        (panel, edge), stand out."""
        if (self._painted is None or seen != self._painted[1]) and not self.busy:
            self._work.do(self._whole(seen))
        if self._painted is not None:
            picture, shown = self._painted
            painter.save()
            painter.setTransform(seen.sheet.since(shown.sheet), True)
            painter.drawPixmap(0, 0, picture)
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        flat, known = self._paths
        for panel, edge in near if flat is seen.flat else ():
            if panel in known:
                paint_edge(painter, seen.flat, panel, edge, known[panel], seen.sheet)

    def _whole(self, seen: Seen) -> Iterator[None]:
        """Paint the pieces, the chosen one over the others, then the words."""
        if self._paths[0] is not seen.flat:
            self._paths = (seen.flat, {})
        known = self._paths[1]
        picture = QPixmap(seen.size * seen.ratio)
        picture.setDevicePixelRatio(seen.ratio)
        picture.fill(QColor(seen.theme.window))
        for piece in sorted(seen.flat.pieces, key=lambda each: each.panel.name == seen.chosen):
            name = piece.panel.name
            if name not in known:
                known[name] = paths(seen.flat, piece)
                yield
            with _painting(picture) as painter:
                _paint_cloth(painter, piece, known[name], seen)
                paint_lines(painter, seen.flat, piece, known[name], seen.sheet)
            yield
            with _painting(picture) as painter:
                paint_nest(painter, seen.flat, known[name], seen.sheet)
            yield
        with _painting(picture) as painter:
            _paint_words(painter, seen)
        self._painted = picture, seen
        self._view.update()


@contextmanager
def _painting(picture: QPixmap) -> Iterator[QPainter]:
    painter = QPainter(picture)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.CAPTION))
        yield painter
    finally:
        painter.end()


def _paint_cloth(painter: QPainter, piece: Laid, drawn: Paths, seen: Seen) -> None:
    chosen, shape = piece.panel.name == seen.chosen, seen.sheet.path(drawn.cut)
    fill = QColor(seen.theme.text)
    fill.setAlpha(16)
    painter.fillPath(shape, fill)
    if seen.coloured is not None:
        paint_cloth(painter, piece, shape, seen.coloured, seen.sheet)
    painter.strokePath(shape, QPen(QColor(seen.theme.accent if chosen else seen.theme.edge), 2.0 if chosen else 1.0))


def _paint_words(painter: QPainter, seen: Seen) -> None:
    """What stands on the pieces, over all of them."""
    labels, flat, sheet = Labels(painter), seen.flat, seen.sheet
    chosen = next((piece for piece in flat.pieces if piece.panel.name == seen.chosen), None)
    gaps = paint_gaps(painter, flat, seen.meetings, sheet)
    if chosen is not None:
        paint_handles(painter, chosen, flat.pattern, sheet, seen.movable)
    for piece in flat.pieces:
        middle = sheet.polygon(piece.cut).boundingRect().center()
        labels.put([middle], piece.panel.name.replace("_", " "), always=True, bold=piece is chosen)
    for places, words in (*gaps, *(measures(chosen, sheet, seen.unit) if chosen else ())):
        labels.put(places, words)
