"""`gpnde status`, `compare`, `sensitivity` and `report`: progress and results of a study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gpnde.cli.printing import columns, json_option, note, print_answer
from gpnde.cli.shell import FAILED, GOOD, Command

if TYPE_CHECKING:
    from gpnde.study.compare import Comparison
    from gpnde.study.results import StudyResults
    from gpnde.study.sensitivity import Sensitivity

_MOST_FAILURES = 5
_SHARES = {"higher": "points higher", "lower": "points lower", "not_significant": "not significant"}
_ACCOUNTS = {"spending": "spending", "revenue": "revenue", "net fiscal cost": "net_cost"}

_folder = click.argument("directory", metavar="DIR")


@click.command(cls=Command)
@_folder
@json_option
def status(directory: str, as_json: bool) -> int:
    """Show the progress of the study in DIR: runs that are planned, ok, failed and missing.

    DIR is the folder or address that ``gpnde batch --out`` was given. The exit code is 1 if runs have failed.
    """
    results = _open(directory, as_json)
    print_answer(as_json, lambda: _status_data(results), lambda: _status_text(results))
    return FAILED if results.status().failed else GOOD


def _status_data(results: StudyResults) -> dict[str, Any]:
    wanted = ("planned", "ok", "failed", "missing")
    arms = {arm: {name: getattr(each, name) for name in wanted} for arm, each in results.status_by_arm().items()}
    failures = [{name: one.get(name) for name in ("key", "arm", "error", "rerun")} for one in results.failures()]
    total = {name: getattr(results.status(), name) for name in wanted}
    return {"study": results.study.name, **total, "arms": arms, "failures": failures, **_problems(results)}


def _problems(results: StudyResults) -> dict[str, list[str]]:
    return {"damaged": results.damaged_parts(), "notes": list(results.notes)}


def _status_text(results: StudyResults) -> str:
    rows = [(arm, each.ok, each.failed, each.missing) for arm, each in results.status_by_arm().items()]
    lines = [f"{results.study.name}: {results.status().text()}", columns([("arm", "ok", "failed", "missing"), *rows])]
    lines += [f"{part}: damaged" for part in results.damaged_parts()]
    failures = results.failures()
    lines += [f"run {one['key']} failed: {one['error']}: {one['rerun']}" for one in failures[:_MOST_FAILURES]]
    more = len(failures) - _MOST_FAILURES
    return "\n".join([*lines, f"{more} more are in failures.jsonl"] if more > 0 else lines)


@click.command(cls=Command)
@_folder
@json_option
def compare(directory: str, as_json: bool) -> None:
    """Compare the arms of the study in DIR with their controls, pair by pair under common random numbers."""
    from gpnde.study.compare import compare as compared

    results = _open(directory, as_json)
    found = compared(results)
    if not as_json:
        _tell(set(found.notes) - set(results.notes), found.notes)
    about = {"study": results.study.name, **_counts(results)}
    print_answer(as_json, lambda: {**about, **found.to_json()}, lambda: _comparison_text(results, found))


def _comparison_text(results: StudyResults, found: Comparison) -> str:
    parts = [f"{results.study.name}: {results.status().text()}; intervals are of 95 %"]
    for arm in found.effects["arm"].unique(maintain_order=True):
        parts += _arm_text(arm, found, results.points > 1)
    if not found.effects["pairs"].sum():
        parts.append(columns([("arm", "measure", "mean", "interval", "unit"), *_mean_rows(found)]))
    return "\n".join(parts)


def _arm_text(arm: str, found: Comparison, with_shares: bool) -> Iterator[str]:
    from gpnde.study.report import interval, per_effect, signed

    effects, terms, costs = (table.filter(arm=arm).to_dicts() for table in (found.effects, found.terms, found.costs))
    shares = list(_SHARES.values()) if with_shares else []
    yield f"\n{arm} against {effects[0]['control']}"
    names = ("measure", "control", "difference", "interval", "unit", "verdict", *shares)
    yield columns([names, *(_effect_row(row, with_shares) for row in effects)])
    if terms:
        said = (f"{_last(row['measure'])} {signed(row['difference'])} {interval(row)}" for row in terms)
        yield f"change of mean capability: {', '.join(said)}"
    if costs:
        accounts = ", ".join(f"{said} {signed(costs[0][name])}" for said, name in _ACCOUNTS.items())
        surplus = " (revenue exceeds spending)" if (costs[0]["net_cost"] or 0.0) < 0.0 else ""
        yield f"accounts of policies, difference from {effects[0]['control']} (money): {accounts}{surplus}"
        yield "spending per unit of improvement:"
        yield columns([(row["measure"], per_effect(row), interval(row, ""), row["unit"]) for row in costs])


def _effect_row(row: Mapping[str, Any], with_shares: bool) -> Sequence[str]:
    from gpnde.study.report import defined, difference, interval, share

    shares = [share(row[name]) for name in _SHARES] if with_shares else []
    numbers = (defined(row["control_mean"]), difference(row), interval(dict(row)))
    return (row["measure"], *numbers, row["unit"], row["verdict"], *shares)


def _mean_rows(found: Comparison) -> Iterator[Sequence[str]]:
    from gpnde.study.report import defined, interval

    for row in found.means.to_dicts():
        yield row["arm"], row["measure"], defined(row["mean"]), interval(row, ""), row["unit"]


def _last(name: str) -> str:
    return name.rpartition(".")[2]


@click.command(cls=Command)
@_folder
@click.option("--effects", is_flag=True, help="Of the differences of arms from their controls.")
@json_option
def sensitivity(directory: str, effects: bool, as_json: bool) -> None:
    """Show on which settings the measures of the study in DIR depend, by indices of Sobol' or Morris."""
    from gpnde.study.sensitivity import sensitivity as analysed

    results = _open(directory, as_json)
    found = analysed(results, effects=effects)
    if not as_json:
        _tell(set(found.notes) - set(results.notes), found.notes)
    print_answer(as_json, lambda: {"study": results.study.name, **found.to_json()}, lambda: _indices_text(found))


