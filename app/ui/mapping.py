"""The maps in the picture: which garments' values or changes are drawn, the scale as set, the point that is read.

A change since another drape is computed in the engine, once for each pair, and shown as soon as it is there.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF

from app.project import Scaling
from app.scenes.scales import fitting, key, legend, most_shown
from app.stage import map_scene
from app.ui.probe import words
from app.ui.studio import Studio
from app.ui.viewport import Viewport
from garments.atlas import BY_NAME
from garments.maps import Mapped, read
from render.picking import pick
from render.scene import Scene

if TYPE_CHECKING:
    from app.stage import Shown

MOST = 8


class Maps(QObject):
    """Draws what the project's view asks of maps. `again` is called when a change has been computed."""

    def __init__(self, studio: Studio, viewport: Viewport, again: Callable[[], object]) -> None:
        super().__init__()
        self.studio, self.viewport, self._again = studio, viewport, again
        self._changes: OrderedDict[tuple[str, str], tuple[Mapped, ...]] = OrderedDict()
        self._drawn: tuple[Mapped, ...] = ()
        self._read: tuple[str, str, int, np.ndarray] | None = None
        scale = viewport.scale
        scale.switched.connect(self.switch)
        scale.ended.connect(self._end)
        scale.fitted.connect(self._fit)
        scale.compared.connect(self._compare)
        viewport.clicked.connect(self._click)
        viewport.dismissed.connect(self.forget)

    def scene(self, shown: "Shown") -> Scene:
        """The scene that the view asks for, as cloth or as a map; the legend and the reading are shown with it."""
        view = self.studio.project.view
        if view.map == "look" or not shown.maps:
            self.hide()
            return shown.look
        against = self._against()
        self._drawn = self._changed_since(against, shown) if against else shown.maps
        change = any(each.change for each in self._drawn)
        told = BY_NAME[view.map]
        most = most_shown(view.map, view.scaling, change)
        self.viewport.scale.show_legend(
            legend(self._drawn, view.map, view.scaling),
            view.map,
            view.scaling,
            f"{most * told.per + (0.0 if change else told.zero):.4g}",
            self._others(),
            against if change else "",
        )
        self._show_reading()
        return map_scene(shown.bare, self._drawn, view.map, view.scaling)

    def hide(self) -> None:
        """No map is shown."""
        self._drawn = ()
        self.viewport.scale.show_legend(None)
        self.viewport.probe.show_reading(None)

    def forget(self) -> None:
        """Take the reading away."""
        self._read = None
        self._show_reading()

    def switch(self, name: str) -> None:
        """Turn bands, limits or pattern on or off."""
        scaling = self.studio.project.view.scaling
        changed = {
            "bands": lambda: replace(scaling, banded=not scaling.banded),
            "limits": lambda: replace(scaling, by_limit=not scaling.by_limit),
            "pattern": lambda: replace(scaling, pattern=not scaling.pattern),
        }
        self._scale(f"Map {name}", changed[name]())

    def _scale(self, name: str, scaling: Scaling) -> None:
        self.studio.view(name, replace(self.studio.project.view, scaling=scaling))

    def _end(self, text: str) -> None:
        """The end of the scale as it was typed; nothing: the map's own."""
        view = self.studio.project.view
        change = any(each.change for each in self._drawn)
        told, name = BY_NAME[view.map], key(view.map, change)
        kept = {known: most for known, most in view.scaling.most.items() if known != name}
        if text:
            most = (_number(text) - (0.0 if change else told.zero)) / told.per
            if not 1e-6 < most < 1e6:
                low = told.zero if told.zero and not change else 0.0
                self.studio.said.emit(f"The scale ends at a number over {low:g} {told.unit}: {text!r} is none")
                self._again()
                return
            kept[name] = most
        self._scale("End of the scale", replace(view.scaling, most=kept))
        self._again()

    def _fit(self) -> None:
        view = self.studio.project.view
        name = key(view.map, any(each.change for each in self._drawn))
        most = {**view.scaling.most, name: fitting(self._drawn, view.map)}
        self._scale("Fit the scale", replace(view.scaling, most=most))

    def _compare(self, against: str) -> None:
        view = self.studio.project.view
        self.studio.view("Compare maps" if against else "Maps as they are", replace(view, against=against or None))

    def _against(self) -> str:
        """The key of the drape to compare with, "" where there is none, or only the one shown."""
        wanted = self.studio.project.view.against
        return wanted if wanted and wanted in dict(self._others()) else ""

    def _others(self) -> tuple[tuple[str, str], ...]:
        return tuple(other for other in self.studio.drapes() if other[0] != self.studio.shown_key)

    def _changed_since(self, against: str, shown: "Shown") -> tuple[Mapped, ...]:
        """The change since a drape; until it is computed, the values."""
        pair = (against, self.studio.shown_key)
        if pair in self._changes:
            return self._changes[pair]
        before = self.studio.drape(against)
        if before is not None and "compare" not in self.studio.running:
            self.studio.ask(
                "compare", "compare", before.maps, shown.maps, done=lambda found: self._compared(pair, found)
            )
        return shown.maps

    def _compared(self, pair: tuple[str, str], found: tuple[Mapped, ...]) -> None:
        self._changes[pair] = found
        while len(self._changes) > MOST:
            self._changes.popitem(last=False)
        self._again()

    def _click(self, place: QPointF) -> None:
        """Read the map where the picture was clicked; beside the cloth the reading goes."""
        scene = self.viewport.scene
        if scene is None or not self._drawn:
            return
        views = self.viewport.views(self.viewport.width(), self.viewport.height())
        hit = pick(scene, views, place.x(), place.y())
        # The body is the first item, the garments follow.
        if hit is None or not 1 <= hit.item <= len(self._drawn):
            self.forget()
            return
        self._read = (self.studio.shown_key, self._drawn[hit.item - 1].garment, hit.face, hit.barycentric)
        self._show_reading(self.viewport.view_at(place))
        reading = self.viewport.probe.reading
        if reading is not None:
            self.studio.said.emit("; ".join(words(reading)))

    def _show_reading(self, view: int | None = None) -> None:
        """The reading of the map that is shown, at the point that was clicked of this very drape."""
        found = None
        if self._read and self._drawn and self._read[0] == self.studio.shown_key:
            _, name, face, barycentric = self._read
            garment = next((each for each in self._drawn if each.garment == name), None)
            if garment is not None:
                found = read(garment, self.studio.project.view.map, face, barycentric)
        self.viewport.probe.show_reading(found, view)


def _number(text: str) -> float:
    """The number at the start of a text such as "120 %"; not a number where there is none."""
    try:
        return float(text.split()[0].rstrip("%").replace(",", "."))
    except (ValueError, IndexError):
        return float("nan")
