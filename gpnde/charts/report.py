"""The report of a run: one HTML file that can be read without a network, with nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gpnde.charts.capability import capability_by_tier, gap_over_time
from gpnde.charts.costs import costs_by_kind
from gpnde.charts.dropouts import dropouts_by_cause
from gpnde.charts.expectations import expected_and_realised
from gpnde.charts.flow import service_over_time, stocks_by_tier
from gpnde.charts.learning import receipts_over_time, suppliers_by_level
from gpnde.charts.network import network_by_tier
from gpnde.charts.page import bullets, figure, page, safe, section, table
from gpnde.charts.statements import statements_of_firm
from gpnde.charts.targets import targets_and_results
from gpnde.errors import ResultsError
from gpnde.results.cost_summary import cost_rows
from gpnde.results.headline import headlines, number
from gpnde.results.summary import warm_up_note

if TYPE_CHECKING:
    from gpnde.results.chart import Chart
    from gpnde.results.run import Run
    from gpnde.results.targets import Comparison


_WHERE_RECORDED = (costs_by_kind, expected_and_realised, statements_of_firm)
"""Charts of runs that have the tables that these need."""


def write_report(run: Run, path: str | Path) -> Path:
    """Write the report of *run* to the HTML file *path* and return it.

    Raises
    ------
    ResultsError
        The file cannot be written.
    """
    target = Path(path)
    try:
        target.write_text(report(run), encoding="utf-8")
    except OSError as error:
        raise ResultsError(
            where=str(target), expected=f"cannot be written: {error.strerror or error}: name another file"
        ) from None
    return target


def report(run: Run) -> str:
    """Return the report of *run* as HTML."""
    charts = _charts(run)
    title = run.scenario.get("title") or run.name
    body = [
        _heading(run, title),
        _numbers(run),
        section("Costs", _costs(run)),
        section("Targets and results", _targets(run.targets())),
        section("Outages and drop-outs", _interruptions(run)),
        section("Charts", *[figure(name) for name in charts]),
        section("Notes", bullets(run.notes)),
        section("Where the numbers come from", _provenance(run)),
        section("How to repeat this run", _repeat(run)),
    ]
    return page(title, "\n".join(part for part in body if part), charts)


def _costs(run: Run) -> str:
    """Return the costs by kind; nothing where nothing costs anything."""
    rows = [[row.kind, number(row.amount), number(row.per_day), f"{row.share:.1%}"] for row in cost_rows(run)]
    names = ["Kind", "In all (money)", "A day (money)", "Share"]
    return table(names, rows, numeric=tuple(names[1:])) if rows else ""


def _interruptions(run: Run) -> str:
    """Return the number of outages, and of drop-outs by cause."""
    causes = [[f"Drop-outs: {cause}", f"{count:,}"] for cause, count in run.ended_by_cause.items()]
    return table(["Kind", "Number"], [["Outages", f"{run.outages:,}"], *causes], numeric=("Number",))


def _charts(run: Run) -> dict[str, Chart]:
    """Return the charts of the report by the name of the element that shows each."""
    charts: dict[str, Chart] = {
        "network": network_by_tier(run),
        "service": service_over_time(run),
        "stocks": stocks_by_tier(run),
    }
    charts["dropouts"] = dropouts_by_cause(run)
    if run.history is not None:
        charts |= {"capability": capability_by_tier(run), "gap": gap_over_time(run)}
        charts |= {"receipts": receipts_over_time(run), "ladder": suppliers_by_level(run)}
    charts |= {kind.name: kind(run) for kind in _WHERE_RECORDED if kind.can_show(run)}
    return charts | {"targets": targets_and_results(run)} if run.scenario.get("targets") else charts


def _heading(run: Run, title: str) -> str:
    counts = {key: number(run.counts.get(key, 0)) for key in ("days", "firms", "sites", "links", "orders")}
    size = "{days} days, {firms} firms, {sites} sites, {links} links, {orders} order lines".format(**counts)
    description = run.scenario.get("description")
    about = f"<p>{safe(description)}</p>" if description else ""
    identity = f"Scenario <code>{safe(run.name)}</code>, seed {run.seed}, replication {run.replication}"
    lines = "\n".join(f'<p class="sub">{line}</p>' for line in (identity, *map(safe, (size, *warm_up_note(run)))))
    return f"<h1>{safe(title)}</h1>\n{lines}\n{about}"


def _numbers(run: Run) -> str:
    items = "".join(f"<li><b>{safe(text)}</b>{safe(label)}</li>" for label, text in headlines(run))
    return f'<ul class="numbers">{items}</ul>' if items else ""


def _targets(targets: Sequence[Comparison]) -> str:
    names = ["Measure", "Day", "Target", "Result", "Unit", "Target is", "Source"]
    rows = [
        [one.measure, "end" if one.day is None else f"{one.day:g}", number(one.target), _result(one), one.unit]
        + [one.mark_text, one.source]
        for one in targets
    ]
    return table(names, rows, numeric=("Target", "Result"))


def _result(one: Comparison) -> str:
    text = number(one.result)
    return "not measured" if text == "-" else text


def _provenance(run: Run) -> str:
    whole = sum(run.provenance.values())
    rows = [[mark, f"{count:,}", f"{count / whole:.0%}"] for mark, count in run.provenance.items() if whole]
    counted = table(["Mark", "Number", "Share"], rows, numeric=("Number", "Share"))
    said = [[one["path"], one["mark"], one["source"]] for one in run.scenario.get("provenance", ()) if one["source"]]
    return counted + (table(["Numbers", "Mark", "Source"], said) if said else "")


def _repeat(run: Run) -> str:
    errors = ", ".join(f"{name} {error:.1e}" for name, error in run.conservation.items()) or "not checked"
    versions = ", ".join(f"{name} {version}" for name, version in run.software.items())
    rows = [["Fingerprint", run.fingerprint], ["Balances, largest relative error", errors], ["Software", versions]]
    rows += [[f"Component {one['name']}", _component(one)] for one in run.components]
    return table(["What", "Value"], rows)


def _component(component: dict[str, object]) -> str:
    origin = f"{component.get('distribution', '')} {component.get('version', '')}"
    parameters = component.get("parameters")
    given = ", ".join(f"{key} = {value}" for key, value in parameters.items()) if isinstance(parameters, dict) else ""
    return f"{origin}; {given}" if given else origin
