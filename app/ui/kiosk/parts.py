"""What the kiosk's pages are made of: words, buttons, steppers, keys, seen from two metres and pressed with a finger.

Sizes are for a screen whose sides are at least 1080 and 1600 pixels, and grow and shrink with it (`px`).
"""

from collections.abc import Callable, Sequence
from functools import partial
from string import Template
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.preview import Preview

TEXT, SMALL, TITLE, HUGE = 34, 28, 56, 120
TARGET, LEAST = 88, 64
"""What is pressed, as other sizes are told, and never less than so many pixels of any screen."""
GAP = 24
LIVE = 1.9  # how much larger words on a live picture are than on a desk
SHORT, LONG = 1080, 1600
HELD = 1500  # [ms]
_unit = 1.0


def set_unit(width: int, height: int) -> None:
    """Make sizes fit a screen of so many pixels; never so small that type is hard to read."""
    global _unit
    _unit = max(min(min(width, height) / SHORT, max(width, height) / LONG), 0.6)


def px(size: float) -> int:
    """A size on the screen at hand."""
    return round(size * _unit)


def target(size: float = TARGET) -> int:
    """The side of something that is pressed, on the screen at hand."""
    return max(px(size), LEAST)


def live_picture(outline: bool = True) -> Preview:
    """A live picture as in a mirror, its words to be read from two metres; where there is none, the page says so."""
    made = Preview(large=LIVE * px(100) / 100, mirror=True, outline=outline, nothing="")
    made.setMinimumSize(0, 0)  # It takes what room there is: words beside it come first.
    return made


def say(text: str, style: str = "text", centred: bool = False) -> QLabel:
    """A text; `style` is "text", "small", "title", "huge", "good" or "bad"."""
    made = QLabel(text)
    made.setObjectName(style)
    made.setWordWrap(True)
    sizes = {"title": TITLE, "huge": HUGE, "small": SMALL}
    made.setFont(theme.font(px(sizes.get(style, TEXT)), bold=style in ("title", "huge")))
    if centred:
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def press(text: str, then: Callable[[], object], style: str = "", name: str = "") -> QPushButton:
    """A button; `style` is "", "primary", "quiet", or "close" where words may come near its edge."""
    made = QPushButton(text)
    made.setObjectName(style or "plain")
    made.setFont(theme.font(px(TEXT), bold=style == "primary"))
    made.setMinimumSize(target(), target())
    made.setAutoDefault(False)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setAccessibleName(name or text)
    made.clicked.connect(lambda: then())
    return made


class Card(QPushButton):
    """A button with a name and lines below it, in as many rows as they need."""

    def __init__(self, name: str, lines: Sequence[str], then: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.clicked.connect(lambda: then())
        words = [say(name), *(say(line, "small") for line in lines)]
        words[0].setFont(theme.font(px(TEXT), bold=True))
        for one in words:
            one.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._inside = column(*words, 0)
        self._inside.setContentsMargins(px(GAP), px(GAP / 2), px(GAP), px(GAP / 2))
        self._inside.setSpacing(px(GAP / 4))
        self.setLayout(self._inside)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        return max(self._inside.totalHeightForWidth(width), target())

    def sizeHint(self) -> QSize:
        return QSize(px(4 * TARGET), self.heightForWidth(self.width()))


def column(*parts: QWidget | int) -> QVBoxLayout:
    """Widgets below each other; a number is a space, 0 one that stretches."""
    made = QVBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(px(GAP))
    for one in parts:
        if isinstance(one, QWidget):
            made.addWidget(one)
        elif one:
            made.addSpacing(px(one))
        else:
            made.addStretch(1)
    return made


class Choice(QWidget):
    """One of a few: buttons side by side, or in so many `columns`, the chosen one filled; `then` hears of another one.
    Where nothing need be chosen (`optional`), the same button again chooses None."""

    def __init__(
        self,
        options: tuple[tuple[object, str], ...],
        now: object,
        then: Callable[[Any], object] = lambda value: None,
        columns: int = 0,
        optional: bool = False,
    ) -> None:
        super().__init__()
        grid, columns = QGridLayout(self), columns or len(options)
        self._then, self._optional = then, optional
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(px(GAP / 2))
        self.value = now
        self._buttons: dict[object, QPushButton] = {}
        for k, (value, text) in enumerate(options):
            self._buttons[value] = press(text, partial(self.choose, value))
            self._buttons[value].setCheckable(True)
            grid.addWidget(self._buttons[value], k // columns, k % columns)
        for k in range(columns):
            grid.setColumnStretch(k, 1)
        self._reflect()

    def choose(self, value: object) -> None:
        self.value = None if self._optional and value == self.value else value
        self._reflect()
        self._then(self.value)

    def _reflect(self) -> None:
        for value, button in self._buttons.items():
            button.setChecked(value == self.value)


class Corner(QLabel):
    """A picture that does something when it is held for HELD ms."""

    def __init__(self, picture: QPixmap, then: Callable[[], object]) -> None:
        super().__init__()
        self.setPixmap(picture)
        self.setMinimumSize(target(), target())
        self.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(HELD)
        self._timer.timeout.connect(then)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._timer.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._timer.stop()


class Keys(QWidget):
    """Digits to type a length in centimetres with, or a number without a `point`; `changed` tells what stands there."""

    changed = Signal(str)

    def __init__(self, clear: str, digits: int = 5, point: str = ".") -> None:
        super().__init__()
        self.text, self._digits = "", digits
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(px(GAP / 2))
        for k, key in enumerate((*"123456789", point, "0", clear)):
            then = self.clear if key == clear else partial(self.type, key)
            if key:
                grid.addWidget(press(key, then, name=f"key {key}"), k // 3, k % 3)
        for k in range(3):
            grid.setColumnStretch(k, 1)

    def type(self, key: str) -> None:
        if len(self.text) < self._digits and not (key == "." and ("." in self.text or not self.text)):
            self.text += key
            self.changed.emit(self.text)

    def clear(self) -> None:
        self.text = ""
        self.changed.emit("")

    @property
    def value(self) -> float | None:
        """What was typed [m], None while it is no number."""
        try:
            return float(self.text) / 100
        except ValueError:
            return None


class Dots(QWidget):
    """Where one is: three dots, those passed and the present one filled."""

    def __init__(self) -> None:
        super().__init__()
        self.phase: int | None = None
        self.setFixedSize(px(180), px(48))

    def show_phase(self, phase: int | None) -> None:
        self.phase = phase
        self.setAccessibleName("" if phase is None else f"{phase + 1} / 3")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.phase is None:
            return
        colours, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for k in range(3):
            wide = px(24) if k == self.phase else px(16)
            painter.setBrush(QColor(colours.accent if k <= self.phase else colours.line))
            middle_x, middle_y = self.width() * (k + 0.5) / 3, self.height() / 2
            painter.drawEllipse(QRectF(middle_x - wide / 2, middle_y - wide / 2, wide, wide))


class Bar(QWidget):
    """How one size would be found: too small on the left, fitting (filled), too large on the right; how sure."""

    def __init__(self, size: str, small: float, fits: float, probability: float, best: bool) -> None:
        super().__init__()
        self.size_name, self.small, self.fits, self.probability, self.best = size, small, fits, probability, best
        self.setFixedHeight(px(52))
        self.setAccessibleName(f"{size}: {100 * probability:.0f} %")

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.accent if self.best else colours.text))
        painter.setFont(theme.font(px(TEXT), bold=self.best))
        middle = Qt.AlignmentFlag.AlignVCenter
        left, right = px(110), px(130)
        painter.drawText(QRectF(0, 0, left, self.height()), middle, self.size_name)
        room, thick = self.width() - left - right, px(26)
        track = QRectF(left, (self.height() - thick) / 2, room, thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.line))
        painter.drawRoundedRect(track, 6, 6)
        if self.fits > 0.005:
            painter.setBrush(QColor(colours.accent if self.best else colours.edge))
            painter.drawRoundedRect(QRectF(left + room * self.small, track.y(), room * self.fits, thick), 6, 6)
        painter.setPen(QColor(colours.text if self.probability >= 0.01 else colours.muted))
        share = QRectF(self.width() - right, 0, right, self.height())
        painter.drawText(share, middle | Qt.AlignmentFlag.AlignRight, f"{100 * self.probability:.0f} %")


