"""From nothing to a tested, installed policy: what the guide and the README of a new plugin say, word by word."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from gpnde.plugin.skeleton import PLUGIN_KINDS

from ..fresh import Fresh, fresh_environment

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "plugins.md"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    return fresh_environment(tmp_path_factory.mktemp("fresh") / "venv")


def commands(document: Path) -> list[str]:
    """Return the commands in the console blocks of a document."""
    blocks = re.findall(r"^```console\n(.*?)^```", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [command for block in blocks for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE)]


def run(fresh: Fresh, command: str, folder: Path, **more: str) -> str:
    # What mypy knows of gpnde and of its libraries holds for all plugins.
    done = fresh.run(command, folder, MYPY_CACHE_DIR=str(fresh.folder / "mypy-cache"), **more)
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.thorough
def test_a_policy_is_begun_installed_checked_run_and_tested(fresh: Fresh, tmp_path: Path) -> None:
    begin = commands(GUIDE)[0]
    assert begin == "gpnde new plugin fast-lane --kind policy"
    run(fresh, begin, tmp_path)
    folder = tmp_path / "gpnde-fast-lane"
    steps = commands(folder / "README.md")
    assert steps[0] == 'pip install --editable ".[test]"'
    printed = {command: run(fresh, command, folder) for command in steps}
    assert "policy.fast-lane" in printed["gpnde plugins"]
    assert "2 passed" in printed["pytest"]


def test_the_new_policy_makes_a_difference_that_can_be_seen(fresh: Fresh, tmp_path: Path) -> None:
    run(fresh, "gpnde new plugin side-door --kind policy", tmp_path)
    folder = tmp_path / "gpnde-side-door"
    run(fresh, "pip install .", folder)
    settings = ("", "--set policy.side-door.enabled=false")
    on, off = (json.loads(run(fresh, f"gpnde run scenario.yaml --json {each}", folder)) for each in settings)
    assert on["fingerprint"] != off["fingerprint"]


@pytest.mark.thorough
@pytest.mark.parametrize("kind", PLUGIN_KINDS)
def test_a_new_plugin_of_each_kind_is_clean_and_passes_its_own_tests(kind: str, fresh: Fresh, tmp_path: Path) -> None:
    run(fresh, f"gpnde new plugin first-try --kind {kind} --out {kind}", tmp_path)
    run(fresh, "ruff check . && ruff format --check .", tmp_path / kind)
    # Where a module is found without being installed.
    variables = _joined({"PYTHONPATH": str(tmp_path / kind), "MYPYPATH": str(tmp_path / kind)})
    for command in ("mypy", "pytest -p no:cacheprovider"):
        run(fresh, command, tmp_path / kind, **variables)


def _joined(variables: dict[str, str]) -> dict[str, str]:
    """Return the variables with what they hold already behind."""
    return {name: os.pathsep.join(filter(None, (value, os.environ.get(name)))) for name, value in variables.items()}
