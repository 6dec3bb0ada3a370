"""Colourways: which colour or print each panel and trim of a garment has.

A print is a picture that repeats over the cloth, placed and scaled in metres, and turned from the grain; it lies on
the cloth as it is cut, so that it follows the grain of each panel. Where lines of it meet at seams is told by
garments/colours/matching.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import numpy as np

from assets import units
from assets.errors import InputRefused, UsageError
from assets.mesh import frozen
from garments.colours.palette import Colour, shade

STITCHING = "stitching"
"""The trim that is named beside panels: the thread of the seams."""
LEAST, MOST = 0.001, 3.0
"""Widths of a repeat [m] that a print can have."""
LARGEST_SIDE = 2048
_SIDES = ("_left", "_right")


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """A picture that repeats over the cloth: sRGB, uint8 [h, w, 3], top row first; `width` [m] of one repeat; `angle`
    [rad] by which it is turned counter-clockwise from the grain; `offset` [m] of its corner along weft and warp.
    `matched`: each panel is laid so that lines meet at seams where they can. `relief`: it is a photo of cloth, whose
    surface leans as garments/colours/tile.py estimates. `name` is what it was made from."""

    name: str
    picture: np.ndarray
    width: float
    angle: float = 0.0
    offset: tuple[float, float] = (0.0, 0.0)
    matched: bool = True
    relief: bool = False

    def __post_init__(self) -> None:
        if self.picture.ndim != 3 or self.picture.shape[2] != 3 or self.picture.dtype != np.uint8:
            raise ValueError(f"a print is [h, w, 3] uint8, not {self.picture.shape} {self.picture.dtype}")
        object.__setattr__(self, "picture", frozen(self.picture))

    @property
    def size(self) -> np.ndarray:
        """Width and height of one repeat [m], [2]."""
        rows, columns = self.picture.shape[:2]
        return np.array([self.width, self.width * rows / columns])

    @property
    def axes(self) -> np.ndarray:
        """Unit directions of the picture's right and up, in weft and warp, as rows [2, 2]."""
        return np.array([[cos(self.angle), sin(self.angle)], [-sin(self.angle), cos(self.angle)]])

    def phase(self, points: np.ndarray) -> np.ndarray:
        """Where points of the flat cloth, along weft and warp [m] [..., 2], lie in the picture: shares of a repeat from
        its lower left corner, of the same shape."""
        return (np.asarray(points, float) - self.offset) @ self.axes.T / self.size


@dataclass(frozen=True, slots=True, eq=False)
class Paint:
    """What a panel shows: a print, else a colour (linear RGB); None: the garment's own."""

    colour: Colour | None = None
    print: Print | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Colourway:
    """The garment's colour (None: its fabric's) and print; `panels` that differ, by their names in the pattern, or by
    those of both sides ("sleeve"); `stitching` the colour of its seams' thread, None for one that matches."""

    colour: Colour | None = None
    print: Print | None = None
    panels: Mapping[str, Paint] = field(default_factory=dict)
    stitching: Colour | None = None

    def paint(self, panel: str) -> Paint:
        """What a panel shows."""
        plain = panel.replace(" ", "_")
        base = next((plain.removesuffix(side) for side in _SIDES if plain.endswith(side)), plain)
        own = self.panels.get(plain) or self.panels.get(base)
        return Paint(self.colour, self.print) if own is None else Paint(own.colour or self.colour, own.print)

    @property
    def plain(self) -> bool:
        """Whether it is one colour throughout."""
        return self.print is None and not self.panels and self.stitching is None

    def checked(self, panels: tuple[str, ...]) -> "Colourway":
        """The same. Raises InputRefused where it names a panel that is not among these."""
        names = {name.replace(" ", "_") for name in panels}
        known = names | {name.removesuffix(side) for name in names for side in _SIDES}
        for name in self.panels:
            if name not in known:
                raise InputRefused(f"there is no panel {name!r}: it has {', '.join(sorted(names))}, and {STITCHING}")
        return self


PLAIN = Colourway()


def read_print(what: str, folder: Path | None = None, **place: Any) -> Print:
    """A print from words: a figure with its colours ("gingham red white"), or the name of a picture file. `place`:
    width, angle, offset, matched as of Print. Raises UsageError and InputRefused."""
    from garments.colours.figures import FIGURES, figure

    word = what.split()[0].lower() if what.split() else ""
    if word in FIGURES:
        picture, width = figure(what)
        return _print(what.strip(), picture, {"width": width, **place})
    path = Path(what) if folder is None else folder / what
    if not path.suffix and not path.exists():
        raise UsageError(f"there is no figure {word!r}: it is one of {', '.join(FIGURES)}, or a picture file")
    if folder is not None and not path.resolve().is_relative_to(folder.resolve()):
        raise InputRefused(f"the picture {what} lies outside of {folder}")
    relief = path.with_name(f"{path.stem}_normals.png").is_file()
    return _print(path.name, picture_of(path), {"width": 0.1, "relief": relief, **place})


def _print(name: str, picture: np.ndarray, place: Mapping[str, Any]) -> Print:
    made = Print(name, picture, **place)
    if not LEAST <= made.width <= MOST:
        low, high = (units.show(end, "cm") for end in (LEAST, MOST))
        raise UsageError(f"a repeat of {name} goes from {low} to {high}: got {units.show(made.width, 'cm')}")
    return made


