"""A display for the tests of the window: the one that is there, else Xvfb started for the session."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from tests.app.customer import customer as customer


@pytest.fixture(scope="session")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of Qt's platform: "xcb" under Xvfb, else "offscreen"."""
    folder = tmp_path_factory.mktemp("home")
    kept = dict(os.environ)
    os.environ.update({f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "CACHE", "DATA")})
    server = _start_xvfb()
    if server is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    else:
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        os.environ.pop("WAYLAND_DISPLAY", None)
    yield os.environ["QT_QPA_PLATFORM"]
    if server is not None:
        server.terminate()
        server.wait(10)
    os.environ.clear()
    os.environ.update(kept)


@pytest.fixture(scope="session")
def application(display: str):
    """The one QApplication of the tests."""
    from app.ui.starting import prepare

    prepare()
    from PySide6.QtWidgets import QApplication

    from app.ui.collecting import Collector

    application = QApplication.instance() or QApplication(["toile"])
    Collector(application)
    return application


@pytest.fixture(scope="session")
def nursery(display: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the environment says of a nursery of fake engines; nothing where processes are not forked."""
    if sys.platform != "linux":
        yield {}
        return
    from app.kiosk.nursery import Nursery

    command = (sys.executable, "-m", "tests.app.fake_nursery")
    made = Nursery(tmp_path_factory.mktemp("nursery") / "door", dict(os.environ), command)
    made.keep()
    while made.told and not made.door.exists():
        time.sleep(0.01)
    yield made.told
    made.close()


@pytest.fixture(scope="module")
def forked(nursery: dict[str, str]) -> Iterator[None]:
    """Lanes of a module's windows are forked, which takes a hundredth of the time of starting them."""
    with pytest.MonkeyPatch.context() as patch:
        for name, door in nursery.items():
            patch.setenv(name, door)
        yield


@pytest.fixture(scope="module")
def driver(request: pytest.FixtureRequest, application, forked):
    """A window with hands, of the module's own, in the room that the module names as its ROOM."""
    from tests.app.driver import Driver

    made = Driver(application)
    made.current()
    if hasattr(request.module, "ROOM"):
        made.click(f"{request.module.ROOM} room")
    yield made
    made.close()


@pytest.fixture
def as_before(driver) -> Iterator[None]:
    """What a test did is undone after it."""
    start = driver.studio.project
    yield
    while driver.studio.project is not start:
        driver.window.do("undo")
    driver.current()


def _start_xvfb() -> subprocess.Popen | None:
    program = shutil.which("Xvfb")
    if program is None:
        return None
    read, write = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as stream:
        number = stream.readline().strip()
    if not number:
        server.wait(10)
        return None
    os.environ["DISPLAY"] = f":{number}"
    return server


@pytest.fixture
def picture_file(tmp_path: Path) -> Path:
    """A small picture, written as a PNG."""
    import numpy as np
    from PIL import Image

    path = tmp_path / "front.png"
    ramp = np.linspace(0, 255, 120 * 80 * 3).astype(np.uint8).reshape(120, 80, 3)
    Image.fromarray(ramp).save(path)
    return path


@pytest.fixture
def result():
    """A shown result of one triangle."""
    import numpy as np

    from app.scenes.tapes import Laid
    from app.stage import Shown
    from assets.mesh import frozen
    from body.measurements import Measurements, given
    from garments.drape import Certificate
    from garments.fit import Fit, RegionFit
    from garments.maps import Mapped
    from garments.sizing import Advice, SizeScore
    from render.scene import Item, Material, Scene

    vertices, faces = np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.int32)
    look = Scene((Item("body", vertices, faces, Material((0.1, 0.2, 0.3))),))
    arrays = {"strain": frozen(np.arange(3, dtype=np.float32))}
    maps = Mapped(
        "T-shirt M", "tee", "Grey interlock", look.items[0].vertices, vertices, faces, np.eye(3, 2),
        np.zeros(1, np.int32), ("front",), {}, arrays, {}, {"strain": 0.3},
    )  # fmt: skip
    numbers = [field.name for field in fields(Certificate) if field.name != "reasons"]
    return Shown(
        look=look,
        bare=Item("body", look.items[0].vertices, faces),
        maps=(maps,),
        sizes=("M",),
        fits=(Fit("T-shirt M", (RegionFit("bust", 0.9, 1.0, 0.1, 0.01, 0.08, 0.03, "fits"),), "fits"),),
        advice=(Advice("tee", "female", "M", (SizeScore("M", np.float64(0.7), "why"),), ("bust",), True),),
        certificates=(Certificate(**dict.fromkeys(numbers, 0), reasons=()),),
        measurements=Measurements((given("waist", 0.8),)),
        notes=("a note",),
        holds=True,
        failures=(),
        tapes=(Laid("waist_girth", (vertices,)),),
    )
