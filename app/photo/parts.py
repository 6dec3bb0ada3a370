"""What of a photographed person stays before a new garment, and what of the old clothes is left to see.

Arms are told by the depth of the fitted body; hands and hair besides by their colour, compared with bare skin and hair
where the fitted head shows them. Colour is the logarithms of red and blue over green, which shading leaves alone, and
brightness, which it does not: the second may differ more. Where the old clothes have the same colour nothing can be
told, and the notes say so. No skin is invented: what the new garment leaves of the old ones is found and named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from body.model import JOINT_NAMES, following

if TYPE_CHECKING:
    from body.model import Body
    from body.stance import Pinhole

FACING = 0.35
"""Cosine to the eye from which a place of the body is clearly seen."""
REACH, HAIR_REACH = 0.035, 0.45
"""How far beyond the fitted hands they are looked for [m]; how far down from the eyes hair is."""
ALIKE, UNLIKE = 2.6, 3.2
"""Colours nearer than this [sd] are one; further apart than that they can be told apart."""
CHROMA_SD, BRIGHT_SD = 0.045, 0.30
LOOSE = 0.035
"""Cloth further outside the fitted body than this [m] hangs loose."""
HOODED = 0.3
"""A garment that dresses so much of the head hides the hair."""
COVERED = 0.045
"""Skin nearer to new cloth than this [m] is dressed by it."""
TOLD, LEAST = 0.012, 0.0006
"""What is left of old clothes is told from this share of the person on; from a quarter of it if unlike skin. Pieces of
less than LEAST [m2] are none."""
CUFF = 0.05
"""A cuff is so near to the wrist [m]."""
_PARTS = {
    "head": ("head", "neck", "jaw", "left_eye", "right_eye"),
    "chest": ("spine2", "spine3", "left_collar", "right_collar"), "hips": ("pelvis", "spine1"),
    "left sleeve": ("left_shoulder", "left_elbow"), "right sleeve": ("right_shoulder", "right_elbow"),
    "left leg": ("left_hip", "left_knee"), "right leg": ("right_hip", "right_knee"),
    "feet": ("left_ankle", "right_ankle", "left_foot", "right_foot"),
}  # fmt: skip
NAMES = (*_PARTS, "hands")
_RIMS = ("head", "hands")
_TOP, _BOTTOM = ("chest", "left sleeve", "right sleeve"), ("left leg", "right leg")


@dataclass(frozen=True, slots=True, eq=False)
class Shades:
    """A colour as seen in a photo: mean and sd of log red over green, log blue over green, log brightness, each [3]."""

    mean: np.ndarray
    sd: np.ndarray

    def far(self, features: np.ndarray) -> np.ndarray:
        """How far features [..., 3] are from it [sd], [...]."""
        return np.sqrt((((features - self.mean) / self.sd) ** 2).mean(axis=-1) * 2.0)


def features(linear: np.ndarray) -> np.ndarray:
    """Log red over green, log blue over green, log brightness, [..., 3], of linear RGB [..., 3]."""
    safe = np.log(np.maximum(linear, 4e-3))
    return np.stack([safe[..., 0] - safe[..., 1], safe[..., 2] - safe[..., 1], safe.mean(axis=-1)], axis=-1)


def shades(seen: np.ndarray) -> Shades | None:
    """The colour that most of some features [k, 3] have; None of too few."""
    if len(seen) < 12:
        return None
    mean = np.median(seen, axis=0)
    spread = 1.4826 * np.median(np.abs(seen - mean), axis=0)
    return Shades(mean, np.clip(spread, (CHROMA_SD, CHROMA_SD, BRIGHT_SD), (0.12, 0.12, 0.6)))


@lru_cache(maxsize=4)
def parts_of(model: Any) -> np.ndarray:
    """Which of NAMES each vertex of a body model belongs to, [n]."""
    owner = np.asarray(model.weights).argmax(axis=1)
    number = np.full(len(JOINT_NAMES), NAMES.index("hands"))
    for place, joints in enumerate(_PARTS.values()):
        for joint in joints:
            number[JOINT_NAMES.index(joint)] = place
    return number[owner]


@lru_cache(maxsize=4)
def hand_of(model: Any) -> tuple[np.ndarray, np.ndarray]:
    """Which vertices are of the left, of the right hand."""
    left, right = (np.flatnonzero(following(model, f"{side}_wrist") > 0.5) for side in ("left", "right"))
    return left, right


@dataclass(frozen=True, slots=True, eq=False)
class Stood:
    """A body in a photo: vertices in the picture [pixels] [n, 2], their distance [m] [n], which of them look at the
    camera [n], normals [n, 3], and how long a metre is [pixels]."""

    body: "Body"
    at: np.ndarray
    depth: np.ndarray
    seen: np.ndarray
    normals: np.ndarray
    metre: float

    @property
    def model(self) -> Any:
        """The body's model, which is told apart by identity."""
        return self.body.model


