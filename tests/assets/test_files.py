"""Files are written whole or not at all, and what ships is checked before it is used."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from assets import files
from assets.errors import CannotWrite, InputRefused

NOBODY = 65534

DIE_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from assets import files
os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)
files.write_bytes(Path(sys.argv[1]), b"new" * 100_000)
"""
WRITE_AS_NOBODY = """
import os, sys
from pathlib import Path
from assets import errors, files
if os.geteuid() == 0:
    os.setgroups([])
    os.setuid(int(sys.argv[2]))
folder = Path(sys.argv[1])
for attempt in (lambda: files.write_text(folder / "a.txt", "a"), lambda: files.staged_folder(folder / "b").__enter__()):
    try:
        attempt()
    except errors.CannotWrite as error:
        print(error)
"""
SETTLE_WITHOUT_A_HOME = """
import os, pwd
from assets import files
nobody = max(entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid < 65000) + 1
os.setgroups([])
os.setuid(nobody)
print(files.make_do())
print(files.user_config().is_dir() and files.user_data().is_dir())
"""


def test_a_process_killed_while_writing_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    ended = subprocess.run([sys.executable, "-c", DIE_WHILE_WRITING, path], cwd=files.ROOT.parent)
    assert ended.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    files.write_text(tmp_path / "a.txt", "old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="the disk is full: free some room"):
        files.write_text(tmp_path / "a.txt", "new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "old"}


def test_written_files_have_the_permissions_of_any_new_file(tmp_path):
    files.write_text(tmp_path / "a", "a")
    (tmp_path / "b").write_text("b")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == stat.S_IMODE((tmp_path / "b").stat().st_mode)


def test_json_is_read_back_and_holds_no_nan(tmp_path):
    files.write_json(tmp_path / "a.json", {"size": "M", "cm": [92.5], "名": "袖"})
    assert json.loads((tmp_path / "a.json").read_text()) == {"size": "M", "cm": [92.5], "名": "袖"}
    with pytest.raises(ValueError):
        files.write_json(tmp_path / "a.json", float("nan"))


def test_a_staged_folder_appears_as_a_whole_and_keeps_what_else_was_there(tmp_path):
    out = tmp_path / "deep" / "out"
    out.mkdir(parents=True)
    (out / "mine.txt").write_text("mine")
    (out / "front.png").write_text("old")
    with files.staged_folder(out) as stage:
        (stage / "front.png").write_text("new")
        assert (out / "front.png").read_text() == "old"
    assert {path.name: path.read_text() for path in out.iterdir()} == {"front.png": "new", "mine.txt": "mine"}


@pytest.mark.parametrize("there_before", [True, False])
def test_a_staged_folder_leaves_nothing_when_its_block_fails(tmp_path, there_before):
    out = tmp_path / "deep" / "out"
    if there_before:
        out.mkdir(parents=True)
    with pytest.raises(RuntimeError), files.staged_folder(out) as stage:
        (stage / "front.png").write_text("new")
        raise RuntimeError
    assert list(tmp_path.rglob("*")) == ([out.parent, out] if there_before else [])


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "the disk is full"), (errno.EDQUOT, "your share of the disk is full")]
)
def test_want_of_room_behind_a_library_is_told_and_the_old_file_stays(tmp_path, monkeypatch, number, said):
    (tmp_path / "turn.mp4").write_bytes(b"before")

    def full(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    with pytest.raises(CannotWrite, match=said), files.staged_folder(tmp_path) as stage:
        (stage / "turn.mp4").write_bytes(b"half of it: nobody heard that the rest did not fit")
        monkeypatch.setattr(os, "fsync", full)
        files.require_room(stage)
    assert [path.name for path in tmp_path.iterdir()] == ["turn.mp4"]
    assert (tmp_path / "turn.mp4").read_bytes() == b"before"


def test_what_took_the_last_room_of_a_disk_is_kept_and_so_where_none_is_told(tmp_path, monkeypatch):
    nothing = os.statvfs_result((4096, 4096, 0, 0, 0, 0, 0, 0, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda _: nothing)
    with files.staged_folder(tmp_path) as stage:
        (stage / "front.png").write_bytes(b"all of it")
        files.require_room(stage)
    assert [path.name for path in tmp_path.iterdir()] == ["front.png"]


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CannotWrite, match="out"), files.staged_folder(tmp_path / "out"):
        pass


def test_a_folder_that_may_not_be_written_is_told(tmp_path):
    tmp_path.chmod(0o755)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    command = [sys.executable, "-c", WRITE_AS_NOBODY, locked, str(NOBODY)]
    said = subprocess.run(command, cwd=files.ROOT.parent, capture_output=True, text=True).stdout.splitlines()
    assert len(said) == 2
    assert all("cannot write" in line.lower() and "denied" in line.lower() for line in said)


def test_a_home_that_may_not_be_written_costs_the_log_not_the_program(monkeypatch, tmp_path):
    blocker = tmp_path / "home"
    blocker.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocker))
    folder = files.user_cache()
    assert folder.is_dir() and blocker not in folder.parents
    assert files.user_cache() == folder


