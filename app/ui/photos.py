"""How photos and scans come in: dropped, opened, or captured. They are looked at before they change anything."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from app.project import MOST_PHOTOS
from app.saying import spoken
from app.serving import Failure
from app.ui.dialogs import open_file, open_files
from app.ui.studio import Studio
from body.frame import VIDEO_SUFFIXES

if TYPE_CHECKING:
    from app.incoming import Film, Seen
    from body.estimate import Evidence
    from body.frame import Frame
    from body.scan import Scan

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".avif")
SCANS = (".obj", ".ply", ".stl", ".glb")
FILTER = f"Pictures and videos ({' '.join('*' + end for end in (*PICTURES, *VIDEO_SUFFIXES))});;All files (*)"
SCAN_FILTER = f"Scans ({' '.join('*' + end for end in SCANS)});;All files (*)"


class Photos:
    """Brings photos and scans into the project; a file that cannot be used is said and changes nothing."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        self.studio, self.parent = studio, parent
        self._queue: list[Path] = []

    def choose(self) -> None:
        """Ask for files."""
        if paths := open_files(self.studio, self.parent, "Photos: front, side, or any other", FILTER):
            self.open(paths)

    def choose_scan(self) -> None:
        """Ask for a scan."""
        if path := open_file(self.studio, self.parent, "A 3D scan of the whole person", SCAN_FILTER):
            self.scan(path)

    def scan(self, path: Path) -> None:
        """Take the person from a scan."""
        self.studio.ask(self.parent, "scan", "scan", str(path), done=self._scanned, failed=self._refused)

    def open(self, paths: Sequence[Path]) -> None:
        """Look at files in turn; a video is watched for the best moments of its person."""
        for path in paths:
            if path.suffix.lower() in SCANS:
                self.scan(path)
                return
            if path.suffix.lower() in VIDEO_SUFFIXES:
                self.watch(path)
                return
        self._queue += paths[:MOST_PHOTOS]
        self._next()

    def watch(self, path: Path) -> None:
        """Take photos from all sides that a video shows."""

        def take(film: "Film") -> None:
            self._take("Video", film.photos, film.remarks)

        height = self.studio.project.evidence.height
        self.studio.ask(self.parent, "video", "film", str(path), height, done=take, failed=self._refused)

    def capture(self) -> None:
        """Take front and side, or a turn on the spot, from a camera or a video that plays."""
        from app.ui.capture import Capture

        dialog = Capture(self.studio, None, self.parent)
        if dialog.exec():
            self._take("Capture", dialog.photos, dialog.remarks)

    def _next(self) -> None:
        if self._queue:
            path = self._queue.pop(0)
            self.studio.ask(self.parent, "photo", "see", str(path), done=self._seen, failed=self._refused)

    def _seen(self, seen: "Seen") -> None:
        person = None
        if seen.people > 1:
            choices = [spoken(f"{k + 1}: {words}") for k, words in enumerate(seen.places)]
            title = spoken(f"{seen.people} people are in {seen.frame.name}")
            choice, good = QInputDialog.getItem(self.parent, title, spoken("Who is dressed?"), choices, 0, False)
            if not good:
                return
            person = choices.index(choice) + 1
        self._keep((seen.frame,), person)
        self._next()

    def _scanned(self, scan: "Scan") -> None:
        self._known("Scan", replace(self._own(), scan=scan))

    def _own(self) -> "Evidence":
        """What is known of the person that the photos and scans to come show: the sample's person makes way, with all
        that nobody said anew."""
        evidence, lent = self.studio.project.evidence, self.studio.project.lent
        if lent is None:
            return evidence
        self.studio.said.emit("The sample's person makes way for yours. Now say the height: a photo does not tell it")
        hers = [photo.pixels for photo in lent.photos]
        photos = tuple(photo for photo in evidence.photos if all(photo.pixels is not pixels for pixels in hers))
        height = None if evidence.height == lent.height else evidence.height
        sex = None if evidence.sex == lent.sex else evidence.sex
        return replace(evidence, photos=photos, height=height, sex=sex, person=None, remarks=())

    def _keep(self, frames: "tuple[Frame, ...]", person: int | None = None) -> None:
        evidence = self._own()
        photos = frames if len(evidence.photos) >= MOST_PHOTOS else (*evidence.photos, *frames)
        self._known("Photo", replace(evidence, photos=photos, person=person or evidence.person, remarks=()))

    def _take(self, name: str, photos: "tuple[Frame, ...]", remarks: tuple[str, ...]) -> None:
        """Photos that were taken together take the place of all others."""
        self._known(name, replace(self._own(), photos=photos, person=None, remarks=remarks))

    def _known(self, name: str, evidence: "Evidence") -> None:
        """Take what is known of one's own person into the project."""
        self.studio.do(name, replace(self.studio.project, evidence=evidence, lent=None))

    def _refused(self, failure: Failure) -> None:
        self._queue.clear()
        self.studio.said.emit(failure.sentence)
        QMessageBox.warning(self.parent, spoken("This file cannot be used"), spoken(failure.sentence))
