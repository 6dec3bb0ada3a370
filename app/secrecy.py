"""A process that serves a stranger leaves nothing behind: no core dump, no look from outside, no page in swap.

Linux only (prctl(2), mlockall(2)); what the system does not allow is said, never pretended. Pages are locked as they
are first touched (MCL_ONFAULT), for what is only reserved would fill the memory.
"""

import ctypes
import ctypes.util
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_DUMPABLE, PR_GET_DUMPABLE = 4, 3
MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4
_CAP_IPC_LOCK = 14


@dataclass(frozen=True, slots=True)
class Secrecy:
    """Whether this process leaves no core dump, whether its pages stay out of swap, and why they do or do not."""

    no_dump: bool
    no_swap: bool
    why: str

    def plain(self) -> dict:
        """As JSON."""
        return {"no_dump": self.no_dump, "no_swap": self.no_swap, "why": self.why}


def close_up() -> Secrecy:
    """Close this process up as far as the system allows it. Children inherit only that no core is written."""
    if sys.platform != "linux":
        return Secrecy(False, False, "only Linux is known here")
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    system = ctypes.CDLL(ctypes.util.find_library("c") or "libc.so.6", use_errno=True)
    system.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    no_dump = system.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0
    no_swap, why = _lock(system)
    return Secrecy(no_dump, no_swap, why)


def _lock(system: ctypes.CDLL) -> tuple[bool, str]:
    if not _swaps():
        return True, "this machine has no swap"
    if not _may_lock():
        return False, "locking memory is not allowed: set LimitMEMLOCK=infinity, or switch swap off"
    if system.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0:
        return False, f"locking memory failed: {os.strerror(ctypes.get_errno())}"
    return True, "memory is locked"


def _swaps() -> bool:
    try:
        return len(Path("/proc/swaps").read_text().splitlines()) > 1
    except OSError:
        return True


def _may_lock() -> bool:
    """Without a limit, or above it: a limit that is reached later would end the process."""
    import resource

    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
        return True
    with suppress(OSError, LookupError, ValueError):
        told = dict(
            line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line
        )
        return bool(int(told["CapEff"], 16) >> _CAP_IPC_LOCK & 1)
    return False
