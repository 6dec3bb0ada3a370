"""How the studio is set up for one person: a small TOML file in their configuration folder.

A file that cannot be read is set aside by the next save and costs nothing but the choices in it.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.words import LANGUAGES
from assets import files

THEMES = ("system", "dark", "light")
LENGTHS = ("cm", "in")
NAVIGATIONS = ("toile", "blender", "maya")
MASSES = ("kg", "lb")


@dataclass(frozen=True, slots=True)
class Settings:
    """Theme, units at the face, whether the first start is over, whether advice and the 2D pattern are shown, where
    files were last opened and written; the catalogue in the shop, "" for the demo; projects that were opened lately,
    newest first; keys by the name of an action, where they are other than Toile's; whose hands the mouse is for; the
    language, "" for the system's; where the window was and how large, as Qt tells it in hexadecimal."""

    theme: str = "system"
    length: str = "cm"
    mass: str = "kg"
    toured: bool = False
    advice: bool = True
    folder: str = ""
    flat: bool = False
    catalogue: str = ""
    recent: tuple[str, ...] = ()
    shortcuts: Mapping[str, str] = field(default_factory=dict)
    navigation: str = "toile"
    language: str = ""
    window: str = ""

    def __post_init__(self) -> None:
        choices = {
            "theme": THEMES,
            "length": LENGTHS,
            "mass": MASSES,
            "navigation": NAVIGATIONS,
            "language": ("", *LANGUAGES),
        }
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                object.__setattr__(self, name, allowed[0])

    @property
    def place(self) -> str:
        """The folder that a file is first looked for in: the one used last, else the person's own."""
        return self.folder if self.folder and Path(self.folder).is_dir() else str(Path.home())


def path() -> Path:
    return files.user_config() / "settings.toml"


def load() -> Settings:
    """The person's settings; whatever is missing, of another type or unreadable is as it was at the first start."""
    try:
        written = tomllib.loads(path().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return Settings()
    plain = asdict(Settings())
    known = {name: _told(written.get(name)) for name in plain}
    return Settings(**{name: value for name, value in known.items() if type(value) is type(plain[name])})


def save(settings: Settings) -> None:
    """Write the settings. Raises CannotWrite."""
    lines = (f"{name} = {_written(value)}" for name, value in asdict(settings).items())
    files.write_text(path(), "\n".join(lines) + "\n")


def _written(value: object) -> str:
    """A value as TOML, which is JSON but for tables."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_written(key)} = {_written(told)}" for key, told in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def _told(value: Any) -> Any:
    """A value from TOML; of lists and tables what is text in them."""
    if isinstance(value, list):
        return tuple(each for each in value if isinstance(each, str))
    if isinstance(value, dict):
        return {key: each for key, each in value.items() if isinstance(each, str)}
    return value
