"""What to change so that a garment fits: before and after side by side, in words and lengths, applied by one click."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QSpacerItem, QVBoxLayout, QWidget

from app.alteration import NOW, THEN, chosen, steps
from app.project import Project
from app.saying import spoken
from app.ui.controls import button, label, section
from app.ui.studio import Studio
from assets.units import show

if TYPE_CHECKING:
    from app.alteration import Proposal

HEIGHT, WORDS = 440, 260


class AlterationPage(QDialog):
    """A proposal for one garment of a project; it can be applied as long as that project is the one at hand."""

    def __init__(self, studio: Studio, project: Project, found: "Proposal", parent: QWidget) -> None:
        super().__init__(parent)
        self.studio, self.project, self.found = studio, project, found
        name = found.title[:1].upper() + found.title[1:]
        self.setWindowTitle(spoken(f"What to change · {name}"))
        self.setAccessibleName(spoken(f"What to change in the {found.title}"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(label("; ".join(found.wrong).capitalize(), "bad"))
        pictures = QHBoxLayout()
        for words, pixels in zip((NOW, THEN), found.pictures, strict=True):
            side = QVBoxLayout()
            side.addWidget(section(words))
            side.addWidget(_pictured(pixels, f"Strain map, {words.lower()}"))
            pictures.addLayout(side)
        pictures.addLayout(self._words(), 1)
        column.addLayout(pictures)
        row = QHBoxLayout()
        row.addStretch(1)
        self.late = label("The person or the garments changed since: ask again", "caption", wrap=False)
        row.addWidget(self.late)
        row.addWidget(button("Close", self.reject))
        self.take = button("Apply", self._apply, primary=True)
        row.addWidget(self.take)
        column.addLayout(row)
        studio.changed.connect(self._stand)
        self._stand()

    def _words(self) -> QVBoxLayout:
        unit, found = self.studio.settings.length, self.found
        column = QVBoxLayout()
        column.addWidget(section("In the pattern"))
        column.addSpacerItem(QSpacerItem(WORDS, 0))
        for words in steps(found.changes, unit):
            column.addWidget(label(words[:1].upper() + words[1:]))
        column.addWidget(section("Options of the design"))
        for option in found.options:
            column.addWidget(label(chosen(option, unit)))
        column.addWidget(section("Ease, and lengths"))
        column.addLayout(self._ease(unit))
        still = f"Better, but still: {found.after.verdict}. Try another size too."
        column.addWidget(label("Then it fits." if found.cures else still, "good" if found.cures else "bad"))
        column.addStretch(1)
        return column

    def _ease(self, unit: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for at, words in enumerate(("", "Now", "Then")):
            grid.addWidget(label(words, "caption", wrap=False), 0, at, Qt.AlignmentFlag.AlignRight)
        after = {region.name: region for region in self.found.after.regions}
        for row, region in enumerate(self.found.before.regions, 1):
            grid.addWidget(label(region.name.capitalize(), wrap=False), row, 0)
            for at, each in ((1, region), (2, after.get(region.name))):
                told = "—" if not each else show(each.ease if each.is_girth else each.garment, unit).replace("-", "−")
                ease = label(told, "good" if each and each.fits else "bad", wrap=False)
                grid.addWidget(ease, row, at, Qt.AlignmentFlag.AlignRight)
        return grid

    def _apply(self) -> None:
        self.studio.wishes(f"Alter {self.found.title}", self.found.wishes)
        self.accept()

    def _stand(self, *_: Project) -> None:
        """Offer to apply it only to what it was found for."""
        current = self.studio.project.key == self.project.key
        self.take.setEnabled(current)
        self.late.setVisible(not current)


def _pictured(pixels: np.ndarray, name: str) -> QLabel:
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
    shown = QLabel()
    shown.setPixmap(QPixmap.fromImage(image).scaledToHeight(HEIGHT, Qt.TransformationMode.SmoothTransformation))
    shown.setAccessibleName(spoken(name))
    return shown
