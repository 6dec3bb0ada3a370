"""Following a person live: frames a second, lag, trembling, and whether two people are ever taken for one.

    python -m benchmarks.body_live [--quick] [--json FILE]

The films are synthetic (benchmarks/film.py): our own bodies in coloured clothes, with the noise of a plain camera,
640 x 480 pixels, 25 frames a second. Trembling is what changes from frame to frame while somebody stands still; lag is
the delay at which the calmed landmarks fit the finder's own best. "Processor" counts this process alone, without the
pose finder, which runs beside it.
"""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.film import compose, cut_out, focal, standing
from benchmarks.table import Row, row, run
from body.frame import Frame
from body.live import track as tracking
from body.live.follow import Follower, Sight
from body.live.track import Track, Tracker
from body.live.turn import SIDES, Turn
from body.model import BodyModel, load_model
from body.pose import EYES, Person, follow

RATE, SIZE, PERSON, STATURE = 25, (640, 480), (360, 480), 1.65
BLUE, RED, GREY, SAND = (0.1, 0.3, 0.7), (0.75, 0.2, 0.15), (0.2, 0.2, 0.22), (0.6, 0.55, 0.4)
MIDDLE = 140  # where a person's cut-out stands in the middle of the picture [pixels]
JOINTS = slice(11, 33)
Film = list[np.ndarray]


def rows(quick: bool) -> Iterator[Row]:
    model = load_model()
    her, him = (model.prior(sex)[0].astype(np.float32) for sex in (0.0, 1.0))
    yield from _speed_and_turn(model, her, 90 if quick else 225)
    yield from _trembling(model, her, 60 if quick else 150)
    yield from _lag(model, her, 50 if quick else 125)
    yield from _identities(model, her, him)


def _speed_and_turn(model: BodyModel, betas: np.ndarray, count: int) -> Iterator[Row]:
    """A whole turn on the spot in `count` frames."""
    turns = [360 * k / count for k in range(count)]
    film = _film([[(_person(model, betas, turn), MIDDLE)] for turn in turns])
    tracker, turn, walls, own, errors, people = Tracker(model, STATURE), Turn(), [], [], [], set()
    tracker.feed(_frame(film[0], -1), 2.0)
    eyes = _used_by_the_eyes()
    for k, pixels in enumerate(film):
        frame, began, used = _frame(pixels, k), time.perf_counter(), time.process_time()
        track = tracker.feed(frame, 2.0)
        walls.append(time.perf_counter() - began)
        own.append(time.process_time() - used)
        if track is not None:
            turn.add(frame, track)
            people.add(track.person)
            errors.append(np.degrees(abs((track.motion.yaw - np.radians(turns[k]) + np.pi) % (2 * np.pi) - np.pi)))
    settled, finder = slice(20, None), (_used_by_the_eyes() - eyes) / count
    yield row("rate", "a single person, half of all frames quicker", 1 / np.median(walls[settled]), "1/s", 25, ">=")
    quickest = 1 / np.quantile(walls[settled], 0.1)
    yield row("rate, undisturbed", "the quickest tenth of frames", quickest, "1/s", 25, ">=")
    yield row("processor", "all but the pose finder, a frame", 1000 * np.median(own[settled]), "ms", 14)
    all_of_it = 1000 * (finder + float(np.median(own[settled]))) if finder else None
    yield row("processor, with the finder", "a frame, on all threads", all_of_it, "ms", 1000 / RATE, why="no /proc")
    yield row("numbers", "people told apart while one turns round", len(people), "", 1)
    yield row("sides", f"of {SIDES} seen in one turn", int(turn.sides().sum()), "", SIDES, ">=")
    yield row("yaw", "mean error over the turn", float(np.mean(errors)), "deg")


def _used_by_the_eyes() -> float:
    """Processor time [s] that the process of the pose finder has used; 0 where the system does not tell."""
    process = EYES._process
    if process is None or not Path("/proc").is_dir():
        return 0.0
    used = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def _trembling(model: BodyModel, betas: np.ndarray, count: int) -> Iterator[Row]:
    raw, calm = _watched(model, _film([[(_person(model, betas, 0.0), MIDDLE)]] * count))
    after = slice(20, None)
    found, calmed = [seen.points[JOINTS] for seen in raw], [track.landmarks[JOINTS, :2] for track in calm]
    points = [np.array(found), np.array(calmed)]
    poses = [_poses(model, raw, calm), np.array([track.motion.pose[:22] for track in calm])]
    for name, unit, (before, now) in (("landmarks", "px", points), ("pose", "deg", np.degrees(poses))):
        shaking = [float(np.sqrt((np.diff(values[after], axis=0) ** 2).mean())) for values in (before, now)]
        drift = [float(values[after].std(axis=0).mean()) for values in (before, now)]
        yield row(f"trembling, {name}", "before", shaking[0], unit)
        yield row(f"trembling, {name}", "after", shaking[1], unit)
        yield row(f"trembling, {name}", "so many times less", shaking[0] / shaking[1], "", 3, ">=")
        yield row(f"wandering, {name}", "sd over the film, so many times less", drift[0] / drift[1], "")


