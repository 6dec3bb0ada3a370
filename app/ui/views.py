"""How views share the picture in the middle: one over all of it, two halves that one camera sees, or four quarters;
and which strips of it other things cover."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF

from render.camera import Camera, View, halves, pan, quarters, single, zoom
from render.scene import Scene

FOUR = ("front", "left", "back", "three_quarter")


@dataclass(frozen=True, slots=True)
class Shared:
    """A picture of `width` by `height` pixels, seen once ("one") or, with `four`, by each of FOUR above the covered
    strip; `halved`: two scenes lie side by side. Of one view the strips `above`, `below` and `right` [pixels] are
    covered."""

    width: int
    height: int
    four: bool = False
    halved: bool = False
    above: int = 0
    below: int = 0
    right: int = 0

    def name_at(self, place: QPointF) -> str:
        """The name of the view at a place."""
        if not self.four:
            return "one"
        width, height = self.size_of(FOUR[0])
        return FOUR[(place.x() >= width) + 2 * (place.y() >= height)]

    def size_of(self, name: str) -> tuple[int, int]:
        """Width and height of a view."""
        if name == "one":
            return max(self.width // (2 if self.halved else 1), 1), max(self.height, 1)
        return max(self.width // 2, 1), max((self.height - self.below) // 2, 1)

    def corner_at(self, place: QPointF) -> tuple[int, int]:
        """The left upper corner of what one camera sees at a place: of a view, or of one of two halves."""
        name = self.name_at(place)
        width, height = self.size_of(name)
        if name == "one":
            return (width if self.halved and place.x() >= width else 0), 0
        k = FOUR.index(name)
        return k % 2 * width, k // 2 * height

    def aspect(self, name: str) -> float:
        """Width over height of the part of a view that nothing covers."""
        (width, height), (above, below, right) = self.size_of(name), self._covered(name)
        return max(width - right, 1) / max(height - above - below, 1)

    def raised(self, name: str, camera: Camera) -> Camera:
        """A camera that fills the free part of a view, so moved that it does so in the whole view."""
        height, (above, below, right) = self.size_of(name)[1], self._covered(name)
        share = max(height - above - below, 1) / height
        return pan(zoom(camera, share), -right / 2 / height, (below - above) / 2 / height)

    def views(self, cameras: Mapping[str, Camera], other: Scene | None, width: int, height: int) -> tuple[View, ...]:
        """The cameras and their places in a picture of so many pixels; `other`: the scene in the left half."""
        if self.four:
            front, side, back, three_quarter = (cameras[name] for name in FOUR)
            lower = round(self.below * height / max(self.height, 1))
            return quarters((front, side, back, three_quarter), width, height - lower)
        if other is not None:
            return halves(cameras["one"], other, width, height)
        return single(cameras["one"], width, height)

    def _covered(self, name: str) -> tuple[int, int, int]:
        """What of a view other things cover, above, below and right. Four views share the room between the strips."""
        return (self.above, self.below, self.right) if name == "one" else (0, 0, 0)
