"""The card with a cross-section: the cut seen from above, its height, and what the cloth does round each part."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from app.saying import spoken
from app.ui import theme
from app.ui.controls import label, tool
from assets.units import show

if TYPE_CHECKING:
    from app.scenes.section import Cut, Outline

WIDE, HIGH = 300, 210
MARGIN = 0.02
"""What is shown round the cloth [m]."""
STEP = 0.005
"""The step of the height [m]."""
CLOTHS = ("#C7822B", "#3D87C9", "#4C9454", "#B562AD")
"""Colours of garments, in the order of dressing: 3:1 and more on the panels of both themes, for lines, not words."""
KEY = 14
"""How long the line is that stands before a garment's name."""


class SectionCard(QFrame):
    """A cut, and the slider of its height. `moved` tells the height [m], `closed` that nobody wants it."""

    moved = Signal(float)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFixedWidth(WIDE + 24)
        self.setAccessibleName(spoken("Cross-section"))
        self.plan = Plan()
        self.title, self.told = label(""), label("")
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(spoken("Height of the cross-section above the floor"))
        self.slider.valueChanged.connect(lambda step: self.moved.emit(step * STEP))
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(tool("close", "Close the cross-section", self.closed.emit))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(6)
        column.addLayout(head)
        for part in (self.plan, self.slider, self.told):
            column.addWidget(part)
        self.hide()

    def show_cut(self, found: "Cut | None", tallest: float, unit: str) -> None:
        """Show a cut of a person so tall [m], lengths in "cm" or "in"; or nothing."""
        self.setVisible(found is not None)
        if found is None:
            return
        self.slider.blockSignals(True)
        self.slider.setRange(round(0.02 / STEP), round(tallest / STEP))
        self.slider.setValue(round(found.height / STEP))
        self.slider.blockSignals(False)
        self.title.setText(spoken(f"Cross-section {show(found.height, unit)} above the floor"))
        self.told.setText(spoken("\n".join(words(found, unit))))
        self.plan.show_cut(found)
        self.adjustSize()


def words(found: "Cut", unit: str) -> list[str]:
    """What the cloth does round each part: girths, ease, and its distance from the skin."""
    lines = []
    for one in found.around:
        small = "mm" if unit == "cm" else "in"
        gaps = [show(value, small) for value in (one.least, one.most, one.mean)]
        lines.append(
            f"{one.garment} round the {one.part}: {show(one.cloth, unit)} on {show(one.body, unit)}"
            f"{'' if one.whole else ', open'}; {gaps[0]} to {gaps[1]} off the skin, {gaps[2]} on average"
        )
    return lines or ["No garment lies at this height."]


class Plan(QWidget):
    """Outlines from above, the person facing down; the skin is filled, cloth drawn in colours."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(WIDE, HIGH)
        self._cut: Cut | None = None

    def show_cut(self, found: "Cut") -> None:
        self._cut = found
        self.setAccessibleName(spoken("The cut from above: " + "; ".join(words(found, "cm"))))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._cut is None:
            return
        worn = [each.points for _, lines in self._cut.garments for each in lines]
        shown = worn or [each.points for each in self._cut.body]
        if not shown:  # above a head, as of who has just sat down
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.CAPTION))
        points = np.concatenate(shown)
        low, high = points.min(axis=0) - MARGIN, points.max(axis=0) + MARGIN
        scale = min((WIDE - 16) / (high[0] - low[0] + 1e-6), (HIGH - 38) / (high[1] - low[1] + 1e-6), 1200.0)
        middle = (low + high) / 2

        def drawn(line: "Outline") -> QPolygonF:
            places = (line.points - middle) * scale + (WIDE / 2, (HIGH - 22) / 2)
            return QPolygonF([QPointF(float(x), float(y)) for x, y in places])

        colours = theme.current()
        painter.setClipRect(QRectF(0, 0, WIDE, HIGH - 26))
        painter.setPen(QPen(QColor(colours.muted), 1.2))
        painter.setBrush(QColor(colours.line))
        for skin in self._cut.body:
            painter.drawPolygon(drawn(skin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left = 0.0
        for number, (_, lines) in enumerate(self._cut.garments):
            painter.setPen(QPen(QColor(CLOTHS[number % len(CLOTHS)]), 2.0))
            for line in lines:
                painter.drawPolyline(drawn(line))
        painter.setClipping(False)
        for number, (garment, lines) in enumerate(self._cut.garments):
            if lines:
                name, box = spoken(garment), QRectF(left + KEY + 4, HIGH - 18, 120, 16)
                painter.setPen(QPen(QColor(CLOTHS[number % len(CLOTHS)]), 2.0))
                painter.drawLine(QPointF(left, box.center().y()), QPointF(left + KEY, box.center().y()))
                painter.setPen(QColor(colours.text))
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
                left = box.left() + painter.fontMetrics().horizontalAdvance(name) + 12.0
        painter.setPen(QPen(QColor(colours.text), 1.5))
        bar = 0.1 * scale
        painter.drawLine(QPointF(WIDE - 4 - bar, HIGH - 6), QPointF(WIDE - 4, HIGH - 6))
        painter.drawText(QRectF(WIDE - 90, HIGH - 24, 86, 16), Qt.AlignmentFlag.AlignRight, "10 cm")
