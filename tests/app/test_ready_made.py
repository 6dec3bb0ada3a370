"""Garments from files through the whole program: worn, named by digest, kept with a drape, back from our own GLB."""

from types import SimpleNamespace

import numpy as np
import pytest

from app import steps
from app.exports.glb import glb
from app.pipeline import dress
from app.project import Project, Wish
from app.stage import garment_item
from body.estimate import Evidence, estimate
from body.model import load_model
from body.poses import RELAXED
from garments.cloth import mesh
from garments.dressing.arrange import arrange
from garments.formats.mesh import load
from garments.garment import garment, ready_made
from garments.imported.readymade import ONE_SIZE, ReadyMade


@pytest.fixture(scope="module")
def tee(tmp_path_factory) -> ReadyMade:
    """Our own T-shirt as it leaves in a GLB, and as it comes back."""
    sewn = garment("tee", "L")
    cloth = mesh(sewn, 0.04)
    model = load_model()
    worn = arrange(cloth, model.body(model.prior(0.0)[0], RELAXED))
    path = tmp_path_factory.mktemp("glb") / "own tee.glb"
    path.write_bytes(glb((garment_item(SimpleNamespace(garment=sewn, cloth=cloth, positions=worn)),)))
    return load(path)


@pytest.fixture(scope="module")
def worn(tee):
    person = estimate(Evidence(height=1.68, mass=60.0, sex=0.0), load_model())
    return dress(person, (Wish(tee.name, made=tee),), edge=0.045)


def test_our_own_garment_comes_back_with_its_pattern(tee):
    sewn = mesh(garment("tee", "L"), 0.04)
    again = mesh(ready_made(tee), 0.04)
    assert tee.cut and tee.area == pytest.approx(sewn.rest_areas.sum(), rel=0.02)
    assert again.mass.sum() == pytest.approx(sewn.mass.sum() / sewn.fabric.density * again.fabric.density, rel=0.02)


def test_a_ready_made_garment_is_draped_judged_and_advised(worn, tee):
    (drape,), (fit,), (advice,) = worn.drapes, worn.fits, worn.advice
    assert drape.certificate.vertices_inside == 0 and drape.garment.size == ONE_SIZE
    bust = next(region for region in fit.regions if region.name == "bust")
    assert bust.garment == pytest.approx(garment("tee", "L").girths["bust"], rel=0.06)
    assert (advice.best == ONE_SIZE and "one size" in advice.sentence) or not advice.trusted
    assert any(tee.name in line and "in m" in line for line in worn.summary())


def test_a_drape_of_it_is_kept_with_its_mesh(worn, tmp_path):
    steps.save_try_on(worn, tmp_path / "drape.npz")
    again = steps.load_try_on(tmp_path / "drape.npz")
    assert again.wishes[0].made is not None and again.garments[0].name == worn.garments[0].name
    assert np.array_equal(again.drapes[0].positions, worn.drapes[0].positions)
    assert Project(wishes=again.wishes).key == Project(wishes=worn.wishes).key or worn.wishes[0].fabric is None


def test_the_digest_tells_meshes_apart(tee):
    other = ReadyMade(tee.name, tee.vertices * 1.01, tee.faces, tee.flat, tee.panel, tee.cut)
    keys = {Project(wishes=(Wish(tee.name, made=made),)).key for made in (tee, other, None)}
    assert len(keys) == 3
