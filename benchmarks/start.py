"""How long a person waits before anything happens: best of several starts of a fresh process.

The window is the real one with the real engine, under Xvfb where there is no display, in a home of its own whose last
project is the sample, saved with its drape. --quick saves it with a drape as large, but made up, for the sample takes a
minute to drape.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.preview import _display
from benchmarks.table import Row, row, run

ROOT = Path(__file__).resolve().parents[1]
STARTS = {
    "python": (["-c", "pass"], "the interpreter alone, to compare", None),
    "help": (["main.py", "--help"], "main.py --help answers at once", 0.3),
    "set-up": (["-m", "app.install"], "a set-up with nothing to do is not noticed", 0.3),
    "window imports": (["-c", "import app.ui.window"], "of the four seconds till the window", 1.5),
    "engine imports": (["-c", "import torch, numba, open3d"], "what the window is spared, to compare", None),
}
WINDOW = {
    "first paint": ("the window is painted for the first time", "s", 2.5),
    "first paint cpu": ("processor time of the window's process until then", "s", None),
    "project": ("the last project is shown, drawn, and can be worked with", "s", 6.0),
    "project cpu": ("processor time of the window's process until then", "s", None),
}


def rows(quick: bool) -> Iterator[Row]:
    for name, (arguments, claim, goal) in STARTS.items():
        if name == "set-up" and Path(sys.prefix) != ROOT / ".venv":
            yield row(name, "measured by `make bench`, which runs in .venv", None, "s", goal)
            continue
        times = []
        for _ in range(2 if quick else 9):
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=True)
            times.append(time.perf_counter() - start)
        yield row(name, claim, min(times), "s", goal)
    yield from _window(quick)


def _window(quick: bool) -> Iterator[Row]:
    """Start the window several times; the best of each."""
    server = None if os.environ.get("DISPLAY") else _display()
    found: list[dict[str, float]] = []
    try:
        with tempfile.TemporaryDirectory() as home:
            keys = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
            there = {**os.environ, **dict.fromkeys(keys, home)}
            for step in ("made up" if quick else "draped", *["opened"] * (2 if quick else 5)):
                command = [sys.executable, "-m", "benchmarks.start", "--window", step, str(time.monotonic())]
                if os.environ.get("DISPLAY"):
                    told = subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, timeout=300)
                    found += [json.loads(line) for line in told.stdout.splitlines()[-1:] if step == "opened"]
    finally:
        if server is not None:
            server.terminate()
    for name, (claim, unit, goal) in WINDOW.items():
        best = min((each[name] for each in found), default=None)
        yield row(name, claim, best, unit, goal, why="no display, and no Xvfb, or the window did not open")


def _save_sample(drape: bool) -> None:
    """Save the sample with its drape as the project that was open last."""
    from app import settings, shelf
    from app.engine import dress_sample, sample
    from app.projectfile import save
    from app.settings import Settings
    from garments.certificate import Certificate
    from tests.app import fake_engine

    project, path = sample(), str(Path.home() / "last.toile")
    if drape:
        dress_sample()
    else:
        for key, worn in ((project.person_key, replace(project, wishes=())), (project.key, project)):
            shown = fake_engine.wear(worn, lambda share, words: None)
            sound = Certificate(0, 0, 0.0, 0, 0, 1e-4, 1.0, 0.06, 0.11, 0.25, 0.0, ())
            shelf.keep(key, replace(shown, certificates=(sound,) * len(shown.certificates)))
    save(project, path)
    settings.save(Settings(recent=(path,), toured=True))


def _open(begun: float) -> None:
    """Open the window as main.py does; print when it was first painted, and when the project could be worked with."""
    from app.ui import starting

    starting.prepare()
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication

    from app.ui.studio import CURRENT
    from app.ui.window import Window

    application, seen = QApplication(["toile"]), {}

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, Window):
                seen.setdefault("first paint", time.monotonic() - begun)
                seen.setdefault("first paint cpu", time.process_time())
            return False

    def look() -> None:
        window = next((each for each in QApplication.topLevelWidgets() if isinstance(each, Window)), None)
        if window is None or window.studio.state != CURRENT or not window.picture.viewport.canvas.settled:
            return
        timer.stop()
        print(json.dumps({**seen, "project": time.monotonic() - begun, "project cpu": time.process_time()}))
        window.close()

    watch, timer = Watch(), QTimer()
    application.installEventFilter(watch)
    timer.timeout.connect(look)
    timer.start(10)
    starting.main()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--window"]:
        step, begun = sys.argv[2:]
        _open(float(begun)) if step == "opened" else _save_sample(step == "draped")
    else:
        run(__doc__, rows)
