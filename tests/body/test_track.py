"""One person keeps one number; whoever comes after gets another, and nothing of the one before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from body.frame import Frame
from body.live import track as tracking
from body.live.looks import looks, unlike
from body.live.track import LOST, STEP_IN, Track, Tracker, reduced
from body.model import load_model
from body.pose import Person

WIDTH, HEIGHT = 320, 480
BLUE, RED, BLACK, WHITE = (30, 60, 200), (190, 40, 40), (25, 25, 25), (240, 240, 240)
# Landmarks of somebody who faces the camera, arms off the trunk: across and down from between the hips, in statures.
_PLACES = {
    0: (0.0, -0.42), 7: (0.04, -0.42), 8: (-0.04, -0.42), 11: (0.1, -0.29), 12: (-0.1, -0.29), 13: (0.2, -0.15),
    14: (-0.2, -0.15), 15: (0.28, -0.02), 16: (-0.28, -0.02), 23: (0.06, 0.0), 24: (-0.06, 0.0), 25: (0.06, 0.24),
    26: (-0.06, 0.24), 27: (0.06, 0.45), 28: (-0.06, 0.45), 29: (0.06, 0.47), 30: (-0.06, 0.47), 31: (0.08, 0.47),
    32: (-0.08, 0.47),
}  # fmt: skip


@dataclass(frozen=True)
class Somebody:
    """Where hips are [pixels], how tall [pixels], and what they wear."""

    across: float = 160.0
    down: float = 245.0
    tall: float = 420.0
    shirt: tuple[int, int, int] = BLUE


@pytest.fixture(scope="module")
def model():
    return load_model()


@pytest.fixture
def shown(monkeypatch) -> Iterator[list]:
    """What the pose finder sees next; `anew` is noted after it."""
    scene: list = [None, []]

    def follow(frame: Frame, anew: bool) -> Person | None:
        scene[1].append(anew)
        return scene[0]

    monkeypatch.setattr(tracking, "follow", follow)
    yield scene


def seen(who: Somebody, time: float, noise: float = 0.0) -> tuple[Frame, Person]:
    points = np.zeros((33, 4))
    points[:, :2] = (who.across, who.down - 0.4 * who.tall)
    points[:, 3] = 0.99
    for number, (x, y) in _PLACES.items():
        points[number, :2] = who.across + x * who.tall, who.down + y * who.tall
    points[:, :2] += noise * np.random.default_rng(int(1000 * time)).standard_normal((33, 2))
    world = np.zeros((33, 3))
    world[:, :2] = (points[:, :2] - (who.across, who.down)) / who.tall * 1.7
    edges = np.array([who.across, who.down] * 2) + who.tall * np.array([-0.3, -0.5, 0.3, 0.49])
    left, top, right, bottom = edges.clip(0, (WIDTH, HEIGHT) * 2).astype(int).tolist()
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    mask[top:bottom, left:right] = 1
    pixels = np.full((HEIGHT, WIDTH, 3), 150, np.uint8)
    pixels[top:bottom, left:right] = who.shirt
    pixels[int(who.down) : bottom, left:right] = (80, 80, 90)
    return Frame(pixels, time), Person(points, world, mask, (left, top, right, bottom))


def watch(
    tracker: Tracker, shown: list, people: Sequence[Somebody | None], times: Sequence[float]
) -> list[Track | None]:
    tracks = []
    for who, time in zip(people, times, strict=True):
        frame, shown[0] = seen(who or Somebody(), time)
        if who is None:
            shown[0] = None
        tracks.append(tracker.feed(frame))
    return tracks


def numbers(tracks: Sequence[Track | None]) -> list[int]:
    """Whose track, 0 for nobody's; repeats left out."""
    told = [track.person if track else 0 for track in tracks]
    return [number for k, number in enumerate(told) if k == 0 or number != told[k - 1]]


def every(step: float, count: int, start: float = 0.0) -> list[float]:
    return [start + step * k for k in range(count)]


def test_a_person_is_one_person_at_any_pace_of_the_frames(model, shown):
    times = np.cumsum(np.random.default_rng(6).uniform(0.01, 0.3, 40))
    tracks = watch(Tracker(model, 1.7), shown, [Somebody(150 + 8 * t) for t in times], list(times))
    assert numbers(tracks) == [1]
    assert all(track.time == time for track, time in zip(tracks, times, strict=True))
    assert [track.settled for track in tracks[:6]] == [False] * 4 + [True] * 2
    assert not any(track.objection for track in tracks)


