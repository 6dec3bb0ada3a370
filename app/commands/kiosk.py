"""The kiosk: a keeper that runs visits one after the other (app/kiosk/keeper.py), full screen, until it is ended."""

import argparse
import getpass
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.studio import has_display
from assets.errors import CannotWrite, InputRefused, ToileError, UsageError

if TYPE_CHECKING:
    from app.kiosk.shopfront import Shopfront

HELP = "the shop's kiosk: measure a customer, advise a size, try on, and forget"
PIN = "TOILE_KIOSK_PIN"
KEPT_FOR_EVER = 1_000_000  # days that numbers are kept until settings were read, which say for how many


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--camera", help="a camera's number or name, or a video file in its place (the first camera)")
    parser.add_argument("--windowed", action="store_true", help="in a window instead of on the whole screen")
    parser.add_argument("--settings", type=Path, help="the shop's settings (TOML; kiosk.toml in the user's folder)")
    parser.add_argument("--set-pin", action="store_true", help=f"set the operator's PIN, typed or in {PIN}, and end")
    parser.add_argument("--check", action="store_true", help="check the settings and the catalogue, say what is wrong")


def run(args: argparse.Namespace) -> int:
    if args.set_pin:
        return _set_pin()
    from app.kiosk.shopfront import path

    file = args.settings or path()
    if args.check:
        return _check(_shop(args, file), file)
    if sys.platform != "linux":
        raise UsageError("the kiosk runs on Linux only: its visits live in memory and end with their process")
    if not has_display():
        raise UsageError("the kiosk needs a display: start it where DISPLAY or WAYLAND_DISPLAY is set")
    return _keep(args, file)


class Settings:
    """The shop's settings as they are now, or as they were where they cannot be read any more; and `trouble`, why
    nobody can be served with them, "" where somebody can."""

    def __init__(self, args: argparse.Namespace, file: Path) -> None:
        self._args, self._file = args, file
        self.shop: Shopfront | None = None
        self.trouble, self._told = "", list[str]()
        self._read, self._refused = False, ("", "")  # the catalogue; as what it was refused last, and why

    def read(self) -> dict:
        """What a visit is told of them. What is wrong is told on standard error, too, once."""
        from app.kiosk.shopfront import Shopfront

        wrong, self.trouble = list[str](), ""
        try:
            self.shop = _shop(self._args, self._file)
        except (ToileError, OSError) as error:
            wrong.append(str(error))
            self.trouble = str(error) if self.shop is None else ""
        shop = self.shop or Shopfront(windowed=self._args.windowed)
        if refused := self._refusal(shop):
            wrong.append(refused)
            self.trouble = refused
        for sentence in wrong:
            if sentence not in self._told:
                print(f"toile: {sentence}", file=sys.stderr, flush=True)
        self._told = wrong
        return {**asdict(shop), "file": str(self._file), "trouble": self.trouble}

    def _refusal(self, shop: "Shopfront") -> str:
        """Why a shop has nothing to offer, "" where it has. One that was refused is read again when it changed."""
        stamp, (before, why) = "", self._refused
        try:
            if anew := not self._read or bool(why):
                stamp = _stamp(shop)
            if stamp and stamp == before:
                return why
            self._read, self._refused = True, ("", "")
            _serves(shop, anew)
        except InputRefused as error:
            self._refused = (stamp, str(error))
        except (ToileError, OSError, sqlite3.Error) as error:
            self._refused = ("", f"cannot read the catalogue {shop.catalogue}: {error}")
        return self._refused[1]


def note(told: Mapping, articles: Sequence[str] = ()) -> None:
    """Keep how a size of a design, or of one of the shop's articles, fitted, for the advice to learn from. Raises
    ToileError for what is no verdict."""
    from garments.designs import designs
    from garments.history.feedback import Row, add, own_table

    style, size = str(told.get("style")), str(told.get("size"))
    if style not in (*designs(), *articles) or len(size) > 24:
        raise InputRefused(f"no garment {style!r} is known")
    off, sd = (float(told.get(name, "nan")) for name in ("off", "sd"))
    verdict, likes = str(told.get("verdict")), str(told.get("likes", ""))
    add(own_table(), [Row(time.strftime("%Y-%m-%d"), "", style, size, verdict, off, sd, likes)])


