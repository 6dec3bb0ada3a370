"""What a certificate lets pass: each fault alone is told, and nothing but a fault."""

from typing import Any

import numpy as np
import pytest

from garments.certificate import Certificate, certify

SOUND: dict[str, Any] = {
    "distances": np.full(50, 0.002),
    "centre_distances": np.full(80, 0.001),
    "self_crossings": 0,
    "crossings": 0,
    "residual": 0.005,
    "carried": 1.001,
    "loaded": 1.0,
    "strains": np.full((80, 2), 0.03),
    "limit": 0.05,
    "seam_gap": 0.0,
}


def with_one(value: float, like: np.ndarray) -> np.ndarray:
    changed = like.copy()
    changed.flat[7] = value
    return changed


def test_a_sound_drape_holds() -> None:
    told = certify(**SOUND)
    assert told.holds and not told.over_limit and told.deepest == 0.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"distances": with_one(-0.0004, SOUND["distances"])}, "1 vertices and 0 faces lie inside the body, up to 0.4"),
        ({"centre_distances": with_one(-0.003, SOUND["centre_distances"])}, "0 vertices and 1 faces"),
        ({"crossings": 3}, "passes through it in 3 places"),
        ({"self_crossings": 2}, "passes through itself in 2 places"),
        ({"residual": 0.5}, "unbalanced forces are 50"),
        ({"carried": 0.8}, "carries 80 %"),
        ({"seam_gap": 0.004}, "open by 4.0 mm"),
        ({"distances": with_one(np.nan, SOUND["distances"])}, "not finite"),
        ({"strains": with_one(np.inf, SOUND["strains"])}, "not finite"),
        ({"residual": float("nan")}, "not finite"),
    ],
)  # fmt: skip
def test_each_fault_alone_is_told(change: dict[str, Any], words: str) -> None:
    told = certify(**{**SOUND, **change})
    assert not told.holds and any(words in reason for reason in told.reasons), told.reasons


def test_stretch_beyond_the_limit_is_no_fault_of_the_drape_but_cannot_be_worn() -> None:
    told = certify(**{**SOUND, "strains": np.full((80, 2), 0.2)})
    assert told.holds and told.over_limit


def test_it_survives_the_way_through_json() -> None:
    told = certify(**{**SOUND, "residual": 0.5})
    again = Certificate.from_plain(told.plain())
    assert again.reasons == told.reasons and again.strain_p99 == pytest.approx(told.strain_p99)


def test_far_over_its_limit_is_more_than_over_it() -> None:
    for limit, over, far in ((0.05, False, False), (0.025, True, False), (0.019, True, True), (np.nan, True, False)):
        told = certify(**SOUND | {"limit": limit})
        assert (told.over_limit, told.far_over) == (over, far)
