"""What lies on the picture: the cube that tells and sets the direction, the banner of a stale result."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.saying import spoken
from app.ui import theme
from app.ui.controls import FRAME, button, clear, label, styled
from app.ui.progressbar import ProgressBar
from render.camera import Camera, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    Labelled = tuple[str, tuple[np.ndarray, ...]]

CUBE = 76
LEADER = 14
NARROWEST = 240
"""Of a banner whose words are read at a glance."""
TOP = 66
"""Where names of two pictures begin: below a banner of one line [pixels]."""
LOW = 560
"""Of a picture so high the names of two leave out how they differ: that would cover the people [pixels]."""
_FACES = {
    "Front": ((0, 0, 1), 0.0, 0.0),
    "Back": ((0, 0, -1), 180.0, 0.0),
    "Left": ((1, 0, 0), 90.0, 0.0),
    "Right": ((-1, 0, 0), -90.0, 0.0),
    "Top": ((0, 1, 0), 0.0, 88.0),
    "Base": ((0, -1, 0), 0.0, -88.0),
}


class Cube(QWidget):
    """A cube that turns with the camera; a click on a face looks from there. Left and right are the person's."""

    turned = Signal(float, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(CUBE, CUBE)
        self.setAccessibleName(spoken("Direction of view"))
        self.setToolTip(spoken("Click a side to look from there. Left and right are the person's"))
        self._camera = Camera()

    def follow(self, camera: Camera) -> None:
        self._camera = camera
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for name, polygon, _ in self._visible():
            if polygon.containsPoint(event.position(), Qt.FillRule.OddEvenFill):
                self.turned.emit(*_FACES[name][1:])
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.CAPTION))
        for name, polygon, facing in self._visible():
            fill = QColor(colours.panel)
            fill.setAlphaF(0.55 + 0.4 * facing)
            painter.setBrush(fill)
            painter.setPen(QPen(QColor(colours.edge), 1))
            painter.drawPolygon(polygon)
            if facing > 0.45:
                painter.setPen(QColor(colours.text))
                painter.drawText(polygon.boundingRect(), Qt.AlignmentFlag.AlignCenter, spoken(name))

    def _visible(self) -> list[tuple[str, QPolygonF, float]]:
        """Faces that look at the eye: name, outline, cosine to the view."""
        axes = self._camera.axes()
        found = []
        for name, (normal, _, _) in _FACES.items():
            facing = float(axes[2] @ np.array(normal))
            if facing < 0.02:
                continue
            along = np.roll(np.abs(normal), 1)
            across = np.cross(normal, along)
            corners = [np.array(normal) + u * along + v * across for u, v in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
            flat = [QPointF(CUBE / 2 + 21 * (axes[0] @ c), CUBE / 2 - 21 * (axes[1] @ c)) for c in corners]
            found.append((name, QPolygonF(flat), facing))
        return sorted(found, key=lambda face: face[2])


class Labels(QWidget):
    """Words beside lines of the picture; they keep to the line's right end and out of each other's way, or where a hand
    has drawn them. `letters`: their height [pixels]."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.letters = theme.CAPTION
        self._labels: Sequence[Labelled] = ()
        self._views: tuple[View, ...] = ()
        self._moved: dict[str, QPointF] = {}
        self._boxes: list[tuple[str, QRectF]] = []
        self.hide()

    def at(self, place: QPointF) -> str | None:
        """The label at a place, by its words."""
        found = (text for text, box in reversed(self._boxes) if self.isVisible() and box.contains(place))
        return next(found, None)

    def shift(self, text: str, by: QPointF) -> None:
        """Draw a label away from its line; it keeps its distance when the picture turns."""
        self._moved[text] = self._moved.get(text, QPointF()) + by
        self.update()

    def put_back(self, text: str | None) -> None:
        """Let a label keep to its line again."""
        self._moved.pop(text or "", None)
        self.update()

    def show_labels(self, labels: "Sequence[Labelled]") -> None:
        self._labels = labels
        self.setAccessibleName(spoken("; ".join(text for text, _ in labels)))
        self.setVisible(bool(labels))
        self.update()

    def follow(self, views: tuple[View, ...]) -> None:
        self._views = views
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(self.letters))
        self._boxes = []
        for view in self._views:
            self._paint(painter, view)

    def _paint(self, painter: QPainter, view: View) -> None:
        colours, metrics = theme.current(), painter.fontMetrics()
        fill = QColor(colours.panel)
        fill.setAlpha(225)
        below = float(view.top)
        for text, end in sorted(self._ends(view), key=lambda found: found[1].y()):
            size = metrics.size(0, text)
            wide, high = size.width() + self.letters + 3, size.height() + round(self.letters / 2)
            left = min(end.x() + LEADER, view.left + view.width - wide - 6.0)
            box = QRectF(left, max(end.y() - high / 2, below), wide, high)
            if text in self._moved:
                box = QRectF(left, end.y() - high / 2, wide, high).translated(self._moved[text])
            else:
                below = box.bottom() + 3
            self._boxes.append((text, box))
            painter.setPen(QPen(QColor(colours.edge), 1))
            painter.drawLine(end, QPointF(box.left() if box.center().x() > end.x() else box.right(), box.center().y()))
            painter.setBrush(fill)
            painter.drawRoundedRect(box, 5, 5)
            painter.setPen(QColor(colours.text))
            inside = box.adjusted((wide - size.width()) / 2, (high - size.height()) / 2, 0.0, 0.0)
            painter.drawText(inside, 0, text)

    def _ends(self, view: View) -> list[tuple[str, QPointF]]:
        """Each label's text, and the rightmost point of its lines in one view."""
        told = [(text, np.concatenate(runs)) for text, runs in self._labels if runs]
        if not told:
            return []
        places = view.camera.project(np.concatenate([points for _, points in told]), view.width, view.height)
        until = np.cumsum([len(points) for _, points in told])
        found = []
        for (text, _), seen in zip(told, np.split(places, until[:-1]), strict=True):
            x, y, _ = seen[seen[:, 0].argmax()] + (view.left, view.top, 0)
            found.append((spoken(text), QPointF(float(x), float(y))))
        return found


class Banner(QFrame):
    """One sentence over the picture, with a way out: why it is stale, what failed, what runs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.text = label("")
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.bar = ProgressBar()
        self.beside, self.below = QHBoxLayout(), QHBoxLayout()
        for row in (self.beside, self.below):
            row.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.text, 1)
        head.addLayout(self.beside)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addLayout(self.below)
        self._shown: object = None
        self._laid: object = None
        self.hide()

    def say(self, text: str, ways_out: tuple = (), fraction: float | None = None) -> None:
        """Show a sentence; `ways_out` are (text, what it does); `fraction` keeps the banner low, and
        draws a bar until it is 1."""
        self.text.setText(spoken(text))
        self.bar.setVisible(fraction is not None and fraction < 1.0)
        self.bar.show_share(fraction or 0.0)
        shown = (fraction is None, *(name for name, _ in ways_out))
        if shown != self._shown:
            self._shown = shown
            clear(self.beside)
            clear(self.below)
            for k, (name, then) in enumerate(ways_out):
                way = button(name, then, primary=k == 0 and fraction is None)
                (self.below if fraction is None else self.beside).addWidget(way)
                way.show()
            if ways_out and fraction is None:
                self.below.addStretch(1)
        self.show()
        self.raise_()

    def place(self, width: int, left: int, right: int) -> None:
        """Lie on top of a picture `width` wide, in its middle or between what is taken on its `left` and `right`; over
        that, where no room is between."""
        free = width - 32 - left - right
        if free < NARROWEST:
            left, right, free = 0, 0, width - 32
        span = max(min(440, free), 0)
        asked = span, self.text.text(), self.bar.isHidden(), self._shown
        if asked != self._laid:
            self._laid = asked
            self.setFixedWidth(span)
            self.setFixedHeight(max(self._column.totalHeightForWidth(span - FRAME) + FRAME, 0))
        self.move(max(min((width - span) // 2, width - right - span), left), 12)
        self.raise_()


class Veil(QWidget):
    """Dims a picture that is not current."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = QColor(theme.current().window)
        colour.setAlpha(110)
        QPainter(self).fillRect(self.rect(), colour)


def _plates(painter: QPainter, labels: "Sequence[QLabel]") -> None:
    """What words on the picture lie on, so that they are read before any background."""
    fill = QColor(theme.current().panel)
    fill.setAlpha(225)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.current().line), 1))
    painter.setBrush(fill)
    for made in labels:
        painter.drawRoundedRect(made.geometry().adjusted(-7, -3, 7, 3), 5, 5)


