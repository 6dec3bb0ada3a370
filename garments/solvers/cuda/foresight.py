"""What a Newton direction meets that its matrix did not know of, on a card: garments/solvers/foresight.py's."""

from typing import Any

from garments.solvers import contact, layers
from garments.solvers.cuda.card import Card


class Foresight:
    """What is met on the way from x [m] [n, 3], where `force` [N] [n, 3] acts, all on the card; the rest as
    foresight.Foresight takes it."""

    def __init__(
        self, card: Card, x: Any, force: Any, links: tuple[Any, ...], skin: tuple[Any, ...] | None,
        pressed: tuple[Any, ...] | None, blocks: Any,
    ) -> None:  # fmt: skip
        self._card, self._x, self._force, self._links = card, x, force.copy(), links
        self._skin, self._pressed, self._blocks = skin, pressed, blocks
        self.due = card.flags(len(x))
        self._met = [card.flags(count) for count in (len(links[3]), 0 if pressed is None else len(pressed[0]))]

    def sees(self, there: Any) -> bool:
        """Whether other things are met on the way `there` [m] [n, 3] than before; `due` [n]: vertices that come to
        press on the skin or to stick to it."""
        call, x, changed = self._card.call, self._x, False
        if self._skin is not None:
            *touch, diagonal = self._skin
            found = call(contact.foresee, x, there, *touch, diagonal, self.due, self._blocks, self._force)
            changed = float(found) > 0.0
        met = [call(layers.coming, x, there, *self._links)]
        if self._pressed is not None:
            met.append(call(contact.face_coming, x, there, *self._pressed))
        for new, known in zip(met, self._met, strict=False):
            changed |= bool((new & ~known).any())
            known |= new
        return changed

    def known(self, matrix: tuple[Any, ...]) -> tuple[tuple[Any, ...], Any]:
        """The matrix (as linear.multiply takes it) and the force [N] [n, 3] with what is met."""
        call, xp, force = self._card.call, self._card.xp, self._force.copy()
        coming, pressing = self._met
        held = [matrix[6:], call(layers.held, self._x, *(part[coming] for part in self._links), force)]
        if self._pressed is not None:
            held.append(call(contact.face_held, self._x, xp.flatnonzero(pressing), *self._pressed, force))
        return (*matrix[:6], *(xp.concatenate(each) for each in zip(*held, strict=True))), force
