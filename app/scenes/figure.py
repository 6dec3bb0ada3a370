"""What a body looks like: skin that is not one colour, eyes, brows, lips, cropped hair, plain underwear.

Nothing is a texture. The template's skin is cut once along the outlines of what is painted on it, every body of that
model reuses the cut, and so edges are sharp however near one looks. Places are told by landmarks of the template, so
any model with SMPL-X's landmarks can be painted; our own, no data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import edges, frozen, vertex_normals
from render.scene import Item, Material, from_srgb

if TYPE_CHECKING:
    from body.model import Body, BodyModel

SKIN = Material(
    base_colour=from_srgb((0.86, 0.69, 0.60)), roughness=0.52, specular=0.7, subsurface=(0.35, 0.16, 0.10),
    sheen_colour=(0.035, 0.028, 0.026), sheen_roughness=0.4,
)  # fmt: skip
LIPS = Material(from_srgb((0.73, 0.47, 0.43)), 0.4, specular=0.8, subsurface=(0.3, 0.12, 0.10))
HAIR = Material(from_srgb((0.20, 0.155, 0.13)), 0.75, specular=0.5, sheen_colour=(0.05, 0.045, 0.04))
BROWS = Material(from_srgb((0.36, 0.28, 0.235)), 0.8, specular=0.4)
UNDERWEAR = Material(from_srgb((0.62, 0.59, 0.56)), 0.9, specular=0.4, sheen_colour=(0.04, 0.04, 0.04))
EYE = Material((1.0, 1.0, 1.0), roughness=0.1)
FLUSH = np.array((1.0, 0.88, 0.85))
# From the middle of the pupil outwards: angle [deg], sRGB, and how far the surface stands out (the cornea).
EYE_RINGS = (
    (0.0, (0.02, 0.02, 0.02), 1.05), (9.0, (0.02, 0.02, 0.02), 1.04), (10.5, (0.20, 0.13, 0.09), 1.04),
    (18.0, (0.38, 0.25, 0.15), 1.02), (24.0, (0.30, 0.20, 0.13), 1.0), (26.5, (0.16, 0.12, 0.10), 1.0),
    (29.0, (0.86, 0.83, 0.80), 1.0), (45.0, (0.90, 0.87, 0.84), 1.0), (80.0, (0.85, 0.72, 0.67), 1.0),
    (180.0, (0.80, 0.55, 0.50), 1.0),
)  # fmt: skip
UNDER, TOUCHING = 0.003, 0.012
"""Skin within TOUCHING [m] of a point of cloth is drawn so much [m] further in, and less up to twice as far from it."""
_SLICES = 40
_MAN = 0.8
"""How far from women's mean shape to men's a body is that goes without a band round the chest."""
_FINGERS = ("thumb", "index", "middle", "ring", "pinky")
_LANDMARKS = (
    "nose", "glabella", "left_eye", "left_ear", "crotch", "left_iliac_crest", "left_nipple", "left_armpit",
    "left_elbow", "left_patella", "left_heel", "left_big_toe", "left_small_toe", *(f"left_{name}" for name in _FINGERS),
)  # fmt: skip

Split = tuple[np.ndarray, np.ndarray, np.ndarray]
Marks = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One painted part: vertices it uses of all [k], its faces among these [m, 3], tint of each [k, 3]."""

    name: str
    material: Material
    used: np.ndarray
    faces: np.ndarray
    tint: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class _Paint:
    """The model at rest [n, 3]; vertices added between two others (numbers a, b, share of b), round by round; parts."""

    rest: np.ndarray
    splits: tuple[Split, ...]
    parts: tuple[_Part, ...]


