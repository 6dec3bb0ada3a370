"""The row of buttons at the foot of a page."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton

from app.ui.controls import clear
from app.ui.kiosk.pages import Act
from app.ui.kiosk.parts import GAP, TARGET, press, px, target


class Foot(QHBoxLayout):
    """`acts` as they are shown. A button that stays is not made anew: it may be under a finger."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(px(GAP))
        self.acts: tuple[Act, ...] = ()
        self._buttons: list[QPushButton] = []

    def show_acts(self, acts: tuple[Act, ...], backs: int) -> None:
        """These buttons, so many of which lead back and stand on the left."""
        told = [(act.text, act.main) for act in acts]
        if told != [(act.text, act.main) for act in self.acts] or self.count() == 0:
            self._make(acts, backs)
        self.acts = acts
        for act, button in zip(acts, self._buttons, strict=True):
            button.setEnabled(act.enabled)

    def _make(self, acts: tuple[Act, ...], backs: int) -> None:
        clear(self)
        self._buttons = []
        for k, act in enumerate(acts):
            style = "quiet" if k < backs else "primary" if act.main else ""
            button = press(act.text, partial(self._act, k), style)
            button.setMinimumSize(target(320 if act.main else TARGET), target(TARGET * 1.2))
            self.addWidget(button)
            if k + 1 == backs:
                self.addStretch(1)
            self._buttons.append(button)
        if not backs:
            self.insertStretch(0, 1)

    def _act(self, k: int) -> None:
        self.acts[k].then()
