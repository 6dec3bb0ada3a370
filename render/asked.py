"""What a picture was asked for: a scene, who looks at it, how large, and which part of it."""

from dataclasses import dataclass, replace

from render.camera import View
from render.lighting import Box
from render.scene import Scene

Tile = tuple[int, int, int, int]
"""A part of a picture: left, top, width, height in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What was asked for last: a scene seen by views in a picture, the box [m] round all that is in it, and the
    rectangle of the picture that is drawn."""

    scene: Scene
    views: tuple[View, ...]
    width: int
    height: int
    transparent: bool
    box: Box
    tile: Tile

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what is drawn."""
        return self.tile[2:]

    @property
    def low(self) -> tuple[int, int]:
        """The lower left corner of what is drawn, in the picture, counted from its lower left corner."""
        return self.tile[0], self.height - self.tile[1] - self.tile[3]

    @property
    def layers(self) -> int:
        """Colours that must arrive exactly are gathered apart from light, which is still to be tone-mapped."""
        scenes = [self.scene, *(view.scene for view in self.views if view.scene)]
        exact = any(item.material.shading not in ("lit", "hole") for scene in scenes for item in scene.items)
        return 2 if exact or any(scene.lines for scene in scenes) else 1

    def seen_by(self, view: View) -> "Asked":
        """The same of the scene that a view sees."""
        return self if view.scene is None else replace(self, scene=view.scene, box=view.scene.bounds())
