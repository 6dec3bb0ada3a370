"""The maps in the picture: which garments' values or changes are drawn, the scale as set, the point that is read.

A change since another drape is computed in the engine, once for each pair, and shown as soon as it is there.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF

from app.project import Scaling
from app.scenes.scales import fitting, key, legend, most_shown
from app.stage import map_item, map_scene
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
        super().__init__(viewport)
        self.studio, self.viewport, self._again = studio, viewport, again
        self._changes: OrderedDict[tuple[str, str], tuple[Mapped, ...]] = OrderedDict()
        self._drawn: tuple[Mapped, ...] = ()
        self._name, self._first = "", 1
        self._read: tuple[str, str, int, np.ndarray] | None = None
        scale = viewport.scale
        scale.switched.connect(self.switch)
        scale.ended.connect(self._end)
        scale.fitted.connect(self._fit)
        scale.compared.connect(self._compare)
        viewport.clicked.connect(self._click)
        viewport.dismissed.connect(self.forget)
        studio.playing.marked.connect(self.point_at)

    def scene(self, shown: "Shown") -> Scene:
        """The scene that the view asks for, as cloth or as a map; the legend and the reading are shown with it."""
        view = self.studio.project.view
        if view.map == "look" or not shown.maps:
            self.hide()
            return shown.look
        against = self._against()
        self._name, self._first = view.map, 1
        self._drawn = self._changed_since(against, shown) if against else shown.maps
        change = any(each.change for each in self._drawn)
        self.viewport.scale.show_legend(
            legend(self._drawn, view.map, view.scaling),
            view.map,
            view.scaling,
            _end_of(view.map, view.scaling, change),
            self._others(),
            against if change else "",
        )
        self._show_reading()
        return map_scene(shown.bare, self._drawn, view.map, view.scaling)

    def moving(self) -> Scene | None:
        """The present frame of a movement: as cloth, or, once it is known, with the largest strain over it; None where
        nobody moves."""
        view, playing = self.studio.project.view, self.studio.playing
        found = playing.maps() if view.map != "look" else ()
        if not found:
            scene = playing.scene()
            if scene is not None:
                self.hide()
            return scene
        bare = playing.bare()
        self._name, self._first, self._drawn = "strain", len(bare), found
        told = legend(found, "strain", view.scaling)
        told = replace(told, title=f"Largest {told.title[:1].lower()}{told.title[1:]}")
        end = _end_of("strain", view.scaling, False)
        self.viewport.scale.show_legend(told, "strain", view.scaling, end, alone=True)
        self._show_reading()
        return Scene((*bare, *(map_item(each, "strain", view.scaling) for each in found)))

    def point_at(self, garment: int, face: int) -> None:
        """Read the map in the middle of a garment's face, and see it from its side."""
        if garment < len(self._drawn):
            shown = self._drawn[garment]
            corners = shown.faces[face]
            place, outwards = shown.vertices[corners].mean(axis=0), shown.normals[corners].mean(axis=0)
            view = self.viewport.views(self.viewport.width(), self.viewport.height())[0]
            if outwards @ (np.asarray(view.camera.eye) - place) < 0.0:
                self.viewport.look_from("back" if outwards[2] < 0.0 else "front")
            self._read = (self._source, self._drawn[garment].garment, face, np.full(3, 1 / 3))
            self._say_reading(0)

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
        told, name = BY_NAME[self._name], key(self._name, change)
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
        name = key(self._name, any(each.change for each in self._drawn))
        most = {**view.scaling.most, name: fitting(self._drawn, self._name)}
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
            self.studio.ask(self, "compare", "compare", before.maps, shown.maps, done=partial(self._compared, pair))
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
        source = self._source_at(place)
        drawn = self._drawn_of(source)
        # The body's items are first, the garments follow.
        number = hit.item - self._first if hit is not None else -1
        if hit is None or not 0 <= number < len(drawn):
            self.forget()
            return
        self._read = (source, drawn[number].garment, hit.face, hit.barycentric)
        self._say_reading(self.viewport.view_at(place))

    def _source_at(self, place: QPointF) -> str:
        """What is read at a place: the drape in the left half where two lie side by side, else what is shown."""
        beside = self.studio.project.view.beside
        return beside if beside and self.viewport.on_other(place) else self._source

    def _drawn_of(self, source: str) -> tuple[Mapped, ...]:
        """The maps of what is read, none where it is no longer seen."""
        if source == self._source:
            return self._drawn
        other = self.studio.drape(source) if source == self.studio.project.view.beside else None
        return other.maps if other is not None and self._drawn else ()

    @property
    def _source(self) -> str:
        """What is read: the drape that is shown, or the movement."""
        playing = self.studio.playing
        return f"{self.studio.shown_key} {playing.title}" if playing.active else self.studio.shown_key

    def _say_reading(self, view: int) -> None:
        self._show_reading(view)
        reading = self.viewport.probe.reading
        if reading is not None:
            self.studio.said.emit("; ".join(words(reading)))

    def _show_reading(self, view: int | None = None) -> None:
        """The reading of the map that is shown, at the point that was clicked of that very drape."""
        found, source = None, self._read[0] if self._read else ""
        if self._read and (drawn := self._drawn_of(source)):
            _, name, face, barycentric = self._read
            number = next((k for k, each in enumerate(drawn) if each.garment == name), None)
            if number is not None:
                found = read(drawn[number], self._name, face, barycentric)
                report = self.studio.playing.report
                if report is not None:  # of a movement only the largest strain is kept, whichever threads bore it
                    found = replace(found, others={}, when=float(report.most[number].times[face]))
        self.viewport.probe.show_reading(found, view, of_other=source != self._source)


def _end_of(name: str, scaling: Scaling, change: bool) -> str:
    """The end of a map's scale as it is typed."""
    told = BY_NAME[name]
    return f"{most_shown(name, scaling, change) * told.per + (0.0 if change else told.zero):.4g}"


def _number(text: str) -> float:
    """The number at the start of a text such as "120 %"; not a number where there is none."""
    try:
        return float(text.split()[0].rstrip("%").replace(",", "."))
    except (ValueError, IndexError):
        return float("nan")