def _indices_text(found: Sensitivity) -> str:
    from gpnde.results.headline import number
    from gpnde.study.report import interval

    names = found.indices["index"].unique(maintain_order=True).to_list()
    lines: list[str] = []
    for (arm, control, measure), part in found.indices.group_by("arm", "control", "measure", maintain_order=True):
        head = [("setting", *(cell for name in names for cell in (name, "interval" if name != "sigma" else "")))]
        rows = []
        for (setting,), cells in part.group_by("setting", maintain_order=True):
            values = [text for row in cells.to_dicts() for text in (number(row["value"]), interval(row, ""))]
            rows.append((setting, *values))
        lines += ["", f"{measure} in {arm}" + (f" less {control}" if control else ""), columns([*head, *rows])]
    pairs = found.interactions.to_dicts()
    told = [
        (row["measure"], row["arm"], f"{row['setting']} with {row['other']}", number(row["value"])) for row in pairs
    ]
    return "\n".join([*lines, *(["", columns(told)] if told else [])]).lstrip("\n")


@click.command(cls=Command)
@_folder
@click.option("--out", metavar="FILE", help="HTML file to write; left out: report.html in DIR.")
def report(directory: str, out: str | None) -> None:
    """Write the results of the study in DIR as one HTML file, which can be read offline.

    DIR may also be the folder of a single run, which ``gpnde run --out`` wrote.
    """
    from gpnde.results.storage import MANIFEST

    if (Path(directory) / MANIFEST).is_file():
        click.echo(_report_of_run(Path(directory), out))
        return
    from gpnde.study.report import write_study_report

    click.echo(write_study_report(_open(directory), out))


def _report_of_run(directory: Path, out: str | None) -> Path:
    from gpnde.charts.report import write_report
    from gpnde.cli.run import REPORT
    from gpnde.results import load_run

    return write_report(load_run(directory), out or directory / REPORT)


def _open(directory: str, quiet: bool = False) -> StudyResults:
    from gpnde.study.results import open_study

    results = open_study(directory)
    if not quiet:
        _tell(results.notes, results.notes)
    return results


def _counts(results: StudyResults) -> dict[str, int]:
    status = results.status()
    return {"planned": status.planned, "ok": status.ok, "failed": status.failed, "missing": status.missing}


def _tell(wanted: Iterable[str], notes: Iterable[str]) -> None:
    """Print the wanted ones of the *notes*, in their order."""
    chosen = set(wanted)
    for text in notes:
        if text in chosen:
            note(text)
