"""The mirror's garments: settled cloth on whoever is tracked in a live picture, many times a second.

Only the rectangle that the garments fill is drawn, over nothing, to be laid on the live picture by whoever shows it: no
picture travels but that one. Cloth and body go along with the joints (body/skinning.py), the body as a hole, thinned.
Nothing is remembered but the light of the first frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from app.photo.light import PhotoLight
from app.photo.onphoto import LINEAR, Hole, light_of, seen_by
from app.scenes.trimming import trimmed
from app.stage import cloth_item
from assets.mesh import frozen
from render.camera import View
from render.scene import Item, Scene

if TYPE_CHECKING:
    from body.frame import Frame
    from body.live.follow import Instant
    from body.live.track import Track
    from body.model import Body
    from garments.drape import Drape

FINEST, MOST = 1.5, 60_000
"""Garments are drawn at most so many times as fine as the picture that is tracked, and in so many pixels."""
MARGIN = 2


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """What to lay over a live picture: sRGB with alpha, colours multiplied by theirs, uint8 [h, w, 4], for the
    rectangle from `left`, `top` of `width` by `height` of the picture [its widths and heights, 0..1]."""

    pixels: np.ndarray
    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "pixels", frozen(self.pixels))


class Mirror:
    """Garments on one person in a live picture, in the light of `frame`, where she is tracked."""

    def __init__(self, body: "Body", drapes: "Sequence[Drape]", frame: "Frame", track: "Track") -> None:
        """`drapes` lie on `body`, the person at ease. Raises ValueError for none."""
        from body.skinning import Bound, Joints, thinned
        from garments.riding import Ride

        self._joints = Joints(body)
        self._cloth = Bound(np.concatenate([drape.positions for drape in drapes]), Ride(drapes).weights())
        self._ends = np.cumsum([drape.cloth.count for drape in drapes])[:-1]
        self._items = [cloth_item(drape.garment, drape.cloth, np.asarray(drape.positions, np.float32))
                       for drape in drapes]  # fmt: skip
        self._drawn = [trimmed(drape.garment, drape.cloth) for drape in drapes]
        hole = Hole(body, np.concatenate([drape.positions for drape in drapes])).item(body)
        kept, faces = thinned(body.model, np.asarray(body.vertices, float))
        self._skin = Bound(hole.vertices[kept], np.asarray(body.model.weights)[kept])
        self._hole = replace(hole, faces=frozen(faces))
        self.light = _light(frame, track, body)

    def show(self, motion: "Instant", width: int, height: int) -> Patch | None:
        """What the garments look like in a picture of the size that was tracked; None where they are not in it."""
        import cv2

        from render.headless import snapshot

        moves = self._joints.moves(motion.pose)
        skin, cloth = self._skin.at(moves), self._cloth.at(moves)
        lift = np.array([0.0, -skin[:, 1].min(), 0.0], np.float32)
        skin, cloth = skin + lift, cloth + lift
        box = _box(motion.camera.project(cloth), width, height)
        if box is None:
            return None
        left, top, wide, high = box
        fine = min(FINEST, float(np.sqrt(MOST / (wide * high))))
        size = max(round(fine * wide), 1), max(round(fine * high), 1)
        whole = View(seen_by(motion.camera, height), -round(fine * left), -round(fine * top), round(fine * width),
                     round(fine * height))  # fmt: skip
        scene = self.light.on(Scene((*self._dressed(cloth), replace(self._hole, vertices=frozen(skin)))))
        drawn = cv2.GaussianBlur(snapshot(scene, (whole,), *size, 0, True), (3, 3), 0.6)  # edges as soft as a camera's
        return Patch(drawn, left / width, top / height, size[0] / fine / width, size[1] / fine / height)

    def _dressed(self, cloth: np.ndarray) -> list[Item]:
        from garments.solvers.nearby import normals

        items = []
        for item, drawn, at in zip(self._items, self._drawn, np.split(cloth, self._ends), strict=True):
            bare = at[drawn.origin]
            vertices, leaning = drawn.whole(bare, normals(bare.astype(np.float64), drawn.cloth_faces))
            items.append(replace(item, vertices=frozen(vertices), normals=leaning))
        return items


def _box(at: np.ndarray, width: int, height: int) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of the part of a picture in which there are points [pixels] [n, 2]."""
    low = np.maximum(np.floor(at.min(axis=0)) - MARGIN, 0).astype(int)
    high = np.minimum(np.ceil(at.max(axis=0)) + MARGIN, (width, height)).astype(int)
    wide, tall = (int(side) for side in high - low)
    return (int(low[0]), int(low[1]), wide, tall) if wide > 0 and tall > 0 else None


def _light(frame: "Frame", track: "Track", body: "Body") -> PhotoLight:
    import cv2

    from body.placed import Placed

    mask = np.zeros(frame.pixels.shape[:2], np.uint8)
    if len(track.outline):
        cv2.fillPoly(mask, [track.outline.round().astype(np.int32)], (1,))
    posed = body.model.body(body.betas, track.motion.pose, body.detail)
    placed = Placed(posed, track.motion.camera, track.motion.error)
    return light_of(LINEAR[frame.pixels], mask.astype(np.float32), placed)
