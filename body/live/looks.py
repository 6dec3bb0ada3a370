"""What somebody wears, as colours: enough to notice that somebody else stands there, too little to know anyone.

A histogram of lightness and two colour differences over the trunk and one over the thighs, compared by Hellinger's
distance (after Comaniciu, Ramesh, Meer, "Kernel-based object tracking", 2003). No face is looked at.
"""

import numpy as np

from body.frame import Frame
from body.pose import (
    LEFT_HIP,
    LEFT_KNEE,
    LEFT_SHOULDER,
    RIGHT_HIP,
    RIGHT_KNEE,
    RIGHT_SHOULDER,
    Person,
)

_BINS = 6
_COLOURED = 0.35  # a colour difference, as a share of the brightness, beyond which colours count as equally strong
_DARK = 40.0  # of 765: what is darker has hardly a colour


def looks(frame: Frame, person: Person) -> np.ndarray:
    """Shares of colours over the trunk and over the thighs, shape [2, bins]; zeros for what is outside the picture."""
    across, down = np.meshgrid(np.linspace(0.15, 0.85, 16), np.linspace(0.1, 0.95, 20))
    corners = person.points[[RIGHT_SHOULDER, LEFT_SHOULDER, RIGHT_HIP, LEFT_HIP]]
    upper = corners[0] + across[..., None] * (corners[1] - corners[0])
    lower = corners[2] + across[..., None] * (corners[3] - corners[2])
    trunk = upper + down[..., None] * (lower - upper)
    along = np.linspace(0.15, 0.85, 40)[:, None, None]
    hips, knees = person.points[[RIGHT_HIP, LEFT_HIP]], person.points[[RIGHT_KNEE, LEFT_KNEE]]
    parts = [trunk.reshape(-1, 2), (hips + along * (knees - hips)).reshape(-1, 2)]
    return np.stack([_shares(frame, person.mask, part) for part in parts])


def unlike(a: np.ndarray, b: np.ndarray) -> float:
    """How different two looks are, 0 the same .. 1 no colour in common, where they differ most: in trunk or thighs."""
    both = (a.sum(axis=1) > 0) & (b.sum(axis=1) > 0)
    if not both.any():
        return 0.0
    return float(np.sqrt(np.clip(1 - np.sqrt(a[both] * b[both]).sum(axis=1), 0, None)).max())


def _shares(frame: Frame, mask: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Shares [bins] of the colours at points [n, 2] of the person's own; each point counts in the bins about it."""
    column, row = np.floor(points).astype(int).T
    inside = (column >= 0) & (row >= 0) & (column < frame.width) & (row < frame.height)
    column, row = column[inside], row[inside]
    own = mask[row, column] > 0.5
    red, green, blue = frame.pixels[row[own], column[own]].astype(float).T
    light = red + green + blue
    warm, leafy = (red - blue) / (light + _DARK), (green - (red + blue) / 2) / (light + _DARK)
    place = np.stack([light / 765, warm / _COLOURED / 2 + 0.5, leafy / _COLOURED / 2 + 0.5], axis=1).clip(0, 1)
    place *= _BINS - 1
    low = np.minimum(place.astype(int), _BINS - 2)
    part, table = place - low, np.zeros((_BINS, _BINS, _BINS))
    for step in np.ndindex(2, 2, 2):
        share = np.where(step, part, 1 - part).prod(axis=1)
        np.add.at(table, tuple((low + step).T), share)
    return table.ravel() / max(table.sum(), 1.0)
