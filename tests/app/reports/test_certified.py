"""A certificate in words: every field has its line, faults are marked, and what failed advises nothing."""

import json
from dataclasses import dataclass, fields, make_dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from app.reports import certified
from body.poses import RELAXED, T
from garments.atlas import BY_NAME
from garments.certificate import Certificate, certify
from tests.garments.kerchiefs import SOUND, kerchief, pulled


def told(certificate) -> dict[str, certified.Line]:
    return {line.name: line for line in certified.lines(certificate)}


def test_every_field_of_the_certificate_has_a_line_with_words() -> None:
    names = [field.name for field in fields(Certificate) if field.name != "reasons"]
    assert [line.name for line in certified.lines(SOUND)] == names
    for line in certified.lines(SOUND):
        assert line.title and line.value


def test_a_line_that_is_new_appears_by_itself() -> None:
    wider = make_dataclass("Wider", [("shear_max", float)], bases=(Certificate,), frozen=True)
    kept = {field.name: getattr(SOUND, field.name) for field in fields(SOUND)}
    line = told(wider(**kept, shear_max=0.25))["shear_max"]
    assert (line.title, line.value, line.kept) == ("Shear max", "0.25", None)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"distances": -np.ones(3)}, "vertices_inside"),
        ({"centre_distances": -np.ones(3)}, "faces_inside"),
        ({"crossings": 4}, "crossings"),
        ({"residual": 0.3}, "residual"),
        ({"carried": 0.4}, "carried"),
        ({"seam_gap": 0.01}, "seam_gap_max"),
    ],
)
def test_what_is_at_fault_is_marked(change: dict, name: str) -> None:
    sound = {
        "distances": np.ones(3), "centre_distances": np.ones(3), "self_crossings": 0, "crossings": 0, "residual": 0.0,
        "carried": 1.0, "loaded": 1.0, "strains": np.zeros((3, 2)), "limit": 0.3, "seam_gap": 0.0,
    }  # fmt: skip
    failed = certify(**{**sound, **change})
    assert told(failed)[name].kept is False and told(certify(**sound))[name].kept is True
    assert certified.verdict(failed).startswith("Not to be trusted: ")


def test_too_tight_is_no_fault_and_not_finite_is_said() -> None:
    tight = replace(SOUND, strain_p99=0.5)
    assert told(tight)["strain_p99"].kept is None and "too tight to wear" in certified.verdict(tight)
    assert told(replace(SOUND, residual=float("nan"), reasons=("broke down",)))["residual"].value == "not finite"


@dataclass(frozen=True)
class Draped:
    """What advice looks at of a drape."""

    certificate: Certificate
    garment: object
    body: object = None

    @property
    def wearable(self) -> bool:
        return self.certificate.holds and not self.certificate.over_limit


def test_a_drape_that_fails_advises_no_size_anywhere() -> None:
    from app.pipeline import TryOn
    from body.measurements import Measurements, given
    from body.model import load_model
    from garments.fit import Fit
    from garments.garment import garment
    from garments.sizing import advise, confirm

    body = Measurements(tuple(given(name, value) for name, value in (("waist", 0.72), ("hip", 0.98))))
    failed = replace(SOUND, residual=0.4, reasons=("not at rest: unbalanced forces are 40.0 % of the load",))
    model = load_model()
    at_ease = model.body(pose=RELAXED)
    drape = Draped(failed, garment("skirt", "M"), at_ease)
    advice = confirm(advise("skirt", body, 0.0), drape)
    assert not advice.trusted and "no advice" in advice.sentence and advice.best not in advice.sentence.split()
    result = TryOn(SimpleNamespace(notes=()), (), (), (drape,), (Fit("skirt M", (), ""),), (advice,))
    assert not result.holds and result.failures() == (f"skirt M: {failed.reasons[0]}",)
    reaching = replace(result, drapes=(replace(drape, body=model.body(pose=T)),))
    assert reaching.failures() == (
        *result.failures(),
        "drape at ease, where sizes are judged, or in a pose nearer to that",
    )
    crossed = replace(drape, body=model.body(pose=T), certificate=replace(failed, self_crossings=3))
    assert len(replace(result, drapes=(crossed,)).failures()) == 1, "what passes through itself would at ease, too"


def test_a_drape_that_fails_because_the_size_is_far_too_small_says_so() -> None:
    from app.pipeline import TryOn
    from body.measurements import Measurements, given
    from garments.fit import Fit, too_small
    from garments.garment import garment

    body = Measurements(tuple(given(name, value) for name, value in (("bust", 1.4), ("waist", 1.3), ("hip", 1.5))))
    failed = replace(SOUND, strain_p99=0.8, residual=9.0, reasons=("not at rest",))
    drape = Draped(failed, garment("skirt", "XS"))
    words = too_small(drape, body)
    assert words.startswith("too small: ") and "cm too tight" in words and "stretched 80 % where it bears 30 %" in words
    result = TryOn(SimpleNamespace(notes=()), (), (), (drape,), (Fit("skirt XS", (), words, too_small=True),), ())
    assert result.failures() == (f"skirt XS: {words}", "skirt XS: not at rest")
    assert not too_small(Draped(replace(failed, strain_p99=0.1), drape.garment), body), "tangled, and not too tight"
    assert not too_small(Draped(replace(failed, strain_p99=float("nan")), drape.garment), body)
    assert not too_small(Draped(replace(failed, reasons=()), drape.garment), body), "worn all the same"
    slim = Measurements(tuple(given(name, value) for name, value in (("bust", 0.8), ("waist", 0.6), ("hip", 0.85))))
    assert not too_small(drape, slim)


def test_files_of_a_drape_that_fails_name_no_size_and_say_why(tmp_path: Path, monkeypatch) -> None:
    from app.exports import glb as export
    from app.exports import results
    from garments.fit import Fit
    from garments.maps import mapped

    monkeypatch.setattr(export, "try_on_glb", lambda body, drapes: b"")
    monkeypatch.setattr(results, "size_table", lambda drape, measurements: None)  # A kerchief has no sizes.
    failed = replace(SOUND, crossings=3, reasons=("another garment passes through it in 3 places",))
    for certificate, advised in ((SOUND, True), (failed, False)):
        drape = replace(pulled(kerchief(), np.eye(3, 2)), certificate=certificate)
        result = SimpleNamespace(
            estimate=SimpleNamespace(measurements={}),
            body=None,
            drapes=(drape,),
            fits=(Fit("kerchief M", (), "no region to judge by"),),
            advice=(SimpleNamespace(plain=lambda: {"best": "M"}, scores=()),),
            holds=certificate.holds,
            failures=lambda certificate=certificate: certificate.reasons,
        )
        results._write_drape(result, (mapped(drape),), tmp_path)
        (told,) = json.loads((tmp_path / "fit.json").read_text())["garments"]
        assert (told["size"] == {"best": "M"}) == advised and ("why" in told) != advised
        (written,) = json.loads((tmp_path / "drape.json").read_text())["drapes"]
        kept = {line["name"]: line["kept"] for line in written["lines"]}
        assert kept["crossings"] is advised and kept["vertices_inside"] is True
        assert set(written["maps"]) == set(BY_NAME)
