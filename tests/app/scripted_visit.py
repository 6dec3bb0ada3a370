"""A visit of its own process, with a scripted customer in front of it, who stays where she was told to.

`python -m tests.app.scripted_visit FILE`: with the window and an engine that answers at once. FILE says at which step,
as soon as she is before it. Whoever is filmed is made of the bytes of SECRET, and so are the two pictures taken.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer

from app.kiosk import visit as visiting
from app.kiosk.shopfront import Shopfront
from app.ui import watching
from app.ui.kiosk import __main__ as entry
from app.ui.kiosk import standing
from app.ui.kiosk.window import Kiosk
from body.frame import Frame

SECRET = b"pixels-of-somebody-who-trusted-us"


class Film:
    """Somebody from the front for a while, then from the side."""

    name = "film"

    def frames(self) -> Iterator[Frame]:
        import time

        text = np.frombuffer(SECRET * 700, np.uint8)[: 90 * 60 * 3].reshape(90, 60, 3)
        for _ in range(4000):
            time.sleep(0.02)
            yield Frame(text.copy(), 0.0 if Scripted.front else 1.0, self.name)


class Scripted(Kiosk):
    """Presses what a customer would, until the step that was named."""

    front = True
    until = ""

    def __init__(self, *told: object, **named: object) -> None:
        super().__init__(*told, **named)  # type: ignore[arg-type]
        self.standing._tick.setInterval(30)
        self._hand = QTimer(self)
        self._hand.timeout.connect(self._go_on)
        self._hand.start(50)

    def _go_on(self) -> None:
        step = self.visit.step
        Scripted.front = step != "side"
        if not self.isVisible():
            return
        self.until = self.until or Path(sys.argv[1]).read_text()
        if step == self.until:
            return
        if step == "height":
            self.do(visiting.tell_height, 1.723)
        elif step == "body" and self.until != "body" and self.page.acts()[-1].enabled:
            self.do(visiting.look)
        elif step == "choose" and self.wardrobe.options:
            self.do(visiting.choose, "tee")
        elif step == "size":
            self.do(visiting.put_on, "M")
        elif step == "tryon" and self.dressed("M") is not None:
            self.do(visiting.done)
        elif step == "fitted":
            self.do(visiting.fitted, "fits")
        elif step == "slip":
            self.leave()
        elif step in ("attract", "consent", "about"):
            self.page.acts()[-1].then()


if __name__ == "__main__":
    entry.Kiosk = Scripted  # type: ignore[misc]
    watching.open_source = lambda path: Film()
    standing.WELL = 0.05
    settings = json.dumps(asdict(Shopfront(camera=__file__, windowed=True, garments=("tee",))))
    sys.exit(entry.main(settings, "/nonexistent", "tests.app.fake_engine"))
