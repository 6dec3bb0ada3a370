"""Drapes on real bodies: outside the skin, carried by it, in dressing order, and honest where they cannot be worn."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from assets.closest import Surface
from assets.errors import Cancelled, DrapeFailed
from assets.mesh import edges, vertex_normals
from assets.progress import silent
from body.estimate import Evidence, estimate
from body.poses import find
from garments.cloth import mesh
from garments.drape import Drape, _put_on, drape, sheet_of
from garments.dressing.arrange import CLEARANCE
from garments.fit import fit, slid
from garments.garment import garment, ready_made
from garments.imported.flattening import laid_flat
from garments.imported.readymade import ReadyMade
from garments.judging import crossed
from garments.solvers.proximity import crossings
from garments.solvers.sheet import join

EDGE = 0.03
PEOPLE = {
    "woman": Evidence(height=1.65, mass=65.0, sex=0.0),
    "man": Evidence(height=1.78, mass=80.0, sex=1.0),
    "short and heavy": Evidence(height=1.48, mass=88.0, sex=0.0),
    "tall and light": Evidence(height=1.98, mass=70.0, sex=1.0),
}
WORN = [("woman", "tee:M"), ("woman", "skirt:M"), ("man", "tee:L"), ("short and heavy", "tee:XL"),
        ("short and heavy", "skirt:XL"), ("tall and light", "tee:M"), ("woman", "tee:M+skirt:M"),
        ("woman", "skirt:M+tee:M")]  # fmt: skip


@cache
def person(who: str):
    return estimate(PEOPLE[who])


@cache
def worn(who: str, what: str) -> tuple[Drape, ...]:
    sex = "male" if PEOPLE[who].sex else "female"
    names = [part.split(":") for part in what.split("+")]
    return drape(tuple(garment(design, size, sex) for design, size in names), person(who).body, edge=EDGE)


@pytest.mark.parametrize(("who", "what"), WORN)
def test_a_drape_never_enters_the_body_and_rests(who: str, what: str) -> None:
    body = person(who).body
    surface = Surface(body.skin.vertices, body.skin.faces)
    for part in worn(who, what):
        x = part.positions
        assert surface.closest(x).distance.min() >= 0.0
        assert surface.closest(x[part.cloth.faces].mean(axis=1)).distance.min() >= 0.0
        assert part.certificate.holds, part.certificate.reasons
        assert part.certificate.vertices_inside == part.certificate.faces_inside == 0


@pytest.mark.parametrize(("who", "what"), WORN[:4])
def test_the_skin_carries_the_weight(who: str, what: str) -> None:
    for part in worn(who, what):
        normals = Surface(part.body.skin.vertices, part.body.skin.faces).closest(part.positions).normals
        faces, x = part.cloth.faces, part.positions
        area = np.bincount(faces.ravel(), np.repeat(part.cloth.rest_areas / 3, 3), len(x))
        pushed = (part.pressure * area) @ normals[:, 1]
        # Friction carries too, or holds down what is tight: the sum of both is what the certificate tells.
        assert pushed > 0.0 and part.pressure.min() >= 0.0
        assert part.certificate.carried == pytest.approx(1.0, abs=0.02)


def test_the_same_input_gives_the_same_bytes() -> None:
    again = drape((garment("skirt", "M", "female"),), person("woman").body, edge=EDGE)
    first = worn("woman", "skirt:M")
    for name in ("positions", "strain", "tension", "pressure"):
        assert getattr(again[0], name).tobytes() == getattr(first[0], name).tobytes()


def test_both_sides_of_a_straight_standing_body_are_dressed_alike() -> None:
    (part,) = worn("woman", "tee:M")
    x = part.positions
    left, right = x[x[:, 0] > 0.02], x[x[:, 0] < -0.02] * (-1, 1, 1)
    assert np.allclose(left.mean(axis=0), right.mean(axis=0), atol=0.006)
    assert np.allclose(left.max(axis=0), right.max(axis=0), atol=0.015)


@pytest.mark.parametrize("what", ["tee:M+skirt:M", "skirt:M+tee:M"])
def test_garments_worn_together_never_pass_through_each_other(what: str) -> None:
    first, second = worn("woman", what)
    x, faces = np.concatenate([first.positions, second.positions]), first.cloth.faces
    faces = np.concatenate([faces, second.cloth.faces + len(first.positions)])
    met = crossings(x.astype(float), faces, edges(faces))
    other = (edges(faces)[met[:, 0], 0] < len(first.positions)) != (faces[met[:, 1], 0] < len(first.positions))
    assert not other.any()
    assert first.certificate.crossings == second.certificate.crossings == 0


def test_cloth_through_another_garment_is_found_and_told() -> None:
    tee, skirt = (garment(name, "M", "female") for name in ("tee", "skirt"))
    sheet = join([sheet_of(mesh(each, 0.03)) for each in (tee, skirt)])
    x = np.zeros((len(sheet.mass), 3))
    x[:, :2] = np.random.default_rng(1).uniform(0, 1, (len(x), 2))
    x[sheet.layer == 1, 2] = np.random.default_rng(2).uniform(-0.1, 0.1, int((sheet.layer == 1).sum()))
    told = crossed(x, sheet, 2)
    assert told[0, 1] == told[1, 1] > 0
    x[sheet.layer == 1, 2] = 0.1
    assert (crossed(x, sheet, 2)[:, 1] == 0).all()


def test_what_is_put_on_later_lies_outside() -> None:
    for what in ("tee:M+skirt:M", "skirt:M+tee:M"):
        under, over = worn("woman", what)
        surface = Surface(over.positions, over.cloth.faces)
        covered = np.flatnonzero(
            (under.positions[:, 1] < over.positions[:, 1].max() - 0.01)
            & (under.positions[:, 1] > over.positions[:, 1].min() + 0.01)
        )
        near = surface.closest(under.positions[covered])
        outward = vertex_normals(over.positions, over.cloth.faces)[over.cloth.faces[near.faces]].mean(axis=1)
        height = np.einsum("ij,ij->i", under.positions[covered] - near.points, outward)
        assert len(covered) > 50
        assert height.max() < 0.0


def test_three_layers_rest_and_none_passes_through_another() -> None:
    layers = (("tee", "S"), ("tee", "L"), ("skirt", "M"))
    for part in drape(tuple(garment(*each, "female") for each in layers), person("woman").body, edge=0.03):
        assert part.certificate.holds, part.certificate.reasons
        assert part.certificate.crossings == part.certificate.self_crossings == 0


def test_what_passes_through_itself_near_the_skin_is_put_on_from_further_out() -> None:
    """Under raised arms the coat's armholes lie in folds that cannot be drawn apart at the usual distance."""
    woman, made = person("woman").body, garment("coat")
    body, cloth = woman.model.body(woman.betas, find("raised").turns, woman.detail), mesh(made, 0.05)
    worn = _put_on(
        (made,), (cloth,), body, Surface(body.skin.vertices, body.skin.faces), CLEARANCE, 0.05, silent, "cpu"
    )
    assert not len(crossings(worn.state.positions, cloth.faces, edges(cloth.faces)))


