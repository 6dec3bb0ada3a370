"""What a customer takes along: a few lines of text, and the same as a QR code. No picture, no link, no name.

QR codes: ISO/IEC 18004, by segno (BSD-3-Clause).
"""

import numpy as np

from assets.mesh import frozen

QUIET = 4
"""Modules of white that a code needs around it."""
MOST = 800  # bytes: a code that a telephone reads from a screen at arm's length


def code(lines: tuple[str, ...]) -> np.ndarray:
    """The lines as a QR code with its quiet zone, [n, n] bool, True where it is dark. Lines at the end that are more
    than a code holds are left out."""
    import segno

    kept = list(lines)
    while len("\n".join(kept).encode()) > MOST and len(kept) > 1:
        kept.pop()
    made = segno.make("\n".join(kept), micro=False, error="m", encoding="utf-8", boost_error=False)
    return frozen(np.pad(np.array(made.matrix, bool), QUIET))
