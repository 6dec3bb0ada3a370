"""The page that shows the garments in the customer's own photos, or in the live picture of a camera or a video.

Photos stay in memory until they are saved; of a live picture nothing is kept.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.saying import spoken
from app.serving import Failure
from app.ui.camera import cameras
from app.ui.controls import Segments, button, clear, label
from app.ui.dialogs import open_file, save_file
from app.ui.feed import VIDEO_FILTER
from app.ui.preview import Preview
from app.ui.reflection import Reflection
from app.ui.studio import CURRENT, Studio
from app.ui.tick import Tick
from assets.errors import ToileError
from assets.files import write_bytes

if TYPE_CHECKING:
    from app.photo.onphoto import OnPhoto

JOB, READY = "on photo", "live garments"
NO_PHOTO = "There is no photo of this person yet: open one with File > Open photo, or capture one"
WAIT = "Wait for the drape: the photo is dressed in it"
PHOTOS, LIVE = "photos", "live"
VIDEO_FILE = "Video file…"
NO_CAMERA = "No camera is connected. Choose a video file of the person instead."
STAND = "Stand so that you are seen from head to feet"
SEEN, AWAITED = "You are seen", "You are seen: the garments come in a moment"
TELLS = 0.1  # of the work done, from which on it tells how long the rest takes
WORN = "The garments follow whoever is in the picture. Nothing of it is kept."


class Photo(QWidget):
    """A picture, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(spoken("The garments in the photo"))
        self.setMinimumSize(280, 360)
        self.image: QImage | None = None

    def show_pixels(self, pixels: np.ndarray | None) -> None:
        """sRGB uint8 [h, w, 3]; None: nothing."""
        self.image = None
        if pixels is not None:
            rows = np.ascontiguousarray(pixels)
            height, width, _ = rows.shape
            self.image = QImage(rows.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 720)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        painter.drawImage(left, top, self.image.scaled(size, mode=Qt.TransformationMode.SmoothTransformation))


