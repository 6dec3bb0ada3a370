"""What answers may be taken from, and what all of them need: the garment, the body, the advice, or the sentence that
says that there is none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.errors import ToileError
from garments.designs import designs
from garments.fabric import Fabric, fabric
from garments.stock.articles import Article

if TYPE_CHECKING:
    from body.measurements import Measurement, Measurements
    from garments.fit import Fit
    from garments.recommend.suggest import Sizing
    from garments.sizing import Advice
    from garments.stock.finding import Answered

Told = tuple[tuple[str, str], Sequence[str]]
"""A sentence in English and in Chinese, and the rows that it was taken from."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What answers may be taken from; what is not there is not known. `article`: the garment that is spoken of;
    `size`: the one that is meant where a question names none, None for the advised one; `sizing_of`: the sizes by a fit
    that is liked, one of garments.sizing.PREFERENCES."""

    articles: Sequence[Article] = ()
    article: Article | None = None
    measurements: "Measurements | None" = None
    sex: float | None = None
    chart: str | None = None
    sizing: "Sizing | None" = None
    fits: "Sequence[Fit]" = ()
    find: "Callable[[str], Answered] | None" = None
    size: str | None = None
    sizing_of: "Callable[[str], Sizing] | None" = None


@dataclass(frozen=True, slots=True)
class Unknown(Exception):
    """There is no row to answer from, and why, in two languages."""

    english: str
    chinese: str


def the_garment(known: Known) -> Article:
    """The garment that is spoken of. Raises Unknown."""
    if known.article is None:
        raise Unknown("it is not clear which garment is meant", "不清楚指的是哪件衣服")
    return known.article


def the_advice(known: Known) -> "Advice":
    """The advice on its size. Raises Unknown."""
    told = the_garment(known)
    if known.sizing is None:
        raise Unknown("nobody has been measured yet", "还没有测量身体")
    try:
        return known.sizing(told)
    except ToileError as error:
        raise Unknown(str(error), f"{zh(told)}没有可用的尺码") from error


def the_sizes(advice: "Advice") -> list[str]:
    """The sizes that there are."""
    return [score.size for score in advice.scores]


def the_measurement(known: Known, name: str) -> "Measurement":
    """A measure of the person. Raises Unknown."""
    if known.measurements is None or name not in known.measurements:
        raise Unknown("nobody has been measured yet", "还没有测量身体")
    return known.measurements[name]


def the_cloth(known: Known) -> tuple[Article, Fabric]:
    """The garment and what it is made of. Raises Unknown."""
    told = the_garment(known)
    name = told.fabric or (designs()[told.design].FABRIC if told.design else None)
    if name is None:
        raise Unknown(f"the catalogue does not name the fabric of {told.name}", f"目录没有写明{zh(told)}的面料")
    return told, fabric(name)


def zh(told: Article) -> str:
    """What it is called in Chinese."""
    return told.chinese or told.title


def cm(length: float) -> str:
    """A length [m] in cm, to the millimetre."""
    return f"{100 * length:.1f}"


def whole(length: float) -> str:
    """A length [m] in whole cm."""
    return f"{100 * length:.0f}"
