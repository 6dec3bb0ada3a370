"""Cameras as sources of frames, like pictures and video files (body/frame.py), through QtMultimedia.

Qt hands frames over on the window's thread; `frames()` is read on another one. Only the newest frame is kept, so that a
slow reader sees the present, not the past.
"""

import queue
import time
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QCamera, QCameraDevice, QMediaCaptureSession, QMediaDevices, QVideoFrame, QVideoSink

from body.frame import Frame

FIRST_WAIT, WAIT = 10.0, 3.0  # for a picture [s]; a camera may take long to begin


def cameras() -> list[QCameraDevice]:
    """The cameras that are plugged in."""
    return list(QMediaDevices.videoInputs())


def plugged(device: QCameraDevice) -> QCameraDevice | None:
    """The same camera as it is plugged in now, or None."""
    there = cameras()
    same = [other for other in there if other.id() == device.id()]
    return next(iter(same or [other for other in there if other.description() == device.description()]), None)


class Camera(QObject):
    """One camera. Made and closed on the window's thread; obeys body.frame.Source."""

    def __init__(self, device: QCameraDevice) -> None:
        super().__init__()
        self.name = device.description()
        self._started = time.monotonic()
        self._newest: queue.Queue[Frame | None] = queue.Queue(maxsize=1)
        self._camera = QCamera(device)
        self._camera.errorOccurred.connect(lambda *_: self._put(None))
        self._sink = QVideoSink()
        self._sink.videoFrameChanged.connect(self._take)
        self._session = QMediaCaptureSession()
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self._sink)
        self._camera.start()

    def frames(self) -> Iterator[Frame]:
        """The newest frame each time, until the camera is closed, fails or falls silent."""
        wait = FIRST_WAIT
        while True:
            try:
                frame = self._newest.get(timeout=wait)
            except queue.Empty:
                return
            if frame is None:
                return
            wait = WAIT
            yield frame

    def close(self) -> None:
        self._camera.stop()
        self._put(None)

    def _take(self, video_frame: QVideoFrame) -> None:
        image = video_frame.toImage()
        if not image.isNull():
            self._put(Frame(pixels(image), time.monotonic() - self._started, self.name))

    def _put(self, frame: Frame | None) -> None:
        while True:
            try:
                self._newest.put_nowait(frame)
                return
            except queue.Full:
                try:
                    self._newest.get_nowait()
                except queue.Empty:
                    continue


def pixels(image: QImage) -> np.ndarray:
    """An image as sRGB, shape [h, w, 3] uint8."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()
