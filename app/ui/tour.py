"""Three words of welcome on the first start, each beside what it speaks of; skipped for good with one click."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.saying import spoken
from app.ui.controls import FRAME, button, label, styled

WORDS = (
    "Say who is dressed: a photo, or a few numbers. What you do not say is estimated, and shows its doubt.",
    "Drag to turn the person, use the wheel to come nearer. Strain, ease and pressure show how the garment fits.",
    "The size, how sure it is, and why. Click a size to wear it.",
)
WIDTH = 264
GAP = 12


class Tour(QFrame):
    """A card that goes from one place of the window to the next."""

    def __init__(self, parent: QWidget, stops: Sequence[tuple[QWidget, str]], over: Callable[[], None]) -> None:
        """`stops`: a widget and what to say about it; `over` is called once, at the end or when it is skipped."""
        super().__init__(parent)
        styled(self, "card").setAccessibleName(spoken("Welcome"))
        self.setFixedWidth(WIDTH)
        self._window = parent
        self._stops, self._over, self._at = list(stops), over, 0
        self.text, self.count = label(""), label("", "caption", wrap=False)
        self.next = button("Next", self.go_on, primary=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.next)
        row.addWidget(button("Skip", self.end))
        row.addStretch(1)
        row.addWidget(self.count)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addWidget(self.text)
        column.addLayout(row)
        parent.installEventFilter(self)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays beside what it speaks of when the window has another size: once the window's parts have theirs."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._place)
        return False

    def go_on(self) -> None:
        self._at += 1
        self.end() if self._at == len(self._stops) else self._show()

    def end(self) -> None:
        self.hide()
        self._over()
        self.deleteLater()

    def _show(self) -> None:
        words = self._stops[self._at][1]
        last = self._at == len(self._stops) - 1
        self.text.setText(spoken(words))
        self.next.setText(spoken("Done" if last else "Next"))
        self.next.setAccessibleName(self.next.text())
        self.count.setText(spoken(f"{self._at + 1} / {len(self._stops)}"))
        self.setFixedHeight(self._column.totalHeightForWidth(WIDTH - FRAME) + FRAME)
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        if self._at < len(self._stops):
            self.move(self._beside(self._stops[self._at][0]))

    def _beside(self, target: QWidget) -> QPoint:
        """To the right of the target, to its left where there is no room, else within it; at half its height, for above
        it is told what runs and what colours mean."""
        window = self._window
        corner = window.mapFromGlobal(target.mapToGlobal(QPoint(0, 0)))
        x = corner.x() + target.width() + GAP
        if x + WIDTH > window.width():
            x = corner.x() - WIDTH - GAP
        if x < 0 or target.width() > window.width() / 2:
            x = corner.x() + GAP
        middle = corner.y() + (target.height() - self.height()) // 2
        x = max(min(x, window.width() - WIDTH - GAP), GAP)
        return QPoint(x, max(min(middle, window.height() - self.height() - GAP), GAP))
