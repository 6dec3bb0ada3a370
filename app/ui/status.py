"""The bottom line: what runs, whether the picture is current and to be trusted, and the way back."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from app.saying import spoken
from app.ui import theme
from app.ui.controls import hairline, label, styled, tool
from app.ui.log import as_sentence
from app.ui.progressbar import ProgressBar
from app.ui.studio import COMPUTING, CURRENT, EMPTY, FAILED, Studio

EXPLAINED = {
    EMPTY: "nothing to drape yet",
    COMPUTING: "drape: being computed",
    FAILED: "drape: failed; the picture is the last valid one",
}

LATE = "drape: computed; the picture is being drawn"


class StatusLine(QWidget):
    """One line that tells what runs, what is stale, what failed. `asked` names an action of the window."""

    asked = Signal(str)

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.setObjectName("status")
        self.studio = studio
        self.setFixedHeight(theme.BAR)
        self.setAccessibleName(spoken("Status"))
        self.words, self.drape = _Shortened(), _Shortened()
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = ProgressBar()
        self.bar.setFixedWidth(96)
        self.percent = label("", wrap=False)
        self.percent.setFixedWidth(40)
        self.stop = tool("close", "Stop this job", self._stop)
        self.drape.setCursor(Qt.CursorShape.PointingHandCursor)
        self.drape.installEventFilter(self)
        self.drape.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.steps = styled(QToolButton(), "steps")
        self.steps.setToolTip(spoken("All steps, to go back to any of them"))
        self.steps.clicked.connect(lambda: self.asked.emit("history"))
        self.undo = tool("undo", "Undo", studio.history.undo)
        self.redo = tool("redo", "Redo", studio.history.redo)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 3)
        for widget in (self.bar, self.percent, self.stop, hairline(vertical=True)):
            row.addWidget(widget)
        row.addWidget(self.drape, 4)
        for widget in (hairline(vertical=True), self.steps, self.undo, self.redo):
            row.addWidget(widget)
        studio.progressed.connect(self._progress)
        studio.progressed.connect(self._state)
        studio.looked.connect(self._progress)
        studio.looked.connect(self._state)
        studio.previewing.drawn.connect(self._state)
        studio.changed.connect(self._state)
        studio.changed.connect(self._history)
        studio.said.connect(self.say)
        self._progress()
        self._state()
        self._history()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on what is said of the drape opens its certificate."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            self.asked.emit("certificate")
        return False

    def say(self, sentence: str) -> None:
        """Tell the person something once; it stays until the next job."""
        self.words.setText(spoken(as_sentence(sentence)))
        self.words.setToolTip(self.words.text())

    def _stop(self) -> None:
        for name in tuple(self.studio.running):
            self.studio.cancel(name)

    def _progress(self) -> None:
        running = next(iter(self.studio.running.values()), None)
        for widget in (self.bar, self.percent, self.stop):
            widget.setVisible(running is not None)
        if running:
            self.say(f"{running.words} …")
            self.bar.show_share(running.fraction)
            self.percent.setText(f"{100 * running.fraction:.0f} %")
        elif self.words.text().endswith("…") and self.studio.state != COMPUTING:
            self.say("Stopped" if self.studio.stopped else "Ready")

    def _state(self) -> None:
        state, shown = self.studio.state, self.studio.shown
        style = "caption"
        preview = self.studio.previewing.scene is not None and self.studio.project.view.map == "look"
        if preview and state != FAILED:
            text = "preview, not draped" + ("; the drape is being computed" if state == COMPUTING else "")
        elif state == CURRENT and self.studio.late:
            text = LATE
        elif state == CURRENT and shown is not None:
            text, style = self._certificate()
        elif state in EXPLAINED:
            text = EXPLAINED[state]
            style = "bad" if state == FAILED else "caption"
        else:
            text = f"drape: stale, it does not know of “{self.studio.last_change}”"
            if self.studio.undone:
                text = f"drape: stale, it still has “{self.studio.undone}”"
        if self.drape.objectName() != style:
            self.drape.setObjectName(style)
            self.drape.style().polish(self.drape)
        self.drape.setText(spoken(text))
        self.drape.setToolTip(spoken(f"{text}\nClick for the certificate, line by line"))

    def _certificate(self) -> tuple[str, str]:
        shown = self.studio.shown
        assert shown is not None
        if not shown.certificates:
            return "body: current ✓", "good"
        if not shown.holds:
            return "drape: not to be trusted: " + "; ".join(shown.failures), "bad"
        inside = sum(one.vertices_inside + one.faces_inside for one in shown.certificates)
        strain = max(one.strain_p99 for one in shown.certificates)
        words = f"drape: current ✓ {inside} inside, stretched up to {100 * strain:.0f} %"
        if any(one.strain_p99 > one.limit for one in shown.certificates):
            return f"{words}: over the fabric's limit", "bad"
        return words, "good"

    def _history(self) -> None:
        history = self.studio.history
        self.steps.setText(spoken("1 step" if history.steps == 1 else f"{history.steps} steps"))
        self.steps.setAccessibleName(spoken(f"History: {self.steps.text()}"))
        self.undo.setEnabled(history.undo_name is not None)
        self.redo.setEnabled(history.redo_name is not None)
        self.undo.setToolTip(spoken(f"Undo {history.undo_name}" if history.undo_name else "Nothing to undo"))
        self.redo.setToolTip(spoken(f"Redo {history.redo_name}" if history.redo_name else "Nothing to redo"))


class _Shortened(QLabel):
    """A line that ends in … where it has no room for all of its words."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(theme.font())

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter = QPainter(self)
        self.style().drawItemText(
            painter, self.rect(), left, self.palette(), self.isEnabled(), shown, self.foregroundRole()
        )
        painter.end()
