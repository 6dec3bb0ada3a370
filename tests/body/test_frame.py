"""Whatever a picture file holds, the pixels are upright opaque 8-bit sRGB, or one sentence says why not."""

import csv
import io
import os
import struct
import time
import zlib
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from assets.errors import InputRefused, MissingExtra
from body.frame import LARGEST_SIDE, Frame, Picture, VideoFile, decode_picture, load_picture, open_source

BAD_FILES = Path(__file__).resolve().parents[3] / "shared" / "data" / "badfiles"


@pytest.fixture
def scene() -> np.ndarray:
    """A picture without any symmetry."""
    rows, columns = np.mgrid[0:40, 0:60]
    return np.stack([rows * 6, columns * 4, (rows > 20) * (columns > 40) * 200], axis=2).astype(np.uint8)


def save(pixels: np.ndarray, path: Path, **options: object) -> Path:
    PIL.Image.fromarray(pixels).save(path, **options)
    return path


def png_header(width: int, height: int) -> bytes:
    chunks = [b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"IDAT" + bytes(64)]
    parts = [struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_pixels_come_back_as_they_were_saved(tmp_path, scene):
    frame = load_picture(save(scene, tmp_path / "a.png"))
    assert np.array_equal(frame.pixels, scene)
    assert (frame.width, frame.height, frame.name, frame.focal) == (60, 40, "a.png", None)
    assert not frame.pixels.flags.writeable


@pytest.mark.parametrize("suffix", ["jpg", "webp", "tif", "bmp", "gif"])
def test_every_usual_format_is_read(tmp_path, scene, suffix):
    pixels = decode_picture(str(save(scene, tmp_path / f"a.{suffix}")))["pixels"]
    assert np.abs(pixels.astype(int) - scene).mean() < 8


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_stored_turn_is_undone(tmp_path, scene, orientation):
    stored = {
        1: scene, 2: scene[:, ::-1], 3: scene[::-1, ::-1], 4: scene[::-1], 5: scene.swapaxes(0, 1),
        6: np.rot90(scene, 1), 7: scene[::-1, ::-1].swapaxes(0, 1), 8: np.rot90(scene, -1),
    }[orientation]  # fmt: skip
    notes = PIL.Image.Exif()
    notes[0x0112] = orientation
    path = save(np.ascontiguousarray(stored), tmp_path / "a.png", exif=notes)
    assert np.array_equal(decode_picture(str(path))["pixels"], scene)


def test_focal_length_is_in_pixels_of_the_frame(tmp_path):
    notes = PIL.Image.Exif()
    notes.get_ifd(0x8769)[0xA405] = 26
    size = (3000, 4000)
    path = save(np.zeros((size[1], size[0], 3), np.uint8), tmp_path / "a.jpg", exif=notes)
    assert decode_picture(str(path))["focal"] == pytest.approx(26 / 43.27 * 5000)
    path = save(np.zeros((4000, 6000, 3), np.uint8), tmp_path / "b.jpg", exif=notes)
    item = decode_picture(str(path))
    assert max(item["pixels"].shape) == LARGEST_SIDE
    assert item["focal"] == pytest.approx(26 / 43.27 * np.hypot(4, 6) * LARGEST_SIDE / 6)


def test_deep_palette_transparent_and_printing_colours_become_plain(tmp_path):
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)
    deep = save(np.tile(ramp, (4, 1)), tmp_path / "deep.png")
    assert np.array_equal(decode_picture(str(deep))["pixels"][0, :, 1], np.arange(256))
    red = PIL.Image.new("RGB", (8, 8), (250, 10, 10))
    for mode, name in [("P", "a.png"), ("CMYK", "a.tif"), ("RGBA", "b.png")]:
        (red.quantize() if mode == "P" else red.convert(mode)).save(tmp_path / name)
        assert np.abs(decode_picture(str(tmp_path / name))["pixels"].astype(int) - (250, 10, 10)).max() < 12
    clear = save(np.zeros((8, 8, 4), np.uint8), tmp_path / "clear.png")
    assert (decode_picture(str(clear))["pixels"] == 200).all()


