"""What to change in a garment so that it fits, as it is offered: in words, before and after, ready to apply."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import degrees
from typing import TYPE_CHECKING

import numpy as np

from app.pipeline import TryOn, advised
from app.project import Scaling, Wish
from assets.progress import Progress, part, silent
from assets.units import show

if TYPE_CHECKING:
    from garments.altering import Alteration, Altered, Change
    from garments.certificate import Certificate
    from garments.fit import Fit

SIZE = (400, 520)
SAMPLES = 4
ZOOM = 1.25
NOW, THEN = "Now", "With the change"
"""What stands over the two pictures of a proposal."""


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A change of one garment: what is wrong, what to do, how it fits then; the strain map before and after, uint8
    RGBA [h, w, 4]; `wishes` as they are once it is applied, `cures` where everything fits then."""

    number: int
    title: str
    wrong: tuple[str, ...]
    changes: "tuple[Change, ...]"
    options: "tuple[Altered, ...]"
    before: "Fit"
    after: "Fit"
    cures: bool
    pictures: tuple[np.ndarray, np.ndarray]
    wishes: tuple[Wish, ...]


def propose(
    result: TryOn, number: int, scaling: Scaling | None = None, progress: Progress = silent,
    *, edge: float | None = None,
) -> tuple[Proposal, TryOn]:  # fmt: skip
    """What to change in the garment of this number, and the try-on that follows, `edge` as `alter` takes it. Raises
    InputRefused where nothing needs to change or nothing that can be changed helps."""
    from garments.altering import alter

    found = alter(result.drapes, number, result.estimate.measurements, part(progress, 0.0, 0.9), edge=edge)
    progress(0.9, "drawing before and after")
    after = _tried(result, found)
    made = result.garments[number]
    return Proposal(
        number, made.name, wrong(found.before, result.drapes[number].certificate), found.changes, found.options,
        found.before, found.after, found.cures,
        (_picture(result, number, scaling or Scaling()), _picture(after, number, scaling or Scaling())), after.wishes,
    ), after  # fmt: skip


def wrong(fit: "Fit", certificate: "Certificate") -> tuple[str, ...]:
    """What does not fit: "hip 2.1 cm too tight"; by how much the cloth is stretched over its limit."""
    told = [f"{region.name} {region.verdict}" for region in fit.regions if not region.fits]
    if certificate.over_limit:
        over = 100.0 * (certificate.strain_p99 / certificate.limit - 1.0)
        told.append(f"the fabric is stretched {over:.0f} % over its limit")
    return tuple(told)


def steps(changes: "Sequence[Change]", unit: str) -> tuple[str, ...]:
    """What to do to the pattern, a line a measure: "add 1.8 cm at the hip: 4 mm at each of 4 edges of the side"; where
    one seam goes against the others, that is said."""
    return tuple(_step(change, unit) for change in changes)


def chosen(option: "Altered", unit: str) -> str:
    """An option before and after, in the unit of lengths: "Ease hip: 4.0 cm -> 8.4 cm"."""
    lengths = option.unit == "m" or option.whole != 1.0

    def told(value: float) -> str:
        if option.unit == "rad":
            return f"{degrees(value):.0f}°"
        return show(option.whole * value, unit) if lengths else f"{100.0 * value:.0f} %"

    return f"{option.option.replace('_', ' ').capitalize()}: {told(option.before)} → {told(option.after)}"


def _step(change: "Change", unit: str) -> str:
    from garments.garment import LENGTHS

    if change.name in LENGTHS:
        by = show(abs(change.length), unit)
        return f"let down the {change.name} by {by}" if change.length > 0.0 else f"take up the {change.name} by {by}"
    what = "add" if change.length > 0.0 else "take in"
    other = "take in" if change.length > 0.0 else "let out"
    at = [
        f"{'' if total * change.length > 0.0 else f'{other} '}{show(abs(total), unit)} at the {_sewn(name)}"
        for name, _, total in change.seams
    ]
    if len(change.seams) == 1:
        name, edges, total = change.seams[0]
        each = show(abs(total) / edges, unit)
        at = [f"{each} at each of {edges} edges of the {_sewn(name)}" if edges > 1 else f"at the {_sewn(name)}"]
    where = f": {', '.join(at)}" if at else ""
    return f"{what} {show(abs(change.length), unit)} at the {change.name}{where}"


def _sewn(name: str) -> str:
    return name if name == "darts" else f"{name} seams"


def _tried(result: TryOn, found: "Alteration") -> TryOn:
    """The try-on with the altered garment in its size."""
    from garments.fit import fit
    from garments.sizing import confirm

    wishes = tuple(
        replace(wish, size=drape.garment.size, alterations=dict(found.alterations)) if k == found.number else wish
        for k, (wish, drape) in enumerate(zip(result.wishes, found.drapes, strict=True))
    )
    fits = tuple(fit(drape, result.estimate.measurements) for drape in found.drapes)
    advice = list(result.advice)
    told = advised(result.wishes[found.number], result.estimate)
    advice[found.number] = confirm(told, found.drapes[found.number], fits[found.number])
    garments = tuple(drape.garment for drape in found.drapes)
    return TryOn(result.estimate, wishes, garments, found.drapes, fits, tuple(advice))


def _picture(result: TryOn, number: int, scaling: Scaling) -> np.ndarray:
    from app.reports.sheet import map_picture
    from app.stage import maps

    return map_picture(result, maps(result)[number : number + 1], "strain", scaling, SIZE, SAMPLES, zoom=ZOOM)
