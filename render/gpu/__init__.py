"""Every OpenGL call and object: programs, textures, targets, buffers. OpenGL 3.3 core, any current context.

Nothing here knows scenes. Objects are freed by `Store.collect`, never by a destructor, because only then is it sure
that their context is current.
"""

from render.gpu.geometry import Buffer, Empty, Geometry, Segments
from render.gpu.programs import Program
from render.gpu.state import (
    begin,
    clear,
    cover,
    driver,
    finish,
    largest_picture,
    one_side,
    rest,
    solid,
    strip,
    veil,
)  # fmt: skip
from render.gpu.targets import Multisampled, Target
from render.gpu.textures import Numbers, Picture, ShadowMaps, Texture

__all__ = [
    "Buffer", "Empty", "Geometry", "Multisampled", "Numbers", "Picture", "Program", "Segments", "ShadowMaps", "Target",
    "Texture", "begin", "clear", "cover", "driver", "finish", "largest_picture", "one_side", "rest", "solid", "strip",
    "veil",
]  # fmt: skip
