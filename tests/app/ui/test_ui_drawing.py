"""The thread that draws: whose context it has, what it draws first, and what becomes of a lost one."""

import os
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from assets.errors import MissingExtra
from render.camera import Camera, single
from render.scene import Item, Material, Scene

SIZE = (96, 64)


class Sheet:
    """Who asks, and keeps what comes."""

    def __init__(self) -> None:
        self.came: list = []

    def take(self, drawn) -> None:
        self.came.append(drawn)


@pytest.fixture
def drawing(application) -> Iterator:
    from app.ui.drawing import Drawing

    made = Drawing()
    yield made
    made.close()


def order(colour: tuple[float, float, float] = (0.6, 0.1, 0.1), coarse: int = 1):
    from app.ui.drawing import Order

    corners = np.array([[-0.5, 0, 0], [0.5, 0, 0], [0, 1, 0]], np.float32)
    item = Item("flag", corners, np.array([[0, 1, 2]], np.int32), Material(colour))
    camera = Camera(target=(0.0, 0.5, 0.0))
    whole = single(camera, *SIZE)
    return Order(Scene((item,)), *SIZE, single(camera, SIZE[0] // coarse, SIZE[1] // coarse), whole, coarse)


def wait(application, condition) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        application.processEvents()
        time.sleep(0.002)


def drawn(application, drawing, wanted) -> np.ndarray:
    from app.ui.camera import pixels

    sheet = Sheet()
    drawing.draw(sheet, wanted)
    wait(application, lambda: sheet.came)
    assert not sheet.came[0].trouble
    return pixels(sheet.came[0].image).astype(int)


def test_both_contexts_draw_the_same_picture(application, drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.ui import drawing as room

    ours = drawn(application, drawing, order())
    assert ours.std() > 10
    monkeypatch.setattr(room.QOpenGLContext, "supportsThreadedOpenGL", lambda: False)
    without = room.Drawing()
    try:
        assert np.abs(ours - drawn(application, without, order())).max() <= 1
    finally:
        without.close()


def test_only_the_newest_of_what_one_asks_is_drawn_and_the_coarse_one_is_as_large(application, drawing) -> None:
    sheet, orders = Sheet(), [order() for _ in range(40)] + [order(coarse=2)]
    for each in orders:
        drawing.draw(sheet, each)
    wait(application, lambda: sheet.came and sheet.came[-1].order is orders[-1])
    assert len(sheet.came) < 10
    assert (sheet.came[-1].image.width(), sheet.came[-1].image.height()) == SIZE


def test_a_picture_at_rest_becomes_finer_until_it_is_done(application, drawing) -> None:
    sheet, wanted = Sheet(), order()
    drawing.draw(sheet, wanted)
    drawing.refine(sheet, wanted)
    wait(application, lambda: sheet.came and sheet.came[-1].done >= 1.0)
    shares = [each.done for each in sheet.came]
    assert shares == sorted(shares) and shares[0] == 0.0 and len(shares) > 5


@pytest.mark.skipif(sys.platform != "linux", reason="a thread has a modesty of its own on Linux alone")
@pytest.mark.parametrize("before", [0, 10, 19])
def test_however_modest_the_program_is_the_thread_is_no_less(application, before: int) -> None:
    from app.ui import drawing as room

    def live() -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), before)
        room._be_modest()
        after.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    after: list[int] = []
    own = os.getpriority(os.PRIO_PROCESS, 0)
    if before < own:
        pytest.skip("the tests themselves are more modest")
    thread = threading.Thread(target=live)
    thread.start()
    thread.join()
    assert after == [min(before + room.MODEST, 19)]


def test_a_lost_context_costs_a_rebuild_and_nothing_else(application, drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.ui import drawing as room

    wanted = order()
    before = drawn(application, drawing, wanted)
    lives = iter([False])
    monkeypatch.setattr(room._Desk, "_is_current", lambda self: next(lives, True))
    assert np.array_equal(before, drawn(application, drawing, wanted))


def test_a_driver_that_is_too_old_is_named_and_what_helps(application, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.ui import drawing as room
    from render import headless

    def none() -> str:
        raise MissingExtra("no EGL")

    monkeypatch.setattr(room, "_on_thread", lambda surface: (None, "2.1"))
    monkeypatch.setattr(headless, "driver", none)
    old, sheet = room.Drawing(), Sheet()
    try:
        for _ in range(2):
            old.draw(sheet, order())
            wait(application, lambda: sheet.came)
            told = sheet.came.pop()
            assert told.image is None and "has OpenGL 2.1, and Toile needs 3.3" in told.trouble
    finally:
        old.close()
