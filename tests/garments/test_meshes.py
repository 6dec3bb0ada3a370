"""Garments that come as meshes: mended, understood in any unit and turn, put on, and refused in a sentence."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from assets.closest import Surface
from assets.errors import InputRefused, ToileError, UnsureInput, UsageError
from assets.mesh import edges, face_areas
from assets.meshfile import SUFFIXES, Geometry, geometry
from body.model import load_model
from body.poses import RELAXED, T
from garments.cloth import mesh
from garments.dressing.arrange import arrange
from garments.formats.mesh import load
from garments.garment import garment, ready_made
from garments.imported.flattening import flattened, laid_flat
from garments.imported.mending import mended
from garments.imported.placing import off_floor, place
from garments.imported.remeshing import remeshed
from garments.imported.understanding import understand

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TRUE_TO_SCALE = {"diffavatar_tshirt.obj": 4, "diffavatar_polo.obj": 7}


def tube(rows: int = 16, columns: int = 24, radius: float = 0.18, height: float = 0.5) -> Geometry:
    """A skirt without a seam but in its texture, which is true to scale up to one factor."""
    turn = np.linspace(0.0, 2.0 * np.pi, columns + 1)
    level = np.linspace(0.0, height, rows + 1)
    around, up = np.meshgrid(turn, level)
    vertices = np.stack([radius * np.sin(around), up, radius * np.cos(around)], axis=-1).reshape(-1, 3)
    step = 2.0 * radius * columns * np.sin(np.pi / columns)
    uv = np.stack([around / (2.0 * np.pi) * step, up], axis=-1).reshape(-1, 2) / 1.7
    corner = np.arange((rows + 1) * (columns + 1)).reshape(rows + 1, -1)
    a, b, c, d = (part.ravel() for part in (corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]))
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return Geometry(vertices, faces, uv, np.zeros(len(faces), int), ("tube",))


def changed(found: Geometry, **parts: np.ndarray) -> Geometry:
    told = {name: parts.get(name, getattr(found, name)) for name in ("vertices", "faces", "uv", "part", "names")}
    if "faces" in parts:
        told["part"] = np.zeros(len(parts["faces"]), int)
    return Geometry(**told)


def unwelded(found: Geometry) -> Geometry:
    return Geometry(
        found.vertices[found.faces].reshape(-1, 3), np.arange(3 * len(found.faces)).reshape(-1, 3),
        found.uv[found.faces].reshape(-1, 2), found.part, found.names,
    )  # fmt: skip


def border(faces: np.ndarray) -> int:
    pairs = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    return int((np.unique(pairs, axis=0, return_counts=True)[1] == 1).sum())


def test_welding_keeps_area_and_texture_and_closes_the_seam():
    plain, loose = mended(tube(), "tube"), mended(unwelded(tube()), "tube")
    for made in (plain, loose):
        assert len(made.vertices) == 17 * 24 and border(made.faces) == 2 * 24
        assert face_areas(made.vertices, made.faces).sum() == pytest.approx(
            face_areas(tube().vertices, tube().faces).sum()
        )
    flat = [flattened(made.vertices, made.faces, made.uv, made.part) for made in (plain, loose)]
    assert all(each.from_uv and each.panel.max() == 0 for each in flat)


def test_what_is_there_twice_or_flat_is_dropped():
    found = tube()
    doubled = np.concatenate([found.faces, found.faces[:, ::-1], [[0, 1, 1], [0, 0, 5]]])
    made = mended(changed(found, faces=doubled), "tube")
    assert len(made.faces) == len(found.faces)
    assert any("there twice" in note for note in made.notes) and any("without an area" in note for note in made.notes)


def test_a_triangle_that_hangs_on_nothing_is_no_cloth():
    found = tube()
    corner = len(found.vertices) + np.arange(3)
    lone = np.concatenate([found.vertices, [[0.3, 0.2, 0.0], [0.31, 0.2, 0.0], [0.3, 0.21, 0.0]]])
    made = mended(
        changed(found, vertices=lone, faces=np.concatenate([found.faces, [corner]]), uv=np.zeros((len(lone), 2))),
        "tube",
    )
    assert len(made.faces) == len(found.faces)


def test_faces_are_turned_outward_however_they_came():
    found = tube()
    mixed = found.faces.copy()
    some = np.random.default_rng(1).random(len(mixed)) < 0.4
    mixed[some] = mixed[some][:, ::-1]
    made = mended(changed(found, faces=mixed), "tube")
    a, b, c = (made.vertices[made.faces[:, k]] for k in range(3))
    outward = np.einsum("ij,ij->i", np.cross(b - a, c - a)[:, [0, 2]], ((a + b + c) / 3)[:, [0, 2]])
    assert (outward > 0).all()


def test_a_shell_with_two_sides_leaves_its_outer_one():
    found, thick = tube(), 0.002
    inner = found.vertices * ((0.18 - thick) / 0.18, 1.0, (0.18 - thick) / 0.18)
    count = len(found.vertices)
    rim = []
    for row in (np.arange(25), 16 * 25 + np.arange(25)):
        a, b = row[:-1], row[1:]
        rim += [np.stack([a, b, b + count], 1), np.stack([a, b + count, a + count], 1)]
    faces = np.concatenate([found.faces, found.faces[:, ::-1] + count, *rim])
    shell = changed(found, vertices=np.concatenate([found.vertices, inner]), uv=np.tile(found.uv, (2, 1)), faces=faces)
    made = mended(shell, "shell")
    assert len(made.faces) == len(found.faces) and border(made.faces) == 48
    assert np.linalg.norm(made.vertices[:, [0, 2]], axis=1) == pytest.approx(0.18, abs=1e-6)


def test_buttons_are_set_aside_with_a_note():
    import trimesh

    found, button = tube(), trimesh.creation.icosphere(1, radius=0.006)
    vertices = np.concatenate([found.vertices, button.vertices + np.array([0.0, 0.3, 0.19])])
    faces = np.concatenate([found.faces, button.faces + len(found.vertices)])
    made = mended(
        changed(
            found, vertices=vertices, faces=faces, uv=np.concatenate([found.uv, np.zeros((len(button.vertices), 2))])
        ),
        "skirt",
    )
    assert len(made.faces) == len(found.faces) and any("1 small pieces" in note for note in made.notes)


def ball(radius: float, centre: tuple[float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """A closed ball of 4 x 6 cells."""
    turn, tilt = np.meshgrid(np.arange(6) * np.pi / 3.0, np.linspace(0.2, np.pi - 0.2, 5))
    ring = np.stack([np.sin(tilt) * np.sin(turn), np.cos(tilt), np.sin(tilt) * np.cos(turn)], axis=-1).reshape(-1, 3)
    points = np.concatenate([ring, [[0.0, 1.0, 0.0], [0.0, -1.0, 0.0]]])
    corner = np.arange(30).reshape(5, 6)
    beside = np.roll(corner, -1, axis=1)
    a, b, c, d = (part.ravel() for part in (corner[:-1], corner[1:], beside[1:], beside[:-1]))
    caps = [np.stack([corner[0], beside[0], np.full(6, 30)], 1), np.stack([beside[-1], corner[-1], np.full(6, 31)], 1)]
    return radius * points + centre, np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1), *caps])


def beside(found: Geometry, vertices: np.ndarray, faces: np.ndarray) -> Geometry:
    more = np.full((len(vertices), 2), np.nan)
    return Geometry(
        np.concatenate([found.vertices, vertices]), np.concatenate([found.faces, faces + len(found.vertices)]),
        np.concatenate([found.uv, more]), np.zeros(len(found.faces) + len(faces), int), found.names,
    )  # fmt: skip


def test_a_figure_and_a_floor_are_left_out_and_alone_are_no_garment():
    floor = np.array([[-3.0, 0, -3], [3, 0, -3], [3, 0, 3], [-3, 0, 3]]), np.array([[0, 1, 2], [0, 2, 3]])
    for extra in (ball(0.6, (0.0, 0.9, 0.0)), floor):
        found = mended(beside(tube(), *extra), "dressed.obj")
        assert len(found.faces) == len(tube().faces) and "a floor" in " ".join(found.notes)
    points, faces = ball(0.6, (0.0, 0.9, 0.0))
    finer = beside(Geometry(points, faces, points[:, :2], np.zeros(len(faces), int), ("a",)), points + 2.0, faces)
    with pytest.raises(InputRefused, match="no way into it"):
        mended(finer, "figure.obj")


def test_a_button_that_touches_the_cloth_in_a_point_is_set_aside():
    cloth = tube()
    at = cloth.vertices[200]
    points, faces = ball(0.006, (at[0], at[1] + 0.006, at[2]))
    found = mended(beside(cloth, points, faces), "buttoned.obj")
    assert len(found.faces) == len(cloth.faces) and "buttons" in " ".join(found.notes)


def test_texture_of_two_factors_gives_the_pattern_back():
    found = tube()
    made = mended(changed(found, uv=found.uv * (0.4, 3.0)), "tube")
    flat = flattened(made.vertices, made.faces, made.uv, made.part)
    assert flat.from_uv
    wide, tall = np.ptp(flat.flat.reshape(-1, 2), axis=0)
    assert tall == pytest.approx(0.5, rel=1e-3) and wide == pytest.approx(2 * 0.18 * 24 * np.sin(np.pi / 24), rel=1e-3)


def test_a_texture_that_is_no_pattern_is_not_taken_for_one():
    found = tube()
    made = mended(changed(found, uv=found.uv**3), "tube")
    flat = flattened(made.vertices, made.faces, made.uv, made.part)
    assert not flat.from_uv and "no pattern" in flat.notes[0]


def test_laid_flat_every_face_keeps_its_shape():
    found = tube()
    flat = laid_flat(found.vertices, found.faces)
    solid, laid = (
        np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2) for corners in (found.vertices[found.faces], flat)
    )
    assert laid == pytest.approx(solid, abs=1e-9)
    first, second = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    assert (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0] > 0).all()


@pytest.mark.parametrize("edge", [0.012, 0.03, 0.06])
def test_remeshing_keeps_the_flat_area_and_the_outline(edge):
    made = mended(tube(40, 60), "tube")
    flat = flattened(made.vertices, made.faces, made.uv, made.part)
    vertices, faces, corners, _ = remeshed(made.vertices, made.faces, flat.flat, flat.panel, edge)
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = 0.5 * (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])
    assert (area > 0).all() and area.sum() == pytest.approx(0.5 * 2 * 0.18 * 60 * np.sin(np.pi / 60), rel=1e-6)
    pairs = edges(faces)
    lengths = np.linalg.norm(vertices[pairs[:, 0]] - vertices[pairs[:, 1]], axis=1)
    assert lengths.max() < 1.5 * edge * 1.01 and np.ptp(vertices[:, 1]) == pytest.approx(0.5)
    assert len(pairs) - len(vertices) - len(faces) == 0


def test_cloth_without_a_flat_shape_is_remeshed_too():
    found = mended(tube(40, 60), "tube")
    vertices, faces, corners, _ = remeshed(
        found.vertices, found.faces, np.zeros((len(found.faces), 3, 0)), found.part, 0.04
    )
    assert corners.shape == (len(faces), 3, 0) and 100 < len(vertices) < len(found.vertices) / 2
    assert face_areas(vertices, faces).sum() == pytest.approx(0.5 * 2 * np.pi * 0.18, rel=0.02)


@pytest.fixture(scope="module")
def tee() -> Geometry:
    path = DATA / "garments" / "diffavatar_tshirt.obj"
    if not path.is_file():
        pytest.skip("the garments of others (../shared/data/garments) are not here")
    return geometry(path, "the mesh")


@pytest.fixture(scope="module")
def worn() -> np.ndarray:
    """The vertices of a T-shirt put on."""
    return arrange(mesh(garment("tee", "M", "female"), 0.05), load_model().body(pose=RELAXED))


def test_unit_and_upright_axis_are_found_in_any(tee):
    vertices = tee.vertices[np.unique(tee.faces)]
    to_z_up = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]], float)
    plain = understand(vertices, "tee")
    size = np.sort(plain.scale * np.ptp(vertices, axis=0))
    for factor, turn in ((0.01, np.eye(3)), (10.0, np.eye(3)), (1.0, to_z_up), (0.01, to_z_up)):
        other = factor * vertices @ turn.T
        found = understand(other, "tee")
        assert np.sort(found.scale * np.ptp(other, axis=0)) == pytest.approx(size)
        assert found.turn @ turn == pytest.approx(plain.turn)
    assert "taken to be in inches:" in " ".join(understand(vertices * plain.scale / 0.0254, "tee").notes)


@pytest.mark.parametrize(("axis", "degrees"), [("y", 30.0), ("y", 165.0), ("x", 20.0), ("z", -15.0)])
def test_a_garment_that_stands_askew_is_turned_upright_and_to_the_front(worn, axis, degrees):
    turn = Rotation.from_euler(axis, degrees, degrees=True).as_matrix()
    found = understand(worn @ turn.T, "askew.obj")
    off = Rotation.from_matrix(found.turn @ turn).magnitude()
    assert np.degrees(off) < 6.0 and "askew" in " ".join(found.notes)


def test_a_garment_that_stands_upright_is_left_so(worn):
    found = understand(worn, "upright.obj")
    assert np.array_equal(found.turn, np.eye(3)) and len(found.notes) == 1


def test_what_goes_round_no_body_is_asked_and_scaled(tee):
    vertices = tee.vertices[np.unique(tee.faces)]
    with pytest.raises(UnsureInput, match="unit"):
        understand(vertices * 0.06, "tee")
    fitted = understand(vertices * 0.06, "tee", to_body=True)
    assert 0.55 < fitted.scale * np.ptp(vertices[:, 1] * 0.06) < 0.75


def test_what_seems_to_be_in_feet_is_asked(worn):
    """Inches that were taken for centimetres: nothing tells them from a crop top in feet."""
    with pytest.raises(UnsureInput, match="in ft: say its unit"):
        understand(2.54 * worn, "tee")
    assert understand(worn / 0.3048, "tee", unit="ft").scale == 0.3048


def test_sleeves_follow_the_arms_from_a_t_pose(tee):
    made = mended(tee, "tee")
    known = understand(made.vertices, "tee")
    shape = known.scale * made.vertices @ known.turn.T
    model = load_model()
    betas = model.prior(1.0)[0]
    spread = place(shape, made.faces, model.body(betas, T))
    hanging = place(shape, made.faces, model.body(betas, RELAXED))
    assert np.ptp(spread[:, 0]) > np.ptp(hanging[:, 0]) + 0.05
    body = model.body(betas, T)
    assert (Surface(body.vertices, body.skin.faces).closest(spread).distance < -0.03).mean() < 0.05


def flared(waist: float, hem: float, low: float) -> tuple[np.ndarray, np.ndarray]:
    """A skirt of half a metre without a seam, of two girths [m], from a height [m] upwards: vertices [n, 3], faces."""
    made = mended(tube(), "tube")
    wide = (hem + 2.0 * made.vertices[:, 1:2] * (waist - hem)) / (2.0 * np.pi * 0.18)
    return made.vertices * np.hstack([wide, np.ones_like(wide), wide]) + (0.0, low, 0.0), made.faces


@pytest.mark.parametrize("waist", [0.72, 0.8, 0.95, 1.1])
@pytest.mark.parametrize("low", [0.0, 0.55])
def test_a_skirt_without_armholes_hangs_below_the_arms_and_where_its_file_has_it(waist, low):
    vertices, faces = flared(waist, waist + 0.35, low or -0.2)
    shape = off_floor(vertices + np.array([0.3, 0.0, 0.0]))
    model = load_model()
    body = model.body(model.prior(1.0)[0], RELAXED)
    top = place(shape, faces, body)[:, 1].max()
    assert top < body.joints[16:18, 1].min()
    if low:
        assert shape[:, 1].max() == pytest.approx(1.05) and abs(top - 1.05) < 0.12
    else:
        assert shape[:, 1].min() == pytest.approx(0.0)


def test_real_garments_come_in_and_lie_outside_the_body(tee):
    model = load_model()
    body = model.body(model.prior(1.0)[0], RELAXED)
    surface = Surface(body.vertices, body.skin.faces)
    for name, panels in TRUE_TO_SCALE.items():
        made = load(DATA / "garments" / name)
        assert made.cut and made.panel.max() + 1 == panels and 0.6 < made.area < 0.9
        cloth = mesh(ready_made(made), 0.04)
        start = arrange(cloth, body)
        assert np.isfinite(start).all() and (surface.closest(start).distance > 0).all()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("coat.fbx", b"FBX", "OBJ, GLB, glTF, PLY, STL or OFF"),
        ("missing.obj", None, "there is no file"),
        ("points.obj", b"v 0 0 0\nv 1 0 0\n", "no surface"),
        ("nan.obj", b"v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "no numbers|damaged"),
        ("far.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n", "damaged"),
        ("one.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "too few"),
        ("coat.gltf", b'{"asset":{"version":"2.0"},"buffers":[{"uri":"../../etc/passwd","byteLength":9}]}', "beside"),
    ],
)
def test_what_is_no_garment_is_refused_in_a_sentence(tmp_path, name, content, reason):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputRefused, match=reason):
        load(tmp_path / name)


def test_a_garment_that_passes_through_itself_is_told_when_it_is_opened(worn, tmp_path):
    def notes(vertices: np.ndarray) -> str:
        lines = [f"v {x} {y} {z}" for x, y, z in vertices]
        lines += [f"f {a} {b} {c}" for a, b, c in mesh(garment("tee", "M", "female"), 0.05).faces + 1]
        (tmp_path / "tee.obj").write_text("\n".join(lines))
        return " ".join(load(tmp_path / "tee.obj", unit="m", up="y").notes)

    low = (worn[:, 2] > 0.0) & (worn[:, 1] < worn[:, 1].min() + 0.2)
    pushed = worn - 0.4 * low[:, None] * [0.0, 0.0, 1.0]
    assert "through itself" in notes(pushed) and "through itself" not in notes(worn)


def test_units_and_axes_that_are_none_are_said(tmp_path):
    with pytest.raises(UsageError, match="unit"):
        load(tmp_path / "a.obj", unit="ell")
    with pytest.raises(UsageError, match="axis"):
        load(tmp_path / "a.obj", up="w")


def test_bad_files_are_refused_or_mended():
    if not (DATA / "badfiles").is_dir():
        pytest.skip("the collection of broken files (../shared/data/badfiles) is not here")
    paths = [path for path in sorted((DATA / "badfiles").rglob("*")) if path.suffix.lower() in SUFFIXES][::9]
    refused = 0
    for path in paths:
        try:
            made = mended(geometry(path, "the mesh"), path.name)
        except ToileError as error:
            refused += 1
            assert "\n" not in str(error) and len(str(error)) < 400
        else:
            assert len(made.faces) and np.isfinite(made.vertices).all() and made.faces.max() < len(made.vertices)
    assert len(paths) > 20 and refused > 10


def test_a_sample_of_bad_files_is_answered_in_time_with_a_reason_of_its_kind():
    from benchmarks.badfiles import FILES, listed, verdict

    if not FILES.is_dir():
        pytest.skip("the collection of broken files (../shared/data/badfiles) is not here")
    kinds = {"", "Damaged", "NothingInIt", "UnknownKind", "Packed", "Incomplete", "TooLarge", "InputRefused"}
    found = [verdict(told) for told in listed()[5::67]]
    assert len(found) == 9 and {each.refused for each in found} <= kinds and all(each.sound for each in found)
    assert not any(each.errors and not each.aside and not each.refused for each in found)


def test_the_parts_that_a_file_names_are_listed():
    from garments.formats.mesh import _listed

    found = tube()
    two = Geometry(
        found.vertices, found.faces, found.uv, (np.arange(len(found.faces)) < 100).astype(int), ("body", "belt")
    )
    assert _listed(found) == ()
    assert _listed(two) == (
        f"The file has 2 parts: body ({len(found.faces) - 100:,} triangles), belt (100 triangles).",
    )


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (("o front\ng a\nusemtl x", "o back\nusemtl y"), {"front", "back"}),
        (("g Pattern2D_1\nusemtl x", "g Pattern2D_2\nusemtl y"), {"Pattern2D_1", "Pattern2D_2"}),
        (("o cloth\ng\nusemtl FABRIC 1", "usemtl FABRIC 2"), {"FABRIC 1", "FABRIC 2"}),
        (("usemtl one", "usemtl one"), {"geometry"}),
    ],
)
def test_parts_of_an_obj_are_called_as_its_program_called_them(lines, names, tmp_path):
    path = tmp_path / "two.obj"
    path.write_text(f"{lines[0]}\nv 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0\nf 1 2 3\n{lines[1]}\nf 3 2 4\n")
    found = geometry(path, "the mesh")
    assert set(found.names) == names and len(found.faces) == 2
