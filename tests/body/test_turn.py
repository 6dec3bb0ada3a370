"""A turn fills its sides with the best moments of one person; a video is chosen from, or refused in one sentence."""

from dataclasses import replace

import numpy as np
import pytest

from assets.errors import Cancelled, InputRefused
from body.frame import Frame
from body.gates import whole_people
from body.live import turn as turning
from body.live.follow import Instant
from body.live.track import STEP_IN, Track
from body.live.turn import ARMS_OFF, DONE, FASTEST, GOOD, SIDES, Turn, advice, from_video, side_advice, side_of
from body.model import load_model
from body.pose import LEFT_ELBOW, RIGHT_ELBOW, Person
from body.stance import Pinhole

BOX = (60, 10, 140, 290)


def moment(degrees: float = 0.0, time: float = 0.0, person: int = 1, arms: float = 50.0, **other: object) -> Track:
    """Somebody who is turned so far, their upper arms so far off hanging down [degrees]."""
    world = np.zeros((33, 3))
    out, down = np.sin(np.radians(arms)), np.cos(np.radians(arms))
    world[LEFT_ELBOW], world[RIGHT_ELBOW] = (0.3 * out, 0.3 * down, 0), (-0.3 * out, 0.3 * down, 0)
    lens = Pinhole(400.0, (100.0, 150.0), np.eye(3), np.zeros(3))
    yaw = (np.radians(degrees) + np.pi) % (2 * np.pi) - np.pi
    motion = Instant(lens, np.zeros((55, 3)), yaw, np.zeros(3), 1.0)
    made = Track(time, person, np.ones((33, 4)), world, np.zeros((4, 2)), BOX, motion, "", True, True, 0.1, 1.0)
    return replace(made, **other)


def frame(time: float = 0.0, shade: int = 100) -> Frame:
    return Frame(np.full((300, 200, 3), shade, np.uint8), time, "film.mp4")


def whole_turn(turn: Turn, person: int = 1, shade: int = 100, stop: int = 360) -> None:
    for k, degrees in enumerate(range(0, stop, 15)):
        turn.add(frame(0.3 * k, shade), moment(degrees, 0.3 * k, person))


def test_a_whole_turn_is_seen_from_all_sides_whichever_way_it_goes():
    for way in (1, -1):
        turn = Turn()
        for k in range(24):
            assert turn.done == (turn.sides().sum() == SIDES)
            turn.add(frame(0.3 * k), moment(way * 15 * k + 7, 0.3 * k))
        assert turn.done and turn.person == 1 and turn.notes("film.mp4") == ()
        photos = turn.photos()
        assert len(photos) == 2 * SIDES and len({photo.burst for photo in photos}) == SIDES


def test_sides_begin_in_front_and_show_more_of_the_right():
    assert [side_of(np.radians(degrees)) for degrees in (0, 20, -20, 45, 90, 180, -180, -90, -45)] == [
        0, 0, 0, 1, 2, 4, 4, 6, 7,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "poor", [{"objection": "the feet are outside"}, {"settled": False}, {"speed": 2 * FASTEST}, {"sharpness": 0.0}]
)
def test_what_cannot_be_measured_is_not_kept(poor):
    turn = Turn()
    assert not turn.add(frame(), moment(**poor))
    assert turn.photos() == () and not turn.sides().any()


@pytest.mark.parametrize("better", [{"sharpness": 2.0}, {"speed": 0.0}, {"degrees": 0.0}, {"arms": 80.0}])
def test_the_better_moment_takes_the_place_of_the_worse_whichever_comes_first(better):
    plain = {"degrees": 15.0, "arms": 30.0, "sharpness": 1.0, "speed": 0.3}
    for order in ((plain, plain | better), (plain | better, plain)):
        turn = Turn()
        turn.add(frame(9.0), moment(time=9.0, degrees=15.0, sharpness=2.0, speed=0.5))
        for k, told in enumerate(order):
            turn.add(frame(0.1 * k, shade=200 if told is not plain else 50), moment(time=0.1 * k, **told))
        assert [photo.pixels[0, 0, 0] for photo in turn.photos()] == [200, 100]


