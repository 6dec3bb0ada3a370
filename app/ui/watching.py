"""A live picture that somebody stands before: the camera, who is seen in it, and what to say when it is gone.

The camera is open between `_open` and `_close` alone, and what it showed is forgotten then.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.serving import Failure
from app.ui.camera import Camera, cameras, plugged
from app.ui.feed import Feed, Picture
from app.ui.preview import Preview
from app.ui.studio import Studio
from body.frame import Source, open_source


class Watching(QObject):
    """`seen` whenever somebody is there, `trouble` in a sentence (in English; "" when there is none any more)."""

    seen = Signal()
    trouble = Signal(str)

    def __init__(self, studio: Studio, camera: str, preview: Preview) -> None:
        """`camera`: its name, "" for the first, or a video file; `preview` shows it, and both go together."""
        super().__init__(preview)
        self.studio = studio
        self.preview = preview
        self.feed = Feed(self)
        preview.destroyed.connect(self.feed.close)
        self.feed.came.connect(self._came)
        self.feed.said.connect(self._said)
        self.camera = camera

    def _open(self) -> None:
        """Open the camera, if it is not open."""
        if not self.feed.is_open:
            open_camera(self.feed, self.camera)

    def _close(self) -> None:
        """Close the camera, and forget what it showed."""
        self.feed.close()
        self.studio.jobs.cancel("follow")
        self._blank()

    def _blank(self) -> None:
        self.preview.show_frame(None)
        self.preview.show_track(None, None, False, "")

    def _came(self, picture: Picture) -> None:
        """The newest picture."""
        raise NotImplementedError

    def _blind(self, failure: Failure) -> None:
        """The eyes failed: whoever is seen next is somebody new."""
        self.feed.cut()
        self.studio.log.note(failure.sentence, failure.details)

    def _said(self, sentence: str) -> None:
        """The camera is in trouble."""
        self._blank()
        self.trouble.emit(sentence)


def open_camera(feed: Feed, name: str) -> None:
    """Show the camera of that name, or the video file in its place."""
    path = Path(name)
    if name and path.is_file():
        feed.open(lambda: open_source(path), live=False)
    else:
        feed.open(partial(find, name), live=True)


def find(name: str) -> Source | None:
    """The camera of that name, or the first; None while there is none."""
    there = cameras()
    wanted = [device for device in there if name in (device.description(), device.id().toStdString())]
    if not name:
        wanted = there
    elif name.isdigit() and int(name) < len(there):
        wanted = [there[int(name)]]
    device = plugged(wanted[0]) if wanted else None
    return Camera(device) if device is not None else None
