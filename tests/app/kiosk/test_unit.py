"""What is shipped for a machine of its own: systemd's unit, checked by systemd where that is there, and its signs."""

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from app.kiosk import systemd
from assets.files import ROOT

UNIT = ROOT / "kiosk" / "toile-kiosk.service"


def test_systemd_finds_no_fault_with_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd here")
    text = UNIT.read_text()
    for program in ("/usr/bin/cage", "/opt/toile/.venv/bin/python"):
        assert program in text
        text = text.replace(program, "/bin/true")
    copy = tmp_path / UNIT.name
    copy.write_text(text)
    told = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, timeout=60)
    assert told.returncode == 0 and UNIT.name not in told.stderr, told.stderr
    copy.write_text(text.replace("WatchdogSec=8", "WatchdogSec=soon"))
    told = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, timeout=60)
    assert "soon" in told.stderr, "what is wrong is found"


def test_the_unit_keeps_memory_off_disks_and_the_network_away() -> None:
    lines = UNIT.read_text().splitlines()
    for line in ("LimitCORE=0", "LimitMEMLOCK=infinity", "IPAddressDeny=any", "Restart=always", "RestartSec=1"):
        assert line in lines


def test_signs_of_life_reach_systemd_and_nobody_where_there_is_none(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    systemd.Signs()()
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(address)
        line.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        signs = systemd.Signs()
        signs()
        signs()
        assert line.recv(100) == b"READY=1\nWATCHDOG=1"
        monkeypatch.setattr(systemd, "EVERY", 0.0)
        signs()
        assert line.recv(100) == b"WATCHDOG=1"
    signs()
