"""Drape garments on a body, map what the cloth feels, and certify the result.

The garments of one person are one sheet, stepped together until the forces balance; later ones start outside and stay
there. Long steps of implicit Euler damp motion by themselves: what is sought is the rest, not the way to it. So the way
is gone on coarse cloth, and finer cloth takes its place near the end.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress, pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from assets.errors import DrapeFailed, InputRefused
from assets.mesh import frozen
from assets.progress import Progress, part, silent
from garments.certificate import RESIDUAL, Certificate

if TYPE_CHECKING:
    from assets.closest import Surface
    from body.model import Body
    from garments.cloth import Cloth
    from garments.garment import Garment
    from garments.solvers.sheet import Sheet

EDGE = 0.012
"""Edge length of the mesh [m] when none is asked for."""
STEP, ITERATIONS, PATIENCE = 0.03, 2, 36
"""Time step [s], Newton iterations in it, and after how many steps twice as many are taken: what does not rest by then
swings about it. In longer steps a waist that friction just holds slides down."""
ENOUGH = 0.01
"""Unbalanced force, as a share of the load, at which draping ends."""
SURE = 0.25
"""It ends where this is so after two steps running, or where it is this share of it after one."""
LATE = 72
"""After so many steps it is looked after each, and enough is what a certificate takes for rest: cloth that is pinched
between skin and skin may never come nearer. Who asks for a finer balance than usual gets no less."""
MOST_STEPS = 240
COARSE = 0.018
"""Cloth of a shorter edge [m] starts where cloth of twice that edge came to lie,"""
KNOWN = 0.016
"""or, where a drape is known to start from, of a shorter one than this. Coarse cloth"""
ROUGH, ROUGH_STEPS = 0.02, 75
"""need not balance so well, nor twice running, nor for ever."""
OPEN = 0.2
"""Coarse cloth that is stretched far over its limit, and unbalanced by more than this share of the load, does not close
round the body: finer cloth would tell no more."""
LOST, BELOW = 0.3, 0.1
"""Cloth whose highest point sinks so far [m] is held by nothing: it is left at that, and has fallen where all of it
lies so far [m] below the wearer's hips."""
TOUCHING = 4e-3
"""Cloth nearer to the skin than this [m] lies on it."""
FARTHER = 1.35
"""Cloth that did not come to rest is put on once more, so many times as far from the skin: it locks by chance, where
folds of a collar or a pleat meet within micrometres, and hardly twice."""
STARTS = (1.0, FARTHER, 0.75)
"""How many times as far from the skin, one after another, garments are laid that pass through each other there."""


class Solver(Protocol):
    """What steps cloth to its rest. A state is the solver's own value, with `positions` [m] [n, 3]; a balance has
    `residual`, unbalanced force over load, `carried`, how much of the weight is carried, `loaded`, load over weight,
    `body` and `cloth`, forces [N] [n, 3] from the skin and between layers, and `part`, the same of some vertices.
    `tick` is called often and may raise Cancelled."""

    def start(self, positions: np.ndarray) -> Any: ...

    def step(self, state: Any, time: float, *, iterations: int, tick: Callable[[], None], resting: bool) -> Any: ...

    def balance(self, state: Any, tick: Callable[[], None]) -> Any: ...


