"""Set-up: what is missing is found, told or installed; nothing is done twice, and half an install never counts."""

import os
import subprocess
import sys

import pytest

from app import install


@pytest.fixture
def ran(monkeypatch, tmp_path) -> list[list[str]]:
    """Set-up in a folder of its own, whose commands are written down instead of run."""
    commands: list[list[str]] = []

    def note(command, **_):
        commands.append([str(part) for part in command])
        return subprocess.CompletedProcess(command, 0)

    for name in ("constraints.txt", "pyproject.toml"):
        (tmp_path / name).write_text((install.ROOT / name).read_text())
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", venv)
    monkeypatch.setattr(install, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(install, "PACKAGES_STAMP", venv / "packages.stamp")
    monkeypatch.setattr(install, "KERNELS_STAMP", venv / "kernels.stamp")
    monkeypatch.setattr(install, "SYSTEM", {})
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(subprocess, "run", note)
    return commands


def test_the_second_set_up_does_nothing(ran):
    assert install.main() == 0
    assert [part for command in ran for part in command if part in ("venv", "pip", "-c")]
    ran.clear()
    assert install.main() == 0
    assert ran == []


def test_a_changed_constraint_installs_into_the_same_venv(ran):
    install.main()
    ran.clear()
    (install.ROOT / "constraints.txt").write_text("scipy==1.0\n")
    assert install.main() == 0
    assert any("pip" in command for command in ran) and not any("venv" in command for command in ran)


def test_an_interrupted_install_starts_over(ran, monkeypatch):
    def broken(command, **_):
        if "pip" in command:
            raise KeyboardInterrupt
        ran.append(command)

    install.main()
    (install.ROOT / "constraints.txt").write_text("scipy==1.0\n")
    monkeypatch.setattr(subprocess, "run", broken)
    assert install.main() == 1
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append(command))
    ran.clear()
    assert install.main() == 0
    assert "--clear" in ran[0]


def test_a_failed_step_is_named_and_leaves_no_stamp(ran, monkeypatch, capsys):
    def fail(command, **_):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", fail)
    assert install.main() == 1
    assert "venv" in capsys.readouterr().err
    assert not install.PACKAGES_STAMP.exists()


def test_missing_system_packages_are_told_in_one_line_where_they_may_not_be_installed(ran, monkeypatch, capsys):
    monkeypatch.setattr(install, "SYSTEM", {"libzebra0": "libzebra-of-toile.so.0", "libc6": "libc.so.6"})
    monkeypatch.setattr(install, "_root_prefix", lambda: None)
    monkeypatch.setattr(install.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(SystemExit) as stopped:
        install.main()
    assert stopped.value.code == 1
    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert line.startswith("sudo sh -c") and "libzebra0" in line and "libc6" not in line
    assert ran == []


def test_missing_system_packages_are_installed_where_that_is_allowed(ran, monkeypatch):
    monkeypatch.setattr(install, "SYSTEM", {"libzebra0": "libzebra-of-toile.so.0"})
    monkeypatch.setattr(install, "_root_prefix", lambda: ["env"])
    monkeypatch.setattr(install.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert install.main() == 0
    assert ran[1][-1] == "libzebra0" and "--no-install-recommends" in ran[1]


@pytest.mark.skipif(sys.platform != "linux", reason="the libraries are Linux's")
@pytest.mark.parametrize("proof", ["module json", "program sh", "libc.so.6", "/etc/pass*"])
def test_what_is_there_is_found(proof):
    assert install._present(proof)


@pytest.mark.parametrize("proof", ["module toile_zebra", "program toile-zebra", "libzebra.so.7", "/no/such/*.ttf"])
def test_what_is_not_there_is_missed(proof):
    assert not install._present(proof)


def test_another_python_is_refused(ran, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert install.main() == 1
    assert "needs Python 3.11" in capsys.readouterr().err
    assert ran == []


def test_the_kernels_are_compiled_anew_when_a_solver_changes(ran):
    solvers = install.ROOT / "garments" / "solvers"
    solvers.mkdir(parents=True)
    (solvers / "implicit.py").write_text("a = 1\n")
    install.main()
    ran.clear()
    os.utime(solvers / "implicit.py", ns=(1, 1))
    assert install.main() == 0
    assert len(ran) == 1 and "compile_kernels" in ran[0][-1]


@pytest.mark.skipif(sys.platform != "linux", reason="a display is told by the environment on Linux")
@pytest.mark.parametrize("display", ["", ":0"])
def test_where_a_window_can_open_the_sample_is_dressed_beforehand(ran, monkeypatch, display):
    monkeypatch.setenv("DISPLAY", display)
    assert install.main() == 0
    assert any("dress_sample()" in part for command in ran for part in command) == bool(display)
    ran.clear()
    assert install.main() == 0
    assert ran == []


def test_a_font_that_cannot_be_installed_stops_nothing_and_is_said(ran, monkeypatch, capsys):
    monkeypatch.setattr(install, "SYSTEM", {"fonts-wqy-microhei": "/nowhere/*"})
    monkeypatch.setattr(install, "_root_prefix", lambda: None)
    monkeypatch.setattr(install.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert install.main() == 0
    told = capsys.readouterr()
    assert "fonts-wqy-microhei" in told.out + told.err
