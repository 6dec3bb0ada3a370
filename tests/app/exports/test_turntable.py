"""A person turning round, as films."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.exports import film
from app.exports.film import save
from app.exports.turntable import Turn, drawn, eye, write_turntable
from assets.errors import CannotWrite, UsageError
from render.scene import Item, Material, Scene

CORNERS = np.array([(-0.3, 0, -0.1), (0.3, 0, -0.1), (0, 0, 0.2), (0, 1.6, 0)], float)
FACES = np.array([(0, 1, 3), (1, 2, 3), (2, 0, 3), (0, 2, 1)])
SHOWN = Scene((Item("tent", CORNERS, FACES, Material((0.5, 0.1, 0.1), double_sided=True)),))
SMALL = Turn(frames=6, rate=12, width=48, height=64, samples=1)


def test_everything_stays_in_the_picture_all_the_way_round() -> None:
    pictures = list(drawn(SHOWN, SMALL, transparent=True))
    edges = [np.concatenate([p[0, :, 3], p[:, 0, 3], p[:, -1, 3]]) for p in pictures]
    assert len(pictures) == 6 and max(int(edge.max()) for edge in edges) < 40
    assert np.abs(pictures[0].astype(int) - pictures[2]).mean() > 1.0
    assert eye(SHOWN, 0.75).azimuth == pytest.approx(0.0)


@pytest.mark.parametrize(("ending", "codec"), [(".mp4", "VP90"), (".webm", "VP90"), (".webp", ""), (".gif", "")])
def test_films_have_all_their_pictures_in_true_colours(
    tmp_path: Path, ending: str, codec: str, capfd: pytest.CaptureFixture
) -> None:
    path, pictures = tmp_path / f"turn{ending}", list(drawn(SHOWN, SMALL))
    save(path, pictures, SMALL.rate)
    if codec:
        cv2 = pytest.importorskip("cv2")
        shown = cv2.VideoCapture(str(path))
        assert shown.get(cv2.CAP_PROP_FPS) == pytest.approx(12)
        assert int(shown.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little").decode() == codec
        seen = [shown.read()[1][..., ::-1] for _ in pictures]
        assert not shown.read()[0]
    else:
        image = Image.open(path)
        seen = [np.asarray(image.seek(k) or image.convert("RGB")) for k in range(image.n_frames)]
    assert len(seen) == 6 and capfd.readouterr().err == ""
    for there, drawn_ in zip(seen, pictures, strict=True):
        assert np.abs(there.astype(int) - drawn_[..., :3]).mean() < 5.0
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(("ending", "rate"), [(".webp", 24), (".gif", 24), (".gif", 30), (".gif", 12)])
def test_a_moving_picture_lasts_as_long_as_its_rate_says(tmp_path: Path, ending: str, rate: float) -> None:
    path, count = tmp_path / f"turn{ending}", 31
    save(path, (np.full((8, 8, 4), 4 * number, np.uint8) for number in range(count)), rate)
    with Image.open(path) as shown:
        lasts = []
        for number in range(shown.n_frames):
            shown.seek(number)
            shown.load()
            lasts.append(shown.info["duration"])
    assert len(lasts) == count and sum(lasts) == pytest.approx(1000 * count / rate, abs=6)


@pytest.mark.parametrize("ending", film.KINDS)
def test_the_same_pictures_make_the_same_bytes(tmp_path: Path, ending: str) -> None:
    path, pictures, made = tmp_path / f"turn{ending}", list(drawn(SHOWN, SMALL)), set()
    for _ in range(2):
        save(path, pictures, SMALL.rate)
        made.add(path.read_bytes())
    assert len(made) == 1


def test_a_transparent_turn_is_clear_beside_the_person(tmp_path: Path) -> None:
    path, pictures = tmp_path / "turn.webp", list(drawn(SHOWN, SMALL, transparent=True))
    pictures[0] = pictures[0] | np.array([0, 0, 0, 255], np.uint8)  # who fills the first picture may leave the second
    for clear, alpha in ((True, 0), (False, 255)):
        save(path, pictures, SMALL.rate, clear)
        image = Image.open(path)
        image.seek(3)
        assert image.convert("RGBA").getpixel((1, 1))[3] == alpha


@pytest.mark.skipif(os.name != "posix", reason="a disk is filled by a limit of POSIX")
@pytest.mark.parametrize("ending", [".mp4", ".webm"])
@pytest.mark.parametrize(("freed", "said"), [(False, "larger than this disk takes"), (True, "of 12 pictures")])
def test_a_film_that_was_cut_off_is_refused_and_the_old_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, freed: bool, said: str
) -> None:
    """Also where there is room again by the time that one asks."""
    resource = pytest.importorskip("resource")
    path, noise = tmp_path / f"turn{ending}", np.random.default_rng(0).integers(0, 256, (12, 96, 96, 4), np.uint8)
    path.write_bytes(b"before")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if freed:
        monkeypatch.setattr(film, "require_room", lambda _: None)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(CannotWrite, match=said):
            save(path, noise, 12)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [file.name for file in tmp_path.iterdir()] == [path.name] and path.read_bytes() == b"before"


def test_what_cannot_be_filmed_is_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.avi"):
        write_turntable(None, [tmp_path / "turn.avi"])  # type: ignore[arg-type]
    for wrong in ({"frames": 1}, {"width": 101}, {"rate": 0}, {"samples": 0}):
        with pytest.raises(UsageError):
            Turn(**wrong)
