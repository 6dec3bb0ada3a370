"""Where files are, and how they are written: the only module that knows paths.

Everything is written to a temporary neighbour, flushed, and renamed, so that nobody ever finds half a file.
Files named in assets/SHA256SUMS are checked once a process before their path is handed out.
"""

import atexit
import errno
import hashlib
import json
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from assets.errors import CannotWrite, InputRefused

ROOT = Path(__file__).resolve().parent
STAGED, JUST_NOW = ".toile-", 5.0
"""How folders that are being filled are called; how old [s] what is half written is before it is taken away, for a
process of that number may live on another computer."""
KEEP_NOTHING = "TOILE_KEEP_NOTHING"
"""The variable in the environment that says so, to a process and all that it starts."""
SHADERS, SHADERS_OFF, SHADER_INDEX = "mesa_shader_cache", "MESA_SHADER_CACHE_DISABLE", 1_310_728
"""The folder where Mesa, the graphics driver of most of Linux, keeps compiled shaders; the variable that forbids it;
and the size [bytes] of the index there (src/util/disk_cache_os.c: 65,536 keys of 20 bytes, and how much is kept)."""
LARGE = 20_000_000
"""A file of more [bytes] is not copied where the window is to open at once."""


def asset(*parts: str) -> Path:
    """The path of a file that ships with Toile. Raises InputRefused when it is missing or was changed."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        raise InputRefused(f"{path} is missing from this installation: fetch Toile again")
    name = path.relative_to(ROOT).as_posix()
    if name in _checksums():
        _verify(path, _checksums()[name])
    return path


def user_cache() -> Path:
    """Where logs and what can be made again lie; without a writable home a folder for this process alone."""
    try:
        return _user_folder("XDG_CACHE_HOME", ".cache")
    except CannotWrite:
        return _own_folder()


def user_config() -> Path:
    return _user_folder("XDG_CONFIG_HOME", ".config")


def user_data() -> Path:
    return _user_folder("XDG_DATA_HOME", ".local/share")


def make_do() -> str:
    """Where the home cannot be written, settle in a folder that goes with this process, for it and all that it starts,
    with a copy of the settings and of what the person made; why, or "" where all is well."""
    try:
        user_config()
        user_data()
        return ""
    except CannotWrite as error:
        for variable, default in (("XDG_CONFIG_HOME", ".config"), ("XDG_DATA_HOME", ".local/share")):
            here = _own_folder() / default
            with suppress(OSError, RuntimeError):
                shutil.copytree(_home(variable, default) / "toile", here / "toile", ignore=_left_out)
            for folder, folders, names in os.walk(here):  # What could only be read is copied so.
                for name in folders + names:
                    os.chmod(os.path.join(folder, name), 0o700 if name in folders else 0o600)
            os.environ[variable] = str(here)
        return str(error)


def secure_shaders() -> None:
    """Give the driver's index of compiled shaders its room on the disk, or have it keep none, before OpenGL starts.

    Mesa maps that index into memory as a file with holes. Where the disk is full when it first writes into one, the
    process is killed (SIGBUS), and what was not saved with it. Shaders that are kept stay."""
    if sys.platform != "linux" or os.environ.get(SHADERS_OFF):
        return
    own = os.environ.get("MESA_SHADER_CACHE_DIR") or os.environ.get("MESA_GLSL_CACHE_DIR")
    try:
        folder = (Path(own) if own else _home("XDG_CACHE_HOME", ".cache")) / SHADERS
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "index", "ab") as index:
            os.posix_fallocate(index.fileno(), 0, SHADER_INDEX)
    except (OSError, RuntimeError):
        os.environ[SHADERS_OFF] = "true"


def _left_out(folder: str, names: list[str]) -> list[str]:
    """What of a home's folder is not copied: what others need or are to keep, and what is large."""
    paths = {name: os.path.join(folder, name) for name in names}
    large = {name for name, path in paths.items() if os.path.isfile(path) and os.path.getsize(path) > LARGE}
    return [name for name in names if name in ("recovery", "vault") or name in large]


def keeps_nothing() -> bool:
    """Whether this process serves a stranger (a kiosk's visit), of whom nothing may stay on disk."""
    return bool(os.environ.get(KEEP_NOTHING))


WAYS_OUT = {
    errno.ENOSPC: "the disk is full: free some room, or choose another place",
    errno.EDQUOT: "your share of the disk is full: free some room, or choose another place",
    errno.EFBIG: "the file is larger than this disk takes: choose another place",
    errno.EACCES: "permission denied: choose a folder of your own",
    errno.EPERM: "permission denied: choose a folder of your own",
    errno.EROFS: "it can only be read from: choose another place",
    errno.ENOENT: "there is no such folder: choose another, or make it first",
}
"""What is said of an error in writing: why, and what to do."""


