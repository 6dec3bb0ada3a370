"""Widgets die on the window's thread only."""

import gc
import threading
import weakref

import pytest

pytest.importorskip("PySide6")


class _Ring:
    """Garbage that only a collection finds, and that tells on which thread it was found."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_is_collected_on_the_thread_of_the_window_and_on_no_other(application) -> None:
    from PySide6.QtTest import QTest

    from app.ui.collecting import EVERY

    found: list[threading.Thread] = []
    ring = _Ring()
    weakref.finalize(ring, lambda: found.append(threading.current_thread()))
    del ring

    def unpack() -> None:
        kept = [[k] for k in range(200_000)]
        del kept

    thread = threading.Thread(target=unpack)
    thread.start()
    thread.join()
    assert not found and not gc.isenabled()
    kept = [[k] for k in range(2 * gc.get_threshold()[0])]
    QTest.qWait(2 * EVERY)
    del kept
    assert found == [threading.main_thread()]


def test_all_is_looked_through_only_while_nobody_works(application, monkeypatch) -> None:
    from PySide6.QtTest import QTest

    from app.ui import collecting

    collector = application.findChild(collecting.Collector)
    looked: list[int] = []
    gc.callbacks.append(lambda phase, told: looked.append(told["generation"]) if phase == "start" else None)
    monkeypatch.setattr(collector, "_settled", True)
    try:
        for generation in (1, 0):
            for _ in range(gc.get_threshold()[generation + 1] + 1):
                gc.collect(generation)
        looked.clear()
        kept = []
        for _ in range(6):
            kept += [[k] for k in range(2 * gc.get_threshold()[0])]
            QTest.qWait(collecting.EVERY)
        assert looked and max(looked) == 1, "somebody works"
        QTest.qWait(4 * collecting.EVERY)
        assert max(looked) == 2
        del kept
    finally:
        gc.callbacks.pop()
