"""The window's own process: started as a person starts it, quick, light, and gone when it is closed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SESSION = """
import json, os, sys, time
start = time.monotonic()
if __name__ == "__main__":
    from app.ui import theme, window
    window.prepare()
    from PySide6.QtWidgets import QApplication
    application = QApplication(["toile"])
    from app.project import sample
    from app.ui.studio import Studio
    studio = Studio(sample(), engine="tests.app.fake_engine")
    theme.apply(theme.choose("dark"))
    shown = window.Window(studio)
    shown.show()
    application.processEvents()
    visible = time.monotonic() - start
    studio.start()
    engine = studio.jobs._lanes["engine"].process.pid
    while studio.state != "current" and time.monotonic() - start < 60:
        application.processEvents()
        time.sleep(0.01)
    for room in ("Garment", "Fabric", "Fit", "Shop", "Body"):
        shown.open_room(room)
        application.processEvents()
    shown.close()
    heavy = [name for name in ("torch", "mediapipe", "open3d", "numba", "trimesh", "scipy") if name in sys.modules]
    print(json.dumps({"visible": visible, "state": studio.state, "heavy": heavy, "engine": engine}))
"""


def test_a_try_on_leaves_the_window_light_and_closing_ends_the_engine(display: str, tmp_path: Path) -> None:
    script = tmp_path / "session.py"
    script.write_text(SESSION)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(script)], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["state"] == "current" and told["heavy"] == []
    with pytest.raises(ProcessLookupError):
        os.kill(told["engine"], 0)


CALLS = """
import app.ui
from PySide6.QtCore import QObject
thing = QObject()
for _ in range(200_000):
    thing.setObjectName("none")
print("alive")
"""


def test_many_calls_of_qt_do_not_wear_none_out(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CALLS], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "alive\n" and done.returncode == 0, done.stderr
