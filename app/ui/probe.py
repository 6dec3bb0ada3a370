"""What a map says where the picture was clicked: a dot, the direction through it, and a card with the values."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.saying import spoken
from app.ui import theme
from garments.atlas import BY_NAME

if TYPE_CHECKING:
    from garments.maps import Reading
    from render.camera import View

HALF = 0.03  # of the line that shows the direction [m]
ASIDE, LINE, PAD = 22, 17, 8


class Probe(QWidget):
    """The reading on the picture, in the view that was clicked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.reading: Reading | None = None
        self._view, self._of_other = 0, False
        self._views: tuple[View, ...] = ()
        self.hide()

    def show_reading(self, reading: "Reading | None", view: int | None = None, of_other: bool = False) -> None:
        """Show a reading in the view of that number, or in the one it was in before; where two scenes lie side by side,
        in the half that it was read in: `of_other`, of the other scene."""
        self.reading, self._of_other = reading, of_other
        self._view = self._view if view is None else view
        self.setAccessibleName(spoken("; ".join(words(reading)) if reading else ""))
        self.setVisible(reading is not None)
        self.update()

    def follow(self, views: "tuple[View, ...]") -> None:
        self._views = views
        self.update()

    def _place(self) -> "View":
        halves = [view for view in self._views if (view.scene is not None) == self._of_other]
        paired = any(view.scene is not None for view in self._views)
        return halves[0] if paired else self._views[min(self._view, len(self._views) - 1)]

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.reading is None or not self._views:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self._place()
        along = self.reading.along if self.reading.along is not None else np.zeros(3)
        ends = np.array([self.reading.place + k * HALF * along for k in (-1, 0, 1)])
        seen = view.camera.project(ends, view.width, view.height)
        first, middle, last = (QPointF(view.left + float(x), view.top + float(y)) for x, y, _ in seen)
        for colour, wide in (("#FFFFFF", 5.0), ("#1E1F22", 2.5)):
            painter.setPen(QPen(QColor(colour), wide, c=Qt.PenCapStyle.RoundCap))
            if self.reading.along is not None:
                painter.drawLine(first, last)
            painter.setBrush(QColor(theme.current().accent))
            painter.drawEllipse(middle, 4.5, 4.5)
        self._card(painter, view, middle)

    def _card(self, painter: QPainter, view: "View", at: QPointF) -> None:
        assert self.reading is not None
        colours, lines = theme.current(), [spoken(line) for line in words(self.reading)]
        bold, plain = theme.font(bold=True), theme.font(theme.CAPTION)
        widths = []
        for k, text in enumerate(lines):
            painter.setFont(plain if k else bold)
            widths.append(painter.fontMetrics().horizontalAdvance(text))
        wide, high = max(widths) + 2 * PAD, LINE * len(lines) + 2 * PAD - 4
        left = at.x() + ASIDE
        if left + wide > view.left + view.width - 6:
            left = max(at.x() - ASIDE - wide, view.left + 6.0)
        top = min(max(at.y() - high / 2, view.top + 6.0), view.top + view.height - high - 6.0)
        box = QRectF(left, top, wide, high)
        painter.setPen(QPen(QColor(colours.edge), 1))
        painter.drawLine(at, QPointF(left if left > at.x() else left + wide, box.center().y()))
        painter.setBrush(QColor(colours.panel))
        painter.drawRoundedRect(box, 6, 6)
        for k, text in enumerate(lines):
            painter.setFont(plain if k else bold)
            painter.setPen(QColor(colours.text if k < 2 else colours.muted))
            row = QRectF(left + PAD, top + PAD - 2 + LINE * k, wide, LINE)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, text)


def words(reading: "Reading") -> list[str]:
    """A reading in lines: the value, its direction, the others of its family, the limit, where it is."""
    told = BY_NAME[reading.map]
    value = f"{told.title} {told.text(reading.value, reading.change)}"
    lines = [f"Change: {value[:1].lower()}{value[1:]}" if reading.change else value]
    if reading.when is not None:
        lines.append(f"the most over the movement, at {reading.when:.1f} s")
    if reading.angle is not None:
        lines.append(direction(reading.angle))
    if reading.others:
        shown = ", ".join(
            f"{BY_NAME[name].short.lower()} {told.text(value, reading.change)}"
            for name, value in reading.others.items()
        )
        lines.append(shown[:1].upper() + shown[1:])
    if reading.share is not None and reading.limit is not None:
        lines.append(f"{100 * max(reading.share, 0.0):.0f} % of the fabric's limit ({told.text(reading.limit)})")
    return [*lines, f"{reading.garment}, {reading.panel} · {reading.fabric}"]


def direction(angle: float) -> str:
    """An angle from the warp [rad] in words."""
    turned = abs(np.degrees(angle))
    if turned < 4.0:
        return "along the warp"
    return "along the weft" if turned > 86.0 else f"{turned:.0f}° off the warp"
