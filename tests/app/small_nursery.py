"""A nursery that has loaded one number, and what a lane is asked for there."""

import os
import sys

from assets.progress import Progress

loaded = asked = 0


def tell(progress: Progress) -> dict:
    return {"loaded": loaded, "tried": os.environ.get("TOILE_TRIED"), "group": os.getpgid(0), "pid": os.getpid()}


def count(progress: Progress) -> int:
    global asked
    asked += 1
    return asked


def load() -> None:
    """Into the module as lanes import it, not as it runs here."""
    from tests.app import small_nursery

    small_nursery.loaded = 1


if __name__ == "__main__":
    from app.kiosk.nursery import main

    sys.exit(main(sys.argv[1], load))
