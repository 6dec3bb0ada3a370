"""Drape garments on a body, map what the cloth feels, and certify the result.

The garments of one person are one sheet, stepped together until the forces balance; later ones lie outside. The
certificate says whether the result can be trusted: nothing inside the body, at rest by force (not by speed), seams
closed. How far the fabric is stretched is a result, not a fault of the drape; `wearable` tells.
"""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import frozen
from assets.progress import Progress, silent

if TYPE_CHECKING:
    from body.model import Body
    from garments.cloth import Cloth
    from garments.garment import Garment

EDGE = 0.012
RESIDUAL = 0.02


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was checked. Depth and gap [m], residual as a share of the weight, strain and its limit as shares of rest
    length. `reasons` say why a drape is not to be trusted; empty when it holds."""

    vertices_inside: int
    faces_inside: int
    deepest: float
    residual: float
    strain_p99: float
    strain_max: float
    limit: float
    seam_gap_max: float
    reasons: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.reasons

    @property
    def over_limit(self) -> bool:
        """Whether the fabric is stretched over what is known of it: too tight to wear."""
        return self.strain_p99 > self.limit

    def plain(self) -> dict:
        """As JSON."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        rounded = {name: float(f"{value:.6g}") if isinstance(value, float) else value for name, value in told.items()}
        return {"holds": self.holds, "over_limit": self.over_limit, **rounded, "reasons": list(self.reasons)}

    @classmethod
    def from_plain(cls, told: dict) -> "Certificate":
        """Back from JSON. Raises KeyError or TypeError for anything else."""
        kept = {field.name: told[field.name] for field in fields(cls)}
        return cls(**{**kept, "reasons": tuple(str(reason) for reason in kept["reasons"])})


@dataclass(frozen=True, slots=True, eq=False)
class Drape:
    """A garment at rest on a body: positions [m] [n, 3]; per face strain along weft, warp and in shear [m, 3], the
    largest principal strain [m] and tension along weft and warp [N/m] [m, 2]; per vertex pressure on the skin [Pa]
    [n]; `edge` the mesh's edge length [m]."""

    garment: "Garment"
    cloth: "Cloth"
    body: "Body"
    edge: float
    positions: np.ndarray
    strain: np.ndarray
    strain_largest: np.ndarray
    tension: np.ndarray
    pressure: np.ndarray
    certificate: Certificate

    def __post_init__(self) -> None:
        for name in ("positions", "strain", "strain_largest", "tension", "pressure"):
            object.__setattr__(self, name, frozen(np.asarray(getattr(self, name), np.float32)))

    @property
    def wearable(self) -> bool:
        """Trusted, and not stretched over the fabric's limit."""
        return self.certificate.holds and not self.certificate.over_limit


def drape(
    garments: "tuple[Garment, ...]",
    body: "Body",
    *,
    edge: float = EDGE,
    seed: int = 0,
    progress: Progress = silent,
) -> tuple[Drape, ...]:
    """Drape garments, given in the order of dressing. Raises DrapeFailed when one cannot be put round the body."""
    from assets.closest import Surface
    from garments.arrange import arrange
    from garments.cloth import mesh
    from garments.solvers import sheet as sheets
    from garments.solvers.implicit import Solver

    cloths = tuple(mesh(garment, edge) for garment in garments)
    starts: list[np.ndarray] = []
    for cloth in cloths:
        progress(0.02, "putting the garments on")
        starts.append(arrange(cloth, body, np.concatenate(starts) if starts else None))
    skin = body.skin
    solver = Solver(sheets.join([_sheet(cloth) for cloth in cloths]), Surface(skin.vertices, skin.faces))
    state = solver.start(np.concatenate(starts))
    first = None
    for k in range(240):
        state = solver.step(state, 1.0 / 30.0, iterations=2, damping=6.0)
        if k % 5 == 4:
            residual = solver.balance(state).residual
            first = first or max(residual, 2 * RESIDUAL)
            share = np.log(first / max(residual, RESIDUAL)) / np.log(first / RESIDUAL)
            progress(0.05 + 0.9 * float(np.clip(share, k / 300, 1.0)), "draping")
            if residual < RESIDUAL:
                break
    balance = solver.balance(state)
    bounds = np.cumsum([0] + [cloth.count for cloth in cloths])
    return tuple(
        _judged(garment, cloth, body, edge, state.positions[a:b], balance.body[a:b], balance.residual, solver.surface)
        for garment, cloth, a, b in zip(garments, cloths, bounds, bounds[1:], strict=False)
    )


def _sheet(cloth: "Cloth"):
    from garments.solvers.sheet import uniform

    fabric = cloth.fabric
    stretch = [[s.first, s.last, s.stiffened] for s in (fabric.stretch_weft, fabric.stretch_warp, fabric.shear)]
    bias = 0.5 * (fabric.bending_weft + fabric.bending_warp)
    return uniform(
        cloth.faces,
        cloth.rest,
        density=fabric.density,
        stretch=stretch,
        bending=[fabric.bending_weft, fabric.bending_warp, bias],
        friction=fabric.friction,
        thickness=fabric.thickness,
    )


def _judged(garment, cloth, body, edge, positions, contact, residual, surface) -> Drape:
    from garments.solvers import membrane

    gradients, _ = membrane.rest_gradients(cloth.rest)
    sheet = _sheet(cloth)
    felt = np.zeros((len(cloth.faces), 6))
    membrane.strains(positions, cloth.faces, gradients, sheet.stretch, felt)
    largest = _largest(positions, cloth.faces, gradients)
    areas = np.bincount(cloth.faces.ravel(), np.repeat(cloth.rest_areas / 3.0, 3), cloth.count)
    near = surface.closest(positions)
    centres = surface.closest(positions[cloth.faces].mean(axis=1)).distance
    pressure = np.maximum(np.einsum("ij,ij->i", contact, near.normals), 0.0) / areas
    inside, faces_inside = int((near.distance < 0).sum()), int((centres < 0).sum())
    deepest = float(max(-min(near.distance.min(), centres.min()), 0.0))
    reasons = []
    if inside or faces_inside:
        reasons.append(f"{inside} vertices and {faces_inside} faces lie inside the body, up to {1000 * deepest:.1f} mm")
    if not residual < 2.5 * RESIDUAL:
        reasons.append(f"not at rest: unbalanced forces are {100 * residual:.0f} % of the weight")
    certificate = Certificate(
        inside,
        faces_inside,
        deepest,
        float(residual),
        float(np.percentile(felt[:, :2].max(axis=1), 99)),
        float(felt[:, :2].max()),
        float(cloth.fabric.limit),
        0.0,
        tuple(reasons),
    )
    return Drape(
        garment, cloth, body, edge, positions, felt[:, :3], largest, felt[:, 3:5], pressure, certificate
    )


def _largest(x: np.ndarray, faces: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """Largest principal strain of each face, [m]."""
    threads = np.einsum("mka,mkj->maj", gradients, x[faces])
    stretch = np.linalg.svd(threads, compute_uv=False)[:, 0]
    return stretch - 1.0
