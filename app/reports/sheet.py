"""Sheets: every standard view and the strain map on one picture, all maps on another, with their scales and words."""

from typing import TYPE_CHECKING

import numpy as np

from app.project import Scaling
from app.reports.lettering import length, letter, wrapped, written
from app.scenes.scales import Legend, legend
from app.stage import bare, camera, map_scene
from garments.atlas import BY_NAME, FAMILIES
from garments.maps import Mapped
from render.camera import Camera, pan
from render.camera import zoom as nearer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.ImageDraw import ImageDraw

    from app.pipeline import TryOn

PAPER, INK, MUTED, HAIRLINE, ALARM = "#F4F3F0", "#1E1F22", "#6B6D70", "#D5D3CE", "#9E2D26"
COLUMNS, GAP, HEAD, CAPTION = 3, 16, 84, 30
CELL = (600, 800)  # the largest
MAP_CELL, MAP_ZOOM = (600, 640), 1.6
STEP, ASIDE = 0.03, 0.11  # of a picture's height, to make room for a legend, and for a large one
UNIT = 800  # a picture's height in which a legend is measured
FINE, SAFE = 4, 0.94  # how much larger, and how much narrower, notes are broken into lines than they are drawn
LEGIBLE = 300  # a picture less high has no room for a legend
TITLES = {"three_quarter": "three-quarter"}


def sheet(
    result: "TryOn", pictures: dict[str, np.ndarray], garments: "Sequence[Mapped]", scaling: Scaling, samples: int
) -> np.ndarray:
    """A contact sheet of the given views [h, w, 4] by name, all of one size, and the strain map of the garments seen
    from the front, drawn with `samples`; uint8 RGBA."""
    width, height = _cell(next(iter(pictures.values())))
    strain = map_picture(result, garments, "strain", scaling, (width, height), samples)
    cells = {**{TITLES.get(name, name): pixels for name, pixels in pictures.items()}, "strain": strain}
    return _laid_out(result, cells, COLUMNS, (width, height))


def map_picture(
    result: "TryOn",
    garments: "Sequence[Mapped]",
    name: str,
    scaling: Scaling,
    size: tuple[int, int],
    samples: int,
    view: "str | Camera" = "front",
    transparent: bool = False,
    zoom: float = 1.0,
) -> np.ndarray:
    """One map with its legend, from one of the standard views or as an eye sees it; the person steps aside, further for
    a legend larger by `zoom`, and stands above its notes. uint8 RGBA."""
    from render.headless import snapshot

    drawn, shown = map_scene(bare(result.body), garments, name, scaling), legend(garments, name, scaling)
    aspect = size[0] / size[1]
    if not isinstance(view, str):
        eye = beside(view, shown, aspect, zoom)
    elif size[1] < LEGIBLE:
        eye = camera(result, view, aspect)
    else:
        eye = beside(camera(result, view, narrowed(aspect, zoom)), shown, aspect, zoom)
    return with_legend(snapshot(drawn, eye, *size, samples, transparent), shown, zoom)


def beside(eye: Camera, shown: Legend, aspect: float, zoom: float = 1.0) -> Camera:
    """A camera that leaves room for a legend on its left, and for the legend's notes below, in a picture of an `aspect`
    (width / height); what it framed in a picture as `narrowed` says stays whole."""
    below = _below(len(_lines(shown, aspect, zoom)), zoom) / UNIT
    return pan(nearer(eye, 1.0 - below), _aside(zoom), 0.5 * below)


def narrowed(aspect: float, zoom: float = 1.0) -> float:
    """Width / height of what is left of a picture about a person who stepped aside for a legend."""
    return max(aspect - 2 * _aside(zoom), aspect / 2)


def _aside(zoom: float) -> float:
    """How far the person steps aside for a legend, as a part of the picture's height."""
    return ASIDE if zoom > 1.0 else STEP


def map_sheet(
    result: "TryOn", fronts: dict[str, np.ndarray], garments: "Sequence[Mapped]", scaling: Scaling, samples: int
) -> np.ndarray:
    """The main map of each family from the front, as `fronts` [h, w, 4] by name, and from the back; uint8 RGBA."""
    height, width = next(iter(fronts.values())).shape[:2]
    size = width, height
    cells = {f"{BY_NAME[name].title}, front": pixels for name, pixels in fronts.items()}
    for name in fronts:
        cells[f"{BY_NAME[name].title}, back"] = map_picture(
            result, garments, name, scaling, size, samples, "back", zoom=MAP_ZOOM
        )
    return _laid_out(result, cells, len(fronts), size)


def map_fronts(result: "TryOn", garments: "Sequence[Mapped]", scaling: Scaling, samples: int) -> dict[str, np.ndarray]:
    """The main map of each family, seen from the front, by name."""
    mains = [names[0] for names in FAMILIES.values()]
    return {name: map_picture(result, garments, name, scaling, MAP_CELL, samples, zoom=MAP_ZOOM) for name in mains}


