"""How photos come in: dropped, opened, or captured. They are looked at before they change anything."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from app.jobs import Failure
from app.project import MOST_PHOTOS
from app.ui.studio import Studio

if TYPE_CHECKING:
    from app.engine import Seen
    from body.frame import Frame

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".avif")
VIDEOS = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm")
FILTER = f"Pictures and videos ({' '.join('*' + end for end in (*PICTURES, *VIDEOS))});;All files (*)"


class Photos:
    """Brings photos into the project; a picture that cannot be used is said and changes nothing."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        self.studio, self.parent = studio, parent
        self._queue: list[Path] = []

    def choose(self) -> None:
        """Ask for files."""
        start = self.studio.settings.folder or str(Path.home())
        names, _ = QFileDialog.getOpenFileNames(self.parent, "Photos: front, side, or any other", start, FILTER)
        if names:
            self.studio.keep(folder=str(Path(names[0]).parent))
            self.open([Path(name) for name in names])

    def open(self, paths: Sequence[Path]) -> None:
        """Look at files in turn; a video opens the capture dialog."""
        for path in paths:
            if path.suffix.lower() in VIDEOS:
                self.capture(path)
                return
        self._queue += paths[:MOST_PHOTOS]
        self._next()

    def capture(self, path: Path | None = None) -> None:
        """Take front and side from a camera, or from a video file."""
        from app.ui.capture import Capture

        dialog = Capture(self.studio, path, self.parent)
        if dialog.exec():
            self._keep(dialog.photos, replaced=True)

    def _next(self) -> None:
        if self._queue:
            path = self._queue.pop(0)
            self.studio.ask("photo", "see", str(path), done=self._seen, failed=self._refused)

    def _seen(self, seen: "Seen") -> None:
        person = None
        if seen.people > 1:
            choices = [f"{k + 1}: {words}" for k, words in enumerate(seen.places)]
            title = f"{seen.people} people are in {seen.frame.name}"
            choice, good = QInputDialog.getItem(self.parent, title, "Who is dressed?", choices, 0, False)
            if not good:
                return
            person = choices.index(choice) + 1
        self._keep((seen.frame,), person)
        self._next()

    def _keep(self, frames: "tuple[Frame, ...]", person: int | None = None, replaced: bool = False) -> None:
        evidence = self.studio.project.evidence
        photos = frames if replaced or len(evidence.photos) >= MOST_PHOTOS else (*evidence.photos, *frames)
        self.studio.evidence("Photo", replace(evidence, photos=photos, person=person or evidence.person))

    def _refused(self, failure: Failure) -> None:
        self._queue.clear()
        self.studio.said.emit(failure.sentence)
        QMessageBox.warning(self.parent, "This photo cannot be used", failure.sentence)
