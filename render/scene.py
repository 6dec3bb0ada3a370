"""What a picture shows, as values: items with materials, lines, one key light, a sky, a background.

No value here knows the GPU. The renderer recognises arrays by identity, so an item that is replaced but keeps its
array uploads nothing. Colours are linear RGB, lengths metres, +Y up, the floor at y = 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assets.mesh import frozen
from render.sky import Sky, Softbox, Vector


@dataclass(frozen=True, slots=True, eq=False)
class Ramp:
    """Colours of a map: two to 16 stops in sRGB, evenly over `low`..`high`; what is beyond takes the end's.

    - bands: so many even steps, the first and the last in the colours of the ends; 0: smooth.
    - pattern: level lines besides colour, thicker the higher the value, for prints and eyes that see no colours.
    - strokes: short strokes on the cloth along the item's directions.
    Where an item's load is over 1, it is hatched slantwise.
    """

    low: float
    high: float
    stops: tuple[Vector, ...]
    bands: int = 0
    pattern: bool = False
    strokes: bool = False

    def share(self, values: np.ndarray) -> np.ndarray:
        """Where values lie on the scale, 0..1, of any shape; of bands one share each."""
        share = np.clip((np.asarray(values, float) - self.low) / (self.high - self.low), 0.0, 1.0)
        if self.bands:
            share = np.minimum(np.floor(share * self.bands), self.bands - 1) / max(self.bands - 1, 1)
        return share

    def colours(self, values: np.ndarray) -> np.ndarray:
        """sRGB colours 0..1 of values [...], [..., 3]."""
        stops, share = np.array(self.stops), self.share(values)
        places = np.linspace(0.0, 1.0, len(stops))
        return np.stack([np.interp(share, places, column) for column in stops.T], axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """A picture that repeats over a flat surface: sRGB, uint8 [h, w, 3], top row first; where (u, v) [m] of an item
    lies in it, as shares of a repeat from its lower left corner, is `place` [2, 3] times (u, v, 1). `normals`: how the
    surface leans, uint8 [h, w, 3], 127.5 (1 + normal), x along the picture's rows and y up. Arrays are made
    read-only."""

    picture: np.ndarray
    place: np.ndarray
    normals: np.ndarray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "picture", frozen(self.picture))
        if self.normals is not None:
            object.__setattr__(self, "normals", frozen(self.normals))
        object.__setattr__(self, "place", frozen(np.asarray(self.place, float)))

    def at(self, uv: np.ndarray) -> np.ndarray:
        """Shares of a repeat at (u, v) [m] [..., 2], of the same shape."""
        return np.asarray(uv, float) @ self.place[:, :2].T + self.place[:, 2]


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """How much of a surface is there, repeating over it: uint8 [h, w], 255 all of it, top row first; laid by `place` as
    of Print. Arrays are made read-only."""

    filled: np.ndarray
    place: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "filled", frozen(self.filled))
        object.__setattr__(self, "place", frozen(np.asarray(self.place, float)))

    def at(self, uv: np.ndarray) -> np.ndarray:
        """Shares of a repeat at (u, v) [m] [..., 2], of the same shape."""
        return np.asarray(uv, float) @ self.place[:, :2].T + self.place[:, 2]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """How a surface answers light. Colours are linear RGB reflectances.

    - specular: weight of the dielectric reflection of 4 % (1 = all of it); metallic as in glTF.
    - sheen_colour, sheen_roughness: fibres that stand off the cloth (Charlie; Estevez & Kulla 2017).
    - subsurface: how far each colour bleeds round the terminator, 0..1 (skin: red most).
    - weave: "none", "plain", "twill", "knit" or "rib"; drawn from the item's uv, one repeat per `pitch` [m].
    - opacity: 1 hides what is behind.
    - cover: the part of its area that threads fill, seen straight on; below 1 it is sheer, the less the more aslant.
    - mask: where it is and where it is not, laid by the item's uv, as of lace; `cover` is then its mean.
    - thread, hem: the colour of stitches, and how far [m] from free edges a hem is stitched, 0 not at all; seen on
      items that know where they are sewn.
    - double_sided: the back of a face is lit as a front (cloth); single-sided faces are not drawn from behind.
    - shading: "lit"; "map": colours stay readable, form is shaded lightly; "flat": colours exactly as given; "hole":
      it hides and casts shadows, and where it is the picture shows what lies behind everything.
    - ramp: the colours of the item's values, in place of the base colour; not for "lit".
    - print: a picture in place of the base colour, laid by the item's uv.
    """

    base_colour: Vector = (0.6, 0.6, 0.6)
    roughness: float = 0.6
    metallic: float = 0.0
    specular: float = 1.0
    sheen_colour: Vector = (0.0, 0.0, 0.0)
    sheen_roughness: float = 0.35
    subsurface: Vector = (0.0, 0.0, 0.0)
    weave: str = "none"
    pitch: float = 0.0008
    opacity: float = 1.0
    cover: float = 1.0
    mask: Mask | None = None
    thread: Vector = (0.5, 0.5, 0.5)
    hem: float = 0.0
    double_sided: bool = False
    shading: str = "lit"
    ramp: Ramp | None = None
    print: Print | None = None

    @property
    def sheer(self) -> bool:
        """Whether light goes through between its threads."""
        return self.cover < 1.0 or self.mask is not None


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """Triangles with a material.

    vertices [m] [n, 3]; faces [m, 3], counter-clockwise from outside; normals [n, 3] or None (computed);
    colours [n, 3] linear RGB that multiply the base colour, or None; uv [m] in the flat cloth, per vertex [n, 2] or
    per corner of a face [m, 3, 2], or None; values [n, 4] of a map, or None: the value, its load (over 1: too much),
    and a direction as (cos, sin) of twice its angle to u, near 0 where there is none. Arrays are made read-only.

    `sewn` [m, 3, 4], per corner of an item with uv per corner, or None: distance from the nearest free edge of its
    panel and how far along that is, the same of the nearest seam [m].

    An item of several `materials` has the number of the one that each face shows in `parts` [m]; they are opaque and
    double-sided like `material`.
    """

    name: str
    vertices: np.ndarray
    faces: np.ndarray
    material: Material = Material()
    normals: np.ndarray | None = None
    colours: np.ndarray | None = None
    uv: np.ndarray | None = None
    values: np.ndarray | None = None
    parts: np.ndarray | None = None
    materials: tuple[Material, ...] = ()
    sewn: np.ndarray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "faces", frozen(np.asarray(self.faces, np.int32)))
        if self.parts is not None:
            object.__setattr__(self, "parts", frozen(np.asarray(self.parts, np.int32)))
        for field in ("vertices", "normals", "colours", "uv", "values", "sewn"):
            array = getattr(self, field)
            if array is not None:
                object.__setattr__(self, field, frozen(np.asarray(array, np.float32)))


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A polyline that lies on a surface (a seam, a tape): points [m] [k, 3], colour, width [m].

    It is drawn `lift` [m] nearer to the eye than its points, and never thinner than a pixel.
    """

    name: str
    points: np.ndarray
    colour: Vector = (0.02, 0.02, 0.02)
    width: float = 0.003
    lift: float = 0.0025

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", frozen(np.asarray(self.points, np.float32)))


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """The key light: direction towards it, irradiance / pi on a surface that faces it, angular radius [rad]."""

    direction: Vector
    colour: Vector = (1.0, 1.0, 1.0)
    radius: float = 0.06


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """What is behind everything, in linear RGB: from `low` at the lower edge to `high` at the upper one, or a
    `picture`, sRGB uint8 [h, w, 3], that fills all of the picture, cut where its shape is another."""

    low: Vector = (0.3, 0.3, 0.3)
    high: Vector = (0.3, 0.3, 0.3)
    picture: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.picture is not None:
            object.__setattr__(self, "picture", frozen(self.picture))


