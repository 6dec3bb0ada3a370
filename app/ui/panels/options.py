"""A design's options in real units: how long, how wide, how much ease; the drape follows."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from app.project import Wish
from app.saying import spoken
from app.ui.controls import Quantity, Unit
from app.ui.refilled import Refilled
from assets.errors import ToileError
from garments.designs import designs
from garments.grading import chart as find_chart
from garments.grading import charts_for, size_measurements
from garments.pictured import option_picture

if TYPE_CHECKING:
    from app.ui.panels.garment import GarmentPanel

PICTURE, WIDEST = 110, 240
OWN = ("The design's own. Click to keep it", "Set by you. Click for the design's own")


class Options(QWidget):
    """The options of one garment, folded away until they are asked for; what differs from the design is locked."""

    def __init__(self, panel: "GarmentPanel", k: int, wish: Wish) -> None:
        super().__init__()
        self.panel, self.k, self.wish = panel, k, wish
        self.offered = designs()[wish.design].OPTIONS
        self.quantities: dict[str, Quantity] = {}
        self.measures = self._measures()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.fold = QToolButton()
        self.fold.setText(spoken("Options"))
        self.fold.setCheckable(True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setAccessibleName(spoken(f"Options of {designs()[wish.design].TITLE}"))
        self.fold.toggled.connect(self._unfold)
        column.addWidget(self.fold)
        self.picture = QLabel()
        self.picture.setFixedHeight(PICTURE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.picture)
        self.inside = Refilled()
        column.addWidget(self.inside)
        self._unfold(wish.design in panel.unfolded)

    def show_result(self, k: int) -> None:
        """The measures of the size that was worn: shares of the body are shown as lengths on it."""
        shown = self.panel.studio.shown
        if shown is not None and k < len(shown.worn) and shown.worn[k].cut.design == self.wish.design:
            self.measures = dict(shown.worn[k].cut.meant_for)
        self._show()

    def take(self, wish: Wish) -> None:
        """Other values were chosen."""
        self.wish = wish
        self._show()

    def _unfold(self, on: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.fold.setChecked(on)
        (self.panel.unfolded.add if on else self.panel.unfolded.discard)(self.wish.design)
        for each in (self.picture, self.inside):
            each.setVisible(on)
        if on and not self.quantities:
            self.inside.fill(self._made)

    def _made(self, column: QVBoxLayout) -> Iterator[None]:
        self._picture(next(iter(self.offered)))
        yield
        for name in self.offered:
            column.addWidget(self._quantity(name))
            self._tell(name)
            yield

    def _quantity(self, name: str) -> Quantity:
        option, whole = self.offered[name], self._whole(name)
        title = name.replace("_", " ").capitalize()
        unit = Unit("length", self.panel.studio.settings.length)
        if option.unit == "rad":
            unit = Unit("angle", "°")
        elif option.unit not in ("m", *self.measures):
            unit = Unit("share", "%")
        quantity = Quantity(title, unit, whole * option.low, whole * option.high, option.help, lock=OWN)
        quantity.edited.connect(lambda value, name=name: self._set(name, value / self._whole(name)))
        quantity.released.connect(lambda name=name: self._set(name, None))
        quantity.looked_at.connect(lambda on, name=name: self._picture(name) if on else None)
        self.quantities[name] = quantity
        return quantity

    def _show(self) -> None:
        for name in self.quantities:
            self._tell(name)

    def _tell(self, name: str) -> None:
        quantity, option, whole = self.quantities[name], self.offered[name], self._whole(name)
        quantity.low, quantity.high = quantity.from_, quantity.to = whole * option.low, whole * option.high
        value = self.wish.options.get(name, option.default)
        quantity.show_value(whole * value, locked=name in self.wish.options)

    def _picture(self, name: str) -> None:
        """What an option does to the panels: least and most over each other."""
        try:
            drawn = option_picture(designs()[self.wish.design], name, self.measures, PICTURE)
        except ToileError:
            self.picture.clear()
            return
        pixels = QPixmap()
        pixels.loadFromData(drawn.encode(), "SVG")
        if pixels.width() > WIDEST:
            pixels = pixels.scaledToWidth(WIDEST, Qt.TransformationMode.SmoothTransformation)
        self.picture.setPixmap(pixels)
        words = f"{name.replace('_', ' ').capitalize()}: the panels at least (blue) and at most (red)"
        self.picture.setToolTip(spoken(words))
        self.picture.setAccessibleName(spoken(words))

    def _set(self, name: str, value: float | None) -> None:
        option = self.offered[name]
        options = {known: told for known, told in self.wish.options.items() if known != name}
        if value is not None:
            options[name] = min(max(value, option.low), option.high)
        what = f"{name.replace('_', ' ').capitalize()} of {designs()[self.wish.design].TITLE}"
        self.panel.change(self.k, what, options=options)

    def _whole(self, name: str) -> float:
        """The body measure [m] that an option's number is a share of; 1 of lengths and of shares of the pattern."""
        return float(self.measures.get(self.offered[name].unit, 1.0))

    def _measures(self) -> dict[str, float]:
        table = find_chart(charts_for(self.wish.chart, self.panel.studio.project.evidence.sex)[0])
        return dict(size_measurements(table.middle, table.name))