@dataclass(frozen=True, slots=True, eq=False)
class Drape:
    """A garment at rest on a body: positions [m] [n, 3]; per face strain along weft, warp and in shear [m, 3] and
    tension along weft and warp [N/m] [m, 2]; per vertex pressure on what is under it [Pa] [n]; `edge` the
    mesh's edge length [m]."""

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
    start: tuple[Drape, ...] = (),
    device: str = "cpu",
    farther: float = 1.0,
    progress: Progress = silent,
) -> tuple[Drape, ...]:
    """Drape garments, given in the order of dressing. The same input gives the same bytes, on a graphics card but for
    rounding; nothing here is left to chance, so `seed` changes nothing. `start`: drapes of the same designs in the same
    order, in other sizes or fabrics or on another body of this model, where draping may begin; it ends sooner, and
    begins anew where that does not hold: on its way cloth may lock, far over its limit. `device`: one of
    solvers.choosing.DEVICES; that a graphics card is asked for and not there is said, and the processor drapes.
    `farther`: how many times as far from the skin as usual garments are laid; cloth that locked on its way to rest is
    put on once more, from further out than that. What is far too small, or falls off, shows so on coarse cloth, and is
    left at that: of a body that is not at ease, on the same one at ease.

    On a body that is not at ease garments are put on at ease, and taken along (leading.py). Which way a body faces
    changes nothing: it is draped facing front. Where its skin meets its skin it gives way (body/yielding.py). Raises
    DrapeFailed when a garment cannot be put round the body, or would pass through itself or another."""
    from assets.closest import Surface
    from body.motion import heading, turned
    from body.yielding import skin_of, yielding
    from garments.judging import judged
    from garments.leading import faced, hopeless, led, standing, taken_along
    from garments.solvers.choosing import why_not

    if not garments:
        return ()
    body = yielding(body)
    front, start = turned(body, -heading(body.pose)), tuple(faced(each, 0.0) for each in start)
    surface = skin_of(front) if standing(front) is front else Surface(front.skin.vertices, front.skin.faces)
    if device == "cuda" and why_not():
        progress(0.0, why_not())

    def tried(told: Progress, start: tuple[Drape, ...] = (), farther: float = farther) -> tuple[Drape, ...]:
        way = part(told, 0.0, 0.5)
        begun = led(start, front, way) if start else taken_along(garments, front, edge, device, farther, way)
        if not start and hopeless(begun):
            return tuple(faced(each, heading(body.pose)) for each in begun)
        rest = part(told, 0.5, 1.0) if begun else told
        worn = rested(garments, front, surface, edge, rest, start=begun, farther=farther, device=device)
        return judged(worn, body, partial(told, 0.98, "checking the drape"))

    if start:
        with suppress(DrapeFailed):
            found = tried(part(progress, 0.0, 0.5), start)
            if all(each.certificate.holds for each in found):
                return found
        progress = part(progress, 0.5, 1.0)
    found = tried(part(progress, 0.0, 0.98))
    if not decided(found):
        with suppress(DrapeFailed):
            again = tried(part(progress, 0.98, 1.0), farther=FARTHER * farther)
            found = max(found, again, key=lambda each: sum(one.certificate.holds for one in each))
    return found


def decided(drapes: tuple[Drape, ...]) -> bool:
    """Whether another try from the pattern would tell no more of any: it holds, is far too tight, or fell off."""
    return all(each.certificate.holds or _tells_all(each) for each in drapes)


def _tells_all(drape: Drape) -> bool:
    """Whether a garment is far too tight, or fell off."""
    return drape.certificate.far_over or fell(drape)


def fell(drape: Drape) -> bool:
    """Whether all of a garment lies below the wearer's hips."""
    return float(drape.positions[:, 1].max()) < float(drape.body.joints[0, 1]) - BELOW


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """What is draped together: garments and their cloths, at whose numbers in the one sheet their vertices start, and
    their count; solver and state; the meshes' edge length [m]."""

    garments: "tuple[Garment, ...]"
    cloths: "tuple[Cloth, ...]"
    bounds: np.ndarray
    solver: Any
    state: Any
    edge: float

    def each(self) -> "list[tuple[Cloth, np.ndarray]]":
        """Every garment's cloth and where it lies [m] [n, 3]."""
        return [
            (cloth, self.state.positions[a:b]) for cloth, (a, b) in zip(self.cloths, pairwise(self.bounds), strict=True)
        ]


def wear(
    garments: "tuple[Garment, ...]", cloths: "tuple[Cloth, ...]", surface: "Surface", positions: np.ndarray,
    edge: float, device: str = "cpu", tick: Callable[[], None] = lambda: None,
) -> Worn:  # fmt: skip
    """Garments laid round a body at positions [m] [n, 3], those of all one after another. Raises DrapeFailed where
    cloth passes through cloth there and cannot be drawn out. `tick` is called often, and may raise Cancelled."""
    from garments import creases, pinning, threads
    from garments.solvers.choosing import solver_for
    from garments.solvers.sheet import join

    sheet = join([sheet_of(cloth) for cloth in cloths])
    positions = parted(positions, sheet, garments, cloths, tick)
    tick()
    bounds = np.cumsum([0] + [cloth.count for cloth in cloths])
    sewn = threads.joined([cloth.threads for cloth in cloths], bounds[:-1])
    held = threads.joined([sewn, pinning.threads_of(garments, cloths, bounds, surface.vertices, surface.faces)])
    pressed = creases.joined([cloth.creases for cloth in cloths], bounds[:-1])
    tick()
    solver = solver_for(device, sheet, surface, threads=held, creases=pressed, tick=tick)
    tick()
    return Worn(garments, cloths, bounds, solver, solver.start(positions), edge)