def why_not(error: Exception) -> str:
    """Why something could not be written, and what to do, in the words of a person."""
    number = error.errno if isinstance(error, OSError) else None
    return WAYS_OUT.get(number or 0) or getattr(error, "strerror", None) or str(error)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises CannotWrite."""
    path = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.{os.getpid()}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(temporary, 0o666 & ~_umask())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync(path.parent)
    except OSError as error:
        raise CannotWrite(f"cannot write {path}: {why_not(error)}") from error
    sweep(path.parent, f".{path.name}.")


def sweep(folder: Path, prefix: str) -> None:
    """Take away what was half written in a folder, under names that begin so, by processes that are no more."""
    begun = re.compile(re.escape(prefix) + r"(\d+)[-.]")
    with suppress(OSError):
        for left in folder.iterdir():
            told = begun.match(left.name)
            if told and not _lives(int(told[1])) and time.time() - left.stat().st_mtime > JUST_NOW:
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    """Whether a process of that number is there; of systems that cannot tell without harm, it is."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def require_file(path: Path) -> int:
    """The size [bytes] of a file that can be read to its end: no folder, no pipe, no device. Raises InputRefused."""
    try:
        return _size_of(path, path.stat())
    except FileNotFoundError:
        raise InputRefused(f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        raise InputRefused(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error


def read_bytes(path: Path, largest: int, what: str) -> bytes:
    """What is in a person's file. Raises InputRefused for one that is larger [bytes] or no file; `what` it should
    be."""
    data = read_head(path, largest + 1) if require_file(path) <= largest else None
    if data is None or len(data) > largest:
        told = f"{largest // 1_000_000} MB" if largest >= 1_000_000 else f"{largest // 1000} kB"
        raise InputRefused(f"{path} is larger than {told}: that is no {what}")
    return data


def read_head(path: Path, count: int) -> bytes:
    """The first bytes of a file, at most so many. It is looked at once it is open and never waited for, whatever took
    its place in the meantime. Raises InputRefused."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as stream:
            size = _size_of(path, os.fstat(stream.fileno()))
            data = stream.read(min(count, size + 1))  # A read of `count` takes that much memory at once.
            return data + stream.read(count - len(data)) if size < len(data) < count else data
    except IsADirectoryError:
        raise InputRefused(f"{path} is a folder: give a file") from None
    except (OSError, ValueError) as error:
        raise InputRefused(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error


def _size_of(path: Path, told: os.stat_result) -> int:
    if stat.S_ISDIR(told.st_mode):
        raise InputRefused(f"{path} is a folder: give a file")
    if not stat.S_ISREG(told.st_mode):
        raise InputRefused(f"{path} is a pipe or a device, no file that ends: save what it gives as a file")
    return told.st_size


def read_text(path: Path, largest: int, what: str) -> str:
    """The text of a person's file, in UTF-8. Raises InputRefused for one that is larger [bytes], or no text; `what` it
    should be."""
    try:
        return read_bytes(path, largest, what).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputRefused(f"{path} is not a {what} in UTF-8: save it as UTF-8") from error


def require_room(folder: Path, size: int = 1_000_000) -> None:
    """Raise the OSError that keeps so many bytes from being written into a folder, a person's share of the disk
    included; for libraries that write by themselves and do not tell why they could not."""
    with tempfile.TemporaryFile(dir=folder) as probe:
        probe.write(bytes(size))
        probe.flush()
        os.fsync(probe.fileno())


def write_text(path: Path, text: str) -> None:
    write_bytes(path, text.encode())


def write_json(path: Path, value: object) -> None:
    """Write JSON with sorted order kept as given, one trailing newline; NaN is refused."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


@contextmanager
def staged_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill; its files move into `folder` only when the block ends well. Raises CannotWrite.

    Files of `folder` that the block does not write stay as they are. A folder that was made for nothing goes again.
    """
    folder = Path(folder)
    made = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
    stage = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder, STAGED)
        stage = Path(tempfile.mkdtemp(dir=folder, prefix=f"{STAGED}{os.getpid()}-"))
        yield stage
        files = sorted(stage.iterdir())
        for path in files:
            if (folder / path.name).is_dir():
                raise CannotWrite(f"cannot write {folder / path.name}: it is a folder")
        for path in files:
            _sync(path)
        for path in files:
            os.replace(path, folder / path.name)
        _sync(folder)
    except OSError as error:
        raise CannotWrite(f"cannot write into {folder}: {why_not(error)}") from error
    finally:
        if stage:
            shutil.rmtree(stage, ignore_errors=True)
        for path in made:
            with suppress(OSError):
                path.rmdir()


def sha256(path: Path) -> str:
    """The checksum of a file, in hexadecimal."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def _checksums() -> dict[str, str]:
    lines = (ROOT / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines if line.strip())}


@cache
def _verify(path: Path, digest: str) -> None:
    if sha256(path) != digest:
        raise InputRefused(f"{path} is not the file that Toile ships (its checksum differs): fetch Toile again")


@cache
def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _home(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / default)


def _user_folder(variable: str, default: str) -> Path:
    try:
        folder = _home(variable, default) / "toile"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:
        raise CannotWrite(f"cannot make a folder for Toile in your home: {why_not(error)}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CannotWrite(f"cannot write into {folder}: permission denied")
    return folder


@cache
def _own_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="toile-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _sync(path: Path) -> None:
    """Make a file, or the names in a folder, outlast a power cut."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
