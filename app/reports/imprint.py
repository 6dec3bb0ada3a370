"""Who made a report, when, with which versions; and how the shop wants it to look: name, logo, language, colour.

A report bears what it is given and nothing else: the same try-on and imprint give the same bytes.
"""

import importlib.metadata
import platform
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

OPEN3D = "open3d-cpu" if sys.platform == "linux" else "open3d"
VERSION = "0.1.0"
PACKAGES = ("numpy", "scipy", "torch", "numba", "mediapipe", OPEN3D, "trimesh", "PyOpenGL", "reportlab", "pillow")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a report bears besides what was measured: `maker` and `date` as they are to stand there, "" where nobody
    says; the shop's name, its logo (a picture file's bytes), a note below; the language's code; an sRGB accent."""

    maker: str = ""
    date: str = ""
    shop: str = ""
    logo: bytes = b""
    note: str = ""
    language: str = "en"
    accent: str = "#9E5D26"


PLAIN = Imprint()


def made_by(imprint: Imprint) -> tuple[tuple[str, str], ...]:
    """Who made it when with which versions, as rows of a title and words; what nobody said is left out."""
    known = ", ".join(f"{name} {version}" for name, version in versions().items() if version)
    rows = (("Shop", imprint.shop), ("Made by", imprint.maker), ("Date", imprint.date), ("Note", imprint.note))
    return (*((title, words) for title, words in rows if words), ("Made with", f"Toile {VERSION}, {known}"))


@cache
def versions() -> Mapping[str, str | None]:
    """The versions of what numbers depend on; None for what is not installed."""
    found: dict[str, str | None] = {}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = None
    return MappingProxyType(found)


def told_run(given: Mapping[str, object]) -> dict[str, object]:
    """What run.json tells of a run, beside what is given: date, system, versions."""
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "versions": dict(versions()),
        **given,
    }
