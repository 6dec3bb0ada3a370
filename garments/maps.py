"""Maps of a drape: what the cloth feels at every point, as tables of values that pictures, clicks and reports share.

Strain and stress live in the panels' flat frame (axis 0 weft, axis 1 warp), averaged over the faces round a vertex by
flat area. A panel keeps vertices of its own along its seams, because the threads of its neighbour run otherwise.
Stress is nominal, force over flat width, as fabrics are tested: on the bias it is Biot's tensor, the one that does work
on the stretch (Biot 1965), of the tensions of the threads and their shear. Pressure is what sensors of SENSOR size
would read: forces on single vertices are spread by heat flow, which keeps their sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import distinct, frozen, vertex_normals
from garments.atlas import BY_NAME, FAMILIES, MAPS

if TYPE_CHECKING:
    from garments.cloth import Cloth
    from garments.drape import Drape
    from garments.fabric import Fabric

SENSOR = 0.01  # [m], as of the pressure sensors that are put under garments
CLEAR = 0.003  # strains, or shares of SURE_STRESS, whose difference tells a direction from none
SURE_STRESS = 200.0  # [N/m]


@dataclass(frozen=True, slots=True, eq=False)
class Mapped:
    """The maps of one garment of a design, on vertices of which each belongs to one panel: plain arrays, which need no
    solver to be read.

    `vertices` [m] and unit `normals` [k, 3]; `faces` [f, 3] in the cloth's order; `flat` [m] [k, 2] weft and warp
    coordinates in the panel; `panel` [f] numbers of `panels`; `runs` vertex numbers along each edge and inner line by
    "panel/edge"; `values` by map [SI] [k]; `directions` of directed maps [k, 2]: (cos, sin) of twice the angle to the
    weft, shorter than 1 where the direction is in doubt; `limits` [SI] by
    map; `since`: what was worn before, where the values are the change since then, or ""."""

    garment: str
    design: str
    fabric: str
    vertices: np.ndarray
    normals: np.ndarray
    faces: np.ndarray
    flat: np.ndarray
    panel: np.ndarray
    panels: tuple[str, ...]
    runs: Mapping[str, np.ndarray]
    values: Mapping[str, np.ndarray]
    directions: Mapping[str, np.ndarray]
    limits: Mapping[str, float]
    since: str = ""

    @property
    def change(self) -> bool:
        """Whether the values are differences, which have no direction and no limit."""
        return bool(self.since)

    @property
    def areas(self) -> np.ndarray:
        """Flat area [m2] that each vertex stands for, [k]."""
        return _vertex_areas(self.faces, self.flat[self.faces], len(self.flat))


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a map says at one point: the value [SI] of `map`, the place [m] [3], the panel, the `others` of its family;
    where it has a direction, its angle [rad] from the warp (towards the weft, -pi/2..pi/2) and in space [3]; where the
    fabric has a limit, the `limit` [SI] and the `share` of it that is used; of the largest value over a movement,
    `when` [s] it was."""

    map: str
    garment: str
    fabric: str
    panel: str
    place: np.ndarray
    value: float
    change: bool
    others: Mapping[str, float] = field(default_factory=dict)
    angle: float | None = None
    along: np.ndarray | None = None
    limit: float | None = None
    share: float | None = None
    when: float | None = None


def mapped(drape: "Drape") -> Mapped:
    """All maps of a drape."""
    cloth, fabric = drape.cloth, drape.garment.fabric
    corners, first, origin = _split(cloth)
    flat = cloth.rest.reshape(-1, 2)[first]
    felt = _averaged(np.hstack([drape.strain, drape.tension]).astype(float), corners, flat)
    values, directions = _strains(felt[:, :3])
    pulls, pulled = _stresses(felt[:, :3], felt[:, 3:], fabric)
    normals = vertex_normals(drape.positions, cloth.faces)
    values |= pulls | {"pressure": sensed(drape)[origin], "ease": _clearance(drape)[origin]}
    return Mapped(
        garment=drape.garment.name,
        design=drape.garment.design,
        fabric=fabric.title,
        vertices=frozen(drape.positions[origin]),
        normals=frozen(normals[origin]),
        faces=frozen(corners.astype(np.int32)),
        flat=frozen(flat.astype(np.float32)),
        panel=cloth.panel,
        panels=tuple(name.replace("_", " ") for name in cloth.panel_names),
        runs=_runs(drape, corners),
        values={name: frozen(values[name].astype(np.float32)) for name in BY_NAME},
        directions={name: frozen(found.astype(np.float32)) for name, found in (directions | pulled).items()},
        limits=limits(fabric),
    )