TONES = ("neutral", "agx", "none")


def grey(lightness: float) -> Vector:
    """The linear RGB of a neutral grey of CIE L* `lightness` (0..100)."""
    root = (lightness + 16.0) / 116.0
    value = root**3 if lightness > 8.0 else lightness / 903.3
    return value, value, value


def from_srgb(colour: Sequence[float]) -> Vector:
    """Linear RGB of an sRGB colour with components 0..1 (IEC 61966-2-1)."""
    values = np.asarray(colour, float)
    red, green, blue = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return float(red), float(green), float(blue)


def to_srgb(colour: Sequence[float]) -> Vector:
    """The sRGB colour, components 0..1, of a linear RGB one; what is beyond is cut off."""
    linear = np.clip(np.asarray(colour, float), 0.0, 1.0)
    red, green, blue = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return float(red), float(green), float(blue)


LIGHT_BACKGROUND = grey(60.0)
DARK_BACKGROUND = grey(35.0)

# A large key lamp up on the left, a weak fill on the right, two strip lamps behind that draw the outline.
STUDIO_LIGHT = Light((-0.72, 0.85, 0.66), (1.0, 0.978, 0.95), 0.12)
STUDIO_SKY = Sky(
    zenith=(0.46, 0.465, 0.475),
    horizon=(0.22, 0.223, 0.228),
    floor=(0.20, 0.197, 0.193),
    softboxes=(
        Softbox((0.95, 0.3, 0.6), (0.38, 0.386, 0.398), 0.65),
        Softbox((0.85, 0.45, -0.9), (1.0, 1.02, 1.05), 0.42),
        Softbox((-0.95, 0.4, -0.75), (0.8, 0.8, 0.8), 0.42),
    ),
)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything in one picture.

    `background` is shown exactly as given, and `backdrop` in its place. `tone`, one of TONES, is how light becomes
    colours of a screen: Khronos PBR Neutral, AgX, or none, which cuts off what is beyond white. `ground` catches
    shadows on y = 0. With `turntable` the lamps go round with the camera, as if the person stood on a turntable: every
    side is lit like the front.
    """

    items: tuple[Item, ...] = ()
    lines: tuple[Line, ...] = ()
    light: Light = STUDIO_LIGHT
    sky: Sky = STUDIO_SKY
    background: Vector = LIGHT_BACKGROUND
    backdrop: Backdrop | None = None
    tone: str = "neutral"
    ground: bool = True
    turntable: bool = True

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner [m] of all items, each [3]; a standing person's where there is nothing."""
        filled = [item.vertices for item in self.items if len(item.vertices)]
        if not filled:
            return np.array([-0.3, 0.0, -0.2]), np.array([0.3, 1.7, 0.2])
        low = np.min([vertices.min(axis=0) for vertices in filled], axis=0)
        high = np.max([vertices.max(axis=0) for vertices in filled], axis=0)
        return low.astype(float), high.astype(float)
