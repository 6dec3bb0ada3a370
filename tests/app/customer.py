"""The kiosk's window with a scripted customer before it, and what its camera sees."""

import time
from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
import pytest

from app.kiosk.shopfront import Shopfront
from body.frame import Frame

LANDSCAPE, PORTRAIT = (1920, 1080), (1080, 1920)


class Mirror:
    """A source of frames of somebody who first faces the camera and then turns, as the fake engine sees her."""

    name = "mirror"

    def frames(self) -> Iterator[Frame]:
        for k in count():
            time.sleep(0.004)
            noisy = np.full((90, 60, 3), 100 + k % 2, np.uint8)
            yield Frame(noisy, 1.0 if Mirror.turned else 0.0, self.name)


Mirror.turned = False


class Customer:
    """The kiosk with a hand, a clock of its own, and ears for what the keeper hears."""

    def __init__(self, application, size: tuple[int, int], trouble: str = "", **settings: object) -> None:
        from app.project import Project
        from app.ui.kiosk.__main__ import dress
        from app.ui.kiosk.parts import set_unit
        from app.ui.kiosk.window import Kiosk
        from app.ui.studio import Studio

        self.application, self.now, self.heard = application, 0.0, []
        dress()
        set_unit(*size)
        self.studio = Studio(Project(), engine="tests.app.fake_engine")
        shop = Shopfront(garments=("tee", "skirt"), **settings)
        self.kiosk = Kiosk(
            self.studio, shop, None, lambda **told: self.heard.append(told), lambda: self.now, trouble=trouble
        )
        self.kiosk.setFixedSize(*size)
        self.kiosk.person._timer.setInterval(10_000)
        for view in self.kiosk.person.views:
            view._rest.timeout.disconnect()
        self.kiosk.show()
        self.turn()

    def close(self) -> None:
        from app.ui import theme

        self.kiosk.standing.end()
        self.application.removeEventFilter(self.kiosk._touches)
        self.kiosk.close()
        self.kiosk.deleteLater()
        self.studio.close()
        self.turn()
        theme.apply(theme.DARK)
        self.application.setStyleSheet("")

    def turn(self) -> None:
        from PySide6.QtCore import QCoreApplication, QEvent

        self.application.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def until(self, condition: Callable[[], object], limit: float = 60.0) -> None:
        start = time.monotonic()
        while not condition():
            assert time.monotonic() - start < limit, f"waited in vain at {self.kiosk.visit.step}; {self.studio.failure}"
            self.turn()
            time.sleep(0.003)

    def buttons(self) -> dict:
        from PySide6.QtWidgets import QPushButton

        return {b.accessibleName(): b for b in self.kiosk.findChildren(QPushButton) if b.isVisible()}

    def press(self, name: str) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        self.until(lambda: name in self.buttons() and self.buttons()[name].isEnabled())
        QTest.mouseClick(self.buttons()[name], Qt.MouseButton.LeftButton)
        self.turn()

    def say(self, key: str, **values: object) -> str:
        return self.kiosk.say(key, **values)

    def at(self, step: str) -> None:
        self.until(lambda: self.kiosk.visit.step == step)
        self.turn()


@pytest.fixture
def customer(application, forked, monkeypatch) -> Iterator[Callable[..., Customer]]:
    """The person is not drawn: it is what takes the time, and is tested elsewhere."""
    from app.ui import canvas

    def drawn(self: canvas.Canvas) -> None:
        self._asked = self._seen = self._order(1) if self._scene is not None and not self.size().isEmpty() else None

    monkeypatch.setattr(canvas.Canvas, "_ask", drawn)
    made: list[Customer] = []

    def begin(size: tuple[int, int] = LANDSCAPE, **settings: object) -> Customer:
        made.append(Customer(application, size, **settings))
        return made[-1]

    yield begin
    for one in made:
        one.close()
