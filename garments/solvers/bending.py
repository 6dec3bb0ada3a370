"""Bending of cloth as a discrete shell, orthotropic and scaled in N*m.

At each interior edge the heights of its two faces add to a vector: edge length times hinge angle, along the normal
(discrete shells: Grinspun et al. 2003). Cloth bends almost without stretching, so the vector is linear in the
positions, with coefficients of the flat panels (isometric bending: Bergou et al. 2006), and the stiffness matrix is
constant, convex, and blind to rigid motion. The three hinges of a face give its curvature tensor, exactly so on any
quadratic surface (the patch of the rotation-free shell triangle: Onate and Zarate 2000), and the stiffnesses along
warp, weft and bias weigh it. Seams bend like the cloth beside them: each face unfolds its neighbours with their own
flat shapes.
"""

from dataclasses import dataclass

import numpy as np

from garments.solvers.membrane import rest_gradients

# Below this share of its usual size a patch's response to some curvature is noise of an odd triangle, and is capped.
WEAKEST = 0.15


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


def stiffness(faces: np.ndarray, rest: np.ndarray, bending: np.ndarray):
    """The constant matrix K [N/m], scipy CSR [n, n]: energy is the sum over x, y, z of 0.5 * x' K x.

    `faces` [m, 3]; `rest` [m] [m, 3, 2] (weft, warp); `bending` [N*m] [m, 3] along weft, warp and the bias.
    """
    from scipy import sparse

    areas = rest_gradients(rest)[1]
    first, second, hinges = _hinges(faces, rest)
    curvature = _curvature(rest, first, second, hinges) @ _heights(faces, first, second)
    # A free strip on the bias also twists: compliances add, a quarter each, as in any orthotropic plate.
    free = 4.0 / bending[:, 2] - 1.0 / bending[:, 0] - 1.0 / bending[:, 1]
    twist = 1.0 / np.maximum(free, 0.5 / bending[:, 2])
    rigidity = np.stack([bending[:, 0], bending[:, 1], twist], axis=1) * areas[:, None]
    total = (curvature.T @ sparse.diags(rigidity.ravel()) @ curvature).tocsr()
    total.sort_indices()
    return total


def _hinges(faces: np.ndarray, rest: np.ndarray) -> tuple[_Side, _Side, np.ndarray]:
    """Both sides of the k interior edges, and the hinge opposite each corner of each face [m, 3], -1 where there is
    none. An edge with more than two faces is left free."""
    pairs = np.sort(faces[:, [[1, 2], [2, 0], [0, 1]]].reshape(-1, 2), axis=1)
    _, inverse, counts = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(inverse.ravel(), kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)])[:-1][counts == 2]
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


def _curvature(rest: np.ndarray, first: _Side, second: _Side, hinges: np.ndarray):
    """CSR [3m, k]: each face's curvature (weft, warp, twice the twist) from all hinge vectors.

    A face at a border lacks a hinge. What its own hinges do not tell, its whole neighbours do.
    """
    from scipy import sparse

    count, whole = len(rest), np.all(hinges >= 0, axis=1)
    response = _responses(rest, first, second)
    left, values, right = np.linalg.svd(response)
    answer = np.einsum("nji,nj,nkj->nik", right, values / np.maximum(values, WEAKEST) ** 2, left)
    size = np.einsum("ij,ij->i", rest[:, 1] - rest[:, 0], rest[:, 1] - rest[:, 0])[:, None]
    face, corner = np.nonzero(hinges >= 0)
    rows = 3 * face[:, None] + np.arange(3)
    columns = np.repeat(hinges[face, corner][:, None], 3, axis=1)
    shape = (3 * count, len(first.face))
    told = sparse.csr_matrix(((answer[face, :, corner] / size[face]).ravel(), (rows.ravel(), columns.ravel())), shape)
    pairs = np.concatenate([[first.face, second.face], [second.face, first.face]], axis=1)
    pairs = pairs[:, ~whole[pairs[0]] & whole[pairs[1]]]
    share = 1.0 / np.bincount(pairs[0], minlength=count)[pairs[0]]
    unseen = (np.eye(3) - answer @ response)[pairs[0]] * share[:, None, None]
    rows, columns = (3 * side[:, None, None] + np.zeros((3, 3), int) for side in pairs)
    rows, columns = rows + np.arange(3)[:, None], columns + np.arange(3)
    filled = sparse.csr_matrix((unseen.ravel(), (rows.ravel(), columns.ravel())), (3 * count, 3 * count))
    return told + filled @ told


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
