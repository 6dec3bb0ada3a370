"""What a try-on looks like: the body and its garments as a scene, maps of strain, ease and pressure, their legends.

Strain along the threads runs blue - white - red as CLO shows it, from unstretched to each fabric's limit; ease and
pressure run along viridis (Smith & van der Walt, CC0), which is even to the eye and safe for the colour-blind.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.figure import figure
from app.posing import Rig, rig
from app.tapes import Laid, lay
from assets.mesh import vertex_normals
from render.camera import Camera, standard_view
from render.scene import Item, Line, Material, Scene, from_srgb
from render.sky import Vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.pipeline import TryOn
    from body.conflict import Misfit
    from body.measurements import Measurements
    from body.model import Body
    from garments.drape import Certificate, Drape
    from garments.fit import Fit
    from garments.sizing import Advice

MAPS = ("strain", "ease", "pressure")
MAP_SKIN = Material(base_colour=from_srgb((0.72, 0.72, 0.71)), roughness=0.8, specular=0.3)
STRAIN_COLOURS = ((0.16, 0.30, 0.75), (0.95, 0.95, 0.94), (0.78, 0.11, 0.12))
EVEN_COLOURS = (
    (0.267, 0.005, 0.329), (0.231, 0.322, 0.546), (0.129, 0.569, 0.551), (0.366, 0.783, 0.378), (0.993, 0.906, 0.144)
)  # fmt: skip
EASE_RANGE = 0.06  # clearance [m] at the end of the scale
PRESSURE_RANGE = 500.0  # [Pa]
COVER = 0.015  # cloth nearer than this [m] outside hides what is under it


@dataclass(frozen=True, slots=True)
class Legend:
    """A map's scale: title with unit, and stops (value in that unit, label, sRGB 0..1) from low to high."""

    title: str
    stops: tuple[tuple[float, str, tuple[float, float, float]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """All that a window shows of a try-on: plain values and arrays, which need no solver and no body model to read."""

    scenes: dict[str, Scene]
    legends: dict[str, Legend]
    sizes: tuple[str, ...]
    fits: "tuple[Fit, ...]"
    advice: "tuple[Advice, ...]"
    certificates: "tuple[Certificate, ...]"
    measurements: "Measurements"
    notes: tuple[str, ...]
    holds: bool
    failures: tuple[str, ...]
    tapes: tuple[Laid, ...] = ()
    rig: Rig | None = None
    skin: Item | None = None
    misfits: "tuple[Misfit, ...]" = ()


def show(result: "TryOn") -> Shown:
    """The try-on as a window needs it, looks and maps alike."""
    return Shown(
        scenes={name: scene(result, None if name == "look" else name) for name in ("look", *MAPS)},
        legends={name: legend(result, name) for name in MAPS},
        sizes=tuple(garment.size for garment in result.garments),
        fits=result.fits,
        advice=result.advice,
        certificates=tuple(drape.certificate for drape in result.drapes),
        measurements=result.estimate.measurements,
        notes=result.estimate.notes,
        holds=result.holds,
        failures=result.failures(),
        tapes=lay(result.estimate.body),
        rig=rig(result.estimate.body),
        skin=Item("skin", result.estimate.body.vertices, result.estimate.body.model.skin_faces),
        misfits=result.estimate.misfits,
    )


def scene(result: "TryOn", map_name: str | None = None) -> Scene:
    """The dressed body as cloth, or with one of MAPS drawn on the garments."""
    items, lines = list(body_items(result.estimate.body, MAP_SKIN if map_name else None)), []
    for number, drape in enumerate(result.drapes):
        items.append(garment_item(drape, map_name))
        if map_name is None:
            lines += _seams(drape, result.drapes[number + 1 :])
    return Scene(tuple(items), tuple(lines))


def camera(result: "TryOn", view: str, aspect: float) -> Camera:
    """A standard view that frames the whole person, in a picture of width / height = `aspect`."""
    vertices = result.estimate.body.vertices
    return standard_view(view, vertices.min(axis=0), vertices.max(axis=0), aspect)


def legend(result: "TryOn", map_name: str) -> Legend:
    """The scale of a map, with the values that its colours mean."""
    if map_name == "strain":
        limits = {_limit(drape) for drape in result.drapes}
        base, span = (100.0, 100.0 * limits.pop()) if len(limits) == 1 else (0.0, 100.0)
        title = "Strain [% of rest length]" if base else "Strain [% of the fabric's limit]"
        values = [base + span * k / 2 for k in range(3)]
        labels = [f"{value:.{1 if span < 10 else 0}f} %" for value in values]
        return Legend(title, tuple(zip(values, labels, STRAIN_COLOURS, strict=True)))
    end, unit = (1000 * EASE_RANGE, "mm") if map_name == "ease" else (PRESSURE_RANGE, "Pa")
    title = "Ease: distance to the skin [mm]" if map_name == "ease" else "Pressure on the skin [Pa]"
    values = [end * k / 4 for k in range(5)]
    return Legend(title, tuple(zip(values, [f"{v:.0f} {unit}" for v in values], EVEN_COLOURS, strict=True)))


def body_items(body: "Body", material: Material | None = None) -> tuple[Item, ...]:
    """The bare body: painted as a person, or all of one material."""
    return figure(body) if material is None else (Item("body", body.vertices, body.faces, material),)


def garment_item(drape: "Drape", map_name: str | None = None) -> Item:
    """A draped garment as cloth, or with one of MAPS drawn on it."""
    cloth, look = drape.cloth, drape.garment.fabric.look
    normals = vertex_normals(drape.positions, cloth.faces)
    if map_name:
        plain = Material(base_colour=(1.0, 1.0, 1.0), double_sided=True, shading="map")
        colours = _map_colours(drape, map_name)
        return Item(drape.garment.name, drape.positions, cloth.faces, plain, normals, colours)
    colour = drape.garment.colour
    material = Material(
        base_colour=colour,
        roughness=look.roughness,
        specular=0.5,
        sheen_colour=_scaled(colour, 0.5 * look.sheen, 0.04 * look.sheen),
        weave=look.weave,
        pitch=look.pitch,
        double_sided=True,
    )
    return Item(drape.garment.name, drape.positions, cloth.faces, material, normals, uv=cloth.rest)


def _seams(drape: "Drape", over: "Sequence[Drape]") -> list[Line]:
    """The seams that no garment put on later covers: drawn nearer to the eye, they would shine through it."""
    hidden = _covered(drape, over)
    shade = _scaled(drape.garment.colour, 0.55)
    return [
        Line(f"{drape.garment.name} seam", drape.positions[run], shade, width=0.0016, lift=0.003)
        for path in drape.cloth.seam_paths
        for run in np.split(path, np.flatnonzero(np.diff(hidden[path])) + 1)
        if len(run) > 1 and not hidden[run[0]]
    ]


def _covered(drape: "Drape", over: "Sequence[Drape]") -> np.ndarray:
    """Which vertices have other cloth within COVER along their outward normal, [n]."""
    from assets.closest import Surface

    hidden = np.zeros(len(drape.positions), bool)
    for other in over:
        nearest = Surface(other.positions, other.cloth.faces).closest(drape.positions)
        away = nearest.points - drape.positions
        outward = np.einsum("ij,ij->i", away, vertex_normals(drape.positions, drape.cloth.faces))
        hidden |= (outward > -0.002) & (np.linalg.norm(away, axis=1) < COVER)
    return hidden


def _scaled(colour: Vector, factor: float, lift: float = 0.0) -> Vector:
    red, green, blue = (factor * component + lift for component in colour)
    return red, green, blue


def _map_colours(drape: "Drape", map_name: str) -> np.ndarray:
    if map_name == "strain":
        return strain_colours(drape, drape.strain_along)
    if map_name == "ease":
        return _ramp(_clearance(drape) / EASE_RANGE, EVEN_COLOURS)
    return _ramp(drape.pressure / PRESSURE_RANGE, EVEN_COLOURS)


def strain_colours(drape: "Drape", strain: np.ndarray) -> np.ndarray:
    """Colours [n, 3] of a garment's strain [m], one a face, on the strain map's scale."""
    return _ramp(_on_vertices(drape.cloth.faces, strain, len(drape.positions)) / _limit(drape), STRAIN_COLOURS)


def _clearance(drape: "Drape") -> np.ndarray:
    """Distance of the cloth to the skin [m], shape [n]."""
    from assets.closest import Surface

    return Surface(drape.body.vertices, drape.body.model.skin_faces).closest(drape.positions).distance


def _on_vertices(faces: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """Per-face values averaged over the faces round each vertex."""
    total = np.bincount(faces.ravel(), np.repeat(values, 3), count)
    return total / np.maximum(np.bincount(faces.ravel(), minlength=count), 1)


def _ramp(share: np.ndarray, colours: tuple[tuple[float, float, float], ...]) -> np.ndarray:
    """Linear RGB along sRGB stops that lie evenly over 0..1, shape [n, 3]."""
    stops = np.array(colours)
    place = np.linspace(0.0, 1.0, len(stops))
    clipped = np.clip(share, 0.0, 1.0)
    shown = np.stack([np.interp(clipped, place, stops[:, k]) for k in range(3)], axis=1)
    return np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _limit(drape: "Drape") -> float:
    return drape.garment.fabric.limit
