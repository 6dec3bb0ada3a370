"""Jobs from the window: the project saved as one, and a job file done by the very command that a server would run, so
that it leaves the same bytes. The page tells how far it is; a job that was stopped goes on where it was.
"""

import re
import sys
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from app.saying import spoken
from app.ui.controls import button, label
from app.ui.dialogs import open_file, save_file
from app.ui.filing import CLERK
from app.ui.log import complain
from app.ui.studio import Studio
from assets.files import ROOT

JOBS = "Job (*.toml)"
PATIENCE = 4000
_STEP = re.compile(r"\[\s*(\d+) %\] (.*)")


def save(studio: Studio, parent: QWidget) -> None:
    """Ask for a file, and leave the project and its job in it, side by side."""
    if not studio.project.wishes:
        studio.said.emit("There is nothing to do a job of yet: put on a garment")
        return
    path = save_file(studio, parent, "Save the job as", "job.toml", JOBS)
    if path:
        studio.ask(
            parent, "export", "app.batch.jobfile:export", studio.project, str(path), time.strftime("%Y-%m-%d"),
            lane=CLERK, done=lambda where: studio.said.emit(f"The job lies in {where}"),
            failed=lambda failure: complain(studio.log, parent, "The job is not saved", failure),
        )  # fmt: skip


class JobPage(QDialog):
    """A job file, and how far it is."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent)
        self.studio, self._window = studio, parent
        self.setWindowTitle(spoken("Do a job"))
        self.setAccessibleName(spoken("Do a job"))
        self.resize(640, 420)
        self.process: QProcess | None = None
        self.job: Path | None = None
        self.said: list[str] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        self.words = label(spoken("A job file says who is dressed in what, and what is left of it."), "caption")
        self.words.setWordWrap(True)
        column.addWidget(self.words)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(spoken("How much of the job is done"))
        column.addWidget(self.bar)
        self.lines = QPlainTextEdit(readOnly=True)
        self.lines.setAccessibleName(spoken("What came of the job"))
        column.addWidget(self.lines, 1)
        row = QHBoxLayout()
        self.begin, self.end = button("Choose a job…", self.choose, primary=True), button("Stop", self.stop)
        row.addStretch(1)
        for each in (self.begin, self.end):
            row.addWidget(each)
        column.addLayout(row)
        QCoreApplication.instance().aboutToQuit.connect(self.wait)  # type: ignore[union-attr]
        self._reflect()

    def choose(self) -> None:
        """Ask for a job file, and do it into a folder beside it."""
        if path := open_file(self.studio, self, "Open a job", JOBS):
            self.start(path, path.with_suffix(""))

    def start(self, job: Path, folder: Path) -> None:
        """Do a job into a folder. One of a page that was closed may still be ending: no two write at once."""
        for page in self._window.findChildren(JobPage):
            if not page.isVisible():
                page.wait()
        self.stop()
        self.job, self.said = job, []
        self.lines.clear()
        self.bar.setValue(0)
        process = self.process = QProcess(self)
        process.setWorkingDirectory(str(job.parent))
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read)
        process.finished.connect(self._finished)
        process.start(sys.executable, [str(ROOT.parent / "main.py"), "batch", str(job), "--out", str(folder)])
        self._reflect()

    def stop(self) -> None:
        """Do no more of it; what is done is kept."""
        if self.process is not None:
            self.process.terminate()
            self._reflect()

    def reject(self) -> None:
        """However it is closed, by Escape or by its frame: the job ends with it, behind the window, and goes on where
        it was next time."""
        super().reject()
        if self.process is not None:
            self.process.terminate()
            QTimer.singleShot(PATIENCE, self.process, self.process.kill)

    def wait(self) -> None:
        """Wait for a job that was stopped."""
        if self.process is not None and not self.process.waitForFinished(PATIENCE):
            self.process.kill()
            self.process.waitForFinished(PATIENCE)

    def _read(self) -> None:
        if self.process is None:
            return
        told = bytes(self.process.readAllStandardOutput().data()) + bytes(self.process.readAllStandardError().data())
        for each in told.decode(errors="replace").splitlines():
            step = _STEP.match(each)
            if step:
                self.bar.setValue(int(step[1]))
                self.words.setText(spoken(step[2]))
            elif each.strip():
                self.said.append(each)
                self.lines.appendPlainText(spoken(each.removeprefix("toile: ")))

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self.process = None
        name = self.job.name if self.job else ""
        good = code == 0 and status == QProcess.ExitStatus.NormalExit
        self.words.setText(spoken(f"{name}: done" if good else f"{name}: not all of it is done"))
        if not good and self.said:
            self.studio.log.note(self.said[-1].removeprefix("toile: "), "\n".join(self.said))
        self._reflect()

    def _reflect(self) -> None:
        self.begin.setEnabled(self.process is None)
        self.end.setEnabled(self.process is not None)
