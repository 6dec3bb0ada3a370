"""A part of a panel that is filled anew whenever what it tells is another: made aside, then shown in one go."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from app.ui.gradually import Gradually, polished

Filling = Callable[[QVBoxLayout], Iterator[None]]
"""Puts widgets into a column, a piece at a time."""


class Refilled(QWidget):
    """A column of widgets. What is in it stays to be seen until the next is whole: nothing jumps, and no hand waits."""

    def __init__(self, spacing: int = 8) -> None:
        super().__init__()
        self._spacing = spacing
        self._inside: QWidget | None = None
        self._work = Gradually(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def busy(self) -> bool:
        """Whether what is seen is not the newest yet."""
        return self._work.busy

    def fill(self, filling: Filling) -> None:
        """Fill it anew; a filling that is not finished is given up. What is seen until then takes no more clicks: it is
        of what was before."""
        if self._inside is not None:
            self._inside.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._work.do(self._filled(filling))

    def _filled(self, filling: Filling) -> Iterator[None]:
        made = QWidget(self)
        made.hide()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._spacing)
        try:
            yield from filling(column)
            yield from polished(made)
            before, self._inside = self._inside, made
        finally:
            if self._inside is not made and isValid(made):
                made.deleteLater()
        if before is not None:
            self._column.removeWidget(before)
            before.hide()
            before.deleteLater()
        self._column.addWidget(made)
        made.show()
