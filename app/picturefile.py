"""Pictures as PNG files in memory: the same pixels give the same bytes."""

import io

import numpy as np


def png(pixels: np.ndarray) -> bytes:
    """A picture, uint8 [h, w, 3 or 4], as PNG."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", compress_level=6)
    return stream.getvalue()