def stood(body: "Body", camera: "Pinhole") -> Stood:
    """The body as the camera sees it."""
    from assets.mesh import vertex_normals

    vertices = np.asarray(body.vertices, float)
    normals = vertex_normals(body.vertices, body.model.skin_faces).astype(float)
    to_eye = camera.eye - vertices
    to_eye /= np.linalg.norm(to_eye, axis=1, keepdims=True)
    depth = camera.depth(vertices)
    seen = (normals * to_eye).sum(axis=1) > FACING
    return Stood(body, camera.project(vertices), depth, seen, normals, camera.focal / float(np.median(depth)))


def bare_skin(view: Stood) -> np.ndarray:
    """Vertices of face and hands that look at the camera [k]."""
    model = view.model
    skin = np.zeros(len(view.at), bool)
    skin[np.concatenate(hand_of(model))] = True
    skin |= face_of(model)
    return np.flatnonzero(skin & view.seen)


@lru_cache(maxsize=4)
def face_of(model: Any) -> np.ndarray:
    """Whether each vertex is of the face between chin and brows, [n]."""
    head = following(model, "head") > 0.9
    at, names = model.body().vertices, model.landmarks
    if not {"nose", "glabella"} <= set(names):
        return head
    nose, brow = at[names["nose"]], at[names["glabella"]]
    low = nose[1] - 1.4 * (brow[1] - nose[1])
    return head & (at[:, 1] > low) & (at[:, 1] < brow[1] + 0.02) & (at[:, 2] > nose[2] - 0.09)


@lru_cache(maxsize=4)
def scalp_of(model: Any) -> np.ndarray:
    """Whether each vertex is where hair grows, [n]."""
    head = following(model, "head") > 0.9
    at, names = model.body().vertices, model.landmarks
    if not {"glabella", "left_ear"} <= set(names):
        return np.zeros(len(at), bool)
    brow, ear = at[names["glabella"]], at[names["left_ear"]]
    return head & ((at[:, 1] > brow[1] + 0.06) | ((at[:, 2] < ear[2]) & (at[:, 1] > ear[1])))


