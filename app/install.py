"""Set-up: `python3 -m app.install` makes .venv with all that Toile needs, or notices in 0.1 s that it is there.

It runs before anything is installed, so it uses the standard library alone. System libraries and Python packages are
looked at again when constraints.txt or the dependencies in pyproject.toml change, the kernels when a solver changes.
A stamp is written last: an installation that was interrupted has none and is made anew.
"""

import ctypes
import glob
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PACKAGES_STAMP, KERNELS_STAMP = VENV / "packages.stamp", VENV / "kernels.stamp"

# Debian's name of each package, and what proves that it is there: a library, a program, a Python module or a file.
SYSTEM = {
    f"python3.{sys.version_info.minor}-venv": "module ensurepip",
    "libegl1": "libEGL.so.1",
    "libopengl0": "libOpenGL.so.0",
    "libgl1": "libGL.so.1",
    "libgl1-mesa-dri": "/usr/lib/*/dri/*_dri.so",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libfontconfig1": "libfontconfig.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xfixes0": "libxcb-xfixes.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libx11-xcb1": "libX11-xcb.so.1",
    "libxext6": "libXext.so.6",
    "libxrandr2": "libXrandr.so.2",
    "libpulse0": "libpulse.so.0",
    "libusb-1.0-0": "libusb-1.0.so.0",
    "libidn2-0": "libidn2.so.0",
    "libudev1": "libudev.so.1",
    "fonts-dejavu-core": "/usr/share/fonts/**/*.[ot]tf",
    "fonts-wqy-microhei": "/usr/share/fonts/truetype/wqy/*",
    "xvfb": "program Xvfb",
    "xauth": "program xauth",
}
BETTER = {"fonts-wqy-microhei"}
"""Without these all works, but Chinese words may be missing."""


def main() -> int:
    """Install what is missing and return an exit code."""
    if sys.version_info[:2] != (3, 11):
        return _stop(f"Toile needs Python 3.11; this is {sys.version.split()[0]}: make PYTHON=/path/to/python3.11 run")
    try:
        wanted = _packages_digest()
        if _read(PACKAGES_STAMP) != wanted:
            start = time.monotonic()
            install_system()
            install_packages()
            PACKAGES_STAMP.write_text(wanted)
            _say(f"packages installed in {time.monotonic() - start:.0f} s")
        wanted = _kernels_digest()
        if _read(KERNELS_STAMP) != wanted:
            compile_kernels()
            dress_sample()
            KERNELS_STAMP.write_text(wanted)
    except subprocess.CalledProcessError as error:
        return _stop(f"stopped at: {shlex.join(map(str, error.cmd))}\nThe reason is above; the same command goes on.")
    except KeyboardInterrupt:
        return _stop("interrupted; the same command starts over")
    return 0


def install_system() -> None:
    """Install missing system packages with apt if that is allowed; otherwise stop with the one line to type."""
    missing = [name for name, proof in SYSTEM.items() if not _present(proof)] if sys.platform == "linux" else []
    if not missing:
        return
    if not shutil.which("apt-get"):
        _say(f"no apt here; what Debian calls {' '.join(missing)} is missing: install its like if something fails")
        return
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing]
    prefix, needed = _root_prefix(), not BETTER.issuperset(missing)
    if prefix is None and needed:
        said = f"{len(missing)} system packages are missing. Type this line, then the same command again:"
        raise SystemExit(_stop(f"{said}\n{_by_hand(install)}"))
    if prefix is None:
        _say(f"for Chinese words, type this line some time: {_by_hand(install)}")
        return
    _say(f"installing {len(missing)} system packages with apt")
    subprocess.run([*prefix, "apt-get", "update", "-q"])
    subprocess.run([*prefix, *install], check=needed)


def install_packages() -> None:
    """Make .venv hold the packages of pyproject.toml in the versions of constraints.txt."""
    if not (PACKAGES_STAMP.exists() and PYTHON.exists()):
        _say(f"making {VENV.name}; the first time, packages are downloaded (README, “What is downloaded”)")
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    PACKAGES_STAMP.unlink(missing_ok=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), *_requirements()], check=True)


def compile_kernels() -> None:
    """Let numba compile the solver's kernels into its cache, so that no first drape waits for it."""
    _say("compiling the solver's kernels")
    start = time.monotonic()
    code = "from garments.solvers import compile_kernels; compile_kernels()"
    subprocess.run([PYTHON, "-c", code], cwd=ROOT, check=True)
    _say(f"kernels ready in {time.monotonic() - start:.0f} s")


def dress_sample() -> None:
    """Where there is a display, make the try-on that the studio opens with, so that the first start finds it done."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    _say("dressing the sample for the first start")
    code = "from app.engine import dress_sample; dress_sample()"
    # The studio would do it again: what fails here, and what libraries say, is no reason to stop.
    subprocess.run([PYTHON, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL)


def _requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project["dependencies"] + project["optional-dependencies"]["dev"]


def _packages_digest() -> str:
    parts = [(ROOT / "constraints.txt").read_text(), *_requirements(), *SYSTEM]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _kernels_digest() -> str:
    """Numba's cache is valid for a source file's size and time of change; so is this."""
    sources = sorted((ROOT / "garments" / "solvers").glob("*.py"))
    parts = [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in sources]
    return hashlib.sha256("\n".join([_read(PACKAGES_STAMP), *parts]).encode()).hexdigest()


def _present(proof: str) -> bool:
    kind, _, name = proof.rpartition(" ")
    if kind == "module":
        return importlib.util.find_spec(name) is not None
    if kind == "program":
        return shutil.which(name) is not None
    if name.startswith("/"):
        return any(glob.iglob(name, recursive=True))
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _root_prefix() -> list[str] | None:
    """What to put before a command so that it runs as root; None when that would need a password."""
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return environment
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], stderr=subprocess.DEVNULL).returncode == 0:
        return [sudo, "-n", *environment]
    return None


def _by_hand(install: list[str]) -> str:
    line = f"apt-get update && {shlex.join(install)}"
    return f"sudo sh -c '{line}'" if shutil.which("sudo") else f"su -c '{line}'"


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _say(message: str) -> None:
    print(f"toile: {message}", flush=True)


def _stop(message: str) -> int:
    print(f"toile: {message}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
