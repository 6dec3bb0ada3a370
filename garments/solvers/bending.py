"""Bending of cloth as a discrete shell, orthotropic and scaled in N*m.

At each interior edge the heights of its two faces add to a vector: edge length times hinge angle, along the normal
(discrete shells: Grinspun et al. 2003). Cloth bends almost without stretching, so the vector is linear in the
positions, with coefficients of the flat panels (isometric bending: Bergou et al. 2006), and the stiffness matrix is
constant, convex, and blind to rigid motion. The three hinges of a face give its curvature tensor, exactly so on any
quadratic surface (the patch of the rotation-free shell triangle: Onate and Zarate 2000), and the stiffnesses along
warp, weft and bias weigh it. Seams bend like the cloth beside them: each face unfolds its neighbours with their own
flat shapes.

At a crease the vector at rest is not nothing: it has the length of the pressed fold and stands on the cloth as it lies
(rest angles as in Grinspun et al. 2003; folds as in Burgoon, Grinspun and Wood 2006). Its direction is taken anew in
each iteration, between which the energy stays quadratic, and nowhere below the true one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from garments.creases import NONE, Creases
from garments.solvers.membrane import MATH, rest_gradients

# Below this share of its usual size a patch's response to some curvature is noise of an odd triangle, and is capped.
WEAKEST = 0.15
# A pressed fold springs like cloth that is bent over this length [m]: a house default, about two sheets' turn.
FOLD = 2e-3
# Faces at a crease all but touch where the sine of the angle between them is below this.
SHUT = 0.3
# So many rows of a product are found between two looks at whether to stop.
ROWS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One face's side of each hinge: face and corner opposite the edge [k]; vertex at which the face starts the edge;
    edge length, height over it [m] [k], and where the height's foot divides the edge [k]."""

    face: np.ndarray
    corner: np.ndarray
    start: np.ndarray
    length: np.ndarray
    height: np.ndarray
    foot: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Shell:
    """`matrix` K [N/m], scipy CSR [n, n]: the energy of flat cloth is the sum over x, y, z of 0.5 * x' K x.

    Of each of k creases: the vertices opposite, at its start and its end [k, 4], and their shares in its vector [k, 4];
    that vector's length at rest [m] [k], how firmly the fold keeps it besides the cloth [N/m] [k], and what forces the
    cloth beside it has of it [N/m], CSR [n, k].
    """

    matrix: Any
    corners: np.ndarray
    shares: np.ndarray
    lengths: np.ndarray
    firm: np.ndarray
    moments: Any

    def pull(self, x: np.ndarray) -> np.ndarray:
        """What the cloth beside creases adds to the forces -K x [N] at positions [m], [n, 3]: a load that stays while
        the creases keep their directions."""
        if not len(self.firm):
            return np.zeros_like(x)
        return self.moments @ (self.lengths[:, None] * _outward(x, self.corners, self.lengths))

    def forces(self, x: np.ndarray) -> np.ndarray:
        """The forces of the folds themselves [N] [n, 3]."""
        out = np.zeros_like(x)
        if len(self.firm):
            push = self.firm[:, None] * self._short(x)
            np.add.at(out, self.corners, self.shares[:, :, None] * push[:, None])
        return out

    def energy(self, x: np.ndarray) -> float:
        """Their energy [J]."""
        if not len(self.firm):
            return 0.0
        return float(0.5 * (self.firm * (self._short(x) ** 2).sum(axis=1)).sum())

    def springs(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The folds as springs of linear.py: a fold resists opening; aside, as much as it is open further than at rest,
        for it turns with the cloth."""
        outward = _outward(x, self.corners, self.lengths)
        now = np.einsum("kj,kjd,kd->k", self.shares, x[self.corners], outward)
        aside = np.clip(1.0 - self.lengths / np.where(np.abs(now) > 1e-9, now, np.inf), 0.0, 1.0)
        outer = outward[:, :, None] * outward[:, None]
        matrix = self.firm[:, None, None] * (outer + aside[:, None, None] * (np.eye(3) - outer))
        return self.corners, self.shares.astype(np.float32), matrix.astype(np.float32)

    def _short(self, x: np.ndarray) -> np.ndarray:
        """By what the folds' vectors differ from those at rest [m] [k, 3]."""
        now = np.einsum("kj,kjd->kd", self.shares, x[self.corners])
        return self.lengths[:, None] * _outward(x, self.corners, self.lengths) - now


def shell(
    faces: np.ndarray, rest: np.ndarray, bending: np.ndarray, creases: Creases = NONE,
    tick: Callable[[], None] = lambda: None,
) -> Shell:  # fmt: skip
    """Cloth that bends: `faces` [m, 3]; `rest` [m] [m, 3, 2] (weft, warp); `bending` [N*m] [m, 3] along weft, warp and
    the bias. Creases that are no interior edges are left out. `tick` is called between, and may raise Cancelled."""
    from scipy import sparse

    areas = rest_gradients(rest)[1]
    first, second, hinges = _hinges(faces, rest)
    tick()
    heights = _heights(faces, first, second)
    tick()
    curvature = _curvature(rest, first, second, hinges, tick)
    tick()
    # A free strip on the bias also twists: compliances add, a quarter each, as in any orthotropic plate.
    free = 4.0 / bending[:, 2] - 1.0 / bending[:, 0] - 1.0 / bending[:, 1]
    twist = 1.0 / np.maximum(free, 0.5 / bending[:, 2])
    rigidity = np.stack([bending[:, 0], bending[:, 1], twist], axis=1) * areas[:, None]
    felt = curvature @ heights
    tick()
    weighted = (felt.T @ sparse.diags(rigidity.ravel())).tocsr()
    rows = []
    for start in range(0, weighted.shape[0], ROWS):
        tick()
        rows.append(weighted[start : start + ROWS] @ felt)
    total = sparse.vstack(rows, format="csr")
    total.sort_indices()
    tick()
    number, angles = _creased(faces, first, second, creases)
    ends = [faces[first.face, (first.corner + k) % 3][number] for k in range(3)]
    corners = np.stack([ends[0], faces[second.face, second.corner][number], *ends[1:]], axis=1)
    one, two = first.length / first.height, second.length / second.height
    foot = np.where(first.start == second.start, second.foot, 1.0 - second.foot)
    apart = [one, two, -one * (1.0 - first.foot) - two * (1.0 - foot), -one * first.foot - two * foot]
    shares = np.stack(apart, axis=1)[number]
    moments = weighted @ curvature.tocsc()[:, number]
    firm = bending[first.face[number], :2].mean(axis=1) / (FOLD * first.length[number])
    lengths = 2.0 * first.length[number] * np.sin(0.5 * angles)
    return Shell(total, corners.astype(np.int32), shares, lengths, firm, moments.tocsr())


@njit(cache=True, fastmath=MATH)
def _bent(starts, columns, values, x, i):
    """Row i of K x [N], [3]."""
    a = b = c = 0.0
    for t in range(starts[i], starts[i + 1]):
        j, w = columns[t], values[t]
        a += w * x[j, 0]
        b += w * x[j, 1]
        c += w * x[j, 2]
    return a, b, c


@njit(cache=True, fastmath=MATH)
def resist(starts, columns, values, x, force):
    """Take what cloth without creases resists with, K x [N], from force [n, 3]."""
    for i in range(len(x)):
        a, b, c = _bent(starts, columns, values, x, i)
        force[i, 0] -= a
        force[i, 1] -= b
        force[i, 2] -= c


@njit(cache=True, fastmath=MATH)
def quadratic(starts, columns, values, x, coast, inertia, load):
    """The energy [J] of cloth without creases, of inertia [kg/s2] [n] that draws to coast [m] [n, 3], and of loads [N]
    [n, 3]."""
    total = 0.0
    for i in range(len(x)):
        a, b, c = _bent(starts, columns, values, x, i)
        p, q, r = x[i, 0] - coast[i, 0], x[i, 1] - coast[i, 1], x[i, 2] - coast[i, 2]
        total += 0.5 * inertia[i] * (p * p + q * q + r * r)
        total += x[i, 0] * (0.5 * a - load[i, 0]) + x[i, 1] * (0.5 * b - load[i, 1]) + x[i, 2] * (0.5 * c - load[i, 2])
    return total


def stiffness(faces: np.ndarray, rest: np.ndarray, bending: np.ndarray):
    """The constant matrix K [N/m] of cloth without creases, scipy CSR [n, n]."""
    return shell(faces, rest, bending).matrix


def _creased(faces: np.ndarray, side: _Side, other: _Side, creases: Creases) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of hinges that are creases, and their angles [rad]; without those whose faces are sewn together."""
    count = int(faces.max()) + 1
    ends = np.sort(np.stack([faces[side.face, (side.corner + k) % 3] for k in (1, 2)], axis=1), axis=1)
    pressed = np.sort(creases.edges, axis=1).astype(np.int64)
    keys = pressed[:, 0] * count + pressed[:, 1]
    keys, once = np.unique(keys, return_index=True)
    _, number, which = np.intersect1d(ends[:, 0].astype(np.int64) * count + ends[:, 1], keys, return_indices=True)
    free = faces[side.face, side.corner][number] != faces[other.face, other.corner][number]
    return number[free], creases.angles[once[which[free]]]


def _outward(x: np.ndarray, corners: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Unit vectors amid both faces' normals at hinges (two opposite vertices, start and end) [k, 4], [k, 3]. Faces that
    all but touch are on the side on which they rest: they cannot have come from the other."""
    one, two, start, end = (x[corners[:, k]] for k in range(4))
    along = _unit(end - start)
    arms = [_unit(arm - np.einsum("ij,ij->i", arm, along)[:, None] * along) for arm in (one - start, two - start)]
    normals = np.cross(along, arms[0]), np.cross(arms[1], along)
    open_, shut = normals[0] + normals[1], arms[0] + arms[1]
    side = np.einsum("ij,ij->i", arms[0], normals[1])
    shut *= np.where(np.where(np.abs(side) < SHUT, lengths, side) < 0.0, -1.0, 1.0)[:, None]
    sizes = [np.einsum("ij,ij->i", each, each) for each in (open_, shut)]
    return _unit(np.where((sizes[0] >= sizes[1])[:, None], open_, shut))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def _hinges(faces: np.ndarray, rest: np.ndarray) -> tuple[_Side, _Side, np.ndarray]:
    """Both sides of the k interior edges, and the hinge opposite each corner of each face [m, 3], -1 where there is
    none. An edge with more than two faces is left free."""
    pairs = np.sort(faces[:, [[1, 2], [2, 0], [0, 1]]].reshape(-1, 2), axis=1).astype(np.int64)
    keys = pairs[:, 0] * (int(faces.max()) + 1) + pairs[:, 1]
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    starts = starts[np.diff(starts, append=len(order)) == 2]
    one, two = order[starts], order[starts + 1]
    hinges = np.full(len(faces) * 3, -1)
    hinges[one] = hinges[two] = np.arange(len(one))
    return _side(faces, rest, one), _side(faces, rest, two), hinges.reshape(-1, 3)


def _side(faces: np.ndarray, rest: np.ndarray, number: np.ndarray) -> _Side:
    face, corner = number // 3, number % 3
    apex, start, end = (rest[face, (corner + k) % 3] for k in range(3))
    edge, arm = end - start, apex - start
    length = np.linalg.norm(edge, axis=1)
    height = np.abs(edge[:, 0] * arm[:, 1] - edge[:, 1] * arm[:, 0]) / length
    foot = np.einsum("ij,ij->i", arm, edge) / length**2
    return _Side(face, corner, faces[face, (corner + 1) % 3], length, height, foot)


def _heights(faces: np.ndarray, first: _Side, second: _Side):
    """CSR [k, n]: edge length times angle, as a vector, at each hinge."""
    from scipy import sparse

    count, parts = int(faces.max()) + 1, []
    numbers = np.arange(len(first.face))
    for side in (first, second):
        scale = side.length / side.height
        for k, value in enumerate((scale, -scale * (1 - side.foot), -scale * side.foot)):
            column = faces[side.face, (side.corner + k) % 3]
            parts.append(sparse.csr_matrix((value, (numbers, column)), (len(numbers), count)))
    return sum(parts[1:], parts[0])


def _curvature(
    rest: np.ndarray, first: _Side, second: _Side, hinges: np.ndarray, tick: Callable[[], None]
):  # fmt: skip
    """CSR [3m, k]: each face's curvature (weft, warp, twice the twist) from all hinge vectors.

    A face at a border lacks a hinge. What its own hinges do not tell, its whole neighbours do.
    """
    from scipy import sparse

    count, whole = len(rest), np.all(hinges >= 0, axis=1)
    response = _responses(rest, first, second)
    tick()
    answer = _answers(response)
    tick()
    size = np.einsum("ij,ij->i", rest[:, 1] - rest[:, 0], rest[:, 1] - rest[:, 0])[:, None]
    face, corner = np.nonzero(hinges >= 0)
    rows = 3 * face[:, None] + np.arange(3)
    columns = np.repeat(hinges[face, corner][:, None], 3, axis=1)
    shape = (3 * count, len(first.face))
    told = sparse.csr_matrix(((answer[face, :, corner] / size[face]).ravel(), (rows.ravel(), columns.ravel())), shape)
    tick()
    pairs = np.concatenate([[first.face, second.face], [second.face, first.face]], axis=1)
    pairs = pairs[:, ~whole[pairs[0]] & whole[pairs[1]]]
    share = 1.0 / np.bincount(pairs[0], minlength=count)[pairs[0]]
    unseen = (np.eye(3) - answer @ response)[pairs[0]] * share[:, None, None]
    rows, columns = (3 * side[:, None, None] + np.zeros((3, 3), int) for side in pairs)
    rows, columns = rows + np.arange(3)[:, None], columns + np.arange(3)
    filled = sparse.csr_matrix((unseen.ravel(), (rows.ravel(), columns.ravel())), (3 * count, 3 * count))
    tick()
    return told + filled @ told


def _answers(response: np.ndarray) -> np.ndarray:
    """The inverses of responses [m, 3, 3], where what is weaker than WEAKEST is capped."""
    # The weakest singular value is at least twice the volume over the sum of squares.
    size = np.einsum("nij,nij->n", response, response)
    across = [np.cross(response[:, k - 2], response[:, k - 1]) for k in range(3)]
    volume = np.einsum("ni,ni->n", response[:, 0], across[0])
    strong = 2.0 * np.abs(volume) > WEAKEST * size
    answer = np.stack(across, axis=2) / np.where(strong, volume, 1.0)[:, None, None]
    left, values, right = np.linalg.svd(response[~strong])
    answer[~strong] = np.einsum("nji,nj,nkj->nik", right, values / np.maximum(values, WEAKEST) ** 2, left)
    return answer


def _responses(rest: np.ndarray, first: _Side, second: _Side) -> np.ndarray:
    """Hinge vectors of each face's patch on surfaces of unit curvature, over its size squared: [m, 3 corners, 3].

    Rows of missing hinges are zero.
    """
    response = np.zeros((len(rest), 3, 3))
    size = np.einsum("ij,ij->i", rest[:, 1] - rest[:, 0], rest[:, 1] - rest[:, 0])
    for own, other in ((first, second), (second, first)):
        apex, start, end = (rest[own.face, (own.corner + k) % 3] for k in range(3))
        edge = end - start
        out = start + own.foot[:, None] * edge - apex
        # The neighbour's apex, unfolded into this face's plane.
        foot = np.where(own.start == other.start, other.foot, 1.0 - other.foot)
        beyond = start + foot[:, None] * edge + out * (other.height / own.height)[:, None]
        from_start, from_end = _quadratics(start), _quadratics(end)
        for top, along, height in ((apex, own.foot, own.height), (beyond, foot, other.height)):
            flat = (1 - along[:, None]) * from_start + along[:, None] * from_end
            lift = (own.length / height / size[own.face])[:, None] * (_quadratics(top) - flat)
            response[own.face, own.corner] += lift
    return response


def _quadratics(points: np.ndarray) -> np.ndarray:
    """The surfaces of unit curvature along weft, along warp, and of unit twist, at flat points [k, 2]: [k, 3]."""
    return np.stack([0.5 * points[:, 0] ** 2, 0.5 * points[:, 1] ** 2, 0.5 * points[:, 0] * points[:, 1]], axis=1)
