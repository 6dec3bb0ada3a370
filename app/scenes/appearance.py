"""How pictures look: the light they are taken in, and what is behind the person, from the words that say it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assets.errors import UsageError
from garments.colours.colourway import picture_of
from garments.colours.palette import shade
from render.scene import Backdrop, Scene, from_srgb
from render.setups import lit

if TYPE_CHECKING:
    from app.project import View

TRANSPARENT = "transparent"
SWEEP = "sweep"
"""A roll of paper that curves up behind the person: light below, darker above."""
_SWEEP = Backdrop(from_srgb((0.93, 0.925, 0.915)), from_srgb((0.70, 0.70, 0.705)))


@dataclass(frozen=True, slots=True, eq=False)
class Appearance:
    """How scenes are shown: in one of render.setups.SETUPS, by one of render.scene.TONES, before a background (None:
    the scene's own), or transparent; through a lens with an opening of this radius [m]."""

    light: str = "studio"
    tone: str = "neutral"
    behind: Backdrop | None = None
    transparent: bool = False
    aperture: float = 0.0

    def show(self, scene: Scene) -> Scene:
        """The scene so."""
        return replace(lit(scene, self.light, self.tone), backdrop=self.behind or scene.backdrop)


PLAIN = Appearance()


def of_view(view: "View") -> Appearance:
    """As a project is looked at. Raises UsageError and InputRefused for a background that is not there any more."""
    return Appearance(view.light, view.tone, backdrop(view.background))


def backdrop(words: str) -> Backdrop | None:
    """ "#E8E4DC" or a colour of the palette; "white, grey" from below to above; "sweep"; the name of a picture file;
    None for "". Raises UsageError and InputRefused."""
    told = words.strip()
    if not told:
        return None
    if told == SWEEP:
        return _SWEEP
    if Path(told).suffix and Path(told).is_file():
        return Backdrop(picture=picture_of(Path(told)))
    parts = [part.strip() for part in told.split(",")]
    if len(parts) > 2 or not all(parts):
        raise UsageError(f"a background is a colour, two of them from below to above, or a picture: not {words!r}")
    if Path(told).suffix and not told.startswith("#"):
        raise UsageError(f"there is no picture {told} to put behind the person")
    low, high = shade(parts[0]), shade(parts[-1])
    return Backdrop(low, high)
