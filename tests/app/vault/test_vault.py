"""Laws of the vault: nothing of a person can be found in any file, nothing is lost, nobody does what is not theirs."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.commands import main
from app.vault import file as vaultfile
from app.vault import records, sealing
from app.vault.file import backups, restore
from app.vault.records import ADMINISTRATOR, DESIGNER, OPERATOR, Vault
from assets.errors import CannotWrite, Damaged, InputRefused, UsageError

ROOT = Path(__file__).resolve().parents[3]
PHRASE, OTHER = "correct horse battery", "another long passphrase"
ADA = "Ada Example-Lovelace"
SECRET = b"waist 71.25 cm, of Ada, \xe5\xa5\xb3" * 40
UNTIL = date(2030, 1, 1)


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Guessing may be cheap here."""
    monkeypatch.setattr(sealing, "_COST", 1 << 10)


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "kept" / "clients.vault"


def filled(path: Path) -> Vault:
    vault = Vault.create(path, PHRASE)
    for _ in range(4):
        vault.put(ADA, "body", SECRET, UNTIL)
    vault.put("Bo", "note", b"likes it loose", UNTIL)
    return vault


def all_bytes(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_what_is_put_is_found_again_and_in_no_file_readable(path):
    with filled(path) as vault:
        assert b"Lovelace" not in all_bytes(path.parent) and SECRET[:12] not in all_bytes(path.parent)
        assert [record.data for record in vault.of("  ada   example-LOVELACE ")] == [SECRET] * 4
        assert vault.people() == {ADA: 4, "Bo": 1}
    with Vault.open(path, ADMINISTRATOR, PHRASE) as vault:
        assert vault.of("Bo")[0].data == b"likes it loose" and vault.of("Bo")[0].until == UNTIL
        assert vault.of("nobody") == ()
    assert os.stat(path).st_mode & 0o077 == 0


def test_deletion_leaves_no_byte_not_even_of_the_cipher(path):
    with filled(path) as vault:
        vault.backup()
        vault.put(ADA, "note", b"more", UNTIL)
        vault.backup()
        base = sqlite3.connect(path)
        owner = sealing.pseudonym(vault._key, ADA)
        sealed = [row[0] for row in base.execute("SELECT sealed FROM records WHERE owner = ?", (owner,))]
        base.close()
        pieces = [owner, *(blob[k : k + 16] for blob in sealed for k in range(0, len(blob) - 16, 16))]
        before = all_bytes(path.parent)
        assert all(piece in before for piece in pieces)
        assert vault.delete(ADA) == 5
        for when in ("open", "closed"):
            left = all_bytes(path.parent)
            assert [piece for piece in pieces if piece in left] == [], when
            if when == "open":
                vault.close()
    with Vault.open(path, ADMINISTRATOR, PHRASE) as vault:
        assert vault.people() == {"Bo": 1}
    for copy in backups(path):
        base = sqlite3.connect(copy)
        assert base.execute("SELECT count(*) FROM records").fetchone() == (1,)
        base.close()


def test_a_restored_vault_leaves_nothing_of_the_deleted_either(path):
    with filled(path) as vault:
        vault.backup()
        key = vault._key
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 3000 + whole[3100:])
    with pytest.raises(Damaged, match="restore"):
        Vault.open(path, ADMINISTRATOR, PHRASE)
    restore(path)
    owner = sealing.pseudonym(key, ADA)
    with Vault.open(path, ADMINISTRATOR, PHRASE) as vault:
        assert len(vault) == 5
        assert owner in all_bytes(path.parent)
        vault.delete(ADA)
        assert owner not in all_bytes(path.parent)


def test_the_wrong_passphrase_opens_nothing(path):
    filled(path).close()
    with pytest.raises(InputRefused, match="not the passphrase"):
        Vault.open(path, ADMINISTRATOR, OTHER)
    with pytest.raises(InputRefused, match="no passphrase"):
        Vault.open(path, DESIGNER, PHRASE)
    with pytest.raises(UsageError, match="10 letters"):
        Vault.create(path.with_name("new.vault"), "short")
    assert not path.with_name("new.vault").exists()
    with pytest.raises(UsageError, match="already"):
        Vault.create(path, PHRASE)


def test_records_cannot_be_swapped_changed_or_kept_longer(path):
    filled(path).close()
    for change in (
        "UPDATE records SET until = until + 1000",
        "UPDATE records SET owner = (SELECT owner FROM records ORDER BY owner LIMIT 1)",
        "UPDATE records SET sealed = (SELECT sealed FROM records ORDER BY id LIMIT 1)",
    ):
        whole = path.read_bytes()
        with sqlite3.connect(path) as base:
            base.execute(change)
        base.close()
        with Vault.open(path, ADMINISTRATOR, PHRASE) as vault, pytest.raises(InputRefused, match="changed"):
            vault.people()
        for left in path.parent.glob("*.vault-*"):
            left.unlink()
        path.write_bytes(whole)