def rested(
    garments: "tuple[Garment, ...]", body: "Body", surface: "Surface", edge: float, progress: Progress,
    enough: float = ENOUGH, most: int = MOST_STEPS, start: tuple[Drape, ...] = (), farther: float = 1.0,
    device: str = "cpu",
) -> Worn:  # fmt: skip
    """Garments at rest, from where others lie or from nothing: coarse cloth first. They begin so many times `farther`
    from the skin. Coarse cloth is left where it tells already that one of them is far too small, or falls off, or that
    they do not come to rest from where those lie."""
    from garments.carried import carried
    from garments.cloth import mesh
    from garments.dressing.arrange import CLEARANCE
    from garments.judging import judged
    from garments.leading import standing

    meshed: list[Cloth] = []
    for garment in garments:
        meshed.append(mesh(garment, edge, partial(progress, 0.0, "putting the garments on")))
    cloths = tuple(meshed)
    if edge < (KNOWN if start else COARSE):
        try:
            half = part(progress, 0.0, 0.5)
            before = rested(garments, body, surface, 2.0 * edge, half, ROUGH, ROUGH_STEPS, start, farther, device)
            places, tick = [], partial(half, 1.0, "draping")
            balance = before.solver.balance(before.state, tick)
            loose = [balance.part(a, b).residual > OPEN for a, b in pairwise(before.bounds)]
            others = any(old.garment is not new for old, new in zip(start, garments, strict=bool(start)))
            if any(loose) and (others or any(map(_tells_all, compress(judged(before, body, tick), loose)))):
                return before
            for (rough, lying), cloth in zip(before.each(), cloths, strict=True):
                places.append(carried(rough, lying, cloth))
                tick()
            worn = wear(garments, cloths, surface, np.concatenate(places), edge, device, tick)
            return settled(worn, part(progress, 0.5, 0.97), enough, most)
        except (DrapeFailed, InputRefused):  # Too coarse a mesh for a narrow panel, or for a narrow place.
            progress = part(progress, 0.5, 1.0)
    for known in _places(start, cloths, body, surface):
        try:
            tick = partial(progress, 0.1, "putting the garments on")
            worn = wear(garments, cloths, surface, known, edge, device, tick)
            return settled(worn, part(progress, 0.1, 0.97), enough, most)
        except DrapeFailed:  # Too different: put on anew.
            progress = part(progress, 0.1, 1.0)
    if standing(body) is not body:
        raise DrapeFailed(
            f"the {' and the '.join(each.title for each in garments)} cannot be taken along into this pose without "
            "passing through: drape at ease, or in a pose nearer to that"
        )
    worn = _put_on(garments, cloths, body, surface, farther * CLEARANCE, edge, part(progress, 0.0, 0.1), device)
    return settled(worn, part(progress, 0.1, 0.97), enough, most)


def _put_on(
    garments: "tuple[Garment, ...]", cloths: "tuple[Cloth, ...]", body: "Body", surface: "Surface", clearance: float,
    edge: float, progress: Progress, device: str,
) -> Worn:  # fmt: skip
    """Garments laid round a body one after another, a clearance [m] off; further out or nearer where they would pass
    through themselves or each other there, if that changes where they lie: ready-made ones keep their shape. Raises
    DrapeFailed where none can be."""
    from garments.dressing.arrange import arrange

    why, told, tried = None, 0.0, np.zeros(0)
    for share in STARTS:
        starts: list[np.ndarray] = []
        try:
            for number, cloth in enumerate(cloths):
                told = max(told, number / len(cloths))
                tick = partial(progress, told, "putting the garments on")
                tick()
                worn = np.concatenate(starts) if starts else None
                starts.append(arrange(cloth, body, worn, share * clearance, tick))
            before, tried = tried, np.concatenate(starts)
            if np.array_equal(before, tried):
                break
            return wear(garments, cloths, surface, tried, edge, device, tick)
        except DrapeFailed as error:
            why = why or error
    assert why is not None
    raise why


