"""The file that a project is kept in: new, open, save, what was opened lately, and what is kept against a crash.

Packing and unpacking run on the clerk's lane. A project counts as changed when anything but the view differs from what
was saved; nothing that is changed is left without a question.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QObject, QTimer, Signal
from PySide6.QtGui import QImage, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.project import Project
from app.projectfile import SUFFIX, Opened
from app.saying import spoken
from app.serving import Failure
from app.ui.controls import styled
from app.ui.dialogs import open_file, save_file
from app.ui.log import complain
from app.ui.panels.garment import title
from app.ui.recovery import Left, Recovery, forget
from app.ui.studio import CURRENT, Studio
from assets.errors import ToileError
from assets.files import user_cache, write_bytes

CLERK = "clerk"
KEPT_AFTER = 3000
"""Milliseconds after a change until it is kept against a crash."""
PICTURED_AFTER = 800
MOST_RECENT = 12
FILTER = f"Projects (*{SUFFIX})"
THUMBNAIL = (240, 320)
Then = Callable[[], object]


class Filing(QObject):
    """The project's file. `changed`: its name, or whether there is something to save."""

    changed = Signal()

    def __init__(self, studio: Studio, parent: QWidget, picture: Callable[[], QImage]) -> None:
        super().__init__(parent)
        self.studio, self.window, self._picture = studio, parent, picture
        self.path: Path | None = None
        self.saved: Project | None = studio.project
        self.recovery: Recovery | None = None
        self._recovered: Left | None = None
        self._begun, self._leaving = 0, False
        self._pictured: object = None
        self._thumbnail = b""
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(KEPT_AFTER)
        self._keep.timeout.connect(self.keep)
        studio.changed.connect(self._changed)
        studio.looked.connect(self._looked)

    @property
    def modified(self) -> bool:
        """Whether there is something that closing would lose."""
        return self.saved is None or not _alike(self.studio.project, self.saved)

    @property
    def title(self) -> str:
        return self.path.stem if self.path else "Untitled"

    @property
    def name(self) -> str:
        """What the project is known by: its file, else what is worn."""
        return self.title if self.path else ", ".join(title(wish) for wish in self.studio.project.wishes) or self.title

    def new(self) -> None:
        """Nobody, in nothing, in no file."""
        self.before_losing(lambda: self._begin(Project(), None))

    def sample(self) -> None:
        """The try-on that ships with Toile; who went on with something else before it was read keeps that."""

        def ask() -> None:
            asked = self.studio.project
            self.studio.open_sample(lambda project: read(project, asked))

        def read(project: Project, asked: Project) -> None:
            if _alike(self.studio.project, asked):
                self._begin(project, None)

        self.before_losing(ask)

    def choose(self) -> None:
        """Ask for a project and open it."""
        if path := open_file(self.studio, self.window, "Open a project", FILTER):
            self.open(path)

    def open(self, path: Path, otherwise: Then | None = None) -> None:
        """Open a project in place of this one. One that cannot be opened changes nothing; then `otherwise` is done."""
        self.before_losing(lambda: self._load(path, path.resolve(), otherwise=otherwise))

    def recover(self, left: Left) -> None:
        """Go on with what a window left that was not closed; until it is saved, it counts as changed."""
        self.before_losing(lambda: self._load(left.project, left.path, left))

    def save(self, then: Then | None = None) -> None:
        """Write the project into its file, or ask for one; `then` once it is written."""
        if self.path is None:
            self.save_as(then)
        else:
            self._write(self.path, then)

    def save_as(self, then: Then | None = None) -> None:
        """Ask for a file and write the project into it."""
        called = self.path or f"{self.title}{SUFFIX}"
        if path := save_file(self.studio, self.window, "Save the project", called, FILTER):
            named = path.name.lower().endswith(SUFFIX)
            self._write(path if named else path.with_name(path.name + SUFFIX), then)

    def may_leave(self) -> bool:
        """Whether the window may close now; else it closes when the project is written, or let go."""
        if "save" in self.studio.running:
            self._leaving = True
            return False
        if self.modified:
            self.before_losing(self._leave)
            return False
        return True

    def before_losing(self, then: Then) -> None:
        """Do what takes the place of this project, once it is saved or the person lets it go."""
        if not self.modified:
            then()
            return
        answer = self.ask()
        if answer == QMessageBox.StandardButton.Save:
            self.save(then)
        elif answer == QMessageBox.StandardButton.Discard:
            then()

    def ask(self) -> QMessageBox.StandardButton:
        """Whether to save what was changed."""
        box = QMessageBox(self.window)
        box.setWindowTitle("Toile")
        box.setText(spoken(f"Save the changes to “{self.title}”?"))
        box.setInformativeText(spoken("They are lost if you do not save them."))
        kinds = QMessageBox.StandardButton
        box.setStandardButtons(kinds.Save | kinds.Discard | kinds.Cancel)
        box.button(kinds.Discard).setText(spoken("Do not save"))
        save = styled(box.button(kinds.Save), "primary")
        save.style().polish(save)
        box.setDefaultButton(kinds.Save)
        return kinds(box.exec())

    def watch(self) -> tuple[Left, ...]:
        """Keep this window's work against a crash from now on; what others left that were not closed."""
        try:
            self.recovery = Recovery()
            return self.recovery.left()
        except (ToileError, OSError) as error:
            self.studio.said.emit(f"Unsaved work cannot be kept against a crash: {error}")
            return ()

    def keep(self) -> None:
        """Keep the present project against a crash, where it is not saved. What is being written is not given up for
        what is newer: where that takes long and somebody works on, nothing would ever be kept."""
        if self.recovery is None or not self.modified:
            return
        if self.studio.jobs.busy(CLERK):
            self._keep.start()
            return
        try:
            self.recovery.describe(self.name, self.path, self._thumbnail)
        except ToileError as error:
            self._not_kept(Failure(str(error)))
            return
        self.studio.ask(
            self, "keep", "app.projectfile:save", self.studio.project, str(self.recovery.project), lane=CLERK,
            done=lambda _: self._kept(), failed=self._not_kept, quiet=True,
        )  # fmt: skip

    def close(self) -> None:
        """The window goes as it should: nothing is left to recover. Call it when no job runs any more."""
        if self.recovery is not None:
            self.recovery.close()

    def _leave(self) -> None:
        """Close the window with nothing to lose any more."""
        self.saved = self.studio.project
        self.window.close()

    def _changed(self, *_: Project) -> None:
        if self.modified and not self._keep.isActive():
            self._keep.start()
        elif not self.modified:
            self._let_go()
        self.changed.emit()

    def _load(self, path: Path, file: Path | None, left: Left | None = None, otherwise: Then | None = None) -> None:
        asked = self.studio.project

        def opened(found: Opened) -> None:
            if _alike(self.studio.project, asked):
                begin(found)
            else:  # What was changed while the file was read is asked about.
                self.before_losing(lambda: begin(found))

        def begin(found: Opened) -> None:
            self._begin(found.project, file)
            if left is not None:
                self.saved, self._recovered = None, left
                self.keep()
                self.changed.emit()
            elif file is not None:
                self._list(file)
            if found.lost:
                told = Failure("\n".join(found.lost))
                complain(self.studio.log, self.window, "Not all of this project could be read", told)

        def refused(failure: Failure) -> None:
            complain(self.studio.log, self.window, "This project cannot be opened", failure)
            if otherwise is not None:
                otherwise()

        self.studio.ask(self, "open", "app.projectfile:load", str(path), done=opened, failed=refused, lane=CLERK)

    def _begin(self, project: Project, path: Path | None) -> None:
        self.path, self.saved = path, project
        self._begun += 1
        self._let_go()
        self.studio.begin(project)
        self.studio.said.emit(f"Opened {path}" if path else "Ready")
        self.changed.emit()

    def _write(self, path: Path, then: Then | None) -> None:
        project, begun = self.studio.project, self._begun

        def written(_: str) -> None:
            self.studio.said.emit(f"Saved as {path}")
            if begun == self._begun:
                self._written(project, path, then)
            if self._leaving:
                self.window.close()

        def failed(failure: Failure) -> None:
            self._leaving = False
            complain(self.studio.log, self.window, "The project is not saved", failure)

        self.studio.ask(
            self, "save", "app.projectfile:save", project, str(path), self._new_picture(), lane=CLERK, done=written,
            failed=failed, stopped=lambda: setattr(self, "_leaving", False),
        )  # fmt: skip

    def _written(self, project: Project, path: Path, then: Then | None) -> None:
        self.path, self.saved = path.resolve(), project
        self._list(self.path)
        self._remember()
        if not self.modified:
            self._let_go()
        self.changed.emit()
        if then is not None:
            # What was changed while the file was written is asked about again.
            self.before_losing(then)

    def _looked(self) -> None:
        """A project that was just opened has its picture taken as soon as there is one."""
        unseen = self.path is not None and not self.modified and self._pictured is not self.studio.shown
        if unseen and self.studio.state == CURRENT:
            QTimer.singleShot(PICTURED_AFTER, self._remember)

    def _remember(self) -> None:
        """Keep a picture of the project beside its name among those that were opened lately."""
        if self.path is not None and self.studio.state == CURRENT:
            try:
                write_bytes(recent_picture(self.path), self._new_picture() or b"")
            except (ToileError, OSError) as error:
                self.studio.log.note(str(error))

    def _new_picture(self) -> bytes:
        """A thumbnail, drawn once of each result; empty where there is no new one."""
        if self._pictured is self.studio.shown:
            return self._thumbnail
        self._pictured, self._thumbnail = self.studio.shown, _png(self._picture())
        return self._thumbnail

    def _let_go(self) -> None:
        self._keep.stop()
        self.studio.jobs.cancel("keep")
        if self.recovery is not None:
            self.recovery.clear()

    def _kept(self) -> None:
        """What another window left lies with us now; what was saved meanwhile is not kept twice."""
        if self._recovered is not None:
            forget(self._recovered.folder)
            self._recovered = None
        if not self.modified and self.recovery is not None:
            self.recovery.clear()

    def _not_kept(self, failure: Failure) -> None:
        self.studio.log.note(failure.sentence, failure.details)
        self.studio.said.emit(f"Unsaved work is not kept against a crash: {failure.sentence}")

    def _list(self, path: Path) -> None:
        known = (str(path), *(each for each in self.studio.settings.recent if each != str(path)))
        self.studio.keep(recent=known[:MOST_RECENT])


def _alike(one: Project, other: Project) -> bool:
    """Whether two projects are the same but for how they are looked at."""
    return one.evidence is other.evidence and one.wishes is other.wishes and one.pose is other.pose


def recent_picture(path: Path) -> Path:
    """Where the picture of a project lies that was opened lately. Raises CannotWrite."""
    folder = user_cache() / "recent"
    folder.mkdir(exist_ok=True)
    return folder / f"{hashlib.sha256(str(path).encode()).hexdigest()[:24]}.png"


def _png(image: QImage) -> bytes:
    """The middle of a picture as a thumbnail; empty for no picture."""
    if image.isNull():
        return b""
    wide, high = THUMBNAIL
    width = min(image.width(), image.height() * wide // high)
    middle = image.copy((image.width() - width) // 2, 0, width, image.height())
    small = middle.scaled(wide, high, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    small.setDevicePixelRatio(1.0)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    small.convertToFormat(QImage.Format.Format_RGB888).save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