def test_the_log_names_nobody_and_shows_tampering(path):
    with filled(path) as vault:
        vault.export(ADA)
        vault.delete(ADA)
        assert [entry.did for entry in vault.audit()] == ["create", *["put"] * 5, "export", "delete"]
        assert not re.search("ada|lovelace|bo\\b", " ".join(map(str, vault.audit())), re.IGNORECASE)
    with sqlite3.connect(path) as base:
        base.execute("DELETE FROM audit WHERE did = 'export'")
    base.close()
    with pytest.raises(Damaged, match="log"):
        Vault.open(path, ADMINISTRATOR, PHRASE)


def test_roles_do_what_is_theirs(path):
    with filled(path) as vault:
        vault.set_passphrase(OPERATOR, OTHER)
        vault.set_passphrase(DESIGNER, OTHER + " too")
    with Vault.open(path, OPERATOR, OTHER) as vault:
        vault.put("Cy", "body", b"x", UNTIL)
        for forbidden in (vault.people, vault.audit, lambda: vault.of(ADA), lambda: vault.export(ADA)):
            with pytest.raises(UsageError, match="operator may not"):
                forbidden()
        with pytest.raises(UsageError, match="may not keys"):
            vault.set_passphrase(ADMINISTRATOR, OTHER)
        vault.set_passphrase(OPERATOR, "one of my own choice")
    with Vault.open(path, DESIGNER, OTHER + " too") as vault:
        assert vault.people() == {ADA: 4, "Bo": 1, "Cy": 1}
        with pytest.raises(UsageError, match="designer may not"):
            vault.rekey(OTHER)


def test_another_key_leaves_nothing_under_the_old_one(path):
    with filled(path) as vault:
        vault.set_passphrase(OPERATOR, OTHER)
        vault.backup()
        old = vault._key
        sealed = [row[0] for row in vault._base.execute("SELECT sealed FROM records")]
        assert vault.rekey(OTHER) == 5
        left = all_bytes(path.parent)
        assert not any(blob[:32] in left for blob in sealed)
        assert sealing.pseudonym(old, ADA) not in left
    with pytest.raises(InputRefused):
        Vault.open(path, ADMINISTRATOR, PHRASE)
    with Vault.open(path, ADMINISTRATOR, OTHER) as vault:
        assert len(vault.of(ADA)) == 4 and vault.roles() == (ADMINISTRATOR,)
        assert [entry.did for entry in vault.audit()][:2] == ["create", "put"]


