"""A visit without a window: obeys the keeper's protocol, writes a secret into its folders, and does as it is named."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from app.secrecy import close_up

SECRET = "a-customer-of-172.3-cm"


def tell(**told: object) -> None:
    os.write(1, json.dumps(told).encode() + b"\n")


def main(doing: str) -> None:
    for name in ("TMPDIR", "XDG_CACHE_HOME"):
        Path(os.environ[name], f"{name}.txt").write_text(SECRET)
    tell(ready=1, secrecy=close_up().plain())
    beating = threading.Event()

    def beat() -> None:
        while not beating.wait(0.1):
            tell(beat=1)

    threading.Thread(target=beat, daemon=True).start()
    while '"show"' not in (line := sys.stdin.readline()):
        if '"warm"' in line:
            tell(warm=1)
    tell(shown=os.getpid())
    if doing == "wait":
        tell(warm=1)
        time.sleep(600)
    if doing == "settings":
        tell(agreed="2026-11-1")
        tell(settings=1)
        time.sleep(600)
    tell(step="consent")
    tell(agreed="2026-11-1")
    if doing == "helped":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", SECRET])
    if doing == "finish":
        tell(step="height")
        tell(step="height")
        tell(step="nonsense")
        tell(fitted={"verdict": "fits"})
        time.sleep(0.3)
        tell(over="finished")
    if doing == "freeze":
        beating.set()
    time.sleep(600)


if __name__ == "__main__":
    main(sys.argv[1])
