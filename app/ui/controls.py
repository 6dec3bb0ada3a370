"""The controls that panels are made of: quantities with units and doubt, segments, headings, cards.

Every control has a name for screen readers, a unit, exact entry by typing, and a reset by double click.
"""

from collections.abc import Callable, Sequence
from math import degrees, radians
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.saying import spoken
from app.ui import theme
from app.ui.slider import STEPS, Slider
from assets import units
from assets.errors import ToileError, UsageError

ESTIMATED = ("Estimated. Click to keep it", "Set by you and kept. Click to have it estimated")
FRAME = 2
"""What a card's outline takes of its width and of its height, which Qt does not count where it is asked how high a card
is at a width."""
W = TypeVar("W", bound=QWidget)


class Unit:
    """How a kind of quantity is read and shown: `kind` is "length", "mass", "share", "angle" or "years"."""

    def __init__(self, kind: str, unit: str) -> None:
        self.kind, self.unit = kind, unit

    def parse(self, text: str) -> float:
        """The value [SI, or years] of what was typed. Raises UsageError."""
        if self.kind == "length":
            return units.signed_length(text, self.unit)
        if self.kind == "mass":
            return units.mass(text, self.unit)
        if self.kind == "share":
            return units.quantity(text, "share", "%")
        if self.kind == "angle":
            return radians(units.signed(text.replace("°", "").replace("deg", "")))
        try:
            return float(text.lower().replace("years", "").replace("岁", "").replace("y", "").strip())
        except ValueError:
            raise UsageError(f"{text!r} is not an age: write it like 31") from None

    def show(self, value: float) -> str:
        if self.kind == "share":
            return f"{100 * value:.1f} %"
        if self.kind == "angle":
            return f"{degrees(value):.0f}°"
        return f"{value:.0f} years" if self.kind == "years" else units.show(value, self.unit)


class Quantity(QWidget):
    """A value in real units: title, exact entry, doubt, lock, slider. Values are SI.

    `edited` carries a value that the person set; `released` says that they want it estimated again.
    """

    edited = Signal(float)
    released = Signal()
    looked_at = Signal(bool)

    def __init__(
        self,
        title: str,
        unit: Unit,
        low: float,
        high: float,
        hint: str = "",
        drag: tuple[float, float] | None = None,
        lock: tuple[str, str] = ESTIMATED,
    ) -> None:
        """`low`, `high`: what may be typed; `drag`: what the slider reaches; `lock`: what it says open and closed."""
        super().__init__()
        self.told = lock
        self._shown_locked: bool | None = None
        self.unit, self.low, self.high, self.value = unit, low, high, (low + high) / 2
        self.from_, self.to = drag or (low, high)
        self.title = QLabel(spoken(title))
        self.title.setWordWrap(True)
        self.source, self.change = styled(QLabel(), "doubt"), styled(QLabel(), "change")
        self.misfit = label("", "bad")
        self.misfit.setFont(theme.font(theme.CAPTION))
        self.misfit.hide()
        self.entry = styled(QLineEdit(), "entry")
        self.entry.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.entry.setFixedWidth(84)
        self.entry.setFont(theme.font())
        self.entry.setAccessibleName(spoken(f"{title} [{unit.unit}]"))
        self.lock = QToolButton()
        self.lock.setCheckable(True)
        self.lock.setIconSize(QSize(16, 16))
        self.lock.setAccessibleName(spoken(f"{title}: measured by hand, keep it"))
        self.slider = Slider(f"{title} slider")
        self.setToolTip(spoken(hint))
        self._lay_out()
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        for part in (self, self.entry, self.slider, self.lock):
            part.installEventFilter(self)
        self.slider.valueChanged.connect(self._slid)
        self.slider.reset.connect(self._release)
        self.entry.editingFinished.connect(self._typed)
        self.lock.clicked.connect(self._locked)
        self.show_value(None)

    def show_value(self, value: float | None, sd: float | None = None, locked: bool = False, source: str = "") -> None:
        """Show a value with its doubt and where it is from. None: nothing is known yet. What is being typed, or was
        typed wrong, stays."""
        if not self.slider.isSliderDown() and value is not None:
            self.value = value
            self.slider.blockSignals(True)
            self.slider.setValue(round(STEPS * (value - self.from_) / (self.to - self.from_)))
            self.slider.blockSignals(False)
        self.slider.known, self.slider.blank = locked, value is None
        self.slider.doubt = 0.0 if locked or not sd else 2 * sd / (self.to - self.from_)
        self.slider.update()
        if not self.entry.isModified():
            self.entry.setText(spoken("—" if value is None else self.unit.show(value)))
            self._wrong("")
        doubt = f"± {self.unit.show(sd)}" if sd else ""
        self.source.setText(" ".join(filter(None, (spoken(source), doubt))))
        self.source.setVisible(bool(self.source.text()))
        self.lock.setChecked(locked)
        self.lock.setEnabled(value is not None)
        if locked is not self._shown_locked:
            self._shown_locked = locked
            theme.set_icon(self.lock, "lock" if locked else "unlock")
            self.lock.setToolTip(spoken(self.told[locked]))

    def show_change(self, text: str) -> None:
        """By how much the value differs from before, in words; "" where it does not."""
        self.change.setText(spoken(text))
        self.change.setAccessibleName(spoken(f"{self.title.text()} changed by {text}" if text else ""))

    def show_misfit(self, sentence: str) -> None:
        """Why this value does not fit the others; "" where it does."""
        self.misfit.setText(spoken(sentence[:1].upper() + sentence[1:]))
        self.misfit.setVisible(bool(sentence))

    def show_unit(self, unit: Unit) -> None:
        """Show values in another unit of the same kind."""
        self.unit = unit
        self.entry.setAccessibleName(spoken(f"{self.title.text()} [{unit.unit}]"))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._release()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tells whether the pointer or the keyboard is on any part of it."""
        if (watched is self and event.type() == QEvent.Type.HoverEnter) or event.type() == QEvent.Type.FocusIn:
            self.looked_at.emit(True)
        elif (watched is self and event.type() == QEvent.Type.HoverLeave) or event.type() == QEvent.Type.FocusOut:
            self.looked_at.emit(False)
        return False

    def _release(self) -> None:
        self.entry.setModified(False)
        self.released.emit()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.title, 1)
        top.addWidget(self.entry)
        top.addWidget(self.lock)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(0)
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addWidget(self.source, 1)
        below.addWidget(self.change)
        layout.addLayout(top)
        layout.addWidget(self.slider)
        layout.addLayout(below)
        layout.addWidget(self.misfit)

    def _slid(self, step: int) -> None:
        self.value = self.from_ + (self.to - self.from_) * step / STEPS
        self.entry.setModified(False)
        self.edited.emit(self.value)

    def _typed(self) -> None:
        text = self.entry.text().strip()
        if not self.entry.isModified() or text in ("", "—"):
            if not text and self.entry.isModified():
                self._release()
            return
        try:
            value = self.unit.parse(text)
            if not self.low <= value <= self.high:
                raise UsageError(
                    f"{self.title.text()} goes from {self.unit.show(self.low)} to {self.unit.show(self.high)}"
                )
        except ToileError as error:
            self._wrong(str(error))
            return
        self.entry.setModified(False)
        self._wrong("")
        self.edited.emit(value)

    def _wrong(self, why: str) -> None:
        self.entry.setToolTip(spoken(why or "Type a value, with its unit if you like"))
        if bool(self.entry.property("wrong")) != bool(why):
            self.entry.setProperty("wrong", bool(why))
            self.entry.style().polish(self.entry)
        if why:
            self.source.setText("")

    def _locked(self, locked: bool) -> None:
        self.entry.setModified(False)
        if locked:
            self.edited.emit(self.value)
        else:
            self.released.emit()


class Segments(QWidget):
    """A few choices side by side, one of them chosen."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], hints: Sequence[str] = ()) -> None:
        """`choices`: value and label; `name` is for screen readers."""
        super().__init__()
        self.setObjectName("segments")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(spoken(name))
        self.group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        for k, (value, label) in enumerate(choices):
            button = QToolButton()
            button.setText(spoken(label))
            button.setCheckable(True)
            button.setAccessibleName(spoken(f"{name}: {label}"))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setToolTip(spoken(hints[k] if hints else ""))
            button.clicked.connect(lambda _=False, value=value: self.chosen.emit(value))
            self.group.addButton(button)
            self.buttons[value] = button
            layout.addWidget(button)

    def choose(self, value: str | None) -> None:
        """Show a choice without telling anybody."""
        self.group.setExclusive(False)
        for name, button in self.buttons.items():
            button.setChecked(name == value)
        self.group.setExclusive(value is not None)