def test_moments_of_one_side_are_apart_in_time():
    turn = Turn()
    for k in range(20):
        turn.add(frame(0.05 * k), moment(0.0, 0.05 * k, sharpness=1 + 0.01 * k))
    times = [photo.time for photo in turn.photos()]
    assert len(times) == 2 and times[1] - times[0] >= 0.19


def test_people_are_never_mixed():
    turn = Turn()
    whole_turn(turn, 1, 50, stop=120)
    whole_turn(turn, 2, 200)
    whole_turn(turn, 3, 90, stop=60)
    assert turn.person == 2 and {photo.pixels[0, 0, 0] for photo in turn.photos()} == {200}
    assert "3 people were told apart, and only the one who was seen best" in turn.notes("film.mp4")[0]
    asked = Turn(1)
    whole_turn(asked, 2, 200)
    whole_turn(asked, 1, 50, stop=120)
    assert {photo.pixels[0, 0, 0] for photo in asked.photos()} == {50}
    assert "only the one asked for" in asked.notes("film.mp4")[0] and "from 3 of 8 sides" in asked.notes("film.mp4")[1]


def test_passers_by_are_forgotten_and_who_turned_is_not():
    turn = Turn()
    whole_turn(turn, 1, 50)
    for person in range(2, 30):
        turn.add(frame(), moment(0.0, 20.0 + person, person))
    assert turn.done and turn.person == 1 and len(turn._moments) <= 4


