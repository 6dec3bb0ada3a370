"""What a garment is cut from: weight, stretch, and how each number is known."""

from dataclasses import replace

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.project import Project
from app.ui.controls import Segments, button, card, clear, label
from app.ui.panels.garment import own_fabric, title
from app.ui.panels.panel import Panel
from app.ui.studio import Studio
from garments.fabric import Fabric, fabrics


class FabricPanel(Panel):
    TITLE = "Fabric"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self.chosen, self.worn = 0, ""
        self.garments = QVBoxLayout()
        self.cards = QVBoxLayout()
        self.cards.setSpacing(8)
        self.empty = label("Nothing is worn yet: put on a garment, then choose its fabric.", "caption")
        self.way_out = button("Choose a garment", lambda: self.go.emit("Garment"), "garment")
        self.column.addLayout(self.garments)
        self.column.addLayout(self.cards)
        self.column.addWidget(self.empty)
        self.column.addWidget(self.way_out)
        self._fill()

    def project_changed(self, before: Project, after: Project) -> None:
        if before.wishes is not after.wishes:
            self._fill()

    def choose_garment(self, k: int) -> None:
        self.chosen = k
        self._fill()

    def _fill(self) -> None:
        wishes = self.studio.project.wishes
        self.chosen = max(0, min(self.chosen, len(wishes) - 1))
        clear(self.garments)
        clear(self.cards)
        self.empty.setVisible(not wishes)
        self.way_out.setVisible(not wishes)
        if not wishes:
            return
        which = Segments("Garment", [(str(k), title(wish)) for k, wish in enumerate(wishes)])
        which.choose(str(self.chosen))
        which.chosen.connect(lambda k: self.choose_garment(int(k)))
        self.garments.addWidget(which)
        self.worn = own_fabric(wishes[self.chosen])
        for cloth in fabrics().values():
            self.cards.addWidget(self._card(cloth, cloth.name == self.worn))

    def _card(self, cloth: Fabric, worn: bool) -> QFrame:
        frame, column = card()
        frame.setProperty("chosen", worn)
        frame.setAccessibleName(cloth.title)
        head = QHBoxLayout()
        head.addWidget(label(cloth.title), 1)
        if worn:
            head.addWidget(label("worn", "caption", wrap=False))
        else:
            use = button("Use", lambda: self._use(cloth))
            use.setAccessibleName(f"Use {cloth.title}")
            head.addWidget(use)
        column.addLayout(head)
        column.addWidget(label(facts(cloth), "caption"))
        return frame

    def _use(self, cloth: Fabric) -> None:
        wishes = list(self.studio.project.wishes)
        wish = wishes[self.chosen]
        wishes[self.chosen] = replace(wish, fabric=cloth.name)
        self.studio.wishes(f"{title(wish)} in {cloth.title}", tuple(wishes))


def facts(cloth: Fabric) -> str:
    """What a tailor asks first."""
    return (
        f"{1000 * cloth.density:.0f} g/m² · {1000 * cloth.thickness:.2f} mm · bears {100 * cloth.limit:.0f} % stretch\n"
        f"{cloth.source}"
    )
