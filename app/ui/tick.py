"""A box to tick."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from app.saying import spoken
from app.ui import theme


class Tick(QCheckBox):
    """Something that is on or off; its box is seen in either theme, where the style's own is as dark as the window."""

    def __init__(self, text: str) -> None:
        super().__init__(spoken(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colours, on = theme.current(), self.isChecked()
        edge = colours.line if not self.isEnabled() else colours.accent if on or self.hasFocus() else colours.edge
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(colours.accent if on else colours.field))
        box = self.box()
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
        if on:
            theme.icon("check", colours.on_accent).paint(painter, box)
        painter.end()

    def box(self) -> QRect:
        """Where the box lies that is ticked."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        return self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
