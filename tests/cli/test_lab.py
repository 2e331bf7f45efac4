"""`gpnde lab`: what it opens, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gpnde.cli.lab import notebook_of, write_notebook
from gpnde.scenario import load_scenario

Gpnde = Callable[..., Result]


def test_notebook_shows_the_dashboard_of_the_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sheet = json.loads(write_notebook(tmp_path / "lab.ipynb", "beer-game").read_text())
    assert sheet["cells"][0]["source"].endswith("gpnde.lab('beer-game')")
    (tmp_path / "mine.yaml").write_text("")
    sheet = json.loads(write_notebook(tmp_path / "lab.ipynb", "mine.yaml").read_text())
    assert str(tmp_path / "mine.yaml") in sheet["cells"][0]["source"]


def test_unknown_scenario_is_refused_before_a_server_starts(gpnde: Gpnde) -> None:
    result = gpnde("lab", "beer-gam")
    assert result.exit_code == 2
    assert "no such scenario" in result.stderr and "beer-game" in result.stderr


def test_missing_extra_is_told_with_how_to_get_it(gpnde: Gpnde, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = gpnde("lab", "beer-game")
    assert result.exit_code == 2
    assert 'anywidget is not installed: pip install "gpnde[lab]"' in result.stderr


def test_folder_of_the_notebook_goes_unless_there_is_work_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with notebook_of("beer-game") as notebook:
        ran = json.loads(notebook.read_text())
        ran["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "done"}]
        notebook.write_text(json.dumps(ran))
    assert list(tmp_path.iterdir()) == []
    with notebook_of("beer-game") as notebook:
        ran["cells"].append({**ran["cells"][0], "source": "my_work = 1"})
        notebook.write_text(json.dumps(ran))
    assert notebook.exists() and f"is kept in {notebook.parent}" in capsys.readouterr().err
    with notebook_of("beer-game") as notebook:
        (notebook.parent / "notes.txt").write_text("mine")
    assert notebook.exists()


@pytest.mark.slow
def test_page_is_served_until_ctrl_c(tmp_path: Path, free_port: int) -> None:
    command = [sys.executable, "-m", "gpnde", "lab", "beer-game", "--app", "--no-browser", "--port", str(free_port)]
    environment = {**os.environ, "HOME": str(tmp_path)}
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        assert "the lab" not in fetch(f"http://127.0.0.1:{free_port}/voila/static/voila.js")
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(300)


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def fetch(address: str) -> str:
    """Return what is at an address as soon as it answers."""
    for _ in range(3000):
        try:
            with urllib.request.urlopen(address) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def test_notebook_says_what_a_page_shows_meanwhile(tmp_path: Path) -> None:
    base = load_scenario("beer-game")
    told = json.loads(write_notebook(tmp_path / "lab.ipynb", "beer-game", base).read_text())["metadata"]
    assert told["title"] == base.title and told["gpnde"]["description"] == base.description
    assert [entry["word"] for entry in told["gpnde"]["words"]] == ["Tier", "Capability", "Scorecard"]


def test_page_and_notebook_together_are_refused(gpnde: Gpnde) -> None:
    result = gpnde("lab", "beer-game", "--app", "--notebook")
    assert result.exit_code == 2 and "give one of them" in result.stderr


def test_command_opens_a_page_that_runs_or_a_notebook(gpnde: Gpnde, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[str] = []

    def serve(command: list[str], folder: Path) -> int:
        commands.append(" ".join(command))
        return 0

    monkeypatch.setattr("gpnde.lab.serving.serve", serve)
    gpnde("lab", "beer-game", "--theme", "dark")
    gpnde("lab", "beer-game", "--notebook")
    assert "page_server" in commands[0] and "--theme=dark" in commands[0]
    assert "jupyterlab" in commands[1]
