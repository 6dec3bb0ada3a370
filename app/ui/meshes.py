"""How garments come in from files: opened, or dropped in the Garment room. What a file leaves open is asked."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QMessageBox, QWidget

from app.project import Wish
from app.saying import spoken
from app.serving import Failure
from app.ui.controls import label
from app.ui.dialogs import open_file
from app.ui.studio import Studio

if TYPE_CHECKING:
    from garments.imported.readymade import ReadyMade

MESHES = (".obj", ".glb", ".gltf", ".ply", ".stl", ".off", ".json", ".dxf", ".svg")
FILTER = f"Garments ({' '.join('*' + end for end in MESHES)});;All files (*)"
_FIND, _FIT = "Find out", "Scale to the body"
_UNITS = {"Metres": "m", "Decimetres": "dm", "Centimetres": "cm", "Millimetres": "mm", "Inches": "in", "Feet": "ft"}
_UPS = {"Y": "y", "Z": "z", "X": "x", "−Y": "-y", "−Z": "-z", "−X": "-x"}


class Meshes:
    """Brings garments into the project; a file that cannot be used is said and changes nothing."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        self.studio, self.parent = studio, parent

    def choose(self) -> None:
        """Ask for a file."""
        if path := open_file(self.studio, self.parent, "A garment as a mesh or a pattern", FILTER):
            self.open(path)

    def open(self, path: Path, unit: str | None = None, up: str | None = None, to_body: bool = False) -> None:
        """Read a garment and put it on."""
        self.studio.ask(
            self.parent, "garment", "garment", str(path), unit, up, to_body,
            done=self._put_on, failed=lambda failure: self._refused(path, failure),
        )  # fmt: skip

    def _put_on(self, made: "ReadyMade") -> None:
        wishes = self.studio.project.wishes
        wish = Wish(made.name, made=made)
        if any(worn.design == made.name for worn in wishes):
            after = tuple(
                replace(wish, colour=w.colour, fabric=w.fabric) if w.design == made.name else w for w in wishes
            )
        else:
            after = (*wishes, wish)
        self.studio.wishes(f"Put on {made.name}", after)

    def _refused(self, path: Path, failure: Failure) -> None:
        if failure.kind == "UnsureInput":
            question = Question(failure.sentence, self.parent)
            if question.exec():
                self.open(path, *question.answer)
            return
        self.studio.said.emit(failure.sentence)
        QMessageBox.warning(self.parent, spoken("This file cannot be used"), spoken(failure.sentence))


class Question(QDialog):
    """The unit and the upright axis of a file that does not show them."""

    def __init__(self, sentence: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(spoken("How large is this garment?"))
        self.unit, self.up = QComboBox(), QComboBox()
        for choices, known in ((self.unit, (_FIT, _FIND, *_UNITS)), (self.up, (_FIND, *_UPS))):
            for each in known:
                choices.addItem(spoken(each), each)
        form = QFormLayout(self)
        form.addRow(label(sentence))
        form.addRow(spoken("Unit of the file"), self.unit)
        form.addRow(spoken("Axis that is up"), self.up)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def answer(self) -> tuple[str | None, str | None, bool]:
        """Unit, axis, and whether to scale to the body, as garments/formats/mesh.py takes them."""
        unit = self.unit.currentData()
        return _UNITS.get(unit), _UPS.get(self.up.currentData()), unit == _FIT
