"""A scripted customer at the real kiosk: a visit's process (app/ui/kiosk) with a hand that presses what a person would,
and a film of somebody who never was in place of the camera.

    python -m benchmarks.visitor SETTINGS FILM PLAN

as app/kiosk/keeper.py starts a visit. PLAN is a JSON file that is read until a customer comes: her `number`, by which
she is told from others: her height and the bytes that every picture of her carries; `log`, a file that gets one JSON
line an event; `films`, the folder of her films (a file `pulled` in it is a camera without its cable, `came` the number
of who came last); `pause`, how long a page is read [s]; `mirror`, how long she looks at herself in it [s]; `stop`, a
step to stay at; `camera`: whether pictures are agreed to; `pictures`, a folder for a picture of every page; `coarse`:
no cloth finer than the first one that can be worn, a countdown of a second, and a clock that runs HURRY times as fast
where she stays; `language`.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton

from app.kiosk import visit as visiting
from app.project import Project
from app.ui import watching
from app.ui.kiosk import __main__ as entry
from app.ui.kiosk import standing as capturing
from app.ui.kiosk.window import Kiosk
from benchmarks.film import compose, cut_out, standing
from body.frame import Frame

SIZE, RATE = (720, 1280), 15
PATIENT = 60.0  # for how long she waits for the mirror [s]
SETTLED, COARSE_SETTLED = 8, 1  # looks at a page that is ready before it is left
COUNTDOWN, HURRY = capturing.COUNTDOWN, 3.0
SWAY = 14  # how far she moves to and fro [pixels]
BLUE, DARK = (0.1, 0.3, 0.7), (0.2, 0.2, 0.22)
plan: dict = {}


def film(folder: Path) -> None:
    """Films of a woman of the mean shape, as arrays: from the front, and from the side with her arms forward."""
    from body.model import load_model
    from body.stance import ARMS_FORWARD

    model, rng = load_model(), np.random.default_rng(1)
    her = model.prior(0.0)[0].astype(np.float32)
    aside = np.array(ARMS_FORWARD, float)
    aside[0] = (0.0, np.pi / 2, 0.0)
    for name, pose in (("front", standing(0.0)), ("side", aside)):
        person = cut_out(model, her, pose, BLUE, DARK, SIZE)
        np.save(folder / f"{name}.npy", np.stack([compose([(person, 0)], SIZE, rng) for _ in range(RATE)]))


def mark(number: int) -> bytes:
    """What every picture of a customer carries and nothing else does. It is put together here alone, so that the code
    itself does not carry it."""
    return b"<".join([b"TOILE", b"PERSON:%06d>" % number])


def stature(number: int) -> float:
    """A customer's height [m], in whose last digits her number is."""
    return 1.60 + number * 1e-5


def marked(pixels: np.ndarray, number: int) -> np.ndarray:
    """A picture of a customer [h, w, 3]."""
    pixels = np.array(pixels)
    row = np.frombuffer(mark(number) * 6, np.uint8)
    pixels.reshape(len(pixels), -1)[2:20:3, 30 : 30 + len(row)] = row
    return pixels


class Films:
    """What the camera sees: the video of how she stands now, over and over, until it is pulled out."""

    name = "film"

    def __init__(self, kiosk: "Visitor", folder: Path) -> None:
        self.kiosk, self.folder = kiosk, folder

    def frames(self) -> Iterator[Frame]:
        films = {name: np.load(self.folder / f"{name}.npy", mmap_mode="r") for name in ("front", "side")}
        start, number = time.monotonic(), int(plan.get("number", 0))
        for k in count():
            time.sleep(max(start + k / RATE - time.monotonic(), 0.0))
            if (self.folder / "pulled").exists():
                self.kiosk.pulled = True
                return
            if self.kiosk.pulled:
                self.kiosk.pulled = False
                _note(picture=1)
            film = films["side" if self.kiosk.visit.step == visiting.SIDE else "front"]
            sway = round(SWAY * np.sin(2.0 * time.monotonic()))
            pixels = np.roll(film[k % len(film)], sway, axis=1)
            yield Frame(marked(pixels, number), time.monotonic() - start, self.name)


