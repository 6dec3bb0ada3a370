"""READ THIS FIRST: from evidence about a person to a dressed body with a size and the reasons, in one function.

    evidence -> body and measurements -> size -> garments -> drape -> fit -> advice

The window, the command line, the batch runner and the tests all call `try_on`.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.project import AUTO, Wish
from assets.progress import Progress, part, silent

if TYPE_CHECKING:
    from body.estimate import Estimate, Evidence
    from body.model import Body
    from garments.colours.colourway import Colourway
    from garments.drape import Drape
    from garments.fit import Fit
    from garments.garment import Garment
    from garments.sizing import Advice

EDGE = 0.012
MAX_TRIES = 3


@dataclass(frozen=True, slots=True, eq=False)
class TryOn:
    """A person in garments: one drape, fit and advice for each garment, in the order of dressing."""

    estimate: "Estimate"
    wishes: tuple[Wish, ...]
    garments: "tuple[Garment, ...]"
    drapes: "tuple[Drape, ...]"
    fits: "tuple[Fit, ...]"
    advice: "tuple[Advice, ...]"

    @property
    def holds(self) -> bool:
        """Whether every drape kept its certificate."""
        return all(drape.certificate.holds for drape in self.drapes)

    @property
    def body(self) -> "Body":
        """The body as it is drawn under its clothes: where skin meets skin it gave way to them (body/yielding.py)."""
        return self.drapes[0].body if self.drapes else self.estimate.body

    def failures(self) -> tuple[str, ...]:
        """Why drapes are not to be trusted, in words, first where a garment is too small or fell off, and what to do
        where it may be the pose; empty when all hold."""
        from garments.leading import standing

        told: list[str] = []
        posed = False
        for drape, fit in zip(self.drapes, self.fits, strict=True):
            reasons = ((fit.verdict,) if fit.tells_why else ()) + drape.certificate.reasons
            told += [f"{drape.garment.title} {drape.garment.size}: {reason}" for reason in reasons]
            posed |= bool(reasons) and not fit.tells_why and not drape.certificate.self_crossings
        if posed and standing(self.body) is not self.body:
            told.append("drape at ease, where sizes are judged, or in a pose nearer to that")
        return tuple(told)

    def summary(self) -> tuple[str, ...]:
        """What a person wants to hear, a line each."""
        from garments.colours.matching import meetings_of, sentence
        from garments.grading import chart

        lines = [f"note: {note}" for note in self.estimate.notes]
        lines += [f"note: {wish.made.name}: {note}" for wish in self.wishes if wish.made for note in wish.made.notes]
        assumed = dict.fromkeys(chart(advice.chart).assumed for advice in self.advice)
        lines += [f"note: {told}" for told in assumed if told]
        for made in self.garments:
            if met := meetings_of(made):
                lines.append(f"{made.name}: {sentence(met)}")
        for made in self.garments:
            if made.held:
                lines.append(f"note: {made.name}: {made.held.told}, and lies otherwise than it would by itself")
        for advice, fit in zip(self.advice, self.fits, strict=True):
            lines += [advice.sentence, f"{fit.garment}: {fit.verdict}"]
        return tuple(lines)


def try_on(
    evidence: "Evidence",
    wishes: tuple[Wish, ...],
    *,
    model: Path | None = None,
    seed: int = 0,
    device: str = "cpu",
    drape_on: str = "cpu",
    progress: Progress = silent,
) -> TryOn:
    """Fit the body, choose sizes, drape, and judge. `device` fits the body (torch's name of it), `drape_on` drapes
    (garments.solvers.choosing). Raises ToileError for input that cannot be used."""
    estimate = fit_body(evidence, model=model, device=device, progress=part(progress, 0.0, 0.3))
    return dress(estimate, wishes, seed=seed, device=drape_on, progress=part(progress, 0.3, 1.0))


def fit_body(
    evidence: "Evidence", *, model: Path | None = None, device: str = "cpu", progress: Progress = silent
) -> "Estimate":
    """The body that the evidence tells of, with its measurements."""
    from body.estimate import estimate
    from body.model import load_model

    return estimate(evidence, load_model(model, device), progress)


def dress(
    estimate: "Estimate",
    wishes: tuple[Wish, ...],
    *,
    edge: float = EDGE,
    seed: int = 0,
    start: "tuple[Drape, ...]" = (),
    device: str = "cpu",
    progress: Progress = silent,
) -> TryOn:
    """Garments on a body, meshed with edges of about `edge` [m]. A size left to Toile is tried on; where it is too
    tight, the next larger one is. `start`: drapes of the same designs, from which these are reached sooner. Raises
    ToileError for names that are not known."""
    from garments.designs import title_of

    advice = tuple(advised(wish, estimate, seed) for wish in wishes)
    sizes = tuple(
        told.best if wish.made or wish.size == AUTO else wish.size for wish, told in zip(wishes, advice, strict=True)
    )
    for _ in range(MAX_TRIES):
        progress(0.0, f"draping {', '.join(f'{title_of(w.design)} {s}' for w, s in zip(wishes, sizes, strict=True))}")
        result = _wear(estimate, wishes, sizes, advice, edge, seed, start, device, progress)
        after = [_after_trying(*tried) for tried in zip(wishes, advice, result.drapes, strict=True)]
        advice, worn = tuple(told for told, _ in after), sizes
        sizes = tuple(size for _, size in after)
        if sizes == worn:
            break
    return result


def recoloured(result: TryOn, wishes: tuple[Wish, ...]) -> TryOn:
    """The same drapes in the colours of these wishes, which else ask for the same garments."""
    drapes = tuple(
        replace(drape, garment=in_colours(drape.garment, wish.colours))
        for drape, wish in zip(result.drapes, wishes, strict=True)
    )
    return replace(result, wishes=wishes, drapes=drapes, garments=tuple(drape.garment for drape in drapes))


def in_colours(made: "Garment", colourway: "Colourway") -> "Garment":
    """A garment in another colourway."""
    return replace(made, colour=colourway.colour or made.fabric.look.colour, colourway=colourway)


def advised(wish: Wish, estimate: "Estimate", seed: int = 0) -> "Advice":
    """Which size of what is wished suits the body, by the numbers alone. Raises ToileError for unknown names."""
    from garments.garment import MADE_TO_MEASURE
    from garments.history.feedback import known
    from garments.sizing import advise, made_to_measure, one_size

    if wish.made:
        return one_size(wish.made.name, estimate.sex)
    if wish.size == MADE_TO_MEASURE:
        return made_to_measure(wish.design, estimate.measurements, estimate.sex)
    return advise(
        wish.design, estimate.measurements, estimate.sex, fabric=wish.fabric, seed=seed, chart=wish.chart,
        options=wish.options, preference=wish.likes, learned=known(), style=wish.article or None,
    )  # fmt: skip


def _after_trying(wish: Wish, told: "Advice", drape: "Drape") -> "tuple[Advice, str]":
    """The advice to go on with, and the size to wear next: the same unless it is too tight and was not asked for."""
    from garments.sizing import give_up

    size = drape.garment.size
    # What pins and tacks strain is not the size's.
    if wish.made or wish.held or wish.size != AUTO or not drape.certificate.too_tight or told.next_after(size) == size:
        return told, size
    return give_up(told, drape), told.next_after(size)


def _wear(
    estimate: "Estimate",
    wishes: tuple[Wish, ...],
    sizes: tuple[str, ...],
    advice: "tuple[Advice, ...]",
    edge: float,
    seed: int,
    start: "tuple[Drape, ...]",
    device: str,
    progress: Progress,
) -> TryOn:
    from garments.drape import drape
    from garments.fit import fit
    from garments.garment import MADE_TO_MEASURE, Cut, ready_made, sewn
    from garments.sizing import confirm

    wearer = {item.name: item.value for item in estimate.measurements.values()}
    loose = (
        ready_made(wish.made, told.chart, wish.fabric, colourway=wish.colours)
        if wish.made
        else sewn(
            Cut(
                wish.design,
                size,
                told.chart,
                wish.options,
                wearer if size == MADE_TO_MEASURE else None,
                wish.alterations,
            ),
            wish.fabric,
            colourway=wish.colours,
        )
        for wish, size, told in zip(wishes, sizes, advice, strict=True)
    )
    garments = tuple(replace(made, held=wish.held) for made, wish in zip(loose, wishes, strict=True))
    drapes = drape(garments, estimate.body, edge=edge, seed=seed, start=start, device=device, progress=progress)
    fits = tuple(fit(draped, estimate.measurements) for draped in drapes)
    confirmed = tuple(confirm(*each) for each in zip(advice, drapes, fits, strict=True))
    return TryOn(estimate, wishes, garments, drapes, fits, confirmed)