def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, scene):
    whole = io.BytesIO()
    PIL.Image.fromarray(scene).resize((600, 400)).save(whole, "jpeg")
    cases = {
        "missing.jpg": (None, "there is no picture"),
        "empty.jpg": (b"", "is empty"),
        "words.jpg": (b"not a picture at all", "is not a picture that can be read"),
        "short.jpg": (whole.getvalue()[: len(whole.getvalue()) // 2], "cut short"),
        "huge.png": (png_header(60_000, 60_000), "60000 x 60000 pixels"),
    }
    for name, (content, words) in cases.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(InputRefused, match=words) as caught:
            load_picture(tmp_path / name)
        assert name in str(caught.value)
        assert "\n" not in str(caught.value)
    with pytest.raises(InputRefused, match="is not a file"):
        load_picture(tmp_path)
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(InputRefused, match="is not a file"):
        load_picture(tmp_path / "pipe.png")


@pytest.mark.parametrize("mode", ["RGB", "F"])
def test_the_largest_pictures_are_read_within_a_gigabyte(tmp_path, mode):
    path = tmp_path / "large.tif"
    PIL.Image.new(mode, (12_500, 8_000), 0).save(path, compression="tiff_lzw")
    assert load_picture(path).width == LARGEST_SIDE


def test_heic_says_how_to_get_its_library(tmp_path):
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(64))
    with pytest.raises((MissingExtra, InputRefused), match=r"a\.heic") as caught:
        load_picture(tmp_path / "a.heic")
    if isinstance(caught.value, MissingExtra):
        assert "pillow-heif" in str(caught.value)


def test_a_frame_is_what_it_says():
    with pytest.raises(ValueError, match="uint8"):
        Frame(np.zeros((4, 4, 3)))


def test_a_video_file_is_a_source_of_upright_frames_in_time(tmp_path):
    import cv2

    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 25, (64, 96))
    for k in range(10):
        writer.write(np.full((96, 64, 3), (10, 10, 20 * k), np.uint8))
    writer.release()
    source = open_source(path)
    assert isinstance(source, VideoFile)
    frames = list(source.frames())
    assert [frame.pixels.shape for frame in frames] == [(96, 64, 3)] * 10
    assert np.allclose(np.diff([frame.time for frame in frames]), 0.04, atol=0.002)
    assert np.allclose([frame.pixels[..., 0].mean() for frame in frames], 20 * np.arange(10), atol=6)
    first = next(iter(source.frames()))
    assert np.array_equal(first.pixels, frames[0].pixels)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputRefused, match=r"film\.avi as a video"):
        list(source.frames())


def test_a_picture_is_a_source_of_one_frame(tmp_path, scene):
    source = open_source(save(scene, tmp_path / "a.png"))
    assert isinstance(source, Picture)
    assert [frame.name for frame in source.frames()] == ["a.png"]


def test_broken_pictures_of_strangers_are_read_or_refused_quickly():
    if not BAD_FILES.exists():
        pytest.skip("the collection of broken files (../shared/data/badfiles) is not here")
    with open(BAD_FILES / "manifest.csv") as table:
        names = [row["file"] for row in csv.DictReader(table) if row["file"].lower().endswith((".png", ".jpg"))]
    assert names
    outcomes = {"read": 0, "refused": 0}
    for name in names[:: max(1, len(names) // 15)]:
        start = time.monotonic()
        try:
            load_picture(BAD_FILES / name)
            outcomes["read"] += 1
        except InputRefused as error:
            outcomes["refused"] += 1
            assert len(str(error).splitlines()) == 1
        assert time.monotonic() - start < 5, name
    assert min(outcomes.values()) > 0


def film(path: Path, pictures: list[np.ndarray], code: str = "mp4v", rate: float = 25.0) -> Path:
    import cv2

    height, width, _ = pictures[0].shape
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*code), rate, (width, height))
    for pixels in pictures:
        writer.write(np.ascontiguousarray(pixels[..., ::-1]))
    writer.release()
    return path