class Visitor(Kiosk):
    """Presses what a customer would, after having read a page."""

    def __init__(self, *told: object, **named: object) -> None:
        super().__init__(*told, **named)  # type: ignore[arg-type]
        folder = Path(plan["films"])
        watching.find = lambda name: None if (folder / "pulled").exists() else Films(self, folder)  # type: ignore
        self._since, self._at, self._said = time.monotonic(), "", set[str]()
        self.reflected, self._settled, self.warm_there, self.pulled, self.here = 0.0, 0, False, False, False
        self.pictures, self._each, self._begun = 0, 0.0, 0.0
        self._before: tuple[float, int] | None = None
        self.reflection.dressed.connect(self._dressed)
        hear = self.tell
        self.tell = partial(self._hear, hear)  # type: ignore[method-assign]
        refine = self.wardrobe._refine
        self.wardrobe._refine = partial(self._refined, refine)  # type: ignore[method-assign]
        self._hand = QTimer(self)
        self._hand.timeout.connect(self._go_on)
        self._hand.start(40)

    def _go_on(self) -> None:
        now, step = time.monotonic(), self.visit.step
        if not self._came():
            self._since = now
            return
        if step != self._at:
            self._at, self._since, self._settled = step, now, 0
            _note(step=step, rate=round(self.reflected, 2), mirrored=round(self._each, 4))
            if plan.get("coarse") and step == plan.get("stop"):
                self.clock = lambda: now + HURRY * (time.monotonic() - now)
        self._notice()
        if now - self._since < plan["pause"] or step == plan.get("stop"):
            return
        self._settled = self._settled + 1 if self._ready(step) else 0
        if self._settled > (COARSE_SETTLED if plan.get("coarse") else SETTLED):
            self._picture(step)
            if step != plan.get("stop"):
                self._press(step)

    def _came(self) -> bool:
        """Whether a customer stands there: one comes when the kiosk is warm, and once for each plan."""
        if self.here or not (self.isVisible() and self.warm_there):
            return self.here
        plan.clear()
        plan.update(json.loads(Path(sys.argv[3]).read_text()))
        came = Path(plan["films"]) / "came"
        if came.exists() and int(came.read_text()) >= plan["number"]:
            return False
        came.write_text(str(plan["number"]))
        self.here = True
        capturing.COUNTDOWN = 1 if plan.get("coarse") else COUNTDOWN
        if plan.get("language"):
            self.do(visiting.speak, plan["language"])
        return True

    def _hear(self, hear: Callable[..., object], **told: object) -> None:
        """Nobody comes before the kiosk is warm: it was switched on in the morning."""
        self.warm_there = self.warm_there or "warm" in told
        _note(**{name: told[name] for name in ("shown", "warm", "over") if name in told})
        hear(**told)

    def _refined(self, refine: Callable[..., None], key: tuple[str, str], project: Project) -> None:
        """Coarse cloth is enough for some customers, unless it cannot be worn."""
        if not (plan.get("coarse") and key in self.wardrobe.tried):
            refine(key, project)

    def _ready(self, step: str) -> bool:
        """Whether the page shows what a customer waits for."""
        if step == visiting.CHOOSE:
            return self.wardrobe.options is not None
        if step == visiting.TRYON:
            return self.dressed(self.visit.size) is not None and self.studio.state != "computing"
        if step == visiting.MIRROR:
            now = time.monotonic()
            self._look_into_mirror()
            begun = self._begun if self.reflected else now + plan["mirror"]
            dressed = self.reflection.preview.patch is not None or not plan.get("pictures")
            return (dressed and now - begun > plan["mirror"]) or now - self._since > PATIENT
        return step not in (visiting.FRONT, visiting.SIDE) and all(act.enabled for act in self.sheet.foot.acts)

    def _dressed(self) -> None:
        self.pictures += 1

    def _look_into_mirror(self) -> None:
        """How quick it is, and what a picture costs, once it has begun."""
        self.reflected, now = self.reflection.rate, used(os.getpgid(0))
        if self.reflected and self._before is None:
            self._before, self._begun = (now, self.pictures), time.monotonic()
        elif self._before is not None and self.pictures > self._before[1]:
            self._each = (now - self._before[0]) / (self.pictures - self._before[1])

    def _press(self, step: str) -> None:
        steps: dict[str, Callable[[], object]] = {
            visiting.HEIGHT: lambda: self.do(visiting.tell_height, stature(plan["number"])),
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
        number = plan.get("number", 0) if told.keys() - {"shown", "warm"} else 0
        said = {"at": time.monotonic(), "pid": os.getpid(), "number": number, "cpu": used(os.getpgid(0)), **told}
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
