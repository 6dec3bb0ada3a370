"""A garment as the solver sees it: one welded triangle mesh that still knows each panel's flat shape.

Panels are triangulated flat (garments/meshing.py), seams and darts are welded into one vertex where panels meet, and
each triangle keeps its corners in its panel's frame, turned so that warp and weft are the axes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from assets.mesh import frozen
from garments import creases as pressing
from garments.fabric import Fabric
from garments.garment import Garment
from garments.imported.readymade import ReadyMade
from garments.meshing import FlatPanel, flat_panels
from garments.pattern import EdgeRef, Pattern
from garments.threads import NONE as NO_THREADS
from garments.threads import Threads, joined


@dataclass(frozen=True, slots=True, eq=False)
class Cloth:
    """Vertices 0..n-1 after welding. `faces` [m, 3] int32, counter-clockwise from outside; `rest` [m, 3, 2] flat
    coordinates [m] of each corner, axis 0 weft and axis 1 warp; `mass` [n] kg; `panel` [m] the panel of each face;
    `seam_paths` vertex numbers along each seam; `lines` vertex numbers along the garment's named lines, a closed loop
    where it goes all round (first = last); `wraps` what each panel goes round; `warps` [p, 2] the direction of each
    panel's warp in the frame that it was drawn in; `thickness` [m]; `shape` [m] [n, 3] how a ready-made garment was
    modelled, None for one that is cut from a pattern, and `arms` the angle [degrees] of the arms of the mean body on
    which it lies so, None where that is not known; `threads` what the garment is fastened with; `creases` its pressed
    folds."""

    faces: np.ndarray
    rest: np.ndarray
    mass: np.ndarray
    panel: np.ndarray
    panel_names: tuple[str, ...]
    wraps: tuple[str, ...]
    warps: np.ndarray
    seam_paths: tuple[np.ndarray, ...]
    seam_names: tuple[str, ...]
    lines: Mapping[str, np.ndarray]
    thickness: float
    fabric: Fabric
    threads: Threads = NO_THREADS
    creases: pressing.Creases = pressing.NONE
    shape: np.ndarray | None = None
    arms: float | None = None

    def __post_init__(self) -> None:
        for name in ("faces", "rest", "mass", "panel", "warps"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @property
    def count(self) -> int:
        """Number of vertices."""
        return len(self.mass)

    def drawn(self) -> np.ndarray:
        """Coordinates [m] of each corner as its panel was drawn, [m, 3, 2]."""
        warp = self.warps[self.panel][:, None]
        weft = np.stack([warp[..., 1], -warp[..., 0]], axis=-1)
        return self.rest[..., :1] * weft + self.rest[..., 1:] * warp

    def seam(self, name: str) -> np.ndarray:
        """Vertex numbers along a seam by its name; none when the garment lacks it."""
        return self.seam_paths[self.seam_names.index(name)] if name in self.seam_names else np.zeros(0, np.int32)

    def flat_length(self, path: np.ndarray) -> float:
        """Length [m] of a path of vertices along edges of the flat cloth; what lies turned over counts backwards."""
        wanted = {(min(a, b), max(a, b)) for a, b in pairwise(path)}
        length, sign = {}, np.sign(self.rest_areas)
        for k in range(3):
            a, b = self.faces[:, k], self.faces[:, (k + 1) % 3]
            near = np.isin(a, path) & np.isin(b, path)
            size = sign[near] * np.linalg.norm(self.rest[near, k] - self.rest[near, (k + 1) % 3], axis=1)
            for i, j, value in zip(a[near], b[near], size, strict=True):
                if (key := (min(i, j), max(i, j))) in wanted:
                    length[key] = float(value)
        return sum(length.values())

    @property
    def rest_areas(self) -> np.ndarray:
        """Flat areas of the faces [m2], [m]."""
        return _areas(self.rest)


def mesh(garment: Garment, edge: float = 0.012, tick: Callable[[], None] = lambda: None) -> Cloth:
    """The garment sewn together, with edges of about `edge` [m]. `tick` is called between panels and may raise
    Cancelled.

    Raises InputRefused when a panel is too small for that edge length.
    """
    pattern, fabric = garment.pattern, garment.fabric
    if isinstance(pattern, ReadyMade):
        return pattern.cloth(fabric, edge)
    flat = flat_panels(pattern, edge, tick)
    tick()
    starts = np.concatenate([[0], np.cumsum([len(panel.points) for panel in flat])])
    place = {panel.name: k for k, panel in enumerate(pattern.panels)}
    welded = _welded(pattern, flat, starts, place)

    def vertices(ref: EdgeRef) -> np.ndarray:
        run = welded[starts[place[ref.panel]] + flat[place[ref.panel]].runs[ref.edge]]
        return run[::-1] if ref.backwards else run

    def walk(ref: EdgeRef) -> tuple[np.ndarray, np.ndarray]:
        panel = flat[place[ref.panel]]
        spans = np.linalg.norm(np.diff(panel.points[panel.runs[ref.edge]], axis=0), axis=1)
        return vertices(ref), spans[::-1] if ref.backwards else spans

    rest = np.concatenate([_along_grain(pattern.panels[k].warp, panel) for k, panel in enumerate(flat)])
    faces = np.concatenate([welded[start + panel.triangles] for start, panel in zip(starts, flat, strict=False)])
    counts = [len(panel.triangles) for panel in flat]
    return Cloth(
        faces=faces.astype(np.int32),
        rest=rest,
        mass=np.bincount(faces.ravel(), np.repeat(_areas(rest) * fabric.density / 3.0, 3), welded.max() + 1),
        panel=np.repeat(np.arange(len(flat)), counts).astype(np.int32),
        panel_names=tuple(panel.name for panel in pattern.panels),
        wraps=tuple(panel.wraps for panel in pattern.panels),
        warps=np.array([panel.warp for panel in pattern.panels]),
        seam_paths=tuple(_joined([vertices(ref) for ref in seam.first]) for seam in pattern.seams),
        seam_names=tuple(seam.name for seam in pattern.seams),
        lines=MappingProxyType({name: _joined(list(map(vertices, run))) for name, run in pattern.lines.items()}),
        thickness=fabric.thickness,
        fabric=fabric,
        threads=joined([each.threads(walk) for each in pattern.fastenings]),
        creases=pressing.joined(
            [
                pressing.pressed(vertices(EdgeRef(panel.name, crease.edge)), crease.angle)
                for panel in pattern.panels
                for crease in panel.creases
            ]
        ),
    )


def _welded(pattern: Pattern, flat: list[FlatPanel], starts: np.ndarray, place: dict[str, int]) -> np.ndarray:
    """The welded vertex of each flat point, [sum of points]."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    def points(run: tuple[EdgeRef, ...]) -> list[np.ndarray]:
        found = [(starts[place[ref.panel]] + flat[place[ref.panel]].runs[ref.edge], ref.backwards) for ref in run]
        return [numbers[::-1] if backwards else numbers for numbers, backwards in found]

    pairs = [np.zeros((0, 2), int)]
    for seam in pattern.seams:
        first, second = (_stations(points(run)) for run in (seam.first, seam.second))
        pairs += [np.stack([a, b], axis=1) for a, b in ((first[0], second[0]), (first[1], second[1]))]
    rows, columns = np.concatenate(pairs).T
    graph = coo_matrix((np.ones(len(rows)), (rows, columns)), (starts[-1], starts[-1]))
    return connected_components(graph, directed=False)[1]


def _stations(runs: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The points of a run's segments: all segment starts, all segment ends. Where two edges of a run meet, the end of
    one and the start of the next are both listed, so that a closed dart between them is welded too."""
    return np.concatenate([run[:-1] for run in runs]), np.concatenate([run[1:] for run in runs])


def _along_grain(warp: np.ndarray, panel: FlatPanel) -> np.ndarray:
    weft = np.array([warp[1], -warp[0]])
    return panel.points[panel.triangles] @ np.stack([weft, warp], axis=1)


def _joined(runs: list[np.ndarray]) -> np.ndarray:
    """One path of vertex numbers; a vertex that ends one run and starts the next is listed once."""
    path = np.concatenate(runs)
    return frozen(path[np.concatenate([[True], path[1:] != path[:-1]])].astype(np.int32))


def _areas(rest: np.ndarray) -> np.ndarray:
    first, second = rest[:, 1] - rest[:, 0], rest[:, 2] - rest[:, 0]
    return 0.5 * (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])
