"""Implicit Euler by projected Newton: cloth that comes to rest with the right forces.

A step minimises inertia + membrane + bending + contact (Martin et al. 2011's incremental potential), by Newton's
method with a projected Hessian, an exact line search on the energy, and conjugate gradients on two levels
(linear.py). Idea of the whole: Baraff and Witkin 1998. One thread: a second garment or size runs beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assets.closest import Surface
from assets.mesh import edges, frozen
from garments.creases import NONE as NO_CREASES
from garments.creases import Creases
from garments.solvers import bending, friction, layers, linear, membrane, zones
from garments.solvers.balance import Balance
from garments.solvers.calming import eased, slowed
from garments.solvers.clusters import Levels
from garments.solvers.foresight import Foresight
from garments.solvers.listing import NO_PAIRS, Listing
from garments.solvers.planes import Planes, unseen
from garments.solvers.sheet import Sheet
from garments.solvers.skin import Skin
from garments.threads import NONE as NO_THREADS
from garments.threads import Threads

GRAVITY = (0.0, -9.81, 0.0)
# The longest move of one Newton iteration [m].
LEASH = 0.02
# The share of its velocity that a step keeps where garments slide on each other.
CALM = 0.9
# No vertex may move this share further in a step than the fastest did in the one before.
AHEAD = 1.5
# Near balance the matrix keeps what pressure in the cloth takes from its stiffness, the more the smaller the unbalanced
# force is: all of it at none, nothing of it from this share of the weight on.
UPRIGHT = 0.2
# How often a Newton direction is sought anew where it met contact that it did not know of.
FORESIGHTS = 3
# A step is done when its forces balance to this share of the weight,
QUIET = 1e-3
# and a Newton direction found when the error of its linear system has fallen to this share.
TOLERANCE = 0.05
# The clusters' matrix only guides, and is made anew when a step's first direction takes this many times the iterations
# that it took when it was new.
STALE = 1.25


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Cloth in motion: positions [m] and velocities [m/s] [n, 3], friction anchors on the skin [m] [n, 3], what
    friction on other garments pulls with [N] [n, 3], what slows vertices that turn back in every step, as a share of
    their inertia [n], the share of their velocity that they keep [n], and contact planes of vertices and face centres.
    """

    positions: np.ndarray
    velocities: np.ndarray
    anchors: np.ndarray
    pulls: np.ndarray
    slowed: np.ndarray
    eased: np.ndarray
    planes: Planes
    face_planes: Planes