def _laid_out(result: "TryOn", cells: dict[str, np.ndarray], columns: int, size: tuple[int, int]) -> np.ndarray:
    from PIL import Image, ImageDraw

    width, height = size
    rows = -(-len(cells) // columns)
    paper = Image.new("RGB", (columns * (width + GAP) + GAP, HEAD + rows * (height + CAPTION + GAP) + GAP), PAPER)
    draw = ImageDraw.Draw(paper)
    _head(draw, result, paper.width)
    for k, (name, pixels) in enumerate(cells.items()):
        left, top = GAP + k % columns * (width + GAP), HEAD + k // columns * (height + CAPTION + GAP)
        picture = Image.fromarray(pixels[..., :3]).resize((width, height), Image.Resampling.LANCZOS)
        paper.paste(picture, (left, top))
        letter(draw, (left + 2, top + height + 5), written(name), MUTED, 18)
    return np.asarray(paper.convert("RGBA"))


def with_legend(pixels: np.ndarray, shown: Legend, zoom: float = 1.0) -> np.ndarray:
    """A map's picture with its scale in the lower left corner, larger by `zoom`; [h, w, 4] as it came."""
    from PIL import Image, ImageDraw

    height, width = pixels.shape[:2]
    if height < LEGIBLE:
        return pixels
    picture, notes = Image.fromarray(pixels), _lines(shown, width / height, zoom)
    draw, unit = ImageDraw.Draw(picture), zoom * height / UNIT
    left, wide, high = round(16 * unit), round(18 * unit), round(140 * unit)
    top = height - round(_below(len(notes), zoom) * height / UNIT) - high
    letter(draw, (left, top - 28 * unit), written(shown.title), INK, round(15 * unit))
    scale = np.linspace(shown.ramp.high, shown.ramp.low, high)
    bar = np.repeat((255 * shown.ramp.colours(scale) + 0.5).astype(np.uint8)[:, None], wide, axis=1)
    if shown.ramp.pattern:
        period = max(6, height // 120)
        lines = (np.arange(high)[::-1] % period) < 0.6 * shown.ramp.share(scale) * period
        bar[lines] = bar[lines] // 2
    picture.paste(Image.fromarray(bar), (left, top))
    draw.rectangle((left, top, left + wide - 1, top + high - 1), outline=MUTED)
    for place, words in shown.ticks:
        letter(draw, (left + wide + 8 * unit, top + high * (1 - place)), words, INK, round(14 * unit), "lm")
    aside = left + wide + round(64 * unit)
    asides = _apart([top + high * (1 - place) for place, _ in shown.limits], 17 * unit)
    for (place, words), y in zip(shown.limits, asides, strict=True):
        draw.line(
            (left, top + high * (1 - place), left + wide + 5 * unit, top + high * (1 - place)), INK, round(2 * unit)
        )
        letter(draw, (aside, y), written(words), INK, round(13 * unit), "lm")
    for k, words in enumerate(notes):
        letter(draw, (left, top + high + (8 + 17 * k) * unit), words, INK, round(13 * unit))
    return np.asarray(picture)


def _lines(shown: Legend, aspect: float, zoom: float) -> list[str]:
    """A legend's notes as they are written, on lines that a picture of an `aspect` (width / height) is wide enough for.
    They are measured in letters enlarged by FINE: those of a picture are rounded to whole pixels."""
    from PIL import Image, ImageDraw

    draw, width = ImageDraw.Draw(Image.new("L", (1, 1))), SAFE * (UNIT * aspect / zoom - 2 * 16)
    lines = (wrapped(draw, written(note), FINE * width, FINE * 13) for note in shown.notes)
    return [line for told in lines for line in told.split("\n")]


def _below(lines: int, zoom: float) -> float:
    """What so many lines of notes take of a picture of UNIT pixels' height."""
    return zoom * (12 + 17 * lines)


def _apart(places: list[float], least: float) -> list[float]:
    """Places of labels from the top, moved down as far as needed to be `least` apart; in their order."""
    moved, last = list(places), -np.inf
    for k in sorted(range(len(places)), key=lambda k: places[k]):
        last = moved[k] = max(places[k], last + least)
    return moved


def _cell(picture: np.ndarray) -> tuple[int, int]:
    """Width and height of a cell: the picture's own shape, neither enlarged nor larger than CELL."""
    height, width = picture.shape[:2]
    scale = min(1.0, CELL[0] / width, CELL[1] / height)
    return max(round(scale * width), 1), max(round(scale * height), 1)


def _head(draw: "ImageDraw", result: "TryOn", width: int) -> None:
    letter(draw, (GAP, 16), " + ".join(written(garment.name) for garment in result.garments), INK, 28)
    if result.holds:
        words, colour = "  ·  ".join(written(advice.sentence) for advice in result.advice), MUTED
    else:
        words, colour = written("Not to be trusted: " + "; ".join(result.failures())), ALARM
    while length(draw, words, 18) > width - 2 * GAP and len(words) > 20:
        words = words[:-2].rstrip() + "…"
    letter(draw, (GAP, 50), words, colour, 18)
