"""One file a claim: `python -m benchmarks.NAME [--quick] [--json FILE]` measures it here; nothing fails on time."""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as main.py does
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
