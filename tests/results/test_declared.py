"""Records that a decorator makes of a function, and how they are found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gpnde.errors import GpndeError, ResultsError
from gpnde.results.chart import ChartKind
from gpnde.results.declared import declared_in
from gpnde.results.evidence import Evidence
from gpnde.results.metric import MetricKind

MODULE = """
from gpnde.results.metric import metric

@metric("{name}", unit="1", formula="1", better="higher", source="definition")
def one(evidence):
    '''Return the number one.'''
    return 1.0
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a package without modules, called by its name ``made_up``."""
    folder = tmp_path / "made_up"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "made_up"]:
        monkeypatch.delitem(sys.modules, name)
    return folder


def test_what_a_new_module_declares_is_found_by_its_name(package: Path) -> None:
    (package / "first.py").write_text(MODULE.format(name="first.one"))
    (package / "second.py").write_text(MODULE.format(name="second.one") + "from made_up.first import one as other\n")
    found = declared_in("made_up", MetricKind)
    assert set(found) == {"first.one", "second.one"}
    assert found["first.one"](Evidence({}, {})) == 1.0
    assert declared_in("made_up", ChartKind) == {}


def test_two_declarations_of_one_name_are_refused(package: Path) -> None:
    for name in ("first", "second"):
        (package / f"{name}.py").write_text(MODULE.format(name="same.one"))
    with pytest.raises(GpndeError, match="made_up: 'same.one' is declared twice"):
        declared_in("made_up", MetricKind)


def test_record_has_module_and_docstring_of_its_function() -> None:
    from gpnde.charts.network import network_by_tier

    assert network_by_tier.__module__ == "gpnde.charts.network"
    assert (network_by_tier.__doc__ or "").startswith("Show sites by tier")


def test_history_is_refused_where_the_run_has_no_knowledge() -> None:
    with pytest.raises(ResultsError, match="declare the metric with needs="):
        Evidence({}, {}).history  # noqa: B018
