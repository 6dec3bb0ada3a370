"""A garment that does not fit is altered by the least that helps, and stays what its designer meant it to be."""

import pytest

from app.alteration import steps
from app.pipeline import dress, fit_body
from app.project import Wish
from assets.errors import Cancelled, InputRefused, UsageError
from body.estimate import Evidence
from garments.altering import alter, changes
from garments.designs import designs
from garments.fit import STEP
from garments.garment import INSIDE_LEG, LENGTHS, SKIRT_LENGTH, SLEEVE_LENGTH, Cut, sewn

EDGE = 0.04


@pytest.fixture(scope="module", autouse=True)
def few_drafts():
    """Enough to find what helps; more find it to the millimetre."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("garments.altering.DRAFTS", 150)
        yield


@pytest.fixture(scope="module")
def estimate():
    return fit_body(Evidence(height=1.68, mass=74.0, sex=0.0))


@pytest.fixture(scope="module")
def tight(estimate):
    """A dress two sizes too small at the hip."""
    return dress(estimate, (Wish("shift_dress", "M"),), edge=EDGE)


@pytest.fixture(scope="module")
def altered(tight, estimate):
    return alter(tight.drapes, 0, estimate.measurements)


def test_what_is_too_tight_is_let_out_and_the_rest_left(tight, altered) -> None:
    (hip,) = [region for region in tight.fits[0].regions if not region.fits]
    assert hip.name == "hip" and altered.cures and set(altered.alterations) == {"ease_hip"}
    (change,) = altered.changes
    assert change.name == "hip" and 0.0 < change.length < 2 * STEP
    ((seam, edges, total),) = change.seams
    assert (seam, edges) == ("side", 4) and total == pytest.approx(change.length, abs=1e-3)


def test_the_ease_that_is_meant_stays_the_designers(tight, altered) -> None:
    before, after = ({region.name: region for region in each.regions} for each in (altered.before, altered.after))
    for name, region in before.items():
        assert after[name].meant == pytest.approx(region.meant, abs=5e-3)
    assert after["hip"].ease - before["hip"].ease == pytest.approx(altered.changes[0].length, abs=0.01)


def test_what_fits_is_not_changed(altered, estimate) -> None:
    with pytest.raises(InputRefused, match="nothing needs to change"):
        alter(altered.drapes, 0, estimate.measurements)


def test_an_alteration_adds_to_the_options_within_their_range() -> None:
    let_out = Cut("skirt", options={"ease_hip": 0.06}, alterations={"ease_hip": 0.02})
    assert let_out.drawn["ease_hip"] == pytest.approx(0.08)
    assert sewn(let_out).unaltered.girths["hip"] == pytest.approx(sewn(let_out).girths["hip"] - 0.02, abs=1e-4)
    assert Cut("skirt", alterations={"ease_hip": 9.0}).drawn["ease_hip"] == 0.40
    with pytest.raises(UsageError, match="no option lapel"):
        sewn(Cut("skirt", alterations={"lapel": 0.01}))


def test_changes_are_told_where_the_pattern_moved() -> None:
    """Trousers are let out at side and crotch seams, a skirt's waist at side seams and darts; all of it is told."""
    for design, options in (("trousers", {"ease_hip": 0.09}), ("skirt", {"ease_waist": 0.06})):
        plain, wide = sewn(Cut(design)), sewn(Cut(design, options=options))
        for change in changes(plain.pattern, wide.pattern):
            if not change.seams:
                assert plain.pattern.lines[change.name] != wide.pattern.lines[change.name], "a dart came or went"
                continue
            told = sum(total for _, _, total in change.seams)
            assert told == pytest.approx(change.length, abs=0.15 * abs(change.length) + 0.002), (design, change)


def test_a_leg_that_is_taken_up_fits() -> None:
    """Trousers of a size that is cut for a taller woman, as they are and shortened."""
    short = fit_body(Evidence(height=1.56, mass=60.0, sex=0.0))
    shortened = Wish("trousers", "M", alterations={"length": -0.06})
    (worn,) = dress(short, (shortened,), edge=0.035).fits
    legs = {region.name: region for region in worn.regions}[INSIDE_LEG]
    off = legs.ease - legs.meant
    taken_up = 0.06 * Cut("trousers", "M").meant_for["crotch_height"]
    assert legs.fits and off + taken_up > LENGTHS[INSIDE_LEG][1]


