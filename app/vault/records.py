"""What is kept of persons, by their choice: encrypted record by record, for a time, and gone when it is deleted.

    with Vault.open(path, "designer", passphrase) as vault:
        vault.put("Ada Example", "body", data, until=date(2027, 1, 1)); vault.export("Ada Example"); ...

One SQLite file (write-ahead log, synchronous=FULL) that is checked when it is opened, with rotating backups beside it.
Nothing in it can be read without a passphrase but how many records there are, how long they are, and until when they
are kept, and the log of what was done to how many; names are keyed digests. What is deleted is overwritten, the log
emptied, the file written anew, and the backups too. That cannot reach blocks that a flash disk or a journalling file
system set aside: there the disk itself should be encrypted; what lies there is ciphertext. Roles are rules of this
program: who knows any passphrase and reads the file with another program is not bound by them.
"""

import json
import os
import secrets
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.vault import sealing
from app.vault.file import (
    LAYOUT,
    backups,
    connected,
    emptied,
    first_logged,
    remove_from,
    rotated,
    unfinished,
    whole,
    wipe,
    writing,
)
from assets.errors import Damaged, InputRefused, UsageError

OPERATOR, DESIGNER, ADMINISTRATOR = ROLES = ("operator", "designer", "administrator")
RIGHTS = {
    OPERATOR: {"put", "delete", "expire", "backup"},
    DESIGNER: {"put", "delete", "expire", "backup", "read", "list", "export"},
    ADMINISTRATOR: {"put", "delete", "expire", "backup", "read", "list", "export", "keys", "audit"},
}
LARGEST, JUMP = 64_000_000, timedelta(days=400)
_ID = 16
_SCHEMA = """
CREATE TABLE about(name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE slots(role TEXT PRIMARY KEY, salt BLOB, cost INTEGER, wrapped BLOB);
CREATE TABLE records(id BLOB PRIMARY KEY, owner BLOB, until INTEGER, sealed BLOB);
CREATE INDEX by_owner ON records(owner);
CREATE TABLE audit(number INTEGER PRIMARY KEY, at TEXT, role TEXT, did TEXT, many INTEGER, chain BLOB);
"""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Record:
    """Something kept of a person: its kind ("body", "note", ...), when it was made, until when it is kept, the data."""

    id: str
    person: str
    kind: str
    made: str
    until: date
    data: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit log: when, which role, what it did, to how many records. It names nobody."""

    at: str
    role: str
    did: str
    many: int


class Vault:
    """A vault that is open in a role. Not for several threads at once."""

    def __init__(self, path: Path, base: sqlite3.Connection, role: str, key: bytes) -> None:
        self.path, self.role, self._base, self._key = path, role, base, key

    @classmethod
    def create(cls, path: Path, passphrase: str) -> "Vault":
        """A new vault, opened by its administrator. Raises CannotWrite, UsageError where there is one already."""
        if path.exists():
            raise UsageError(f"there is a vault {path} already: open it, or give another path")
        key = sealing.new_key()
        slot = sealing.wrap(key, passphrase, ADMINISTRATOR)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            base = connected(path)
            base.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
            made = cls(path, base, ADMINISTRATOR, key)
            with made._change("create", 0):
                base.execute("INSERT INTO about VALUES('layout', ?)", (LAYOUT,))
                made._keep_slot(ADMINISTRATOR, slot)
        return made

    @classmethod
    def open(cls, path: Path, role: str, passphrase: str) -> "Vault":
        """Raises InputRefused for no vault or the wrong passphrase, Damaged for one that fails its checks."""
        _known_role(role)
        if not path.is_file():
            raise InputRefused(f"there is no vault {path}: `vault create` makes one")
        if not whole(path):
            raise Damaged(f"{path} is damaged or no vault: `vault restore` takes the newest backup that is whole")
        base = connected(path)
        try:
            row = base.execute("SELECT salt, cost, wrapped FROM slots WHERE role = ?", (role,)).fetchone()
            if row is None:
                raise InputRefused(f"the {role} has no passphrase in this vault: the administrator can set one")
            made = cls(path, base, role, sealing.unwrap(sealing.Slot(*row), passphrase, role))
            made._check_log()
        except BaseException:
            base.close()
            raise
        return made

    def __enter__(self) -> "Vault":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._base.close()
        self._key = b""

    def __len__(self) -> int:
        return self._base.execute("SELECT count(*) FROM records").fetchone()[0]

    # Records ----------------------------------------------------------------------------------------------------------

    def put(self, person: str, kind: str, data: bytes, until: date) -> str:
        """Keep something of a person until a date; its id. Raises UsageError, CannotWrite; then nothing is kept."""
        self._may("put")
        if not person.strip() or not kind.strip() or len(data) > LARGEST:
            raise UsageError(f"a record needs a person, a kind, and at most {LARGEST // 1_000_000} MB of data")
        made = datetime.now(UTC).isoformat(timespec="seconds")
        told = {"person": " ".join(person.split()), "kind": kind, "made": made}
        id, owner = secrets.token_bytes(_ID), sealing.pseudonym(self._key, person)
        with self._change("put", 1):
            self._insert(id, owner, until, _packed(told, data))
        return id.hex()

    def people(self) -> dict[str, int]:
        """Everybody of whom something is kept, by name, and how many records."""
        self._may("list")
        found: dict[str, int] = {}
        for record in self._records("", ()):
            found[record.person] = found.get(record.person, 0) + 1
        with self._change("list", sum(found.values())):
            return dict(sorted(found.items()))

    def of(self, person: str) -> tuple[Record, ...]:
        """All that is kept of a person, the oldest first."""
        self._may("read")
        return self._of(person, "read")

    def export(self, person: str) -> tuple[Record, ...]:
        """The same, as what a person may ask for; told so in the log."""
        self._may("export")
        return self._of(person, "export")

    def delete(self, person: str) -> int:
        """Delete all of a person, here and in the backups, so that no byte of it is left; how many records."""
        self._may("delete")
        owner = sealing.pseudonym(self._key, person)
        return self._remove("owner = ?", owner, "delete")

    def expire(self, today: date | None = None) -> int:
        """Delete what is past its date, here and in the backups; how many. A clock that runs back keeps nothing longer;
        one that jumped by more than JUMP deletes nothing: then InputRefused, until the day is given."""
        self._may("expire")
        row = self._base.execute("SELECT max(at) FROM audit").fetchone()
        last = datetime.fromisoformat(row[0]).date()
        now = today or datetime.now(UTC).date()
        if today is None and now > last + JUMP:
            raise InputRefused(f"the clock says {now}, the vault was last used on {last}: give the date if it is right")
        return self._remove("until < ?", max(now, last).toordinal(), "expire")

    # Keys and copies --------------------------------------------------------------------------------------------------

    def roles(self) -> tuple[str, ...]:
        """The roles that have a passphrase."""
        return tuple(row[0] for row in self._base.execute("SELECT role FROM slots ORDER BY role"))

    def set_passphrase(self, role: str, passphrase: str) -> None:
        """Give a role a passphrase, in place of what it had: the administrator any, everybody their own."""
        _known_role(role)
        if role != self.role:
            self._may("keys")
        slot = sealing.wrap(self._key, passphrase, role)
        with self._change(f"passphrase of the {role}", 0):
            self._keep_slot(role, slot)
        emptied(self._base)

    def rekey(self, passphrase: str) -> int:
        """Seal everything with a new key under the administrator's new passphrase; how many records. The other roles
        need a new passphrase; backups under the old key are replaced by a new one."""
        self._may("keys")
        records, old = self._records("", ()), self._key
        key = sealing.new_key()
        slot, log = sealing.wrap(key, passphrase, ADMINISTRATOR), self.audit()
        try:
            self._key = key
            with self._change("rekey", len(records), log):
                self._base.execute("DELETE FROM slots")
                self._base.execute("DELETE FROM records")
                self._keep_slot(ADMINISTRATOR, slot)
                for record in records:
                    told = {"person": record.person, "kind": record.kind, "made": record.made}
                    owner = sealing.pseudonym(key, record.person)
                    self._insert(bytes.fromhex(record.id), owner, record.until, _packed(told, record.data))
        except BaseException:
            self._key = old
            raise
        emptied(self._base)
        self.backup()  # Before the others go: a vault without any copy could be lost here.
        for copy in backups(self.path)[1:]:
            wipe(copy)
        return len(records)

    def backup(self) -> Path:
        """A copy as the vault is now, beside it; the newest BACKUPS are kept. Raises CannotWrite."""
        self._may("backup")
        with self._change("backup", len(self)):
            pass
        with writing(self.path):
            return rotated(self.path, self._base)

    def audit(self) -> tuple[Entry, ...]:
        """The log. It is chained: a line that was changed or taken out is noticed when the vault is opened."""
        self._may("audit")
        return tuple(Entry(*row) for row in self._base.execute("SELECT at, role, did, many FROM audit ORDER BY number"))

    # ------------------------------------------------------------------------------------------------------------------

    def _may(self, what: str) -> None:
        if what not in RIGHTS[self.role]:
            raise UsageError(f"the {self.role} may not {what} here: ask the administrator")

    @contextmanager
    def _change(self, did: str, many: int, log: Sequence[Entry] | None = None) -> Iterator[None]:
        """A change with its line in the log, whole or not at all. `log`: lines to chain anew under a new key."""
        with writing(self.path):
            self._base.execute("BEGIN IMMEDIATE")
            try:
                if log is not None:
                    self._base.execute("DELETE FROM audit")
                    for entry in log:
                        self._log(entry)
                yield
                self._log(Entry(datetime.now(UTC).isoformat(timespec="seconds"), self.role, did, many))
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise

    def _log(self, entry: Entry) -> None:
        row = self._base.execute("SELECT chain FROM audit ORDER BY number DESC LIMIT 1").fetchone()
        chain = self._chained(row[0] if row else b"", entry)
        told = (entry.at, entry.role, entry.did, entry.many, chain)
        self._base.execute("INSERT INTO audit(at, role, did, many, chain) VALUES(?, ?, ?, ?, ?)", told)

    def _chained(self, before: bytes, entry: Entry) -> bytes:
        parts = (entry.at, entry.role, entry.did, str(entry.many))
        return sealing.digest(self._key, b"audit", before, *(part.encode() for part in parts))

    def _check_log(self) -> None:
        before = b""
        for *told, chain in self._base.execute("SELECT at, role, did, many, chain FROM audit ORDER BY number"):
            before = self._chained(before, Entry(*told))
            if not sealing.same(before, chain):
                raise Damaged(f"the log of {self.path} was changed: `vault restore` takes the newest backup")

    def _sealed(self, copy: Path) -> bool:
        """Whether a copy is under this vault's key: a re-key that was cut short leaves some under the old one, in which
        nobody can be found by name."""
        first = first_logged(copy)
        return first is not None and sealing.same(self._chained(b"", Entry(*first[:-1])), first[-1])

    def _keep_slot(self, role: str, slot: sealing.Slot) -> None:
        told = (role, slot.salt, slot.cost, slot.wrapped)
        self._base.execute("INSERT OR REPLACE INTO slots VALUES(?, ?, ?, ?)", told)

    def _insert(self, id: bytes, owner: bytes, until: date, plain: bytes) -> None:
        sealed = sealing.seal(self._key, plain, _place(id, owner, until.toordinal()))
        self._base.execute("INSERT INTO records VALUES(?, ?, ?, ?)", (id, owner, until.toordinal(), sealed))

    def _of(self, person: str, did: str) -> tuple[Record, ...]:
        found = self._records("WHERE owner = ?", (sealing.pseudonym(self._key, person),))
        with self._change(did, len(found)):
            return tuple(sorted(found, key=lambda record: (record.made, record.id)))

    def _records(self, where: str, values: Sequence) -> list[Record]:
        return [self._opened(*row) for row in self._base.execute(f"SELECT * FROM records {where}", values)]

    def _opened(self, id: bytes, owner: bytes, until: int, sealed: bytes) -> Record:
        told, data = _unpacked(sealing.unseal(self._key, sealed, _place(id, owner, until)))
        return Record(id.hex(), told["person"], told["kind"], told["made"], date.fromordinal(until), data)

    def _remove(self, where: str, value: bytes | int, did: str) -> int:
        many = self._base.execute(f"SELECT count(*) FROM records WHERE {where}", (value,)).fetchone()[0]
        with writing(self.path):  # The copies first: who is still in the vault after a crash can be deleted again.
            for copy in backups(self.path):
                if self._sealed(copy):
                    remove_from(copy, where, value)
                else:
                    wipe(copy)
            for left in unfinished(self.path):
                wipe(left)
        with self._change(did, many):
            self._base.execute(f"DELETE FROM records WHERE {where}", (value,))
        with writing(self.path):
            emptied(self._base)
        return many


def _known_role(role: str) -> None:
    if role not in ROLES:
        raise UsageError(f"there is no role {role!r}: it is {', '.join(ROLES)}")


def _place(id: bytes, owner: bytes, until: int) -> bytes:
    return id + owner + until.to_bytes(8, "big")


def _packed(told: dict, data: bytes) -> bytes:
    head = json.dumps(told, ensure_ascii=False).encode()
    return struct.pack("<I", len(head)) + head + data


def _unpacked(plain: bytes) -> tuple[dict, bytes]:
    (size,) = struct.unpack_from("<I", plain)
    return json.loads(plain[4 : 4 + size]), plain[4 + size :]
