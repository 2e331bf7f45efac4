"""What each policy costs and does in a small open economy: paired runs with and without it.

Run ``scripts/policies``, or ``python -m studies.policies`` from the root of a checkout; it writes ``docs/policies.md``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gpnde.engine import simulate
from gpnde.plugin.host import plugin_host
from gpnde.results.names import slug
from gpnde.results.run import Run
from gpnde.scenario import Scenario, load_scenario
from gpnde.study.intervals import Interval, mean_interval, paired_difference
from studies.local import Local
from studies.measures import metric
from studies.page import FOLDER, markdown_table, write_tables

PRESET, COUNTRY = "small-open-economy", "small economy"
START_DAY = 364.0
THOUSAND = 1e3
REPLICATIONS = 8
PAGE = FOLDER.parent / "policies.md"
MONEY = ("Policy", "Cost", "Revenue", "Beneficiaries", "Leakage")
EFFECTS = {
    "capability": "Capability of local firms",
    "share": "Local share of inputs",
    "dropouts": "Local suppliers dropped",
    "fill": "Demand filled",
    "functions": "Functions taken on",
    "gap": "Tier gap",
}
"""Headings of the effects, by the field of an outcome."""

RETURNS = {
    "local_profit": "Private return (thousand)",
    "profit": "Social return (thousand)",
    "jobs": "Jobs",
    "exports": "Exports (thousand)",
}
"""Headings of what a policy changes in the accounts, by the field of an outcome."""

NOTHING = "no policy"
BOTH = "effort-subsidy + skills-centre"
_PAIR = ({"use": "policy.effort-subsidy"}, {"use": "policy.skills-centre"})
_STAGES = [
    {"policy": "policy.skills-centre", "highest": 2},
    {"policy": "policy.effort-subsidy", "lowest": 3},
]


class Treatment(NamedTuple):
    """What is in force, and what it is compared with."""

    uses: tuple[Mapping[str, Any], ...]
    control: str = NOTHING


class Outcome(NamedTuple):
    """What one replication gave; money is that of all policies in force."""

    cost: float
    revenue: float
    beneficiaries: float
    leakage: float
    capability: float
    share: float
    dropouts: float
    fill: float
    functions: float
    gap: float
    local_profit: float
    profit: float
    jobs: float
    exports: float


Outcomes = dict[str, list[Outcome]]
"""Outcomes by treatment, in the order of replications."""


def treatments() -> dict[str, Treatment]:
    """Return every policy that is installed, alone or, where it changes others, on top of two of them.

    >>> treatments()["effort-subsidy"].control
    'no policy'
    """
    alone = {
        name.removeprefix("policy."): Treatment(({"use": name},))
        for name in plugin_host().components
        if name.startswith("policy.") and name not in ("policy.targeting", "policy.linkage-mix")
    }
    neutral = {"use": "policy.targeting", "share": 0.0}
    meta = {
        "targeting, share 0": Treatment((*_PAIR, neutral), BOTH),
        "targeting": Treatment((*_PAIR, {"use": "policy.targeting"}), "targeting, share 0"),
        "linkage-mix": Treatment((*_PAIR, {"use": "policy.linkage-mix", "stages": _STAGES}), BOTH),
    }
    return {NOTHING: Treatment(()), **alone, BOTH: Treatment(_PAIR), **meta}


def run_study(
    replications: int, chosen: Mapping[str, Treatment] | None = None, settings: Mapping[str, object] | None = None
) -> Outcomes:
    """Run every treatment with seeds 1, 2, … so that replications of the same number share common random numbers."""
    return {
        name: [_outcome(treatment, seed, settings or {}) for seed in range(1, replications + 1)]
        for name, treatment in (chosen or treatments()).items()
    }


def treated(treatment: Treatment, settings: Mapping[str, object]) -> Scenario:
    """Return the preset with policies for the small economy that start after a year."""
    given = load_scenario(PRESET, settings).model_dump()
    for use in treatment.uses:
        given["components"] += ({"start_day": START_DAY, "countries": [COUNTRY], **use},)
    return Scenario.model_validate(given)


def _outcome(treatment: Treatment, seed: int, settings: Mapping[str, object]) -> Outcome:
    scenario = treated(treatment, settings)
    run = simulate(scenario, seed=seed)
    local = Local(scenario, COUNTRY)
    cost, revenue, beneficiaries, leakage = _accounts(run, [str(use["use"]) for use in treatment.uses])
    return Outcome(
        cost=cost,
        revenue=revenue,
        beneficiaries=beneficiaries,
        leakage=leakage,
        capability=local.capability(run),
        share=local.share_of_inputs(run),
        dropouts=local.dropped(run),
        fill=metric(run, "flow.fill_rate"),
        functions=local.functions_taken_on(run),
        gap=run.metric("tier_gap"),
        local_profit=run.metric(f"country.profit.{slug(COUNTRY)}") / THOUSAND,
        profit=run.metric("country.profit") / THOUSAND,
        jobs=run.metric(f"country.jobs.{slug(COUNTRY)}"),
        exports=run.metric(f"country.exports.{slug(COUNTRY)}") / THOUSAND,
    )


def _accounts(run: Run, labels: Sequence[str]) -> list[float]:
    """Return cost, revenue, beneficiaries and leakage of policies together; a firm served twice counts twice."""
    kinds = ("cost", "revenue", "beneficiaries", "leakage")
    return [sum(run.metric(f"{label}.{kind}") for label in labels) for kind in kinds]


def column(outcomes: Sequence[Outcome], field: str) -> list[float]:
    """Return one number of every replication."""
    return [float(getattr(outcome, field)) for outcome in outcomes]


def money_table(outcomes: Outcomes, chosen: Mapping[str, Treatment]) -> str:
    """Return costs and beneficiaries of policies: means over replications."""
    rows = [_money(name, rows) for name, rows in outcomes.items() if chosen[name].uses]
    return markdown_table(MONEY, rows)


def _money(name: str, rows: Sequence[Outcome]) -> list[str]:
    def mean(field: str) -> float:
        return sum(column(rows, field)) / len(rows)

    leakage = f"{mean('leakage') / mean('cost'):.0%}" if mean("cost") else "–"
    return [name, f"{mean('cost'):,.0f}", f"{mean('revenue'):,.0f}", f"{mean('beneficiaries'):.1f}", leakage]


def effect_table(outcomes: Outcomes, chosen: Mapping[str, Treatment]) -> str:
    """Return paired differences from the control, with intervals; of the control of all, the levels."""
    return _differences(outcomes, chosen, EFFECTS, decimals=3)


def return_table(outcomes: Outcomes, chosen: Mapping[str, Treatment]) -> str:
    """Return the same of what firms earn, of jobs and of exports."""
    return _differences(outcomes, chosen, RETURNS, decimals=0)


def _differences(outcomes: Outcomes, chosen: Mapping[str, Treatment], shown: Mapping[str, str], decimals: int) -> str:
    """Return a table of the fields *shown*, with their headings."""

    def row(name: str, treatment: Treatment) -> list[str]:
        found = [_effect(outcomes, name, treatment, field) for field in shown]
        texts = [each.text(decimals, signed=bool(treatment.uses)) for each in found]
        return [name, treatment.control if treatment.uses else "–", *texts]

    header = ["Policy", "compared with", *shown.values()]
    return markdown_table(header, [row(name, chosen[name]) for name in outcomes])


def _effect(outcomes: Outcomes, name: str, treatment: Treatment, field: str) -> Interval:
    """Return the mean of what came of no treatment, or the difference from the control of one."""
    values = column(outcomes[name], field)
    if not treatment.uses:
        return mean_interval(values)
    return paired_difference(values, column(outcomes[treatment.control], field))


def main(arguments: Sequence[str] | None = None, page: Path = PAGE) -> None:
    """Run the study and write its page."""
    parser = argparse.ArgumentParser(prog="python -m studies.policies", description=__doc__)
    parser.add_argument("--replications", type=int, default=REPLICATIONS, help="runs per policy, at least 2")
    chosen = treatments()
    outcomes = run_study(parser.parse_args(arguments).replications, chosen)
    tables: Sequence[Callable[[Outcomes, Mapping[str, Treatment]], str]] = (money_table, effect_table, return_table)
    write_tables(page, [table(outcomes, chosen) for table in tables])


if __name__ == "__main__":
    main()