def progress() -> QProgressBar:
    """How far something is, in thousandths."""
    made = QProgressBar()
    made.setRange(0, 1000)
    made.setTextVisible(False)
    made.setFixedHeight(px(14))
    made.setAccessibleName("progress")
    return made


class Code(QWidget):
    """A QR code, as large as there is room for."""

    def __init__(self, dark: np.ndarray) -> None:
        super().__init__()
        self.dark = dark
        self.setMinimumSize(px(420), px(420))
        self.setAccessibleName("QR")

    def sizeHint(self) -> QSize:
        return QSize(px(640), px(640))

    def paintEvent(self, event: QPaintEvent) -> None:
        count = len(self.dark)
        module = max(min(self.width(), self.height()) // count, 1)
        pixels = np.ascontiguousarray(np.where(self.dark, 0, 255).astype(np.uint8))
        image = QImage(pixels.data, count, count, count, QImage.Format.Format_Grayscale8)
        side = module * count
        painter = QPainter(self)
        painter.drawImage(QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side), image)


def sheet() -> str:
    """The kiosk's style: the light theme, larger."""
    colours = theme.current()
    values = {name: getattr(colours, name) for name in type(colours).__slots__}
    return Template(_SHEET).substitute(values, radius=px(14), pad=px(28), thin=max(px(2), 1), thick=px(6), bar=target())


_SHEET = """
QWidget#kiosk { background: $window; }
QWidget#words { background: $window; }
QWidget#stage { background: $panel; }
QLabel { color: $text; background: transparent; }
QLabel#small { color: $muted; }
QLabel#bad { color: $bad; }
QLabel#good { color: $good; }
QLabel#huge { color: $accent; }
QPushButton { background: $panel; color: $text; border: ${thin}px solid $edge; border-radius: ${radius}px;
  padding: 4px ${pad}px; }
QPushButton:hover { background: $panel; }
QPushButton:pressed { background: $hover; }
QPushButton:checked { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton:disabled { color: $edge; border-color: $line; background: $window; }
QPushButton#primary { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton#primary:disabled { background: $line; color: $muted; border-color: $line; }
QPushButton#quiet { background: transparent; border-color: transparent; color: $accent; }
QPushButton#card { text-align: left; }
QPushButton#close { padding: 4px; }
QScrollArea { background: $window; }
QScrollBar:vertical { width: ${bar}px; background: $line; }
QScrollBar::handle:vertical { background: $edge; min-height: ${bar}px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QPushButton#swatch { padding: 0; border-color: $line; }
QPushButton#swatch:checked { background: $panel; border: ${thick}px solid $accent; }
QProgressBar { background: $line; border: none; border-radius: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QWidget#asking { background: $panel; border: ${thin}px solid $edge; border-radius: ${radius}px; }
QWidget#shade { background: rgba(30, 31, 34, 150); }
"""
