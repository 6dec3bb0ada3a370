"""What fingers do in the picture, on a screen and on a trackpad: one turns, two move, pinch and twist.

On a screen a tap is a click. On a trackpad two fingers move the picture, as in every map; with Ctrl they zoom, as a
mouse's wheel always does.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QTouchEvent, QWheelEvent

from app.ui.navigation import ORBIT, PAN

if TYPE_CHECKING:
    from app.ui.viewport import Viewport

TAP = 12.0
"""A finger that moved less than this [pixels] tapped."""
_TOUCHES = (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel)


class Gestures:
    """Turns events of a viewport into moves of its cameras."""

    def __init__(self, viewport: "Viewport") -> None:
        self.viewport = viewport
        self._began: QPointF | None = None
        self._tap = False

    def take(self, event: QEvent) -> bool:
        """Whether the event was a gesture, and is done."""
        if not self.viewport.cameras:
            return False
        if isinstance(event, QTouchEvent) and event.type() in _TOUCHES:
            self._touch(event)
            return True
        if isinstance(event, QNativeGestureEvent):
            return self._native(event)
        if isinstance(event, QWheelEvent):
            return self._scroll(event)
        return False

    def _touch(self, event: QTouchEvent) -> None:
        points = event.points()
        if event.type() == QEvent.Type.TouchBegin:
            self._began, self._tap = points[0].position(), True
        if event.type() == QEvent.Type.TouchUpdate:
            now, last = ([way(point) for point in points[:2]] for way in (_now, _last))
            if len(now) == 1:
                self._one(now[0], last[0])
            elif len(now) == 2:
                self._tap = False
                self._two(now, last)
        if event.type() == QEvent.Type.TouchEnd and self._tap and self._began is not None:
            self.viewport.click(self._began)
        event.accept()

    def _one(self, now: QPointF, last: QPointF) -> None:
        if self._tap and self._began is not None and (now - self._began).manhattanLength() < TAP:
            return
        self._tap = False
        self.viewport.move_view(self.viewport.name_at(now), ORBIT, now - last)

    def _two(self, now: Sequence[QPointF], last: Sequence[QPointF]) -> None:
        view, middle = self.viewport, (now[0] + now[1]) / 2
        view.move_view(view.name_at(middle), PAN, middle - (last[0] + last[1]) / 2)
        across, before = now[1] - now[0], last[1] - last[0]
        sizes = math.hypot(across.x(), across.y()), math.hypot(before.x(), before.y())
        if min(sizes) > TAP:
            view.zoom_at(middle, sizes[0] / sizes[1])
            twist = math.atan2(across.y(), across.x()) - math.atan2(before.y(), before.x())
            view.twist(view.name_at(middle), math.remainder(twist, 2 * math.pi))

    def _native(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.viewport.zoom_at(event.position(), 1.0 + event.value())
        elif event.gestureType() == Qt.NativeGestureType.RotateNativeGesture:
            self.viewport.twist(self.viewport.name_at(event.position()), math.radians(event.value()))
        else:
            return False
        return True

    def _scroll(self, event: QWheelEvent) -> bool:
        """Two fingers on a trackpad; a wheel is none."""
        padded = event.device() is not None and event.device().type() == QInputDevice.DeviceType.TouchPad
        if event.pixelDelta().isNull() or event.modifiers() & Qt.KeyboardModifier.ControlModifier or not padded:
            return False
        self.viewport.move_view(self.viewport.name_at(event.position()), PAN, QPointF(event.pixelDelta()))
        event.accept()
        return True


def _now(point) -> QPointF:
    return point.position()


def _last(point) -> QPointF:
    return point.lastPosition()
