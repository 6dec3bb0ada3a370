"""What leaves the window: the command line's files in a folder, a turn as a film. Written by the engine."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.saying import spoken
from app.ui.log import complain
from app.ui.studio import CURRENT, Studio

FILMS = "Film (*.mp4);;Film for web pages (*.webm);;Moving picture (*.webp);;GIF (*.gif)"
REFUSED = "Nothing is exported"
MESHES = "Animated mesh (*.glb);;Numbers (*.npz)"


def choose(studio: Studio, parent: QWidget) -> None:
    """Ask for a folder, and write pictures, report and meshes into it."""
    if not _there(studio):
        studio.said.emit("There is nothing to export yet: wait for the drape, or put on a garment")
        return
    start = studio.settings.place
    folder = QFileDialog.getExistingDirectory(parent, spoken("Export into a folder"), start)
    if folder:
        write(studio, Path(folder), parent)


def write(studio: Studio, folder: Path, parent: QWidget) -> None:
    """Write the command line's files into a folder."""
    studio.keep(folder=str(folder))
    studio.ask(
        parent, "export", "export", studio.project, str(folder),
        done=lambda where: studio.said.emit(f"Pictures, report and meshes lie in {where}"),
        failed=lambda failure: complain(studio.log, parent, REFUSED, failure),
    )  # fmt: skip


def turn(studio: Studio, parent: QWidget) -> None:
    """Ask for a file, and write a turn of the person into it."""
    if not _there(studio):
        studio.said.emit("There is nothing to film yet: wait for the drape, or put on a garment")
        return
    start = str(Path(studio.settings.place) / "turn.mp4")
    name, _ = QFileDialog.getSaveFileName(parent, spoken("Save the turn as"), start, spoken(FILMS))
    if name:
        studio.keep(folder=str(Path(name).parent))
        studio.ask(
            parent, "export", "turntable", studio.project, name,
            done=lambda where: studio.said.emit(f"The turn lies in {where}"),
            failed=lambda failure: complain(studio.log, parent, REFUSED, failure),
        )  # fmt: skip


def movement(studio: Studio, parent: QWidget) -> None:
    """Ask for a file, and write the movement that is shown into it: by its ending a film, a mesh or the numbers."""
    clip = studio.playing.clip
    if clip is None:
        studio.said.emit("Nobody moves yet: choose a movement in the Pose room")
        return
    start = str(Path(studio.settings.place) / "movement.mp4")
    kinds = f"{spoken(FILMS)};;{spoken(MESHES)}"
    name, _ = QFileDialog.getSaveFileName(parent, spoken("Save the movement as"), start, kinds)
    if name:
        studio.keep(folder=str(Path(name).parent))
        studio.ask(
            parent, "export", "save_movement", studio.project, clip, name,
            done=lambda where: studio.said.emit(f"The movement lies in {where}"),
            failed=lambda failure: complain(studio.log, parent, REFUSED, failure),
        )  # fmt: skip


def _there(studio: Studio) -> bool:
    return studio.state == CURRENT and bool(studio.project.wishes)
