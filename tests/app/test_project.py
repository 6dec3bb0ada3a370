"""A project's key names exactly what results follow from."""

import pickle
from dataclasses import replace

import pytest

from app.project import Evidence, Project, View, Wish, sample, taped
from garments.colours.colourway import Colourway, read_print
from garments.pinning import Anchor, Held, Pin, Spot
from tests.app.people import somebody


def test_the_key_depends_on_values_and_not_on_identity() -> None:
    assert somebody().key == somebody().key
    assert pickle.loads(pickle.dumps(somebody())).key == somebody().key


def test_the_view_does_not_change_the_key() -> None:
    project = somebody()
    assert replace(project, view=View("strain", four=True)).key == project.key


def test_colours_do_not_change_the_key_for_no_drape_follows_from_them() -> None:
    project = somebody()
    red = replace(project.wishes[0], colour="#aa3322", colourway=Colourway(print=read_print("breton white navy")))
    assert replace(project, wishes=(red, *project.wishes[1:])).key == project.key


PIN = Pin(Spot("front", 0.0, -0.3), Anchor(7, 0.3, 0.3, 0.01))


@pytest.mark.parametrize(
    "change",
    [
        lambda p: replace(p, evidence=replace(p.evidence, height=1.7)),
        lambda p: replace(p, evidence=replace(p.evidence, mass=None)),
        lambda p: replace(p, evidence=taped(p.evidence, "waist_girth", 0.8)),
        lambda p: replace(p, wishes=p.wishes[:1]),
        lambda p: replace(p, wishes=(replace(p.wishes[0], held=Held((PIN,))), *p.wishes[1:])),
        lambda p: replace(p, wishes=(replace(p.wishes[0], fabric="linen"), *p.wishes[1:])),
    ],
)
def test_whatever_results_follow_from_changes_the_key(change) -> None:
    assert change(somebody()).key != somebody().key


def test_the_order_of_tapes_does_not_matter_and_of_garments_does() -> None:
    one = taped(taped(Evidence(), "waist_girth", 0.8), "hip_girth", 1.0)
    other = taped(taped(Evidence(), "hip_girth", 1.0), "waist_girth", 0.8)
    assert Project(one).key == Project(other).key
    tee, skirt = Wish("tee"), Wish("skirt")
    assert Project(one, (tee, skirt)).key != Project(one, (skirt, tee)).key


def test_a_tape_is_taken_off_again() -> None:
    evidence = taped(Evidence(), "waist_girth", 0.8)
    assert dict(taped(evidence, "waist_girth", None).tapes) == {}
    with pytest.raises(TypeError):
        evidence.tapes["waist_girth"] = 0.9  # type: ignore[index]


def test_the_sample_has_two_photos_and_a_height_and_opens_the_same_each_time() -> None:
    project = sample()
    assert len(project.evidence.photos) == 2 and project.evidence.height and project.wishes
    assert sample().key == project.key
