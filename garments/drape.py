"""Drape garments on a body, map what the cloth feels, and certify the result.

The garments of one person are one sheet, stepped together until the forces balance; later ones start outside and stay
there. Long steps of implicit Euler damp motion by themselves: what is sought is the rest, not the way to it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from assets.mesh import frozen
from assets.progress import Progress, part, silent
from garments.certificate import Certificate, certify

if TYPE_CHECKING:
    from assets.closest import Surface
    from body.model import Body
    from garments.cloth import Cloth
    from garments.garment import Garment
    from garments.solvers.sheet import Sheet

EDGE = 0.012
"""Edge length of the mesh [m] when none is asked for."""
STEP = 0.03
"""Time step [s]."""
ENOUGH = 0.01
"""Unbalanced force, as a share of the load, at which draping ends."""
MOST_STEPS = 240


class Solver(Protocol):
    """What steps cloth to its rest. A state is the solver's own value, with `positions` [m] [n, 3]; a balance has
    `residual`, unbalanced force over load, `carried`, how much of the weight is carried, `loaded`, load over weight,
    `body` and `cloth`, forces [N] [n, 3] from the skin and between layers, and `part`, the same of some vertices.
    `tick` is called often and may raise Cancelled."""

    def start(self, positions: np.ndarray) -> Any: ...

    def step(self, state: Any, time: float, *, iterations: int, tick: Callable[[], None]) -> Any: ...

    def balance(self, state: Any) -> Any: ...


@dataclass(frozen=True, slots=True, eq=False)
class Drape:
    """A garment at rest on a body: positions [m] [n, 3]; per face strain along weft, warp and in shear [m, 3] and
    tension along weft and warp [N/m] [m, 2]; per vertex pressure on the skin [Pa] [n]; `edge` the mesh's edge length
    [m]."""

    garment: "Garment"
    cloth: "Cloth"
    body: "Body"
    edge: float
    positions: np.ndarray
    strain: np.ndarray
    tension: np.ndarray
    pressure: np.ndarray
    certificate: Certificate

    def __post_init__(self) -> None:
        for name in ("positions", "strain", "tension", "pressure"):
            object.__setattr__(self, name, frozen(np.asarray(getattr(self, name), np.float32)))

    @property
    def strain_along(self) -> np.ndarray:
        """The larger strain along the threads of each face [m], which is what a fabric's limit speaks of: on the bias
        cloth gives by shear."""
        return self.strain[:, :2].max(axis=1)

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
    """Drape garments, given in the order of dressing. The same input gives the same bytes; nothing here is left to
    chance, so `seed` changes nothing. Raises DrapeFailed when a garment cannot be put round the body."""
    from assets.closest import Surface
    from garments.arrange import arrange
    from garments.cloth import mesh
    from garments.solvers.implicit import Solver as Implicit
    from garments.solvers.sheet import join
    from garments.threads import joined

    if not garments:
        return ()
    cloths = tuple(mesh(garment, edge) for garment in garments)
    starts: list[np.ndarray] = []
    for number, cloth in enumerate(cloths):
        progress(0.1 * number / len(cloths), "putting the garments on")
        starts.append(arrange(cloth, body, np.concatenate(starts) if starts else None))
    surface = Surface(body.skin.vertices, body.skin.faces)
    sheet = join([sheet_of(cloth) for cloth in cloths])
    bounds = np.cumsum([0] + [cloth.count for cloth in cloths])
    solver = Implicit(sheet, surface, threads=joined([cloth.threads for cloth in cloths], bounds[:-1]))
    state = settle(solver, np.concatenate(starts), part(progress, 0.1, 0.97), bounds)
    progress(0.97, "checking the drape")
    balance = solver.balance(state)
    crossed = _crossed(state.positions, sheet, len(cloths))
    return tuple(
        _judged(garment, cloth, body, edge, state.positions[a:b], balance.part(a, b), crossed[number], surface)
        for number, (garment, cloth, (a, b)) in enumerate(zip(garments, cloths, pairwise(bounds), strict=True))
    )


def settle(
    solver: Solver, positions: np.ndarray, progress: Progress = silent, bounds: Sequence[int] | np.ndarray | None = None
) -> Any:
    """The solver's state once the forces on every garment balance twice running, or after MOST_STEPS. `bounds` are the
    numbers at which garments' vertices start, and their count; None: all is one garment."""
    ends = (0, len(positions)) if bounds is None else bounds
    state, worst, told, calm = solver.start(positions), 0.0, 0.0, 0
    for number in range(MOST_STEPS):
        state = solver.step(state, STEP, iterations=3, tick=partial(progress, told, "draping"))
        if number % 3 < 2:
            continue
        balance = solver.balance(state)
        parts = [balance.part(a, b) for a, b in pairwise(ends)]
        residual = max(part.residual for part in parts)
        worst = max(worst, residual, 2 * ENOUGH)
        resting = residual < ENOUGH and all(abs(part.carried - 1.0) < ENOUGH * part.loaded for part in parts)
        calm = calm + 1 if resting else 0
        if calm == 2:
            break
        # Forces fall off by a power with the steps: their logarithm tells how far it is.
        done = np.log(worst / max(residual, ENOUGH)) / np.log(worst / ENOUGH)
        told = max(told, min(float(done), 0.99), number / MOST_STEPS)
    return state