@pytest.fixture
def corner() -> np.ndarray:
    """A picture whose left top corner is red and right top corner green, 96 x 64."""
    pixels = np.zeros((64, 96, 3), np.uint8)
    pixels[:24, :24], pixels[:24, -24:] = (255, 0, 0), (0, 255, 0)
    return pixels


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_video_that_says_it_lies_on_its_side_is_turned_upright(tmp_path, corner, quarters):
    """Telephones film as the sensor lies and write down how to turn it (ISO 14496-12, the matrix in "tkhd")."""
    stored = np.ascontiguousarray(np.rot90(corner, quarters))
    data = bytearray(film(tmp_path / "flat.mp4", [stored] * 3).read_bytes())
    cosine, sine = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarters]
    matrix = struct.pack(">9i", cosine << 16, sine << 16, 0, -sine << 16, cosine << 16, 0, 0, 0, 1 << 30)
    start = data.index(b"tkhd") + 4 + (40 if data[data.index(b"tkhd") + 4] == 0 else 52)
    data[start : start + 36] = matrix
    path = tmp_path / "turned.mp4"
    path.write_bytes(data)
    pixels = next(iter(VideoFile(path).frames())).pixels.astype(int)
    assert pixels.shape == corner.shape
    assert np.abs(pixels[4:20, 4:20] - (255, 0, 0)).mean() < 20
    assert np.abs(pixels[4:20, -20:-4] - (0, 255, 0)).mean() < 20


def test_a_long_video_is_sampled_and_a_large_one_reduced(tmp_path):
    from body.frame import LARGEST_VIDEO_SIDE

    shades = [np.full((32, 48, 3), 2 * k, np.uint8) for k in range(100)]
    source = VideoFile(film(tmp_path / "long.avi", shades, "MJPG"), most=20)
    frames = list(source.frames())
    assert 18 <= len(frames) <= 21 and source.seconds == pytest.approx(4.0, abs=0.1)
    assert np.allclose(np.diff([frame.time for frame in frames]), 0.2, atol=0.021)
    assert np.allclose([frame.pixels.mean() for frame in frames], [50 * frame.time for frame in frames], atol=6)
    large = film(tmp_path / "large.avi", [np.full((1080, 2 * LARGEST_VIDEO_SIDE, 3), 99, np.uint8)], "MJPG")
    (frame,) = VideoFile(large).frames()
    assert (frame.width, frame.height) == (LARGEST_VIDEO_SIDE, 540)


def test_videos_that_are_none_are_refused_in_one_sentence(tmp_path, corner):
    whole = film(tmp_path / "whole.mp4", [corner] * 5).read_bytes()
    playlist = f"#EXTM3U\n#EXTINF:1,\n{tmp_path / 'whole.mp4'}\n#EXT-X-ENDLIST\n".encode()
    cases = {
        "empty.mp4": (b"", "is empty"), "words.mp4": (b"not a video at all, really", "is not a video"),
        "list.mp4": (playlist, "is not a video"), "short.mp4": (whole[: len(whole) // 3], "as a video"),
        "headless.avi": (b"RIFF\xff\xff\xff\xffAVI " + bytes(300), "as a video"),
        "missing.mp4": (None, "there is no video"),
    }  # fmt: skip
    for name, (content, words) in cases.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(InputRefused, match=words) as caught:
            list(VideoFile(tmp_path / name).frames())
        assert name in str(caught.value) and "\n" not in str(caught.value)


def test_a_video_that_says_nonsense_of_itself_is_read_in_order_of_time(tmp_path, corner, monkeypatch):
    import cv2

    from body.frame import decode_video

    class Nonsense:
        """A decoder that knows neither size nor rate, whose clock stands, runs back and is no number."""

        def __init__(self, path: str, kind: int) -> None:
            self.times = iter([0.0, float("nan"), 0.0, -5.0, 300.0, 200.0, float("inf")])

        def isOpened(self) -> bool:
            return True

        def set(self, key: int, value: float) -> bool:
            return False

        def get(self, key: int) -> float:
            return self.time if key == cv2.CAP_PROP_POS_MSEC else float("nan")

        def grab(self) -> bool:
            self.time = next(self.times, None)
            return self.time is not None

        def retrieve(self) -> tuple[bool, np.ndarray]:
            return True, corner

    path = film(tmp_path / "nonsense.mp4", [corner])
    monkeypatch.setattr(cv2, "VideoCapture", Nonsense)
    times = [item["time"] for item in decode_video(str(path))]
    assert len(times) == 7 and np.isfinite(times).all() and (np.diff(times) > 0).all()
