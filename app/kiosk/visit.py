"""One visit at the kiosk: which page comes next, what was told so far, and when it ends. No Qt, no clock.

A visit is a frozen value; every touch makes a new one, and the time [s] is handed in. What the customer told lives in
it and nowhere else. There is one way on and one way back from each step. Nothing may be filmed before the text with the
present version was agreed to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from body.estimate import Evidence
from body.measurements import MEASURES

if TYPE_CHECKING:
    from body.frame import Frame
    from body.measurements import Measurements

ATTRACT, CONSENT, HEIGHT, ABOUT, FRONT, SIDE = "attract", "consent", "height", "about", "front", "side"
BODY, TAPE, CHOOSE, LIKES, SIZE, ASK, TRYON = "body", "tape", "choose", "likes", "size", "ask", "tryon"
MIRROR, FITTED, SLIP, OVER = "mirror", "fitted", "slip", "over"
PHASES = ((HEIGHT, ABOUT, FRONT, SIDE), (BODY, TAPE, CHOOSE, LIKES, SIZE, ASK), (TRYON, MIRROR, FITTED, SLIP))
STEPS = (ATTRACT, CONSENT, *(step for phase in PHASES for step in phase), OVER)
TALLEST, SMALLEST, USUAL = 2.2, 1.3, 1.68
"""Heights [m] that can be told; children are not measured by statistics of adults. And where the steps begin."""
TAPED = ("bust_girth", "waist_girth", "hip_girth")
VERDICTS = ("small", "fits", "large")


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """What is known of this visit. `agreed`: the version of the text that was agreed to; `sizes`: 0 women's .. 1
    men's, None for either; `likes`: the fit that is liked; `answers` to what a newcomer is asked
    (garments/recommend/newcomer.py), by the question's name; `tapes` [m]; `garment` and `size`: what was chosen, by its
    id; `tried`: what was put on so far; `verdict`: how it fitted, "" where nobody said; `touched`: when the customer
    was last heard of [s]."""

    step: str = ATTRACT
    language: str = "en"
    agreed: str = ""
    height: float | None = None
    sizes: float | None = None
    likes: str = "regular"
    answers: tuple[tuple[str, str], ...] = ()
    photos: "tuple[Frame, ...]" = ()
    tapes: Mapping[str, float] = field(default_factory=dict)
    garment: str = ""
    size: str = ""
    tried: tuple[str, ...] = ()
    verdict: str = ""
    touched: float = 0.0

    @property
    def may_film(self) -> bool:
        """Whether the camera may be on."""
        return bool(self.agreed) and self.step in (FRONT, SIDE, MIRROR)

    @property
    def phase(self) -> int | None:
        """Which of three parts of the way this is; None before and after it."""
        return next((k for k, steps in enumerate(PHASES) if self.step in steps), None)

    @property
    def told(self) -> bool:
        """Whether anything is known of the person."""
        return self.height is not None or bool(self.photos or self.tapes)

    @property
    def evidence(self) -> Evidence:
        """What a body can be measured from."""
        return Evidence(height=self.height, sex=self.sizes, photos=self.photos, tapes=self.tapes)


def begin(visit: Visit, now: float) -> Visit:
    return _to(visit, CONSENT, now)


def speak(visit: Visit, language: str, now: float) -> Visit:
    """In another language from here on."""
    return replace(visit, language=language, touched=now)


def agree(visit: Visit, version: str, now: float) -> Visit:
    """To pictures, by the text of that version."""
    return _to(replace(visit, agreed=version), HEIGHT, now)


def decline(visit: Visit, now: float) -> Visit:
    """No pictures, but the rest; pictures that were taken are forgotten."""
    after = replace(visit, agreed="", photos=())
    return _to(after, HEIGHT if visit.step == CONSENT else BODY, now)


def tell_height(visit: Visit, height: float, now: float) -> Visit:
    """A height [m]. Raises ValueError for one that is out of range."""
    if not SMALLEST <= height <= TALLEST:
        raise ValueError(f"a height of {height} m")
    return _to(replace(visit, height=height), ABOUT, now)


def tell_about(visit: Visit, sizes: float | None, likes: str, now: float) -> Visit:
    """The chart of sizes and the fit that is liked; then pictures, where they were agreed to."""
    return _to(replace(visit, sizes=sizes, likes=likes), FRONT if visit.agreed else BODY, now)


def take(visit: Visit, photo: "Frame", now: float) -> Visit:
    """A picture: the front, then the side."""
    if not visit.may_film or visit.step == MIRROR:
        raise ValueError(f"no picture may be taken at the step {visit.step!r}")
    photos = (*visit.photos, photo) if visit.step == SIDE else (photo,)
    return _to(replace(visit, photos=photos), BODY if visit.step == SIDE else SIDE, now)


def enough(visit: Visit, now: float) -> Visit:
    """No side; the front alone."""
    return _to(visit, BODY, now)


def measure(visit: Visit, now: float) -> Visit:
    """Go and type a tape."""
    return _to(visit, TAPE, now)


def tell_tape(visit: Visit, name: str, length: float, now: float) -> Visit:
    """A tape [m] of one of TAPED. Raises ValueError for one that is out of a person's range."""
    if not MEASURES[name].low <= length <= MEASURES[name].high:
        raise ValueError(f"a {name} of {length} m")
    return _to(replace(visit, tapes={**visit.tapes, name: length}), BODY, now)


