"""Designs on offer, one file each, found by their place: names, fabrics, needs, options and draft()."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cache, partial
from typing import NamedTuple, Protocol, cast

from assets.errors import InputRefused, ToileError
from garments.blocks.drafting import Option
from garments.deadline import Late, within
from garments.fabric import fabrics
from garments.pattern import Pattern

LOADING, DRAFTING, AGAIN = 10.0, 5.0, 0.5
"""How long a design's file may take to load, the design to draft, and one to draft that did not come to an end last
time [s]: fifty times as long as any should, or more."""


class Design(Protocol):
    """FABRIC is the fabric that the design is cut from unless another is asked for, SUITED the constructions of those
    that can be, NEEDS the body measures without which it cannot be drafted. WOMENS: it is offered to nobody who looks
    for men's clothes; a design that does not say so is for either."""

    NAME: str
    TITLE: str
    FABRIC: str
    SUITED: tuple[str, ...]
    NEEDS: tuple[str, ...]
    OPTIONS: dict[str, Option]
    WOMENS: bool

    def draft(self, measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
        """The pattern for body measurements [m] (and mass, kg, unused) and options within their ranges."""


class Guarded:
    """A design whose bugs are its own: what it raises, and what it never ends, is refused in its name."""

    def __init__(self, plan: Design) -> None:
        self.NAME, self.TITLE, self.FABRIC = plan.NAME, plan.TITLE, plan.FABRIC
        self.SUITED, self.NEEDS, self.OPTIONS = plan.SUITED, plan.NEEDS, plan.OPTIONS
        self.WOMENS = bool(getattr(plan, "WOMENS", False))
        self._draft = plan.draft
        self._late: Late | None = None

    def draft(self, measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
        """The design's own draft. Raises InputRefused where that has a bug, and the ToileError that it raises."""
        with its_own(self.NAME):
            pattern = self._drafted(partial(self._draft, measurements, options))
            if not isinstance(pattern, Pattern):
                raise TypeError("draft() gave no pattern")
            for line in pattern.lines:
                pattern.girth(line)
            return pattern

    def _drafted(self, draft: Callable[[], Pattern]) -> Pattern:
        """What it drafts in time. While a draft that was given up still goes on, no other is begun."""
        if self._late and self._late.thread.is_alive():
            raise self._late
        try:
            pattern = within(AGAIN if self._late else DRAFTING, f"the design {self.NAME} was not drafted", draft)
        except Late as error:
            self._late = error
            raise
        self._late = None
        return pattern


@contextmanager
def its_own(design: str) -> Iterator[None]:
    """A fault inside is that design's. Raises InputRefused, saying so."""
    try:
        yield
    except ToileError:
        raise
    except (Exception, SystemExit) as error:
        raise InputRefused(f"the design {design} could not be drafted: {type(error).__name__}: {error}") from error


class Broken(NamedTuple):
    """A file that is no working design, and what is wrong with it."""

    name: str
    reason: str


@cache
def designs() -> dict[str, Design]:
    """All working designs by name."""
    return {plan.NAME: plan for plan in _found()[0]}


def title_of(name: str) -> str:
    """What people call a design, by its name: "T-shirt"; what is none, such as a garment from a file, by its own."""
    return designs()[name].TITLE if name in designs() else name


def broken() -> tuple[Broken, ...]:
    """Files in this folder that are disabled, with the reasons."""
    return _found()[1]


@cache
def _found() -> tuple[tuple[Design, ...], tuple[Broken, ...]]:
    """Every file of this folder: a bug in one takes that design away, and nothing else."""
    working: list[Design] = []
    failed: list[Broken] = []
    for found in pkgutil.iter_modules(__path__):
        try:
            load = partial(importlib.import_module, f"{__name__}.{found.name}")
            module = within(LOADING, "it was not loaded", load)
            working.append(Guarded(_tried(cast(Design, module), {plan.NAME for plan in working})))
        except ToileError as error:
            failed.append(Broken(found.name, str(error)))
        except (Exception, SystemExit) as error:  # Whatever somebody's file does, it is told, and the rest works.
            failed.append(Broken(found.name, f"{type(error).__name__}: {error}"))
    return tuple(working), tuple(failed)


def _tried(plan: Design, taken: set[str]) -> Design:
    """The design itself when it has all that is asked of one, under a name of its own. Raises InputRefused."""
    lacking = [name for name in (*Design.__annotations__, "draft") if name != "WOMENS" and not hasattr(plan, name)]
    if lacking:
        raise InputRefused(f"it has no {', '.join(lacking)}")
    words = (plan.NAME, plan.TITLE, plan.FABRIC)
    if not all(isinstance(word, str) and word for word in words):
        raise InputRefused("its NAME, TITLE and FABRIC must be words")
    if plan.NAME in taken:
        raise InputRefused(f"there is another design named {plan.NAME}")
    for name in ("SUITED", "NEEDS"):
        found = getattr(plan, name)
        if not isinstance(found, tuple) or not all(isinstance(each, str) for each in found):
            raise InputRefused(f"its {name} must be a tuple of words")
    if plan.FABRIC not in fabrics():
        raise InputRefused(f"its FABRIC {plan.FABRIC!r} is none of those that there are")
    if not callable(plan.draft):
        raise InputRefused("its draft is no function")
    _check_options(plan.OPTIONS)
    return plan


def _check_options(options: object) -> None:
    """Raises InputRefused where these are no options by name, or one whose default lies outside its range."""
    if not isinstance(options, dict):
        raise InputRefused("its OPTIONS must be a dict")
    for name, option in options.items():
        if not isinstance(name, str) or not isinstance(option, Option):
            raise InputRefused(f"its option {name!r} must be an Option")
        if not option.low <= option.default <= option.high:
            told = f"{option.default:g} of {option.low:g} to {option.high:g}"
            raise InputRefused(f"the default of its option {name} lies outside its range: {told}")


def design(name: str) -> Design:
    """A design by name. Raises InputRefused, offering near names."""
    disabled = {each.name: each.reason for each in broken()}
    if name in disabled:
        raise InputRefused(f"design {name} is disabled: {disabled[name]}")
    if name not in designs():
        words = {made.TITLE.lower(): n for n, made in designs().items()} | {n: n for n in designs()}
        near = dict.fromkeys(words[word] for word in get_close_matches(name.lower(), words))
        raise InputRefused(f"there is no design {name!r}: try {', '.join(near or sorted(designs()))}")
    return designs()[name]