def _poses(model: BodyModel, raw: Sequence[Person], calm: Sequence[Track]) -> np.ndarray:
    """The poses of a still person without any smoothing, with the shape that was found, [t, 22, 3]."""
    follower, centre = Follower(model, STATURE, calm[-1].motion.betas), np.array(SIZE) / 2
    sights = [Sight(s.points, s.world, s.visibility, float(s.box[1]), focal(SIZE[1]), centre) for s in raw]
    return np.array([follower(sight).pose[:22] for sight in sights])


def _lag(model: BodyModel, betas: np.ndarray, count: int) -> Iterator[Row]:
    swings = [25 * np.sin(2 * np.pi * k / 50) for k in range(50)]
    swinging = [_person(model, betas, 0.0, {"shoulder": (0, -2, -35 + swing)}) for swing in swings]
    still = _person(model, betas, 0.0)
    films = {
        "arms, up to 1 m/s": ([[(swinging[k % 50], MIDDLE)] for k in range(count)], slice(13, 17)),
        "steps aside, 0.5 m/s": ([[(still, 20 + 4 * k)] for k in range(min(count, 70))], slice(11, 29)),
        "turn, 45 degrees/s": ([[(_person(model, betas, 1.8 * k), MIDDLE)] for k in range(count)], slice(11, 17)),
    }
    for name, (scenes, joints) in films.items():
        raw, calm = _watched(model, _film(scenes))
        before = np.array([seen.points[joints].ravel() for seen in raw])
        after = np.array([track.landmarks[joints, :2].ravel() for track in calm])
        yield row(f"lag, {name}", "at most two frames", _delay(before, after), "ms", 2000 / RATE)


def _delay(before: np.ndarray, after: np.ndarray) -> float:
    """The delay [ms] of the signal before that fits the one after best."""
    times = np.arange(len(before)) / RATE
    delays = np.arange(0, 0.3, 0.0025)
    misfits = []
    for delay in delays:
        late = np.stack([np.interp(times - delay, times, channel) for channel in before.T], axis=1)
        misfits.append(float(((late - after)[12:] ** 2).mean()))
    return 1000 * float(delays[int(np.argmin(misfits))])


def _identities(model: BodyModel, her: np.ndarray, him: np.ndarray) -> Iterator[Row]:
    """Settled frames that carry a number which also stands for the other person."""
    a, b = _person(model, her, 0.0), _person(model, him, 0.0, shirt=RED, trousers=SAND)
    scenes = {
        "one leaves, one enters": [[(a, 140 + 14 * k)] for k in range(38)] + [[(b, 660 - 14 * k)] for k in range(50)],
        "one takes the other's place": [[(a, MIDDLE)]] * 30 + [[(b, MIDDLE)]] * 30,
        "they cross": [[(a, -60 + 7 * k), (b, 380 - 7 * k)] for k in range(64)],
        "one passes in front": [[(a, MIDDLE), (b, -300 + 10 * k)] for k in range(90)],
        "one passes behind": [[(b, -300 + 10 * k), (a, MIDDLE)] for k in range(90)],
    }
    for name, scene in scenes.items():
        tracker, whose = Tracker(model, STATURE), {}
        for k, pixels in enumerate(_film(scene)):
            track = tracker.feed(_frame(pixels, k), 2.0)
            if track is not None and track.settled:
                whose.setdefault(track.person, []).append(_reddish(pixels, track))
        mixed = sum(min(sum(reds), len(reds) - sum(reds)) for reds in whose.values())
        yield row(f"mixed, {name}", f"frames; numbers given: {len(whose)}", mixed, "", 0)


def _reddish(pixels: np.ndarray, track: Track) -> bool:
    """Whether it is he who is followed: most of the shirt between shoulders and hips is red, not blue."""
    corners = track.landmarks[[11, 12, 23, 24], :2]
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    across, down = np.meshgrid(np.linspace(left, right, 12)[2:-2], np.linspace(top, bottom, 12)[2:-2])
    x, y = (values.astype(int).clip(0, side - 1) for values, side in zip((across, down), SIZE, strict=True))
    return bool((pixels[y, x, 0] > pixels[y, x, 2]).mean() > 0.5)


def _watched(model: BodyModel, film: Film) -> tuple[list[Person], list[Track]]:
    """What the finder said of each frame, and what the tracker made of just that."""
    raw: list[Person] = []

    def noted(frame: Frame, anew: bool) -> Person | None:
        person = follow(frame, anew)
        if person is not None:
            raw.append(person)
        return person

    tracking.follow, before = noted, tracking.follow
    try:
        tracker = Tracker(model, STATURE)
        tracks = [tracker.feed(_frame(pixels, k), 2.0) for k, pixels in enumerate(film)]
    finally:
        tracking.follow = before
    if len(raw) != len(film) or None in tracks:
        raise RuntimeError("the person in the film was lost")
    return raw, [track for track in tracks if track is not None]


def _person(model: BodyModel, betas: np.ndarray, turn: float, joints=None, shirt=BLUE, trousers=GREY) -> np.ndarray:
    return cut_out(model, betas, standing(turn, joints), shirt, trousers, PERSON)


def _film(scenes: Sequence[list[tuple[np.ndarray, int]]]) -> Film:
    rng = np.random.default_rng(3)
    return [compose(scene, SIZE, rng) for scene in scenes]


def _frame(pixels: np.ndarray, number: int) -> Frame:
    return Frame(pixels, number / RATE, "film", focal(SIZE[1]))


if __name__ == "__main__":
    run(__doc__, rows)