def sheet_of(cloth: "Cloth") -> "Sheet":
    """The cloth as a solver takes it."""
    from garments.solvers.sheet import Sheet

    fabric, faces = cloth.fabric, len(cloth.faces)
    stretch = [[s.first, s.last, s.stiffened] for s in (fabric.stretch_weft, fabric.stretch_warp, fabric.shear)]
    return Sheet(
        cloth.faces, cloth.rest, cloth.mass,
        np.broadcast_to(stretch, (faces, 3, 3)),
        np.broadcast_to([fabric.bending_weft, fabric.bending_warp, fabric.bending_bias], (faces, 3)),
        np.full(cloth.count, fabric.friction), np.full(cloth.count, cloth.thickness), np.zeros(cloth.count, np.int32),
    )  # fmt: skip


def _crossed(positions: np.ndarray, sheet: "Sheet", count: int) -> np.ndarray:
    """How many edges pass through faces of the same garment, and between each of `count` garments and others, [count,
    2], on the positions that are kept."""
    from assets.mesh import edges
    from garments.solvers.proximity import crossings

    found = edges(sheet.faces)
    met = crossings(positions.astype(np.float32).astype(np.float64), sheet.faces, found)
    one, two = sheet.layer[found[met[:, 0], 0]], sheet.layer[sheet.faces[met[:, 1], 0]]
    same = np.bincount(one[one == two], minlength=count)
    other = sum(np.bincount(each[one != two], minlength=count) for each in (one, two))
    return np.stack([same, other], axis=1)


def _judged(
    garment: "Garment", cloth: "Cloth", body: "Body", edge: float, positions: np.ndarray, balance: Any,
    crossed: np.ndarray, surface: "Surface",
) -> Drape:  # fmt: skip
    from garments.solvers import membrane

    positions = positions.astype(np.float32).astype(np.float64)
    gradients, areas = membrane.rest_gradients(cloth.rest)
    felt = np.zeros((len(cloth.faces), 6))
    membrane.strains(positions, cloth.faces, gradients, sheet_of(cloth).stretch, felt)
    area = np.bincount(cloth.faces.ravel(), np.repeat(areas / 3.0, 3), cloth.count)
    near = surface.closest(positions)
    certificate = certify(
        distances=near.distance,
        centre_distances=surface.closest(positions[cloth.faces].mean(axis=1)).distance,
        self_crossings=int(crossed[0]),
        crossings=int(crossed[1]),
        residual=balance.residual,
        carried=balance.carried,
        loaded=balance.loaded,
        strains=felt[:, :2],
        limit=float(cloth.fabric.limit),
        seam_gap=0.0,  # Panels share their seams' vertices.
    )
    pressure = np.maximum(np.einsum("ij,ij->i", balance.body, near.normals), 0.0) / area
    return Drape(garment, cloth, body, edge, positions, felt[:, :3], felt[:, 3:5], pressure, certificate)
