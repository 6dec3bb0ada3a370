"""How a shop sets its kiosk up: a small TOML file. What it says wrongly is refused with a sentence when the kiosk
starts, not met by a customer.
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from app.words import LANGUAGES
from assets.errors import InputRefused
from assets.files import read_text

LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Shopfront:
    """The shop's name; languages, the first of which greets; designs on offer, () for all; the camera by its name, or a
    video or picture file in its place, "" for the first camera; whether the window leaves the screen's frame; after how
    many seconds without a touch it asks whether somebody is there, and for how many more it waits."""

    shop: str = ""
    languages: tuple[str, ...] = tuple(LANGUAGES)
    garments: tuple[str, ...] = ()
    camera: str = ""
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


def read_shopfront(path: Path) -> Shopfront:
    """A shop's file. Raises InputRefused for what it cannot say, by name."""
    from garments.designs import designs

    try:
        told = tomllib.loads(read_text(path, LARGEST, "settings file"))
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"{path} is not TOML: {error}") from error
    plain = {field.name: getattr(Shopfront(), field.name) for field in fields(Shopfront)}
    for name, value in told.items():
        if name not in plain:
            raise InputRefused(f"{path}: there is no setting {name!r}; there are {', '.join(plain)}")
        told[name] = _as(path, name, value, plain[name])
    for name in told.get("garments", ()):
        if name not in designs():
            raise InputRefused(f"{path}: there is no garment {name!r}; there are {', '.join(designs())}")
    return Shopfront(**told)


def _as(path: Path, name: str, value: object, like: object) -> object:
    if isinstance(like, tuple) and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if isinstance(like, bool) == isinstance(value, bool):
        if isinstance(like, float) and isinstance(value, int | float):
            return float(value)
        if type(value) is type(like):
            return value
    kinds = {tuple: "a list of names", str: "a text", float: "a number", bool: "true or false"}
    raise InputRefused(f"{path}: {name} is {kinds[type(like)]}, not {value!r}")
