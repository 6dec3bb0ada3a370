"""implicit.py's solver with what is costly on a graphics card: Newton's iterations whole, and cloth that meets cloth.

A step is the same step, and a state the same value. The host keeps what happens once a step: it asks where the skin is
(assets/closest.py), and drags anchors. Folds and threads, of which there are few, are the host's, too. Results agree
with the processor's within what either leaves unbalanced, not to the digit: a card adds in any order.
"""

from functools import partial
from typing import Any

import numpy as np

from garments.solvers import contact, friction, implicit, layers, linear, membrane, zones
from garments.solvers.clusters import Levels
from garments.solvers.cuda import kernels
from garments.solvers.cuda.card import Card, Cuda
from garments.solvers.cuda.foresight import Foresight
from garments.solvers.cuda.meeting import Meeting
from garments.solvers.cuda.system import Guide, solve, springs_up
from garments.solvers.implicit import FORESIGHTS, LEASH, QUIET, STALE, TOLERANCE


class Solver(implicit.Solver):
    """Steps a sheet as implicit.Solver does, on `card` (the first CUDA card when None). Raises MissingExtra where there
    is none."""

    def __init__(self, *arguments: Any, card: Card | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.card = card = Cuda() if card is None else card
        up, sheet, pattern = card.up, self.sheet, self.pattern
        self._faces, self._loads = up(sheet.faces), up(self.weight)
        self._cloth = (self._faces, up(self.gradients), up(self.areas), up(sheet.stretch))
        self._slots, self._own = up(pattern.slots), up(pattern.diagonal)
        self._rows = up(pattern.starts), up(pattern.columns)
        self._bending = tuple(up(part) for part in (self.bend.indptr, self.bend.indices, self.bend.data))
        self._still, self._wide = up(self._bend_near), tuple(up(part) for part in self._bend_wide)
        self._stuck, self._slip = up(self.pinned), up(sheet.friction)
        self._thick, self._spread = up(sheet.thickness), up(self.area)
        self._guide: Guide | None = None
        self._firmly: Any = None
        if self._listing is not None:
            self._listing = Meeting(card, sheet.faces, self.edges, len(sheet.mass))  # type: ignore[assignment]

    # What the processor's solver does otherwise -----------------------------------------------------------------

    def start(self, positions: np.ndarray) -> implicit.State:
        self._guide = None
        return super().start(positions)

    def _near_links(self, x: np.ndarray, pairs: Any, reach: float) -> layers.Links:
        if not isinstance(self._listing, Meeting):
            return super()._near_links(x, pairs, reach)
        return self._listing.links(x, pairs, self._thick, self._spread, reach)

    def _freed(self, before: np.ndarray, moved: np.ndarray, pairs: Any) -> np.ndarray:
        if not isinstance(self._listing, Meeting):
            return super()._freed(before, moved, pairs)
        free = partial(self._listing.freed, before, pairs=pairs)
        return zones.alike(moved, free) if self.together else free(moved)[0]

    def _newton(self, x: np.ndarray, coast: np.ndarray, slow: np.ndarray, first: bool) -> bool:
        """implicit.Solver's, on the card."""
        call, xp = self.card.call, self.card.xp
        if first:
            self._around(coast)
        at, inertia = self.card.up(x), self.card.up(slow)
        call(contact.holds, at, *self._skins[0][:5], self._slip, self._grasp)
        self._grip_hold = self._grips.holds(x)
        self._grip_limit = self.card.up(self._grip_hold)
        self._folded = self.card.up(self.shell.pull(x))
        force = self._forces(at, x) - inertia[:, None] * (at - self._coast)
        force[self._stuck] = 0.0
        left = float(xp.abs(force).sum()) / max(float(np.abs(self.weight).sum()), 1e-30)
        if left <= QUIET:
            return False
        self._kept = self._trusted(left, first)
        self._firmly = self._grasp > 0.0
        matrix = self._blocked(at, x, inertia)
        energy, direction = self._stored(at, inertia), self._led(matrix, x, force, first)
        ahead, falls, there, blind = self._ahead_of(at, force, matrix), False, at, direction
        for _ in range(FORESIGHTS):
            there, falls = self._tried(at, direction, force, inertia, energy, cuts=1)
            if falls or self._longest(direction) > LEASH or not ahead.sees(at + direction):
                break
            self._firmly |= ahead.due
            known, given = ahead.known(matrix)
            direction = self._way(known, x, given, direction)
        for way, cuts in ((direction, 6), (blind, 12)):
            if not falls:
                there, falls = self._tried(at, way, force, inertia, energy, cuts)
        self._fell = falls
        x[:] = self.card.down(there)
        return True

    def _ahead_of(self, at: Any, force: Any, matrix: tuple[Any, ...]) -> Foresight:
        skin = pressed = None
        if self.skin:
            skin, pressed = (*self._skins[0], self._own), (self._faces, *self._face_skins[0])
        return Foresight(self.card, at, force, self._linked, skin, pressed, matrix[2])

    # On the card --------------------------------------------------------------------------------------------------

    def _around(self, coast: np.ndarray) -> None:
        """Take up what a step sees of skin and cloth, and where it would coast to [m] [n, 3]."""
        up = self.card.up
        self._coast = up(coast)
        self._skins = tuple(tuple(up(each) for each in touch) for touch in self.skin.touches)
        self._face_skins = tuple(tuple(up(each) for each in touch) for touch in self.skin.pressed)
        self._grasp = self._skins[0][-1]
        self._linked = tuple(up(np.ascontiguousarray(part)) for part in self._links.parts)
        self._gripped = tuple(up(np.ascontiguousarray(part)) for part in self._grips.parts)

    def _forces(self, at: Any, x: np.ndarray) -> Any:
        """All forces but inertia's [N] [n, 3]; `at` is x on the card."""
        call, force, bent = self.card.call, self._loads + self._folded, self.card.xp.zeros_like(at)
        call(kernels.product, *self._bending, at, bent)
        force -= bent
        call(membrane.forces, at, *self._cloth, force)
        for touch in self._skins:
            call(contact.forces, at, *touch, force)
        for touch in self._face_skins:
            call(contact.face_forces, at, self._faces, *touch, force)
        call(layers.forces, at, *self._linked, force)
        call(friction.forces, at, *self._gripped, self._grip_limit, force)
        if len(self.threads) or len(self.shell.firm):
            own = self.shell.forces(x)
            force += self.card.up(own + self.threads.forces(x) if len(self.threads) else own)
        return force

    def _stored(self, at: Any, inertia: Any) -> float:
        """The energy that a step makes least [J]."""
        call, xp = self.card.call, self.card.xp
        bent = xp.zeros_like(at)
        call(kernels.product, *self._bending, at, bent)
        total = (0.5 * inertia[:, None] * (at - self._coast) ** 2).sum() - (self._loads * at).sum()
        total = total + (at * (0.5 * bent - self._folded)).sum() + call(membrane.energy, at, *self._cloth)
        total = total + call(layers.energy, at, *self._linked)
        total = total + call(friction.energy, at, *self._gripped, self._grip_limit)
        for touch in self._skins:
            total = total + call(contact.energy, at, *touch)
        for touch in self._face_skins:
            total = total + call(contact.face_energy, at, self._faces, *touch)
        if len(self.threads) or len(self.shell.firm):
            x = self.card.down(at)
            total = total + self.shell.energy(x) + (self.threads.energy(x) if len(self.threads) else 0.0)
        return float(total)

    def _blocked(self, at: Any, x: np.ndarray, inertia: Any) -> tuple[Any, ...]:
        """The energy's projected Hessian, as linear.multiply takes it."""
        call, blocks = self.card.call, self._still.copy()
        for k in range(3):
            blocks[self._own, k, k] += inertia
        call(membrane.stiffness, at, *self._cloth, self._kept, self._slots, blocks)
        for touch in self._skins:
            call(contact.stiffness, at, *touch, self._own, blocks)
        for touch in self._face_skins:
            call(contact.face_stiffness, at, self._faces, *touch, self._slots, blocks)
        springs = [call(layers.springs, at, *self._linked)]
        if len(self.threads):
            springs.append(springs_up(self.card, self.threads.springs(x)))
        if len(self.shell.firm):
            springs.append(springs_up(self.card, self.shell.springs(x)))
        if len(self._grips.base):
            springs.append(call(friction.springs, at, *self._gripped, self._grip_limit))
        joined = tuple(self.card.xp.concatenate(both) for both in zip(*springs, strict=True))
        return *self._rows, blocks, *self._wide, *joined

    def _led(self, matrix: tuple[Any, ...], x: np.ndarray, force: Any, first: bool) -> Any:
        """The Newton direction, the `first` of a step or a later one: implicit.Solver._solve."""
        if self._guide is None:
            self._levels = Levels(x, self.sheet.layer, self.pinned, self._tick)
            self._guide = Guide(self.card, self._levels)
        renewed = first and self._guided > STALE * self._fewest
        if renewed:
            self._guide.follow(matrix)
        direction = self._way(matrix, x, force, None)
        if first:
            self._guided = self.iterations[-1] + 1
            self._fewest = self._guided if renewed else min(self._fewest, self._guided)
        return direction

    def _way(self, matrix: tuple[Any, ...], x: np.ndarray, force: Any, guess: Any) -> Any:
        """What solves matrix * direction = force [n, 3], cords included, sought from a guess."""
        inverse = self.card.xp.zeros((len(x), 3, 4), self.card.xp.float32)
        self.card.call(linear.jacobi, self._own, matrix[2], *matrix[6:], self._stuck, inverse)
        cords = self.threads.cords(x) if len(self.threads) else []
        free = self._found(matrix, inverse, force, None if cords else guess)
        if not cords:
            return free
        ways = np.stack([way for way, _ in cords])
        ways[:, self.pinned] = 0.0
        given = np.stack([self.card.down(self._found(matrix, inverse, self.card.up(way), None)) for way in ways])
        inner = np.diag([1.0 / firm for _, firm in cords]) + np.einsum("aij,bij->ab", ways, given)
        held = np.linalg.solve(inner, np.einsum("aij,ij->a", ways, self.card.down(free)))
        return free - self.card.up(np.einsum("a,aij->ij", held, given))

    def _found(self, matrix: tuple[Any, ...], inverse: Any, force: Any, guess: Any) -> Any:
        xp = self.card.xp
        given, found = (xp.zeros((len(force), 4), xp.float32) for _ in range(2))
        given[:, :3] = force
        if guess is not None:
            found[:, :3] = guess
        assert self._guide is not None
        self.iterations.append(solve(matrix, self._guide, inverse, given, TOLERANCE, 300, self._firmly, found))
        return found[:, :3].astype(xp.float64)

    def _tried(self, at: Any, direction: Any, force: Any, inertia: Any, energy: float, cuts: int) -> tuple[Any, bool]:
        """Where a direction, or a part of it, leads from `at`, and whether the energy falls there."""
        slope = float((force * direction).sum())
        share, falls, there = min(1.0, LEASH / max(self._longest(direction), 1e-12)), False, at
        for _ in range(cuts):
            there = at + share * direction
            falls = slope > 0.0 and self._stored(there, inertia) <= energy - 1e-4 * share * slope + 1e-15
            if falls:
                break
            share *= 0.5
        return there, falls

    def _longest(self, moves: Any) -> float:
        return float(self.card.xp.sqrt((moves**2).sum(axis=1).max()))
