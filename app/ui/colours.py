"""Swatches of cloth colours, and any other by its code."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.saying import spoken
from app.ui import theme
from app.ui.controls import label, tool
from assets.errors import UsageError
from assets.lab import to_lab
from assets.units import colour_code
from garments.colours.palette import Colour, Shade, named, palette, shade

# Dyes as shops name them; sRGB.
SWATCHES = {
    "White": "#F2F0EA", "Ecru": "#DED3BC", "Sand": "#BFA77F", "Mustard": "#B98A2E", "Rust": "#A2542F",
    "Red": "#9C2B2E", "Rose": "#C98F90", "Plum": "#5E3350", "Navy": "#25304B", "Denim": "#4C6585",
    "Teal": "#2F6468", "Sage": "#8B9A80", "Forest": "#2F4A38", "Grey": "#8B8C8D", "Anthracite": "#43454A",
    "Black": "#1C1C1E",
}  # fmt: skip
COLUMNS = 8


class Swatch(QAbstractButton):
    """One colour, round."""

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self.colour = colour
        self.setCheckable(True)
        self.setFixedSize(28, 28)
        self.setToolTip(f"{spoken(name)} {colour}")
        self.setAccessibleName(spoken(name))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(self.colour))
        painter.setPen(QPen(QColor(colours.edge), 1))
        painter.drawEllipse(QRectF(4.5, 4.5, 19, 19))
        if self.isChecked() or self.hasFocus() or self.underMouse():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            strong = self.isChecked() or self.hasFocus()
            painter.setPen(QPen(QColor(colours.accent if strong else colours.edge), 2 if strong else 1))
            painter.drawEllipse(QRectF(1.5, 1.5, 25, 25))

    def sizeHint(self) -> QSize:
        return QSize(28, 28)


class Palette(QWidget):
    """All shades of the palette, a code or a name to type, and what a colour is in Lab. `chosen` carries linear RGB."""

    chosen = Signal(object)
    ACROSS = 10

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(spoken(name))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        self.swatches: dict[str, Swatch] = {}
        column.addLayout(self._grid)
        self.code = QLineEdit()
        self.code.setAccessibleName(spoken(f"{name}: a name, a code or Lab"))
        self.code.setToolTip("navy, 藏青, #25304B, lab(20, 2, -18)")
        self.code.setFixedWidth(110)
        self.code.editingFinished.connect(self._typed)
        self.said = label("", "caption")
        row = QHBoxLayout()
        row.addWidget(self.code)
        row.addWidget(tool("plus", "Choose another colour", self._choose))
        row.addWidget(self.said, 1)
        column.addLayout(row)

    def made(self) -> Iterator[None]:
        """Make the swatches, a row in each piece."""
        for k, each in enumerate(_in_order()):
            swatch = self.swatches[each.code] = Swatch(each.english, each.code)
            swatch.setToolTip(f"{spoken(f'{each.english} {each.chinese}')} {each.code}")
            swatch.clicked.connect(lambda _=False, each=each: self.chosen.emit(each.colour))
            self._grid.addWidget(swatch, k // self.ACROSS, k % self.ACROSS)
            if k % self.ACROSS == 0:
                yield

    def show_colour(self, colour: Colour) -> None:
        """Show which colour it is now."""
        code, near = colour_code(colour), named(colour)
        for own, swatch in self.swatches.items():
            swatch.setChecked(own == code)
        if not self.code.hasFocus() or not self.code.isModified():
            self.code.setText(code)
        lightness, a, b = to_lab(np.array(colour))
        exact = "" if near.code == code else "near "
        self.said.setText(spoken(f"{exact}{near.english.lower()}\nL* {lightness:.0f}  a* {a:.0f}  b* {b:.0f}"))

    @staticmethod
    def code_of(colour: Colour) -> str:
        return colour_code(colour)

    def _typed(self) -> None:
        if not self.code.isModified():
            return
        self.code.setModified(False)
        try:
            found = shade(self.code.text())
        except UsageError as error:
            self._wrong(str(error))
            return
        self._wrong("")
        self.chosen.emit(found)

    def _wrong(self, why: str) -> None:
        self.code.setProperty("wrong", bool(why))
        self.code.setToolTip(spoken(why))
        self.code.style().polish(self.code)
        if why:
            self.said.setText(spoken(why))

    def _choose(self) -> None:
        colour = QColorDialog.getColor(QColor(self.code.text()), self, spoken("Colour"))
        if colour.isValid():
            self.chosen.emit(shade(colour.name()))


def _in_order() -> list[Shade]:
    """Shades as eyes sort them: greys first, then round the circle of hues, light before dark."""

    def place(each: Shade) -> tuple[float, float]:
        lightness, a, b = to_lab(np.array(each.colour))
        hue = float(np.degrees(np.arctan2(b, a)) % 360.0)
        return (-1.0 if np.hypot(a, b) < 8.0 else hue // 36.0, -float(lightness))

    return sorted(palette().values(), key=place)


class Colours(QWidget):
    """Swatches, a code to type, and the system's colour dialog. `chosen` carries "#RRGGBB"."""

    chosen = Signal(str)

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self.setAccessibleName(spoken(name))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        grid = QGridLayout()
        grid.setSpacing(3)
        for k, (word, code) in enumerate(SWATCHES.items()):
            swatch = Swatch(word, code)
            swatch.setChecked(code.lower() == colour.lower())
            swatch.clicked.connect(lambda _=False, code=code: self.chosen.emit(code))
            grid.addWidget(swatch, k // COLUMNS, k % COLUMNS)
        column.addLayout(grid)
        self.code = QLineEdit(colour.upper())
        self.code.setAccessibleName(spoken(f"{name}, as a code"))
        self.code.setFixedWidth(88)
        self.code.editingFinished.connect(self._typed)
        row = QHBoxLayout()
        row.addWidget(self.code)
        row.addWidget(tool("plus", "Choose another colour", self._choose))
        row.addStretch(1)
        column.addLayout(row)
        self._colour = colour

    def _typed(self) -> None:
        colour = QColor(self.code.text().strip())
        self.code.setProperty("wrong", not colour.isValid())
        self.code.setToolTip(spoken("" if colour.isValid() else "A colour is written like #2F6468"))
        self.code.style().polish(self.code)
        if colour.isValid() and colour.name().lower() != self._colour.lower():
            self.chosen.emit(colour.name().upper())

    def _choose(self) -> None:
        colour = QColorDialog.getColor(QColor(self._colour), self, spoken("Colour"))
        if colour.isValid():
            self.chosen.emit(colour.name().upper())
