"""The engine's memory: its last bodies and try-ons by the digest of their inputs. An export draws what was shown, and a
change of garment does not fit the body again."""

from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

from assets.progress import Progress, part, silent

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from app.project import Project
    from body.estimate import Estimate
    from garments.drape import Drape

T = TypeVar("T")
MOST = 6
_COARSE = "coarse "
_estimates: "OrderedDict[str, Estimate]" = OrderedDict()
_results: "OrderedDict[str, TryOn]" = OrderedDict()


def estimate_of(project: "Project", progress: Progress = silent) -> "Estimate":
    """The project's person, measured once. Raises ToileError for input that cannot be used."""
    from app.pipeline import fit_body

    estimate = _recall(_estimates, project.person_key)
    if estimate is None:
        estimate = fit_body(project.evidence, progress=progress)
        _keep(_estimates, project.person_key, estimate)
    return estimate


def try_on(project: "Project", progress: Progress = silent) -> "TryOn":
    """The project's try-on, draped in full. Raises ToileError for input that cannot be used."""
    from app.pipeline import dress, recoloured

    if (kept := _recall(_results, project.key)) is not None:
        return recoloured(kept, project.wishes)
    estimate = estimate_of(project, part(progress, 0.0, 0.3))
    result = dress(estimate, project.wishes, start=before(project), progress=part(progress, 0.3, 1.0))
    remember(project, result)
    return result


def at_hand(project: "Project", progress: Progress = silent) -> "TryOn":
    """The project's try-on as it was draped last, in full or on coarse cloth. Raises ToileError."""
    from app.pipeline import recoloured

    kept = _recall(_results, project.key) or _recall(_results, _COARSE + project.key)
    return recoloured(kept, project.wishes) if kept else try_on(project, progress)


def before(project: "Project") -> "tuple[Drape, ...]":
    """The newest drapes of the same designs, in whatever sizes and fabrics."""
    designs = [wish.design for wish in project.wishes]
    alike = (r for r in reversed(_results.values()) if r.holds and [wish.design for wish in r.wishes] == designs)
    return next((result.drapes for result in alike), ())


def remember(project: "Project", result: "TryOn", coarse: bool = False) -> None:
    """Keep a try-on of the project, in full or on coarse cloth; the oldest that is kept goes."""
    _keep(_results, _COARSE * coarse + project.key, result)


def _recall(store: "OrderedDict[str, T]", key: str) -> T | None:
    if key in store:
        store.move_to_end(key)
    return store.get(key)


def _keep(store: "OrderedDict[str, T]", key: str, value: T) -> None:
    store[key] = value
    while len(store) > MOST:
        store.popitem(last=False)