class _Column(QWidget):
    """Never lower than its words are at its width: Qt would squeeze lines that wrap before it scrolls."""

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        layout = self.layout()
        if layout is not None and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.setMinimumHeight(max(layout.totalHeightForWidth(self.width()), 0))
        return done


class Scrolled(QScrollArea):
    """A column of widgets that scrolls up and down only."""

    def __init__(self, spacing: int = 8, name: str = "panel") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = styled(_Column(), name)
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(16, 12, 12, 16)
        self.column.setSpacing(spacing)
        self.column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(inside)


def styled(widget: W, style: str) -> W:
    """The widget, with a name that the style sheet knows."""
    widget.setObjectName(style)
    return widget


def label(text: str, style: str = "", wrap: bool = True, selectable: bool = True) -> QLabel:
    """A text; `style` is "", "title", "section", "caption", "good" or "bad". One that wraps can be selected, for which
    Qt takes twice as long to lay it out: not where there are many."""
    made = styled(QLabel(spoken(text)), style)
    made.setWordWrap(wrap)
    made.setFont(theme.font())
    if wrap and selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def section(text: str) -> QLabel:
    return label(spoken(text).upper(), "section", wrap=False)


def hairline(vertical: bool = False) -> QFrame:
    line = styled(QFrame(), "hairline")
    (line.setFixedWidth if vertical else line.setFixedHeight)(1)
    return line


def button(text: str, then: Callable[[], object], icon: str = "", primary: bool = False) -> QPushButton:
    made = styled(QPushButton(spoken(text)), "primary" if primary else "")
    if icon:
        theme.set_icon(made, icon, "on_accent" if primary else None)
    made.setAccessibleName(spoken(text))
    made.setAutoDefault(False)
    made.clicked.connect(lambda: then())
    return made


def tool(icon: str, name: str, then: Callable[[], object]) -> QToolButton:
    """A button with an icon only; `name` is its tooltip and what screen readers say."""
    made = QToolButton()
    theme.set_icon(made, icon)
    made.setIconSize(QSize(16, 16))
    made.setToolTip(spoken(name))
    made.setAccessibleName(spoken(name))
    made.clicked.connect(lambda: then())
    return made


def card(name: str = "card") -> tuple[QFrame, QVBoxLayout]:
    """A framed box with a column in it."""
    frame = styled(QFrame(), name)
    column = QVBoxLayout(frame)
    column.setContentsMargins(12, 12, 12, 12)
    column.setSpacing(8)
    return frame, column


def clear(layout) -> None:
    """Remove everything from a layout."""
    while layout.count():
        item = layout.takeAt(0)
        if item.widget():
            item.widget().hide()
            item.widget().deleteLater()
        elif item.layout():
            clear(item.layout())
