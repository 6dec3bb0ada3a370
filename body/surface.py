"""The tape on any surface that a body was fitted to: a raw scan, a mesh from elsewhere.

The fitted body tells where things are: its anatomical points and its parts are carried over to the nearest vertices of
the surface, and the takes of body/takes.py are laid there. A cut needs no closed mesh and no order of its vertices;
where the surface has too large a hole, the measure is left out. Measured in the pose in which the surface stands:
levels, limbs and lengths hold in any upright pose; what wants feet together or arms down is as good as the pose.
"""

import numpy as np
from scipy.spatial import cKDTree

from assets.errors import InputRefused
from assets.mesh import edges as mesh_edges
from body.anatomy import Anatomy
from body.measure import ruler
from body.model import Body
from body.takes import TAKES, Tape
from body.tape import Figure, Strand

# A point lies on an edge of one of so many vertices that are nearest to it.
_AROUND = 6
# A tape that bridges more than this share of a girth has met a hole; the widest hollow of a body takes a fifth.
_LONGEST = 0.3


def measure_surface(vertices: np.ndarray, faces: np.ndarray, body: Body) -> dict[str, float]:
    """Measures [m] of a surface [n, 3], [m, 3] that `body` was fitted to, standing as it does; weight is not measured.

    Both stand upright, face +Z, and lie on each other within a few centimetres. Half a second for 50,000 faces.
    """
    figure, anatomy = carried(vertices, faces, body)
    on, found = Tape(figure, anatomy), {}
    for name, take in TAKES.items():
        try:
            length = take(on)
        except InputRefused:
            continue
        if all(_touches(strand, figure.vertices) for strand in length.path if strand.kind == "closed"):
            found[name] = float(length.value)
    return found


def carried(vertices: np.ndarray, faces: np.ndarray, body: Body) -> tuple[Figure, Anatomy]:
    """A surface as the tape sees it: no slopes, and the body's points and parts where it is nearest to them."""
    known, vertices = ruler(body.model).anatomy, np.asarray(vertices, float)
    skin, used, lines = np.unique(body.model.skin_faces), np.unique(faces), mesh_edges(faces)
    twin = skin[cKDTree(body.vertices[skin]).query(vertices)[1]]
    inside = {name: np.isin(twin, np.unique(region)) for name, region in known.edges.items()}
    edges = {name: lines[within[lines].all(axis=1)] for name, within in inside.items()}
    regions = {name: used[np.isin(twin[used], region)] for name, region in known.vertices.items()}
    marks = {name: body.vertices[number] for name, number in known.points.items()}
    for name, (edge, share) in known.between.items():
        marks[name] = body.vertices[edge[0]] + share * (body.vertices[edge[1]] - body.vertices[edge[0]])
    near = used[cKDTree(vertices[used]).query(np.stack(list(marks.values())), _AROUND)[1]]
    between = {
        name: _nearest(vertices, lines[np.isin(lines, numbers).any(axis=1)], place)
        for (name, place), numbers in zip(marks.items(), near, strict=True)
    }
    return Figure.still(vertices, body.joints), Anatomy({}, between, edges, regions)


def _nearest(vertices: np.ndarray, lines: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, float]:
    """The point of these edges [e, 2] that is nearest to a place [3]: its edge, and the share of its length."""
    start, along = vertices[lines[:, 0]], vertices[lines[:, 1]] - vertices[lines[:, 0]]
    share = np.einsum("ec,ec->e", place - start, along) / np.maximum(np.einsum("ec,ec->e", along, along), 1e-12)
    share = np.clip(share, 0.0, 1.0)
    best = int(np.linalg.norm(start + share[:, None] * along - place, axis=1).argmin())
    return lines[best], float(share[best])


def _touches(strand: Strand, vertices: np.ndarray) -> bool:
    """Whether a girth finds surface all round: over a hole the tape runs straight for long."""
    sides = np.linalg.norm(np.diff(strand.on(vertices), axis=0), axis=1)
    return bool(sides.max() < _LONGEST * sides.sum())
