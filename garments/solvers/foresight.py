"""What a Newton direction meets that its matrix did not know of: contacts that are still open.

Skin and layers push only once they are met. A direction that was found without them runs far into
them, and a line search then crawls: what is met enters the matrix, held to where it begins, before the direction is
sought anew (an active set: Nocedal and Wright, Numerical Optimization, chapter 16).
"""

from typing import Any

import numpy as np

from garments.solvers import contact, layers

FORESEE: Any = contact.foresee
HELD: Any = layers.held
FACE_HELD: Any = contact.face_held
# The compiler's own types know no starred tuples.

Skin = tuple[np.ndarray, ...]
"""What contact.foresee takes of the skin: near, point, normal, offset, grip, anchor, hold, diagonal."""
Pressed = tuple[np.ndarray, ...]
"""What contact's functions of face centres take: faces, near, point, normal, offset, grip."""


class Foresight:
    """What is met on the way from x [m] [n, 3], where `force` [N] [n, 3] acts; `blocks` are the matrix's own, to which
    the skin's are added in place."""

    def __init__(
        self, x: np.ndarray, force: np.ndarray, links: layers.Links, skin: Skin | None, pressed: Pressed | None,
        blocks: np.ndarray,
    ) -> None:  # fmt: skip
        self._x, self._force, self._links = x, force.copy(), links
        self._skin, self._pressed, self._blocks = skin, pressed, blocks
        self.due = np.zeros(len(x), bool)
        faces = 0 if pressed is None else len(pressed[0])
        self._met = [np.zeros(count, bool) for count in (len(links.gaps), faces)]

    def sees(self, there: np.ndarray) -> bool:
        """Whether other things are met on the way `there` [m] [n, 3] than before; `due` [n]: vertices that come to
        press on the skin or to stick to it."""
        x, changed = self._x, False
        if self._skin is not None:
            changed = FORESEE(x, there, *self._skin, self.due, self._blocks, self._force) > 0
        met = [layers.coming(x, there, *self._links.parts)]
        met.append(self._met[1] if self._pressed is None else contact.face_coming(x, there, *self._pressed))
        # What was met once stays: held, it lies at its very edge, where rounding would let go of every second one.
        for new, known in zip(met, self._met, strict=True):
            changed |= bool((new & ~known).any())
            known |= new
        return changed

    def known(self, matrix: tuple[Any, ...]) -> tuple[tuple[Any, ...], np.ndarray]:
        """The matrix (as linear.multiply takes it) and the force [N] [n, 3] with what is met."""
        held, force = self.held()
        return (*matrix[:6], *(np.concatenate(both) for both in zip(matrix[6:], held, strict=True))), force

    def held(self) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """Cloth that is met as springs of linear.py, and the force [N] [n, 3] that holds it to where it begins."""
        coming, pressing = self._met
        force = self._force.copy()
        found = [HELD(self._x, *self._links.some(coming).parts, force)]
        if self._pressed is not None and pressing.any():
            found.append(FACE_HELD(self._x, np.flatnonzero(pressing), *self._pressed, force))
        return tuple(np.concatenate(each) for each in zip(*found, strict=True)), force