def test_a_garment_far_too_small_is_over_its_limit_and_called_too_tight() -> None:
    evidence = PEOPLE["short and heavy"]
    (part,) = drape((garment("skirt", "XS", "female"),), person("short and heavy").body, edge=EDGE)
    assert part.certificate.over_limit and not part.wearable
    words = fit(part, person("short and heavy").measurements)
    assert "too tight" in words.verdict, evidence


def test_a_skirt_too_large_slides_down_and_is_judged_by_its_own_waist() -> None:
    evidence = person("woman")
    for size, falls in (("M", False), ("XL", True)):
        (part,) = drape((garment("skirt", size, "female"),), evidence.body, edge=EDGE)
        told, waist = fit(part, evidence.measurements), evidence.measurements.value("waist_girth")
        region = next(region for region in told.regions if region.name == "waist")
        assert part.certificate.holds
        assert (slid(part, evidence.measurements) > 0.05) == falls
        assert ("slides down" in told.verdict) == falls and "too tight" not in told.verdict
        if falls:
            flat = part.cloth.flat_length(part.cloth.lines["waist"])
            assert region.ease == pytest.approx(flat - waist, abs=1e-6)


def test_a_mesh_that_falls_off_is_told_to_be_too_large() -> None:
    """Nothing says where it should be held: it stays up unless all of it comes to lie below the hips."""
    turn, up = np.meshgrid(np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False), np.linspace(0.5, 1.0, 12))
    radius = 0.22 + 0.1 * (1.0 - up)
    shape = np.stack([radius * np.sin(turn), up, radius * np.cos(turn)], axis=-1).reshape(-1, 3)
    corner = np.arange(len(shape)).reshape(turn.shape)
    a, b, c, d = corner[:-1], np.roll(corner, -1, 1)[:-1], np.roll(corner, -1, 1)[1:], corner[1:]
    faces = np.concatenate([np.stack(each, axis=-1).reshape(-1, 3) for each in ((a, b, c), (a, c, d))])
    flat, evidence = laid_flat(shape, faces), person("woman")
    made = ReadyMade("skirt", shape, faces, flat, np.zeros(len(faces), int), False, ())
    (part,) = drape((ready_made(made),), evidence.body, edge=0.04)
    told = fit(part, evidence.measurements)
    assert not part.certificate.holds and told.fell and "does not stay up" in told.verdict


