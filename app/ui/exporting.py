"""What leaves the window: the command line's files in a folder, a turn as a film. Written by the engine."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.ui.dialogs import choose_folder, save_file
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
    if folder := choose_folder(studio, parent, "Export into a folder"):
        write(studio, folder, parent)


def write(studio: Studio, folder: Path, parent: QWidget) -> None:
    """Write the command line's files into a folder."""
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
    if path := save_file(studio, parent, "Save the turn as", "turn.mp4", FILMS):
        studio.ask(
            parent, "export", "turntable", studio.project, str(path),
            done=lambda where: studio.said.emit(f"The turn lies in {where}"),
            failed=lambda failure: complain(studio.log, parent, REFUSED, failure),
        )  # fmt: skip


def movement(studio: Studio, parent: QWidget) -> None:
    """Ask for a file, and write the movement that is shown into it: by its ending a film, a mesh or the numbers."""
    clip = studio.playing.clip
    if clip is None:
        studio.said.emit("Nobody moves yet: choose a movement in the Pose room")
        return
    if path := save_file(studio, parent, "Save the movement as", "movement.mp4", FILMS, MESHES):
        studio.ask(
            parent, "export", "save_movement", studio.project, clip, str(path),
            done=lambda where: studio.said.emit(f"The movement lies in {where}"),
            failed=lambda failure: complain(studio.log, parent, REFUSED, failure),
        )  # fmt: skip


def _there(studio: Studio) -> bool:
    return studio.state == CURRENT and bool(studio.project.wishes)