def limits(fabric: "Fabric") -> dict[str, float]:
    """The values [SI] at which the threads reach the fabric's limit, by map; maps that know no limit are not there. Of
    the largest stress it is that of the threads which bear less."""
    curves = fabric.stretch_warp, fabric.stretch_weft
    warp, weft = (float(curve.tension(np.array(fabric.limit))) for curve in curves)
    found = dict.fromkeys(FAMILIES["strain"], fabric.limit)
    return found | {"stress": min(warp, weft), "stress_warp": warp, "stress_weft": weft}


def load(garment: Mapped, name: str) -> np.ndarray:
    """How much of the fabric's limit is used [k]: by the threads that a map shows, by either where it shows no single
    ones. A limit speaks of strain along the threads; on the bias cloth gives by shear. 0 where there is no limit."""
    if not BY_NAME[name].limited or garment.change:
        return np.zeros(len(garment.flat), np.float32)
    thread = name.partition("_")[2]
    own = (f"strain_{thread}",) if thread else ("strain_warp", "strain_weft")
    return np.max([garment.values[each] / garment.limits[each] for each in own], axis=0)


def read(garment: Mapped, name: str, face: int, barycentric: np.ndarray) -> Reading:
    """What a map says in a face [number] at barycentric coordinates [3], as it is drawn there."""
    corner, weights = garment.faces[face], np.asarray(barycentric, float)
    family = FAMILIES[BY_NAME[name].family]
    at = {other: float(garment.values[other][corner] @ weights) for other in family}
    angle = along = None
    if name in garment.directions:
        doubled = weights @ garment.directions[name][corner]
        if np.hypot(*doubled) > 0.5:
            half = 0.5 * np.arctan2(doubled[1], doubled[0])
            flat = np.array([np.cos(half), np.sin(half)])
            angle = float(np.arctan(flat[0] / flat[1])) if abs(flat[1]) > 1e-9 else float(np.pi / 2)
            along = _in_space(garment, corner, flat)
    limited = BY_NAME[name].limited and not garment.change
    return Reading(
        map=name,
        garment=garment.garment,
        fabric=garment.fabric,
        panel=garment.panels[garment.panel[face]],
        place=weights @ garment.vertices[corner],
        value=at[name],
        change=garment.change,
        others={other: value for other, value in at.items() if other != name},
        angle=angle,
        along=along,
        limit=garment.limits.get(name) if limited else None,
        share=float(weights @ load(garment, name)[corner]) if limited else None,
    )


def summary(garment: Mapped) -> dict:
    """Mean, 99th percentile (by area) and largest value of each map in its unit, and where the largest is; beside what
    is told of the threads, the fabric's limit of them. As JSON."""
    areas = garment.areas
    of_vertex = np.zeros(len(garment.flat), int)
    of_vertex[garment.faces] = garment.panel[:, None]
    told = {}
    for each in MAPS:
        values = garment.values[each.name]
        order = np.argsort(values)
        share = np.cumsum(areas[order]) / areas.sum()
        top = int(values.argmax())
        told[each.name] = {
            "unit": each.unit,
            "mean": round(each.shown(float(values @ areas / areas.sum())), 3),
            "p99": round(each.shown(float(values[order[np.searchsorted(share, 0.99)]])), 3),
            "largest": round(each.shown(float(values[top])), 3),
            "panel": garment.panels[of_vertex[top]],
            "place": [round(float(x), 4) for x in garment.vertices[top]],
            **(
                {"limit": round(each.shown(garment.limits[each.name]), 3)}
                if each.name in garment.limits and not each.directed
                else {}
            ),
        }
    return told


def _split(cloth: "Cloth") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices split where panels, or the sides of a dart, meet: faces [m, 3], for each vertex its first corner, and
    its vertex of the cloth [k]."""
    flat = np.round(cloth.rest.reshape(-1, 2) * 1e6).astype(np.int64)
    key = np.column_stack([np.repeat(cloth.panel, 3), cloth.faces.ravel(), flat])
    first, inverse, _ = distinct(key)
    return inverse.reshape(-1, 3), first, cloth.faces.ravel()[first]


def _runs(drape: "Drape", corners: np.ndarray) -> dict[str, np.ndarray]:
    """Vertex numbers along each edge and inner line; none of a garment that came without a pattern."""
    from garments.imported.readymade import ReadyMade
    from garments.meshing import flat_panels

    found: dict[str, np.ndarray] = {}
    pattern = drape.garment.pattern
    if isinstance(pattern, ReadyMade):
        return found
    for number, (panel, flat) in enumerate(zip(pattern.panels, flat_panels(pattern, drape.edge), strict=True)):
        own = np.zeros(len(flat.points), np.int32)
        own[flat.triangles] = corners[drape.cloth.panel == number]
        found |= {f"{panel.name.replace('_', ' ')}/{name}": frozen(own[run]) for name, run in flat.runs.items()}
    return found


def _vertex_areas(faces: np.ndarray, rest: np.ndarray, count: int) -> np.ndarray:
    first, second = rest[:, 1] - rest[:, 0], rest[:, 2] - rest[:, 0]
    area = 0.5 * np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])
    return np.bincount(faces.ravel(), np.repeat(area / 3.0, 3), count)


def _averaged(values: np.ndarray, faces: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Values of faces [m, d] on vertices [k, d]: means by flat area."""
    rest = flat[faces]
    first, second = rest[:, 1] - rest[:, 0], rest[:, 2] - rest[:, 0]
    area = 0.5 * np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])
    whole = np.bincount(faces.ravel(), np.repeat(area, 3), len(flat))
    parts = [np.bincount(faces.ravel(), np.repeat(area * column, 3), len(flat)) for column in values.T]
    return np.stack(parts, axis=1) / whole[:, None]


