"""The kiosk: a keeper that runs visits one after the other (app/kiosk/keeper.py), full screen, until it is ended."""

import argparse
import getpass
import json
import os
import signal
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
    from garments.stock.articles import Article

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

    def read(self) -> dict:
        """What a visit is told of them. What is wrong is told on standard error, too, once."""
        from app.kiosk.shopfront import Shopfront

        wrong, anew, self.trouble = list[str](), self.shop is None or bool(self.trouble), ""
        try:
            self.shop = _shop(self._args, self._file)
        except ToileError as error:
            wrong.append(str(error))
            self.trouble = str(error) if self.shop is None else ""
        shop = self.shop or Shopfront(windowed=self._args.windowed)
        try:
            _serves(shop, anew)
        except ToileError as error:
            wrong.append(str(error))
            self.trouble = str(error)
        for sentence in wrong:
            if sentence not in self._told:
                print(f"toile: {sentence}", file=sys.stderr, flush=True)
        self._told = wrong
        return {**asdict(shop), "file": str(self._file), "trouble": self.trouble}


def note(told: Mapping, articles: Sequence[str] = ()) -> None:
    """Keep how a size of a design, or of one of the shop's articles, fitted, for the advice to learn from. Raises
    ToileError for what is no verdict."""
    from garments.designs import designs
    from garments.history.feedback import Row, add, own_table

    style, size = str(told.get("style")), str(told.get("size"))
    if style not in (*designs(), *articles) or len(size) > 24:
        raise InputRefused(f"no garment {style!r} is known")
    off, sd = (float(told.get(name, "nan")) for name in ("off", "sd"))
    add(own_table(), [Row(time.strftime("%Y-%m-%d"), "", style, size, str(told.get("verdict")), off, sd)])


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
        note(told, [article.id for article in _articles(settings.shop)] if settings.shop else ())

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


def _articles(shop: "Shopfront") -> "tuple[Article, ...]":
    """The articles of the shop's catalogue, none without one. Raises InputRefused."""
    from app.shop.offering import articles_of

    return articles_of(Path(shop.catalogue)) if shop.catalogue else ()


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
