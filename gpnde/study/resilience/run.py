"""Make a resilience report: the runs, the tables, the page."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpnde.errors import GpndeError, StudyError
from gpnde.study.plan import Plan
from gpnde.study.resilience.design import hazards_of, outage_study, risk_study
from gpnde.study.resilience.options import Options, Window, window_of
from gpnde.study.resilience.tables import loss_rows, pair_rows, pairs_of, part_rows, risk_rows, thing_rows
from gpnde.study.resilience.things import Thing, things_of
from gpnde.study.results import StudyResults, open_study
from gpnde.study.runner import run_study
from gpnde.study.status import StudyStatus

if TYPE_CHECKING:
    import polars as pl

    from gpnde.scenario.schema import Scenario

OUTAGES, RISK = "outages", "risk"
"""Folders of the two studies."""

REPORT = "report.html"


@dataclass(frozen=True, eq=False)
class Resilience:
    """What came out, as tables; null stands for what is not known."""

    scenario: Scenario
    options: Options
    window: Window
    status: StudyStatus
    """Runs of both studies."""
    things: pl.DataFrame
    """One row per thing that was taken out, the worst first: `gpnde.study.resilience.tables.THING_COLUMNS`."""
    parts: pl.DataFrame
    """Losses by cause and by fate, and drop-outs by cause: `PART_COLUMNS`."""
    pairs: pl.DataFrame
    """One row per thing and pair of runs."""
    losses: pl.DataFrame
    """One row per pair of runs with sampled disruptions: `LOSS_COLUMNS`; empty where none was sampled."""
    risk: pl.DataFrame
    """Value at risk and expected shortfall: `RISK_COLUMNS`; empty where no disruption was sampled."""
    hazards: tuple[str, ...] = ()
    """Names of the disruptions that were sampled."""

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return all tables by name."""
        return {name: getattr(self, name) for name in ("things", "parts", "pairs", "losses", "risk")}

    def to_json(self) -> dict[str, Any]:
        """Return the tables as plain data, without single pairs."""
        named = {name: table.to_dicts() for name, table in self.tables().items() if name not in ("pairs", "losses")}
        about = {"scenario": self.scenario.name, **self.window.model_dump(), "hazards": list(self.hazards)}
        counts = {name: getattr(self.status, name) for name in ("planned", "ok", "failed", "missing")}
        return {**about, **counts, "options": self.options.model_dump(mode="json"), **named}


def resilience(
    scenario: Scenario, out: str | os.PathLike[str], options: Options | None = None, **running: Any
) -> Resilience:
    """Take each thing of a scenario out in turn, sample its disruptions, and write tables and a report into *out*.

    All runs share their random numbers with a run in which nothing is out. What is done already in *out* is not done
    again. *running* are options of `gpnde.study.runner.run_study`, such as ``jobs``.

    Raises
    ------
    StudyError
        The options do not fit the scenario, the folder holds something else, or no run is ok.
    """
    options = options or Options()
    folder = Path(out)
    _refuse_strange(folder)
    window, things = window_of(scenario, options), things_of(scenario, options.kinds)
    outages = outage_study(scenario, things, window, options)
    risk = risk_study(scenario, options)
    if risk is not None:
        # Planned before the first run of the other study, so that a wrong hazard ends here.
        Plan(risk)
    statuses = [run_study(outages, folder / OUTAGES, **running)]
    if risk is not None:
        statuses.append(run_study(risk, folder / RISK, **running))
    found = _evaluated(scenario, options, (window, things), folder, _sum(statuses))
    _write(found, folder)
    return found


def _refuse_strange(folder: Path) -> None:
    """Refuse a file, and a folder that holds something other than a report of this kind."""
    if folder.exists() and not folder.is_dir():
        raise StudyError(where=str(folder), expected="is a file: name a folder")
    names = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    if names and OUTAGES not in names:
        raise StudyError(
            where=str(folder), expected=f"holds {names[0]} and no {OUTAGES}: name a new folder or that of a report"
        )


def _evaluated(
    scenario: Scenario, options: Options, asked: tuple[Window, list[Thing]], folder: Path, status: StudyStatus
) -> Resilience:
    window, things = asked
    pairs = pairs_of(_opened(folder / OUTAGES), scenario, things, window, options)
    rows = thing_rows(pairs, window, options)
    if rows.is_empty():
        raise StudyError(where=str(folder / OUTAGES), given=status.text(), expected="no pair of runs is ok")
    hazards = tuple(use.use for use in hazards_of(scenario, options))
    losses = loss_rows(_opened(folder / RISK) if hazards else None, scenario.clock.warm_up_days)
    return Resilience(
        scenario, options, window, status, rows, part_rows(pairs), pair_rows(pairs), losses,
        risk_rows(losses, options.seed), hazards,
    )  # fmt: skip


def _opened(folder: Path) -> StudyResults:
    results = open_study(folder)
    results.refuse_if_empty()
    return results


def _sum(statuses: list[StudyStatus]) -> StudyStatus:
    counts = {name: sum(getattr(each, name) for each in statuses) for name in ("planned", "ok", "failed", "missing")}
    stopped = next((each.stopped for each in statuses if each.stopped), "")
    return StudyStatus(**counts, simulated=sum(each.simulated for each in statuses), stopped=stopped)


def _write(found: Resilience, folder: Path) -> None:
    """Write the tables as CSV, and the report."""
    from gpnde.study.resilience.report import resilience_report

    try:
        for name, table in found.tables().items():
            table.write_csv(folder / f"{name}.csv")
        (folder / REPORT).write_text(resilience_report(found), encoding="utf-8")
    except OSError as error:
        raise GpndeError(
            where=str(error.filename or folder), given=str(error.strerror), expected="name a folder that can be written"
        ) from None