def _stretch(felt: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The right stretch tensor of strains weft, warp and in shear [k, 3]: its entries weft, warp, between [k].

    The root of a symmetric 2 x 2 matrix is (C + sqrt(det C) I) / sqrt(trace C + 2 sqrt(det C)).
    """
    weft, warp, shear = (1.0 + felt[:, 0]) ** 2, (1.0 + felt[:, 1]) ** 2, felt[:, 2]
    root = np.sqrt(np.maximum(weft * warp - shear * shear, 0.0))
    below = np.sqrt(weft + warp + 2.0 * root)
    return (weft + root) / below, (warp + root) / below, shear / below


def _principal(weft: np.ndarray, warp: np.ndarray, between: np.ndarray, clear: float) -> tuple[np.ndarray, np.ndarray]:
    """The larger eigenvalue [k] of symmetric tensors; its direction as in Mapped, sure where it leads by `clear`."""
    half = 0.5 * (weft - warp)
    radius = np.hypot(half, between)
    sure = np.minimum(2.0 * radius / clear, 1.0) / np.maximum(radius, 1e-30)
    return 0.5 * (weft + warp) + radius, np.stack([half * sure, between * sure], axis=1)


def _strains(felt: np.ndarray) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    largest, direction = _principal(*_stretch(felt), CLEAR)
    return {"strain": largest - 1.0, "strain_warp": felt[:, 1], "strain_weft": felt[:, 0]}, {"strain": direction}


def _stresses(
    felt: np.ndarray, tension: np.ndarray, fabric: "Fabric"
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Tensions of warp and weft [N/m], and the largest principal value of Biot's stress, (S U + U S) / 2, where S is
    the second Piola-Kirchhoff stress and U the stretch."""
    weft, warp = tension.T
    shear = np.sign(felt[:, 2]) * fabric.shear.tension(np.abs(felt[:, 2]))
    u, v, w = _stretch(felt)
    s, t = weft / (1.0 + felt[:, 0]), warp / (1.0 + felt[:, 1])
    biot = (s * u + shear * w, t * v + shear * w, 0.5 * (shear * (u + v) + w * (s + t)))
    largest, direction = _principal(*biot, CLEAR * SURE_STRESS)
    return {"stress": largest, "stress_warp": warp, "stress_weft": weft}, {"stress": direction}


def sensed(drape: "Drape") -> np.ndarray:
    """Pressure [Pa] on the cloth's vertices [n], spread over SENSOR; its integral stays the same."""
    from scipy.sparse import diags
    from scipy.sparse.linalg import splu

    from garments.fields import laplacian

    cloth = drape.cloth
    area = np.maximum(_vertex_areas(cloth.faces, cloth.rest, cloth.count), 1e-12)
    matrix = diags(area) + 0.25 * SENSOR**2 * laplacian(cloth.faces, cloth.rest, cloth.count)
    return splu(matrix.tocsc()).solve(area * drape.pressure.astype(float))


def _clearance(drape: "Drape") -> np.ndarray:
    """Distance of the cloth to the skin [m], [n]."""
    from assets.closest import Surface

    return Surface(drape.body.vertices, drape.body.model.skin_faces).closest(drape.positions).distance


def _in_space(garment: Mapped, corner: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """A direction of the flat cloth as it lies in space, unit [3]."""
    place, rest = garment.vertices[corner].astype(float), garment.flat[corner].astype(float)
    weights = np.linalg.solve((rest[1:] - rest[0]).T, flat)
    along = weights @ (place[1:] - place[0])
    return along / max(float(np.linalg.norm(along)), 1e-12)
