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
    sys.stdin.readline()
    tell(shown=os.getpid())
    tell(step="consent")
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