def _places(
    start: tuple[Drape, ...], cloths: "tuple[Cloth, ...]", body: "Body", surface: "Surface"
) -> Iterator[np.ndarray]:  # fmt: skip
    """Where cloths may lie that take the places of others [m] [n, 3], the best first; nowhere where those are of other
    designs."""
    from garments.carried import alike, carried, resized, with_skin

    if len(start) != len(cloths) or not all(alike(old.cloth, new) for old, new in zip(start, cloths, strict=True)):
        return
    as_worn, grown = [], []
    for old, new in zip(start, cloths, strict=True):
        places = carried(old.cloth, with_skin(old.positions, old.body, body), new)
        as_worn.append(places)
        grown.append(resized(old.cloth, places, new, surface.closest(places).distance < TOUCHING))
    yield np.concatenate(grown)
    if any(one is not other for one, other in zip(as_worn, grown, strict=True)):
        yield np.concatenate(as_worn)


def settled(worn: Worn, progress: Progress = silent, enough: float = ENOUGH, most: int = MOST_STEPS) -> Worn:
    """What is worn, at rest."""
    state = settle(worn.solver, worn.state.positions, progress, worn.bounds, enough, most)
    return replace(worn, state=state)


def settle(
    solver: Solver, positions: np.ndarray, progress: Progress = silent,
    bounds: Sequence[int] | np.ndarray | None = None, enough: float = ENOUGH, most: int = MOST_STEPS,
) -> Any:  # fmt: skip
    """The solver's state once the unbalanced force on every garment is below `enough` of the load twice running, or
    below SURE of that once; late, once it is as small as a certificate asks; of coarse cloth, once it is below
    `enough`; or as one of them falls off. After `most` steps the one of all that was nearest to rest. `bounds` are
    the numbers at which garments' vertices start, and their count; None: all is one garment."""
    ends = (0, len(positions)) if bounds is None else bounds
    tops = [float(positions[a:b, 1].max()) for a, b in pairwise(ends)]
    state, worst, told, calm = solver.start(positions), 0.0, 0.0, 0
    best, least = state, np.inf
    for number in range(most):
        iterations = ITERATIONS if number < PATIENCE else 2 * ITERATIONS
        state = solver.step(state, STEP, iterations=iterations, tick=partial(progress, told, "draping"), resting=True)
        late = number >= LATE and enough >= ENOUGH
        if number % 3 < 2 and not calm and not late:
            continue
        balance = solver.balance(state, partial(progress, told, "draping"))
        parts = [balance.part(a, b) for a, b in pairwise(ends)]
        residual = max(part.residual for part in parts)
        worst = max(worst, residual, 2 * enough)
        if residual < least:
            best, least = state, residual
        limit = max(enough, RESIDUAL) if late else enough
        resting = residual < limit and all(abs(part.carried - 1.0) < limit * part.loaded for part in parts)
        calm = calm + 1 if resting else 0
        if calm == 2 or (resting and (late or enough > ENOUGH or residual < SURE * enough)):
            return state
        if any(top - state.positions[a:b, 1].max() > LOST for top, (a, b) in zip(tops, pairwise(ends), strict=True)):
            return state
        # Forces fall off by a power with the steps: their logarithm tells how far it is.
        done = np.log(worst / max(residual, enough)) / np.log(worst / enough)
        told = max(told, min(float(done), 0.99), number / most)
    return best


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


def parted(
    positions: np.ndarray, sheet: "Sheet", garments: "tuple[Garment, ...]", cloths: "tuple[Cloth, ...]",
    tick: Callable[[], None] = lambda: None,
) -> np.ndarray:  # fmt: skip
    """Positions [m] near these where no cloth passes through cloth. Raises DrapeFailed, saying where, if none are
    found."""
    from assets.mesh import edges
    from garments.solvers.untangle import untangled

    found = edges(sheet.faces)
    free, left = untangled(positions, sheet.faces, found, tick)
    if len(left):
        edge, face = left[len(left) // 2]
        one, other = sheet.layer[found[edge, 0]], sheet.layer[sheet.faces[face, 0]]
        first = int(np.flatnonzero(sheet.layer[sheet.faces[:, 0]] == other)[0])
        panel = cloths[other].panel_names[cloths[other].panel[face - first]]
        x, y, _ = positions[sheet.faces[face]].mean(axis=0)
        through = "itself" if one == other else f"the {garments[one].title}"
        side = "left" if x > 0 else "right"
        raise DrapeFailed(
            f"the {garments[other].title} passes through {through} in {len(left)} places, near panel {panel}, "
            f"{y:.2f} m up on the {side}, and could not be drawn out: start from the pattern, or try another size"
        )
    return free