def test_every_shipped_file_that_is_listed_matches_its_checksum():
    listed = (files.ROOT / "SHA256SUMS").read_text().split("\n")
    for line in filter(None, listed):
        digest, name = line.split(maxsplit=1)
        assert files.sha256(files.ROOT / name) == digest, name


def test_a_missing_or_changed_asset_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "ROOT", tmp_path)
    monkeypatch.setattr(files, "_checksums", lambda: {"bodies/a.npz": "0" * 64})
    with pytest.raises(InputRefused, match="missing"):
        files.asset("bodies", "b.npz")
    (tmp_path / "bodies").mkdir()
    (tmp_path / "bodies" / "a.npz").write_text("changed")
    with pytest.raises(InputRefused, match="checksum"):
        files.asset("bodies", "a.npz")


def test_an_asset_is_found_from_any_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert files.asset("SHA256SUMS") == Path(files.__file__).parent / "SHA256SUMS"


def test_what_a_killed_process_left_half_written_is_taken_away_by_the_next(tmp_path: Path) -> None:
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    number = dead.stdout.strip()
    half, folder = tmp_path / f".look.toile.{number}.abcdefgh", tmp_path / f".toile-{number}-abcdefgh"
    mine, other = tmp_path / f".look.toile.{os.getpid()}.abcdefgh", tmp_path / ".look.toile.backup"
    folder.mkdir()
    for path in (half, mine, other):
        path.write_bytes(b"half")
    for path in (half, folder, mine, other):
        os.utime(path, (0, 0))
    kept = [folder.name, mine.name, other.name, "look.toile"]
    files.write_bytes(tmp_path / "look.toile", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
    with files.staged_folder(tmp_path) as stage:
        (stage / "one.png").write_bytes(b"one")
    assert not folder.exists() and (tmp_path / "one.png").exists()


def test_a_home_that_cannot_be_written_is_made_do_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config" / "toile").mkdir(parents=True)
    (tmp_path / "config" / "toile" / "settings.toml").write_text('theme = "light"')
    (tmp_path / "config" / "toile" / "large").write_bytes(bytes(files.LARGE + 1))
    (tmp_path / "config" / "toile").chmod(0o555)
    (tmp_path / "data").write_text("a file where a folder should be")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "other"))
    assert files.make_do() == "" and files.user_data() == tmp_path / "other" / "toile"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert "cannot make a folder for Toile in your home" in files.make_do()
    assert (files.user_config() / "settings.toml").read_text() == 'theme = "light"'
    assert stat.S_IMODE(files.user_config().stat().st_mode) == 0o700
    assert not (files.user_config() / "large").exists()
    files.write_text(files.user_data() / "kept", "until the window is closed")


@pytest.mark.skipif(sys.platform != "linux", reason="Mesa's cache is kept so on Linux")
def test_a_drivers_compiled_shaders_have_their_room_on_the_disk_or_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (files.SHADERS_OFF, "MESA_SHADER_CACHE_DIR", "MESA_GLSL_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    index = tmp_path / files.SHADERS / "index"
    index.parent.mkdir()
    index.write_bytes(b"kept")
    files.secure_shaders()
    assert files.SHADERS_OFF not in os.environ and index.read_bytes()[:4] == b"kept"
    assert index.stat().st_size == files.SHADER_INDEX <= 512 * index.stat().st_blocks
    monkeypatch.setenv("MESA_SHADER_CACHE_DIR", str(index / "no folder can be here"))
    files.secure_shaders()
    assert os.environ.pop(files.SHADERS_OFF) == "true"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone can become homeless")
def test_a_person_of_whom_the_system_knows_no_home_has_a_window_too(tmp_path: Path) -> None:
    homeless = {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in homeless}
    command = [sys.executable, "-c", SETTLE_WITHOUT_A_HOME]
    ended = subprocess.run(command, cwd=files.ROOT.parent, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    why, there = ended.stdout.splitlines()
    assert "cannot make a folder for Toile in your home" in why and there == "True"
