"""Pictures of people: one still, or many from a source (a picture, a video file; the window adds the camera).

A picture comes from a stranger. A short-lived reader process looks at its header first, refuses what is too large,
and decodes it under limits of memory and time: whatever a file does there, the program answers in one sentence.
What comes out is upright (EXIF orientation, 2.32), 8-bit sRGB, opaque, at most LARGEST_SIDE pixels long.
"""

import contextlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from assets.errors import InputRefused, MissingExtra, OverLimit, WorkerStopped
from assets.mesh import frozen
from assets.worker import Worker, once

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_FILE = 200_000_000
LARGEST_PICTURE = 100_000_000
LARGEST_SIDE = 4096
LARGEST_VIDEO_SIDE = 1920
LONGEST_VIDEO = 300.0  # [s]; what comes later is not looked at
VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm")

_SHORTEST_PAUSE = 0.1  # between frames that are spread over a video [s]
_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_BEHIND_TRANSPARENCY = (200, 200, 200)
_ORIENTATION, _FOCAL_35MM, _CAMERA_PAGE = 0x0112, 0xA405, 0x8769
_DIAGONAL_35MM = 43.27


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Pixels, sRGB, shape [h, w, 3] uint8, first row on top; time since the source began [s].

    `focal` is the camera's focal length [pixels], where the picture tells it. `aim` is about where the person meant
    stands (left, top, right, bottom [pixels]), where that is known. Frames of one `burst` show the same view a moment
    apart: their errors are the same.
    """

    pixels: np.ndarray
    time: float = 0.0
    name: str = "picture"
    focal: float | None = None
    aim: tuple[int, int, int, int] | None = None
    burst: str = ""

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            raise ValueError(f"a frame is [h, w, 3] uint8, not {self.pixels.shape} {self.pixels.dtype}")
        object.__setattr__(self, "pixels", frozen(self.pixels))

    @property
    def width(self) -> int:
        return self.pixels.shape[1]

    @property
    def height(self) -> int:
        return self.pixels.shape[0]


class Source(Protocol):
    """Where frames come from: `frames()` starts at the beginning and may be left at any time."""

    name: str

    def frames(self) -> Iterator[Frame]: ...


class Picture:
    """A picture file as a source of one frame."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = Path(path), Path(path).name

    def frames(self) -> Iterator[Frame]:
        yield load_picture(self.path)


class VideoFile:
    """A video file as a source: its first LONGEST_VIDEO seconds, at most LARGEST_VIDEO_SIDE pixels long, as fast as
    frames are taken; `frame.time` says when each is due.

    With `most`, about so many frames are spread over its length. `seconds` is the length [s] as the file tells it, once
    frames come, or 0.
    """

    def __init__(self, path: Path, most: int = 0) -> None:
        self.path, self.name, self.most = Path(path), Path(path).name, most
        self.seconds = 0.0

    def frames(self) -> Generator[Frame, None, None]:
        """Raises InputRefused when it cannot be read."""
        path = _checked(self.path, "video", limit=None)
        with Worker("reader", "the video reader", memory=4e9, cpu=1200) as reader:
            try:
                for item in reader.stream("body.frame:decode_video", str(path), self.most, deadline=30):
                    self.seconds = item["seconds"]
                    yield Frame(item["pixels"], item["time"], self.name)
            except WorkerStopped as error:
                raise InputRefused(f"cannot read {self.path}: {error}") from error


def open_source(path: Path) -> Source:
    """The file as a source: a video by its name's ending, else a picture."""
    return VideoFile(path) if Path(path).suffix.lower() in VIDEO_SUFFIXES else Picture(path)


