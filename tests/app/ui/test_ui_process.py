"""The window's own process: started as a person starts it, quick, light, and gone when it is closed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FILES = {
    "front.png", "back.png", "left.png", "right.png", "three_quarter.png", "sheet.png", "transparent.png", "body.glb",
    "tryon.glb", "measurements.json", "measurements.csv", "drape.json", "fit.json", "report.pdf", "run.json",
    "maps.png",
}  # fmt: skip
ROOT = Path(__file__).resolve().parents[3]
SESSION = """
import json, os, sys, time
start = time.monotonic()
if __name__ == "__main__":
    from app.ui import starting, theme
    starting.prepare()
    from PySide6.QtWidgets import QApplication
    application = QApplication(["toile"])
    from tests.app.people import somebody
    from app.ui.studio import Studio
    studio = Studio(somebody(), engine="tests.app.fake_engine")
    theme.apply(theme.choose("dark"))
    shown = starting.Window(studio)
    shown.show()
    application.processEvents()
    visible = time.monotonic() - start
    studio.start()
    engine = studio.jobs._lanes["engine"].process.pid
    while studio.state != "current" and time.monotonic() - start < 60:
        application.processEvents()
        time.sleep(0.01)
    for room in ("Garment", "Fabric", "Fit", "Shop", "Body"):
        shown.rooms.panel(room, object)
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


WHOLE = """
import json, sys, time
from dataclasses import replace
from pathlib import Path
start = time.monotonic()
if __name__ == "__main__":
    from app.ui import starting, theme
    starting.prepare()
    from PySide6.QtWidgets import QApplication
    application = QApplication(["toile"])
    from app.project import Evidence, Project, Wish
    from app.ui import exporting
    from app.ui.camera import pixels
    from app.ui.studio import Studio
    project = Project(Evidence(height=1.72, mass=64.0, sex=0.0), (Wish("tee", "M"),))
    studio = Studio(project, engine="tests.app.small_engine")
    theme.apply(theme.choose("dark"))
    shown = starting.Window(studio)
    shown.resize(1024, 600)
    shown.show()
    application.processEvents()
    studio.start()

    def until(condition):
        while not condition() and time.monotonic() - start < 240:
            application.processEvents()
            time.sleep(0.01)

    until(lambda: studio.state in ("current", "failed"))
    until(lambda: studio.offers)
    shown.do("front")
    until(lambda: shown.picture.viewport.canvas.settled)
    look = pixels(shown.picture.viewport.picture()).astype(int)
    shown.do("strain")
    until(lambda: shown.picture.viewport.canvas.settled)
    strain = pixels(shown.picture.viewport.picture()).astype(int)
    until(lambda: not studio.running)
    exporting.write(studio, Path(sys.argv[1]))
    until(lambda: not studio.running)
    shown.close()
    height, width, _ = look.shape
    middle = look[height // 10 : height * 4 // 5, width * 9 // 20 : width * 11 // 20]
    heavy = [name for name in ("torch", "mediapipe", "open3d", "numba", "trimesh", "scipy") if name in sys.modules]
    print(json.dumps({
        "state": studio.state, "failure": str(studio.failure), "heavy": heavy, "said": shown.status.words.text(),
        "skin": float(((middle[..., 0] > middle[..., 1] + 15) & (middle[..., 1] > middle[..., 2])).mean()),
        "changed": float(abs(look - strain).mean()), "offers": [offer.design for offer in studio.offers],
        "waist": studio.shown.measurements.value("waist") if studio.shown else None,
    }))
"""


def test_the_real_engine_dresses_a_person_and_exports_what_the_command_line_does(display: str, tmp_path: Path) -> None:
    script, out = tmp_path / "whole.py", tmp_path / "out"
    script.write_text(WHOLE)
    out.mkdir()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(script), str(out)], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["state"] == "current", told
    assert told["heavy"] == [] and told["skin"] > 0.05 and told["changed"] > 1.0
    assert 0.6 < told["waist"] < 1.1 and {"tee", "skirt"} <= set(told["offers"])
    assert {path.name for path in out.iterdir()} >= FILES, told["said"]


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
