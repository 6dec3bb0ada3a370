"""Toile's entry point: `python main.py --help`."""

import os
import sys

from app.commands import main

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that wait leave the processor to the other processes
if __name__ == "__main__":
    sys.exit(main())
