"""What is known of a person and what she wears when a question is asked, and what comes back: values that a window
holds without the catalogue and the rules that answers are made with (app/shop/enquiring.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.project import Project, Wish

if TYPE_CHECKING:
    from app.stage import Shown
    from body.measurements import Measurements
    from garments.fit import Fit
    from garments.sizing import Advice


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One garment that is worn: its size, the advice on it, and how it fits; no `fit` while no drape is to be
    trusted."""

    wish: Wish
    size: str
    advice: "Advice"
    fit: "Fit | None" = None


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What is known when a question is asked. `sex`: 0 women's .. 1 men's sizes, None where nobody said."""

    measurements: "Measurements | None" = None
    sex: float | None = None
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """The answer to a question, in the question's language, whether it is one (`known`), and the rows that it was taken
    from (app/shop/asking.py); the id of the garment that it is `about`, "" where none is meant; and what that and those
    of its rows are called, in English and Chinese."""

    question: str
    text: str
    known: bool
    links: tuple[str, ...] = ()
    about: str = ""
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def facts_of(project: Project | None, shown: "Shown | None") -> Facts:
    """What a try-on tells of its project."""
    if project is None or shown is None:
        return Facts()
    fits = shown.fits if shown.holds and shown.fits else (None,) * len(project.wishes)
    told = zip(project.wishes, shown.sizes, shown.advice, fits, strict=False)
    return Facts(shown.measurements, project.evidence.sex, tuple(Piece(*piece) for piece in told))
