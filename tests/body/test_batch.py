"""Many at once: the batched tape reads what the exact one reads, and people come out as they do alone."""

import numpy as np
import pytest
import torch

from assets.errors import InputRefused, UsageError
from body.batch import estimate_all
from body.crowd import CrowdRuler
from body.estimate import Estimate, Evidence, estimate
from body.measure import measure, ruler
from body.model import load_model


@pytest.fixture(scope="module")
def people() -> tuple[np.ndarray, np.ndarray]:
    """Betas of some women and men, stranger than most."""
    model, rng = load_model(), np.random.default_rng(0)
    sexes = np.array([0.0, 1.0] * 3)
    return np.stack([rng.multivariate_normal(m, 1.5 * c) for m, c in map(model.prior, sexes)]), sexes


def test_the_batched_tape_agrees_with_the_exact_one(people: tuple[np.ndarray, np.ndarray]) -> None:
    on, (betas, sexes) = ruler(load_model()), people
    found = CrowdRuler(on).read(torch.tensor(betas), torch.tensor(sexes), on.names)
    for k, (shape, sex) in enumerate(zip(betas, sexes, strict=True)):
        exact = on.read(shape, sex)
        off = found.value[k].numpy() - exact.values
        assert np.abs(np.delete(off, on.names.index("mass"))).max() < 0.001
        assert abs(off[on.names.index("mass")]) < 0.001
        gap = np.abs(found.slope[k].numpy() - exact.slopes).max(1)
        assert (gap < 0.05 * np.abs(exact.slopes).max(1)).all()


def test_people_come_out_as_they_do_alone() -> None:
    crowd = [
        Evidence(1.68, 66.0, 0.0, 30, {"bust_girth": 0.95, "waist_girth": 0.78, "hip_girth": 1.01}),
        Evidence(1.80, 82.0, 1.0, None, {"waist_girth": 0.90, "crotch_height": 0.84}),
        Evidence(1.70, 70.0, 0.0, None, {"knee_girth": 0.39}),
    ]
    for person, found in zip(crowd, estimate_all(crowd), strict=True):
        assert isinstance(found, Estimate)
        alone = estimate(person)
        shown = measure(found.body, person.sex)
        for name, value in person.tapes.items():
            assert abs(shown.value(name) - value) < 0.001, name
        for name, item in alone.measurements.items():
            assert found.measurements[name].source == item.source
            assert found.measurements.value(name) == pytest.approx(item.value, abs=0.5 * item.sd), name
        assert found.sex == alone.sex and len(found.misfits) == len(alone.misfits)


def test_who_cannot_be_measured_stops_nobody() -> None:
    wrong, right, slip = estimate_all([Evidence(17.0), Evidence(1.7, sex=0.0), Evidence(1.7, 70.0, 5.0)])
    assert isinstance(wrong, InputRefused) and isinstance(slip, UsageError)
    assert isinstance(right, Estimate)
