"""A garment mesh in metres, of unknown pose, put on a body by its own shape.

The arms of the body that it was modelled on are those by which it sits best. Where its file has it off the floor, as
programs for clothes leave it on their figures, and below the shoulders, it is worn at that height if it sits there
about as well as anywhere; and a tube without armholes hangs below the arms. Then the garment follows the skin's bones
from that pose to the wearer's (linear blending, weights smoothed over the cloth), and settling pushes it out of the
skin (garments/dressing/settle.py).
"""

from operator import itemgetter
from typing import Any

import numpy as np

from assets.closest import Surface
from assets.mesh import edges
from body.model import Body
from body.poses import T
from body.posing.skeleton import chain
from garments.imported.dressform import HIPS, SHOULDERS, TOP, Form, mean_body, mean_form, sampled

_ARMS = (-75.0, -55.0, -35.0, -15.0, 0.0)
_OFF_FLOOR, _TALLEST, _AS_WELL, _ABOUT = 0.1, 2.0, 1.3, 0.05
_NECK = 0.6
_SMOOTHINGS = 40
_EASINGS, _WIDE = 40, 6


def place(
    shape: np.ndarray, faces: np.ndarray, body: Body, stretch: float = 1.0, arms: float | None = None
) -> np.ndarray:
    """Where a garment of `shape` [m] [n, 3], `stretch` times as large, comes to lie on a body when its sleeves follow
    the arms, [m] [n, 3]. `arms`: the angle [degrees] of the arms of the mean body that it lies on already, if it
    does."""
    if arms is not None:
        form = Form(body, arms)
        pivot = np.array([0.0, shape[:, 1].max(), shape[:, 2].mean()])
        return _carried(pivot + stretch * (shape - pivot) + _higher(shape, form), faces, form, body)
    under_arms, top, low = _is_tube(shape, faces), float(shape[:, 1].max()), float(shape[:, 1].min())
    shape = stretch * shape
    points = sampled(shape)
    forms = [Form(body, None), *(Form(body, angle) for angle in _ARMS)]
    seats = [form.seat(points, under_arms) for form in forms]
    top *= forms[0].height / mean_form().height
    if low > _OFF_FLOOR and top < TOP * forms[0].height:  # What reaches higher hangs on the shoulders.
        stood = [form.seat(points, top=top) for form in forms]
        (cost, way), (there, short) = (min(each, key=itemgetter(0)) for each in (seats, stood))
        if abs(way[1] - short[1]) > _ABOUT and there < _AS_WELL * cost:
            seats = stood
    costs = [cost for cost, _ in seats]
    best = int(np.argmin(costs))
    best = 0 if costs[0] < 1.02 * costs[best] else best
    placed = shape + seats[best][1]
    return placed if best == 0 else _carried(placed, faces, forms[best], body)


def off_floor(shape: np.ndarray) -> np.ndarray:
    """A garment upright [m] [n, 3], its middle over the origin: at the height that it has where somebody could wear it
    there, else on the floor."""
    low, high = shape.min(axis=0), shape.max(axis=0)
    worn = low[1] > _OFF_FLOOR and high[1] < _TALLEST
    return shape - [0.5 * (low[0] + high[0]), 0.0 if worn else low[1], 0.0]


def _is_tube(shape: np.ndarray, faces: np.ndarray) -> bool:
    """Whether each part of a garment [n, 3] is a tube, and the highest rim of all goes round more than a neck."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    sides = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    pairs, times = np.unique(sides, axis=0, return_counts=True)
    rims = pairs[times == 1]

    def parts(links: np.ndarray) -> np.ndarray:
        graph = coo_matrix((np.ones(len(links)), links.T), (len(shape), len(shape)))
        return connected_components(graph, directed=False)[1]

    if not len(rims):
        return False
    rim, part = parts(rims)[rims[:, 0]], parts(pairs)
    loops = np.unique(np.column_stack([part[rims[:, 0]], rim]), axis=0)
    if not (np.bincount(loops[:, 0], minlength=1)[np.unique(part[faces[:, 0]])] == 2).all():
        return False
    highest = max(np.unique(rim), key=lambda each: float(shape[rims[rim == each, 0], 1].mean()))
    a, b = rims[rim == highest].T
    return float(np.linalg.norm(shape[a] - shape[b], axis=1).sum()) > _NECK


def _higher(shape: np.ndarray, form: Form) -> np.ndarray:
    """How much further up and forward [m] [3] a body holds a garment, at the shoulders or the hips, than the mean body
    on which it has its shape."""
    mean = mean_body(-35.0)
    at = SHOULDERS if shape[:, 1].max() > 0.72 * float(np.ptp(mean.vertices[:, 1])) else HIPS
    shift = (np.asarray(form.body.joints)[at] - np.asarray(mean.joints)[at]).mean(axis=0)
    return shift * (0.0, 1.0, 1.0)


def _carried(placed: np.ndarray, faces: np.ndarray, form: Form, body: Body) -> np.ndarray:
    """Points of cloth on the form's body moved with the skin's bones to the same body in its own pose."""
    model = body.model
    rest = model.body(body.betas, T, body.detail).joints
    near = form.surface.closest(placed)
    weights = np.einsum("nk,nkj->nj", near.barycentric, np.asarray(model.weights)[body.skin.faces[near.faces]])
    weights = _smoothed(weights, faces)
    (turns, joints), (to_turns, to_joints) = (_bones(each, rest) for each in (form.body, body))
    turn = to_turns @ np.swapaxes(turns, -1, -2)
    shift = to_joints - np.einsum("jab,jb->ja", turn, joints)
    return np.einsum("nj,jab,nb->na", weights, turn, placed, optimize=True) + weights @ shift


def _bones(body: Body, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    turns, places = chain(np.asarray(body.pose, float), np.asarray(rest, float))
    return turns, places + (np.asarray(body.joints[0], float) - places[0])


def eased(places: np.ndarray, faces: np.ndarray, surface: Surface, clearance: float) -> np.ndarray:
    """Points of cloth [m] [n, 3] drawn out of a skin until they are `clearance` [m] off, or nearly: what is inside
    takes its neighbours along, so that folds and sleeves do not go through each other."""
    mean = _mean_of_neighbours(faces, len(places))
    for _ in range(_EASINGS):
        found = surface.closest(places)
        move = found.normals * np.maximum(clearance - found.distance, 0.0)[:, None]
        if not (found.distance < 0.0).any():
            break
        wide = move
        for _ in range(_WIDE):
            wide = mean @ wide
            wide = np.where((found.distance < clearance)[:, None], move, wide)
        for _ in range(_WIDE):
            wide = 0.5 * wide + 0.5 * (mean @ wide)
        places = places + 0.5 * wide
    return places


def _mean_of_neighbours(faces: np.ndarray, count: int) -> Any:
    """The sparse matrix [count, count] that averages over a vertex's neighbours."""
    from scipy.sparse import coo_matrix, diags

    pairs = edges(faces)
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (count, count)).tocsr()
    links = links + links.T
    return diags(1.0 / np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1.0)) @ links


def _smoothed(weights: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Weights [n, 55] averaged with those of neighbours, time and again."""
    mean = _mean_of_neighbours(faces, len(weights))
    for _ in range(_SMOOTHINGS):
        weights = 0.5 * weights + 0.5 * (mean @ weights)
    return weights / weights.sum(axis=1, keepdims=True)