def test_a_sleeve_is_judged_by_the_arm_and_taken_up() -> None:
    """By as much as the arm is shorter than those that the size is cut for, as near as fits."""
    short = fit_body(Evidence(1.68, 60.0, 0.0, tapes={"arm_length": 0.50}))
    arm = short.measurements.value("arm_length")
    cut_for = Cut("tee", "M").meant_for["arm_length"]
    worn = dress(short, (Wish("tee", "M"),), edge=0.045)
    (sleeve,) = [region for region in worn.fits[0].regions if region.name == SLEEVE_LENGTH]
    off = sleeve.garment * (1.0 - arm / cut_for)
    assert sewn(Cut("shirt", "M")).lengths[SLEEVE_LENGTH] == pytest.approx(cut_for, abs=2e-3) and sleeve.body == arm
    assert sleeve.verdict == f"{100 * off:.1f} cm too long"
    assert any(
        reason.startswith("M: sleeve length") and reason.endswith("too long") for reason in worn.advice[0].reasons
    )
    found = alter(worn.drapes, 0, short.measurements)
    assert found.cures and set(found.alterations) == {"sleeve_length"}
    (taken,) = [change for change in found.changes if change.name == SLEEVE_LENGTH]
    assert taken.length < 0.0 and taken.length == pytest.approx(-off, abs=LENGTHS[SLEEVE_LENGTH][1])
    assert steps([taken], "cm") == (f"take up the sleeve length by {-100 * taken.length:.1f} cm",)


def test_a_skirt_is_meant_to_reach_as_far_down_as_its_design_says() -> None:
    """Through yokes and pleats, straight, flared or round; tops are not judged by it."""
    for design in designs():
        plan = designs()[design]
        for size in ("XS", "XXL"):
            lengths, body = sewn(Cut(design, size)).lengths, Cut(design, size).meant_for
            meant = plan.OPTIONS["length"].default * body["waist_height"]
            if plan.OPTIONS["length"].unit == "waist_height":
                assert lengths[SKIRT_LENGTH] == pytest.approx(meant, abs=2e-3), (design, size)
            else:
                assert SKIRT_LENGTH not in lengths


def test_a_skirt_is_let_down_for_who_is_taller() -> None:
    tall = fit_body(Evidence(1.86, 78.0, 0.0))
    waist, cut_for = tall.measurements.value("waist_height"), Cut("skirt").meant_for["waist_height"]
    worn = dress(tall, (Wish("skirt", "M", options={"length": 0.8}),), edge=0.045)
    (skirt,) = [region for region in worn.fits[0].regions if region.name == SKIRT_LENGTH]
    off = 0.8 * (waist - cut_for)
    assert off > LENGTHS[SKIRT_LENGTH][1] and skirt.verdict == f"{100 * off:.1f} cm too short" and not skirt.is_girth
    found = alter(worn.drapes, 0, tall.measurements)
    (let,) = [change for change in found.changes if change.name == SKIRT_LENGTH]
    assert let.length == pytest.approx(off, abs=LENGTHS[SKIRT_LENGTH][1])
    assert steps([let], "cm") == (f"let down the skirt length by {100 * let.length:.1f} cm",)
    short = dress(tall, (Wish("skirt", "M", options={"length": 0.35}),), edge=0.045)
    (mini,) = [region for region in short.fits[0].regions if region.name == SKIRT_LENGTH]
    assert mini.fits and mini.verdict.endswith("off the floor")


def test_it_can_be_stopped(tight, estimate) -> None:
    def stop(fraction: float, words: str) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        alter(tight.drapes, 0, estimate.measurements, stop)


def test_a_waist_can_be_taken_in_to_somebody_far_slimmer() -> None:
    """By two sizes, elastic and all: whoever has the hips of a size need not have its waist."""
    for design, line in (("skirt", "waist"), ("trousers", "waistband"), ("jeans", "waistband")):
        plain, taken_in = sewn(Cut(design)), sewn(Cut(design, alterations={"ease_waist": -0.10}))
        assert plain.girths[line] - taken_in.girths[line] == pytest.approx(0.10, abs=5e-3)


def test_a_skirt_that_slid_down_is_put_on_anew_taken_in() -> None:
    slim = fit_body(Evidence(1.68, None, 0.0, tapes={"waist_girth": 0.71, "hip_girth": 0.99}))
    loose = dress(slim, (Wish("skirt", "M"),), edge=0.045)
    assert "slides down" in loose.fits[0].verdict
    found = alter(loose.drapes, 0, slim.measurements)
    assert found.cures and set(found.alterations) == {"ease_waist"} and found.alterations["ease_waist"] < -0.03