def test_a_gap_ends_a_track_and_a_blink_does_not(model, shown):
    people = [Somebody()] * 10 + [None] * 5 + [Somebody()] * 10 + [None] * 20 + [Somebody()] * 10
    tracks = watch(Tracker(model, 1.7), shown, people, every(0.04, len(people)))
    assert numbers(tracks) == [1, 0, 1, 0, 2]
    assert shown[1].count(True) == 2


def test_a_gap_in_time_alone_ends_a_track(model, shown):
    tracks = watch(Tracker(model, 1.7), shown, [Somebody()] * 4, [0.0, 0.04, 0.1 + LOST, 0.2 + LOST])
    assert numbers(tracks) == [1, 2]


@pytest.mark.parametrize(
    "other", [Somebody(shirt=RED), Somebody(shirt=BLACK), Somebody(shirt=WHITE), Somebody(60.0), Somebody(tall=240.0)]
)
def test_somebody_else_in_the_same_moment_is_somebody_else(model, shown, other):
    forth = watch(Tracker(model, 1.7), shown, [Somebody()] * 12 + [other] * 12, every(0.04, 24))
    back = watch(Tracker(model, 1.7), shown, [other] * 12 + [Somebody()] * 12, every(0.04, 24))
    assert numbers(forth) == numbers(back) == [1, 0, 2]
    assert [track.person if track else 0 for track in forth] == [track.person if track else 0 for track in back]


def test_nobody_is_mixed_into_another(model, shown):
    """A second person begins as if there had been no first: no smoothing across, no shape carried over."""
    times = every(0.04, 60)
    people = [Somebody()] * 30 + [Somebody(200.0, 250.0, 400.0, RED)] * 30
    second = [track for track in watch(Tracker(model, 1.7), shown, people, times) if track and track.person == 2]
    alone = watch(Tracker(model, 1.7), shown, people[30:], times[30:])[-len(second) :]
    late = watch(Tracker(model, 1.7), shown, people[-len(second) :], times[-len(second) :])
    assert len(second) >= 25 and not second[0].locked and not second[0].settled
    for mixed, pure in zip(second, late, strict=True):
        assert np.array_equal(mixed.landmarks, pure.landmarks)
        assert np.array_equal(mixed.motion.betas, pure.motion.betas)
        assert np.array_equal(mixed.motion.pose, pure.motion.pose)
    assert np.allclose(alone[-1].landmarks, second[-1].landmarks, atol=1e-6)


def test_another_light_is_not_another_person(model, shown):
    dim = [Somebody(shirt=tuple(int(c * (1 - 0.01 * k)) for c in BLUE)) for k in range(40)]
    assert numbers(watch(Tracker(model, 1.7), shown, dim, every(0.04, 40))) == [1]


def test_a_single_glitch_is_no_person(model, shown):
    people = [Somebody()] * 10 + [Somebody(40.0)] + [Somebody()] * 10
    assert numbers(watch(Tracker(model, 1.7), shown, people, every(0.04, 21))) == [1, 0, 1]


def test_time_that_stands_is_ignored_and_time_that_goes_back_begins_anew(model, shown):
    tracks = watch(Tracker(model, 1.7), shown, [Somebody()] * 5, [1.0, 1.04, 1.04, 0.0, 0.04])
    assert numbers(tracks) == [1, 0, 2]


def test_a_measured_shape_is_the_first_persons_only(model, shown):
    betas = 0.5 * np.ones(model.n_betas)
    people = [Somebody()] * 10 + [Somebody(shirt=RED)] * 10
    tracks = [track for track in watch(Tracker(model, 1.7, betas), shown, people, every(0.04, 20)) if track]
    assert all(np.allclose(track.motion.betas, betas) and track.locked for track in tracks if track.person == 1)
    assert not any(np.allclose(track.motion.betas, betas) or track.locked for track in tracks if track.person == 2)
    tracker = Tracker(model, 1.7)
    tracker.lock(betas)
    watch(tracker, shown, [Somebody()], [0.0])
    tracker.lock(betas)
    (after,) = watch(tracker, shown, [Somebody()], [0.04])
    assert np.allclose(after.motion.betas, betas)


def test_trembling_landmarks_are_calmed(model, shown):
    tracker, tracks, raw = Tracker(model, 1.7), [], []
    for time in every(0.04, 60):
        frame, shown[0] = seen(Somebody(), time, noise=0.7)
        raw.append(shown[0].points[11:])
        tracks.append(tracker.feed(frame))
    calm = np.array([track.landmarks[11:, :2] for track in tracks])
    assert np.diff(np.array(raw)[20:], axis=0).std() > 3 * np.diff(calm[20:], axis=0).std()