def sampled(picture: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The picture's [h, w, c] values at pixels [k, 2] that are inside it, and which those are [k]."""
    column, row = np.floor(at).astype(int).T
    inside = (column >= 0) & (row >= 0) & (column < picture.shape[1]) & (row < picture.shape[0])
    return picture[row[inside], column[inside]], inside


def before(
    view: Stood, cloth: np.ndarray, colours: np.ndarray, mask: np.ndarray, cover: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """What of the person is before garments with vertices [m] [k, 3] that cover [h, w] 0..1, 0..1 [h, w], and notes.
    `colours`: features of the photo [h, w, 3]; `mask`: the person."""
    skin = shades(sampled(colours, view.at[bare_skin(view)])[0])
    chest = view.seen & (parts_of(view.model) == NAMES.index("chest"))
    old = shades(sampled(colours, view.at[chest])[0])
    front, notes = np.zeros(cover.shape, bool), []
    under = (cover > 0.05) & (mask > 0.4)
    zone = _near_hands(view, cover.shape) & under
    if zone.any() and skin is not None:
        if old is not None and skin.far(old.mean) < UNLIKE:
            notes.append("the clothes worn are of the skin's colour: hands before them cannot be told from them")
        else:
            front |= _joined(zone & (skin.far(colours) < ALIKE), zone, 0.0004 * view.metre**2)
    if dressed_parts(view, cloth)["head"] > HOODED:
        return _softened(front), notes
    hair, words = _hair(view, colours, skin, old, under, mask)
    return _softened(front | hair), notes + words


def _hair(
    view: Stood, colours: np.ndarray, skin: Shades | None, old: Shades | None, under: np.ndarray, mask: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """Hair and beard that fall before the garment, [h, w]."""
    nothing = np.zeros(under.shape, bool)
    scalp = view.seen & scalp_of(view.model)
    hair = shades(sampled(colours, view.at[scalp])[0])
    if hair is None or (skin is not None and hair.far(skin.mean) < UNLIKE):
        return nothing, []
    head = view.at[face_of(view.model)]
    low, right, left = head[:, 1].max(), head[:, 0].max(), head[:, 0].min()
    rows, columns = np.indices(under.shape, sparse=True)
    reach, aside = HAIR_REACH * view.metre, 0.14 * view.metre
    zone = (rows < low + reach) & (columns > left - aside) & (columns < right + aside) & (mask > 0.4)
    if not (zone & under).any():
        return nothing, []
    if old is not None and hair.far(old.mean) < UNLIKE:
        return nothing, [
            "hair and the clothes worn are of one colour: hair before the garment cannot be told from them"
        ]
    alike = zone & (hair.far(colours) < ALIKE)
    roots = alike & (rows < low)
    return _joined(alike, roots, 0.0002 * view.metre**2) & under, []


def filled(view: Stood, cloth: np.ndarray, inner: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Where garments with vertices [m] [k, 3] show their inside, `inner` [h, w], though a person's limbs fill it,
    0..1 [h, w]: an open sleeve about a real hand is not seen into. What is seen into a hood stays."""
    found = (inner > 0) & ((mask > 0.5) | _near_hands(view, inner.shape, 2.0, hidden=True))
    if dressed_parts(view, cloth)["head"] > HOODED:
        head = parts_of(view.model) == NAMES.index("head")
        low = view.at[head, 1].max()
        found &= np.arange(len(found))[:, None] > low
    return found.astype(np.float32)


def dressed_parts(view: Stood, cloth: np.ndarray) -> dict[str, float]:
    """How much of each of NAMES is dressed by cloth with vertices [m] [k, 3], 0..1."""
    from scipy.spatial import cKDTree

    parts = parts_of(view.model)
    far, _ = cKDTree(cloth).query(view.body.vertices, distance_upper_bound=COVERED)
    return {name: float(np.isfinite(far[parts == k]).mean()) for k, name in enumerate(NAMES)}


def _near_hands(view: Stood, shape: tuple[int, ...], wide: float = 1.0, hidden: bool = False) -> np.ndarray:
    """Where hands that are not behind the trunk may be, or with `hidden` all, [h, w]; `wide` times REACH beyond."""
    import cv2

    zone = np.zeros(shape, np.uint8)
    chest = np.median(view.depth[parts_of(view.model) <= NAMES.index("hips")])
    for hand in hand_of(view.model):
        if hidden or np.median(view.depth[hand]) < chest + 0.06:
            hull = cv2.convexHull(view.at[hand].astype(np.float32)).astype(np.int32)
            cv2.fillConvexPoly(zone, hull, (1,))
    size = 2 * max(round(wide * REACH * view.metre), 1) + 1
    return cv2.dilate(zone, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))) > 0


def _joined(found: np.ndarray, roots: np.ndarray, least: float) -> np.ndarray:
    """Pieces of what was found that touch roots and are not smaller than `least` [pixels]."""
    import cv2

    clean = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(clean)
    kept = np.zeros(count, bool)
    kept[np.unique(labels[roots & (labels > 0)])] = True
    kept &= stats[:, cv2.CC_STAT_AREA] >= least
    kept[0] = False
    return cv2.morphologyEx(kept[labels].astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)) > 0


def _softened(mask: np.ndarray) -> np.ndarray:
    import cv2

    return cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.0)


def remains(
    view: Stood, cloth: np.ndarray, colours: np.ndarray, mask: np.ndarray, cover: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """What the new garments, with vertices [m] [k, 3], leave to see of the clothes that they take the place of, [h, w],
    and notes that name it."""
    from scipy.spatial import cKDTree

    parts, worn = parts_of(view.model), dressed_parts(view, cloth)
    replaced = (_TOP if worn["chest"] > 0.4 else ()) + (_BOTTOM if min(worn[name] for name in _BOTTOM) > 0.25 else ())
    left = np.zeros(mask.shape, bool)
    rows, columns = np.nonzero((mask > 0.6) & (cover < 0.5))
    if not replaced or not len(rows):
        return left, []
    seen = np.flatnonzero(view.seen)
    away, nearest = cKDTree(view.at[seen]).query(np.stack([columns, rows], axis=1) + 0.5)
    rimmed, skin = _rimmed(view), shades(sampled(colours, view.at[bare_skin(view)])[0])
    part, here = rimmed[seen[nearest]], colours[rows, columns]
    old = np.isin(part, [NAMES.index(name) for name in replaced])
    if worn["chest"] > 0.4 and not np.isin("left leg", replaced):
        old |= (part == NAMES.index("hips")) & _as_the_top(view, colours, here)
        hips, knees = (view.at[parts == NAMES.index(name), 1].mean() for name in ("hips", "left leg"))
        loose = (away > LOOSE * view.metre) & (rows > hips) & (rows < knees)
        old |= loose & np.isin(part, [NAMES.index(name) for name in ("hips", *_BOTTOM)])
    if worn["chest"] > 0.4:
        rim = _at_the_rims(view, part, rows)
        old[rim] |= _as_the_old_top(view, colours, rimmed, here[rim], skin)
    strange = np.full(len(rows), np.inf) if skin is None else skin.far(here)
    old &= strange > ALIKE
    left[rows[old], columns[old]] = True
    least = LEAST * view.metre**2
    left = _joined(left, left, least)
    person, kept = float((mask > 0.5).sum()), left[rows, columns]
    found = [k for k in np.unique(part[kept]) if _told(k, strange[kept & (part == k)], person, least)]
    told = np.isin(part, found)
    left[rows[~told], columns[~told]] = False
    return left, [_named(NAMES[k] for k in found)] if found else []


def _told(part: int, strange: np.ndarray, person: float, least: float) -> bool:
    """Whether what was found at one of NAMES, so far from skin [sd] [k], is told of a `person` [pixels]; of collar and
    cuffs from `least` [pixels] on."""
    if NAMES[part] in _RIMS:
        return len(strange) > least
    # Skin in its own shade is a little strange too, and no cloth.
    sure = np.median(strange) > 2 * ALIKE
    return len(strange) > (TOLD / 4 if sure else TOLD) * person


def _named(parts: Iterable[str]) -> str:
    words = ", ".join(_WORDS[name] for name in parts)
    return f"what is worn shows beside the new garment ({words}): the skin under it is not known"


def _at_the_rims(view: Stood, part: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Which pixels, which lie on `rows` [k] and belong to `part` [k], are below the chin or at the wrists, [k]."""
    chin = view.at[face_of(view.model), 1].max()
    return (part == NAMES.index("hands")) | ((part == NAMES.index("head")) & (rows > chin))


def _as_the_old_top(
    view: Stood, colours: np.ndarray, rimmed: np.ndarray, here: np.ndarray, skin: Shades | None
) -> np.ndarray:
    """Which features `here` [k, 3] are rather of a colour of the old top than of the skin's, [k]; `rimmed`: which of
    NAMES each vertex belongs to."""
    most = np.full(len(here), UNLIKE) if skin is None else np.minimum(skin.far(here), UNLIKE)
    found = np.zeros(len(here), bool)
    for names in (("chest",), ("left sleeve", "right sleeve")):
        there = view.seen & np.isin(rimmed, [NAMES.index(name) for name in names])
        cloth = shades(sampled(colours, view.at[there])[0])
        if cloth is not None and (skin is None or skin.far(cloth.mean) > UNLIKE):
            found |= cloth.far(here) < most
    return found


def _rimmed(view: Stood) -> np.ndarray:
    """Which of NAMES each vertex belongs to, [n], where cuffs are of the hands."""
    wrists = view.body.joints[[JOINT_NAMES.index(f"{side}_wrist") for side in ("left", "right")]]
    away = np.linalg.norm(view.body.vertices[:, None] - wrists, axis=2).min(axis=1)
    return np.where(away < CUFF, NAMES.index("hands"), parts_of(view.model))


_WORDS = {
    "chest": "the trunk", "hips": "the hips", "left sleeve": "the left sleeve", "right sleeve": "the right sleeve",
    "left leg": "the left leg", "right leg": "the right leg", "head": "the collar", "feet": "the feet",
    "hands": "the cuffs",
}  # fmt: skip


def _as_the_top(view: Stood, colours: np.ndarray, here: np.ndarray) -> np.ndarray:
    """Whether features [k, 3] are rather the old top's than the old trousers'."""
    parts = parts_of(view.model)
    top, below = (
        shades(sampled(colours, view.at[view.seen & np.isin(parts, [NAMES.index(name) for name in names])])[0])
        for names in (("chest",), _BOTTOM)
    )
    if top is None:
        return np.zeros(len(here), bool)
    far = top.far(here)
    return (far < ALIKE) & (far < (below.far(here) if below is not None else np.inf))
