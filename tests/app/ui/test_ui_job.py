"""Jobs from the window: the very command, its progress, and what it says when it fails."""

from pathlib import Path

WRONG = '[[body]]\nheight = "168 cm"\n[[look]]\n[[look.garment]]\ndesign = "toga"\n'


def test_a_job_is_done_by_the_command_and_what_is_wrong_is_said_with_its_line(driver, tmp_path: Path) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from app.ui.jobpage import JobPage

    job = tmp_path / "job.toml"
    job.write_text(WRONG)
    driver.window.do("do job")
    page = driver.window.findChildren(JobPage)[-1]
    assert page.begin.isEnabled() and not page.end.isEnabled()
    page.start(job, tmp_path / "out")
    assert page.end.isEnabled()
    driver.until(lambda: page.process is None, 60.0)
    assert "job.toml, line 5: look.garment.design: there is no 'toga'" in page.lines.toPlainText()
    assert "not all of it is done" in page.words.text() and "toga" in driver.studio.log.notes[-1].sentence
    assert not (tmp_path / "out").exists()
    page.start(job, tmp_path / "out")
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.process is not None and not page.isVisible(), "nobody waits for it"
    driver.until(lambda: page.process is None)
