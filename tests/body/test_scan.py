"""A scan, however it is turned, scaled, spoilt or surrounded, gives the person's measures or one sentence why not."""

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from app.project import Project
from assets.errors import Cancelled, InputRefused
from assets.mesh import vertex_normals
from benchmarks.scans import disc, scattered, subject, turned, with_holes
from body import scan as scan_file
from body.estimate import Evidence, estimate
from body.measure import measure
from body.model import following, load_model
from body.scan import Scan, fit_scan, load_scan
from body.scans.cleaning import clean
from body.scans.detail import DEEPEST, detail
from body.scans.fitting import Laid
from body.scans.reading import SUFFIXES, read
from body.scans.turning import UNITS, stances

BAD_FILES = Path(__file__).resolve().parents[3] / "shared" / "data" / "badfiles"


@pytest.fixture(scope="module")
def person():
    """A woman in A-pose with holes where scanners see nothing, and a smooth shape that the model does not have."""
    return with_holes(subject(load_model(), np.random.default_rng(4), sex=0.0, arms=50.0, bumps=0.004))


@pytest.fixture(scope="module")
def points(person):
    """Points of her skin with 2 mm of noise, [m], and their normals."""
    rng = np.random.default_rng(4)
    found, normals = scattered(person.vertices, person.faces, 60_000, rng)
    return found + rng.normal(size=found.shape) * 0.002, normals


@pytest.fixture(scope="module")
def scan(points):
    """Her on a turntable, in millimetres, turned anyhow."""
    seen = np.concatenate([points[0], disc(0.35, 0.0)])
    return Scan(turned(seen, 0.001, np.random.default_rng(4)), name="her.ply")


@pytest.fixture(scope="module")
def fitted(scan):
    return fit_scan(scan, load_model(), 0.0)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_format_gives_the_surface(tmp_path, person, suffix):
    path = tmp_path / f"scan{suffix}"
    trimesh.Trimesh(person.vertices, person.faces, process=False).export(path)
    found = read(str(path))
    aside = np.median(scattered(person.vertices, person.faces, 50_000, np.random.default_rng(0))[0], axis=0)
    far = cKDTree(person.vertices).query(found["points"][::100] + aside)[0]
    assert far.max() < 0.03
    assert np.allclose(np.linalg.norm(found["normals"][::100], axis=1), 1, atol=1e-4)


def test_a_cloud_is_read_in_the_reader_process(tmp_path, points):
    path = tmp_path / "cloud.ply"
    trimesh.PointCloud(points[0][:5000]).export(path)
    scan = load_scan(path)
    assert scan.normals is None and scan.name == "cloud.ply" and not scan.points.flags.writeable
    assert np.allclose(np.ptp(scan.points, axis=0), np.ptp(points[0][:5000], axis=0), atol=1e-4)


def test_points_of_an_obj_may_carry_colours(tmp_path, points):
    path = tmp_path / "cloud.obj"
    path.write_text("".join(f"v {x} {y} {z} 0.5 0.5 0.5\n" for x, y, z in points[0][:1000]))
    assert len(read(str(path))["points"]) == 1000


def test_points_nowhere_are_left_out(tmp_path):
    sphere = trimesh.creation.icosphere(3)
    sphere.vertices[:5] = np.nan
    sphere.export(tmp_path / "scan.ply")
    found = read(str(tmp_path / "scan.ply"))["points"]
    assert np.isfinite(found).all() and np.abs(found).max() < 3


def test_a_hostile_file_is_one_sentence():
    if not BAD_FILES.is_dir():
        pytest.skip("the collection of broken files (../shared/data/badfiles) is not here")
    paths = [path for path in sorted(BAD_FILES.rglob("*")) if path.suffix.lower() in SUFFIXES][::2]
    refused = 0
    for path in paths:
        try:
            found = read(str(path))
        except InputRefused as error:
            refused += 1
            assert "\n" not in str(error) and len(str(error)) < 400
        else:
            assert np.isfinite(found["points"]).all()
    assert len(paths) > 30 and refused > 15


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("scan.fbx", b"FBX", "OBJ, PLY, STL or GLB"),
        ("missing.ply", None, "there is no scan"),
        ("empty.ply", b"", "empty"),
        ("noise.stl", bytes(range(256)) * 40, "damaged|triangles|points"),
    ],
)
def test_what_is_no_scan_is_refused(tmp_path, name, content, reason):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputRefused, match=reason):
        load_scan(tmp_path / name)


def test_packed_geometry_is_refused_by_its_name(tmp_path):
    text = b'{"asset":{"version":"2.0"},"extensionsRequired":["KHR_draco_mesh_compression"]} '
    head = b"glTF" + np.array([2, 20 + len(text), len(text)], "<u4").tobytes() + b"JSON"
    (tmp_path / "scan.glb").write_bytes(head + text)
    with pytest.raises(InputRefused, match="Draco"):
        read(str(tmp_path / "scan.glb"))


