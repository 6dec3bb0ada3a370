"""Toile's entry point: `python main.py --help`."""

import os
import sys

from app.commands import main

# Threads that wait leave the processor to the other processes; BLAS's cannot, and its work here is small.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
if __name__ == "__main__":
    sys.exit(main())