def _keep(args: argparse.Namespace, file: Path) -> int:
    from app.kiosk.keeper import Keeper
    from app.kiosk.systemd import Signs
    from assets.files import user_data

    film, painter = _film()
    settings = Settings(args, file)

    def command() -> tuple[str, ...]:
        told = settings.read()
        if settings.shop is not None:
            keeper.tally.kept = settings.shop.retention
        return (sys.executable, "-m", "app.ui.kiosk", json.dumps(told), str(film))

    def noted(told: Mapping) -> None:
        note(told, _known(settings.shop, str(told.get("style"))))

    keeper = Keeper(command, user_data() / "kiosk", note=noted, kept=KEPT_FOR_EVER, nursery=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: keeper.stop())
    try:
        keeper.run(Signs())
    finally:
        if painter is not None and painter.poll() is None:
            painter.kill()
    return 0


def _shop(args: argparse.Namespace, file: Path) -> "Shopfront":
    """The settings with what the command line says. Raises InputRefused."""
    from app.kiosk.shopfront import Shopfront, read_shopfront

    shop = read_shopfront(file) if args.settings or file.is_file() else Shopfront()
    shop = replace(shop, camera=args.camera or shop.camera, windowed=args.windowed or shop.windowed)
    if "." in shop.camera and "/" in shop.camera and not Path(shop.camera).is_file():
        raise InputRefused(f"there is no file {shop.camera} to show in place of a camera")
    return shop


def _check(shop: "Shopfront", file: Path) -> int:
    """Say what a kiosk with these settings offers, and which garments are broken."""
    from app.kiosk.pin import Pin
    from assets.files import user_config
    from garments.stock.catalogue import Catalogue

    print(f"{file}: " + ("good" if file.is_file() else "is not there; the kiosk runs as it comes"))
    if shop.catalogue:
        shelf = Catalogue.open(Path(shop.catalogue))
        try:
            broken = shelf.broken()
            print(f"{shop.catalogue}: {len(shelf)} garments, {len(broken)} of them broken and not on offer")
            for name, why in broken.items():
                print(f"  {name}: {why}")
        finally:
            shelf.close()
    print("the operator's PIN is " + ("set" if Pin(user_config() / "kiosk-pin.json").there else "not set: --set-pin"))
    return 0


def _known(shop: "Shopfront | None", style: str) -> tuple[str, ...]:
    """A style, if it is an article of the shop's catalogue and no design. Raises InputRefused."""
    from garments.designs import designs
    from garments.stock.catalogue import Catalogue

    if shop is None or not shop.catalogue or style in designs():
        return ()
    try:
        shelf = Catalogue.open(Path(shop.catalogue), refresh=False)
        try:
            return tuple(article.id for article in shelf.items((style,)))
        finally:
            shelf.close()
    except (OSError, sqlite3.Error) as error:
        raise InputRefused(f"cannot read the catalogue {shop.catalogue}: {error}") from error


def _stamp(shop: "Shopfront") -> str:
    """Another one whenever what a shop wants, or a table of its catalogue, changed. Raises OSError, InputRefused."""
    from garments.stock import files

    path = Path(shop.catalogue)
    tables = [path / name for name in files.found(path)] if path.is_dir() else [path] if path.exists() else []
    told = [table.stat() for table in tables]
    return repr(
        (shop.catalogue, shop.garments, [(str(t), s.st_mtime_ns, s.st_size) for t, s in zip(tables, told, strict=True)])
    )


def _serves(shop: "Shopfront", anew: bool) -> None:
    """Raises ToileError where a shop has nothing to offer, by its catalogue as it was read last, or read `anew`."""
    from garments.stock.catalogue import Catalogue

    if not shop.catalogue:
        return
    try:
        shelf = Catalogue.open(Path(shop.catalogue), refresh=anew)
    except CannotWrite:  # The disk is full: what was read before may do.
        shelf = Catalogue.open(Path(shop.catalogue), refresh=False)
    try:
        broken, count, wanted = shelf.broken(), len(shelf), shelf.items(shop.garments)
    finally:
        shelf.close()
    if count == len(broken):
        raise InputRefused(f"{shop.catalogue} holds no garment that can be offered: main.py kiosk --check says why")
    if shop.garments and all(article.trouble for article in wanted):
        raise InputRefused(f"no garment of those that are offered is in {shop.catalogue} any more: offer others")


def _set_pin() -> int:
    from app.kiosk.pin import Pin
    from assets.files import user_config

    pin = os.environ.get(PIN) or getpass.getpass("the new PIN: ")
    Pin(user_config() / "kiosk-pin.json").set(pin)
    print("the PIN is set: hold the shield at the upper left of the kiosk for two seconds to be asked for it")
    return 0


def _film() -> "tuple[Path, subprocess.Popen | None]":
    """Where the pictures that turn lie, and who draws them if they are not there yet."""
    from app.kiosk.attract import folder, pictures

    place = folder()
    if pictures(place):
        return place, None
    command = (sys.executable, "-m", "app.kiosk.attract", str(place))
    return place, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
