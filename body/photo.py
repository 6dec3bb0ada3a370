"""What a picture says about a person's shape: the trunk's outline by height, from whatever side it was taken.

Silhouette breadths and depths are what a photograph adds to height and weight (body breadths after ANSUR; two-view
silhouettes as in BMnet, Ruiz et al. 2022). The landmarks give camera and pose (body/stance.py); the mask gives the two
ends of the trunk in rows from crotch to armpits; ends that an arm touches are left out (body/outline.py). An outline is
only ever compared with the model's own in the same pose from the same eye, never turned into a girth by rule:
body/observed.py does the rest.

`Eyes` says how masks err. The finder's (MediaPipe 0.10.21, its mask drawn to the edges of the picture and cut at one
half) was measured by us on 26 front views of 13 rendered people in painted underwear, from 3.1 to 3.8 m: widths are off
by 0.4 mm, sd 1.6 mm between pictures and 0.6 to 1.6 % between levels. What clothes add is a belief: 3 mm if tight.
Grain and fold were set on 17 rendered people photographed twice, each from two sides: taken as smooth and as sure below
the arms as elsewhere, outlines made two captures of one person differ by up to 6 cm at the chest.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from assets.mesh import frozen
from body.frame import Frame
from body.model import BodyModel
from body.outline import Outline, parts, shown
from body.pose import LEFT_ELBOW, LEFT_SHOULDER, RIGHT_ELBOW, RIGHT_SHOULDER, Person
from body.stance import Marks, Pinhole, Stance, Standing, marks, rig_of

if TYPE_CHECKING:
    import torch

_FEWEST_LEVELS = 4  # fewer that seem clear are luck
_FRONT, _SIDE = np.radians(25), np.radians(65)
_HANGING = 0.7  # how far down an upper arm points, cosine of the angle


@dataclass(frozen=True, slots=True, eq=False)
class Eyes:
    """How pictures err. Widths [m] are too wide by `bias`, surely to `bias_sd` in all photos alike; `clothes` add so
    much, surely to `clothes_sd`; each picture's edge is off by `edge_sd`. `shaky`: landmarks are hardly off at all (0),
    or as the finder's (1). `unlike`: by what share of their width real people differ from all our shapes, sd."""

    bias: float = 0.0
    bias_sd: float = 0.0
    edge_sd: float = 0.0
    clothes: float = 0.0
    clothes_sd: float = 0.0
    shaky: float = 0.0
    unlike: float = 0.0
    grain: float = 0.0
    fold: float = 0.0


# In ANSUR II girths at navel and hip scatter by 1.3 to 2.0 % about what breadth and depth say, most of it the calipers'
# own error (10 and 12, 6 and 6 mm).
FINDER = Eyes(0.0, 0.003, 0.0025, 0.003, 0.007, 1.0, 0.011, 0.002, 0.010)
EXACT = Eyes()


@dataclass(frozen=True, slots=True, eq=False)
class PhotoFit:
    """One picture's evidence.

    yaw [rad]: how far the person is turned from the camera (0 faces it, pi / 2 shows the right side). `outline` and
    `marks` are what the picture shows, and `stance` [n] the camera and joints (see Standing) that explain the marks.
    What follows from them is in the body's own frame, facing +Z, lowest vertex on y = 0: pose [55, 3], row 0 zero;
    camera; levels [m] [k], heights; widths [m] [k], extents of the trunk along the horizontal unit vector `direction`
    [3] (x from the front, z from the side), where both ends are seen; betas: what the proportions alone suggest. The
    outline may have no clear end: then the notes say why. Pictures of one `burst` (see Frame) share their errors.
    """

    name: str
    view: str
    yaw: float
    outline: Outline
    marks: Marks
    stance: np.ndarray
    pose: np.ndarray
    camera: Pinhole
    levels: np.ndarray
    widths: np.ndarray
    direction: np.ndarray
    betas: np.ndarray
    notes: tuple[str, ...]
    eyes: Eyes = FINDER
    burst: str = ""

    def __post_init__(self) -> None:
        for name in ("stance", "pose", "levels", "widths", "direction", "betas"):
            object.__setattr__(self, name, frozen(getattr(self, name)))


