"""The live picture of a person: themselves, the skeleton that follows them, the ring that fills as they turn, and a
figure that stands as they should."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.photo.mirror import Patch
from app.saying import spoken
from app.ui import theme
from body.frame import Frame
from body.live.track import Track

BONES = (
    (11, 12), (11, 13), (13, 15), (12, 14), (14, 16), (11, 23), (12, 24), (23, 24),
    (23, 25), (25, 27), (27, 31), (24, 26), (26, 28), (28, 32),
)  # fmt: skip
RING, EDGE = 132, 20  # the ring's diameter and its distance from the corner [pixels]
WORDS, _TALLEST = 24, 3.7  # the letters' size [pixels], and the height of two lines and their margins over it
_SMALLEST = 0.65  # of those letters, in which long advice finds room there
FIGURE = 96  # the figure's width, half its height [pixels]
# How to stand: the head's middle and lines of limbs with how thick they are, in a box 1 wide and 2 high, from the top.
_Limb = tuple[float, tuple[tuple[float, float], ...]]
POSES: dict[str, tuple[tuple[float, float], tuple[_Limb, ...]]] = {
    "front": (
        (0.5, 0.2),
        (
            (0.22, ((0.43, 0.5), (0.57, 0.5), (0.55, 0.8), (0.57, 1.0), (0.43, 1.0), (0.45, 0.8), (0.43, 0.5))),
            (0.09, ((0.36, 0.46), (0.22, 0.74), (0.12, 1.0))), (0.09, ((0.64, 0.46), (0.78, 0.74), (0.88, 1.0))),
            (0.13, ((0.42, 1.05), (0.38, 1.45), (0.36, 1.85))), (0.13, ((0.58, 1.05), (0.62, 1.45), (0.64, 1.85))),
        ),
    ),
    "side": (
        (0.3, 0.2),
        (
            (0.21, ((0.27, 0.5), (0.31, 0.8), (0.28, 1.0))), (0.09, ((0.29, 0.46), (0.62, 0.47), (0.93, 0.45))),
            (0.14, ((0.28, 1.05), (0.29, 1.45), (0.27, 1.85))), (0.08, ((0.27, 1.88), (0.38, 1.89))),
        ),
    ),
}  # fmt: skip
_SEEN = 0.5
WHITE = QColor("#FFFFFF")


class Preview(QWidget):
    """The live picture, with what is known of the person and the countdown on it; `large`: as many times as large as
    on a desk. `mirror`: as in a mirror. `outline`: the figure that stands as it should fills the picture, and what to
    do is told above it, not over heads. `nothing`: what stands where there is no picture."""

    def __init__(
        self, large: float = 1.0, mirror: bool = False, outline: bool = False, nothing: str = "No picture yet"
    ) -> None:
        super().__init__()
        self.large, self.mirror, self.outline, self.nothing = large, mirror, outline, nothing
        self.setMinimumSize(560, 420)
        self.setAccessibleName(spoken("Live picture"))
        self.frame: Frame | None = None
        self.patch: Patch | None = None
        self.track: Track | None = None
        self.sides: np.ndarray | None = None
        self.count = 0
        self.good = False
        self.words = ""
        self.guide = ""

    def show_frame(self, frame: Frame | None, patch: Patch | None = None) -> None:
        """A picture, and what is to be laid over it."""
        self.frame, self.patch = frame, patch
        self.update()

    def show_track(self, track: Track | None, sides: np.ndarray | None, good: bool, words: str) -> None:
        """Who is in the picture; which sides were seen, [n] bool, while somebody turns; what to do, to be read from
        where they stand."""
        self.track, self.sides, self.good, self.words = track, sides, good, words
        self.update()

    def show_guide(self, guide: str) -> None:
        """How to stand, one of POSES, or "" for no figure."""
        self.guide = guide
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor("#2A2B2D"))
        if self.frame is None:
            painter.setPen(QColor("#E6E6E3"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, spoken(self.nothing))
            return
        height, width, _ = self.frame.pixels.shape
        room = QRectF(self.rect())
        if self.outline:
            room.setTop(_TALLEST * round(self.large * WORDS))
        scale = min(room.width() / width, room.height() / height)
        place = QRectF(0, 0, width * scale, height * scale)
        place.moveCenter(room.center())
        self._draw_person(painter, self.frame, place, scale)
        self._draw_guides(painter, place)
        if self.words:
            self._draw_words(painter, place)
        if self.count:
            self._draw_count(painter)

    def _draw_person(self, painter: QPainter, frame: Frame, place: QRectF, scale: float) -> None:
        """The picture and what lies over it, as in a mirror or not, and its frame, which tells whether all is well."""
        colours = theme.current()
        height, width, _ = frame.pixels.shape
        image = QImage(frame.pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        painter.save()
        if self.mirror:
            painter.translate(2 * place.center().x(), 0)
            painter.scale(-1, 1)
        painter.drawImage(place, image)
        if self.patch is not None:
            _lay(painter, self.patch, place)
        if self.track is not None:
            _draw_track(painter, self.track, place.topLeft(), scale, QColor(colours.accent))
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.good if self.good else colours.accent), 3))
        painter.drawRect(place.adjusted(1.5, 1.5, -1.5, -1.5))

    def _draw_guides(self, painter: QPainter, place: QRectF) -> None:
        """The ring of sides, and the figure that stands as the person should."""
        if self.sides is not None:
            corner = place.bottomRight() - QPointF(RING + EDGE, RING + EDGE)
            yaw, good = None if self.track is None else self.track.motion.yaw, QColor(theme.current().good)
            _draw_ring(painter, QRectF(corner.x(), corner.y(), RING, RING), self.sides, yaw, good)
        if self.guide and not self.outline:
            corner = place.bottomRight() - QPointF(FIGURE + EDGE, 2 * FIGURE + EDGE)
            draw_figure(painter, QRectF(corner.x(), corner.y(), FIGURE, 2 * FIGURE), self.guide)
        if self.guide and self.outline and not self.good:
            tall = 0.86 * place.height()
            middle = QRectF(place.center().x() - tall / 4, place.center().y() - tall / 2, tall / 2, tall)
            painter.setOpacity(0.3)
            draw_figure(painter, middle, self.guide, box=False)
            painter.setOpacity(1.0)

    def _draw_words(self, painter: QPainter, place: QRectF) -> None:
        """What to do, in a band along the top; in smaller letters where it would reach over the picture below it."""
        said, usual = spoken(self.words), round(self.large * WORDS)
        room = QRectF(self.rect()) if self.outline else place
        tallest = _TALLEST * usual if self.outline else room.height()
        centre = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        for size in (usual, round(0.8 * usual), round(_SMALLEST * usual)):
            painter.setFont(theme.font(size, bold=True))
            needed = painter.boundingRect(QRectF(0, 0, 0.96 * room.width(), room.height()), centre, said).height()
            if needed + 1.2 * size <= tallest:
                break
        band = QRectF(room.left(), room.top(), room.width(), needed + 1.2 * size)
        painter.fillRect(band, QColor(20, 21, 22, 170))
        painter.setPen(QColor("#FFFFFF"))
        painter.drawText(band.adjusted(0.02 * room.width(), 0, -0.02 * room.width(), 0), centre, said)

    def _draw_count(self, painter: QPainter) -> None:
        """The countdown, in the middle."""
        painter.setFont(theme.font(round(self.large * 120), bold=True))
        reach = self.large * 110.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(20, 21, 22, 170))
        painter.drawEllipse(QRectF(self.rect()).center(), reach, reach)
        painter.setPen(QColor("#FFFFFF"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self.count))


def _lay(painter: QPainter, patch: Patch, place: QRectF) -> None:
    """A patch on the picture that fills `place`."""
    tall, wide, _ = patch.pixels.shape
    over = QImage(patch.pixels.data, wide, tall, 4 * wide, QImage.Format.Format_RGBA8888_Premultiplied)
    corner = QPointF(place.left() + patch.left * place.width(), place.top() + patch.top * place.height())
    size = QSizeF(patch.width * place.width(), patch.height * place.height())
    painter.drawImage(QRectF(corner, size), over)


def _draw_track(painter: QPainter, track: Track, corner: QPointF, scale: float, colour: QColor) -> None:
    """The outline and the bones of those limbs that are seen."""

    def at(point: np.ndarray) -> QPointF:
        return corner + QPointF(scale * float(point[0]), scale * float(point[1]))

    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(255, 255, 255, 150), 1.5))
    painter.drawPolygon(QPolygonF([at(point) for point in track.outline]))
    painter.setPen(QPen(colour, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    seen = track.landmarks[:, 3] > _SEEN
    for start, end in BONES:
        if seen[start] and seen[end]:
            painter.drawLine(at(track.landmarks[start]), at(track.landmarks[end]))
    painter.setBrush(QColor("#FFFFFF"))
    painter.setPen(QPen(colour, 1.5))
    for number in sorted({end for bone in BONES for end in bone}):
        if seen[number]:
            painter.drawEllipse(at(track.landmarks[number]), 3.5, 3.5)


def draw_figure(painter: QPainter, place: QRectF, guide: str, box: bool = True, colour: QColor = WHITE) -> None:
    """Somebody who stands as is asked for, twice as high as wide, in a dark box or without one."""
    (head, limbs), wide = POSES[guide], place.width()

    def at(point: tuple[float, float]) -> QPointF:
        return place.topLeft() + QPointF(wide * point[0], wide * point[1])

    painter.setPen(Qt.PenStyle.NoPen)
    if box:
        painter.setBrush(QColor(20, 21, 22, 190))
        painter.drawRoundedRect(place, 8, 8)
    painter.setBrush(colour)
    painter.drawEllipse(at(head), 0.1 * wide, 0.12 * wide)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for thick, line in limbs:
        pen = QPen(colour, thick * wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([at(point) for point in line]))


def _draw_ring(painter: QPainter, place: QRectF, sides: np.ndarray, yaw: float | None, good: QColor) -> None:
    """Seen from above, the camera below: an arc for each side, filled once it was seen, and where the person faces."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(20, 21, 22, 190))
    painter.drawEllipse(place)
    inside, step = place.adjusted(12, 12, -12, -12), 360 / len(sides)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for k, seen in enumerate(sides):
        colour = good if seen else QColor(255, 255, 255, 60)
        painter.setPen(QPen(colour, 12, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawArc(inside, round(16 * (270 + k * step - step / 2 + 2)), round(16 * (step - 4)))
    painter.setPen(QColor("#FFFFFF"))
    painter.setFont(theme.font(20, bold=True))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"{int(np.sum(sides))} / {len(sides)}")
    if yaw is not None:
        reach = place.width() / 2 - 26
        point = place.center() + QPointF(reach * float(np.sin(yaw)), reach * float(np.cos(yaw)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#FFFFFF"))
        painter.drawEllipse(point, 5, 5)
