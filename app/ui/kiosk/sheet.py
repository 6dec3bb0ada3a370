"""What surrounds a kiosk's page: a head with the shield, the parts of the way and the languages; the large picture
beside the words, or above them where the screen stands upright; the buttons at the foot.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.kiosk.foot import Foot
from app.ui.kiosk.pages import Page
from app.ui.kiosk.parts import GAP, Corner, Dots, press, px, say, target

ENDLESS = 10_000
"""A breadth [pixels] that no page has: it takes all there is."""
SQUARE = 1.5
"""A lying screen whose width is less than so many heights gives words as much room as the picture."""


class Sheet(QWidget):
    """`pictures`: what may be large beside a page; `languages`: by code, as they call themselves; `speak` is given the
    code of one that was pressed, `operate` is called when the corner was held."""

    def __init__(
        self,
        pictures: Sequence[QWidget],
        languages: Mapping[str, str],
        speak: Callable[[str], object],
        operate: Callable[[], object],
    ) -> None:
        super().__init__()
        self.page: Page | None = None
        self._wide = False
        self._shield, self._dots = say("", "small"), Dots()
        self._shield.setWordWrap(False)
        self._languages = {code: press(name, partial(speak, code), "quiet") for code, name in languages.items()}
        self._middle, self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight), QVBoxLayout()
        self._stage = QStackedWidget()
        self._stage.setObjectName("stage")
        for one in pictures:
            self._stage.addWidget(one)
        self.foot = Foot()
        self._middle.setSpacing(px(2 * GAP))
        self._middle.addWidget(self._stage)
        self._middle.addLayout(self._words)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(GAP), px(GAP), px(GAP), px(GAP))
        outer.setSpacing(px(GAP))
        outer.addLayout(self._head(operate))
        outer.addLayout(self._middle, 1)
        outer.addLayout(self.foot)

    def turn(self, page: Page, picture: QWidget | None, wide: bool) -> None:
        """Show another page beside one of the pictures or none; `wide`: it is the picture that matters."""
        if self.page is not None:
            self._words.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
        self.page, self._wide = page, wide
        self._stage.setVisible(picture is not None)
        if picture is not None:
            self._stage.setCurrentWidget(picture)
        self._words.addWidget(page)
        self._share()
        self._centre(page)

    def show_head(self, shield: str, phase: int | None, offered: Sequence[str]) -> None:
        """The words beside the shield, which part of the way this is, and the languages that may be chosen."""
        self._shield.setText(shield)
        self._dots.show_phase(phase)
        for code, button in self._languages.items():
            button.setVisible(code in offered)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share()

    def _head(self, operate: Callable[[], object]) -> QHBoxLayout:
        safe, room = QWidget(), QWidget()
        row = QHBoxLayout(safe)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Corner(theme.icon("shield").pixmap(px(44), px(44)), operate))
        row.addWidget(self._shield, 1)
        others = QHBoxLayout(room)
        others.setContentsMargins(0, 0, 0, 0)
        for button in self._languages.values():
            others.addWidget(button)
        room.setMinimumHeight(target())
        head = QHBoxLayout()
        head.addWidget(safe, 1)
        head.addWidget(self._dots)
        head.addWidget(room, 1, Qt.AlignmentFlag.AlignRight)
        return head

    def _share(self) -> None:
        """The room between picture and words."""
        tall, square = self.height() > self.width(), self.width() < SQUARE * self.height()
        way = QBoxLayout.Direction.TopToBottom if tall else QBoxLayout.Direction.LeftToRight
        self._middle.setDirection(way)
        for k, share in enumerate(((4, 1) if self._wide else (3, 2)) if tall else (1, 1) if square else (11, 9)):
            self._middle.setStretch(k, share)

    def _centre(self, page: Page) -> None:
        """A page that is not as wide as the room for it stands in its middle, where no picture is beside it."""
        alone = not self._stage.isVisibleTo(self) and page.maximumWidth() < ENDLESS
        if page.maximumWidth() < ENDLESS:
            page.setMinimumWidth(min(page.maximumWidth(), self.width() - px(4 * GAP)) if alone else 0)
        self._words.setAlignment(page, Qt.AlignmentFlag.AlignHCenter if alone else Qt.AlignmentFlag(0))
