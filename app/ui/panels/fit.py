"""How it fits: ease by region in numbers and words, and whether the drape is to be trusted."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from app.project import Project
from app.reports import certified
from app.saying import language, spoken
from app.ui.alteration import AlterationPage
from app.ui.controls import button, card, label, section
from app.ui.panels.panel import Panel
from app.ui.refilled import Refilled
from app.ui.studio import CURRENT, EMPTY, Studio
from assets.units import show

if TYPE_CHECKING:
    from app.alteration import Proposal

HEADINGS = ("Body", "Garment", "Ease")


class FitPanel(Panel):
    TITLE = "Fit"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._filled: object = None
        self.offer: AlterationPage | None = None

    def made(self) -> Iterator[None]:
        self.state = label("", "caption")
        self.column.addWidget(self.state)
        self.cards = Refilled(spacing=12)
        self.column.addWidget(self.cards)
        self.way_out = button("Choose a garment", lambda: self.go.emit("Garment"), "garment")
        self.column.addWidget(self.way_out)
        yield
        self.result_changed()
        self.studio.settings_changed.connect(self._fill)

    def result_changed(self) -> None:
        shown = self.studio.shown
        if shown is not self._filled:
            self._filled = shown
            self._fill()
        nothing = self.studio.state == EMPTY or not (shown and shown.fits)
        self.way_out.setVisible(nothing and not self.studio.project.wishes)
        words = "These numbers are of the picture as it was before the last change." if self.studio.stale else ""
        if nothing and not self.studio.project.wishes:
            words = "Nothing is worn yet: put on a garment to see how it fits."
        self.state.setText(spoken(words))
        self.state.setVisible(bool(self.state.text()))

    def _fill(self) -> None:
        self.cards.fill(self._filling)

    def _filling(self, cards: QVBoxLayout) -> Iterator[None]:
        shown = self.studio.shown
        if shown is None:
            return
        unit = self.studio.settings.length
        for k, (fit, certificate) in enumerate(zip(shown.fits, shown.certificates, strict=True)):
            frame, column = card()
            column.addWidget(label(fit.garment[:1].upper() + fit.garment[1:]))
            if fit.regions:
                column.addLayout(_table(fit.regions, unit))
            for words, good in verdicts(fit):
                column.addWidget(label(words, "good" if good else "bad"))
            if self._changeable(k):
                change = button("What to change…", partial(self._ask, k))
                change.setAccessibleName(spoken(f"What to change in {fit.garment}"))
                column.addWidget(change)
            column.addWidget(section("Drape certificate"))
            column.addWidget(label(certified.verdict(certificate), "good" if certificate.holds else "bad"))
            column.addWidget(label(_summary(certificate), "caption"))
            column.addWidget(button("Certificate", lambda: self.go.emit("certificate")))
            frame.setAccessibleName(spoken(f"Fit of {fit.garment}: {fit.verdict}"))
            cards.addWidget(frame)
            yield

    def _changeable(self, k: int) -> bool:
        """Whether a garment does not fit, and is of a design whose options can be changed."""
        shown, project = self.studio.shown, self.studio.shown_project
        assert shown is not None
        told = project is not None and k < len(project.wishes) and project.wishes[k].made is None
        return told and shown.certificates[k].holds and any(not good for _, good in verdicts(shown.fits[k]))

    def _ask(self, k: int) -> None:
        """Look for what to change in a garment, and offer it."""
        project = self.studio.project
        if self.studio.state != CURRENT:
            self.studio.said.emit("The drape is not ready yet: ask again when it is")
            return
        self.studio.ask(self, "alter", "alter", project, k, language(), done=partial(self._offer, project))

    def _offer(self, project: Project, found: "Proposal") -> None:
        if self.offer is not None:
            self.offer.deleteLater()
        self.offer = AlterationPage(self.studio, project, found, self.window())
        self.offer.show()


def _table(regions, unit: str) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(4)
    right = Qt.AlignmentFlag.AlignRight
    grid.addWidget(label(f"[{unit}]", "caption", wrap=False), 0, 0)
    for column, heading in enumerate(HEADINGS, 1):
        grid.addWidget(label(heading, "caption", wrap=False), 0, column, right)
    for row, region in enumerate(regions, 1):
        grid.addWidget(label(region.name.capitalize(), wrap=False), row, 0)
        for column, value in enumerate((region.body, region.garment, region.ease), 1):
            told = show(value, unit).partition(" ")[0].replace("-", "−") if column < 3 or region.is_girth else "—"
            grid.addWidget(label(told, wrap=False), row, column, right)
    grid.setColumnStretch(0, 1)
    return grid


def verdicts(fit) -> list[tuple[str, bool]]:
    """The fit in a few sentences, and whether each is good news; none where the drape tells nothing."""
    if not fit.regions:
        return [(fit.verdict, False)]
    wrong = [(f"{region.name.capitalize()}: {region.verdict}", False) for region in fit.regions if not region.fits]
    fine = [region.name for region in fit.regions if region.fits]
    return wrong + ([(f"Fits at {', '.join(fine)}", True)] if fine else [])


def _summary(certificate) -> str:
    """How many lines are kept, and how far the fabric is stretched."""
    judged = [line.kept for line in certified.lines(certificate) if line.kept is not None]
    return (
        f"{sum(judged)} of {len(judged)} lines kept · "
        f"thread strain {100 * certificate.strain_p99:.1f} % (p99) of {100 * certificate.limit:.0f} %"
    )
