"""Parts of panels that are filled anew: what is seen stays until the next is whole."""

import time

import pytest

pytest.importorskip("PySide6")


@pytest.fixture
def part(application):
    from app.ui.refilled import Refilled

    made = Refilled()
    made.show()
    yield made
    made.deleteLater()


def _words(part) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [each.text() for each in part.findChildren(QLabel) if each.isVisible()]


def _filling(*words: str):
    from PySide6.QtWidgets import QLabel

    def filling(column):
        for word in words:
            column.addWidget(QLabel(word))
            yield

    return filling


def test_what_is_seen_stays_until_the_next_is_whole(part, application, monkeypatch) -> None:
    from PySide6.QtTest import QTest

    from app.ui import gradually

    monkeypatch.setattr(gradually, "BUDGET", 1e-9)
    part.fill(_filling("before"))
    QTest.qWait(50)
    assert _words(part) == ["before"]
    part.fill(_filling("one", "two"))
    seen = [tuple(_words(part))]
    while part.busy:
        application.processEvents()
        seen.append(tuple(_words(part)))
    assert list(dict.fromkeys(seen)) == [("before",), ("one", "two")]


def test_a_filling_that_is_given_up_leaves_nothing_behind(part, application, monkeypatch) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    from app.ui import gradually

    monkeypatch.setattr(gradually, "BUDGET", 1e-9)
    part.fill(_filling("old", "older"))
    part.fill(_filling("new"))
    while part.busy:
        application.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert _words(part) == ["new"] and len(part.children()) == 3, "its layout, its work, and what is in it"


def test_a_bar_that_goes_on_does_not_have_the_window_painted_at_once(application) -> None:
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from app.ui.progressbar import ProgressBar

    painted = []

    class Beside(QWidget):
        def paintEvent(self, event) -> None:
            painted.append(1)

    window = QWidget()
    column, beside, bar = QVBoxLayout(window), Beside(), ProgressBar()
    column.addWidget(beside)
    column.addWidget(bar)
    window.resize(200, 200)
    window.show()
    end = time.monotonic() + 5.0
    while not painted and time.monotonic() < end:
        application.processEvents()
    painted.clear()
    beside.update()
    bar.show_share(0.5)
    assert not painted and bar.value() == bar.maximum() // 2
    while not painted and time.monotonic() < end:
        application.processEvents()
    assert painted
    window.deleteLater()
