"""What leaves the window: the command line's files in a folder, a turn as a film, the picture as it is seen, a mesh,
the pattern. Written by the engine, which tells how far it is and can be stopped."""

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.saying import language, spoken
from app.ui.controls import button, label
from app.ui.dialogs import choose_folder, save_file
from app.ui.log import complain
from app.ui.studio import CURRENT, Studio
from app.ui.tick import Tick
from app.ui.viewport import Viewport

FILMS = "Film (*.mp4);;Film for web pages (*.webm);;Moving picture (*.webp);;GIF (*.gif)"
REFUSED = "Nothing is exported"
MESHES = "Animated mesh (*.glb);;Numbers (*.npz)"


PARTS = (
    "Mesh for other programs (*.glb)",
    "Mesh, its materials beside it (*.obj)",
    "Scene as USD (*.usdz)",
    "Pattern to print (*.pdf)",
    "Pattern as a drawing (*.svg)",
    "Pattern for cutting rooms (*.dxf)",
    "Pattern with its seams (*.json)",
)
SIDES = (1080, 2160, 4096, 8192)
"""Pixels along the longer side of a picture."""


def choose(studio: Studio, parent: QWidget) -> None:
    """Ask for a folder, and write pictures, report and meshes into it."""
    if _there(studio) and (folder := choose_folder(studio, parent, "Export into a folder")):
        write(studio, folder, parent)


def write(studio: Studio, folder: Path, parent: QWidget) -> None:
    """Write the command line's files into a folder."""
    _ask(studio, parent, "Pictures, report and meshes lie in {}", "export", str(folder))


def turn(studio: Studio, parent: QWidget) -> None:
    """Ask for a file, and write a turn of the person into it."""
    if _there(studio) and (path := save_file(studio, parent, "Save the turn as", "turn.mp4", FILMS)):
        _ask(studio, parent, "The turn lies in {}", "turntable", str(path))


def one_part(studio: Studio, parent: QWidget) -> None:
    """Ask for a file, and write the dressed person as a mesh into it, or the patterns, by its ending."""
    if _there(studio) and (path := save_file(studio, parent, "Save mesh or pattern as", "look.glb", *PARTS)):
        _ask(studio, parent, "Written: {}", "save_part", str(path))


class PicturePage(QDialog):
    """How large the picture that is seen is to be written, and whether without what is behind the person."""

    def __init__(self, studio: Studio, parent: QWidget, viewport: Viewport) -> None:
        super().__init__(parent)
        self.studio, self._window, self.viewport = studio, parent, viewport
        self.setWindowTitle(spoken("Export the picture"))
        self.setAccessibleName(spoken("Export the picture"))
        self.sides = QComboBox()
        self.sides.setAccessibleName(spoken("Pixels along the longer side"))
        for side in SIDES:
            self.sides.addItem(spoken(f"{side} pixels along the longer side"), side)
        self.sides.setCurrentIndex(1)
        self.clear = Tick("Transparent background")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addWidget(
            label(
                "The dressed person from where you look, in the light or the map that you see, without tapes and pins."
            )
        )
        column.addWidget(self.sides)
        column.addWidget(self.clear)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button("Cancel", self.reject))
        row.addWidget(button("Save picture…", self._choose, primary=True))
        column.addLayout(row)

    def _choose(self) -> None:
        if path := save_file(self.studio, self, "Save the picture as", "look.png", "Picture (*.png)"):
            self.accept()
            self.write(path)

    def write(self, path: Path) -> None:
        """Have the picture written."""
        wide, high, side = self.viewport.width(), self.viewport.height(), self.sides.currentData()
        size = tuple(max(round(side * length / max(wide, high)), 16) for length in (wide, high))
        eye, clear = self.viewport.cameras["one"], self.clear.isChecked()
        _ask(self.studio, self._window, "The picture lies in {}", "save_view", str(path), eye, size, clear, language())


def picture(studio: Studio, parent: QWidget, viewport: Viewport) -> None:
    """Ask how large, and write the picture that is seen."""
    if _there(studio):
        PicturePage(studio, parent, viewport).open()


def movement(studio: Studio, parent: QWidget) -> None:
    """Ask for a file, and write the movement that is shown into it: by its ending a film, a mesh or the numbers."""
    clip = studio.playing.clip
    if clip is None:
        studio.said.emit("Nobody moves yet: choose a movement in the Pose room")
        return
    if path := save_file(studio, parent, "Save the movement as", "movement.mp4", FILMS, MESHES):
        _ask(studio, parent, "The movement lies in {}", "save_movement", clip, str(path))


def _ask(studio: Studio, parent: QWidget, words: str, function: str, *arguments: object) -> None:
    """Have the engine write something of the project; `words` say where it lies."""
    studio.ask(
        parent, "export", function, studio.project, *arguments,
        done=lambda where: studio.said.emit(words.format(where)),
        failed=lambda failure: complain(studio.log, parent, REFUSED, failure),
    )  # fmt: skip


def _there(studio: Studio) -> bool:
    """Whether there is a drape to write; else it is said."""
    if studio.state == CURRENT and studio.project.wishes:
        return True
    studio.said.emit("There is nothing to export yet: wait for the drape, or put on a garment")
    return False
