"""Fingers and labels on the picture: one finger turns, two move, pinch and twist; a label goes where it is drawn to."""

import time

import numpy as np
import pytest

from render.camera import Camera
from render.scene import Item, Scene


@pytest.fixture
def view(application):
    from app.ui.viewport import Viewport

    made = Viewport(plain=True)
    made.resize(400, 300)
    corners = np.array([[-0.5, 0, 0], [0.5, 0, 0], [0, 1.6, 0]])
    made.show_scene(Scene((Item("body", corners, [[0, 1, 2]]),)), (("Waist 70 cm", (corners,)),))
    made.show()
    made.look_from("front")
    end = time.monotonic() + 20
    while not made.canvas.settled or made.canvas.grab_image().isNull():
        assert time.monotonic() < end, "waited in vain for a picture"
        application.processEvents()
        time.sleep(0.002)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture(scope="module")
def screen():
    from PySide6.QtTest import QTest

    return QTest.createTouchDevice()


def touch(view, screen, *ways) -> None:
    """Fingers that go along ways, each a sequence of places of the same length."""
    from PySide6.QtCore import QPoint
    from PySide6.QtTest import QTest

    for step in range(len(ways[0])):
        event = QTest.touchEvent(view, screen)
        for finger, way in enumerate(ways):
            (event.press if step == 0 else event.move)(finger, QPoint(*way[step]), view)
        event.commit()
    event = QTest.touchEvent(view, screen)
    for finger, way in enumerate(ways):
        event.release(finger, QPoint(*way[-1]), view)
    event.commit()


def camera(view) -> Camera:
    return view.cameras["one"]


def test_one_finger_turns_and_a_tap_is_a_click(view, screen) -> None:
    clicks, before = [], camera(view).azimuth
    view.clicked.connect(clicks.append)
    touch(view, screen, [(200, 150), (240, 150), (280, 150)])
    assert camera(view).azimuth < before - 0.1 and not clicks
    turned = camera(view)
    touch(view, screen, [(100, 100), (101, 100)])
    assert camera(view) is turned and len(clicks) == 1


def test_two_fingers_move_the_picture(view, screen) -> None:
    before = camera(view)
    touch(view, screen, [(150, 100), (150, 140)], [(250, 100), (250, 140)])
    assert camera(view).target[1] > before.target[1] + 0.05
    assert abs(camera(view).distance - before.distance) < 0.01 * before.distance


def test_pinching_brings_nearer_and_twisting_walks_round(view, screen) -> None:
    before = camera(view)
    touch(view, screen, [(180, 150), (120, 150)], [(220, 150), (280, 150)])
    assert camera(view).distance < before.distance / 2
    nearer = camera(view)
    touch(view, screen, [(150, 150), (153, 120)], [(250, 150), (247, 180)])
    assert abs(camera(view).azimuth - nearer.azimuth) > 0.2


def test_a_label_goes_where_it_is_drawn_and_back_by_a_double_click(view, application) -> None:
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtTest import QTest

    view.labels.grab()
    box = view.labels._boxes[0][1]
    before, middle = camera(view), box.center().toPoint()
    assert view.labels.at(QPointF(middle)) == "Waist 70 cm" and view.labels.at(QPointF(2, 2)) is None
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(view, middle + QPoint(-30, 20))
    QTest.mouseMove(view, middle + QPoint(-60, 40))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(-60, 40))
    view.labels.grab()
    there = view.labels._boxes[0][1].center() - box.center()
    assert camera(view) is before and abs(there.x() + 60) < 2 and abs(there.y() - 40) < 2
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=view.labels._boxes[0][1].center().toPoint())
    view.labels.grab()
    assert (view.labels._boxes[0][1].center() - box.center()).manhattanLength() < 2