@pytest.mark.parametrize("design", ["skirt", "trousers"])
def test_what_falls_off_is_told_so_on_coarse_cloth(design: str) -> None:
    slim = estimate(Evidence(height=1.5, mass=42.0, sex=0.0))
    (part,) = drape((garment(design, "XXL", "female"),), slim.body, edge=0.017)
    assert part.edge == 0.034 and not part.certificate.holds
    told = fit(part, slim.measurements)
    assert "does not stay up" in told.verdict and told.fell and told.tells_why


def test_a_finer_mesh_tells_the_same_fit() -> None:
    finer = drape((garment("tee", "M", "female"),), person("woman").body, edge=0.014)
    measured = person("woman").measurements
    coarse, fine = (fit(part[0], measured) for part in (worn("woman", "tee:M"), finer))
    for first, second in zip(coarse.regions, fine.regions, strict=True):
        assert first.ease == pytest.approx(second.ease, abs=0.02), first.name


def test_progress_only_grows_and_draping_stops_when_told() -> None:
    told = []

    def progress(share: float, words: str) -> None:
        told.append(share)
        if share > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        drape((garment("tee", "M", "female"),), person("woman").body, edge=EDGE, progress=progress)
    assert told == sorted(told) and len(told) > 10 and told[-1] < 0.9


def test_putting_on_anew_from_another_distance_takes_no_progress_back(monkeypatch) -> None:
    told, left = [], [DrapeFailed("it passes through itself"), DrapeFailed("it does again")]

    def laid(*_: object) -> str:
        if left:
            raise left.pop()
        return "worn"

    monkeypatch.setattr("garments.drape.wear", laid)
    monkeypatch.setattr("garments.dressing.arrange.arrange", lambda *given: np.full((1, 3), given[3]))
    found = _put_on((), (None,) * 3, None, None, CLEARANCE, 0.05, lambda share, words: told.append(share), "cpu")
    assert found == "worn" and len(told) == 9 and told == sorted(told) and max(told) > 0.0


def test_what_lies_alike_at_every_distance_is_tried_once(monkeypatch) -> None:
    tries = []

    def laid(*_: object) -> None:
        tries.append(1)
        raise DrapeFailed("it passes through itself")

    monkeypatch.setattr("garments.drape.wear", laid)
    monkeypatch.setattr("garments.dressing.arrange.arrange", lambda *_: np.ones((1, 3)))
    with pytest.raises(DrapeFailed, match="passes through itself"):
        _put_on((), (None,), None, None, CLEARANCE, 0.05, silent, "cpu")
    assert len(tries) == 1


def test_whoever_waits_is_heard_in_every_phase() -> None:
    """Meshing asks before each panel, the solver several times a step, the certificate between its checks."""
    asked: list[str] = []
    skirt = garment("skirt", "M", "female")

    def progress(share: float, words: str) -> None:
        asked.append(words)

    drape((skirt,), person("woman").body, edge=0.035, progress=progress)
    putting_on, checking = (asked.count(words) for words in ("putting the garments on", "checking the drape"))
    assert putting_on > len(skirt.pattern.panels) and checking > 1 and asked[-1] == "checking the drape"
    assert asked.count("draping") > 100


def test_cloth_that_locks_is_put_on_once_more_and_rests() -> None:
    """A collar on its stand, whose folds meet within micrometres at the first try on this body."""
    from benchmarks.garments import Wearer, _person

    told: list[float] = []
    who = _person(Wearer("female", "XS"))
    (made,) = drape((garment("shirt", "XS"),), who.body, edge=0.025, progress=lambda share, words: told.append(share))
    assert made.certificate.holds, made.certificate.reasons
    assert told == sorted(told)
    # The cloth in the armpits lies in folds, over which no girth is taken.
    girths = {region.name: region.garment for region in fit(made, who.measurements).regions}
    assert girths["bust"] == pytest.approx(made.garment.pattern.girth("bust"), abs=0.015)


def test_what_is_worn_changes_nothing_of_the_body() -> None:
    body = person("woman").body
    before = body.vertices.copy()
    drape((garment("skirt", "S", "female"),), replace(body), edge=EDGE)
    assert (body.vertices == before).all()
