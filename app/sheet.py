"""The sheet: every standard view and the strain map on one picture, with the scale and the words that belong to it."""

from typing import TYPE_CHECKING

import numpy as np

from app.stage import Legend, camera, legend, scene

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

    from app.pipeline import TryOn

PAPER, INK, MUTED, HAIRLINE, ALARM = "#F4F3F0", "#1E1F22", "#6B6D70", "#D5D3CE", "#9E2D26"
COLUMNS, GAP, HEAD, CAPTION = 3, 16, 84, 30
CELL = (600, 800)
TITLES = {"three_quarter": "three-quarter"}


def sheet(result: "TryOn", pictures: dict[str, np.ndarray]) -> np.ndarray:
    """A contact sheet of the given views [h, w, 4] by name, and the strain map seen from the front; uint8 RGBA."""
    from PIL import Image, ImageDraw

    from render.headless import snapshot

    width, height = CELL
    front = snapshot(scene(result, "strain"), camera(result, "front", width / height), width, height)
    cells = {**{TITLES.get(name, name): pixels for name, pixels in pictures.items()}, "strain": front}
    rows = -(-len(cells) // COLUMNS)
    paper = Image.new("RGB", (COLUMNS * (width + GAP) + GAP, HEAD + rows * (height + CAPTION + GAP) + GAP), PAPER)
    draw = ImageDraw.Draw(paper)
    _head(draw, result, paper.width)
    for k, (name, pixels) in enumerate(cells.items()):
        left, top = GAP + k % COLUMNS * (width + GAP), HEAD + k // COLUMNS * (height + CAPTION + GAP)
        picture = Image.fromarray(pixels[..., :3])
        paper.paste(picture.resize(CELL, Image.Resampling.LANCZOS) if picture.size != CELL else picture, (left, top))
        draw.text((left + 2, top + height + 5), name, MUTED, _font(18))
        if name == "strain":
            _scale(draw, legend(result, "strain"), left + 16, top + height - 190)
    return np.asarray(paper.convert("RGBA"))


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


def _scale(draw: "ImageDraw", shown: Legend, left: int, top: int) -> None:
    high = 140
    values = np.linspace(1, 0, high)
    stops = np.array([colour for _, _, colour in shown.stops])
    place = np.linspace(0, 1, len(stops))
    draw.text((left, top - 28), shown.title, INK, _font(15))
    for row, value in enumerate(values):
        colour = tuple(int(255 * np.interp(value, place, stops[:, k]) + 0.5) for k in range(3))
        draw.line([(left, top + row), (left + 18, top + row)], colour)
    for k, (_, label, _) in enumerate(shown.stops):
        draw.text((left + 26, top + high * (1 - place[k]) - 8), label, INK, _font(14))


def _font(size: int):
    from PIL import ImageFont

    return ImageFont.load_default(size)
