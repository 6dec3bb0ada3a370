"""A garment's plain picture without a drape: laid round a body, seen from the front, each panel in its paint.

It has no folds and no light: that is for pictures that people see. It takes a moment where a drape takes many, and
shows what a search goes by: colours and prints at their places and sizes, the outline, how far down it reaches.
"""

from typing import TYPE_CHECKING

import numpy as np

from garments.cloth import Cloth, mesh
from garments.colours.colourway import Colourway, Print
from garments.dressing.arrange import arrange
from garments.garment import Garment
from garments.stock.seen import SIDE

if TYPE_CHECKING:
    from body.model import Body

EDGE = 0.03


def laid(garment: Garment, body: "Body") -> tuple[Cloth, np.ndarray]:
    """The garment round a body, and where it lies [m] [n, 3]. Raises ToileError for what cannot be put on."""
    cloth = mesh(garment, EDGE)
    return cloth, arrange(cloth, body)


def flatshot(garment: Garment, colourway: Colourway, cloth: Cloth, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Its sRGB pixels [h, w, 3] uint8 in these colours, laid so, and where it is in them [h, w]."""
    face, weights = _drawn(cloth, places)
    mask = face >= 0
    seen = np.zeros((*face.shape, 3))
    plain = colourway.colour or garment.fabric.look.colour
    for number, name in enumerate(cloth.panel_names):
        mine = mask & (cloth.panel[face] == number)
        paint = colourway.paint(name)
        if paint.print is not None:
            flat = np.einsum("pk,pkd->pd", weights[mine], cloth.rest[face[mine]])
            seen[mine] = _printed(paint.print, flat)
        else:
            seen[mine] = _encoded(np.array(paint.colour or plain))
    return (255.0 * seen + 0.5).astype(np.uint8), mask


def _drawn(cloth: Cloth, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The face that is seen at each pixel [h, w], -1 where there is none, and where in it [h, w, 3]."""
    from PIL import Image, ImageDraw

    low, high = places.min(axis=0)[:2], places.max(axis=0)[:2]
    scale = (SIDE - 1) / float((high - low).max())
    width, height = np.ceil(scale * (high - low)).astype(int) + 1
    flat = np.stack([scale * (places[:, 0] - low[0]), scale * (high[1] - places[:, 1])], axis=1)
    picture = Image.new("I", (int(width), int(height)), -1)
    draw = ImageDraw.Draw(picture)
    corners = flat[cloth.faces]
    for k in np.argsort(places[cloth.faces, 2].mean(axis=1), kind="stable"):
        draw.polygon([tuple(point) for point in corners[k]], int(k))
    face = np.asarray(picture).astype(int)
    y, x = np.mgrid[: face.shape[0], : face.shape[1]]
    a, b, c = (corners[face, k] for k in range(3))
    area = _cross(b - a, c - a)
    area = np.where(np.abs(area) < 1e-9, 1e-9, area)
    at = np.stack([x, y], axis=-1)
    second, third = _cross(at - a, c - a) / area, _cross(b - a, at - a) / area
    return face, np.stack([1.0 - second - third, second, third], axis=-1)


def _printed(figure: Print, flat: np.ndarray) -> np.ndarray:
    phase = figure.phase(flat) % 1.0
    rows, columns = figure.picture.shape[:2]
    row = np.minimum(((1.0 - phase[:, 1]) * rows).astype(int), rows - 1)
    column = np.minimum((phase[:, 0] * columns).astype(int), columns - 1)
    return figure.picture[row, column] / 255.0


def _cross(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    return one[..., 0] * two[..., 1] - one[..., 1] * two[..., 0]


def _encoded(linear: np.ndarray) -> np.ndarray:
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055)
