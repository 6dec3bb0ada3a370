"""Which of two ways quick pictures are drawn: by the driver's name at first, by how long frames take from then on.

"soft" draws at once what is seen, one sample a pixel: for processors that draw. "gpu" draws linear light in several
samples a pixel, with crevices darkened by the depth beside them: for graphics cards. Still pictures are the same on
both.
"""

from collections import deque

from render.scene import Scene

SOFT, GPU = "soft", "gpu"
SAMPLES = 4
STILL_FRAMES, SHEER = 12, 3
"""How many frames make a still picture, in the window as in files (at 32 it looks the same); how many times as many
where cloth is sheer."""
SOFTWARE = ("llvmpipe", "softpipe", "swiftshader", "software", "swrast", "basic render")
SLOW = 1 / 45
"""Frames of the gpu tier that take longer than this [s] are not worth it."""
PROBED, EVERY, IGNORED = 8, 40, 2
"""The first frames, and later every so manieth, are measured; the very first compile programs and do not count."""


def still_frames(scene: Scene, frames: int = STILL_FRAMES) -> int:
    """How many frames a finished picture of a scene gathers, where `frames` do for opaque cloth."""
    sheer = any(material.sheer for item in scene.items for material in (item.material, *item.materials))
    return frames * (SHEER if sheer else 1)


class Pace:
    """The tier of one context. `asks`: the next frame wants to be measured."""

    def __init__(self, driver: str) -> None:
        self.tier = SOFT if any(name in driver.lower() for name in SOFTWARE) else GPU
        self._frames = 0
        self._times: deque[float] = deque(maxlen=5)

    @property
    def asks(self) -> bool:
        return self.tier == GPU and (self._frames < PROBED or self._frames % EVERY == 0)

    def tell(self, took: float | None) -> None:
        """A frame was drawn, and took so long [s] if it was measured."""
        self._frames += 1
        if took is None or self._frames <= IGNORED:
            return
        self._times.append(took)
        if len(self._times) >= 3 and sorted(self._times)[len(self._times) // 2] > SLOW:
            self.tier = SOFT
