"""Bodices: what a tailor takes out where a body asks for it."""

from itertools import pairwise

import numpy as np
import pytest

from garments.blocks.bodice import armhole_gape, bust_dart
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
