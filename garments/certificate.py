"""Whether a drape can be trusted, checked on the very positions that are shown and saved.

Geometry (nothing inside the body, no cloth through cloth, seams closed) and mechanics (at rest by force, not by speed;
the body carries the weight). How far the fabric is stretched is a result, not a fault of the drape: it is told beside,
and a garment stretched over what is known of its fabric is not wearable.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

RESIDUAL = 0.02
"""Unbalanced force, as a share of the load, up to which a drape counts as resting."""
CARRIED = 0.02
"""How far the forces from the body may be from carrying the weight, as a share of the load."""
FAR_OVER = 1.5
"""Cloth that is stretched so many times over its limit is far too tight: were it at rest or not, nobody wears it."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was checked. Depth and gap [m]; residual as a share of the load; `carried`: vertical force from the body and
    from other garments over the weight (1 at rest); strain and its limit as shares of rest length; `self_crossings`
    edges that pass through faces of the garment itself; `crossings` edges that pass through faces between this garment
    and others. `reasons` say why a drape is not to be trusted; empty when it holds."""

    vertices_inside: int
    faces_inside: int
    deepest: float
    self_crossings: int
    crossings: int
    residual: float
    carried: float
    strain_p99: float
    strain_max: float
    limit: float
    seam_gap_max: float
    reasons: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.reasons

    @property
    def over_limit(self) -> bool:
        """Whether the fabric is stretched over what is known of it: too tight to wear."""
        return not self.strain_p99 <= self.limit

    @property
    def too_tight(self) -> bool:
        """Whether a larger size may do better: stretched over the limit, or pressed into the body."""
        return self.over_limit or self.vertices_inside + self.faces_inside > 0

    @property
    def far_over(self) -> bool:
        """Whether it is stretched so far over its limit that another try would tell no more of it, be it at rest and
        `holds` or not."""
        return FAR_OVER * self.limit < self.strain_p99 < np.inf

    def plain(self) -> dict:
        """As JSON."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        rounded = {name: _plain(value) if isinstance(value, float) else value for name, value in told.items()}
        return {"holds": self.holds, "over_limit": self.over_limit, **rounded, "reasons": list(self.reasons)}

    @classmethod
    def from_plain(cls, told: dict) -> "Certificate":
        """Back from JSON. Raises KeyError or TypeError for anything else."""
        kept: dict[str, Any] = {field.name: told[field.name] for field in fields(cls)}
        kept = {name: float("nan") if value is None else value for name, value in kept.items()}
        return cls(**{**kept, "reasons": tuple(str(reason) for reason in kept["reasons"])})


def certify(
    *,
    distances: np.ndarray,
    centre_distances: np.ndarray,
    self_crossings: int,
    crossings: int,
    residual: float,
    carried: float,
    loaded: float,
    strains: np.ndarray,
    limit: float,
    seam_gap: float,
) -> Certificate:
    """Judge the signed distances [m] of vertices [n] and face centres [m] from the skin, the forces (`loaded`: load
    over weight), the strains along the threads [m, 2] and the widest seam gap [m]."""
    inside, faces_inside = int((~(distances >= 0)).sum()), int((~(centre_distances >= 0)).sum())
    deepest = float(max(-np.nanmin(distances), -np.nanmin(centre_distances), 0.0))
    sound = bool(np.isfinite(distances).all() and np.isfinite(strains).all() and np.isfinite([residual, carried]).all())
    reasons = []
    if not sound:
        reasons.append("the simulation broke down: some numbers are not finite")
    if inside or faces_inside:
        reasons.append(f"{inside} vertices and {faces_inside} faces lie inside the body, up to {1e3 * deepest:.1f} mm")
    if self_crossings:
        reasons.append(f"it passes through itself in {self_crossings} places")
    if crossings:
        reasons.append(f"another garment passes through it in {crossings} places")
    if not residual <= RESIDUAL:
        reasons.append(f"not at rest: unbalanced forces are {100 * residual:.1f} % of the load")
    elif not abs(carried - 1.0) <= CARRIED * loaded:
        reasons.append(f"not at rest: the body carries {100 * carried:.0f} % of the weight")
    if not seam_gap <= 1e-3:
        reasons.append(f"a seam is open by {1e3 * seam_gap:.1f} mm")
    along = strains.max(axis=1)
    return Certificate(
        inside, faces_inside, deepest, self_crossings, crossings, residual, carried,
        float(np.percentile(along, 99)), float(along.max()), limit, seam_gap, tuple(reasons),
    )  # fmt: skip


def _plain(value: float) -> float | None:
    return float(f"{value:.6g}") if np.isfinite(value) else None
