"""What there is to wear, ranked by how well it fits this body."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from app.engine import Offer
from app.project import Project
from app.ui.controls import button, card, clear, label
from app.ui.panels.garment import put_on
from app.ui.panels.panel import Panel
from app.ui.studio import Studio


class ShopPanel(Panel):
    TITLE = "Shop"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self.search = QLineEdit(placeholderText="Search garments")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search garments")
        self.search.textChanged.connect(lambda _: self._fill())
        self.column.addWidget(self.search)
        self.cards = QVBoxLayout()
        self.cards.setSpacing(8)
        self.column.addLayout(self.cards)
        self.empty = label("", "caption")
        self.column.addWidget(self.empty)
        studio.offers_changed.connect(self._fill)
        self._fill()

    def project_changed(self, before: Project, after: Project) -> None:
        if before.wishes is not after.wishes:
            self._fill()

    def _fill(self) -> None:
        clear(self.cards)
        offers = self.studio.offers
        wanted = self.search.text().strip().lower()
        found = [offer for offer in offers if wanted in f"{offer.title} {offer.fabric}".lower()]
        for offer in found:
            self.cards.addWidget(self._card(offer))
        if not offers:
            self.empty.setText("Garments are ranked here as soon as there is a body to fit them to.")
        elif not found:
            self.empty.setText(f"No garment is called “{self.search.text()}”.")
        self.empty.setVisible(not found)

    def _card(self, offer: Offer) -> QFrame:
        frame, column = card()
        frame.setAccessibleName(offer.title)
        head = QHBoxLayout()
        head.addWidget(label(offer.title), 1)
        worn = any(w.design == offer.design and w.size == offer.size for w in self.studio.project.wishes)
        wear = button("Worn" if worn else f"Try {offer.size}", lambda: put_on(self.studio, offer.design, offer.size))
        wear.setAccessibleName(f"Try on {offer.title} in {offer.size}")
        wear.setEnabled(not worn)
        head.addWidget(wear)
        column.addLayout(head)
        column.addWidget(label(offer.fabric, "caption"))
        column.addWidget(label(sentence(offer), "caption" if offer.suits else "bad"))
        return frame


def sentence(offer: Offer) -> str:
    """How well a garment of the catalogue would fit."""
    if not offer.suits:
        return f"No size suits; {offer.size} comes closest"
    return f"Size {offer.size}, {100 * offer.confidence:.0f} % sure"
