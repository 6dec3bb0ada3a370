"""Whether a person in a frame can be measured; if not, one sentence says why and what to do.

The pose network invents a whole skeleton for a head shot: everything that a measurement needs is gated on its
visibility and on lying inside the frame.
"""

from collections.abc import Sequence

import numpy as np

from assets.errors import InputRefused
from assets.progress import Progress, silent
from body.frame import Frame
from body.pose import (
    LEFT_ANKLE,
    LEFT_EAR,
    LEFT_HIP,
    LEFT_KNEE,
    LEFT_SHOULDER,
    LEFT_TOE,
    NOSE,
    RIGHT_ANKLE,
    RIGHT_EAR,
    RIGHT_HIP,
    RIGHT_KNEE,
    RIGHT_SHOULDER,
    RIGHT_TOE,
    Person,
    people,
)

SMALLEST_PERSON = 400  # pixels from head to feet: more than 4 mm a pixel is too coarse
_SEEN = 0.5
_DARKEST = 48  # of 255, the brightness that a tenth of the person exceeds
_BACK_LIT = 110  # how much brighter than that the surroundings are where light comes from behind
# How little a picture loses when it is blurred once more, with the person brought to 400 pixels (Crete et al. 2007):
# sharp ones 0.3 to 0.45; blurred by 10 mm on the person, or smeared by 50 mm, 0.8 (measured by us).
_BLURRED = 0.8
# How far a trunk may be from upright [degrees]: in the picture; with the finder's guess of depth, which has told up to
# 32 of people who stood upright; and as one who stands at all.
_LEANS, _BOWS, _LIES = 15, 45, 60
_STEP_BACK = "step back until the whole body, from head to feet, is in the picture"


def whole_person(frame: Frame, number: int | None = None) -> Person:
    """The one person in the frame, the one of that number, or the one it aims at, if they can be measured.

    Raises InputRefused."""
    found = people(frame)
    person = _aimed_at(found, frame.aim) if found and frame.aim else choose(found, number, frame.name)
    for sentence in objections(person, frame):
        raise InputRefused(f"{frame.name}: {sentence}")
    return person


def prominent(persons: Sequence[Person]) -> list[Person]:
    """Without small passers-by."""
    tallest = max((person.height for person in persons), default=0)
    return [person for person in persons if person.height > 0.3 * tallest]


def choose(persons: tuple[Person, ...], number: int | None, name: str) -> Person:
    """The person of that number, or the only one; small passers-by do not count. Raises InputRefused with a list."""
    if not persons:
        raise InputRefused(f"nobody can be seen in {name}: take one person, standing, from head to feet")
    near = prominent(persons)
    if number is None and len(near) == 1:
        return near[0]
    for person in persons:
        if person.number == number:
            return person
    boxes = ", ".join("{} at {}-{} x {}-{}".format(p.number, *(p.box[k] for k in (0, 2, 1, 3))) for p in persons)
    count = f"{len(persons)} people" if len(persons) > 1 else "one person"
    wrong = f"{count} can be seen in {name}" if number is None else f"there is no person {number} in {name}"
    raise InputRefused(f"{wrong}: choose one with --person N (pixels: {boxes})")


def whole_people(
    frames: Sequence[Frame], number: int | None, progress: Progress = silent
) -> tuple[list[tuple[Frame, Person]], list[str]]:
    """The person of every frame. A moment of a film that cannot be measured after all is left out and said, while there
    are others. Raises InputRefused."""
    seen, notes = [], []
    for k, frame in enumerate(frames):
        progress(k / len(frames), f"looking at {frame.name}")
        try:
            seen.append((frame, whole_person(frame, number)))
        except InputRefused as error:
            if not frame.burst:
                raise
            notes.append(str(error))
    if not seen:
        raise InputRefused(notes[0])
    return seen, [f"{note} (this moment was left out)" for note in notes]


def _aimed_at(persons: tuple[Person, ...], aim: tuple[int, int, int, int]) -> Person:
    """The person who stands nearest to where the one meant was seen."""
    return min(persons, key=lambda person: float(np.abs(np.subtract(person.box, aim)).sum()))


def objections(person: Person, frame: Frame, zoom: float | None = None) -> tuple[str, ...]:
    """Why this person cannot be measured in this frame, the weightiest first; empty when they can.

    `zoom`: of a live picture, how many times as large it is as this copy; whether it is sharp is then not judged."""
    hidden = _out_of_sight(person, frame)
    if hidden:
        return (hidden,)
    blurred = _blurred(person, frame) if zoom is None else ""
    checks = _too_small(person, zoom or 1.0), _too_dark(person, frame), _not_upright(person), blurred
    return tuple(filter(None, checks))