def load_picture(path: Path) -> Frame:
    """A picture file as a frame. Raises InputRefused, or MissingExtra for HEIC without its library."""
    resolved = _checked(path, "picture", limit=LARGEST_FILE)
    try:
        item = once(
            "body.frame:decode_picture", str(resolved), title="the picture reader", deadline=30, memory=1e9, cpu=25
        )
    except OverLimit as error:
        raise InputRefused(f"cannot read {path}: {error}: save it at {LARGEST_SIDE} or fewer pixels a side") from error
    except WorkerStopped as error:
        raise InputRefused(f"cannot read {path}: {error}") from error
    return Frame(item["pixels"], name=Path(path).name, focal=item["focal"])


def decode_picture(path: str) -> dict[str, Any]:
    """The pixels of a picture file and its focal length [pixels] or None; runs in the reader process."""
    import PIL.Image

    PIL.Image.MAX_IMAGE_PIXELS = None
    try:
        with _opened(path) as image:
            width, height = image.size
            if width * height > LARGEST_PICTURE:
                raise InputRefused(
                    f"{path} is {width} x {height} pixels large: save it at {LARGEST_SIDE} or fewer a side"
                )
            orientation, focal = _camera_notes(image)
            if image.format == "JPEG":
                image.draft("RGB" if image.mode == "YCbCr" else None, (LARGEST_SIDE, LARGEST_SIDE))
            image.load()
            image = _opaque_rgb(_smaller(_eight_bit(image)))
        image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), PIL.Image.Resampling.LANCZOS)
        focal = focal * max(image.size) / max(width, height) if focal else None
        pixels = _upright(np.asarray(image), orientation)
    except (InputRefused, MissingExtra, MemoryError):
        raise
    except Exception as error:
        raise InputRefused(f"cannot read {path}: the picture is damaged or cut short") from error
    return {"pixels": np.ascontiguousarray(pixels), "focal": focal}


def decode_video(path: str, most: int = 0) -> Iterator[dict[str, Any]]:
    """Frames of a video file, upright, in order of time; runs in the reader process."""
    import cv2

    if not _is_film(path):
        raise InputRefused(f"{path} is not a video that can be read: give an MP4, MOV, AVI, MKV or WebM")
    video = cv2.VideoCapture(path, cv2.CAP_FFMPEG)
    video.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    width, height, rate, count = (
        _told(video.get(key))
        for key in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FPS, cv2.CAP_PROP_FRAME_COUNT)
    )
    if not video.isOpened() or width * height > LARGEST_PICTURE:
        raise InputRefused(f"cannot read {path} as a video: it is damaged, too large or of an unknown kind")
    rate = rate if 1 <= rate <= 1000 else 25.0
    seconds = min(count / rate, LONGEST_VIDEO)
    pause = max(seconds / most, _SHORTEST_PAUSE) if most else 0.0
    time, due, found = -1 / rate, 0.0, 0
    while time < LONGEST_VIDEO and video.grab():
        told = _told(video.get(cv2.CAP_PROP_POS_MSEC)) / 1000
        time = told if told > time else time + 1 / rate
        if time + 0.5 / rate < due:
            continue
        good, pixels = video.retrieve()
        if not good:
            continue
        found, due = found + 1, time + pause
        yield {"pixels": _at_most(pixels, LARGEST_VIDEO_SIDE)[:, :, ::-1], "time": max(time, 0.0), "seconds": seconds}
    if not found:
        raise InputRefused(f"cannot read {path} as a video: no frame in it can be decoded")


def _is_film(path: str) -> bool:
    """Whether the file holds its own pictures: a playlist would make the decoder open others, or the network."""
    with open(path, "rb") as stream:
        head = stream.read(12)
    boxes = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
    return head[4:8] in boxes or head[:4] == b"\x1a\x45\xdf\xa3" or (head[:4] == b"RIFF" and head[8:] == b"AVI ")


def _told(value: float) -> float:
    """What a file says of itself, 0 where that is no number."""
    return float(value) if np.isfinite(value) else 0.0


def _at_most(pixels: np.ndarray, side: int) -> np.ndarray:
    """The picture with a longest side of at most that many pixels."""
    import cv2

    scale = side / max(pixels.shape[:2])
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else pixels


