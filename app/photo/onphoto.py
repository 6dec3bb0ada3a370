"""The garment in the customer's own photo: draped on the fitted body, seen by the fitted camera, lit as the photo is.

`dressed` makes a still picture of a photo; app/photo/mirror.py dresses a live picture. The body itself is
drawn as a hole, so that the arms, the neck and the legs of the photo stay where they are nearer; under the cloth it is
drawn in a little, so that it never cuts a hole into it. Pictures live in memory alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.photo.light import PhotoLight, photo_light
from app.photo.parts import bare_skin, before, features, filled, remains, sampled, stood
from app.stage import cloth_item
from assets.errors import InputRefused
from assets.files import staged_folder
from assets.mesh import frozen, vertex_normals
from assets.progress import Progress, part, silent
from render.camera import Camera
from render.scene import Item, Material, Scene

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from body.estimate import Evidence
    from body.frame import Frame
    from body.model import Body
    from body.placed import Placed
    from body.pose import Person
    from body.stance import Pinhole
    from garments.drape import Drape

SAMPLES = 24
UNDER, NEAR = 0.012, 0.03
"""Skin nearer to cloth than NEAR [m] is drawn so much [m] further in, because cloth that is carried may graze it."""
DARKEST = 0.35
"""Shadows on the photo are no darker than this share of the light."""
BLURRED = 0.004
"""Shadows are blurred by this share of the picture's height, for a fitted body is not the very one they fall on."""
ROUGH = 25
"""Landmarks further off than this share of the person's height (1 / ROUGH) are no fit."""
_HOLE = Material(shading="hole")
_CLAY = Material((0.6, 0.6, 0.6), roughness=1.0, specular=0.0)
LINEAR = np.where(
    np.arange(256) <= 0.04045 * 255, np.arange(256) / 255 / 12.92, ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4
).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class OnPhoto:
    """A dressed photo: pixels, sRGB uint8 [h, w, 3]; how much of each is new cloth, 0..1 [h, w]; what is left to see of
    old clothes in its place, [h, w]; what to know of it, in words."""

    pixels: np.ndarray
    cover: np.ndarray
    left: np.ndarray
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("pixels", "cover", "left"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def marked(self) -> np.ndarray:
        """The picture with what is left of old clothes hatched, sRGB uint8 [h, w, 3]."""
        rows, columns = np.indices(self.left.shape, sparse=True)
        period = max(self.left.shape[0] // 110, 6)
        lines = self.left & ((rows + columns) % period < max(period // 5, 1))
        found = self.pixels.copy()
        found[lines] = (0.35 * found[lines] + 0.65 * np.array([255, 255, 255])).astype(np.uint8)
        return found


def seen_by(camera: "Pinhole", height: int) -> Camera:
    """The camera of a photo so many pixels high, as pictures are drawn by."""
    eye, forward, up = camera.eye, camera.axes[2], -camera.axes[1]
    target = eye + 3.0 * forward
    return Camera(_vector(eye), _vector(target), _vector(up), 2.0 * float(np.arctan(height / 2 / camera.focal)))


def dressed(
    frame: "Frame",
    person: "Person",
    placed: "Placed",
    drapes: "Sequence[Drape]",
    *,
    samples: int = SAMPLES,
    stops: float = 0.0,
    progress: Progress = silent,
) -> OnPhoto:
    """A photo with the garments on its person, whose body is `placed` in it. `stops`: how much brighter than the light
    was guessed [f-stops]. Raises InputRefused where the person's pose was not understood."""
    from garments.riding import Ride, settled

    if placed.error > person.height / ROUGH:
        raise InputRefused(f"{frame.name}: how the person stands was not understood; take one upright, seen whole")
    progress(0.0, "putting the garments into the pose of the photo")
    try:
        places = settled(drapes, placed.body)
    except ValueError:
        places = Ride(drapes).at(placed.body)
    items = tuple(_item(drape, at) for drape, at in zip(drapes, places, strict=True))
    progress(0.4, "finding the light of the photo")
    linear = LINEAR[frame.pixels]
    lit = light_of(linear, person.mask, placed, stops)
    camera = seen_by(placed.camera, frame.height)
    hole = Hole(placed.body, np.concatenate(places)).item(placed.body)
    progress(0.5, "drawing the garments")
    at = np.concatenate(places)
    box = _part(placed.camera, at, frame.width, frame.height)
    size, scene = (frame.width, frame.height), lit.on(Scene((*items, hole)))
    cloth, alpha = _drawn(scene, camera, size, samples, box)
    shade = _shade(scene, camera, size, samples, box, alpha)
    progress(0.9, "laying them into the photo")
    view, colours = stood(placed.body, placed.camera), features(linear)
    front, notes = before(view, at, colours, person.mask, alpha)
    front = np.maximum(front, filled(view, at, _inner(scene, camera, size), person.mask))
    cover = alpha * (1.0 - front)
    left, words = remains(view, at, colours, person.mask, cover)
    notes += words
    if not lit.known:
        notes.append("no bare skin is seen: from where the light comes is a guess")
    ground = linear * np.where(person.mask > 0.3, shade, 0.5 + 0.5 * shade)[..., None]
    return OnPhoto(_encoded(ground * (1.0 - cover[..., None]) + cloth * (1.0 - front)[..., None]), cover, left,
                   tuple(f"{frame.name}: {note}" for note in notes))  # fmt: skip


def people_placed(
    evidence: "Evidence", body: "Body", progress: Progress = silent
) -> "list[tuple[Frame, Person, Placed]]":
    """The photos of the evidence with the person meant, and the body as it stands in each."""
    from body.gates import whole_people
    from body.placed import placed

    persons, _ = whole_people(evidence.photos, evidence.person, progress)
    return [(frame, person, placed(person, frame, body)) for frame, person in persons]


def on_photos(
    evidence: "Evidence",
    body: "Body",
    drapes: "Sequence[Drape]",
    samples: int = SAMPLES,
    stops: float = 0.0,
    progress: Progress = silent,
) -> tuple[OnPhoto, ...]:
    """All photos of the evidence, dressed. Raises InputRefused where none shows how the person stands."""
    found: list[OnPhoto] = []
    refused: InputRefused | None = None
    stands = people_placed(evidence, body, part(progress, 0.0, 0.2))
    for k, stand in enumerate(stands):
        step = part(progress, 0.2 + 0.8 * k / len(stands), 0.2 + 0.8 * (k + 1) / len(stands))
        try:
            found.append(dressed(*stand, drapes, samples=samples, stops=stops, progress=step))
        except InputRefused as error:
            refused = error
    if refused is not None and not found:
        raise refused
    return tuple(found)


def write_on_photos(
    evidence: "Evidence",
    result: "TryOn",
    folder: Path,
    samples: int = SAMPLES,
    stops: float = 0.0,
    mark: bool = False,
    progress: Progress = silent,
) -> tuple[str, ...]:
    """Write photo_1.png and so on, one of each photo, and photo.json, which says what to know of them; all or nothing.
    What to know, in words. Raises CannotWrite, or InputRefused where no photo can be dressed."""
    import json

    from PIL import Image

    shown = on_photos(evidence, result.estimate.body, result.drapes, samples, stops, progress)
    notes = tuple(note for each in shown for note in each.notes)
    with staged_folder(folder) as stage:
        for k, each in enumerate(shown):
            Image.fromarray(each.marked() if mark else each.pixels).save(stage / f"photo_{k + 1}.png")
        told = {"schema": "toile.photo/1", "pictures": [list(each.notes) for each in shown]}
        (stage / "photo.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return notes


def light_of(linear: np.ndarray, mask: np.ndarray, placed: "Placed", stops: float = 0.0) -> PhotoLight:
    """The light of a photo in linear RGB [h, w, 3], of a person in `mask`, whose body is `placed` in it."""
    view = stood(placed.body, placed.camera)
    skin = bare_skin(view)
    colours, inside = sampled(linear, view.at[skin])
    axes = placed.camera.axes * np.array([[1.0], [-1.0], [-1.0]])
    return photo_light(linear, mask, colours, view.normals[skin][inside], axes, stops)


class Hole:
    """A body as a hole of pictures: further in by UNDER where cloth lies on it."""

    def __init__(self, body: "Body", cloth: np.ndarray) -> None:
        """`cloth` [m] [k, 3] are the garments' vertices on this body."""
        from scipy.spatial import cKDTree

        far, _ = cKDTree(cloth).query(body.vertices, distance_upper_bound=NEAR)
        self._in = (UNDER * np.isfinite(far))[:, None].astype(np.float32)

    def item(self, body: "Body") -> Item:
        """The hole in another pose of the same person."""
        faces = body.model.skin_faces
        inward = body.vertices - self._in * vertex_normals(body.vertices, faces)
        return Item("body", inward, faces, _HOLE)


def _item(drape: "Drape", positions: np.ndarray) -> Item:
    return cloth_item(drape.garment, drape.cloth, np.asarray(positions, np.float32))


def _part(camera: "Pinhole", cloth: np.ndarray, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, width and height [pixels] of where the cloth and its shadow may be."""
    at = camera.project(cloth)
    margin = 0.06 * float(np.ptp(at, axis=0).max())
    left, top = np.clip(np.floor(at.min(axis=0) - margin), 0, (width - 1, height - 1)).astype(int)
    right, low = np.clip(np.ceil(at.max(axis=0) + margin), (left + 1, top + 1), (width, height)).astype(int)
    return int(left), int(top), int(right - left), int(low - top)


def _drawn(
    scene: Scene, camera: Camera, size: tuple[int, int], samples: int, box: tuple[int, int, int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Linear light [h, w, 3], multiplied by the part of a pixel that is covered, and that part [h, w]."""
    from render.headless import snapshot

    drawn = snapshot(scene, camera, *size, samples, True, part=box)
    alpha = drawn[..., 3].astype(np.float32) / 255
    return LINEAR[drawn[..., :3]] * alpha[..., None], alpha


def _shade(
    scene: Scene, camera: Camera, size: tuple[int, int], samples: int, box: tuple[int, int, int, int],
    alpha: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """How much of its light the garments leave to what they do not cover, [h, w]: a clay body with and without."""
    import cv2

    clay = replace(scene.items[-1], material=_CLAY)
    garments = scene.items[:-1]
    bare, _ = _drawn(replace(scene, items=(clay,)), camera, size, samples, box)
    both, _ = _drawn(replace(scene, items=(*map(_as_clay, garments), clay)), camera, size, samples, box)
    worn, _ = _drawn(replace(scene, items=(*map(_as_clay, garments), scene.items[-1])), camera, size, samples, box)
    light, without = (both - worn).mean(axis=2), bare.mean(axis=2) * (1.0 - alpha)
    shade = np.where(without > 0.02, np.clip(light / np.maximum(without, 0.02), DARKEST, 1.0), 1.0)
    shade = cv2.GaussianBlur(shade.astype(np.float32), (0, 0), max(BLURRED * size[1], 0.5))
    return 1.0 - (1.0 - shade) * _window(shade.shape, box)


def _window(shape: tuple[int, ...], box: tuple[int, int, int, int]) -> np.ndarray:
    """1 inside a part of a picture, falling to 0 towards its edges, [h, w]."""
    left, top, width, height = box
    across, down = (np.clip(6 * np.minimum(x, 1 - x), 0, 1) for x in (np.linspace(0, 1, n) for n in (width, height)))
    window = np.zeros(shape)
    window[top : top + height, left : left + width] = down[:, None] * across
    return window


def _inner(scene: Scene, camera: Camera, size: tuple[int, int]) -> np.ndarray:
    """Where the garments show their inside, [h, w]: a person's limbs fill it."""
    from render.headless import snapshot

    one_sided = tuple(
        item if item.material.shading == "hole" else replace(_as_clay(item), material=_CLAY, materials=())
        for item in scene.items
    )
    outer, both = (
        snapshot(replace(scene, items=items), camera, *size, 0, True)[..., 3]
        for items in (one_sided, (*map(_as_clay, scene.items[:-1]), scene.items[-1]))
    )
    return ((both > 0) & (outer == 0)).astype(np.float32)


def _as_clay(item: Item) -> Item:
    clay = replace(_CLAY, double_sided=True)
    return replace(item, material=clay, materials=tuple(clay for _ in item.materials), sewn=None)


def _encoded(linear: np.ndarray) -> np.ndarray:
    """sRGB uint8 of linear RGB."""
    values = np.clip(linear, 0.0, 1.0)
    curved = np.where(values <= 0.0031308, 12.92 * values, 1.055 * values ** (1 / 2.4) - 0.055)
    return (255 * curved + 0.5).astype(np.uint8)


def _vector(values: np.ndarray) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return x, y, z
