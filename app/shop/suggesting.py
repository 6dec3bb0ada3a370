"""Sizes of a catalogue's articles on one body, as suggestions and answers ask for them: each cut is sized once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.errors import InputRefused

if TYPE_CHECKING:
    from body.estimate import Estimate
    from body.measurements import Measurements
    from garments.recommend.suggest import Sizing
    from garments.sizing import Advice
    from garments.stock.articles import Article

WOMEN, MEN = "women", "men"


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """What of an estimate sizes are advised by, where no more was kept of it."""

    measurements: "Measurements"
    sex: float | None


def sizing(estimate: "Estimate | Person", chart: str | None = None, likes: str | None = None) -> "Sizing":
    """Advice on an article for this body. It raises InputRefused for one that came as a mesh, or is cut for others."""
    from garments.history.feedback import known
    from garments.sizing import advise

    learned = known()
    kept: dict[object, Advice | InputRefused] = {}

    def advised(told: "Article") -> "Advice":
        if told.design is None:
            raise InputRefused(f"{told.name} came as a mesh, which has one size")
        whose = {WOMEN, MEN} & set(told.tags)
        if estimate.sex is not None and whose and (MEN if estimate.sex > 0.5 else WOMEN) not in whose:
            raise InputRefused(f"{told.name} is cut for others")
        style = told.id if told.id in learned.styles else None
        key = (told.design, told.fabric, tuple(sorted((told.options or {}).items())), style)
        if key not in kept:
            try:
                kept[key] = advise(
                    told.design, estimate.measurements, estimate.sex, fabric=told.fabric, chart=chart,
                    options=told.options, preference=likes, learned=learned, style=style,
                )  # fmt: skip
            except InputRefused as error:
                kept[key] = error
        found = kept[key]
        if isinstance(found, InputRefused):
            raise found
        return found

    return advised