def picture_of(path: Path) -> np.ndarray:
    """A picture file as a print shows it, uint8 [h, w, 3], LARGEST_SIDE a side at most; read in the reader process.
    Raises InputRefused."""
    told = path.stat() if path.is_file() else None
    return _picture(path, told.st_mtime_ns if told else 0)


@lru_cache(maxsize=32)
def _picture(path: Path, changed: int) -> np.ndarray:
    from PIL import Image

    from body.frame import load_picture

    pixels = load_picture(path).pixels
    if max(pixels.shape[:2]) > LARGEST_SIDE:
        image = Image.fromarray(pixels)
        image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
        pixels = np.asarray(image)
    return frozen(np.array(pixels))


def read(told: Mapping[str, Any], folder: Path | None = None) -> Colourway:
    """A colourway as catalogues write it: colour, stitching, print, and panels, each a colour or a table of colour and
    print. A print is a text, or a table of picture, width, angle (degrees), offset and matched. Raises InputRefused
    and UsageError for anything else."""
    known = {"colour", "print", "panels", STITCHING}
    if not isinstance(told, Mapping) or set(told) - known:
        raise InputRefused(f"a colourway is a table of {', '.join(sorted(known))}")
    panels = told.get("panels", {})
    if not isinstance(panels, Mapping):
        raise InputRefused("the panels of a colourway are a table of names and colours")
    return Colourway(
        _shade(told.get("colour")),
        _told_print(told.get("print"), folder),
        {str(name): _paint(one, folder) for name, one in panels.items()},
        _shade(told.get(STITCHING)),
    )


def plain(way: Colourway, pictures: list[np.ndarray]) -> dict[str, Any]:
    """A colourway as JSON can say it; the pictures of its prints go to `pictures`."""
    return {
        "colour": way.colour,
        "stitching": way.stitching,
        "print": _plain_print(way.print, pictures),
        "panels": {
            name: {"colour": paint.colour, "print": _plain_print(paint.print, pictures)}
            for name, paint in way.panels.items()
        },
    }


def from_plain(told: Mapping[str, Any], pictures: Sequence[np.ndarray]) -> Colourway:
    """What `plain` told. Raises KeyError, TypeError, ValueError or IndexError for anything else."""
    panels = {
        str(name): Paint(_triple(one["colour"]), _from_plain_print(one["print"], pictures))
        for name, one in told["panels"].items()
    }
    figure = _from_plain_print(told["print"], pictures)
    return Colourway(_triple(told["colour"]), figure, panels, _triple(told["stitching"]))


def _plain_print(figure: Print | None, pictures: list[np.ndarray]) -> dict[str, Any] | None:
    if figure is None:
        return None
    number = next((k for k, each in enumerate(pictures) if each is figure.picture), len(pictures))
    if number == len(pictures):
        pictures.append(figure.picture)
    place = {"width": figure.width, "angle": figure.angle, "offset": list(figure.offset), "matched": figure.matched,
             "relief": figure.relief}  # fmt: skip
    return {"name": figure.name, "picture": number, **place}


def _from_plain_print(told: Mapping[str, Any] | None, pictures: Sequence[np.ndarray]) -> Print | None:
    if told is None:
        return None
    across, along = (float(part) for part in told["offset"])
    place = {"angle": float(told["angle"]), "offset": (across, along), "matched": bool(told["matched"]),
             "relief": bool(told.get("relief", False))}  # fmt: skip
    return Print(str(told["name"]), pictures[int(told["picture"])], float(told["width"]), **place)  # type: ignore


def _triple(told: Sequence[float] | None) -> Colour | None:
    if told is None:
        return None
    red, green, blue = (float(part) for part in told)
    return red, green, blue


def _shade(told: object) -> Colour | None:
    if told is not None and not isinstance(told, str):
        raise InputRefused(f"a colour is a name or a code, not {told!r}")
    return None if told is None else shade(told)


def _paint(told: object, folder: Path | None) -> Paint:
    if isinstance(told, str):
        return Paint(shade(told))
    if not isinstance(told, Mapping) or set(told) - {"colour", "print"}:
        raise InputRefused("a panel of a colourway has a colour, or a table of colour and print")
    return Paint(_shade(told.get("colour")), _told_print(told.get("print"), folder))


def _told_print(told: object, folder: Path | None) -> Print | None:
    if told is None:
        return None
    if isinstance(told, str):
        return read_print(told, folder)
    if not isinstance(told, Mapping) or set(told) - {"picture", "width", "angle", "offset", "matched"}:
        raise InputRefused("a print is a text, or a table of picture, width, angle, offset and matched")
    place: dict[str, Any] = {}
    if "width" in told:
        place["width"] = units.length(told["width"])
    if "angle" in told:
        place["angle"] = _degrees(told["angle"])
    if "offset" in told:
        if not isinstance(told["offset"], list | tuple) or len(told["offset"]) != 2:
            raise InputRefused("the offset of a print is two lengths, along weft and warp")
        across, along = (units.signed_length(part) for part in told["offset"])
        place["offset"] = (across, along)
    if "matched" in told:
        place["matched"] = bool(told["matched"])
    return read_print(str(told.get("picture", "")), folder, **place)


def _degrees(told: object) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or not -360.0 <= told <= 360.0:
        raise InputRefused(f"the angle of a print is in degrees, not {told!r}")
    return float(told) * pi / 180.0
