"""What is saved opens the same, anywhere; what is no project is refused; nothing that happens while saving loses it."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app import projectfile, shelf
from app.project import Evidence, Project, Scaling, View, Wish
from app.projectfile import load, pack, save
from assets.errors import CannotWrite, Damaged, InputRefused, TooLarge, UnknownKind
from body.frame import Frame
from body.poses import RELAXED, Clear, Pose
from body.scan import Scan
from garments.colours.colourway import Colourway, Paint, read_print
from garments.fabric import fabric
from garments.facts import copied
from garments.imported.readymade import ReadyMade
from garments.pinning import Anchor, Held, Pin, Spot, Tie
from tests.app.people import somebody

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CACHE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def everything(tmp_path: Path) -> Project:
    """A project with one of each thing that a project can hold."""
    rng = np.random.default_rng(4)
    table = tmp_path / "house.csv"
    table.write_text("size,bust,waist\nsmall,86,70\nlarge,98,82\n")
    pixels = rng.integers(0, 255, (40, 30, 3), np.uint8)
    photos = (
        Frame(pixels, 0.5, "front.jpg", 812.5, (1, 2, 30, 40), "front"),
        Frame(np.ascontiguousarray(pixels[::-1])),
    )
    scan = Scan(rng.normal(size=(50, 3)), rng.normal(size=(50, 3)), "her.ply")
    tapes = {"waist_girth": 0.71, "hip_girth": 0.98}
    evidence = Evidence(1.68, 66.0, 0, 31.0, tapes, photos, 2, scan, False, ("seen from 2 sides",))
    corners = np.array([[0.0, 1.0, 0.0], [0.2, 1.0, 0.0], [0.0, 1.2, 0.0]])
    made = ReadyMade("polo", corners, [[0, 1, 2]], corners[None, :, :2], [0], True, ("It is in cm.",), 35.0)
    breton = read_print("breton white navy")
    way = Colourway(print=breton, panels={"neckband": Paint((0.1, 0.2, 0.3)), "sleeve": Paint(print=breton)})
    own = copied(fabric("gray_interlock"), "My interlock").written
    longer, wider = {"length": 0.02}, {"ease_waist": 0.01}
    wishes = (
        Wish("tee", "small", own, "#AA3322", None, str(table), longer, wider, way, "tee-1", "loose"),
        Wish("polo", made=made),
        Wish("skirt", "made to measure", held=_held()),
    )
    Image.fromarray(rng.integers(0, 255, (12, 20, 3), np.uint8)).save(tmp_path / "beach.png")
    scaling, behind = Scaling({"strain": 0.4}, True, True, True), str(tmp_path / "beach.png")
    view = View("strain", True, True, True, scaling, "a drape of this session", "shop", "agx", behind, True, "one", 1.1)
    pose = Pose("My pose", RELAXED, Clear(np.array([0.0, 0.0, 1.0]), 0.02, True), "left", True, "mine", 7)
    return Project(evidence, wishes, view, pose, Evidence(1.7, sex=0.0, photos=photos[:1]))


def _held() -> Held:
    waist, hem = Spot("front", 0.01, 0.6), Spot("back", -0.12, 0.0)
    return Held((Pin(waist, Anchor(1200, 0.25, 0.5, 0.004), True),), (Tie(waist, hem, "tee"), Tie(waist, hem)))


def test_a_project_opens_as_it_was_saved_in_another_home(everything, tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "look.toile"
    save(everything, str(path))
    keys = everything.key, everything.person_key
    for name in ("house.csv", "beach.png"):
        os.unlink(tmp_path / name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "another home"))
    opened = load(str(path)).project
    assert (opened.key, opened.person_key) == keys
    assert pack(opened) == path.read_bytes(), "what was opened packs to the same bytes: nothing was lost"
    assert Path(opened.wishes[0].chart).read_text().startswith("size,bust")
    assert opened.wishes[0].fabric == everything.wishes[0].fabric and fabric(opened.wishes[0].fabric).own
    assert opened.evidence.photos[0].aim == (1, 2, 30, 40) and opened.view.against is None
    assert Path(opened.view.background).is_file() and (opened.view.light, opened.view.section) == ("shop", 1.1)
    assert opened.pose is not None and np.array_equal(opened.pose.turns, everything.pose.turns)
    assert opened.wishes[2].held == _held()
    assert opened.lent.photos[0].pixels is opened.evidence.photos[0].pixels, "the sample's photo is still known as hers"
    way = opened.wishes[0].colourway
    assert way.panels["sleeve"].print.picture is way.print.picture, "what was one array is one again"


def test_a_file_can_be_read_by_a_person(everything, tmp_path: Path) -> None:
    save(everything, str(tmp_path / "look.toile"), b"a picture")
    with zipfile.ZipFile(tmp_path / "look.toile") as packed:
        told = json.loads(packed.read("project.json"))
        assert packed.read("arrays/evidence.photos.0.pixels.png")[:4] == b"\x89PNG"
        assert packed.read("thumbnail.png") == b"a picture"
    assert told["project"]["evidence"]["tapes"] == {"waist_girth": 0.71, "hip_girth": 0.98}
    assert told["project"]["wishes"][0]["options"] == {"length": 0.02}


def test_a_file_of_version_1_opens_for_good() -> None:
    opened = load(str(HERE / "version1.toile")).project
    tee, polo, skirt = opened.wishes
    assert (tee.design, tee.size, tee.colour, tee.options) == ("tee", "small", "#AA3322", {"length": 0.02})
    assert polo.made.notes == ("It is in cm.",) and skirt.size == "made to measure"
    assert len(opened.evidence.photos) == 2 and opened.evidence.scan.points.shape == (50, 3)
    assert opened.evidence.tapes == {"waist_girth": 0.71, "hip_girth": 0.98} and opened.evidence.height == 1.68
    assert opened.view.scaling.most == {"strain": 0.4} and opened.pose.title == "My pose"


def test_older_versions_migrate_step_by_step_and_newer_ones_are_refused(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "old.toile"
    path.write_bytes(pack(somebody()))
    edited(path, lambda told: told | {"version": 7})
    with pytest.raises(UnknownKind, match=r"saved by a newer Toile .*update Toile"):
        load(str(path))
    monkeypatch.setattr(projectfile, "VERSION", 9)
    steps = {7: lambda told: told | {"project": told["project"] | {"wishes": []}}, 8: lambda told: told | {"seen": 1}}
    monkeypatch.setattr(projectfile, "MIGRATIONS", steps)
    assert projectfile.unpack(str(path))[0]["project"]["wishes"] == []
    edited(path, lambda told: told | {"version": 3})
    with pytest.raises(UnknownKind, match="never was: 3"):
        projectfile.unpack(str(path))


def edited(path: Path, change: Callable[[dict], object], **others: bytes) -> None:
    """Write a project file again with another project.json, or other files in it."""
    with zipfile.ZipFile(path) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    told = change(json.loads(entries["project.json"]))
    entries["project.json"] = told if isinstance(told, bytes) else json.dumps(told).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in (entries | others).items():
            packed.writestr(name, data)


def _put(told: dict, place: str, value: object) -> dict:
    *way, last = place.split(".")
    inside = told
    for step in way:
        inside = inside[int(step)] if isinstance(inside, list) else inside[step]
    inside[last] = value
    return told


def _npy(array: np.ndarray, **options: bool) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


POINTS = "arrays/evidence.scan.points.npy"
FACES = "arrays/wishes.1.made.faces.npy"
HOSTILE: dict[str, tuple[Callable[[dict], object], dict[str, bytes]]] = {
    "no JSON": (lambda told: b"{", {}),
    "deep JSON": (lambda told: b"[" * 200_000, {}),
    "not finite": (lambda told: json.dumps(told).replace("1.68", "NaN").encode(), {}),
    "beyond all numbers": (lambda told: json.dumps(told).replace("1.68", "1e999").encode(), {}),
    "text for a number": (lambda told: _put(told, "project.evidence.height", "tall"), {}),
    "true for a number": (lambda told: _put(told, "project.evidence.mass", True), {}),
    "a field that there is not": (lambda told: _put(told, "project.evidence.soul", 21.0), {}),
    "no garments at all": (lambda told: _put(told, "project.wishes", None), {}),
    "a tape of nothing": (lambda told: _put(told, "project.evidence.tapes", {"aura": 1.0}), {}),
    "a sample of nothing": (lambda told: _put(told, "project.lent.tapes", {"aura": 1.0}), {}),
    "an unknown design": (lambda told: _put(told, "project.wishes.0.design", "../../etc"), {}),
    "an unknown fabric": (lambda told: _put(told, "project.wishes.0.fabric", "gold"), {}),
    "a chart elsewhere": (lambda told: _put(told, "project.wishes.0.chart", "/etc/passwd.csv"), {}),
    "a background elsewhere": (lambda told: _put(told, "project.view.background", "/etc/wall.png"), {}),
    "a light of nowhere": (lambda told: _put(told, "project.view.light", "moon"), {}),
    "NaN in an array": (lambda told: told, {POINTS: _npy(np.full((50, 3), np.nan))}),
    "a flat scan": (lambda told: told, {POINTS: _npy(np.zeros((50, 2), np.float32))}),
    "faces out of range": (
        lambda told: told,
        {FACES: _npy(np.array([[0, 1, 99]], np.int32))},
    ),
}


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process, which costs no start of another."""

    def here(function: str, *arguments: str, **_: object) -> object:
        return getattr(projectfile, function.partition(":")[2])(*arguments)

    monkeypatch.setattr(projectfile, "once", here)


