"""What the tests of the command line share: a small scenario, and ways to call the command."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gpnde.cli import commands
from tests.small_studies import TROUBLE

THREE_FIRMS = """\
name: three-firms
clock: {days: 56}
products:
  laptop: {made_of: {board: 1}}
  board: {made_of: {chip: 2}}
  chip: {}
firms:
  brand: {tier: 0}
  board-maker: {tier: 1}
  chip-maker: {tier: 2}
sites:
  assembly: {firm: brand, product: laptop, capacity_per_day: 130}
  boards: {firm: board-maker, product: board, capacity_per_day: 130}
  chips: {firm: chip-maker, product: chip}
links:
- {buyer: assembly, supplier: boards, share: 1, lead_time: "gamma(mean=5, cv=0.3)"}
- {buyer: boards, supplier: chips, lead_time: 2}
markets:
  shops: {product: laptop, served_by: [assembly], demand: {law: "normal(mean=100, cv=0.2)", every_days: 1}}
provenance:
- {path: "*", mark: assumption}
"""

Gpnde = Callable[..., Result]


@pytest.fixture
def gpnde() -> Gpnde:
    """Return a function that calls the command with the given words, in this process."""
    runner = CliRunner()
    return lambda *words: runner.invoke(commands, [str(word) for word in words])


@pytest.fixture
def three_firms_text() -> str:
    """Return a small sound scenario as YAML."""
    return THREE_FIRMS


@pytest.fixture
def three_firms(tmp_path: Path) -> Path:
    """Return the file of a small sound scenario."""
    path = tmp_path / "three-firms.yaml"
    path.write_text(THREE_FIRMS, encoding="utf-8")
    return path


@pytest.fixture
def environment() -> dict[str, str]:
    """Make a new process find the commands beside this Python."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return the folder for results, which is not there yet."""
    return tmp_path / "out"


@pytest.fixture
def trouble(install: Callable[..., None]) -> None:
    """Install a metric that fails, waits or dies as it is told."""
    install("trouble", TROUBLE)
