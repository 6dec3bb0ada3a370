"""The sheet: every standard view and the strain map on one picture, with the scale and the words that belong to it."""

from typing import TYPE_CHECKING

import numpy as np

from app.stage import Legend, camera, legend, scene

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

    from app.pipeline import TryOn

PAPER, INK, MUTED, HAIRLINE, ALARM = "#F4F3F0", "#1E1F22", "#6B6D70", "#D5D3CE", "#9E2D26"
COLUMNS, GAP, HEAD, CAPTION = 3, 16, 84, 30
CELL = (600, 800)  # the largest
LEGIBLE = 300  # a picture less high has no room for a legend
TITLES = {"three_quarter": "three-quarter"}


def sheet(result: "TryOn", pictures: dict[str, np.ndarray], samples: int) -> np.ndarray:
    """A contact sheet of the given views [h, w, 4] by name, all of one size, and the strain map seen from the front,
    drawn with `samples`; uint8 RGBA."""
    from PIL import Image, ImageDraw

    from render.headless import snapshot

    width, height = _cell(next(iter(pictures.values())))
    front = snapshot(scene(result, "strain"), camera(result, "front", width / height), width, height, samples)
    strain = with_legend(front, legend(result, "strain"))
    cells = {**{TITLES.get(name, name): pixels for name, pixels in pictures.items()}, "strain": strain}
    rows = -(-len(cells) // COLUMNS)
    paper = Image.new("RGB", (COLUMNS * (width + GAP) + GAP, HEAD + rows * (height + CAPTION + GAP) + GAP), PAPER)
    draw = ImageDraw.Draw(paper)
    _head(draw, result, paper.width)
    for k, (name, pixels) in enumerate(cells.items()):
        left, top = GAP + k % COLUMNS * (width + GAP), HEAD + k // COLUMNS * (height + CAPTION + GAP)
        picture = Image.fromarray(pixels[..., :3]).resize((width, height), Image.Resampling.LANCZOS)
        paper.paste(picture, (left, top))
        draw.text((left + 2, top + height + 5), name, MUTED, _font(18))
    return np.asarray(paper.convert("RGBA"))


def with_legend(pixels: np.ndarray, shown: Legend) -> np.ndarray:
    """A map's picture with its scale in the lower left corner; [h, w, 4] as it came."""
    from PIL import Image, ImageDraw

    height = len(pixels)
    if height < LEGIBLE:
        return pixels
    picture = Image.fromarray(pixels)
    draw, unit = ImageDraw.Draw(picture), height / 800
    left, top, high = round(16 * unit), round(height - 190 * unit), round(140 * unit)
    stops = np.array([colour for _, _, colour in shown.stops])
    place = np.linspace(0, 1, len(stops))
    draw.text((left, top - 28 * unit), shown.title, INK, _font(round(15 * unit)))
    for row, value in enumerate(np.linspace(1, 0, high)):
        colour = tuple(int(255 * np.interp(value, place, stops[:, k]) + 0.5) for k in range(3))
        draw.line([(left, top + row), (left + 18 * unit, top + row)], colour)
    for k, (_, label, _) in enumerate(shown.stops):
        draw.text((left + 26 * unit, top + high * (1 - place[k]) - 8 * unit), label, INK, _font(round(14 * unit)))
    return np.asarray(picture)


def _cell(picture: np.ndarray) -> tuple[int, int]:
    """Width and height of a cell: the picture's own shape, neither enlarged nor larger than CELL."""
    height, width = picture.shape[:2]
    scale = min(1.0, CELL[0] / width, CELL[1] / height)
    return max(round(scale * width), 1), max(round(scale * height), 1)


def _head(draw: "ImageDraw", result: "TryOn", width: int) -> None:
    title = " + ".join(garment.name for garment in result.garments)
    draw.text((GAP, 16), f"{title}", INK, _font(28))
    if result.holds:
        words, colour = "  ·  ".join(advice.sentence for advice in result.advice), MUTED
    else:
        words, colour = "NOT TO BE TRUSTED: " + "; ".join(result.failures()), ALARM
    while draw.textlength(words, _font(18)) > width - 2 * GAP and len(words) > 20:
        words = words[:-2].rstrip() + "…"
    draw.text((GAP, 50), words, colour, _font(18))


def _font(size: int):
    from PIL import ImageFont

    return ImageFont.load_default(size)