def test_a_moment_is_cut_to_where_the_person_stands_with_the_lens_in_its_middle():
    turn = Turn()
    turn.add(frame(), moment(box=(80, 40, 130, 240)))
    (photo,) = turn.photos()
    assert photo.width == 2 * 46 and photo.height < 300
    centre = np.array([photo.width, photo.height]) / 2 + ((200 - photo.width) / 2, (300 - photo.height) / 2)
    assert np.allclose(centre, (100, 150), atol=1)
    assert photo.focal == pytest.approx(26 / 43.27 * np.hypot(200, 300))
    left, top, right, bottom = photo.aim
    assert (right - left, bottom - top) == (50, 200)
    assert (left, top) == (80 - (200 - photo.width) // 2, 40 - (300 - photo.height) // 2)


def test_advice_leads_all_round_the_shorter_way():
    turn = Turn()
    assert advice(turn, None, "") == STEP_IN.capitalize()
    assert advice(turn, None, "stand alone") == "Stand alone"
    assert advice(turn, moment(objection="the feet are outside"), "") == "The feet are outside"
    assert advice(turn, moment(), "") == GOOD
    turn.add(frame(), moment())
    assert advice(turn, moment(), "") == "Turn slowly to your left"
    assert advice(turn, moment(speed=2 * FASTEST), "") == "Turn more slowly"
    assert advice(turn, moment(arms=5.0), "") == ARMS_OFF
    assert advice(turn, moment(90, arms=5.0), "") == GOOD
    whole_turn(turn, stop=200)
    assert advice(turn, moment(180), "") == "Turn slowly to your left"
    assert advice(turn, moment(0), "") == "Turn slowly to your right"
    whole_turn(turn)
    assert advice(turn, moment(), "") == DONE


def test_advice_for_one_photo_names_the_side():
    assert side_advice("front", moment(40), "") == "Turn to face the camera"
    assert side_advice("front", moment(-10), "") == GOOD
    assert "quarter turn" in side_advice("side", moment(20), "")
    assert side_advice("front", moment(arms=5.0), "") == ARMS_OFF
    assert side_advice("side", moment(-90, arms=85.0), "") == GOOD
    assert side_advice("side", moment(-90, arms=20.0), "") == "Stretch your arms out forward"
    assert side_advice("side", None, "step back") == "Step back"


class Stub:
    """A tracker that sees what it is told, and a video of so many frames."""

    def __init__(self, tracks: list[Track | None]) -> None:
        self.tracks, self.why, self.seconds, self.name = list(tracks), STEP_IN, 0.3 * len(tracks), "film.mp4"

    def frames(self):
        yield from (frame(0.3 * k) for k in range(len(self.tracks)))

    def feed(self, picture: Frame, zoom: float) -> Track | None:
        return self.tracks[round(picture.time / 0.3)]


def chosen(monkeypatch, tracks: list[Track | None], **asked: object):
    stub = Stub(tracks)
    monkeypatch.setattr(turning, "VideoFile", lambda path, most: stub)
    monkeypatch.setattr(turning, "Tracker", lambda model, stature: stub)
    return from_video("film.mp4", None, 1.7, **asked)


def test_a_video_gives_photos_of_whoever_turned(monkeypatch):
    passing = [moment(90, 0.3 * k, 1) for k in range(3)]
    turned = [moment(15 * k, 0.3 * (k + 3), 2) for k in range(24)]
    photos, notes = chosen(monkeypatch, [*passing, None, *turned])
    assert len({photo.burst for photo in photos}) == SIDES
    assert len(notes) == 1 and "2 people were told apart" in notes[0]
    photos, notes = chosen(monkeypatch, [*passing, None, *turned], person=1)
    assert len({photo.burst for photo in photos}) == 1 and "from 1 of 8 sides" in notes[1]


@pytest.mark.parametrize(
    ("tracks", "asked", "why"),
    [
        ([moment()], {}, r"film\.mp4 holds only one picture: give a photo"),
        ([moment()] * 3, {}, r"film\.mp4 holds only 3 pictures"),
        ([None] * 9, {}, r"film\.mp4: step into the picture"),
        ([moment(objection="the feet are outside")] * 9 + [None] * 5, {}, r"film\.mp4: the feet are outside"),
        ([moment(speed=3 * FASTEST)] * 9, {}, r"film\.mp4: the person moves too much"),
        ([moment(15 * k, 0.3 * k) for k in range(9)], {"person": 2}, r"person 2 of film\.mp4 cannot be measured"),
    ],
)
def test_a_video_that_shows_nobody_is_refused_for_its_reason(monkeypatch, tracks, asked, why):
    with pytest.raises(InputRefused, match=why):
        chosen(monkeypatch, tracks, **asked)


def test_watching_a_video_tells_how_far_it_is_and_can_be_stopped(monkeypatch):
    told: list[float] = []

    def progress(fraction: float, words: str) -> None:
        told.append(fraction)
        if len(told) == 10:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        chosen(monkeypatch, [moment(15 * k, 0.3 * k) for k in range(24)], progress=progress)
    assert told == sorted(told) and told[0] >= 0 and 0.2 < told[-1] <= 1


def test_a_moment_that_cannot_be_measured_after_all_is_left_out_and_said(monkeypatch):
    from body import gates

    person = Person(np.zeros((33, 4)), np.zeros((33, 3)), np.zeros((300, 200), np.float32), BOX)

    def whole_person(picture: Frame, number: int | None) -> Person:
        if picture.pixels[0, 0, 0] < 50:
            raise InputRefused(f"{picture.name}: too dark")
        return person

    monkeypatch.setattr(gates, "whole_person", whole_person)
    good, dark = replace(frame(), burst="side 1"), replace(frame(shade=10), burst="side 1")
    seen, notes = whole_people([good, dark], None)
    assert [picture for picture, _ in seen] == [good]
    assert notes == ["film.mp4: too dark (this moment was left out)"]
    for hopeless in ([dark, dark], [good, frame(shade=10)]):
        with pytest.raises(InputRefused, match="too dark"):
            whole_people(hopeless, None)


def test_moments_of_a_side_tell_no_more_than_one_photo():
    """The same sample photo given twice as one burst leaves every doubt as it was."""
    from app.project import sample
    from body.estimate import estimate

    evidence = sample().evidence
    front = replace(evidence.photos[0], burst="side 1")
    once, twice = (
        estimate(replace(evidence, photos=photos), load_model()).measurements for photos in ((front,), (front, front))
    )
    for name in ("bust_girth", "waist_girth", "chest_breadth"):
        assert twice[name].sd == pytest.approx(once[name].sd, rel=0.02)
        assert twice[name].value == pytest.approx(once[name].value, abs=0.1 * once[name].sd)
