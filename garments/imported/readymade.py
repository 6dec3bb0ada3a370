"""A garment that came as a mesh instead of a pattern: one size, its own shape, sewn as it is."""

import json
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import Damaged, InputRefused
from assets.mesh import frozen
from garments.imported.flattening import laid_flat
from garments.imported.remeshing import remeshed
from garments.nest import Nest, packed, unpacked
from garments.pattern import Pattern

if TYPE_CHECKING:
    from garments.cloth import Cloth
    from garments.fabric import Fabric

ONE_SIZE = "one size"


@dataclass(frozen=True, slots=True, eq=False)
class ReadyMade:
    """Vertices [m] [n, 3] as the file shows the garment worn, upright, facing +Z; faces [m, 3], counter-clockwise from
    outside; `flat` [m] [m, 3, 2] each corner in its panel (weft, warp); `panel` [m] of each face; `cut` whether the
    flat shape is that of the pattern, else of the mesh; `notes` how the file was understood, sentences; `arms` the
    angle [degrees] of the arms of the mean body on which the vertices lie, None where it is yet to be found; `sewn` the
    pattern that it was sewn from, as `told` says it, nothing where it came as a mesh."""

    name: str
    vertices: np.ndarray
    faces: np.ndarray
    flat: np.ndarray
    panel: np.ndarray
    cut: bool
    notes: tuple[str, ...] = ()
    arms: float | None = None
    sewn: str = ""

    def __post_init__(self) -> None:
        for name, kind in (("vertices", float), ("faces", np.int32), ("flat", float), ("panel", np.int32)):
            object.__setattr__(self, name, frozen(np.asarray(getattr(self, name), kind)))

    def checked(self) -> "ReadyMade":
        """The same. Raises ValueError where its arrays do not belong together."""
        count, points = len(self.faces), len(self.vertices)
        shapes = (self.vertices.shape, self.faces.shape, self.flat.shape, self.panel.shape)
        whole = shapes == ((points, 3), (count, 3), (count, 3, 2), (count,)) and count > 0
        if (
            not whole
            or self.faces.min() < 0
            or self.faces.max() >= points
            or not 0 <= self.panel.min() <= self.panel.max() < count
        ):
            raise ValueError("a damaged mesh")
        if self.sewn and len(self.pattern.panels) <= int(self.panel.max()):
            raise ValueError("a damaged pattern")
        return self

    @property
    def pattern(self) -> Pattern:
        """The pattern that it was sewn from. Raises InputRefused where that is damaged."""
        return self.nest.pattern

    @property
    def nest(self) -> Nest:
        """That pattern with where its panels stand. Raises InputRefused where it is damaged, or there is none."""
        if not self.sewn:
            raise InputRefused(f"{self.name} came as a mesh: it has no pattern")
        return nest_of(self.sewn, self.name)

    @property
    def panel_names(self) -> tuple[str, ...]:
        """What its panels, or the parts of a mesh without any, are called."""
        if self.sewn:
            return tuple(panel.name for panel in self.pattern.panels)
        word = "panel" if self.cut else "part"
        return tuple(f"{word} {number + 1}" for number in range(int(self.panel.max()) + 1))

    @property
    def area(self) -> float:
        """Area of the cloth [m2]."""
        first, second = self.flat[:, 1] - self.flat[:, 0], self.flat[:, 2] - self.flat[:, 0]
        return float(0.5 * np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]).sum())

    def cloth(self, fabric: "Fabric", edge: float) -> "Cloth":
        """The garment as a solver sees it, with edges of about `edge` [m]."""
        from garments.cloth import Cloth

        flat = self.flat if self.cut else np.zeros((len(self.faces), 3, 0))
        vertices, faces, flat, panel = remeshed(self.vertices, self.faces, flat, self.panel, edge)
        rest = flat if self.cut else laid_flat(vertices, faces)
        first, second = rest[:, 1] - rest[:, 0], rest[:, 2] - rest[:, 0]
        areas = 0.5 * (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])
        return Cloth(
            faces=faces.astype(np.int32),
            rest=rest,
            mass=np.bincount(faces.ravel(), np.repeat(areas * fabric.density / 3.0, 3), len(vertices)),
            panel=panel.astype(np.int32),
            panel_names=self.panel_names,
            wraps=("",) * len(self.panel_names),
            warps=np.tile([0.0, 1.0], (len(self.panel_names), 1)),
            seam_paths=(),
            seam_names=(),
            lines=MappingProxyType({}),
            thickness=fabric.thickness,
            fabric=fabric,
            shape=vertices,
            arms=self.arms,
        )


def told(nest: Nest) -> str:
    """A nest as text, for `sewn`."""
    return json.dumps(packed(nest), allow_nan=False)


@lru_cache(maxsize=16)
def nest_of(sewn: str, name: str) -> Nest:
    """The nest that a text tells, of the garment of a name. Raises InputRefused where it is damaged."""
    try:
        return unpacked(json.loads(sewn), name)
    except (ValueError, TypeError, RecursionError) as error:
        raise Damaged(f"{name}: the pattern that was kept with it is damaged") from error
