"""People in real pictures: who is found, where, and that left and right are treated alike."""

import os
from pathlib import Path

import numpy as np
import pytest

from assets.errors import InputRefused
from body.frame import Frame, load_picture
from body.gates import choose, prominent, whole_person
from body.pose import LEFT_ANKLE, LEFT_HIP, LEFT_SHOULDER, LEFT_WRIST, MIRRORED, Person, follow, people

DATA = os.environ.get("TOILE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")
PHOTOS = Path(DATA) / "photos"
needs_photos = pytest.mark.skipif(not PHOTOS.exists(), reason="the pictures (../shared/data/photos) are not here")
HEIGHT = 1186  # pixels of the man in the first picture, from the top of the hair to the tip of the shoe


def picture(name: str) -> Frame:
    return load_picture(PHOTOS / name)


@pytest.fixture(scope="module")
def man() -> Frame:
    return picture("man_apose_indoor1.jpeg")


@pytest.fixture(scope="module")
def found(man) -> Person:
    return whole_person(man)


def test_the_mirror_swaps_every_pair_and_is_its_own_inverse():
    assert np.array_equal(MIRRORED[MIRRORED], np.arange(33))
    assert (np.arange(33) != MIRRORED).sum() == 32
    assert MIRRORED[LEFT_ANKLE] == LEFT_ANKLE + 1


@needs_photos
def test_a_standing_man_is_found_whole(man, found):
    assert found.mask.shape == (man.height, man.width)
    assert abs(found.height - HEIGHT) < 12
    assert found.visibility[LEFT_SHOULDER:].min() > 0.9
    x, y = found.points.round().astype(int).T
    joints = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]
    assert (found.mask[y[joints], x[joints]] > 0.5).all()
    assert found.points[LEFT_SHOULDER, 0] > found.points[LEFT_SHOULDER + 1, 0]


@needs_photos
def test_mirrored_in_mirrored_out(man, found):
    mirrored = whole_person(Frame(man.pixels[:, ::-1]))
    points = mirrored.points[MIRRORED] * (-1, 1) + (man.width - 1, 0)
    assert np.abs(points - found.points)[LEFT_SHOULDER:].max() < 0.01 * HEIGHT
    assert ((mirrored.mask[:, ::-1] > 0.5) != (found.mask > 0.5)).sum() < 0.01 * (found.mask > 0.5).sum()


@needs_photos
def test_a_larger_canvas_moves_everything_and_changes_nothing(man, found):
    wall = np.pad(man.pixels, ((100, 60), (300, 200), (0, 0)), mode="edge")
    moved = whole_person(Frame(wall))
    assert np.abs(moved.points - (300, 100) - found.points)[LEFT_SHOULDER:].max() < 0.015 * HEIGHT
    assert np.abs(np.subtract(moved.box, found.box) - (300, 100, 300, 100)).max() < 0.015 * HEIGHT


@needs_photos
def test_a_film_shows_the_same_person(man, found):
    seen = follow(man, anew=True)
    assert seen is not None
    assert np.abs(seen.points - found.points)[LEFT_SHOULDER:].max() < 0.03 * HEIGHT
    assert follow(Frame(np.full((300, 300, 3), 120, np.uint8)), anew=True) is None


@needs_photos
def test_several_people_are_listed_from_the_left_and_one_is_picked(man, found):
    other = picture("man_kameez_apose.jpeg")
    group = Frame(np.concatenate([man.pixels[:, 150:850], other.pixels[:, 150:850]], axis=1), name="group")
    both = people(group)
    assert [person.number for person in both] == [1, 2]
    assert both[0].box[2] <= 700 <= both[1].box[0]
    assert np.abs(both[0].points - found.points + np.array([150, 0]))[LEFT_SHOULDER:].max() < 0.02 * HEIGHT
    with pytest.raises(InputRefused, match=r"2 people can be seen in group: .*--person N .*1 at \d+.*2 at \d+"):
        choose(both, None, "group")
    assert choose(both, 2, "group") is both[1]
    with pytest.raises(InputRefused, match=r"there is no person 3 in group"):
        choose(both, 3, "group")