class OnPhotoPage(QDialog):
    """Asks the engine for the dressed photos of what the project shows, and shows them one after the other; or shows
    the garments on whoever is before a camera now."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent)
        self.studio = studio
        self.setWindowTitle(spoken("On the photo"))
        self.setAccessibleName(spoken("On the photo"))
        self.photo = Photo()
        self.reflection = Reflection(studio, "", Preview(mirror=True))
        self.reflection.trouble.connect(self._say_live)
        self.reflection.seen.connect(self._saw)
        self.reflection.dressed.connect(lambda: self._settle(WORN))
        self.kinds = Segments("What is dressed", ((PHOTOS, "Photos"), (LIVE, "Live picture")))
        self.kinds.chosen.connect(self.choose)
        self.sources = QComboBox()
        self.sources.setAccessibleName(spoken("Source of the picture"))
        self.sources.activated.connect(self._open)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.photo)
        self.pages.addWidget(self.reflection.preview)
        self.said = label("", "caption")
        self.notes = QVBoxLayout()
        self.mark = Tick("Hatch what is left to see of old clothes")
        self.mark.toggled.connect(self._show)
        self.next = button("Next photo", self._turn)
        self.save = button("Save picture…", self._save)
        self.copy = button("Copy picture", self._copy)
        row = QHBoxLayout()
        for each in (self.mark, self.next, self.copy, self.save):
            row.addWidget(each)
        head = QHBoxLayout()
        head.addWidget(self.kinds)
        head.addStretch(1)
        head.addWidget(self.sources)
        around = QVBoxLayout(self)
        around.addLayout(head)
        around.addWidget(self.pages, 1)
        around.addWidget(self.said)
        around.addLayout(self.notes)
        around.addLayout(row)
        self.shown: tuple[OnPhoto, ...] = ()
        self._number, self._asked, self._worn = 0, "", ""
        self._seen, self._settled, self._since = False, False, 0.0
        self.choose(PHOTOS)
        studio.looked.connect(self.fill)
        studio.progressed.connect(self._tell_live)

    @property
    def live(self) -> bool:
        """Whether the live picture is dressed."""
        return self.pages.currentWidget() is self.reflection.preview

    def choose(self, kind: str) -> None:
        """Dress the photos, or the live picture."""
        self._turn_to(kind)
        if self.live:
            self.sources.clear()
            for camera in cameras():
                self.sources.addItem(camera.description(), camera.id().toStdString())
            self.sources.addItem(spoken(VIDEO_FILE))
            self.reflection.camera = self.sources.itemData(0) or ""
        self.fill()

    def _turn_to(self, kind: str) -> None:
        """Show the page of a kind, with nothing on it yet."""
        self.kinds.choose(kind)
        self.pages.setCurrentIndex((PHOTOS, LIVE).index(kind))
        self.sources.setVisible(self.live)
        for each in (self.copy, self.save):
            each.setVisible(not self.live)
        self._end_live()
        self._say("")

    def watch(self, camera: str) -> None:
        """Dress what a camera of this name or id, or a video file, shows."""
        self._end_live()
        self.reflection.camera = camera
        self.fill()

    def fill(self) -> None:
        """Ask for what is shown now, dressed, unless it is here or on its way; a closed page asks for nothing."""
        if not self.isVisible():
            return
        if self.live:
            self._fill_live()
            return
        studio = self.studio
        key = studio.project.key
        if not studio.project.evidence.photos:
            self._say(NO_PHOTO)
        elif studio.state != CURRENT or not studio.project.wishes:
            self._say(WAIT)
        elif key != self._asked:
            self._asked = key
            self._say("Dressing the photo…")
            studio.ask(self, JOB, "on_photo", studio.project, done=self._take, failed=self._fail, stopped=self._stopped)

    def _fill_live(self) -> None:
        """Dress the live picture as the project's person is now."""
        studio = self.studio
        if studio.state != CURRENT or not studio.project.wishes:
            self._end_live()
            self._say(WAIT)
        elif not self.reflection.camera:
            self._say(NO_CAMERA)
        elif self._worn != studio.project.key:
            self._end_live()
            self._worn, self._since = studio.project.key, time.monotonic()
            studio.ask(
                self, READY, "ready", studio.project, done=lambda _: self._tell_live(), failed=self._unready,
                stopped=lambda: None,
            )  # fmt: skip
            self._tell_live()
            self.reflection.begin(studio.project)

    def _saw(self) -> None:
        self._seen = True
        self._tell_live()

    def _unready(self, failure: Failure) -> None:
        self.studio.log.note(failure.sentence, failure.details)
        self._settle(failure.sentence)

    def _settle(self, words: str) -> None:
        """Say how it ended: the live picture waits for nothing more."""
        self._settled = True
        self._say_live(words)

    def _tell_live(self) -> None:
        """Say what the live picture waits for: somebody to be seen, or the garments, how far they are and for about how
        long still."""
        if not self.live or not self._worn or self._settled:
            return
        words, running = AWAITED if self._seen else STAND, self.studio.running.get(READY)
        if running is not None:
            words = SEEN if self._seen else STAND
            words += f". The garments are made ready: {running.words}, {100 * running.fraction:.0f} %"
            if running.fraction >= TELLS:
                left = (time.monotonic() - self._since) * (1.0 / running.fraction - 1.0)
                words += f"; about {max(round(left, -1), 10):.0f} s more"
        self._say_live(words)

    def _end_live(self) -> None:
        self._worn, self._seen, self._settled = "", False, False
        self.studio.cancel(READY)
        self.reflection.end()

    def _open(self, number: int) -> None:
        """A source was chosen."""
        if number < self.sources.count() - 1:
            self.watch(self.sources.itemData(number))
            return
        if path := open_file(self.studio, self, "Video of the person", VIDEO_FILTER):
            self.watch(str(path))
        else:
            known = self.sources.findData(self.reflection.camera)
            self.sources.setCurrentIndex(number if known < 0 else known)

    def reject(self) -> None:
        """However it is closed, by Escape or by its frame: what it showed is forgotten."""
        super().reject()
        self._turn_to(PHOTOS)
        self.studio.cancel(JOB)
        self.shown, self._asked = (), ""
        self._show()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self.fill()

    def _take(self, shown: "tuple[OnPhoto, ...]") -> None:
        if not self._asked:  # Closed while the answer was on its way.
            return
        self.shown, self._number = shown, 0
        self._say("")
        self._show()

    def _fail(self, failure: Failure) -> None:
        self.studio.log.note(failure.sentence, failure.details)
        self._say(failure.sentence)

    def _stopped(self) -> None:
        self._say("Stopped")

    def _say_live(self, words: str) -> None:
        """What the live picture tells; nothing new where it is in no trouble any more."""
        if self.live and words and words != self._told:
            self._say(words)

    def _say(self, words: str) -> None:
        self._told = words
        self.said.setText(spoken(words))
        self.said.setVisible(bool(words))
        self._show()

    def _show(self) -> None:
        now = self.shown[self._number] if self.shown and not self.live else None
        clear(self.notes)
        for note in now.notes if now else ():
            self.notes.addWidget(label(note, "caption"))
        self.photo.show_pixels(None if now is None else now.marked() if self.mark.isChecked() else now.pixels)
        self.next.setVisible(len(self.shown) > 1 and not self.live)
        self.mark.setVisible(now is not None and bool(now.left.any()))
        for each in (self.save, self.copy):
            each.setEnabled(now is not None)

    def _turn(self) -> None:
        self._number = (self._number + 1) % max(len(self.shown), 1)
        self._show()

    def _copy(self) -> None:
        if self.photo.image is not None:
            QGuiApplication.clipboard().setImage(self.photo.image)
            self.studio.said.emit("The picture is copied")

    def _save(self) -> None:
        if path := save_file(self.studio, self, "Save the picture as", "photo.png", "Picture (*.png)"):
            self.write(path)

    def write(self, path: Path) -> None:
        """Save the picture that is shown."""
        from PySide6.QtCore import QBuffer

        assert self.photo.image is not None
        buffer = QBuffer()
        self.photo.image.save(buffer, "PNG")  # type: ignore[call-overload]
        try:
            write_bytes(path, bytes(buffer.data().data()))
        except ToileError as error:
            self.studio.said.emit(str(error))
            return
        self.studio.said.emit(f"The picture lies in {path}")
