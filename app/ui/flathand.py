"""What a hand holds of a pattern: a point of a design, which its options follow, or one of a pattern from elsewhere,
which goes itself; the garment is sewn anew from that as soon as it is let go."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject

from app.flat import Flat
from app.project import Wish
from app.serving import Failure
from app.ui.studio import Studio
from assets.errors import ToileError
from garments.designs import design
from garments.freehand import dragged
from garments.handles import Drag, Handle, take
from garments.imported.readymade import ReadyMade, told
from garments.pattern import Pattern


class Drafted:
    """A point of a drafted pattern; alterations become the designer's own."""

    pattern: Pattern | None = None

    def __init__(self, studio: Studio, number: int, drag: Drag) -> None:
        self.studio, self.number, self.drag, self.handle = studio, number, drag, drag.handle

    def pull(self, place: np.ndarray) -> None:
        """Let the options follow to a place in the panel [m]."""
        wishes = self.studio.project.wishes
        options = self.drag.to(place)
        if options != wishes[self.number].options:
            made = replace(wishes[self.number], options=options, alterations={})
            self.studio.wishes(_name(self.handle), (*wishes[: self.number], made, *wishes[self.number + 1 :]))

    def let_go(self) -> None:
        """Nothing is left to do: the options are the project's already."""


class Free:
    """A point of a pattern that no design drafts. `pattern` is how it lies in the hand, until the garment is sewn of
    it; `show` is called whenever that changes."""

    def __init__(
        self, view: QObject, studio: Studio, made: ReadyMade, handle: Handle, show: Callable[[], None]
    ) -> None:
        self.view, self.studio, self.made, self.handle, self.show = view, studio, made, handle, show
        self.pattern: Pattern | None = None

    def pull(self, place: np.ndarray) -> None:
        """Bring the point to a place in the panel [m], as far as it can be sewn so."""
        try:
            self.pattern, said = dragged(self.made.pattern, self.handle, place)
        except ToileError as error:
            said = (f"It cannot go there: {error}",)
        if said:
            self.studio.said.emit(said[0])
        self.show()

    def let_go(self) -> None:
        """Sew the garment of the pattern as it lies now; one step to undo."""
        if self.pattern is None:
            return
        nest = self.made.nest
        sewn = told(replace(nest, patterns={nest.base: self.pattern}))
        self.studio.ask(self.view, "garment", "resewn", sewn, self.made.name, done=self._put_on, failed=self._failed)

    def _put_on(self, made: ReadyMade) -> None:
        def worn(wish: Wish) -> Wish:
            return replace(wish, made=made) if wish.made is self.made else wish

        self.pattern = None
        self.studio.wishes(_name(self.handle), tuple(map(worn, self.studio.project.wishes)))
        self.show()

    def _failed(self, failure: Failure) -> None:
        self.pattern = None
        self.studio.said.emit(failure.sentence)
        self.show()


def hold(
    view: QObject, studio: Studio, number: int, flat: Flat, handle: Handle, show: Callable[[], None]
) -> Drafted | Free | None:
    """A handle of a view in the hand; None, which is said, for a point that nothing moves."""
    wish = studio.project.wishes[number]
    if wish.made is not None:
        return Free(view, studio, wish.made, handle, show)
    try:
        drag = take(design(wish.design), flat.cut.meant_for, flat.cut.drawn, handle)
    except ToileError as error:
        studio.said.emit(str(error))
        return None
    if not drag.free:
        studio.said.emit("No option of this design moves that point")
        return None
    return Drafted(studio, number, drag)


def _name(handle: Handle) -> str:
    return f"Drag {handle.panel.replace('_', ' ')} {handle.edge.replace('_', ' ')}"