def _checked(path: Path, kind: str, limit: int | None) -> Path:
    """The absolute path of a plain file of a possible size. Raises InputRefused."""
    path = Path(path)
    try:
        if not path.exists():
            raise InputRefused(f"there is no {kind} {path}")
        if not path.is_file():
            raise InputRefused(f"{path} is not a file: give a {kind}")
        with open(path, "rb") as stream:
            empty = not stream.read(1)
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise InputRefused(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    if empty:
        raise InputRefused(f"{path} is empty: give a {kind}")
    if limit and size > limit:
        raise InputRefused(f"{path} has {size / 1e6:.0f} MB: a {kind} may have {limit / 1e6:.0f} MB")
    return path.resolve()


def _opened(path: str) -> "Image":
    """The picture with only its header read, of a format that we know."""
    import PIL.Image

    formats = list(_FORMATS)
    with open(path, "rb") as stream:
        head = stream.read(12)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        try:
            import pillow_heif
        except ImportError:
            raise MissingExtra(f"{path} is a HEIC picture: save it as JPEG, or `pip install pillow-heif`") from None
        pillow_heif.register_heif_opener()
        formats.append("HEIF")
    try:
        return PIL.Image.open(path, formats=[name for name in formats if _known(name)])
    except PIL.UnidentifiedImageError:
        raise InputRefused(f"{path} is not a picture that can be read: give a JPEG, PNG, WebP, TIFF or BMP") from None


def _known(name: str) -> bool:
    import PIL.Image

    PIL.Image.init()
    return name in PIL.Image.OPEN


def _camera_notes(image: "Image") -> tuple[int, float | None]:
    """EXIF orientation 1..8 and focal length [pixels of the long side given] or None; broken EXIF says nothing."""
    orientation, focal = 1, None
    with contextlib.suppress(Exception):
        notes = image.getexif()
        orientation = int(notes.get(_ORIENTATION, 1))
        equivalent = float(notes.get_ifd(_CAMERA_PAGE).get(_FOCAL_35MM, 0))
        if 8 <= equivalent <= 600:
            focal = equivalent / _DIAGONAL_35MM * float(np.hypot(*image.size))
    return (orientation if 1 <= orientation <= 8 else 1), focal


def _eight_bit(image: "Image") -> "Image":
    """Palettes looked up; deep grey brought to 8 bits: 16-bit by its range, other ranges by their largest value."""
    import PIL.Image

    if image.mode in ("1", "P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(_smaller(image) if image.mode in ("I", "F") else image)
    if values.dtype.itemsize == 2:
        return PIL.Image.fromarray((values.astype(np.uint16) >> 8).astype(np.uint8))
    values = np.nan_to_num(values.astype(np.float32))
    values *= 255 / max(float(values.max(initial=0)), 1.0)
    return PIL.Image.fromarray(values.clip(0, 255).astype(np.uint8))


def _smaller(image: "Image") -> "Image":
    """A huge picture averaged over whole pixels, so that all that follows is quick."""
    factor = max(image.size) // LARGEST_SIDE
    return image.reduce(factor) if factor > 1 else image


def _opaque_rgb(image: "Image") -> "Image":
    """sRGB without transparency; an embedded colour profile is honoured where it can be."""
    import PIL.Image

    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = PIL.Image.new("RGBA", image.size, (*_BEHIND_TRANSPARENCY, 255))
        return PIL.Image.alpha_composite(ground, image).convert("RGB")
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        with contextlib.suppress(Exception):
            return _to_srgb(image, profile)
    return image.convert("RGB")


def _to_srgb(image: "Image", profile: bytes) -> "Image":
    import io

    from PIL import ImageCms

    source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    assert converted is not None
    return converted


def _upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """The picture as it was seen, shape [h, w, 3] (EXIF 2.32, tag Orientation)."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return pixels