@needs_photos
@pytest.mark.parametrize("name", ["man_apose_indoor2.jpeg", "man_kameez_apose.jpeg"])
def test_standing_people_are_accepted(name):
    person = whole_person(picture(name))
    assert person.points[LEFT_WRIST, 1] < person.points[LEFT_ANKLE, 1]
    assert person.points[LEFT_HIP, 1] > person.points[LEFT_SHOULDER, 1]


@needs_photos
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("cat.jpeg", "nobody can be seen"),
        ("coffee.png", "nobody can be seen"),
        ("dinosaur_skeleton.jpg", "nobody can be seen"),
        ("empty_wall.jpeg", "nobody can be seen"),
        ("face_only.png", "only the head and shoulders can be seen: step back"),
        ("night_small_person.jpg", "the person is too small"),
        ("skier.jpg", "the person is too small"),
    ],
)
def test_what_cannot_be_measured_is_refused_for_its_reason(name, why):
    with pytest.raises(InputRefused, match=why) as caught:
        whole_person(picture(name))
    assert name in str(caught.value)


@needs_photos
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda pixels: pixels[:1250], "the feet are outside"),
        (lambda pixels: pixels[250:], "the head is outside"),
        (lambda pixels: pixels[:700], "only the head and shoulders"),
        (lambda pixels: pixels[:, :420], "a part of the body is outside"),
        (lambda pixels: pixels // 8, "too dark: turn on more light"),
        (lambda pixels: np.rot90(pixels), "turn the picture upright"),
    ],
)
def test_a_spoilt_picture_is_refused_with_advice(man, change, why):
    with pytest.raises(InputRefused, match=why):
        whole_person(Frame(change(man.pixels)))


def test_an_empty_picture_holds_nobody():
    assert people(Frame(np.zeros((1, 1, 3), np.uint8))) == ()
    assert people(Frame(np.full((40, 3000, 3), 255, np.uint8))) == ()
    assert people(Frame(np.zeros((4000, 1, 3), np.uint8))) == ()


@needs_photos
def test_before_a_kiosks_camera_real_people_are_told_what_to_do(man, found) -> None:
    """Nobody, a man whose arms hang, the same far away, walking off, and with another beside him."""
    cv2 = pytest.importorskip("cv2")
    from body.live.track import Tracker
    from body.live.turn import ARMS_OFF, side_advice
    from body.model import load_model

    wall = cv2.resize(picture("empty_wall.jpeg").pixels, (360, 640))
    left, top, right, bottom = found.box
    cut = np.dstack([man.pixels, 255 * found.mask])[top:bottom, left:right].astype(np.float32)

    def scene(*men: tuple[int, int]) -> np.ndarray:
        """Men so high whose middles are so far from the left [pixels]."""
        shown = wall.astype(np.float32)
        for high, middle in men:
            small = cv2.resize(cut, (round(high * cut.shape[1] / cut.shape[0]), high), interpolation=cv2.INTER_AREA)
            shift = np.array([[1, 0, middle - small.shape[1] / 2], [0, 1, 600 - high]])
            laid = cv2.warpAffine(small, shift, (360, 640))
            cover = laid[..., 3:] / 255
            shown = shown * (1 - cover) + laid[..., :3] * cover
        return shown.clip(0, 255).astype(np.uint8)

    def told(*scenes: np.ndarray) -> str:
        tracker = Tracker(load_model(), 1.75)
        for k, pixels in enumerate(scenes):
            frame = Frame(pixels, 0.2 * k)
            track = tracker.feed(frame, 2.0)
        return side_advice("front", track.scaled(2.0) if track else None, tracker.why)

    here = scene((500, 180))
    assert told(scene()).startswith("Step into the picture")
    assert told(here) == ARMS_OFF
    assert told(scene((190, 180))).startswith("The person is too small")
    assert "picture" in told(here, scene((500, 350))), "he walks off"
    assert [len(prominent(people(Frame(each)))) for each in (here, scene((470, 100), (470, 270)))] == [1, 2]