def _out_of_sight(person: Person, frame: Frame) -> str:
    """What of the body is missing. A limb may hide the other one of its pair: one is enough."""
    inside = (person.points >= 0).all(axis=1) & (person.points < (frame.width, frame.height)).all(axis=1)
    seen = inside & (person.visibility > _SEEN)
    head, hips = seen[[NOSE, LEFT_EAR, RIGHT_EAR]].any(), seen[[LEFT_HIP, RIGHT_HIP]].any()
    _, top, _, bottom = person.box
    if head and not hips:
        return f"only the head and shoulders can be seen: {_STEP_BACK}"
    if not hips or not seen[[LEFT_SHOULDER, RIGHT_SHOULDER]].any():
        return f"the trunk cannot be seen: {_STEP_BACK}"
    if not head or top <= 1:
        return f"the head is outside the picture or hidden: {_STEP_BACK}"
    if not seen[[LEFT_ANKLE, RIGHT_ANKLE]].any() or not seen[[LEFT_TOE, RIGHT_TOE]].any() or bottom >= frame.height - 1:
        return f"the feet are outside the picture or hidden: {_STEP_BACK}"
    if not inside[[LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP, LEFT_KNEE, RIGHT_KNEE]].all():
        return f"a part of the body is outside the picture: {_STEP_BACK}"
    return ""


def _too_small(person: Person, zoom: float) -> str:
    height = round(person.height * zoom)
    if height >= SMALLEST_PERSON:
        return ""
    return (
        f"the person is too small, {height} pixels from head to feet where {SMALLEST_PERSON} are needed "
        "and 1,500 are good: come closer or give a larger picture"
    )


def _too_dark(person: Person, frame: Frame) -> str:
    left, top, right, bottom = person.box
    some = max(1, person.height // 200)  # a part of the pixels tells as well
    mask = person.mask[top:bottom:some, left:right:some]
    pixels = frame.pixels[top:bottom:some, left:right:some].max(axis=2)
    bright = float(np.percentile(pixels[mask > _SEEN], 90))
    if bright >= _DARKEST:
        return ""
    around = pixels[mask < 0.1]
    if around.size and np.median(around) > bright + _BACK_LIT:
        return "the light comes from behind, so the person is only a shadow: turn round, with the light in front"
    return "the picture is too dark: turn on more light, in front of the person"


def _blurred(person: Person, frame: Frame) -> str:
    import PIL.Image

    left, top, right, bottom = person.box
    grey = PIL.Image.fromarray(frame.pixels[top:bottom, left:right]).convert("F")
    share = SMALLEST_PERSON / person.height
    size = max(round((right - left) * share), 12), SMALLEST_PERSON
    crop = np.asarray(grey.resize(size, PIL.Image.Resampling.BOX))
    if max(_smoothness(crop), _smoothness(crop.T)) < _BLURRED:
        return ""
    return "the picture is blurred: hold the camera still or lean it on something, and focus on the person"


def _smoothness(grey: np.ndarray) -> float:
    """How much of the differences between neighbouring rows is left after a mean over nine rows, 0..1."""
    total = np.cumsum(np.pad(grey, ((5, 4), (0, 0)), mode="edge"), axis=0)
    sharp, soft = (np.abs(np.diff(part, axis=0)) for part in (grey, (total[9:] - total[:-9]) / 9))
    return 1.0 - float(np.maximum(sharp - soft, 0).sum() / max(sharp.sum(), 1e-6))


def _not_upright(person: Person) -> str:
    """The declared height is the scale, so the person must stand."""
    world = person.world
    trunk = world[[LEFT_SHOULDER, RIGHT_SHOULDER]].mean(axis=0) - world[[LEFT_HIP, RIGHT_HIP]].mean(axis=0)
    up = np.array([0.0, -1.0, 0.0])
    aside, lean = _angle(trunk * (1, 1, 0), up), _angle(trunk, up)
    if lean > _LIES:
        return "the person lies across the picture or on the head: turn the picture upright"
    if aside > _LEANS or lean > _BOWS:
        return "the person leans: stand upright, arms a little away from the body"
    legs = ((LEFT_HIP, LEFT_KNEE, LEFT_ANKLE), (RIGHT_HIP, RIGHT_KNEE, RIGHT_ANKLE))
    if max(_angle(world[knee] - world[hip], world[ankle] - world[knee]) for hip, knee, ankle in legs) > 45:
        return "the person sits or bends the knees: stand upright with straight legs"
    return ""


def _angle(a: np.ndarray, b: np.ndarray) -> float:
    """Between two directions [degrees]."""
    cosine = a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9)
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
