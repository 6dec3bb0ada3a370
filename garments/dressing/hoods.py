"""A hood laid round the wearer's head: two halves in profile, worn up.

Each half is drawn as it looks from the wearer's side. Seen in profile it lies as it was drawn, behind the head and
above the crown; from the seam over the head it goes round in a quarter of a circle as wide as the head, and then
straight on.
"""

import numpy as np

from garments.cloth import Cloth
from garments.dressing.tubes import along, wraps
from garments.dressing.wearer import SIDES, Wearer
from garments.fields import Flat

_ABOVE_NECK = 0.08
"""Nearer than this to the neckline [m] cloth goes from the head to the shoulders by itself."""


def on_head(cloth: Cloth, wearer: Wearer, nape: np.ndarray, clearance: float) -> tuple[np.ndarray, np.ndarray]:
    """The vertices [k] of a hood that lie on the head, and their places [m] [k, 3]. `nape` [m] [3] is where the hood's
    seam "hood centre" meets the neckline."""
    head = wearer.vertices[wearer.head & (wearer.vertices[:, 1] > wearer.joint("head")[1])]
    breadth = float(np.abs(head[:, 0]).max()) + clearance
    behind, crown = float(head[:, 2].min()) - clearance, float(head[:, 1].max()) + clearance
    vertices, places = [np.zeros(0, np.int32)], [np.zeros((0, 3))]
    for side, sign in SIDES.items():
        mine = wraps(cloth, f"head {side}")
        if not mine.any():
            continue
        flat = Flat(cloth, mine, sewn=True)
        seam = flat.drawn[flat.local(along(cloth, "hood centre"))]
        neck = np.intersect1d(cloth.faces[mine], cloth.faces[~wraps(cloth, "head")])
        low = flat.of(np.intersect1d(neck, along(cloth, "hood centre")))[0]
        from_seam = flat.drawn[:, None] - seam[None]
        away = np.linalg.norm(from_seam, axis=2)
        nearest = away.argmin(axis=1)
        foot, away = seam[nearest], away.min(axis=1)
        inward = from_seam[np.arange(len(away)), nearest] / np.maximum(away, 1e-9)[:, None]
        quarter = 0.5 * np.pi * breadth
        angle = np.minimum(away, quarter) / breadth
        profile = foot + (breadth * (1.0 - np.cos(angle)) + np.maximum(away - quarter, 0.0))[:, None] * inward
        backward = profile[:, 0] * sign
        height = max(nape[1], crown - float(seam[:, 1].max() - low[1])) + profile[:, 1] - low[1]
        depth = behind - (backward - (seam[:, 0] * sign).max())
        far = flat.apart(neck, flat.vertices) > _ABOVE_NECK
        vertices.append(flat.vertices[far])
        places.append(np.stack([sign * breadth * np.sin(angle), height, depth], axis=1)[far])
    return np.concatenate(vertices), np.concatenate(places)
