"""A nursery that has loaded the fake engine: each lane of a tried window is forked, in place of seven fresh Pythons."""

import sys
from importlib import import_module


def load() -> None:
    """Into the modules as lanes import them."""
    from body.model import load_model
    from garments.designs import designs

    import_module("tests.app.fake_engine")
    load_model()
    designs()


if __name__ == "__main__":
    from app.kiosk.nursery import main

    sys.exit(main(sys.argv[1], load))
