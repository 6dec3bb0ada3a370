"""Somebody in pale lines where a picture of the customer is to come: a grey field tells nobody that there is one."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.kiosk.parts import px
from app.ui.preview import draw_figure
from app.ui.viewport import Viewport

EVERY, STEPS = 90, 26  # between two pictures [ms]; pictures in which the light goes once down
TALL, BAND = 0.82, 0.16  # the figure's height and the light's, as shares of the field's
PALE, LIGHT = QColor("#B4B6B3"), QColor(255, 255, 255, 190)


class Waiting(QWidget):
    """Lies over a viewport as long as there is nothing to be seen in it. While `busy`, a light goes down it."""

    def __init__(self, view: Viewport) -> None:
        super().__init__(view)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.busy: Callable[[], bool] = lambda: False
        self._view, self._step = view, 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._next)
        view.drawn.connect(self._look)
        view.installEventFilter(self)
        self.setGeometry(view.rect())
        self._look()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as the viewport, always."""
        if watched is self._view and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.rect())
        return False

    def _look(self) -> None:
        """Whether there is something to be seen now."""
        empty = self._view.canvas.empty
        self.setVisible(empty)
        (self._timer.start if empty else self._timer.stop)()

    def _next(self) -> None:
        if self.isVisible() and self.busy():
            self._step = (self._step + 1) % STEPS
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tall = TALL * min(self.height(), 2 * self.width())
        place = QRectF(0, 0, tall / 2, tall)
        place.moveCenter(QRectF(self.rect()).center())
        draw_figure(painter, place, "front", box=False, colour=PALE)
        if self.busy():
            self._draw_light(painter, place)

    def _draw_light(self, painter: QPainter, place: QRectF) -> None:
        high = BAND * place.height()
        top = place.top() + (self._step / (STEPS - 1)) * (place.height() - high)
        fading = QLinearGradient(0.0, top, 0.0, top + high)
        clear = QColor(LIGHT)
        clear.setAlpha(0)
        for at, colour in ((0.0, clear), (0.5, LIGHT), (1.0, clear)):
            fading.setColorAt(at, colour)
        painter.fillRect(QRectF(place.left() - px(24), top, place.width() + px(48), high), fading)
