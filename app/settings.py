"""How the studio is set up for one person: a small TOML file in their configuration folder.

A file that cannot be read is set aside by the next save and costs nothing but the choices in it.
"""

import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from assets import files

THEMES = ("system", "dark", "light")
LENGTHS = ("cm", "in")
NAVIGATIONS = ("toile", "blender", "maya")
MASSES = ("kg", "lb")


@dataclass(frozen=True, slots=True)
class Settings:
    """Theme, units at the face, whether the first start is over, whether advice and the 2D pattern are shown, where
    files were last opened and written; the catalogue in the shop, "" for the demo; whose hands the mouse is for."""

    theme: str = "system"
    length: str = "cm"
    mass: str = "kg"
    toured: bool = False
    advice: bool = True
    folder: str = ""
    flat: bool = False
    catalogue: str = ""
    navigation: str = "toile"

    def __post_init__(self) -> None:
        choices = (("theme", THEMES), ("length", LENGTHS), ("mass", MASSES), ("navigation", NAVIGATIONS))
        for name, allowed in choices:
            if getattr(self, name) not in allowed:
                object.__setattr__(self, name, allowed[0])


def path() -> Path:
    return files.user_config() / "settings.toml"


def load() -> Settings:
    """The person's settings; whatever is missing, of another type or unreadable is as it was at the first start."""
    try:
        written = tomllib.loads(path().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return Settings()
    plain = asdict(Settings())
    return Settings(**{name: written[name] for name in plain if type(written.get(name)) is type(plain[name])})


def save(settings: Settings) -> None:
    """Write the settings. Raises CannotWrite."""
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in asdict(settings).items())
    files.write_text(path(), "\n".join(lines) + "\n")
