"""The legend of a map on the picture, and what sets it: which of its family, how far it goes, how it is drawn."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.saying import spoken
from app.ui import theme
from app.ui.controls import Segments, label, styled, tool
from garments.atlas import BY_NAME, FAMILIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.project import Scaling
    from app.scenes.scales import Legend

WIDTH, MARGIN, ENTRY, GAP = 324, 12, 52, 4
FIT = "Fit the scale to what is shown"
SWITCHES = (
    ("bands", "Bands", "Eight bands instead of a smooth scale"),
    ("limits", "Limits", "Scale each garment up to its fabric's limit, instead of all alike"),
    ("pattern", "Pattern", "Lines besides colour, thicker where there is more"),
)


class Bar(QWidget):
    """The colours with their values, and marks where fabrics have their limits."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(44)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.legend: Legend | None = None

    def show_legend(self, legend: "Legend") -> None:
        self.legend = legend
        self.setFixedHeight(44 if legend.limits else 30)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.legend is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.CAPTION))
        top = 15.0 if self.legend.limits else 1.0
        bar = QRectF(1, top, self.width() - 2, 11)
        painter.drawImage(bar, self._colours(round(bar.width()), 11))
        painter.setPen(QPen(QColor(theme.current().edge), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        self._labels(painter, bar, self.legend.ticks, bar.bottom() + 4, mark=4.0)
        self._limits(painter, bar)

    def _colours(self, wide: int, high: int) -> QImage:
        assert self.legend is not None
        ramp = self.legend.ramp
        values = np.linspace(ramp.low, ramp.high, wide)
        pixels = np.repeat((255 * ramp.colours(values) + 0.5).astype(np.uint8)[None], high, axis=0)
        if ramp.pattern:
            period = 5
            lines = np.arange(high)[:, None] % period < 0.6 * ramp.share(values)[None] * period
            pixels = np.where(lines[..., None], pixels // 2, pixels)
        pixels = np.ascontiguousarray(pixels)
        return QImage(pixels.tobytes(), wide, high, 3 * wide, QImage.Format.Format_RGB888).copy()

    def _labels(self, painter: QPainter, bar: QRectF, found, top: float, mark: float) -> None:
        """Labels below the bar, none over another: the last counts most, then those from the left."""
        taken: list[QRectF] = []
        painter.setPen(QColor(theme.current().text))
        for place, words in (found[-1], *found[:-1]):
            words = spoken(words)
            x = bar.left() + bar.width() * place
            wide = painter.fontMetrics().horizontalAdvance(words) + 2.0
            box = QRectF(min(max(x - wide / 2, bar.left()), bar.right() - wide), top, wide, 14)
            painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + mark))
            if not any(box.adjusted(-4, 0, 4, 0).intersects(other) for other in taken):
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
                taken.append(box)

    def _limits(self, painter: QPainter, bar: QRectF) -> None:
        assert self.legend is not None
        right = bar.right() + 1
        for place, words in sorted(self.legend.limits, reverse=True):
            words = spoken(words)
            x = bar.left() + bar.width() * place
            painter.setPen(QPen(QColor(theme.current().text), 2))
            painter.drawLine(QPointF(x, bar.top() - 3), QPointF(x, bar.bottom()))
            wide = painter.fontMetrics().horizontalAdvance(words) + 2.0
            left = min(max(x - wide / 2, bar.left()), right - wide)
            if left >= bar.left():
                painter.drawText(QRectF(left, bar.top() - 16, wide, 13), Qt.AlignmentFlag.AlignCenter, words)
                right = left - 6


class Scale(QFrame):
    """The legend of a map with its controls. `chosen` names a map; `switched` one of SWITCHES; `ended` carries the end
    of the scale that was typed ("" for the map's own); `fitted`: fit the scale; `compared` the key of a drape to be
    compared with, "" for none."""

    chosen = Signal(str)
    switched = Signal(str)
    ended = Signal(str)
    fitted = Signal()
    compared = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFixedWidth(WIDTH)
        self.title = label("", wrap=False)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.end = styled(QLineEdit(), "entry")
        self.end.setAccessibleName(spoken("End of the scale"))
        self.end.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.end.setFixedWidth(ENTRY)
        self.end.setToolTip(spoken("Where the scale ends. Type a value; leave it empty for the map's own"))
        self.end.editingFinished.connect(self._typed)
        self.fit = tool("frame", FIT, self.fitted.emit)
        self.up_to = label("up to", "caption", wrap=False)
        self.bar, self.notes = Bar(), label("", "caption")
        self.families = {family: self._family(names) for family, names in FAMILIES.items() if len(names) > 1}
        self.switches = self._switches()
        self.compare = QToolButton()
        self.compare.setAccessibleName(spoken("Compare with another drape"))
        self.compare.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.compare.setMenu(QMenu(self.compare))
        self.more = QToolButton()
        self.more.setText("⋯")
        self.more.setAccessibleName(spoken("How the map is drawn"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(QMenu(self.more))
        self.more.menu().aboutToShow.connect(self._fill_more)
        self.notes.setFont(theme.font(theme.CAPTION))
        self.notes.setContentsMargins(0, 0, 0, 4)
        self._name, self._small, self._alone, self._limited = "", False, False, False
        self._lay_out()
        self.hide()

    def show_legend(
        self, legend: "Legend | None", name: str = "", scaling: "Scaling | None" = None, end: str = "",
        drapes: "Sequence[tuple[str, str]]" = (), against: str = "", alone: bool = False,
    ) -> None:  # fmt: skip
        """The legend of a map `name`, with the text of its `end`; `drapes`: key and label of those to compare with,
        `against` the key of the one chosen; `alone` where the others of its family are not known."""
        self.setVisible(legend is not None)
        if legend is None or scaling is None:
            return
        self._name, self._alone = name, alone
        self.title.setText(spoken(legend.title))
        self.title.setToolTip(spoken(f"{BY_NAME[name].title}: {BY_NAME[name].says}"))
        self.setAccessibleName(spoken(f"Scale: {legend.words}"))
        self.bar.show_legend(legend)
        self.notes.setText(spoken("\n".join(legend.notes)))
        limited = scaling.by_limit and BY_NAME[name].limited and not against
        self.end.setText(end)
        self._limited = limited
        self.end.setVisible(not limited)
        for segments in self.families.values():
            segments.choose(name)
        for switch, on in zip(self.switches.values(), (scaling.banded, scaling.by_limit, scaling.pattern), strict=True):
            switch.setChecked(on)
        self.switches["limits"].setEnabled(BY_NAME[name].limited and not against)
        self._fill_menu(drapes, against)
        self._fit()

    def be_small(self, small: bool) -> None:
        """Leave out what a small picture has no room for; a menu holds it."""
        if small != self._small:
            self._small = small
            self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Clicks end here; the picture below does not turn."""

    def _fit(self) -> None:
        """Show what there is room for, and be as high as that."""
        told = BY_NAME[self._name].family if self._name else ""
        for family, segments in self.families.items():
            segments.setVisible(not self._small and not self._alone and family == told)
        for part in (self.notes, self.foot):
            part.setVisible(not self._small)
        self.more.setVisible(self._small)
        self.fit.setVisible(not self._limited and not self._small)
        self.up_to.setVisible(not self._limited and self._room_to_spare())
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.setFixedHeight(layout.heightForWidth(WIDTH) if layout.hasHeightForWidth() else layout.sizeHint().height())

    def _room_to_spare(self) -> bool:
        """Whether "up to" leaves the title room to be read whole."""
        parts = (self.title, self.up_to, self.more if self._small else self.fit)
        return sum(part.sizeHint().width() + GAP for part in parts) + ENTRY + 2 * MARGIN <= WIDTH

    def _family(self, names: tuple[str, ...]) -> Segments:
        choices = [(name, BY_NAME[name].short) for name in names]
        segments = Segments("Direction", choices, [BY_NAME[name].says for name in names])
        segments.chosen.connect(self.chosen)
        return segments

    def _switches(self) -> dict[str, QToolButton]:
        made = {}
        for name, words, hint in SWITCHES:
            button = QToolButton()
            button.setText(spoken(words))
            button.setCheckable(True)
            button.setToolTip(spoken(hint))
            button.setAccessibleName(spoken(hint))
            button.clicked.connect(lambda _=False, name=name: self.switched.emit(name))
            made[name] = button
        return made

    def _lay_out(self) -> None:
        self.foot = QWidget()
        head, foot = QHBoxLayout(), QHBoxLayout(self.foot)
        foot.setContentsMargins(0, 0, 0, 0)
        for row in (head, foot):
            row.setSpacing(GAP)
        head.addWidget(self.title, 1)
        head.addWidget(self.up_to)
        head.addWidget(self.end)
        head.addWidget(self.fit)
        head.addWidget(self.more)
        switches = styled(QWidget(), "segments")
        switches.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QHBoxLayout(switches)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        for button in self.switches.values():
            inside.addWidget(button)
        foot.addWidget(switches)
        foot.addStretch(1)
        foot.addWidget(self.compare)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 6, MARGIN, 6)
        column.setSpacing(4)
        column.addLayout(head)
        for segments in self.families.values():
            column.addWidget(segments)
        column.addWidget(self.bar)
        column.addWidget(self.notes)
        column.addWidget(self.foot)

    def _fill_menu(self, drapes: "Sequence[tuple[str, str]]", against: str) -> None:
        menu = self.compare.menu()
        menu.clear()
        for key, words in (("", "Values, not a change"), *drapes):
            action = menu.addAction(spoken(words))
            action.setCheckable(True)
            action.setChecked(key == against)
            action.triggered.connect(lambda _=False, key=key: self.compared.emit(key))
        known = dict(drapes)
        self.compare.setText(spoken("Change ▾" if against in known else "Compare ▾"))
        self.compare.setEnabled(bool(drapes))
        hint = "Drape another size first: the change between both can then be shown"
        if drapes:
            hint = f"The change since {known[against]}" if against in known else "Show the change since another drape"
        self.compare.setToolTip(spoken(hint))

    def _fill_more(self) -> None:
        """The menu of a small legend: the other maps of its family, the switches, the drapes to compare with."""
        menu = self.more.menu()
        menu.clear()
        family = FAMILIES[BY_NAME[self._name].family]
        for name in family if len(family) > 1 and not self._alone else ():
            action = menu.addAction(spoken(BY_NAME[name].title))
            action.triggered.connect(lambda _=False, name=name: self.chosen.emit(name))
            action.setCheckable(True)
            action.setChecked(name == self._name)
        menu.addSeparator()
        fit = menu.addAction(spoken(FIT))
        fit.triggered.connect(self.fitted)
        fit.setEnabled(not self._limited)
        for name, words, _ in SWITCHES:
            action = menu.addAction(spoken(words))
            action.triggered.connect(lambda _=False, name=name: self.switched.emit(name))
            action.setCheckable(True)
            action.setChecked(self.switches[name].isChecked())
            action.setEnabled(self.switches[name].isEnabled())
        menu.addSeparator()
        for action in self.compare.menu().actions():
            menu.addAction(action)

    def _typed(self) -> None:
        if self.end.isModified():
            self.end.setModified(False)
            self.ended.emit(self.end.text().strip())
