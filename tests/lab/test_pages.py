from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from voila.execute import VoilaExecutor

from gpnde.lab.pages import jupyter_lab_command, voila_command

SHEET = Path("one two.ipynb")


@pytest.mark.parametrize("command", [jupyter_lab_command, voila_command])
def test_server_chooses_its_port_unless_told(command: object) -> None:
    assert callable(command)
    assert not any("port" in word for word in command(SHEET))
    assert any(word.endswith(".port=8890") for word in command(SHEET, 8890))


def test_browser_stays_closed_when_told() -> None:
    assert jupyter_lab_command(SHEET, browser=False)[-1] == "--ServerApp.open_browser=False"
    assert voila_command(SHEET, browser=False)[-1] == "--Voila.open_browser=False"


def test_page_waits_for_late_output() -> None:
    words = dict(word.removeprefix("--").split("=", 1) for word in voila_command(SHEET) if word.startswith("--"))
    assert float(words["VoilaExecutor.iopub_timeout"]) >= 60 > VoilaExecutor.iopub_timeout.default_value


@pytest.mark.thorough
def test_missing_notebook_is_named(tmp_path: Path) -> None:
    command = voila_command(tmp_path / "none.ipynb", browser=False)
    assert command[0] == sys.executable
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ended.returncode != 0
    assert "none.ipynb" in ended.stderr


def test_jupyter_lab_offers_no_news() -> None:
    assert "--LabApp.news_url=None" in jupyter_lab_command(SHEET)


@pytest.mark.parametrize(("user", "words"), [(0, ["--allow-root"]), (1000, [])])
def test_jupyter_lab_starts_for_root_as_well(user: int, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user, raising=False)
    assert [word for word in jupyter_lab_command(SHEET) if word == "--allow-root"] == words
