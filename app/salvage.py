"""What is left of a damaged project: a photo that cannot be read is no reason to refuse the person it shows.

Where a bad disk spoilt a picture, points or a mesh, the smallest part that leans on it is left out of what project.json
tells: a photo, the scan, a garment, the picture behind the person. Each is told in a sentence.
"""

from collections.abc import Collection, Iterator
from typing import Any


def without(told: dict[str, Any], readable: Collection[str], background: str) -> list[str]:
    """Take what leans on any but the `readable` arrays out of what project.json tells of a project; what it was, in
    sentences, which its remarks keep. `background` is the array of the picture behind the person. Raises TypeError,
    KeyError or AttributeError for what Toile never wrote."""
    from garments.designs import title_of

    def whole(part: Any) -> bool:
        return all(name in readable for name in _named(part))

    evidence, lost = told.get("evidence", {}), []
    for k, photo in enumerate(evidence.get("photos", ()), 1):
        if not whole(photo):
            lost.append(f"photo {k} is damaged in the project's file: the body is told without it")
    if not whole(evidence.get("scan")):
        lost.append("the scan is damaged in the project's file: the body is told without it")
        evidence["scan"] = None
    for wish in told.get("wishes", ()):
        if not whole(wish):
            lost.append(f"{title_of(wish['design'])} is damaged in the project's file: it is left out, put it on again")
    view = told.get("view", {})
    if view.get("background") == background and background not in readable:
        lost.append("the picture behind the person is damaged in the project's file: it is left out")
        view["background"] = ""
    lent = told.get("lent") or {}
    lent["photos"] = list(filter(whole, lent.get("photos", ())))
    if lost:
        evidence["photos"] = list(filter(whole, evidence.get("photos", ())))
        evidence["remarks"] = [*evidence.get("remarks", ()), *lost]
        told["wishes"] = list(filter(whole, told.get("wishes", ())))
    return lost


def _named(part: Any) -> Iterator[str]:
    """The arrays that a part of project.json points at."""
    if isinstance(part, dict):
        if isinstance(part.get("array"), str):
            yield part["array"]
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        yield from _named(inner)