@pytest.mark.parametrize("what", HOSTILE)
def test_what_no_toile_wrote_is_refused_in_one_sentence(what: str, everything, tmp_path: Path, in_place) -> None:
    path = tmp_path / "bad.toile"
    path.write_bytes(pack(everything))
    change, others = HOSTILE[what]
    edited(path, change, **others)
    with pytest.raises(InputRefused) as caught:
        load(str(path))
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


HALF = projectfile._png(np.eye(90, dtype=np.uint8)[..., None].repeat(3, axis=2))[:-30]
UNREADABLE: dict[str, tuple[str, bytes, str]] = {
    "a picture that is none": ("arrays/evidence.photos.0.pixels.png", b"GIF89a", "photo 1"),
    "half a picture": ("arrays/evidence.photos.1.pixels.png", HALF, "photo 2"),
    "objects in an array": (POINTS, _npy(np.array([[{}]]), allow_pickle=True), "the scan"),
    "an array cut short": (POINTS, _npy(np.zeros((50, 3)))[:-8], "the scan"),
    "a garment without its mesh": (FACES, b"", "polo"),
    "no background": ("arrays/background picture.png", b"", "the picture behind the person"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_project_opens_without_what_of_it_is_damaged_and_says_so(what, everything, tmp_path, in_place) -> None:
    path, (entry, data, told) = tmp_path / "bad.toile", UNREADABLE[what]
    path.write_bytes(pack(everything))
    edited(path, lambda written: written, **{entry: data})
    opened = load(str(path))
    (lost,) = opened.lost
    evidence, view = opened.project.evidence, opened.project.view
    assert lost.startswith(f"{told} is damaged") and evidence.remarks[-1] == lost and not opened.draped
    parts = [f"photo {k}" for k in (1, 2)[: len(evidence.photos)]] + ["the scan"] * (evidence.scan is not None)
    parts += [wish.design for wish in opened.project.wishes] + ["the picture behind the person"] * bool(view.background)
    assert len(parts) == 6, "the other six parts are there"
    assert evidence.tapes == everything.evidence.tapes
    if told == "photo 1":
        assert np.array_equal(evidence.photos[0].pixels, everything.evidence.photos[1].pixels)
    again = load(save(opened.project, str(path)))
    assert not again.lost and again.project.key == opened.project.key


def test_bombs_other_files_and_nothing_are_refused_by_the_reader(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "bomb.toile"
    for data in (b"", b"PK\3\4 but no more", os.urandom(2000)):
        path.write_bytes(data)
        with pytest.raises(Damaged):
            load(str(path))
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("readme.txt", "a zip of something else")
    with pytest.raises(UnknownKind):
        load(str(path))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("project.json", "{}")
        packed.writestr("arrays/0.npy", bytes(20_000_000))
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(projectfile, "LARGEST", 10_000_000)
    with pytest.raises(TooLarge):
        projectfile.unpack(str(path))
    with pytest.raises(InputRefused, match="there is no project"):
        load(str(tmp_path / "gone.toile"))


def test_the_drape_travels_with_its_project_and_only_with_it(tmp_path: Path, monkeypatch, result) -> None:
    project, path = somebody(), tmp_path / "look.toile"
    shelf.keep(project.key, result)
    save(project, str(path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    assert shelf.find(project.key) is None
    assert load(str(path)).draped and shelf.find(project.key).sizes == result.sizes
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a third"))
    edited(path, lambda told: _put(told, "project.evidence.height", 1.80))
    changed = load(str(path))
    assert changed.project.evidence.height == 1.80 and not changed.draped and shelf.find(changed.project.key) is None


def spoilt(path: Path, entry: str) -> None:
    """Change a few bytes in the middle of an entry, as a bad disk does."""
    with zipfile.ZipFile(path) as packed:
        info = packed.getinfo(entry)
    data = bytearray(path.read_bytes())
    at = info.header_offset + 30 + len(entry) + info.compress_size // 3
    data[at : at + 8] = bytes(byte ^ 0x5A for byte in data[at : at + 8])
    path.write_bytes(data)


def test_a_damaged_drape_costs_a_drape_and_other_damage_is_said(tmp_path: Path, result) -> None:
    project, path = somebody(), tmp_path / "look.toile"
    shelf.keep(project.key, result)
    save(project, str(path))
    spoilt(path, "drape.npz")
    opened = load(str(path))
    assert opened.project.key == project.key and not opened.draped
    spoilt(path, "project.json")
    with pytest.raises(Damaged, match="is no project of Toile's, or it is damaged"):
        load(str(path))


def test_a_drape_that_would_lead_drawing_astray_is_not_believed(result) -> None:
    item = result.look.items[0]
    shelf.keep("one", result)
    assert shelf.find("one") is not None
    for wrong in (
        replace(item, faces=np.array([[0, 1, 3]])),
        replace(item, normals=np.zeros((1, 3))),
        replace(item, vertices=np.full((3, 3), np.inf)),
        replace(item, parts=np.array([-1])),
        replace(item, parts=np.array([2]), materials=(item.material, item.material)),
    ):
        shelf.keep("one", replace(result, look=replace(result.look, items=(wrong,))))
        assert shelf.find("one") is None
    shelf.keep("one", replace(result, sizes=()))
    assert shelf.find("one") is None


SAVING = """
import sys
from pathlib import Path
from dataclasses import replace
import numpy as np
from app.project import Evidence, Project
from app.projectfile import save
from body.frame import Frame
rng = np.random.default_rng(1)
photos = tuple(Frame(rng.integers(0, 255, (900, 600, 3), np.uint8)) for _ in range(2))
print("ready", flush=True)
for k in range(100000):
    save(Project(Evidence(height=1.5 + 0.001 * (k % 200), photos=photos)), sys.argv[1])
    print(k, flush=True)
"""


def test_killed_while_saving_the_file_is_whole(tmp_path: Path) -> None:
    path, environment = tmp_path / "look.toile", os.environ | {"PYTHONPATH": str(ROOT)}
    for wait in (0.003, 0.02):
        child = subprocess.Popen(
            [sys.executable, "-c", SAVING, str(path)], stdout=subprocess.PIPE, env=environment, text=True
        )
        assert child.stdout is not None
        while child.stdout.readline().strip() != "3":
            assert child.poll() is None
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert len(load(str(path)).project.evidence.photos) == 2
    save(somebody(), str(path))
    assert load(str(path)).project.key == somebody().key


FULL = """
import resource, signal, sys
from assets.errors import CannotWrite
from app.projectfile import save
from tests.app.people import somebody
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))
try:
    save(somebody(), sys.argv[1])
except CannotWrite as error:
    print(error)
"""


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "look.toile"
    save(somebody(), str(path))
    before = path.read_bytes()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], env=environment, capture_output=True, text=True)
    assert done.stdout.startswith(f"cannot write {path}: "), done.stderr
    assert path.read_bytes() == before and [each.name for each in tmp_path.glob("*look*")] == ["look.toile"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        save(somebody(), str(tmp_path / "no such folder" / "look.toile"))


def test_what_no_file_could_hold_is_not_written(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(projectfile, "LARGEST", 1000)
    with pytest.raises(TooLarge, match="take away photos"):
        save(somebody(), str(tmp_path / "look.toile"))
    assert not list(tmp_path.glob("look*"))