class Solver:
    """Steps one sheet (or several, joined) round a body, which stands still in each step.

    `pinned` vertices [n] stay where they start; `loads` [N] [n, 3] pull besides gravity; `threads` fasten it, `creases`
    are pressed into it. Cloth that never `meets` cloth is cheaper, and right only where nothing folds over. Cloth that
    is crushed goes on `together` (zones.py), as it must where the body moves. `tick` is called while it is made ready,
    and may raise Cancelled.
    """

    def __init__(
        self,
        sheet: Sheet,
        surface: Surface | None = None,
        *,
        gravity: Sequence[float] = GRAVITY,
        pinned: np.ndarray | None = None,
        loads: np.ndarray | None = None,
        threads: Threads = NO_THREADS,
        creases: Creases = NO_CREASES,
        meets: bool = True,
        together: bool = False,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        count = len(sheet.mass)
        self.sheet, self.threads = sheet, threads
        self.together = together
        self.pinned = np.zeros(count, bool) if pinned is None else np.asarray(pinned, bool)
        self.weight = sheet.mass[:, None] * np.asarray(gravity, float)
        if loads is not None:
            self.weight = self.weight + loads
        self.gradients, self.areas = membrane.rest_gradients(sheet.rest)
        self.area = np.bincount(sheet.faces.ravel(), np.repeat(self.areas / 3.0, 3), count)
        self.skin = Skin(sheet, surface, self.area, self.areas)
        self.pattern = linear.pattern(sheet.faces, count)
        tick()
        self.shell = bending.shell(sheet.faces, sheet.rest, sheet.bending, creases, tick)
        self.bend, self._pull = self.shell.matrix, np.zeros((count, 3))
        tick()
        self._bend = (self.bend.indptr, self.bend.indices, self.bend.data)
        self._bend_near, self._bend_wide = linear.parted(self.bend, self.pattern)
        self._blocks = np.empty_like(self._bend_near)
        self.edges = edges(sheet.faces)
        self._links, self._grips, self._grip_hold = layers.NONE, friction.NONE, np.zeros(0)
        self._listing = Listing(sheet.faces, self.edges, count) if meets else None
        self._calm, self._leash = CALM if sheet.layer.any() else 1.0, layers.leash(sheet)
        self._inverse = np.zeros((count, 3, 4), np.float32)
        self._levels: Levels | None = None
        self._guided, self._fewest = 1.0, 0.0
        self._kept, self._fell = 0.0, True
        self._tick = tick
        self.iterations: list[int] = []

    # The state ------------------------------------------------------------------------------------------------

    def start(self, positions: np.ndarray) -> State:
        """At rest where the cloth was put."""
        positions = np.array(positions, np.float64)
        self._levels = None
        self._guided, self._fewest = 1.0, 0.0
        return State(
            frozen(positions), frozen(np.zeros_like(positions)), frozen(positions.copy()),
            frozen(np.zeros_like(positions)), frozen(np.zeros(len(positions))), frozen(np.ones(len(positions))),
            unseen(len(positions)), unseen(len(self.sheet.faces)),
        )  # fmt: skip

    def step(
        self, state: State, time: float, *, iterations: int = 3, tick: Callable[[], None] = lambda: None,
        resting: bool = False, guess: np.ndarray | None = None,
    ) -> State:  # fmt: skip
        """One step of `time` [s]; `tick` is called several times in each Newton iteration and may raise Cancelled.
        `resting`: where cloth comes to lie is sought, not its way there. `guess`: where the search begins [m] [n, 3],
        where the cloth is if it is not given."""
        sheet, self._tick = self.sheet, tick
        before, velocities = state.positions, state.velocities
        ahead, reach = self._ahead(velocities, time)
        fastest = 2.0 * time * float(np.abs(velocities).max(initial=0.0))
        x = before.copy() if guess is None else guess.copy()
        self.skin.see(state.planes, state.face_planes, state.anchors, x, max(fastest, reach), tick)
        tick()
        self._look_round(before, ahead, reach, state.pulls)
        inertia = (1.0 + state.slowed) * sheet.mass / time**2
        coasting = (state.eased / (1.0 + state.slowed))[:, None] * velocities
        coast = before + time * coasting
        for iteration in range(iterations):
            tick()
            if not self._newton(x, coast, inertia, first=iteration == 0):
                break
        tick()
        x = self._untangled(before, x, reach)
        tick()
        patches = self._levels.large if self._levels is not None and resting else None
        anchors, planes, face_planes = self.skin.left(x)
        return State(
            frozen(x), frozen(self._calm * (x - before) / time), frozen(anchors),
            frozen(friction.pulls(x, *self._grips.parts, self._grips.holds(x))),
            frozen(slowed(state.slowed, x - before, time * velocities, self._links.vertices)),
            frozen(eased((x - before) / time, coasting, sheet.mass, patches)),
            planes, face_planes,
        )  # fmt: skip

    def balance(self, state: State, tick: Callable[[], None] = lambda: None) -> Balance:
        """The forces on a state as if it stood still. `tick` is called between, and may raise Cancelled."""
        x, self._tick = state.positions, tick
        self.skin.see(state.planes, state.face_planes, state.anchors, x, 0.0, tick)
        tick()
        self._look_round(x, np.zeros(len(x)), friction.REACH, state.pulls)
        tick()
        elastic, body, cloth = self._elastic(x), self.skin.forces(x), self._link_forces(x)
        total = np.where(self.pinned[:, None], 0.0, self.weight + elastic + body + cloth)
        return Balance(self.weight, elastic, body, cloth, total)

    # One Newton iteration -------------------------------------------------------------------------------------

    def _newton(self, x: np.ndarray, coast: np.ndarray, inertia: np.ndarray, first: bool) -> bool:
        """Move x towards the minimum; False when the forces already balance."""
        self.skin.press(x)
        self._grip_hold = self._grips.holds(x)
        self._pull = self.shell.pull(x)
        force = self.weight + self._elastic(x) + self.skin.forces(x) + self._link_forces(x)
        force -= inertia[:, None] * (x - coast)
        force[self.pinned] = 0.0
        left = float(np.abs(force).sum()) / max(float(np.abs(self.weight).sum()), 1e-30)
        if left <= QUIET:
            return False
        self._kept = self._trusted(left, first)
        self._firm = self.skin.hold > 0.0
        matrix = self._matrix(x, inertia)
        self._tick()
        energy, direction = self._energy(x, coast, inertia), self._solve(matrix, x, force, first)
        ahead, falls, blind = Foresight(x, force, self._links, *self._skin_seen(), self._blocks), False, direction
        for _ in range(FORESIGHTS):
            candidate, falls = self._searched(x, direction, force, coast, inertia, energy, cuts=1)
            # A long direction tells nothing.
            if falls or _longest(direction) > LEASH or not ahead.sees(x + direction):
                break
            self._firm |= ahead.due
            known, given = ahead.known(matrix)
            direction = self._directed(known, x, given, direction)
        # What is held to its edge may lead uphill where it would rather let go.
        for way, cuts in ((direction, 6), (blind, 12)):
            if not falls:
                candidate, falls = self._searched(x, way, force, coast, inertia, energy, cuts)
        self._fell = falls
        x[:] = candidate
        return True

    def _trusted(self, left: float, first: bool) -> float:
        """The share of the cloth's pressures that the matrix keeps where this share of the weight is unbalanced, in the
        `first` iteration of a step or a later one. With them it may lead nowhere: then the next does without."""
        return max(0.0, 1.0 - left / UPRIGHT) if first or self._fell else 0.0

    def _skin_seen(self) -> tuple[Any, Any]:
        """Of the skin what vertices see of it, and what face centres do, as Foresight takes it."""
        if not self.skin:
            return None, None
        return (*self.skin.touches[0], self.pattern.diagonal), (self.sheet.faces, *self.skin.pressed[0])

    def _searched(
        self, x: np.ndarray, direction: np.ndarray, force: np.ndarray, coast: np.ndarray, inertia: np.ndarray,
        energy: float, cuts: int,
    ) -> tuple[np.ndarray, bool]:  # fmt: skip
        """Where a direction, or a part of it, leads from x [m] [n, 3], and whether the energy falls there."""
        slope = float(np.einsum("ij,ij", force, direction))
        share = min(1.0, LEASH / max(_longest(direction), 1e-12))
        for _ in range(cuts):
            candidate = x + share * direction
            falls = slope > 0.0 and self._energy(candidate, coast, inertia) <= energy - 1e-4 * share * slope + 1e-15
            if falls:
                break
            share *= 0.5
        return candidate, falls

    def _matrix(self, x: np.ndarray, inertia: np.ndarray) -> tuple[Any, ...]:
        """The energy's projected Hessian, as linear.multiply takes it."""
        sheet, pattern, blocks = self.sheet, self.pattern, self._blocks
        blocks[:] = self._bend_near
        for k in range(3):
            blocks[pattern.diagonal, k, k] += inertia
        membrane.stiffness(x, sheet.faces, self.gradients, self.areas, sheet.stretch, self._kept, pattern.slots, blocks)
        self.skin.stiffness(x, pattern, blocks)
        springs = layers.springs(x, *self._links.parts)
        if len(self.threads):
            springs = tuple(np.concatenate(both) for both in zip(springs, self.threads.springs(x), strict=True))
        if len(self.shell.firm):
            springs = tuple(np.concatenate(both) for both in zip(springs, self.shell.springs(x), strict=True))
        if len(self._grips.base):
            held = friction.springs(x, *self._grips.parts, self._grip_hold)
            springs = tuple(np.concatenate(both) for both in zip(springs, held, strict=True))
        return pattern.starts, pattern.columns, blocks, *self._bend_wide, *springs

    def _solve(self, matrix: tuple[Any, ...], x: np.ndarray, force: np.ndarray, first: bool) -> np.ndarray:
        """The Newton direction, the `first` of a step or a later one."""
        if self._levels is None:
            self._levels = Levels(x, self.sheet.layer, self.pinned, self._tick)
        renewed = first and self._guided > STALE * self._fewest
        if renewed:
            self._tick()
            self._levels.follow(matrix, self._tick)
            self._tick()
        direction = self._directed(matrix, x, force, np.zeros_like(force))
        if first:
            self._guided = self.iterations[-1] + 1
            self._fewest = self._guided if renewed else min(self._fewest, self._guided)
        return direction

    def _directed(self, matrix: tuple[Any, ...], x: np.ndarray, force: np.ndarray, guess: np.ndarray) -> np.ndarray:
        """What solves matrix * direction = force [n, 3], cords included, sought from a guess."""
        links, shares, springs = matrix[6:]
        linear.jacobi(self.pattern.diagonal, self._blocks, links, shares, springs, self.pinned, self._inverse)
        cords = self.threads.cords(x) if len(self.threads) else []
        return self._with_cords(cords, matrix, force) if cords else self._solved(matrix, force, guess)

    def _solved(self, matrix: tuple[Any, ...], force: np.ndarray, guess: np.ndarray | None = None) -> np.ndarray:
        """What solves matrix * x = force [n, 3]."""
        assert self._levels is not None
        given, found = np.zeros((2, len(force), 4), np.float32)
        given[:, :3] = force
        if guess is not None:
            found[:, :3] = guess
        guide = (self._inverse, self._levels.fine, self._levels.coarse)
        self.iterations.append(linear.solve(matrix, guide, given, TOLERANCE, 300, self._firm, found, self._tick))
        return found[:, :3].astype(np.float64)

    def _with_cords(
        self, cords: list[tuple[np.ndarray, float]], matrix: tuple[Any, ...], force: np.ndarray
    ) -> np.ndarray:
        """The same with cords, each of which ties all its threads together (Woodbury's formula)."""
        ways = np.stack([way for way, _ in cords])
        ways[:, self.pinned] = 0.0
        free, given = self._solved(matrix, force), np.stack([self._solved(matrix, way) for way in ways])
        inner = np.diag([1.0 / firm for _, firm in cords]) + np.einsum("aij,bij->ab", ways, given)
        held = np.linalg.solve(inner, np.einsum("aij,ij->a", ways, free))
        return free - np.einsum("a,aij->ij", held, given)

    # Energies and forces --------------------------------------------------------------------------------------

    def _elastic(self, x: np.ndarray) -> np.ndarray:
        force = self.shell.pull(x) + self.shell.forces(x)
        bending.resist(*self._bend, x, force)
        membrane.forces(x, self.sheet.faces, self.gradients, self.areas, self.sheet.stretch, force)
        return force

    def _link_forces(self, x: np.ndarray) -> np.ndarray:
        force = np.zeros_like(x)
        layers.forces(x, *self._links.parts, force)
        friction.forces(x, *self._grips.parts, self._grip_hold, force)
        return force + self.threads.forces(x) if len(self.threads) else force

    def _energy(self, x: np.ndarray, coast: np.ndarray, inertia: np.ndarray) -> float:
        total = bending.quadratic(*self._bend, x, coast, inertia, self.weight + self._pull) + self.shell.energy(x)
        total += membrane.energy(x, self.sheet.faces, self.gradients, self.areas, self.sheet.stretch)
        total += layers.energy(x, *self._links.parts) + friction.energy(x, *self._grips.parts, self._grip_hold)
        total += self.threads.energy(x) if len(self.threads) else 0.0
        return total + self.skin.energy(x)

    def _look_round(self, x: np.ndarray, ahead: np.ndarray, reach: float, pulls: np.ndarray) -> None:
        """Find the cloth that is near other cloth, up to `reach` [m], and which garments hold to each other, when
        vertices are about to move by `ahead` [m] [n]."""
        sheet = self.sheet
        reach = min(reach, self._leash.near)
        pairs = self._pairs(x, np.full(len(x), 0.5 * reach), ahead)
        self._tick()
        self._links = self._near_links(x, pairs, reach)
        self._tick()
        self._grips = friction.grips(self._links, x, pulls, sheet.friction)
        self._grip_hold = self._grips.holds(x)

    def _near_links(self, x: np.ndarray, pairs: layers.Pairs, reach: float) -> layers.Links:
        sheet = self.sheet
        return layers.near(x, sheet.faces, self.edges, pairs, sheet.thickness, self.area, reach, self._tick)

    def _freed(self, before: np.ndarray, moved: np.ndarray, pairs: layers.Pairs) -> np.ndarray:
        free = zones.freed if self.together else layers.untangled
        return free(before, moved, self.sheet.faces, self.edges, pairs)

    def _untangled(self, before: np.ndarray, after: np.ndarray, reach: float) -> np.ndarray:
        """Where cloth gets to on its way after without passing through itself, nor moving further than `reach` [m] from
        what all of it does. All alike: cloth whose parts are held back by different shares crumples."""
        common = np.zeros(3) if self.pinned.any() else (after - before).mean(axis=0)
        moved = after - before - common
        length = np.linalg.norm(moved, axis=1)
        moved *= np.minimum(1.0, reach / np.maximum(length, 1e-12))[:, None]
        length = np.minimum(length, reach)
        pairs = self._pairs(before, length, length)
        self._tick()
        return before + common + self._freed(before, moved, pairs)

    def _ahead(self, velocities: np.ndarray, time: float) -> tuple[np.ndarray, float]:
        """How far each vertex may be expected to move in a step [m] [n], and the most that any may [m]."""
        common = 0.0 if self.pinned.any() else velocities.mean(axis=0)
        ahead = AHEAD * time * np.linalg.norm(velocities - common, axis=1)
        fastest = float(ahead.max())
        reach = min(max(fastest, self._leash.least), self._leash.most) if fastest > 0.0 else self._leash.most
        return np.minimum(ahead, reach), reach

    def _pairs(self, x: np.ndarray, needed: np.ndarray, ahead: np.ndarray) -> layers.Pairs:
        """Pairs that can come to touch while no vertex moves further than `needed` [m] [n], listed for moves of `ahead`
        [m] [n] and more."""
        if self._listing is None:
            return NO_PAIRS
        apart = 0.5 * (layers.GAP + self.sheet.thickness)
        margin = np.maximum(ahead, 0.5 * min(self._leash.most, self._leash.near)) + self._leash.ample
        return self._listing.pairs(x, needed + apart, margin + apart, self._tick)


def _longest(moves: np.ndarray) -> float:
    """The longest of moves [m] [n, 3]."""
    return float(np.sqrt((moves**2).sum(axis=1).max()))
