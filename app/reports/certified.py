"""A drape's certificate line by line, in words: what was found, how much of it may be, whether it is kept.

The lines are the fields of garments.certificate.Certificate, in their order; one that is not known here by name is told
plainly. The window, the report and drape.json say the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from garments.certificate import CARRIED, RESIDUAL

if TYPE_CHECKING:
    from garments.certificate import Certificate

SEAM_GAP = 1e-3


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was checked: its name in the certificate, a title, the value found and the limit in words (""
    where it has none), what it means; `kept` None: told, and not a reason to distrust the drape."""

    name: str
    title: str
    value: str
    limit: str
    kept: bool | None
    says: str


@dataclass(frozen=True, slots=True)
class _Told:
    title: str
    show: Callable[[float], str]
    limit: str
    keeps: Callable[[float], bool] | None
    says: str


def _count(value: float) -> str:
    return f"{value:.0f}"


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %" if abs(value) < 0.1 else f"{100 * value:.1f} %"


def _length(value: float) -> str:
    return f"{1000 * value:.2f} mm"


def _none(value: float) -> bool:
    return value == 0


_TOLD: Mapping[str, _Told] = {
    "vertices_inside": _Told("Vertices inside the body", _count, "0", _none, "No corner of the cloth may be inside."),
    "faces_inside": _Told("Faces inside the body", _count, "0", _none, "Nor the middle of a triangle between corners."),
    "deepest": _Told("Deepest in the body", _length, "0.00 mm", _none, "How far the worst of them is in."),
    "self_crossings": _Told(
        "Cloth through itself", _count, "0", _none, "Edges that pass through triangles of the same garment."),
    "crossings": _Told(
        "Cloth through other garments", _count, "0", _none, "Edges that pass through triangles of another garment."),
    "residual": _Told(
        "Unbalanced force", _percent, f"{100 * RESIDUAL:.0f} % of the load", lambda v: v <= RESIDUAL,
        "At rest every force on the cloth has one against it. What is left is motion that was cut short."),
    "carried": _Told(
        "Weight carried", _percent, f"100 ± {100 * CARRIED:.0f} %", None,
        "Contact and friction must hold up what the garment weighs; what presses it on widens the tolerance."),
    "strain_p99": _Told(
        "Thread strain, 99th percentile", _percent, "", None,
        "How far the threads are stretched. Over the fabric's limit the drape is sound, and the garment too tight."),
    "strain_max": _Told(
        "Thread strain, worst triangle", _percent, "", None,
        "The most stretched triangle. Maps tell the mean of those round a point, and strain on the bias besides."),
    "limit": _Told("The fabric's limit", _percent, "", None, "The strain beyond which nothing is known of the fabric."),
    "seam_gap_max": _Told(
        "Widest seam gap", _length, f"{1000 * SEAM_GAP:.0f} mm", lambda v: v <= SEAM_GAP, "Sewn edges must meet."),
}  # fmt: skip


def lines(certificate: "Certificate") -> tuple[Line, ...]:
    """All that was checked, in the certificate's order."""
    names = [field.name for field in fields(certificate) if field.name != "reasons"]
    return tuple(_line(certificate, name) for name in names)


def verdict(certificate: "Certificate") -> str:
    """The whole in a sentence."""
    if not certificate.holds:
        return "Not to be trusted: " + "; ".join(certificate.reasons)
    if certificate.strain_p99 > certificate.limit:
        return "Holds. The fabric is stretched over its limit: too tight to wear."
    return "Holds: the drape may be relied on."


def plain(certificate: "Certificate") -> list[dict]:
    """The lines as JSON; numbers are beside them in the certificate itself."""
    return [
        {"name": line.name, "title": line.title, "value": line.value, "limit": line.limit or None, "kept": line.kept}
        for line in lines(certificate)
    ]


def _line(certificate: "Certificate", name: str) -> Line:
    value = getattr(certificate, name)
    told = _TOLD.get(name)
    if told is None:
        title = name.replace("_", " ")
        return Line(name, title[:1].upper() + title[1:], _unknown(value), "", None, "")
    limit = told.limit
    kept = None if told.keeps is None else bool(told.keeps(value))
    if name == "strain_p99":
        limit = _percent(certificate.limit)
    elif name == "carried":
        kept = not any("the body carries" in reason for reason in certificate.reasons)
    # A line that is off while the certificate holds is told, not judged.
    kept = None if kept is False and certificate.holds else kept
    return Line(name, told.title, told.show(value) if np.isfinite(value) else "not finite", limit, kept, told.says)


def _unknown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
