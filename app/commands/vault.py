"""The vault on the command line: what is kept of persons, exported, deleted, backed up, given other keys."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from app.vault.records import Vault

HELP = "what is kept of persons, encrypted: keep, list, export, delete, expire, back up, restore, change keys"
PASSPHRASE = "TOILE_PASSPHRASE"
WHAT = (
    "create", "status", "people", "put", "show", "export", "delete", "expire", "backup", "restore", "passphrase",
    "rekey", "audit",
)  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=WHAT, metavar="WHAT", help=", ".join(WHAT))
    parser.add_argument("--vault", type=Path, metavar="FILE", help="the vault (Toile's own in your data folder)")
    parser.add_argument("--role", default="administrator", help="operator, designer or administrator (administrator)")
    parser.add_argument("--person", metavar="NAME", help="of whom: put, show, export, delete")
    parser.add_argument("--kind", default="file", metavar="WORD", help="what is put (file)")
    parser.add_argument("--file", type=Path, metavar="FILE", help="the file that is put")
    parser.add_argument("--until", metavar="YYYY-MM-DD", help="put: kept until then, then expired")
    parser.add_argument("--today", metavar="YYYY-MM-DD", help="expire: the day, where the clock is not to be trusted")
    parser.add_argument("--out", type=Path, metavar="DIR", help="export: the folder for all that is kept of the person")
    parser.add_argument("--for", dest="whose", metavar="ROLE", help="passphrase: the role that gets a new one")
    parser.add_argument("--keyring", action="store_true", help="the passphrase lies in the system's keyring")


def run(args: argparse.Namespace) -> int:
    from app.vault.file import restore
    from app.vault.records import Vault
    from assets.files import user_data

    path = args.vault or user_data() / "clients.vault"
    if args.what == "restore":
        print(f"restored from {restore(path).name}; the damaged file is kept beside it until somebody is deleted")
        return 0
    if args.what == "create":
        with Vault.create(path, _passphrase(args, path, "administrator", new=True)):
            print(f"made: {path}")
        return 0
    with Vault.open(path, args.role, _passphrase(args, path, args.role)) as vault:
        _ACTIONS[args.what](vault, args)
    return 0


def _status(vault: "Vault", args: argparse.Namespace) -> None:
    from app.vault.file import backups

    print(f"{vault.path}: whole, {len(vault):,} records, {len(backups(vault.path))} backups")
    print(f"passphrases: {', '.join(vault.roles())}")


def _people(vault: "Vault", args: argparse.Namespace) -> None:
    for name, many in vault.people().items():
        print(f"{many:4}  {name}")


def _put(vault: "Vault", args: argparse.Namespace) -> None:
    from assets.errors import InputRefused, UsageError

    if args.file is None or args.until is None:
        raise UsageError("say what is put and until when it is kept: --file FILE --until YYYY-MM-DD")
    try:
        data = args.file.read_bytes()
    except OSError as error:
        raise InputRefused(f"cannot read {args.file}: {error.strerror or error}") from error
    print(f"kept: {vault.put(_person(args), args.kind, data, _day('--until', args.until))}")


def _show(vault: "Vault", args: argparse.Namespace) -> None:
    for record in vault.of(_person(args)):
        print(f"{record.id}  {record.kind}, {len(record.data):,} bytes, made {record.made}, kept until {record.until}")


def _export(vault: "Vault", args: argparse.Namespace) -> None:
    import json

    from assets.errors import UsageError
    from assets.files import staged_folder

    if args.out is None:
        raise UsageError("an export needs a folder: add --out DIR")
    records = vault.export(_person(args))
    told = [
        {"file": f"{record.id}.bin", "kind": record.kind, "made": record.made, "until": record.until.isoformat()}
        for record in records
    ]
    with staged_folder(args.out) as stage:
        for record in records:
            (stage / f"{record.id}.bin").write_bytes(record.data)
        index = {"schema": "toile.export/1", "person": _person(args), "records": told}
        (stage / "records.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(records)} records lie in {args.out}, not encrypted: hand them over, then delete them")


def _delete(vault: "Vault", args: argparse.Namespace) -> None:
    print(f"{vault.delete(_person(args))} records deleted, here and in the backups")


def _expire(vault: "Vault", args: argparse.Namespace) -> None:
    today = _day("--today", args.today) if args.today else None
    print(f"{vault.expire(today)} records were past their date and are deleted")


def _backup(vault: "Vault", args: argparse.Namespace) -> None:
    print(f"written: {vault.backup()}")


def _set_passphrase(vault: "Vault", args: argparse.Namespace) -> None:
    whose = args.whose or vault.role
    vault.set_passphrase(whose, _passphrase(args, vault.path, whose, new=True))
    print(f"the {whose} has a new passphrase")


def _rekey(vault: "Vault", args: argparse.Namespace) -> None:
    many = vault.rekey(_passphrase(args, vault.path, "administrator", new=True))
    print(f"{many} records have a new key; the other roles need a new passphrase")


def _audit(vault: "Vault", args: argparse.Namespace) -> None:
    for entry in vault.audit():
        print(f"{entry.at}  {entry.role}: {entry.did}, {entry.many}")


_ACTIONS = {
    "status": _status, "people": _people, "put": _put, "show": _show, "export": _export, "delete": _delete,
    "expire": _expire, "backup": _backup, "passphrase": _set_passphrase, "rekey": _rekey, "audit": _audit,
}  # fmt: skip


def _passphrase(args: argparse.Namespace, path: Path, role: str, new: bool = False) -> str:
    """From the environment, the keyring, or typed unseen; a new one is typed twice."""
    import getpass
    import sys

    from app.vault.sealing import from_keyring
    from assets.errors import UsageError

    if args.keyring:
        return from_keyring(f"{path}:{role}", make=new)
    changed = new and args.what != "create"
    given = os.environ.get(f"{PASSPHRASE}_NEW" if changed else PASSPHRASE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise UsageError(f"nobody is there to type a passphrase: put it into {PASSPHRASE}{'_NEW' if changed else ''}")
    typed = getpass.getpass(f"{'new ' if new else ''}passphrase of the {role}: ")
    if new and getpass.getpass("the same again: ") != typed:
        raise UsageError("the two passphrases differ: nothing was changed")
    return typed


def _person(args: argparse.Namespace) -> str:
    from assets.errors import UsageError

    if not args.person:
        raise UsageError(f"{args.what} needs --person NAME")
    return args.person


def _day(option: str, written: str) -> "date":
    from datetime import date

    from assets.errors import UsageError

    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise UsageError(f"{option} {written!r} is no day: write it as 2027-12-31") from error
