"""The house's own laws: who imports whom, what the command line costs, what ships, what is declared.

Each law is read off the sources, so that it holds for whatever is added later.
"""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("app", "render", "garments", "body", "shaders", "assets")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
HEAVY = {
    "torch",
    "numba",
    "open3d",
    "mediapipe",
    "cv2",
    "PySide6",
    "scipy",
    "trimesh",
    "reportlab",
    "shapely",
    "OpenGL",
}
EXTRAS = PROJECT["optional-dependencies"]
BETWEEN_OUR_OWN_PROCESSES = {"app/jobs.py", "app/serving.py"}
ON_THIS_MACHINE = {"app/kiosk/systemd.py", "app/kiosk/nursery.py", "app/forked.py"}
BY_AN_ALLOW_LIST = {"body/models/clean.py"}
FOR_THE_ENGINE = {"torch", "numba", "open3d", "mediapipe", "cv2", "smplx"}
DISTRIBUTIONS = {
    "PIL": "pillow",
    "PySide6": "PySide6_Addons",
    "OpenGL": "PyOpenGL",
    "cv2": "mediapipe",
    "pxr": "usd-core",
    "shiboken6": "PySide6_Addons",
    "cupy": "cupy-cuda13x",
    "cupyx": "cupy-cuda13x",
}


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax, which several laws walk."""
    return ast.parse(path.read_text())


@pytest.fixture(scope="module", autouse=True)
def forgotten():
    """What was parsed is large, and whatever is tried next would carry it."""
    yield
    tree.cache_clear()


def distribution(line: str) -> str:
    """The name that a requirement begins with, as package indexes compare names."""
    return re.split(r"[\s<>=;\[]", line)[0].lower().replace("_", "-")


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Top-level names of all that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A fresh Python in the repository's root."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True)


def loaded(*arguments: str) -> set[str]:
    """Top-level names of the modules that a fresh Python loads."""
    done = run("-X", "importtime", *arguments)
    assert done.returncode == 0, done.stderr
    return {line.split("|")[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}


def test_nobody_imports_upwards():
    told = run("-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())")
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("command", [[], ["tryon"], ["measure"], ["drape"], ["render"], ["studio"]])
def test_help_loads_nothing_heavy(command):
    assert not loaded("main.py", *command, "--help") & HEAVY


def test_help_answers_at_once():
    """In processor time, which is the wall's where nobody else computes."""
    times = []
    for _ in range(5):
        before = os.times()
        assert run("main.py", "--help").returncode == 0
        after = os.times()
        times.append(after.children_user - before.children_user + after.children_system - before.children_system)
    assert min(times) < 0.3


@pytest.mark.parametrize("module", ["app.ui.window", "app.ui.capture"])
def test_the_windows_process_loads_nothing_of_the_engine(module):
    assert not loaded("-c", f"import {module}") & FOR_THE_ENGINE


def test_bodies_are_posed_without_smplx_and_without_anny():
    code = (
        "import sys; sys.modules.update(smplx=None, anny=None)\n"
        "from body.model import load_model\n"
        "print(len(load_model().body().vertices))"
    )
    done = run("-c", code)
    assert done.returncode == 0 and int(done.stdout) > 5000, done.stderr


def test_every_module_says_why_it_exists():
    heads = {names(path): ast.get_docstring(tree(path)) or "" for path in SOURCES}
    assert [name for name, head in heads.items() if len(head.split()) < 4] == []


def test_values_are_frozen():
    changeable = [
        f"{node.name} in {names(path)}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        for decorator in getattr(node, "decorator_list", ())
        if ast.unparse(decorator).split("(")[0] == "dataclass"
        and "frozen=True" not in ast.unparse(decorator)
        and not node.name.startswith("_")
    ]
    assert changeable == []


def test_no_file_grows_beyond_one_idea():
    assert [names(path) for path in SOURCES if len(path.read_text().splitlines()) > 420] == []


def test_nothing_unpickles():
    unsafe = re.compile(r"allow_pickle\s*=\s*True|torch\.load\(|weights_only\s*=\s*False")
    readers = {names(path) for path in SOURCES if imported(path) & {"pickle", "dill", "joblib", "shelve"}}
    assert readers <= BETWEEN_OUR_OWN_PROCESSES | BY_AN_ALLOW_LIST
    assert [names(path) for path in SOURCES if unsafe.search(path.read_text())] == []


def test_nothing_downloads():
    network = {"urllib", "http", "requests", "socket", "ftplib", "ssl"}
    assert {names(path) for path in SOURCES if imported(path) & network} == ON_THIS_MACHINE
    for name in ON_THIS_MACHINE:
        local = (ROOT / name).read_text()
        assert "AF_UNIX" in local and "AF_INET" not in local, f"{name} speaks within this machine alone"


def test_all_that_is_imported_is_declared():
    extras = [
        line for name in ("build-body", "heic", "usd", "ray", "keyring", "gpu", "privacy") for line in EXTRAS[name]
    ]
    declared = {distribution(line) for line in PROJECT["dependencies"] + extras}
    for path in SOURCES:
        for name in imported(path) - {*ROOMS, *sys.stdlib_module_names}:
            assert distribution(DISTRIBUTIONS.get(name, name)) in declared, f"{name} in {names(path)}"


def test_constraints_pin_exactly_and_without_local_tags():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9a-z.]+", line) for line in lines)
    wanted = PROJECT["dependencies"] + [line for extra in EXTRAS.values() for line in extra]
    assert {distribution(line) for line in wanted} <= {distribution(line) for line in lines}


def test_the_readme_names_the_licence_of_every_dependency():
    table = (ROOT / "README.md").read_text().split("## Licences")[1].lower()
    for line in PROJECT["dependencies"]:
        assert distribution(line) in table.replace("_", "-")


def test_weights_that_ship_are_listed_with_their_checksums():
    listed = {line.split(maxsplit=1)[1] for line in (ROOT / "assets" / "SHA256SUMS").read_text().splitlines() if line}
    weights = {
        path
        for ending in ("npz", "npy", "onnx", "pt", "tflite", "task")
        for path in (ROOT / "assets").rglob(f"*.{ending}")
    }
    assert {path.relative_to(ROOT / "assets").as_posix() for path in weights} <= listed


def test_no_file_knows_a_machine():
    machines = re.compile("|".join(["/" + name + "/" for name in ("work", "root", "home/[a-z]", "Users/[a-z]")]))
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if kept.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, kept.stdout.split("\0")):
        data = (ROOT / name).read_bytes() if (ROOT / name).exists() else b""
        if b"\0" not in data[:4096]:
            found = machines.search(data.decode("utf-8", "replace"))
            assert not found, f"{name}: {found}"


def test_set_up_runs_on_the_standard_library_and_ci_runs_what_a_newcomer_types():
    assert imported(ROOT / "app" / "install.py") <= set(sys.stdlib_module_names)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in (ROOT / ".ci" / "run").read_text()


def test_a_changed_constraint_is_noticed(tmp_path):
    spec = importlib.util.spec_from_file_location("install", ROOT / "app" / "install.py")
    install = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(install)
    install.ROOT = tmp_path
    for name in ("constraints.txt", "pyproject.toml"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    before = install._packages_digest()
    assert install._packages_digest() == before
    (tmp_path / "constraints.txt").write_text((ROOT / "constraints.txt").read_text().replace("scipy==", "scipy==0"))
    assert install._packages_digest() != before