class Pair(QWidget):
    """The names of two pictures side by side, and the line between them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.labels = [styled(QLabel(self), "onpicture") for _ in range(2)]
        for made in self.labels:
            made.setWordWrap(True)
        self._top, self._names = TOP, ("", "")
        self.hide()

    @property
    def lowest(self) -> int:
        """Down to where the names reach with nothing over them [pixels]; 0 where there are none."""
        return TOP + max(made.height() for made in self.labels) if not self.isHidden() else 0

    def stay_below(self, lowest: int) -> None:
        """Let the names begin below what lies over the picture down to there [pixels]."""
        if (top := max(TOP, lowest + 10)) != self._top:
            self._top = top
            self._place()
            self.update()

    def show_names(self, names: tuple[str, str] | None) -> None:
        self.setVisible(names is not None)
        self._names = names or ("", "")
        self._place()

    def resizeEvent(self, event) -> None:
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(theme.current().line), 1))
        painter.drawLine(self.width() // 2, 0, self.width() // 2, self.height())
        _plates(painter, self.labels)

    def _place(self) -> None:
        half = self.width() // 2
        for k, (made, name) in enumerate(zip(self.labels, self._names, strict=True)):
            made.setText(spoken(name.partition("\n")[0] if self.height() < LOW else name))
            lines = made.text().splitlines() or [""]
            asked = max(made.fontMetrics().horizontalAdvance(line) for line in lines) + 2
            wide = max(min(asked, half - 38), 60)
            made.setGeometry(19 + k * half, self._top, wide, made.heightForWidth(wide))


class Names(QWidget):
    """The names of four views in their corners."""

    def __init__(self, parent: QWidget, names: tuple[str, ...]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.labels = [styled(QLabel(spoken(name), self), "onpicture") for name in names]
        self.hide()

    def resizeEvent(self, event) -> None:
        for k, made in enumerate(self.labels):
            made.adjustSize()
            made.move(19 + (k % 2) * (self.width() // 2), 12 + (k // 2) * (self.height() // 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(theme.current().line), 1))
        x, y = self.width() // 2, self.height() // 2
        painter.drawLine(x, 0, x, self.height())
        painter.drawLine(0, y, self.width(), y)
        _plates(painter, self.labels)

    def sizeHint(self) -> QSize:
        return QSize(0, 0)