def test_floor_and_debris_are_taken_away(points):
    rng = np.random.default_rng(0)
    debris = rng.normal(size=(300, 3)) * 0.6 + [0.0, 1.0, 0.0]
    cleaned = clean(np.concatenate([points[0], disc(0.8, 0.0), debris]), None)
    assert len(cleaned.planes) == 1 and abs(cleaned.planes[0][1]) > 0.999
    assert cKDTree(points[0]).query(cleaned.points)[0].max() < 0.06
    assert (np.abs(cleaned.points[:, 1]) > 0.005).all()
    assert np.ptp(cleaned.points[:, 1]) > 0.95 * np.ptp(points[0][:, 1])


def test_a_turntable_and_a_wall_are_taken_away(points):
    table = trimesh.creation.cylinder(0.3, 0.08)
    table.apply_transform(trimesh.transformations.rotation_matrix(np.pi / 2, [1, 0, 0]))
    table.apply_translation([0.0, -0.04, 0.0])
    wall = np.random.default_rng(0).uniform([-1.5, 0.0, -0.905], [1.5, 2.4, -0.895], (20_000, 3))
    around = [trimesh.sample.sample_surface(table, 9000, seed=0)[0], wall]
    cleaned = clean(np.concatenate([points[0], *around]), None)
    assert cKDTree(points[0]).query(cleaned.points)[0].max() < 0.06
    ways, _ = stances(cleaned, None)
    assert all(way.on_floor and abs(way.tall - np.ptp(points[0][:, 1])) < 0.03 for way in ways)


@pytest.mark.parametrize("given", ["none", "inward", "half of them inward"])
def test_normals_come_out_outward(points, given):
    flip = {"none": np.ones(len(points[0])), "inward": -np.ones(len(points[0]))}.get(given, np.sign(points[0][:, 0]))
    cleaned = clean(points[0], None if given == "none" else points[1] * flip[:, None])
    at = cKDTree(points[0]).query(cleaned.points)[1]
    assert np.mean(np.einsum("nc,nc->n", points[1][at], cleaned.normals) > 0) > 0.94


def test_every_turn_and_unit_is_found(points):
    for number, name in enumerate(("metres", "millimetres", "inches")):
        unit = UNITS[name]
        turn = Rotation.random(random_state=number)
        ways, told = stances(clean(turn.apply(points[0]) / unit, None), None)
        assert name in told
        assert all(abs(way.tall - np.ptp(points[0][:, 1])) < 0.06 for way in ways)
        ups = [(way.turn @ turn.as_matrix())[1, 1] for way in ways]
        fronts = [(way.turn @ turn.as_matrix())[2, 2] for way in ways]
        assert max(np.minimum(ups, fronts)) > np.cos(np.radians(25))


def test_a_scan_without_a_unit_needs_a_height(points):
    cleaned = clean(points[0] * 0.4, None)
    with pytest.raises(InputRefused, match="add the person's height"):
        stances(cleaned, None)
    ways, told = stances(cleaned, 1.70)
    assert "scaled" in told and all(way.guessed and abs(way.tall - 1.70) < 1e-6 for way in ways)


def test_girths_are_the_persons(person, fitted):
    for name, error in (
        ("stature", 0.015), ("bust_girth", 0.012), ("waist_girth", 0.012), ("hip_girth", 0.012), ("thigh_girth", 0.012),
        ("calf_girth", 0.006), ("upper_arm_girth", 0.012), ("crotch_height", 0.02),
    ):  # fmt: skip
        assert abs(fitted.measures.value(name) - person.measures.value(name)) < error, name
    assert all(item.source == "scan" and item.sd > 0.002 for item in fitted.measures.values())
    assert any("millimetres" in note for note in fitted.notes)


def test_a_fit_is_remembered_while_a_height_says_nothing_new(scan, fitted):
    again = Scan(np.array(scan.points), name=scan.name)
    assert fit_scan(again, load_model(), 0.0, fitted.measures.value("stature") + 0.01) is fitted


def test_most_measures_lie_within_their_doubt(person, fitted):
    off = [abs(item.value - person.measures.value(name)) / item.sd for name, item in fitted.measures.items()]
    assert np.mean(np.array(off) < 1) > 0.6 and max(off) < 5


def test_the_detail_carries_the_body_to_the_scan(fitted):
    inside = following(load_model(), "spine1") > 0.9
    far = cKDTree(fitted.points).query(fitted.vertices[inside & (fitted.vertices[:, 1] < 1.3)])[0]
    assert np.median(far) < 0.006
    assert np.linalg.norm(fitted.detail, axis=1).max() < 1.1 * DEEPEST


