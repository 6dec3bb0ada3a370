"""What all tests share."""

import gc
import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as main.py does
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_collection_finish() -> None:
    """All tests and libraries are there by now and stay: to look them through at every collection takes seconds in a
    minute."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown() -> None:
    """Where a test has opened a window, nothing collects by itself any more, and no event loop runs between tests."""
    if not gc.isenabled():
        due = [count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(due):
            gc.collect(max(k for k in range(3) if due[k]))
