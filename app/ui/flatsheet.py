"""Where a sheet with a pattern lies on the screen: metres with +y up to pixels with +y down, and back."""

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF, QTransform

_LEAST, _MOST = 50.0, 20_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """`scale` [pixels/m], `origin` where the sheet's lower left corner is [pixels]."""

    scale: float = 1.0
    origin: QPointF = field(default_factory=QPointF)

    @staticmethod
    def fitted(size: tuple[float, float], room: QRectF) -> "Sheet":
        """A sheet of a size [m] in the middle of a room, as large as it can be."""
        width, height = size
        scale = max(min(room.width() / width, room.height() / height), 1.0)
        across, up = scale * width, scale * height
        return Sheet(scale, QPointF(room.center().x() - 0.5 * across, room.center().y() + 0.5 * up))

    def at(self, point: np.ndarray) -> QPointF:
        """A point of the sheet [m] [2] on the screen."""
        return QPointF(self.origin.x() + self.scale * point[0], self.origin.y() - self.scale * point[1])

    def back(self, place: QPointF) -> np.ndarray:
        """A place on the screen as a point of the sheet [m] [2]."""
        return np.array([place.x() - self.origin.x(), self.origin.y() - place.y()]) / self.scale

    @property
    def transform(self) -> QTransform:
        """From points of the sheet [m] to the screen."""
        return QTransform(self.scale, 0.0, 0.0, -self.scale, self.origin.x(), self.origin.y())

    def path(self, path: QPainterPath) -> QPainterPath:
        """Lines on the sheet [m], on the screen."""
        return self.transform.map(path)

    def since(self, before: "Sheet") -> QTransform:
        """What brings a picture of the sheet as it lay before to where it lies now."""
        back, _ = before.transform.inverted()
        return back * self.transform

    def polygon(self, points: np.ndarray) -> QPolygonF:
        """Points [m] [k, 2] on the screen."""
        there = (self.origin.x(), self.origin.y()) + self.scale * points * (1.0, -1.0)
        return QPolygonF([QPointF(x, y) for x, y in there.tolist()])

    def moved(self, by: QPointF) -> "Sheet":
        """The sheet shifted on the screen."""
        return Sheet(self.scale, self.origin + by)

    def zoomed(self, here: QPointF, factor: float) -> "Sheet":
        """Larger by a factor, with what lies under a place of the screen left there."""
        under = self.back(here)
        scale = float(np.clip(self.scale * factor, _LEAST, _MOST))
        return Sheet(scale, QPointF(here.x() - scale * under[0], here.y() + scale * under[1]))
