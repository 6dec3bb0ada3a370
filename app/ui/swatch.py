"""A fabric's swatch: its colour and its weave, larger than life, under a light from above left."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from assets.units import colour_code
from garments.fabric import Look

THREAD = 5.0
RADIUS = 6.0


class Swatch(QWidget):
    """`size` pixels square."""

    def __init__(self, look: Look, size: int = 44) -> None:
        super().__init__()
        self.look, self.colour = look, QColor(colour_code(look.colour))
        self.setFixedSize(size, size)
        self._drawn = QPixmap()

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._drawn.isNull() or self._drawn.devicePixelRatioF() != ratio:
            self._drawn = self._draw(ratio)
        QPainter(self).drawPixmap(0, 0, self._drawn)

    def _draw(self, ratio: float) -> QPixmap:
        """The swatch, drawn once: hundreds of threads take a while."""
        made = QPixmap(self.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(whole, RADIUS, RADIUS)
        painter.setClipPath(shape)
        painter.fillRect(whole, self.colour)
        _WEAVES.get(self.look.weave, _plain)(painter, whole, self._threads())
        shine = QLinearGradient(whole.topLeft(), whole.bottomRight())
        gloss = int(110 * (1.0 - self.look.roughness) + 20)
        shine.setColorAt(0.0, QColor(255, 255, 255, gloss // 2))
        shine.setColorAt(0.35, QColor(255, 255, 255, gloss))
        shine.setColorAt(0.5, QColor(255, 255, 255, 0))
        shine.setColorAt(1.0, QColor(0, 0, 0, 60))
        painter.fillRect(whole, shine)
        painter.end()
        return made

    def _threads(self) -> tuple[QColor, QColor]:
        """Light and dark of the threads; on a dark ground both are lighter."""
        dark = self.colour.lightnessF() < 0.2
        return QColor(255, 255, 255, 46 if dark else 60), QColor(0, 0, 0, 90 if dark else 38)


def _plain(painter: QPainter, whole: QRectF, threads: tuple[QColor, QColor]) -> None:
    light, dark = threads
    for row in range(int(whole.height() / THREAD) + 1):
        for column in range(int(whole.width() / THREAD) + 1):
            tone = light if (row + column) % 2 else dark
            painter.fillRect(QRectF(column * THREAD, row * THREAD, THREAD - 1, THREAD - 1), tone)


def _twill(painter: QPainter, whole: QRectF, threads: tuple[QColor, QColor]) -> None:
    reach = whole.width() + whole.height()
    for k, tone in enumerate(threads * int(reach / THREAD)):
        painter.setPen(QPen(tone, 0.45 * THREAD))
        painter.drawLine(QPointF(k * 0.6 * THREAD, 0), QPointF(k * 0.6 * THREAD - whole.height(), whole.height()))


def _knit(painter: QPainter, whole: QRectF, threads: tuple[QColor, QColor]) -> None:
    for tone, down in zip(threads, (0.0, 1.6), strict=True):
        painter.setPen(QPen(tone, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for column in range(int(whole.width() / 8) + 1):
            for row in range(-1, int(whole.height() / 5) + 1):
                x, y = 8.0 * column + 4, 5.0 * row + down
                painter.drawLine(QPointF(x - 3.2, y), QPointF(x, y + 4))
                painter.drawLine(QPointF(x + 3.2, y), QPointF(x, y + 4))


def _rib(painter: QPainter, whole: QRectF, threads: tuple[QColor, QColor]) -> None:
    light, dark = threads
    for column in range(int(whole.width() / (2 * THREAD)) + 1):
        painter.fillRect(QRectF(2 * THREAD * column, 0, THREAD, whole.height()), light)
        painter.fillRect(QRectF(2 * THREAD * column + THREAD, 0, 2, whole.height()), dark)


_WEAVES = {"plain": _plain, "twill": _twill, "knit": _knit, "rib": _rib}
