"""What bears a file's name and is none, or never ends: pipes, devices, folders, links, bombs, what changes meanwhile.

Each is refused at once, in a sentence, whoever reads it. Nothing here may be waited for: a test that hangs has failed.
"""

import gzip
import io
import json
import os
import re
import struct
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from assets import files
from assets.errors import BrokenRule, Damaged, InputRefused, NothingInIt, Packed, TooLarge, plainly
from assets.meshfile import geometry
from body.posing import posefiles
from garments.fabricfile import load as load_fabric
from garments.formats import read_garment
from garments.formats.reading import LARGEST_PATTERN
from garments.grading import chart
from garments.stock.files import read_tables

ZEROS = np.zeros(2_000_000, np.uint8).tobytes()


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.obj", ZEROS)
    return packed.getvalue()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def sparse(path: Path) -> None:
    with open(path, "wb") as stream:
        stream.truncate(1 << 40)


ODD = {
    "pipe": (pipe, "is a pipe or a device"),
    "endless": (lambda path: path.symlink_to("/dev/zero"), "is a pipe or a device"),
    "folder": (Path.mkdir, "is a folder: give a file"),
    "circle": (lambda path: path.symlink_to(path), "symbolic links"),
    "nothing": (lambda path: path.symlink_to(path.with_name("gone")), "there is no file"),
    "sparse": (sparse, "has more than|is larger than"),
}
READERS = {
    "garment.obj": read_garment,
    "garment.glb": read_garment,
    "pattern.json": read_garment,
    "pattern.dxf": read_garment,
    "pattern.svg": read_garment,
    "sizes.csv": lambda path: chart(str(path)),
    "mine.toml": load_fabric,
    "walk.bvh": lambda path: posefiles.read(str(path)),
    "walk.npz": lambda path: posefiles.read(str(path)),
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_file_is_refused_at_once(tmp_path, kind, name):
    made, reason = ODD[kind]
    path = tmp_path / name
    made(path)
    with pytest.raises(InputRefused, match=reason) as refused:
        READERS[name](path)
    assert str(path) in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [zipped(), gzip.compress(ZEROS), b"Rar!\x1a\x07\x01\0", b"7z\xbc\xaf\x27\x1c"])
@pytest.mark.parametrize("name", ["garment.glb", "garment.stl", "pattern.dxf", "pattern.svg"])
def test_what_is_packed_is_not_unpacked_but_told(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Packed, match="unpack it, and give what is in it"):
        read_garment(path)


def test_an_stl_that_ends_before_its_triangles_is_damaged_and_one_without_any_is_empty(tmp_path):
    path = tmp_path / "garment.stl"
    path.write_bytes(b"made by hand".ljust(80) + (4_000_000).to_bytes(4, "little") + bytes(500))
    with pytest.raises(Damaged, match="says 4,000,000 triangles and ends before them"):
        geometry(path, "the mesh")
    for empty in (b"made by hand".ljust(80) + bytes(4), b"solid by hand\nendsolid by hand\n" + b" " * 80):
        path.write_bytes(empty)
        with pytest.raises(NothingInIt):
            geometry(path, "the mesh")


@pytest.mark.parametrize("kind", ["pipe", "endless", "folder"])
def test_a_file_that_becomes_something_else_once_it_was_looked_at_is_not_waited_for(tmp_path, kind, monkeypatch):
    """In the reader, which opens by name once more what the window looked at."""
    made, reason = ODD[kind]
    path = tmp_path / "garment.obj"
    made(path)
    monkeypatch.setattr(files, "require_file", lambda path: 9)
    with pytest.raises(InputRefused, match=reason):
        geometry(path, "the mesh")


def test_a_file_that_grows_while_it_is_read_is_cut_off(tmp_path, monkeypatch):
    path = tmp_path / "pattern.svg"
    path.write_bytes(b"x" * 2000)
    monkeypatch.setattr(files, "require_file", lambda path: 9)
    with pytest.raises(InputRefused, match="is larger than 1 kB"):
        files.read_bytes(path, 1000, "pattern")
    assert files.read_bytes(path, 2000, "pattern") == b"x" * 2000


def test_a_buffer_of_a_mesh_may_be_no_pipe_either(tmp_path):
    (tmp_path / "coat.gltf").write_text('{"asset":{"version":"2.0"},"buffers":[{"uri":"coat.bin","byteLength":9}]}')
    pipe(tmp_path / "coat.bin")
    with pytest.raises(InputRefused, match="beside it"):
        geometry(tmp_path / "coat.gltf", "the mesh")


def test_a_table_of_a_catalogue_that_never_ends_is_told_and_the_next_is_read(tmp_path):
    pipe(tmp_path / "a.toml")
    (tmp_path / "b.toml").symlink_to("/dev/zero")
    (tmp_path / "c.toml").write_text("title = 'tee'")
    found = [each for each in read_tables(str(tmp_path), ["a.toml", "b.toml", "c.toml"], {}) if "begun" not in each]
    assert [bool(each["trouble"]) for each in found] == [True, True, False]
    assert all("pipe or a device" in each["trouble"] for each in found[:2])


def test_a_pattern_beyond_the_limit_says_so(tmp_path):
    path = tmp_path / "pattern.json"
    with open(path, "wb") as stream:
        stream.truncate(LARGEST_PATTERN + 1)
    with pytest.raises(TooLarge, match="more than 60 MB: keep the pattern pieces alone, or split it"):
        read_garment(path)


BROKEN = {
    "neg.obj": (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf -1 -2 -9\n", "it names something that it does not have"),
    "noprop.ply": (
        b"ply\nformat ascii 1.0\nelement vertex 3\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n"
        b"0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n",
        "'x' is missing or unknown",
    ),
    "words.off": (b"OFF\n3 1 0\na b c\n1 0 0\n0 1 0\n3 0 1 2\n", "its parts do not fit together"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_a_parser_stumbles_over_is_told_in_words_for_people(tmp_path, name):
    data, told = BROKEN[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Damaged, match=re.escape(f"({told})")) as refused:
        geometry(tmp_path / name, "the mesh")
    assert "Error" not in str(refused.value) and refused.value.__cause__ is not None


def test_words_of_a_library_stay_and_words_of_python_do_not():
    assert plainly(ElementTree.ParseError("no element found: line 3")) == "no element found: line 3"
    assert plainly(ValueError("cannot reshape array of size 7 into shape (3,)")) == "its parts do not fit together"
    assert plainly(KeyError("\t\x00")) == "it names something that it does not have"
    assert plainly(BrokenRule("a curve of type 'nurbs'")) == "a curve of type 'nurbs'"
    with pytest.raises(json.JSONDecodeError) as stumbled:
        json.loads('{"pattern":\n  yes}')
    assert plainly(stumbled.value) == "line 2, letter 3 is not as it should be"
    assert plainly(struct.error("unpack requires a buffer of 4 bytes")) == "it ends too early"
