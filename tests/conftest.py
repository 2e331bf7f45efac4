"""What tests of several rooms share."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from gpnde.plugin.host import forget_plugins

from .thorough import THOROUGH, often

_BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data"

# A busy machine takes longer over an example than any limit that would tell a slow one.
settings.register_profile("of gpnde", deadline=None, max_examples=often(30, 100))
settings.load_profile("of gpnde")

# Processes that tests start in the checkout import what is installed: for the checkout, all would be compiled again.
os.environ["PYTHONSAFEPATH"] = "1"

Install = Callable[..., None]

MEASURED = "measured in the browser"
"""Property of a test report that holds a line of numbers."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only the thorough suite tries, and put files with slow tests first.

    So no process is left alone with one of them at the end. Tests that are named one by one are run in any case.
    """
    if not THOROUGH and not any("::" in argument for argument in config.args):
        ordinary = _ordinary(items)
        kept = set(ordinary)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = ordinary
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def _ordinary(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests of the ordinary suite; of many that are alike one in so many, the first one among them."""
    met: Counter[str] = Counter()
    found = []
    for item in items:
        sampled = item.get_closest_marker("sampled")
        test = item.nodeid.partition("[")[0]
        chosen = sampled is None or met[test] % sampled.args[0] == 0
        met[test] += 1
        if chosen and item.get_closest_marker("thorough") is None:
            found.append(item)
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    lines = [text for report in reports for name, text in report.user_properties if name == MEASURED]
    if lines:
        terminalreporter.section(MEASURED)
        for line in lines:
            terminalreporter.line(str(line))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of reference data, or skip the test and say how to name it."""
    folder = Path(os.environ.get("GPNDE_TEST_DATA") or _BESIDE_THE_CHECKOUT)
    if not folder.is_dir():
        pytest.skip("reference data not found: set GPNDE_TEST_DATA to its folder")
    return folder


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that installs a distribution with one plugin, whose module is given by its source.

    It is found as installed ones are, by this process and by those that get ``PYTHONPATH`` from it.
    """
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
    monkeypatch.delenv("GPNDE_PLUGINS", raising=False)
    names = []

    def write(name: str, source: str, version: str = "1.0") -> None:
        names.append(f"plugin_{name}")
        head = "from gpnde.plugin import Component, ScenarioOffer, chart, hookimpl, metric, param\n"
        (folder / f"plugin_{name}.py").write_text(head + source, encoding="utf-8")
        info = folder / f"gpnde_{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: gpnde-{name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[gpnde]\n{name} = plugin_{name}\n")
        forget_plugins()

    yield write
    for name in names:
        sys.modules.pop(name, None)
    forget_plugins()
