"""Claims of the source: each asked by a study file of its own, and whether it comes true.

Run ``python -m studies.claims`` from the root of a checkout; it rewrites the table in ``docs/studies/claims.md``.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gpnde
from gpnde.study.intervals import mean_interval, paired_difference
from gpnde.study.results import StudyResults
from studies.claim_list import CLAIMS, Claim, Side, Statement
from studies.claim_readings import READINGS, Seen
from studies.page import FOLDER, markdown_table, verdict, write_tables

FILES = Path(__file__).resolve().with_name("claims")
REPLICATIONS = 10
PAGE = FOLDER / "claims.md"
HEADER = ("Claim", "Statement", "Measure", "Before", "Change", "Control", "Held")

Values = Mapping[str, Mapping[str, Mapping[int, float]]]
"""Values of measures in one study, by arm, measure and replication."""

Outcomes = dict[str, Values]
"""Values by claim."""


def file_of(claim: Claim) -> Path:
    """Return the study file of a claim."""
    return FILES / f"{claim.file}.yaml"


def run_study(
    replications: int,
    claims: Sequence[Claim] = CLAIMS,
    settings: Mapping[str, Any] | None = None,
    jobs: int | None = None,
) -> Outcomes:
    """Run the study file of each claim, with *settings* in all arms; *jobs* are processes, one per core if left out."""
    return {claim.number: _values(claim, replications, settings, jobs) for claim in claims}


def _values(claim: Claim, replications: int, settings: Mapping[str, Any] | None, jobs: int | None) -> Values:
    study = gpnde.load_study(file_of(claim), settings).model_copy(update={"replications": replications})
    with TemporaryDirectory() as folder:
        status = study.run(Path(folder) / "runs", jobs=jobs)
        if status.ok < status.planned:
            raise RuntimeError(f"{claim.file}: {status.text()}: all runs must be ok")
        return read(gpnde.open_study(Path(folder) / "runs"), claim)


def read(results: StudyResults, claim: Claim) -> Values:
    """Return what the statements of a claim measure in each run of its study."""
    seen = _seen(results)
    values: dict[str, dict[str, dict[int, float]]] = {}
    for key, arm, replication in results.runs.select("key", "arm", "replication").iter_rows():
        for measure in {each.measure for each in claim.statements}:
            values.setdefault(arm, {}).setdefault(measure, {})[replication] = _measured(measure, seen[key])
    return values


def _seen(results: StudyResults) -> dict[str, Seen]:
    """Return what was kept of each run, by key."""
    metrics: dict[str, dict[str, float]] = {key: {} for key in results.runs["key"]}
    for key, measure, value in results.outcomes.select("key", "measure", "value").drop_nulls().iter_rows():
        metrics[key][measure] = value
    tables = {name: results.table(name).partition_by("key", as_dict=True) for name in results.study.tables}
    return {key: Seen(found, {name: rows[key,] for name, rows in tables.items()}) for key, found in metrics.items()}


def _measured(measure: str, seen: Seen) -> float:
    return READINGS[measure](seen) if measure in READINGS else seen.metrics.get(measure, math.nan)


def table(outcomes: Outcomes, claims: Sequence[Claim] = CLAIMS) -> str:
    """Return the table of the page: one row per claim and statement."""
    rows = [_row(claim, each, outcomes[claim.number]) for claim in claims for each in claim.statements]
    return markdown_table(HEADER, rows)


def _row(claim: Claim, statement: Statement, values: Values) -> list[str]:
    about = [claim.number, statement.text, _named(statement)]
    after, before = _pairs(statement, (statement.after, statement.before), values)
    if len(after) < 2:
        return [*about, "–", "–", "–", "not defined"]
    change = paired_difference(after, before)
    first = str(statement.before) if isinstance(statement.before, float) else mean_interval(before).text(3)
    found = [first, change.text(3, signed=True), _control(statement, values)]
    return [*about, *found, verdict(statement.sign, change)]


def _named(statement: Statement) -> str:
    return f"variance of {statement.measure}" if statement.is_spread else statement.measure


def _control(statement: Statement, values: Values) -> str:
    """Return the change with the cause taken out."""
    if statement.control is None:
        return "–"
    after, before = _pairs(statement, statement.control, values)
    return paired_difference(after, before).text(3, signed=True) if len(after) > 1 else "–"


def _pairs(statement: Statement, sides: tuple[Side, Side], values: Values) -> tuple[list[float], list[float]]:
    """Return the values of both sides in the replications in which both are defined."""
    after, before = (_of_side(side, statement.measure, values) for side in sides)
    both = [number for number in after if math.isfinite(after[number]) and math.isfinite(before[number])]
    found = [after[number] for number in both], [before[number] for number in both]
    return (_squared(found[0]), _squared(found[1])) if statement.is_spread else found


def _of_side(side: Side, measure: str, values: Values) -> Mapping[int, float]:
    """Return the value of a side in each replication."""
    if isinstance(side, str):
        return values[side][measure]
    if isinstance(side, float):
        return dict.fromkeys(next(iter(values.values()))[measure], side)
    first, second = (values[arm][measure] for arm in side)
    return {number: first[number] - second[number] for number in first}


def _squared(values: Sequence[float]) -> list[float]:
    """Return squared deviations whose mean is the variance over seeds.

    >>> _squared([1.0, 3.0])
    [2.0, 2.0]
    """
    mean, correction = sum(values) / len(values), len(values) / (len(values) - 1)
    return [correction * (value - mean) ** 2 for value in values]


def main(arguments: Sequence[str] | None = None, page: Path = PAGE) -> None:
    """Run the study and write its page."""
    parser = argparse.ArgumentParser(prog="python -m studies.claims", description=__doc__)
    parser.add_argument("--replications", type=int, default=REPLICATIONS, help="runs per arm, at least 2")
    write_tables(page, [table(run_study(parser.parse_args(arguments).replications))])


if __name__ == "__main__":
    main()
