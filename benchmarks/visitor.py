"""A scripted customer at the real kiosk: a visit's process (app/ui/kiosk) with a hand that presses what a person would,
and a film of somebody who never was in place of the camera.

    python -m benchmarks.visitor SETTINGS FILM PLAN

as app/kiosk/keeper.py starts a visit. PLAN is a JSON file, read when she is shown the kiosk: `log`, a file that gets
one JSON line an event; `films`, the folder of her videos (a file `pulled` in it is a camera without its cable);
`pause`, how long a page is read [s]; `mirror`, how long she looks at herself in it [s]; `stop`, a step to stay at;
`camera`: whether pictures are agreed to; `pictures`, a folder for a picture of every page; `coarse`: no cloth finer
than the first one.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton

from app.kiosk import visit as visiting
from app.ui.kiosk import __main__ as entry
from app.ui.kiosk import watching
from app.ui.kiosk.window import Kiosk
from benchmarks.film import compose, cut_out, standing
from body.frame import Frame, open_source

SIZE, RATE = (720, 1280), 15
STATURE, ODD_HEIGHT = 1.68, 1.683
BLUE, DARK = (0.1, 0.3, 0.7), (0.2, 0.2, 0.22)
plan: dict = {}


def film(folder: Path) -> None:
    """Videos of a woman of the mean shape: from the front, and from the side with her arms forward."""
    from app.exports.turntable import save
    from body.model import load_model
    from body.stance import ARMS_FORWARD

    model, rng = load_model(), np.random.default_rng(1)
    her = model.prior(0.0)[0].astype(np.float32)
    aside = np.array(ARMS_FORWARD, float)
    aside[0] = (0.0, np.pi / 2, 0.0)
    for name, pose in (("front", standing(0.0)), ("side", aside)):
        person = cut_out(model, her, pose, BLUE, DARK, SIZE)
        save(folder / f"{name}.mp4", [compose([(person, 0)], SIZE, rng) for _ in range(2 * RATE)], RATE)


class Films:
    """What the camera sees: the video of how she stands now, over and over, until it is pulled out."""

    name = "film"

    def __init__(self, kiosk: "Visitor", folder: Path) -> None:
        self.kiosk, self.folder = kiosk, folder

    def frames(self) -> Iterator[Frame]:
        start = time.monotonic()
        while True:
            side = self.kiosk.visit.step == visiting.SIDE
            for frame in open_source(self.folder / ("side.mp4" if side else "front.mp4")).frames():
                if (self.kiosk.visit.step == visiting.SIDE) != side:
                    break
                if (self.folder / "pulled").exists():
                    self.kiosk.pulled = True
                    return
                if self.kiosk.pulled:
                    self.kiosk.pulled = False
                    _note(picture=1)
                time.sleep(1 / RATE)
                yield replace(frame, time=time.monotonic() - start)


class Visitor(Kiosk):
    """Presses what a customer would, after having read a page."""

    def __init__(self, *told: object, **named: object) -> None:
        super().__init__(*told, **named)  # type: ignore[arg-type]
        folder = Path(plan["films"])
        watching.find = lambda name: None if (folder / "pulled").exists() else Films(self, folder)  # type: ignore
        self._since, self._at, self._said = time.monotonic(), "", set[str]()
        self.reflected, self._settled, self.warm_there, self.pulled = 0.0, 0, False, False
        hear = self.tell
        self.tell = partial(self._hear, hear)  # type: ignore[method-assign]
        refine = self.wardrobe._refine
        self.wardrobe._refine = lambda *told: None if plan.get("coarse") else refine(*told)  # type: ignore
        self._hand = QTimer(self)
        self._hand.timeout.connect(self._go_on)
        self._hand.start(40)

    def _go_on(self) -> None:
        now, step = time.monotonic(), self.visit.step
        if not self.isVisible() or not self.warm_there:
            self._since = now
            return
        if step != self._at:
            self._at, self._since, self._settled = step, now, 0
            _note(step=step, rate=round(self.reflected, 2))
        self._notice()
        if now - self._since < plan["pause"] or step == plan.get("stop"):
            return
        self._settled = self._settled + 1 if self._ready(step) else 0
        if self._settled > 8:
            self._picture(step)
            if step != plan.get("stop"):
                self._press(step)

    def showEvent(self, event: QShowEvent) -> None:
        """What she does is as the plan says when she comes, not as it said when this visit began to stand by."""
        plan.clear()
        plan.update(json.loads(Path(sys.argv[3]).read_text()))
        super().showEvent(event)

    def _hear(self, hear: Callable[..., object], **told: object) -> None:
        """Nobody comes before the kiosk is warm: it was switched on in the morning."""
        self.warm_there = self.warm_there or "warm" in told
        _note(**{name: told[name] for name in ("warm", "over") if name in told})
        hear(**told)

    def _ready(self, step: str) -> bool:
        """Whether the page shows what a customer waits for."""
        if step == visiting.CHOOSE:
            return self.wardrobe.options is not None
        if step == visiting.TRYON:
            return self.dressed(self.visit.size) is not None and self.studio.state != "computing"
        if step == visiting.MIRROR:
            self.reflected = self.reflection.rate
            return time.monotonic() - self._since > plan["mirror"]
        return step not in (visiting.FRONT, visiting.SIDE) and all(act.enabled for act in self._foot.acts)

    def _press(self, step: str) -> None:
        steps: dict[str, Callable[[], object]] = {
            visiting.HEIGHT: lambda: self.do(visiting.tell_height, ODD_HEIGHT),
            visiting.CHOOSE: self._choose,
            visiting.FITTED: lambda: self.do(visiting.fitted, "fits"),
            visiting.OVER: lambda: None,
        }
        if step == visiting.TRYON and plan.get("mirror") and self.visit.agreed and not self.reflected:
            self.do(visiting.mirror)
        elif step == visiting.CONSENT and not plan.get("camera", True):
            self.do(visiting.decline)
        else:
            steps.get(step, lambda: self.page.acts()[-1].then())()  # type: ignore[union-attr]

    def _choose(self) -> None:
        assert self.page is not None
        self.page.findChildren(QPushButton, "card")[0].click()

    def _notice(self) -> None:
        """Tell what a benchmark asks for, once."""
        if self.person.isVisible() and self.wardrobe.tried:
            worn = self.dressed(self.visit.size or (getattr(self.page, "told", None) and self.page.told.best) or "")
            if worn is not None and "dressed" not in self._said:
                self._said.add("dressed")
                _note(first=1)

    def _picture(self, step: str) -> None:
        if (folder := plan.get("pictures")) and step not in self._said:
            self._said.add(step)
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.grab().save(str(Path(folder) / f"{len(self._said):02d}-{step}.png"))


def _note(**told: object) -> None:
    """A line in the log with the time and the processor time of this visit with all its processes [s]."""
    if told and plan.get("log"):
        said = {"at": time.monotonic(), "pid": os.getpid(), "cpu": used(os.getpgid(0)), **told}
        with open(plan["log"], "a") as stream:
            stream.write(json.dumps(said) + "\n")


def used(group: int) -> float:
    """Processor time [s] of a process group's living processes and of the children that they waited for."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told = path.read_text().rsplit(")", 1)[1].split()
            total += sum(map(int, told[11:15])) if int(told[2]) == group else 0
    return total / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    plan.update(json.loads(Path(sys.argv[3]).read_text()))
    entry.Kiosk = Visitor  # type: ignore[misc]
    sys.exit(entry.main(*sys.argv[1:3]))
