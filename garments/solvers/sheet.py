"""What a solver knows of cloth and never changes: flat faces, masses, measured stiffness. SI throughout."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from assets.mesh import frozen


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Cloth of one or more garments for n vertices and m faces.

    faces [m, 3]; rest [m] [m, 3, 2]: each corner in its flat panel (weft, warp); mass [kg] [n];
    stretch [m, 3, 3]: first slope [N/m], last slope [N/m], span of strain, along weft, warp and in shear;
    bending [N*m] [m, 3]: along weft, warp and the bias; friction [n] against skin; thickness [m] [n];
    layer [n]: number of the garment, later ones are worn outside.
    """

    faces: np.ndarray
    rest: np.ndarray
    mass: np.ndarray
    stretch: np.ndarray
    bending: np.ndarray
    friction: np.ndarray
    thickness: np.ndarray
    layer: np.ndarray

    def __post_init__(self) -> None:
        for field in fields(self):
            kind = np.int32 if field.name in ("faces", "layer") else np.float64
            object.__setattr__(self, field.name, frozen(np.asarray(getattr(self, field.name), kind)))

    @property
    def edge(self) -> float:
        """Median length of its faces' edges [m]."""
        return float(np.median(np.linalg.norm(self.rest - np.roll(self.rest, 1, axis=1), axis=2)))


def uniform(
    faces: np.ndarray,
    rest: np.ndarray,
    *,
    density: float,
    stretch: Sequence[Sequence[float]],
    bending: Sequence[float],
    friction: float = 0.3,
    thickness: float = 0.5e-3,
) -> Sheet:
    """A sheet of one fabric: density [kg/m2], stretch [3, 3] and bending [3] as in Sheet, friction, thickness [m]."""
    from garments.solvers.membrane import rest_gradients

    count = int(np.max(faces)) + 1
    areas = rest_gradients(rest)[1]
    mass = np.bincount(np.ravel(faces), np.repeat(density * areas / 3.0, 3), count)
    return Sheet(
        faces, rest, mass,
        np.broadcast_to(np.asarray(stretch, float), (len(faces), 3, 3)),
        np.broadcast_to(np.asarray(bending, float), (len(faces), 3)),
        np.full(count, friction), np.full(count, thickness), np.zeros(count, np.int32),
    )  # fmt: skip


def join(sheets: Sequence[Sheet]) -> Sheet:
    """Several sheets as one, in dressing order; vertex numbers follow one another."""
    offsets = np.cumsum([0] + [len(sheet.mass) for sheet in sheets])
    parts = {field.name: np.concatenate([getattr(sheet, field.name) for sheet in sheets]) for field in fields(Sheet)}
    parts["faces"] = np.concatenate([sheet.faces + offset for sheet, offset in zip(sheets, offsets, strict=False)])
    parts["layer"] = np.concatenate([np.full(len(sheet.mass), number) for number, sheet in enumerate(sheets)])
    return Sheet(**parts)
