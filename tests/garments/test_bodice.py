"""Bodices: what a tailor takes out where a body asks for it."""

from itertools import pairwise

import numpy as np
import pytest

from garments.blocks.bodice import armhole_gape, bust_dart
from garments.checking import faults
from garments.designs import designs
from garments.grading import chart, size_measurements


@pytest.mark.parametrize(
    ("name", "sex", "dart", "least"),
    (("shift_dress", "female", 1.0, 0.0), ("tank", "female", 0.0, 0.012)),
)
def test_what_would_gape_at_the_armhole_is_taken_into_the_bust_dart(
    name: str, sex: str, dart: float, least: float
) -> None:
    gapes = []
    for size in chart(sex).sizes:
        body = size_measurements(size, sex)
        pattern = designs()[name].draft(body, {})
        front, back = pattern.panel("front"), pattern.panel("back")
        deep = {panel.name: np.ptp([e for k in ("low", "high") for e in panel.edge(f"armhole_{k}_left").controls[:, 1]])
                for panel in (front, back)}  # fmt: skip
        gapes.append(max(armhole_gape(body), least))
        assert deep["back"] - deep["front"] == pytest.approx(gapes[-1], abs=1e-6)
        opening = [edge for edge in front.edges if edge.name.startswith("dart_bust") and edge.name.endswith("left")]
        taken = np.linalg.norm(opening[0].start - opening[1].end) if opening else 0.0
        assert taken == pytest.approx(gapes[-1] + dart * bust_dart(body), abs=1e-3)
    assert all(one <= other for one, other in pairwise(gapes))
    assert gapes[0] == least and 0.015 < gapes[-1] < 0.04


@pytest.mark.parametrize("size", ["XS", "M", "XXL"])
def test_the_back_of_a_qipao_is_taken_in_at_its_middle(size: str) -> None:
    """By as much as the waist is too wide, up to its option, and at the waist alone."""
    body, plan = size_measurements(size, "female"), designs()["qipao"]
    straight, shaped = (plan.draft(body, {"centre_back": intake}) for intake in (0.0, 0.02))
    assert straight.girth("waist") - shaped.girth("waist") == pytest.approx(0.04, abs=1e-6)
    assert plan.draft(body, {"ease_waist": 0.3}).girth("waist") == pytest.approx(body["waist_girth"] + 0.3)
    for line in ("bust", "hip", "hem"):
        assert straight.girth(line) == pytest.approx(shaped.girth(line))
    for made in (straight, shaped):
        assert not faults(made)
