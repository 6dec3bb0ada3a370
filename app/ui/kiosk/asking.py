"""Over everything, when nobody touched the screen for a minute: are you still there?"""

import math
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.kiosk.parts import GAP, column, press, px, say
from app.words import Words


class Asking(QWidget):
    """`then` is called when somebody is."""

    def __init__(self, parent: QWidget, then: Callable[[], object]) -> None:
        super().__init__(parent)
        self.setObjectName("shade")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title, self._how = say("", "title", centred=True), say("", centred=True)
        self._button = press("", then, "primary")
        card = QWidget()
        card.setObjectName("asking")
        card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        card.setFixedWidth(px(760))
        inside = column(self._title, self._how, self._button)
        inside.setContentsMargins(px(2 * GAP), px(2 * GAP), px(2 * GAP), px(2 * GAP))
        card.setLayout(inside)
        outer = QVBoxLayout(self)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        self.hide()

    def ask(self, words: Words, left: float) -> None:
        """Ask, with so many seconds left."""
        self._title.setText(words.say("say.still_there"))
        self._how.setText(words.say("say.still_there_how", seconds=math.ceil(left)))
        self._button.setText(words.say("press.here"))
        self._button.setAccessibleName(words.say("press.here"))
        self.show()
        self.raise_()
