"""A slider that knows how sure its value is."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider

from app.saying import spoken
from app.ui import theme

STEPS = 1000


class Slider(QSlider):
    """A slider that shows the doubt of its value as a band; a double click resets."""

    reset = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, STEPS)
        self.setSingleStep(5)
        self.setPageStep(50)
        self.setFixedHeight(20)
        self.setAccessibleName(spoken(name))
        self.doubt, self.known, self.blank = 0.0, True, False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def wheelEvent(self, event) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, width, middle = 7.0, self.width() - 14.0, self.height() / 2
        place = left + width * self.value() / STEPS
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.line))
        painter.drawRoundedRect(QRectF(left, middle - 1.5, width, 3), 1.5, 1.5)
        if self.blank and not self.hasFocus():
            return
        accent = QColor(colours.accent if self.known else colours.edge)
        if self.doubt > 0:
            band = QColor(accent)
            band.setAlpha(90)
            painter.setBrush(band)
            low, high = max(left, place - self.doubt * width), min(left + width, place + self.doubt * width)
            painter.drawRoundedRect(QRectF(low, middle - 4, high - low, 8), 4, 4)
        painter.setBrush(accent if self.known else QColor(colours.panel))
        painter.setPen(QPen(accent, 1.5))
        painter.drawEllipse(QRectF(place - 5, middle - 5, 10, 10))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.drawEllipse(QRectF(place - 8, middle - 8, 16, 16))

    def _follow(self, event: QMouseEvent) -> None:
        share = (event.position().x() - 7.0) / max(self.width() - 14.0, 1.0)
        self.setValue(round(STEPS * min(max(share, 0.0), 1.0)))