def test_why_there_is_no_track_is_said(model, shown):
    tracker = Tracker(model, 1.7)
    watch(tracker, shown, [None], [0.0])
    assert tracker.why == STEP_IN
    frame, person = seen(Somebody(), 0.04)
    landmarks = np.array(person.landmarks)
    landmarks[11:, 3] = 0.1
    shown[0] = Person(landmarks, person.world, person.mask, person.box)
    assert tracker.feed(frame) is None
    assert "only the head and shoulders can be seen" in tracker.why


def test_landmarks_that_are_no_numbers_are_nobody(model, shown):
    tracker = Tracker(model, 1.7)
    before = watch(tracker, shown, [Somebody()] * 8, every(0.04, 8))[-1]
    frame, person = seen(Somebody(), 0.32)
    for broken in ("landmarks", "world"):
        values = {"landmarks": np.array(person.landmarks), "world": np.array(person.world)}
        values[broken][12] = np.nan
        shown[0] = Person(values["landmarks"], values["world"], person.mask, person.box)
        assert tracker.feed(Frame(frame.pixels, frame.time)) is None
    (after,) = watch(tracker, shown, [Somebody()], [0.36])
    assert after.person == before.person and np.allclose(after.landmarks, before.landmarks, atol=0.1)


def test_a_track_of_a_small_copy_fits_the_whole_picture(model, shown):
    frame, shown[0] = seen(Somebody(), 0.0)
    track = Tracker(model, 1.7).feed(frame)
    twice = track.scaled(2.0)
    assert np.allclose(twice.landmarks[:, :3], 2 * track.landmarks[:, :3])
    assert np.array_equal(twice.landmarks[:, 3], track.landmarks[:, 3])
    place = np.array([0.1, 1.0, 0.0])
    assert np.allclose(twice.motion.camera.project(place), 2 * track.motion.camera.project(place))
    big = Frame(np.zeros((1920, 1080, 3), np.uint8), 1.0, focal=1500.0)
    small, zoom = reduced(big)
    assert (small.height, small.width, zoom, small.focal, small.time) == (640, 360, 3.0, 500.0, 1.0)
    assert reduced(small)[0] is small


def test_a_frame_that_is_small_by_itself_is_refused_and_a_small_copy_is_not(model, shown):
    people = [Somebody(tall=300.0)]
    frame, shown[0] = seen(people[0], 0.0)
    assert "too small" in Tracker(model, 1.7).feed(frame).objection
    assert Tracker(model, 1.7).feed(frame, 2.0).objection == ""


def test_looks_are_a_matter_of_clothes_alone():
    frame, person = seen(Somebody(), 0.0)
    moved = looks(*seen(Somebody(200.0, 250.0, 380.0), 0.0))
    own, red = looks(frame, person), looks(*seen(Somebody(shirt=RED), 0.0))
    assert unlike(own, own) == pytest.approx(0, abs=1e-6)
    assert unlike(own, moved) < 0.1
    assert unlike(own, red) == pytest.approx(unlike(red, own)) and unlike(own, red) > 0.4
    assert unlike(own, np.zeros_like(own)) == 0


def test_real_eyes_keep_two_people_who_cross_apart(model):
    """The pose finder follows one person at a time and jumps to another without a word; rendered people, so that nobody
    real is needed."""
    from benchmarks.film import compose, cut_out, focal, standing
    from render.headless import MissingExtra, driver

    try:
        driver()
    except MissingExtra as error:
        pytest.skip(str(error))
    size, rng = (480, 320), np.random.default_rng(7)
    clothes = {1: ((0.1, 0.3, 0.7), (0.2, 0.2, 0.22)), 2: ((0.75, 0.2, 0.15), (0.6, 0.55, 0.4))}
    cuts = [
        cut_out(model, model.prior(k - 1)[0].astype(np.float32), standing(0), *worn, (240, 320))
        for k, worn in clothes.items()
    ]
    tracker, whose = Tracker(model, 1.7), {}
    for k in range(30):
        pixels = compose([(cuts[0], -20 + 9 * k), (cuts[1], 240 - 9 * k)], size, rng)
        track = tracker.feed(Frame(pixels, 0.04 * k, "film", focal(320)), 3.0)
        if track and track.settled:
            x, y = track.landmarks[[11, 12, 23, 24], :2].mean(axis=0).astype(int)
            red, _, blue = pixels[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 3).mean(axis=0)
            whose.setdefault(track.person, set()).add(bool(red > blue))
    assert whose and all(len(colours) == 1 for colours in whose.values())
    assert max(abs(track.motion.yaw) for track in [track] if track) < 0.4
