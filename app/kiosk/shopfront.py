"""How a shop sets its kiosk up: a small TOML file. What it says wrongly is refused with a sentence when the kiosk
starts, not met by a customer.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from app.kiosk import hours as opening
from app.kiosk.consent import texts
from app.words import LANGUAGES
from assets import files
from assets.errors import InputRefused
from assets.files import read_text

LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Shopfront:
    """The shop's name; languages, the first of which greets; a catalogue's folder or file, "" for the program's own
    designs; ids on offer, () for all; the camera by its name, or a video or picture file in its place, "" for the first
    camera; opening hours (hours.py), () for always; the consent text's file (consent.py), "" for Toile's; for how many
    days numbers are kept; whether the window leaves the screen's frame; after how many seconds without a touch it asks
    whether somebody is there, and for how many more it waits."""

    shop: str = ""
    languages: tuple[str, ...] = tuple(LANGUAGES)
    catalogue: str = ""
    garments: tuple[str, ...] = ()
    camera: str = ""
    hours: tuple[str, ...] = ()
    consent: str = ""
    retention: int = 90
    windowed: bool = False
    idle: float = 60.0
    countdown: float = 10.0

    def __post_init__(self) -> None:
        if not self.languages or any(one not in LANGUAGES for one in self.languages):
            raise InputRefused(
                f"languages are some of {', '.join(LANGUAGES)}, not {', '.join(self.languages) or 'none'}"
            )
        if not 10.0 <= self.idle <= 600.0 or not 3.0 <= self.countdown <= 60.0:
            raise InputRefused("idle is 10 to 600 seconds, countdown 3 to 60")
        if not 1 <= self.retention <= 3650:
            raise InputRefused("retention is 1 to 3650 days")
        opening.check(self.hours)


def path() -> Path:
    """Where the settings lie that the operator changes."""
    return files.user_config() / "kiosk.toml"


def read_shopfront(path: Path) -> Shopfront:
    """A shop's file. Raises InputRefused for what it cannot say, by name, and for files that it names and are not
    there."""
    try:
        told = tomllib.loads(read_text(path, LARGEST, "settings file"))
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"{path} is not TOML: {error}") from error
    plain = {field.name: getattr(Shopfront(), field.name) for field in fields(Shopfront)}
    for name, value in told.items():
        if name not in plain:
            raise InputRefused(f"{path}: there is no setting {name!r}; there are {', '.join(plain)}")
        told[name] = _as(path, name, value, plain[name])
    made = Shopfront(**told)
    _check(path, made)
    return made


def write_shopfront(path: Path, shop: Shopfront) -> None:
    """Save a shop's settings. Raises CannotWrite."""
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in asdict(shop).items())
    files.write_text(path, "\n".join(lines) + "\n")


def of_plain(told: Mapping[str, Any]) -> Shopfront:
    """The settings as JSON has them: `asdict`."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return Shopfront(**values)


def _check(path: Path, shop: Shopfront) -> None:
    """What is named is there. Without a catalogue garments are designs; with one, what is no longer in it is not
    offered."""
    from garments.designs import designs

    texts(shop.consent, shop.languages)
    if shop.catalogue and not Path(shop.catalogue).expanduser().exists():
        raise InputRefused(f"{path}: there is no catalogue {shop.catalogue}")
    for name in shop.garments if not shop.catalogue else ():
        if name not in designs():
            raise InputRefused(f"{path}: there is no garment {name!r}; there are {', '.join(designs())}")


def _as(path: Path, name: str, value: object, like: object) -> object:
    if isinstance(like, tuple) and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if isinstance(like, bool) == isinstance(value, bool):
        if isinstance(like, float) and isinstance(value, int | float):
            return float(value)
        if type(value) is type(like):
            return value
    kinds = {tuple: "a list of texts", str: "a text", float: "a number", int: "a whole number", bool: "true or false"}
    raise InputRefused(f"{path}: {name} is {kinds[type(like)]}, not {value!r}")
