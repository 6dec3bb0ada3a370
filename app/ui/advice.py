"""The right side: which size, how sure, and why; what is asked; and what else would fit."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.project import Project
from app.saying import spoken
from app.ui import theme
from app.ui.controls import Scrolled, Segments, button, hairline, label, section
from app.ui.panels.garment import put_on, title
from app.ui.questions import Questions
from app.ui.refilled import Refilled
from app.ui.studio import CURRENT, Studio
from app.ui.suggestions import Suggestions
from garments.ruling import gives_way, ruled_out

if TYPE_CHECKING:
    from app.stage import Shown
    from garments.sizing import SizeScore

FIRST = 2  # reasons for a size that are shown before they are asked for
LIKES = ("close", "regular", "loose")


class SizeBar(QWidget):
    """One size with its probability; the bar tells how it would be found: too small, fitting (filled), too large. A
    click wears it."""

    chosen = Signal(str)

    def __init__(self, score: "SizeScore", worn: bool, best: bool, garment: str) -> None:
        super().__init__()
        self.score, self.worn, self.best = score, worn, best
        self.setFixedHeight(24)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        worn_words = ", worn" if worn else ""
        self.setAccessibleName(
            spoken(f"{garment} size {score.size}: {100 * score.probability:.0f} percent{worn_words}")
        )
        found = ((score.small, "too small"), (score.fits, "fits"), (score.large, "too large"))
        told = ", ".join(f"{words} {100 * share:.0f} %" for share, words in found)
        self.setToolTip(spoken(f"{told}\n{score.reason}\nClick to wear {score.size}"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.score.size)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.chosen.emit(self.score.size)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setBrush(QColor(colours.hover))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setPen(QColor(colours.accent if self.worn else colours.text))
        painter.setFont(theme.font(theme.BODY, bold=self.worn))
        painter.drawText(QRectF(4, 0, 40, 24), Qt.AlignmentFlag.AlignVCenter, self.score.size)
        room = self.width() - 44 - 48
        track = QRectF(44, 8, room, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.line))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(QColor(colours.accent if self.best else colours.edge))
        fits = QRectF(44 + room * self.score.small, 8, room * self.score.fits, 8)
        if self.score.fits > 0.005:
            painter.drawRoundedRect(fits, 2, 2)
        painter.setPen(QPen(QColor(colours.text if self.score.probability >= 0.01 else colours.muted)))
        painter.setFont(theme.font())
        share = QRectF(self.width() - 48, 0, 44, 24)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(share, right, f"{100 * self.score.probability:.0f} %")


class AdvicePanel(Scrolled):
    """Sizes and suggestions, for the garments as they are worn."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(name="side")
        self.studio = studio
        self.setAccessibleName(spoken("Advice"))
        self.heading = section("Size")
        self.column.addWidget(self.heading)
        self.sizes = Refilled(spacing=4)
        self.column.addWidget(self.sizes)
        self.column.addSpacing(8)
        self.column.addWidget(hairline())
        self.column.addSpacing(4)
        self.column.addWidget(section("Ask"))
        self.questions = Questions(studio)
        self.questions.answered.connect(lambda: self.ensureWidgetVisible(self.questions, 0, 16))
        self.column.addWidget(self.questions)
        self.column.addSpacing(8)
        self.column.addWidget(hairline())
        self.column.addSpacing(4)
        self.column.addWidget(section("Suggestions"))
        self.suggestions = Suggestions(studio)
        self.column.addWidget(self.suggestions)
        self._filled: object = self
        self._explains: dict[int, QPushButton] = {}
        studio.looked.connect(self._sizes)
        studio.pointed.connect(self._mark_explained)
        self._sizes()

    def look_at(self, row: str) -> None:
        """Bring the bar of a size in sight, by a row of the advice: "tee/M"."""
        told = f"/{row.partition('/')[2]}/"
        bar = next((bar for bar in self.findChildren(SizeBar) if f"/{bar.score.size}/" in told), None)
        self.ensureWidgetVisible(bar or self.heading)
        if bar is not None:
            bar.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask(self) -> None:
        """Take the keyboard for a question."""
        if not self.studio.settings.advice:
            self.studio.keep(advice=True)
        self.ensureWidgetVisible(self.questions.field)
        self.questions.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.questions.field.selectAll()

    def _sizes(self) -> None:
        shown, project = self.studio.shown, self.studio.shown_project
        # The heading tells it, for a line that comes and goes would make all below it jump.
        before = shown is not None and self.studio.state != CURRENT
        self.heading.setText(spoken("SIZE BEFORE THE LAST CHANGE" if before else "SIZE"))
        if shown is self._filled:
            return
        self._filled = shown
        self._explains = {}
        self.sizes.fill(lambda column: self._garments(column, project, shown))

    def _garments(self, column: QVBoxLayout, project: Project | None, shown: "Shown | None") -> Iterator[None]:
        if shown is None or project is None or not shown.advice:
            words = "Advice on sizes appears here with the first try-on."
            if shown is not None:
                words = "Put on a garment, and its size is advised here."
            column.addWidget(label(words, "caption"))
            return
        for k in range(len(shown.advice)):
            if k:
                column.addSpacing(12)
            yield from self._garment(column, k, title(project.wishes[k]), shown)

    def _garment(self, column: QVBoxLayout, k: int, name: str, shown: "Shown") -> Iterator[None]:
        advice, worn = shown.advice[k], shown.sizes[k]
        column.addWidget(label(name))
        if not advice.trusted:
            column.addWidget(label("No advice: the drape is not to be trusted.", "bad"))
            column.addWidget(label("\n".join(advice.reasons), "caption"))
            return
        if not advice.suits:
            column.addWidget(label(f"No size suits; {advice.best} comes closest.", "bad"))
        for score in advice.scores if len(advice.scores) > 1 else ():
            bar = SizeBar(score, score.size == worn, score.size == advice.best, name)
            bar.chosen.connect(lambda size, k=k: self._wear(k, size))
            column.addWidget(bar)
            yield
        if len(advice.scores) > 1:
            if advice.between:
                column.addWidget(label(advice.between.words[:1].upper() + advice.between.words[1:] + "."))
            if advice.suits and (yields := gives_way(advice)):
                column.addWidget(label(f"{yields.size}: {yields.words}."))
            if not k:
                column.addWidget(label("A bar starts after too small, and ends before too large.", "caption"))
            self._likes(column, k, name)
            self._places(column, k, name, shown)
            yield
        lacks = (f"not known: {'; '.join(advice.lacks)}",) if advice.lacks else ()
        told = [reason[:1].upper() + reason[1:] for reason in (*advice.reasons, *lacks)]
        for reason in told[:FIRST]:
            column.addWidget(label(reason, "caption"))
        if told[FIRST:]:
            self._more(column, told[FIRST:], name)
        yield

    def _places(self, column: QVBoxLayout, k: int, name: str, shown: "Shown") -> None:
        """Show in the picture where the other sizes were ruled out, where any were."""
        if not ruled_out(shown.advice[k]):
            return
        made = button("Show why on the body", lambda: None)
        made.setCheckable(True)
        made.setAccessibleName(spoken(f"Show on the body why this size of {name}"))
        made.setChecked(self.studio.explained == k)
        made.clicked.connect(lambda on: self.studio.explain(k if on else None))
        self._explains[k] = made
        column.addWidget(made)

    def _mark_explained(self) -> None:
        for k, made in self._explains.items():
            made.setChecked(k == self.studio.explained)

    def _more(self, column: QVBoxLayout, reasons: "list[str]", name: str) -> None:
        """The other reasons, behind a button."""
        rest = label("\n".join(spoken(reason) for reason in reasons), "caption")
        more = button("All reasons", lambda: rest.setVisible(rest.isHidden()))
        more.setAccessibleName(spoken(f"All reasons for the size of {name}"))
        rest.hide()
        column.addWidget(more)
        column.addWidget(rest)

    def _likes(self, column: QVBoxLayout, k: int, name: str) -> None:
        """Ask for the fit that is liked."""
        project = self.studio.shown_project
        choice = Segments(f"Fit liked of {name}", [(like, f"{like.capitalize()} fit") for like in LIKES])
        choice.choose(project.wishes[k].likes if project is not None and k < len(project.wishes) else None)
        choice.chosen.connect(lambda like, k=k: self._like(k, like))
        column.addWidget(choice)

    def _like(self, k: int, like: str) -> None:
        wishes = self.studio.project.wishes
        if k < len(wishes):
            after = tuple(replace(wish, likes=like) if n == k else wish for n, wish in enumerate(wishes))
            self.studio.wishes(f"{like.capitalize()} fit", after)

    def _wear(self, k: int, size: str) -> None:
        project = self.studio.shown_project
        if project is not None and k < len(project.wishes):
            put_on(self.studio, project.wishes[k].design, size)
