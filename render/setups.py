"""Light set-ups that pictures are taken in: each a key light and what shines from all around.

The levels are ours, chosen so that cloth that faces the eye is about equally bright in all of them; shapes after what
photographers set up (Hunter, Biver and Fuqua, "Light: Science and Magic").
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from render.scene import STUDIO_LIGHT, STUDIO_SKY, Item, Light, Material, Scene
from render.sky import Sky, Softbox


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """A set-up by its title: its lamps, and whether it shows colours as they are: evenly lit, without gloss, sheen or
    tone mapping."""

    title: str
    light: Light = STUDIO_LIGHT
    sky: Sky = STUDIO_SKY
    flat: bool = False


SETUPS: Mapping[str, Setup] = MappingProxyType(
    {
        "studio": Setup("Studio"),
        "window": Setup(
            "Window",
            Light((-1.0, 0.55, 0.75), (0.92, 0.96, 1.02), 0.32),
            Sky(
                zenith=(0.10, 0.098, 0.094),
                horizon=(0.15, 0.145, 0.137),
                floor=(0.16, 0.150, 0.136),
                softboxes=(
                    Softbox((-1.0, 0.25, 0.45), (1.25, 1.32, 1.42), 0.62),
                    Softbox((0.9, 0.1, 0.5), (0.20, 0.19, 0.175), 0.9),
                ),
            ),
        ),
        "shop": Setup(
            "Shop",
            Light((0.30, 1.0, 0.62), (0.80, 0.73, 0.63), 0.20),
            Sky(
                zenith=(0.66, 0.62, 0.55),
                horizon=(0.34, 0.325, 0.30),
                floor=(0.26, 0.235, 0.20),
                softboxes=(
                    Softbox((-0.8, 0.9, 0.5), (1.5, 1.38, 1.2), 0.22),
                    Softbox((0.9, 0.8, 0.2), (1.3, 1.2, 1.05), 0.22),
                    Softbox((0.1, 0.35, 1.0), (0.66, 0.62, 0.565), 0.7),
                    Softbox((0.0, 0.8, -0.9), (1.2, 1.12, 0.98), 0.3),
                ),
            ),
        ),
        "street": Setup(
            "Street",
            Light((0.62, 1.0, 0.85), (1.12, 1.03, 0.90), 0.0047),
            Sky(
                zenith=(0.22, 0.31, 0.48),
                horizon=(0.38, 0.42, 0.47),
                floor=(0.20, 0.185, 0.165),
                softboxes=(Softbox((0.62, 1.0, 0.85), (0.35, 0.33, 0.30), 0.5),),
            ),
        ),
        "flat": Setup("Flat, for colour", Light((0.0, 1.0, 0.0), (0.0, 0.0, 0.0)), Sky(), flat=True),
    }
)


def lit(scene: Scene, name: str, tone: str = "neutral") -> Scene:
    """The scene in one of SETUPS, its light turned into colours by `tone`, one of render.scene.TONES."""
    setup = SETUPS[name]
    if setup.flat:
        items = tuple(map(_without_gloss, scene.items))
        return replace(scene, items=items, light=setup.light, sky=setup.sky, tone="none")
    return replace(scene, light=setup.light, sky=setup.sky, tone=tone)


def _without_gloss(item: Item) -> Item:
    return replace(item, material=_matt(item.material), materials=tuple(map(_matt, item.materials)))


def _matt(material: Material) -> Material:
    return replace(material, specular=0.0, sheen_colour=(0.0, 0.0, 0.0), subsurface=(0.0, 0.0, 0.0))