def fit_photo(
    person: Person,
    frame: Frame,
    stature: float,
    model: BodyModel,
    prior: tuple[np.ndarray, np.ndarray] | None = None,
    eyes: Eyes = FINDER,
) -> PhotoFit:
    """The trunk's outline of a person `stature` [m] tall. `prior`: mean and covariance of betas as known so far."""
    told = marks(person, frame, stature, eyes.shaky)
    standing = Standing(told, rig_of(cast(Hashable, model)), prior or model.prior())
    unknowns = standing.solve()
    stance = standing.stance(unknowns, model)
    view = _view(stance.yaw)
    body = shown(model, standing, unknowns, person.mask)
    outline = body.outline(hanging=view == "side" and _arms_hang(person))
    clear = np.array(outline.clear)
    notes = _notes(view, stance.yaw, clear)
    if view in ("front", "back") and body.hides_legs():
        clear &= (outline.rows < body.row("navel"))[:, None]
        notes.append("long or loose clothes hide the legs, so nothing below the navel is taken from this picture")
    clear &= clear.any(axis=1).sum() >= _FEWEST_LEVELS
    outline = Outline(outline.rows, outline.ends, clear, outline.scale)
    levels, widths, direction = _widths(stance, outline)
    return PhotoFit(
        frame.name, view, stance.yaw, outline, told, unknowns[: standing.split], stance.pose, stance.camera, levels,
        widths - eyes.bias - eyes.clothes, direction, stance.betas, tuple(f"{frame.name}: {note}" for note in notes),
        eyes, frame.burst,
    )  # fmt: skip


def trunk_widths(
    model: BodyModel,
    betas: torch.Tensor,
    pose: np.ndarray,
    direction: np.ndarray,
    levels: np.ndarray,
    eye: np.ndarray | None = None,
) -> torch.Tensor:
    """Extents [m] of the trunk's shadow along a horizontal direction [3] at heights [m] [l]; betas [b, k] to [b, l].

    The shadow is thrown from `eye` [m] [3], or from far away, onto the upright plane through the body's axis.
    Differentiable. What a silhouette sees, arms left out; 0 where there is nothing.
    """
    import torch

    def tensor(array: np.ndarray) -> torch.Tensor:
        return torch.tensor(np.array(array), dtype=betas.dtype)

    vertices, _ = model.forward(betas, tensor(pose)[None].expand(len(betas), -1, -1))
    up = vertices[..., 1] - vertices[..., 1].min(dim=1, keepdim=True).values
    along = vertices @ tensor(direction)
    if eye is not None:
        away = np.cross((0, 1, 0), direction)
        nearer = float(eye @ away) / (float(eye @ away) - vertices @ tensor(away))
        up = float(eye[1]) + (up - float(eye[1])) * nearer
        along = float(eye @ direction) + (along - float(eye @ direction)) * nearer
    a, b = torch.tensor(parts(model)["trunk"], dtype=torch.long).T
    heights = tensor(levels)[None, :, None]
    above, below = up[:, None, a] - heights, up[:, None, b] - heights
    crosses = above * below < 0
    share = above / torch.where(crosses, above - below, torch.ones_like(above))
    place = along[:, None, a] * (1 - share) + along[:, None, b] * share
    far = torch.full_like(place, torch.inf)
    widths = torch.where(crosses, place, -far).amax(dim=2) - torch.where(crosses, place, far).amin(dim=2)
    return torch.where(crosses.any(dim=2), widths, torch.zeros_like(widths))


def _widths(stance: Stance, outline: Outline) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Heights [m] and widths [m] of the rows both of whose ends are clear, on the upright plane through the body's axis
    that faces the camera, and the direction [3] along it."""
    camera, both = stance.camera, outline.clear.all(axis=1)
    right = camera.axes[0] * (1, 0, 1)
    direction = right / np.linalg.norm(right)
    away = np.cross((0, 1, 0), direction)
    rows = np.repeat(outline.rows[both, None], 2, axis=1)
    pixels = np.stack([outline.ends[both], rows], axis=2) - camera.centre
    sight = np.concatenate([pixels / camera.focal, np.ones((*rows.shape, 1))], axis=2) @ camera.axes
    places = camera.eye - sight * (camera.eye @ away / (sight @ away))[..., None]
    return places[..., 1].mean(axis=1), (places[:, 1] - places[:, 0]) @ direction, direction


def _arms_hang(person: Person) -> bool:
    """Whether an upper arm points down."""
    upper_arms = person.points[[LEFT_ELBOW, RIGHT_ELBOW]] - person.points[[LEFT_SHOULDER, RIGHT_SHOULDER]]
    down = upper_arms[:, 1] / np.linalg.norm(upper_arms, axis=1).clip(1)
    return bool(down.max() > _HANGING)


def _view(yaw: float) -> str:
    turn = abs(yaw)
    if turn < _FRONT:
        return "front"
    if turn > np.pi - _FRONT:
        return "back"
    return "side" if _SIDE < turn < np.pi - _SIDE else "oblique"


def _notes(view: str, yaw: float, clear: np.ndarray) -> list[str]:
    notes = []
    if view == "oblique":
        notes.append(
            f"the person is turned {abs(np.degrees(yaw)):.0f} degrees from the camera, and is taken so: "
            "face it, or turn fully sideways, for surer widths"
        )
    seen = clear.all(axis=1)
    if seen.sum() < len(seen) / 2:
        how = "stretch the arms out forward" if view == "side" else "hold the arms further away from the body"
        notes.append(f"the arms hide {'much' if clear.any() else 'all'} of the trunk's outline: {how}")
    return notes
