"""The two studies behind a resilience report: each thing out in turn, and sampled disruptions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gpnde.errors import StudyError
from gpnde.scenario.as_data import as_data
from gpnde.scenario.files import scenario_with
from gpnde.scenario.schema import ComponentUse
from gpnde.study.files import make_study
from gpnde.study.resilience.options import Options, Window
from gpnde.study.resilience.things import BASELINE, KINDS, Thing
from gpnde.study.schema import Study

if TYPE_CHECKING:
    from gpnde.scenario.schema import Scenario

DISRUPTED = "disrupted"
"""The arm of the study of risk with sampled disruptions."""

KEPT = ("markets", "events")
"""Tables of each run that losses and their causes are read off."""

_MEASURE = "flow.fill_rate"
_RISK_RUNS = 100
"""Pairs of runs with sampled disruptions where none are asked for."""

_DISRUPTION = "disruption."


def outage_study(scenario: Scenario, things: Sequence[Thing], window: Window, options: Options) -> Study:
    """Return the study in which each thing is out in an arm of its own, beside an arm without outage.

    Runs end when nothing more is watched, which changes no day before.
    """
    arms: dict[str, Any] = {BASELINE: {}}
    for thing in things:
        use = KINDS.get(thing.kind).take_out(thing, window.outage(options))
        arms[thing.arm] = {"components": [_plain(use)]}
    settings = {"clock.days": window.end, "record.every_days": window.every}
    return _study(f"{scenario.name}: outages", scenario, arms, options.seeds, options, settings)


def risk_study(scenario: Scenario, options: Options) -> Study | None:
    """Return the study of the scenario with its disruptions, or with the hazards asked for, and without; None for none.

    Raises
    ------
    StudyError
        Runs are asked for, and there is no disruption to sample.
    """
    hazards = hazards_of(scenario, options)
    if not hazards:
        return None
    calm = scenario if options.hazards else _without_disruptions(scenario)
    arms = {BASELINE: {}, DISRUPTED: {"components": [_plain(use) for use in hazards]}}
    runs = _RISK_RUNS if options.risk_runs is None else options.risk_runs
    return _study(f"{scenario.name}: risk", calm, arms, runs, options, {})


def hazards_of(scenario: Scenario, options: Options) -> tuple[ComponentUse, ...]:
    """Return the disruptions that are sampled: those asked for, else those of the scenario; none for no runs.

    Raises
    ------
    StudyError
        Runs are asked for, and there is none.
    """
    if options.risk_runs == 0:
        return ()
    found = options.hazards or tuple(use for use in scenario.components if _disrupts(use))
    if not found and options.risk_runs:
        raise StudyError(
            where="hazards",
            given=f"none, and scenario {scenario.name} has no disruption",
            expected="name one, such as disruption.site-outage, or leave out risk_runs",
        )
    return found


def _disrupts(use: ComponentUse) -> bool:
    return use.enabled and use.use.startswith(_DISRUPTION)


def _without_disruptions(scenario: Scenario) -> Scenario:
    kept = tuple(use for use in scenario.components if not _disrupts(use))
    return scenario.model_copy(update={"components": kept})


def _study(
    name: str, scenario: Scenario, arms: dict[str, Any], pairs: int, options: Options, settings: dict[str, Any]
) -> Study:
    given = {
        "name": name,
        "scenario": _slim(scenario, settings),
        "seed": options.seed,
        "replications": pairs,
        "arms": arms,
        "measures": [_MEASURE],
        "tables": list(KEPT),
    }
    return make_study(given)


def _slim(scenario: Scenario, settings: dict[str, Any]) -> dict[str, Any]:
    """Return a scenario that keeps no more than losses need, with figures to compare with left out."""
    less = {"record.orders": False, "record.events": True, "record.entities": False, **settings}
    data = as_data(scenario)
    data.pop("targets", None)
    kept: dict[str, Any] = json.loads(json.dumps(as_data(scenario_with(data, less)), default=str))
    return kept


def _plain(use: ComponentUse) -> dict[str, Any]:
    return {**use.model_dump(mode="json"), **use.parameters}