def figure(body: "Body", cloth: Sequence[np.ndarray] = ()) -> tuple[Item, ...]:
    """The body as it is shown under its clothes, points of which are given [m] [k, 3]; all skin where a model lacks the
    landmarks for more."""
    paint = _painted(body.model)  # type: ignore[arg-type]  # models are hashed by identity
    places = _tucked(body, np.concatenate(cloth)) if cloth else body.vertices
    if paint is None:
        return (Item("body", places, body.faces, SKIN),)
    vertices = _extended(places, paint.splits)
    normals = _extended(vertex_normals(body.vertices, body.model.skin_faces), paint.splits)
    bare = "band" if _of_a_man(body) else ""
    parts = [
        Item(part.name, vertices[part.used], part.faces, SKIN if part.name == bare else part.material,
             normals[part.used], part.tint)
        for part in paint.parts
    ]  # fmt: skip
    return (*parts, *_eyes(body, paint.rest))


def _of_a_man(body: "Body") -> bool:
    """Whether the shape is far nearer to men's than to women's, along what tells them apart (Fisher's discriminant,
    1936); never where the model does not know one from the other."""
    (women, spread), (men, other) = body.model.prior(0.0), body.model.prior(1.0)
    gap = men - women
    along = np.linalg.solve(spread + other, gap)
    return bool(gap.any() and along @ (body.betas - women) > _MAN * (along @ gap))


def _tucked(body: "Body", cloth: np.ndarray) -> np.ndarray:
    """The body's vertices, a little further in where cloth lies on them: between its points cloth is flat, and what is
    curved more than that would be seen through it."""
    from scipy.spatial import cKDTree

    far, _ = cKDTree(cloth).query(body.vertices, distance_upper_bound=2.0 * TOUCHING)
    share = np.clip(2.0 - far / TOUCHING, 0.0, 1.0)[:, None]
    skin = body.model.skin_faces
    return np.asarray(body.vertices - UNDER * share * vertex_normals(body.vertices, skin), np.float32)


def _extended(values: np.ndarray, splits: Sequence[Split]) -> np.ndarray:
    """Values of all vertices, from those [n, c] of the model's own."""
    for a, b, share in splits:
        values = np.concatenate([values, values[a] + share * (values[b] - values[a])])
    return values


@lru_cache(maxsize=2)
def _painted(model: "BodyModel") -> _Paint | None:
    if not set(_LANDMARKS) <= set(model.landmarks):
        return None
    rest = model.body().vertices
    mark = {name: rest[number].astype(float) for name, number in model.landmarks.items()}
    places, faces, splits = rest.astype(float), model.skin_faces, []

    def divide(pairs: np.ndarray, share: np.ndarray) -> None:
        nonlocal places, faces
        faces = _split(len(places), faces, pairs)
        splits.append((pairs[:, 0], pairs[:, 1], share[:, None].astype(np.float32)))
        places = _extended(places, splits[-1:])

    for reach in (0.005, 0.0025):
        near = (np.abs(np.stack([_lips(places, mark), _brows(places, mark)])) < reach).any(axis=0)
        near &= places[:, 2] > mark["nose"][2] - 0.045
        pairs = edges(faces[near[faces].any(axis=1)])
        divide(pairs, np.full(len(pairs), 0.5))
    cut = []
    for name, material, field in _PAINTS:
        value = field(places, mark)
        value = np.where(np.abs(value) < 1e-6, 1e-6, value)
        pairs = edges(faces)
        pairs = pairs[value[pairs[:, 0]] * value[pairs[:, 1]] < 0]
        ends = value[pairs]
        divide(pairs, ends[:, 0] / (ends[:, 0] - ends[:, 1]))
        sign = np.concatenate([np.sign(value), np.zeros(len(pairs))])
        inside = sign[faces].sum(axis=1) > 0
        cut.append((name, material, faces[inside]))
        faces = faces[~inside]
    tint = _tint(places, mark)
    parts = [_part(name, material, own, tint) for name, material, own in (("body", SKIN, faces), *cut) if len(own)]
    return _Paint(rest, tuple(splits), tuple(parts))


def _part(name: str, material: Material, faces: np.ndarray, tint: np.ndarray) -> _Part:
    used, local = np.unique(faces, return_inverse=True)
    shade = tint[used] if material is SKIN or name == "band" else np.ones((len(used), 3), np.float32)
    return _Part(name, material, used, frozen(local.reshape(-1, 3).astype(np.int32)), frozen(shade))


