"""The operator's PIN: kept as a digest that is slow to guess, and locked after wrong ones, each time for longer.

Argon2id (RFC 9106) by `cryptography`. Waiting is measured by the machine's own clock since it started (CLOCK_BOOTTIME),
so that setting the time of day opens nothing; after a restart the wait begins anew. What is kept is counted before the
PIN is looked at: pulling the plug while it is looked at saves no try.
"""

import hmac
import json
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from assets.errors import InputRefused, UsageError
from assets.files import write_json

SHORTEST, LONGEST = 4, 12
FREE = 3
"""Wrong PINs before the first wait."""
FIRST_WAIT, LONGEST_WAIT = 30.0, 3600.0  # [s]; each wait is twice the one before
_SALT, _LENGTH = 16, 32
_PASSES, _LANES, _MEMORY = 3, 1, 65_536  # RFC 9106's second choice; memory in KiB


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a PIN, as hexadecimal, how often it was wrong in a row, and until when it is locked [s]."""

    salt: str
    digest: str
    wrong: int = 0
    until: float = 0.0
    boot: str = ""


class Pin:
    """The PIN kept in a file. `clock` tells the seconds since the machine started, `boot` which start that was."""

    def __init__(
        self, path: Path, clock: Callable[[], float] | None = None, boot: Callable[[], str] | None = None
    ) -> None:
        self.path, self._clock, self._boot = path, clock or _since_start, boot or _start

    @property
    def there(self) -> bool:
        """Whether a PIN was set."""
        return self.path.is_file()

    def set(self, pin: str) -> None:
        """Set or change it. Raises UsageError for one that is too short or is not digits, CannotWrite."""
        if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST) or len(set(pin)) == 1:
            raise UsageError(f"a PIN is {SHORTEST} to {LONGEST} digits, not all the same")
        salt = secrets.token_bytes(_SALT)
        self._keep(Kept(salt.hex(), _digest(pin, salt).hex()))

    def locked(self) -> float:
        """For how many seconds no PIN is looked at. Raises InputRefused for a file that is damaged."""
        kept = self._load()
        if not kept.until:
            return 0.0
        if kept.boot != self._boot():
            rest = _wait(kept.wrong)
            self._keep(Kept(kept.salt, kept.digest, kept.wrong, self._clock() + rest, self._boot()))
            return rest
        return max(kept.until - self._clock(), 0.0)

    def opens(self, pin: str) -> bool:
        """Whether it is the PIN; never while it is locked. Raises InputRefused for a file that is damaged, CannotWrite
        where a try cannot be counted."""
        if self.locked() > 0:
            return False
        kept = self._load()
        wrong = kept.wrong + 1
        until = self._clock() + _wait(wrong) if wrong >= FREE else 0.0
        self._keep(Kept(kept.salt, kept.digest, wrong, until, self._boot()))
        if not hmac.compare_digest(_digest(pin, bytes.fromhex(kept.salt)).hex(), kept.digest):
            return False
        self._keep(Kept(kept.salt, kept.digest))
        return True

    def _load(self) -> Kept:
        try:
            kept = Kept(**json.loads(self.path.read_text(encoding="utf-8")))
            if len(bytes.fromhex(kept.salt)) != _SALT or len(bytes.fromhex(kept.digest)) != _LENGTH:
                raise ValueError("a wrong length")
            float(kept.wrong), float(kept.until)
        except (OSError, ValueError, TypeError) as error:
            raise InputRefused(f"{self.path} is damaged: set the PIN anew with `main.py kiosk --set-pin`") from error
        return kept

    def _keep(self, kept: Kept) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_json(self.path, asdict(kept))
        with suppress(OSError):
            self.path.chmod(0o600)


def _wait(wrong: int) -> float:
    """How long it is locked after so many wrong ones in a row [s]."""
    return 0.0 if wrong < FREE else min(FIRST_WAIT * 2.0 ** min(wrong - FREE, 20), LONGEST_WAIT)


def _digest(pin: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    return Argon2id(
        salt=salt, length=_LENGTH, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY
    ).derive(pin.encode())  # fmt: skip


def _since_start() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _start() -> str:
    """Which start of the machine this is."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return str(os.getsid(0))