def test_a_rekey_cut_short_keeps_a_copy_and_deletion_reaches_what_it_left(path, monkeypatch):
    with filled(path) as vault:
        vault.backup()
        vault.backup()
        sealed = sqlite3.connect(path).execute("SELECT sealed FROM records").fetchone()[0]
        monkeypatch.setattr(records, "wipe", lambda copy: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            vault.rekey(OTHER)
    monkeypatch.undo()
    monkeypatch.setattr(sealing, "_COST", 1 << 10)
    with Vault.open(backups(path)[0], ADMINISTRATOR, OTHER) as copy:
        assert len(copy) == 5, "the newest copy is under the new key"
    shutil.copy(backups(path)[1], path.with_name(f".{path.name}.part"))
    assert sealed in all_bytes(path.parent)
    with Vault.open(path, ADMINISTRATOR, OTHER) as vault:
        vault.delete(ADA)
        assert sealed not in all_bytes(path.parent) and [each.suffix for each in backups(path)] == [".backup1"]


def test_retention_follows_the_date_and_no_wrong_clock(path):
    with Vault.create(path, PHRASE) as vault:
        today = datetime.now(UTC).date()
        vault.put("Old", "body", b"x", date.fromordinal(today.toordinal() - 1))
        vault.put("New", "body", b"x", today)
        assert vault.expire(date(1999, 1, 1)) == 1  # A clock that runs back keeps nothing longer.
        assert vault.people() == {"New": 1}
        assert vault.expire() == 0


def test_a_clock_far_ahead_deletes_nothing_unless_told(path, monkeypatch):
    import app.vault.records as module

    class Ahead(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2099, 1, 1, tzinfo=tz)

    with filled(path) as vault:
        monkeypatch.setattr(module, "datetime", Ahead)
        with pytest.raises(InputRefused, match="clock"):
            vault.expire()
        assert len(vault) == 5
        assert vault.expire(date(2099, 1, 1)) == 5


def test_backups_rotate_and_the_newest_whole_one_is_restored(path):
    with filled(path) as vault:
        for _ in range(vaultfile.BACKUPS + 2):
            vault.put("Bo", "note", b"x", UNTIL)
            vault.backup()
        assert len(backups(path)) == vaultfile.BACKUPS
    backups(path)[0].write_bytes(b"broken")
    path.unlink()
    assert restore(path) == backups(path)[1]
    with Vault.open(path, ADMINISTRATOR, PHRASE) as vault:
        assert len(vault) == 5 + vaultfile.BACKUPS + 1


def test_a_full_disk_loses_nothing(path):
    with filled(path) as vault:
        pages = vault._base.execute("PRAGMA page_count").fetchone()[0]
        vault._base.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(CannotWrite, match="nothing was changed"):
            vault.put(ADA, "scan", os.urandom(1_000_000), UNTIL)
        assert len(vault) == 5
        vault._base.execute("PRAGMA max_page_count = 1000000")
        vault.put(ADA, "scan", b"small", UNTIL)
    assert len(Vault.open(path, ADMINISTRATOR, PHRASE)) == 6


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on files")
def test_a_vault_on_a_full_disk_is_not_called_damaged(path):
    import resource

    filled(path).close()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(CannotWrite, match="no room"):
            Vault.open(path, ADMINISTRATOR, PHRASE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert len(Vault.open(path, ADMINISTRATOR, PHRASE)) == 5


def test_a_kill_in_the_middle_of_a_change_leaves_all_or_nothing(path):
    filled(path).close()
    code = (
        "import os, sys; from pathlib import Path; from datetime import date; from app.vault import sealing\n"
        "sealing._COST = 1 << 10\nfrom app.vault.records import Vault\n"
        f"v = Vault.open(Path(sys.argv[1]), 'administrator', {PHRASE!r})\n"
        "v.put('Di', 'body', b'whole', date(2030, 1, 1))\n"
        "v._base.execute('BEGIN IMMEDIATE')\n"
        "v._base.execute('DELETE FROM records')\nos.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=False)
    with Vault.open(path, ADMINISTRATOR, PHRASE) as vault:
        assert vault.people() == {ADA: 4, "Bo": 1, "Di": 1}


@pytest.mark.parametrize("content", [b"", b"no vault", b"SQLite format 3\0" + b"\0" * 4000])
def test_what_is_no_vault_is_refused_in_words(tmp_path, content):
    path = tmp_path / "x.vault"
    path.write_bytes(content)
    with pytest.raises(Damaged, match="no vault"):
        Vault.open(path, ADMINISTRATOR, PHRASE)
    assert path.read_bytes() == content


IN_A_KEYRING = """
printf login | gnome-keyring-daemon --unlock --components=secrets >/dev/null
run() { "$0" main.py vault "$@" --vault "$VAULT" --keyring; }
run create && run status
"""


def test_a_passphrase_lies_in_the_systems_real_keyring(tmp_path):
    pytest.importorskip("keyring", reason="the system's keyring is an extra that is not installed here")
    if not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")):
        pytest.skip("no keyring of the system is installed here: it needs dbus-run-session and gnome-keyring-daemon")
    places = ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    home = {**os.environ, **dict.fromkeys(places, str(tmp_path)), "VAULT": str(tmp_path / "v")}
    home.pop("TOILE_PASSPHRASE", None)
    command = ["dbus-run-session", "--", "sh", "-c", IN_A_KEYRING, sys.executable]
    told = subprocess.run(command, cwd=ROOT, env=home, capture_output=True, text=True, timeout=60)
    assert "0 records" in told.stdout, told.stderr


def test_on_the_command_line(tmp_path, monkeypatch, capfd):
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("TOILE_PASSPHRASE", PHRASE)

    def vault(*arguments: str) -> tuple[int, str, str]:
        code = main(["vault", *arguments, "--vault", str(tmp_path / "v")])
        return code, *capfd.readouterr()

    (tmp_path / "ada.txt").write_bytes(SECRET)
    assert vault("create")[0] == 0
    code, _, said = vault("put", "--person", ADA, "--file", str(tmp_path / "ada.txt"), "--until", "2030-01-01")
    assert code == 0, said
    assert vault("export", "--person", ADA, "--out", str(tmp_path / "out"))[0] == 0
    assert any(path.read_bytes() == SECRET for path in (tmp_path / "out").glob("*.bin"))
    assert vault("put", "--person", ADA, "--file", "nowhere", "--until", "soon")[0] in (2, 3)
    with monkeypatch.context() as other:
        other.setenv("TOILE_PASSPHRASE", "not the right one")
        code, _, said = vault("people")
    assert code == 3 and "passphrase" in said and said.count("\n") == 1
    assert "1 records deleted" in vault("delete", "--person", ADA)[1]
    assert "0 records" in vault("status")[1]
