"""Witnesses for fields that describe: they change what a report says, or whether a scenario is taken at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from gpnde.charts.report import report
from gpnde.engine.simulate import simulate
from gpnde.plugin.host import host_of
from gpnde.results.evidence import Evidence
from gpnde.results.metric import metric
from gpnde.results.run import Run
from gpnde.scenario.provenance import count_marks
from gpnde.scenario.remarks import remarks
from gpnde.scenario.schema import Scenario

from .runs import Settings


class Description(NamedTuple):
    """What is set, beside what, and the report that then says something else of the tiny network."""

    change: Settings
    report: Callable[[Scenario], Any]
    beside: Settings = {}


@metric("stock.peak", unit="unit", formula="max", better="lower", source="definition")
def _peak(evidence: Evidence) -> float:
    return 1.0


def _measured(scenario: Scenario) -> set[str]:
    """Return what a run measures where a plugin offers a metric of its own."""
    with host_of((), [_peak]):
        return set(simulate(scenario).metrics["metric"])


def _title(scenario: Scenario) -> str:
    return _short_run(scenario).summary().partition("\n")[0]


def _page(scenario: Scenario) -> str:
    return report(_short_run(scenario))


def _targets(scenario: Scenario) -> str:
    return repr(_short_run(scenario).targets())


def _short_run(scenario: Scenario) -> Run:
    return simulate(scenario.model_copy(update={"clock": scenario.clock.model_copy(update={"days": 28})}))


_TARGET: Settings = {"measure": "space.sites", "value": 5}
_NAMED: Settings = {"measure": "space.sites", "value": 5, "unit": "site", "day": 7, "mark": "chapter", "source": "1"}
_PATH: Settings = {"path": "*", "mark": "assumption"}


def _target(name: str) -> Description:
    return Description({"targets": [{**_TARGET, name: _NAMED[name]}]}, _targets, {"targets": [_TARGET]})


_BAND: Settings = {"measure": "space.sites", "low": 3, "high": 9}
_OTHER_BAND: Settings = {"measure": "space.countries", "low": 4, "high": 8, "mark": "chapter", "source": "1"}


def _bands(scenario: Scenario) -> str:
    return repr(_short_run(scenario).plausibility())


def _band(name: str, value: Any) -> Description:
    return Description({"plausibility": [{**_BAND, name: value}]}, _bands, {"plausibility": [_BAND]})


_LEAD = "links.0.lead_time"
_ORIGIN: Settings = {"file": "leads.csv", "column": "days", "rows_used": 2, "rows_dropped": 1}
_FILLED: Settings = {**_ORIGIN, "cells_filled": 1, "dates_filled": 1, "gaps": "zero"}


def _origin(name: str, value: Any) -> Description:
    law: Settings = {"law": "empirical", "values": [7, 21]}
    return Description(
        {_LEAD: {**law, "origin": {**_FILLED, name: value}}}, remarks, {_LEAD: {**law, "origin": _FILLED}}
    )


DESCRIBED: Mapping[str, Description] = {
    "Scenario.name": Description({"name": "other"}, _title),
    "Scenario.title": Description({"title": "Other"}, _title),
    "Scenario.description": Description({"description": "Other"}, _page),
    "Scenario.provenance": Description({"provenance": []}, count_marks),
    "Scenario.targets": Description({"targets": [_TARGET]}, _targets),
    "Provenance.path": Description({"provenance": [{**_PATH, "path": "sites"}]}, count_marks),
    "Provenance.mark": Description({"provenance": [{**_PATH, "mark": "derived"}]}, count_marks),
    "Provenance.source": Description({"provenance": [{**_PATH, "source": "Ernst"}]}, _page),
    "Site.provenance": Description({"sites.garage.provenance": "chapter, section 4"}, count_marks),
    "Target.measure": Description(
        {"targets": [{**_TARGET, "measure": "space.countries"}]}, _targets, {"targets": [_TARGET]}
    ),
    "Target.value": Description({"targets": [{**_TARGET, "value": 6}]}, _targets, {"targets": [_TARGET]}),
    **{f"Target.{name}": _target(name) for name in ("unit", "day", "mark", "source")},
    "Scenario.plausibility": Description({"plausibility": [_BAND]}, _bands),
    **{f"Band.{name}": _band(name, value) for name, value in _OTHER_BAND.items()},
    "Column.rows_used": _origin("rows_used", 9),
    "Column.rows_dropped": _origin("rows_dropped", 9),
    "Column.cells_filled": _origin("cells_filled", 9),
    "Column.dates_filled": _origin("dates_filled", 9),
    "Record.metrics": Description({"record.metrics": ["stock.peak"]}, _measured, {"clock.days": 28}),
}
"""Fields that change a report."""

_DATED: Settings = {"law": "series", "values": [3, 4], "origin": {**_ORIGIN, "dates": "day", "step_days": 1}}

REFUSED: Mapping[str, tuple[Settings, str]] = {
    "Scenario.schema_version": ({"schema_version": 2}, "schema_version"),
    "Scenario.requires": ({"requires": ["gpnde-of-nobody>=1"]}, "gpnde-of-nobody"),
    "Column.step_days": ({_LEAD: {**_DATED, "origin": {**_ORIGIN, "dates": "day", "step_days": 2}}}, "2 days apart"),
}
"""Fields by which a scenario is refused, and what the error names."""