def look(visit: Visit, now: float) -> Visit:
    """What there is to wear."""
    return _to(visit, CHOOSE, now)


def wonder(visit: Visit, now: float) -> Visit:
    """Go and say what is liked."""
    return _to(visit, LIKES, now)


def tell_likes(visit: Visit, answers: tuple[tuple[str, str], ...], now: float) -> Visit:
    """What was answered; then what there is to wear for it."""
    return _to(replace(visit, answers=answers), CHOOSE, now)


def choose(visit: Visit, garment: str, now: float) -> Visit:
    """A garment by its id."""
    return _to(replace(visit, garment=garment, size="", verdict=""), SIZE, now)


def ask(visit: Visit, now: float) -> Visit:
    """Ask about the chosen garment."""
    return _to(visit, ASK, now)


def put_on(visit: Visit, size: str, now: float) -> Visit:
    """The chosen garment in a size."""
    tried = tuple(dict.fromkeys((*visit.tried, visit.garment)))
    return _to(replace(visit, size=size, tried=tried), TRYON, now)


def mirror(visit: Visit, now: float) -> Visit:
    """See it on the live picture. Raises ValueError where no pictures were agreed to."""
    if not visit.agreed:
        raise ValueError("no picture was agreed to")
    return _to(visit, MIRROR, now)


def done(visit: Visit, now: float) -> Visit:
    return _to(visit, FITTED, now)


def fitted(visit: Visit, verdict: str, now: float) -> Visit:
    """How it fitted, one of VERDICTS, or "" where it was not put on."""
    return _to(replace(visit, verdict=verdict), SLIP, now)


def back(visit: Visit, now: float) -> Visit:
    """One step back; what the step back asks for again is forgotten."""
    if visit.step in (FRONT, SIDE, BODY):
        visit = replace(visit, photos=())
    before = {
        CONSENT: ATTRACT, HEIGHT: CONSENT, ABOUT: HEIGHT, FRONT: ABOUT, SIDE: FRONT,
        BODY: FRONT if visit.agreed else ABOUT, TAPE: BODY, CHOOSE: BODY, LIKES: CHOOSE, SIZE: CHOOSE, ASK: SIZE,
        TRYON: SIZE, MIRROR: TRYON, FITTED: TRYON, SLIP: FITTED,
    }  # fmt: skip
    return _to(visit, before.get(visit.step, visit.step), now)


def leave(visit: Visit, now: float) -> Visit:
    """The end: back to where it began if nothing was told, else over for good, with nothing left in it."""
    return Visit(step=OVER if visit.told else ATTRACT, language=visit.language, touched=now)


def touch(visit: Visit, now: float) -> Visit:
    """The customer is there."""
    return replace(visit, touched=now)


def left(visit: Visit, now: float, idle: float, countdown: float) -> float | None:
    """How many seconds are left after which an idle visit ends; None while it is not idle."""
    waited = now - visit.touched - idle
    if visit.step in (ATTRACT, OVER) or waited < 0:
        return None
    return max(countdown - waited, 0.0)


def unsure(measurements: "Measurements", tapes: Mapping[str, float]) -> str | None:
    """Which of TAPED a tape would tell most of; None where all are taped."""
    open_ = [measurements[name] for name in TAPED if name not in tapes and name in measurements]
    return max(open_, key=lambda item: item.sd / item.value).name if open_ else None


def _to(visit: Visit, step: str, now: float) -> Visit:
    return replace(visit, step=step, touched=now)
