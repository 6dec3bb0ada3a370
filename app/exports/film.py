"""Pictures as a film: MP4 and WebM for web pages, WebP and GIF as moving pictures.

Films are VP9, which browsers play from both containers, some desktop players and editors do not read, and which no
patents' pool charges for: by OpenCV (Apache-2.0, with FFmpeg, LGPL, and libvpx, BSD), which comes with mediapipe.
H.264 has no encoder in Python's packages that suits (x264 is under the GPL; OpenH264's royalties are paid only for
Cisco's own file). WebP and GIF are Pillow's (MIT-CMU).
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import CannotWrite, UsageError
from assets.files import require_room, staged_folder

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS = (".mp4", ".webm", ".webp", ".gif")
OPAQUE = (".mp4", ".webm")
"""Kinds that know no transparency."""
_TICKS = {".webp": 1, ".gif": 10}
"""The unit of time of a kind [ms]."""
_CODEC = "vp09"
_HEAD, _TRACK, _NUMBER = 4096, b"\x73\xc5\x88", bytes(7) + b"\x01"
"""In so many first bytes of a WebM its track is told, after Matroska's TrackUID of eight bytes; and the one we give."""


def check_kind(path: Path, what: str) -> None:
    """Raise UsageError where `what` cannot be saved under that name."""
    if path.suffix.lower() not in KINDS:
        raise UsageError(f"{what} is saved as {', '.join(KINDS)}: not {path.name}")


def save(path: Path, pictures: Iterable[np.ndarray], rate: float, clear: bool = False) -> None:
    """Pictures, uint8 [h, w, 4], as a film that shows `rate` of them a second. MP4 and WebM take them one by one; of
    WebP and GIF all are kept until the last has come. `clear`: what is transparent stays so, where the kind knows it.
    Raises CannotWrite; then, and where a picture raises, no file is left."""
    with staged_folder(path.parent) as stage:
        ending = path.suffix.lower()
        if ending in OPAQUE:
            _film(stage / path.name, pictures, rate)
        else:
            _moving_picture(stage / path.name, pictures, rate, ending, clear)


def _film(path: Path, pictures: Iterable[np.ndarray], rate: float) -> None:
    import cv2

    first, rest = _opened(pictures)
    height, width = first.shape[:2]
    with _unheard():
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*_CODEC), rate, (width, height))
    if not writer.isOpened():
        raise CannotWrite(f"no {path.suffix} can be written here: OpenCV has no encoder for it (save a .webp)")
    given = 0
    try:
        for pixels in chain((first,), rest):
            writer.write(np.ascontiguousarray(pixels[..., 2::-1]))
            given += 1
    finally:
        writer.release()
    if path.suffix.lower() == ".webm":
        _number(path)
    if (kept := _count(path)) != given:  # OpenCV does not tell.
        require_room(path.parent)
        raise CannotWrite(f"only {kept} of {given} pictures came into the film: free some room, or save a .webp")


def _number(path: Path) -> None:
    """Number a WebM's track, wherever it is named, for FFmpeg draws lots: the same pictures make the same bytes."""
    with open(path, "r+b") as stream:
        head = stream.read(_HEAD)
        _, told, after = head.partition(_TRACK)
        drawn = after[: len(_NUMBER)]
        if told and len(drawn) == len(_NUMBER):
            stream.seek(0)
            stream.write(head.replace(drawn, _NUMBER))


def _count(path: Path) -> int:
    """How many pictures of a film can be read."""
    import cv2

    with _unheard():
        film, found = cv2.VideoCapture(str(path)), 0
        while film.grab():
            found += 1
        film.release()
    return found


def _moving_picture(path: Path, pictures: Iterable[np.ndarray], rate: float, ending: str, clear: bool) -> None:
    how: dict = {"quality": 88} if ending == ".webp" else {"disposal": 2}
    first, *rest = (_image(pixels, clear) for pixels in pictures)
    shown = _durations(1 + len(rest), rate, _TICKS[ending])
    first.save(path, ending[1:].upper(), save_all=True, append_images=rest, duration=shown, loop=0, **how)


def _durations(count: int, rate: float, tick: int) -> list[int]:
    """How long each of so many pictures is shown [ms], in whole ticks [ms], so that none comes more than half a tick
    early or late."""
    ends = [tick * round(1000.0 * number / (rate * tick)) for number in range(count + 1)]
    return [end - start for start, end in pairwise(ends)]


def _opened(pictures: Iterable[np.ndarray]) -> tuple[np.ndarray, Iterator[np.ndarray]]:
    rest = iter(pictures)
    return next(rest), rest


def _image(pixels: np.ndarray, clear: bool) -> "Image":
    from PIL import Image

    return Image.fromarray(np.ascontiguousarray(pixels if clear else pixels[..., :3]))


@contextmanager
def _unheard() -> Iterator[None]:
    """Without what OpenCV says on the standard error, of the codec's tag in WebM and of a film that ends early."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
