"""A stranger's file is read in a process of its own, with 1 GB of memory and the time that its size allows."""

from pathlib import Path
from typing import Any

from assets.errors import Damaged, InputRefused, OverLimit, Packed, TooLarge, WorkerStopped
from assets.files import read_head, require_file
from assets.worker import once

MEMORY = 1e9
LARGEST_PATTERN = 60_000_000
_ARCHIVES = {b"PK\x03\x04": "ZIP", b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip"}
_PATIENCE = 8.0


def read_apart(
    function: str, path: Path, title: str, largest: int, speed: float, advice: str, *arguments: object
) -> Any:
    """What `function(path, *arguments)` returns in the reader process. `title` names the reader, `advice` says what
    to do about a file of more than `largest` bytes, of which `speed` are to be read in a second.

    Raises InputRefused, or the kind of it that the function raised; TooLarge beyond the limits."""
    path = Path(path)
    size = require_file(path)
    if size > largest:
        raise TooLarge(f"{path} has more than {largest / 1e6:.0f} MB: {advice}")
    head = read_head(path, 4)
    for magic, kind in _ARCHIVES.items():
        if head.startswith(magic):
            raise Packed(f"{path} is a packed file ({kind}): unpack it, and give what is in it")
    try:
        seconds = _PATIENCE + size / speed
        return once(
            function, str(path.resolve()), *arguments, title=title, deadline=seconds, memory=MEMORY, cpu=seconds
        )
    except OverLimit as error:
        raise TooLarge(f"cannot read {path}: {error}; {advice}") from error
    except WorkerStopped as error:
        raise Damaged(f"cannot read {path}: {error}") from error
    except (OSError, ValueError) as error:
        raise InputRefused(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
