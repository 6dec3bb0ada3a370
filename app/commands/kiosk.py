"""The kiosk: a keeper that runs visits one after the other (app/keeper.py), full screen, until it is ended."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from app.commands.studio import has_display
from assets.errors import InputRefused, UsageError

HELP = "the shop's kiosk: measure a customer, advise a size, try on, and forget"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--camera", help="a camera's number or name, or a video file in its place (the first camera)")
    parser.add_argument("--windowed", action="store_true", help="in a window instead of on the whole screen")
    parser.add_argument("--settings", type=Path, help="the shop's settings: shop, languages, garments, camera (TOML)")


def run(args: argparse.Namespace) -> int:
    if sys.platform != "linux":
        raise UsageError("the kiosk runs on Linux only: its visits live in memory and end with their process")
    if not has_display():
        raise UsageError("the kiosk needs a display: start it where DISPLAY or WAYLAND_DISPLAY is set")
    from app.keeper import Keeper
    from app.shopfront import Shopfront, read_shopfront
    from assets.files import user_data

    shop = read_shopfront(args.settings) if args.settings else Shopfront()
    shop = replace(shop, camera=args.camera or shop.camera, windowed=args.windowed or shop.windowed)
    if "." in shop.camera and "/" in shop.camera and not Path(shop.camera).is_file():
        raise InputRefused(f"there is no file {shop.camera} to show in place of a camera")
    film, painter = _film()
    command = (sys.executable, "-m", "app.ui.kiosk", json.dumps(asdict(shop)), str(film))
    keeper = Keeper(command, user_data() / "kiosk", note=note)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: keeper.stop())
    try:
        keeper.run()
    finally:
        if painter is not None and painter.poll() is None:
            painter.kill()
    return 0


def note(told: Mapping) -> None:
    """Keep how a size fitted, for the advice to learn from. Raises ToileError for what is no verdict."""
    from garments.designs import designs
    from garments.feedback import Row, add, own_table

    style, size = str(told.get("style")), str(told.get("size"))
    if style not in designs() or len(size) > 24:
        raise InputRefused(f"no garment {style!r} is known")
    off, sd = (float(told.get(name, "nan")) for name in ("off", "sd"))
    add(own_table(), [Row(time.strftime("%Y-%m-%d"), "", style, size, str(told.get("verdict")), off, sd)])


def _film() -> "tuple[Path, subprocess.Popen | None]":
    """Where the pictures that turn lie, and who draws them if they are not there yet."""
    from app.attract import folder, pictures

    place = folder()
    if pictures(place):
        return place, None
    command = (sys.executable, "-m", "app.attract", str(place))
    return place, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
