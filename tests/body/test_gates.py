"""Each refusal has its reason: pictures of an ideal person, spoilt in one way at a time."""

import numpy as np
import pytest

from body.building.viewing import HEIGHT, WIDTH, view
from body.frame import Frame
from body.gates import objections
from body.model import load_model
from body.pose import LEFT_ANKLE, LEFT_KNEE, MIRRORED, Person


@pytest.fixture(scope="module")
def person() -> Person:
    """Seen from the front, standing; world landmarks with y down as the finder gives them."""
    shown = view(load_model(), np.zeros(load_model().n_betas), 0).person
    return Person(shown.landmarks, shown.world, shown.mask, shown.box)


def picture(person: Person, skin: float = 180.0, wall: float = 90.0) -> np.ndarray:
    """A person with cloth-like grain before a wall, [h, w, 3] float."""
    grain = np.random.default_rng(0).normal(0, 12, (HEIGHT // 3, WIDTH // 3)).repeat(3, 0).repeat(3, 1)
    grey = wall + person.mask * (skin - wall) + grain * person.mask * skin / 180
    return np.dstack([grey] * 3)


def told(person: Person, pixels: np.ndarray) -> str:
    return " | ".join(objections(person, Frame(pixels.clip(0, 255).astype(np.uint8))))


def smeared(pixels: np.ndarray, across: int, down: int) -> np.ndarray:
    for axis, reach in ((1, across), (0, down)):
        total = np.cumsum(
            np.pad(pixels, [(reach, 0) if k == axis else (0, 0) for k in range(3)], mode="edge"), axis=axis
        )
        late, early = (np.take(total, range(start, start + pixels.shape[axis]), axis) for start in (reach, 0))
        pixels = (late - early) / reach
    return pixels


def test_a_good_picture_is_accepted(person) -> None:
    assert told(person, picture(person)) == ""


@pytest.mark.parametrize(("across", "down"), [(25, 25), (60, 1), (1, 60)])
def test_blur_of_any_kind_is_refused(person, across: int, down: int) -> None:
    assert "blurred: hold the camera still" in told(person, smeared(picture(person), across, down))


def test_a_little_softness_and_noise_are_accepted(person) -> None:
    noise = np.random.default_rng(1).normal(0, 4, (HEIGHT, WIDTH, 1))
    assert told(person, smeared(picture(person), 3, 3) + noise) == ""


def test_a_dark_picture_and_one_against_the_light_are_told_apart(person) -> None:
    assert "too dark: turn on more light" in told(person, picture(person, 25, 20))
    assert "light comes from behind" in told(person, picture(person, 25, 230))


def test_a_small_person_is_asked_to_come_closer(person) -> None:
    left, top, right, bottom = (value // 4 for value in person.box)
    marks = person.landmarks * (0.25, 0.25, 1, 1)
    small = Person(marks, person.world, person.mask[::4, ::4], (left, top, right, bottom))
    assert "too small" in told(small, picture(person)[::4, ::4])


def test_who_sits_or_leans_is_asked_to_stand(person) -> None:
    world = np.array(person.world)
    for knee, ankle in ((LEFT_KNEE, LEFT_ANKLE), (MIRRORED[LEFT_KNEE], MIRRORED[LEFT_ANKLE])):
        world[knee, 1], world[knee, 2] = world[knee, 1] - 0.3, world[knee, 2] - 0.4
        world[ankle, 2] -= 0.4
    sitting = Person(person.landmarks, world, person.mask, person.box)
    assert "sits or bends the knees: stand upright" in told(sitting, picture(person))
    for degrees, refused in ((8, False), (20, True), (40, True)):
        tilt = np.radians(degrees)
        turn = np.array([[np.cos(tilt), -np.sin(tilt), 0], [np.sin(tilt), np.cos(tilt), 0], [0, 0, 1]])
        leaning = Person(person.landmarks, person.world @ turn, person.mask, person.box)
        assert ("leans: stand upright" in told(leaning, picture(person))) is refused


@pytest.mark.parametrize(("bow", "refused"), [(33, False), (50, True)])
def test_a_guess_of_depth_alone_makes_nobody_lean(person, bow: int, refused: bool) -> None:
    """The finder tells the trunk of people who stand upright up to 32 degrees bowed."""
    c, s = np.cos(np.radians(bow)), np.sin(np.radians(bow))
    turn = np.array([[1, 0, 0], [0, c, s], [0, -s, c]])
    bowing = Person(person.landmarks, person.world @ turn, person.mask, person.box)
    assert ("leans" in told(bowing, picture(person))) is refused