def test_a_bump_becomes_detail_and_holes_do_not():
    """A plate of 8 mm on the belly of a body that is otherwise the model's own."""
    model = load_model()
    body = model.body()
    laid = Laid(
        np.array(body.betas, float), np.array(body.pose, float), np.array(body.translation, float),
        np.array(body.vertices, float), np.array(body.joints, float), np.eye(len(body.betas)), 0.0,
    )  # fmt: skip
    navel = body.vertices[model.landmarks["navel"]]
    raised = 0.008 * np.exp(-(((body.vertices - navel) ** 2).sum(axis=1)) / 0.08**2)
    normals = vertex_normals(body.vertices, model.skin_faces)
    surface = body.vertices + raised[:, None] * normals
    points, across = scattered(surface, model.skin_faces, 80_000, np.random.default_rng(0))
    thigh = np.abs(points[:, 1] - 0.65) < 0.08
    layer = detail(model, laid, points[~thigh], across[~thigh])
    torso = following(model, "spine1") > 0.9
    moved = np.einsum("nc,nc->n", layer.posed - body.vertices, normals)
    assert np.abs(moved - raised)[torso & (np.abs(body.vertices[:, 1] - navel[1]) < 0.15)].mean() < 0.0007
    bare = (np.abs(body.vertices[:, 1] - 0.65) < 0.02) & (np.abs(body.vertices[:, 0]) < 0.3)
    assert np.abs(moved[bare]).max() < 0.002 and layer.seen[bare].max() < 0.2


def test_what_is_nobody_is_refused():
    post = trimesh.creation.capsule(1.3, 0.17)
    with pytest.raises(InputRefused, match=r"does not look like a (whole )?person"):
        fit_scan(Scan(trimesh.sample.sample_surface(post, 20_000, seed=0)[0], name="post.ply"), load_model())


@pytest.mark.parametrize("nothing", [np.ones((5000, 3)), np.outer(np.linspace(0, 1, 5000), [1, 2, 3]), np.eye(3)])
def test_points_without_a_surface_are_refused(nothing):
    with pytest.raises(InputRefused):
        fit_scan(Scan(nothing, name="nothing.ply"), load_model())


def test_it_can_be_stopped(points):
    def stop(fraction: float, words: str) -> None:
        if fraction > 0.2:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        fit_scan(Scan(points[0]), load_model(), progress=stop)


def test_tapes_win_over_the_scan_and_the_scan_over_the_rest(monkeypatch, fitted):
    monkeypatch.setattr(scan_file, "fit_scan", lambda *told: fitted)
    waist = fitted.measures.value("waist_girth") + 0.015
    found = estimate(Evidence(sex=0.0, tapes={"waist": waist}, scan=Scan(np.zeros((1, 3)), name="her.ply")))
    assert found.measurements["waist_girth"].source == "tape" and found.measurements["hip_girth"].source == "scan"
    assert found.measurements.value("hip_girth") == fitted.measures.value("hip_girth")
    shown = measure(found.body)
    assert abs(shown.value("waist_girth") - waist) < 0.0007
    assert abs(shown.value("hip_girth") - fitted.measures.value("hip_girth")) < 0.01
    assert found.body.detail is not None


def test_without_detail_the_body_is_one_of_the_shapes_with_the_same_measures(monkeypatch, fitted):
    monkeypatch.setattr(scan_file, "fit_scan", lambda *told: fitted)
    found = estimate(Evidence(sex=0.0, scan=Scan(np.zeros((1, 3))), scan_detail=False))
    assert found.body.detail is None
    assert found.measurements.value("hip_girth") == fitted.measures.value("hip_girth")


def test_a_tape_that_the_scan_contradicts_is_said(monkeypatch, fitted):
    monkeypatch.setattr(scan_file, "fit_scan", lambda *told: fitted)
    waist = fitted.measures.value("waist_girth") + 0.06
    found = estimate(Evidence(sex=0.0, tapes={"waist": waist}, scan=Scan(np.zeros((1, 3)))))
    assert any("the scan shows a waist girth" in note for note in found.notes)


def test_a_project_with_another_scan_is_another():
    first, second = (Scan(np.full((4, 3), value)) for value in (1.0, 2.0))
    project = Project(Evidence(scan=first))
    assert project.person_key == Project(pickle.loads(pickle.dumps(project.evidence))).person_key
    assert project.person_key != replace(project, evidence=Evidence(scan=second)).person_key
    assert project.person_key != replace(project, evidence=Evidence(scan=first, scan_detail=False)).person_key
    assert project.person_key != Project(Evidence()).person_key