def _split(count: int, faces: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Faces after vertex count + k was put on edge pairs[k]; each face becomes one to four."""
    key = pairs[:, 0].astype(np.int64) * count + pairs[:, 1]
    order = np.argsort(key)

    def middle(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        wanted = np.minimum(a, b).astype(np.int64) * count + np.maximum(a, b)
        spot = np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)
        return np.where(key[order][spot] == wanted, count + order[spot], -1)

    a, b, c = faces.T
    sides = np.stack([middle(a, b), middle(b, c), middle(c, a)], axis=1)
    number = (sides >= 0).sum(axis=1)
    # Turn each face so that its split sides come first: one split on ab; two on ab and bc.
    lone = np.where(number == 2, (np.argmin(sides >= 0, axis=1) + 1) % 3, np.argmax(sides >= 0, axis=1))
    turn = (lone[:, None] + np.arange(3)) % 3
    (a, b, c), (ab, bc, ca) = np.take_along_axis(faces, turn, 1).T, np.take_along_axis(sides, turn, 1).T
    cases = {
        0: [(a, b, c)],
        1: [(a, ab, c), (ab, b, c)],
        2: [(ab, b, bc), (a, ab, bc), (a, bc, c)],
        3: [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)],
    }
    made = [np.stack(corners, axis=1)[number == n] for n, triangles in cases.items() for corners in triangles]
    return np.concatenate(made).astype(np.int32)


def _lips(places: np.ndarray, mark: Marks) -> np.ndarray:
    x, y, z = (places - mark["nose"]).T
    across = np.clip(np.abs(x) / 0.0245, 0, 1.2)
    bow = 0.0085 * (1 - across**2) - 0.0015 * np.exp(-((x / 0.004) ** 2))
    return np.where(z > -0.05, np.where(y > -0.034, bow - (y + 0.034), 0.010 * (1 - across**2) + (y + 0.034)), -0.01)


def _brows(places: np.ndarray, mark: Marks) -> np.ndarray:
    eye = mark["left_eye"]
    across, y = np.abs(places[:, 0]) - eye[0], places[:, 1] - eye[1]
    share = np.clip((across + 0.020) / 0.046, 0, 1)
    line = 0.0185 + 0.006 * np.sin(0.75 * np.pi * share) - 0.002 * share
    thick = 0.0028 * (1 - 0.75 * share**2)
    beyond = np.minimum(across + 0.020, 0.026 - across)
    return np.where(places[:, 2] > eye[2] - 0.05, np.minimum(thick - np.abs(y - line), beyond), -0.01)


def _hair(places: np.ndarray, mark: Marks) -> np.ndarray:
    ear, brow = mark["left_ear"], mark["glabella"]
    x, y, z = np.abs(places[:, 0]), places[:, 1], places[:, 2]
    forward = np.clip((z - ear[2]) / (brow[2] - ear[2]), -1.2, 1)
    temple = np.clip(x / ear[0], 0, 1)
    front = brow[1] + 0.048 - 0.012 * temple**2
    side = ear[1] + 0.012
    nape = ear[1] - 0.055
    low = np.where(forward > 0.25, side + (front - side) * np.clip((forward - 0.25) / 0.45, 0, 1) ** 0.8, side)
    return y - np.where(forward < -0.1, side + (nape - side) * np.clip((-forward - 0.1) / 0.5, 0, 1), low)


def _briefs(places: np.ndarray, mark: Marks) -> np.ndarray:
    x, y = np.abs(places[:, 0]), places[:, 1]
    leg = mark["crotch"][1] - 0.015 + 0.55 * np.maximum(x - 0.055, 0)
    return np.minimum(mark["left_iliac_crest"][1] - 0.055 - y, y - leg)


def _band(places: np.ndarray, mark: Marks) -> np.ndarray:
    """A band round the chest."""
    x, y = np.abs(places[:, 0]), places[:, 1] - mark["left_nipple"][1]
    return np.minimum(np.minimum(0.062 - y, y + 0.105), mark["left_armpit"][0] + 0.012 - x)


def _tint(places: np.ndarray, mark: Marks) -> np.ndarray:
    """Where blood shows through: nose, cheeks, ears, knuckles, elbows, knees, toes; factors on the skin's colour."""
    cheek = mark["left_eye"] + (0.012, -0.043, -0.005)
    spots = [(mark["nose"], 0.018, 0.7), (cheek, 0.024, 0.7), (mark["left_ear"], 0.035, 0.8)]
    spots += [(mark[f"left_{finger}"], 0.03, 0.9) for finger in _FINGERS]
    spots += [(mark["left_elbow"], 0.04, 0.5), (mark["left_patella"], 0.06, 0.45), (mark["left_heel"], 0.05, 0.6)]
    spots += [(mark["left_big_toe"], 0.05, 0.7), (mark["left_small_toe"], 0.04, 0.7)]
    half = np.abs(places) * (1, 0, 0) + places * (0, 1, 1)
    amount = np.zeros(len(places))
    for centre, radius, strength in spots:
        away = np.linalg.norm(half - (abs(centre[0]), centre[1], centre[2]), axis=1)
        amount = np.maximum(amount, strength * np.exp(-((away / radius) ** 2)))
    return (1 + amount[:, None] * (FLUSH - 1)).astype(np.float32)


def _eyes(body: "Body", rest: np.ndarray) -> list[Item]:
    """Balls with a pupil, iris and white, where the model's own eyes are, looking where they look."""
    numbers = np.unique(body.model.faces[len(body.model.skin_faces) :])
    items = []
    for side, name in ((1, "left eye"), (-1, "right eye")):
        chosen = numbers[side * rest[numbers, 0] > 0]
        if not len(chosen):
            continue
        before, after = rest[chosen].astype(float), body.vertices[chosen].astype(float)
        centre = after.mean(axis=0)
        # The best rotation from rest to now (Kabsch 1976).
        u, _, vt = np.linalg.svd((before - before.mean(axis=0)).T @ (after - centre))
        turned = u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt
        radius = np.linalg.norm(after - centre, axis=1).mean()
        ball, faces, colours = _eyeball()
        items.append(Item(name, centre + radius * ball @ turned, faces, EYE, colours=colours))
    return items


@lru_cache(maxsize=1)
def _eyeball() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A unit eyeball looking along +Z: vertices, faces, linear RGB."""
    angle = np.radians([ring[0] for ring in EYE_RINGS])
    turn = np.linspace(0, 2 * np.pi, _SLICES, endpoint=False)
    out = np.array([ring[2] for ring in EYE_RINGS])
    level, ahead = (np.sin(angle) * out)[:, None], (np.cos(angle) * out)[:, None]
    x, y, z = np.broadcast_arrays(level * np.cos(turn), level * np.sin(turn), ahead)
    row, slice_ = np.meshgrid(np.arange(len(angle) - 1), np.arange(_SLICES), indexing="ij")
    a, b = row * _SLICES + slice_, row * _SLICES + (slice_ + 1) % _SLICES
    faces = np.stack([a, a + _SLICES, b, b, a + _SLICES, b + _SLICES], -1).reshape(-1, 3)
    colours = np.repeat([from_srgb(ring[1]) for ring in EYE_RINGS], _SLICES, axis=0)
    return np.stack([x, y, z], -1).reshape(-1, 3), frozen(faces.astype(np.int32)), frozen(colours.astype(np.float32))


_PAINTS: tuple[tuple[str, Material, Callable[[np.ndarray, Marks], np.ndarray]], ...] = (
    ("lips", LIPS, _lips),
    ("brows", BROWS, _brows),
    ("hair", HAIR, _hair),
    ("briefs", UNDERWEAR, _briefs),
    ("band", UNDERWEAR, _band),
)
