"""The report of a run: one HTML file that can be read without a network, with nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpnde.charts.page import (
    bullets,
    figure,
    finding_of,
    folded,
    page,
    safe,
    shows_nothing,
    summary,
    table,
)
from gpnde.charts.report_tables import definitions, metric_values
from gpnde.charts.words import counted
from gpnde.errors import ResultsError
from gpnde.results.cost_summary import cost_rows
from gpnde.results.headline import headlines, number, percent
from gpnde.results.summary import warm_up_note

if TYPE_CHECKING:
    from gpnde.results.chart import ChartKind
    from gpnde.results.run import Run
    from gpnde.results.targets import Comparison

SHOWN = (
    "network", "service", "tiers", "bullwhip", "lead-times", "value-flows", "dropouts", "scorecards",
    "capability", "gap", "ladder", "trajectories", "receipts", "expectations", "policies",
    "costs", "waterfall", "statements", "value-added", "jobs", "cash", "targets",
)  # fmt: skip
"""Charts of the report in their order; those with nothing to show are left out."""

_SAID = ("service", "dropouts", "gap", "ladder", "policies", "value-added", "jobs", "targets")
"""Charts whose findings stand on the first page."""

_GROUPS = {
    "Goods and service": ("network", "flow"),
    "Learning and upgrading": ("learning",),
    "Policies": ("policy",),
    "Money and jobs": ("finance",),
}
"""Sections of figures by their title, with the groups of charts in each."""

_NEAR = 0.1


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
    """Return the report of *run* as HTML: a page that sums it up, then figures, tables, definitions and origins."""
    charts = _charts(run)
    numbers = {name: place for place, name in enumerate(_in_sections(charts), start=1)}
    title = run.scenario.get("title") or run.name
    body = [
        _heading(run, title),
        summary(
            ("What was asked", _asked(run)),
            ("What was found", _numbers(run) + bullets(_found(charts, numbers))),
            ("How sure this is", bullets(_sureness(run))),
            ("What it rests on", bullets(_grounds(run))),
        ),
        *[folded(name, *_figures(charts, numbers, groups), is_open=True) for name, groups in _GROUPS.items()],
        folded("Costs", _costs(run)),
        folded("Targets and results", _targets(run.targets())),
        folded("Ranges of plausibility", _plausibility(run)),
        folded("Outages and drop-outs", _interruptions(run)),
        folded("Notes", bullets(run.notes)),
        folded("All measures", metric_values(run)),
        folded("What the measures mean", definitions(run.metrics["metric"].to_list())),
        folded("Where the numbers come from", _provenance(run)),
        folded("How to repeat this run", _repeat(run)),
    ]
    return page(title, "\n".join(part for part in body if part), charts)


def _charts(run: Run) -> dict[str, dict[str, Any]]:
    """Return the charts of the report in Vega-Lite by name, without those that have nothing to show."""
    wanted = [_kinds()[name] for name in SHOWN if _kinds()[name].can_show(run)]
    drawn = {kind.name: kind(run).to_dict(validate=False) for kind in wanted}
    return {name: spec for name, spec in drawn.items() if not shows_nothing(spec)}


def _kinds() -> Mapping[str, ChartKind[...]]:
    """Return the catalogue, which imports all modules of this room, this one among them."""
    from gpnde.charts.catalogue import CHARTS

    return CHARTS


def _in_sections(charts: Mapping[str, Any]) -> list[str]:
    """Return the names of charts in the order in which the page shows them."""
    return [name for groups in _GROUPS.values() for name in charts if _kinds()[name].group in groups]


def _figures(charts: Mapping[str, Any], numbers: Mapping[str, int], groups: Sequence[str]) -> list[str]:
    names = [name for name in charts if _kinds()[name].group in groups]
    return [figure(name, numbers[name], f"{_kinds()[name].title}. {_kinds()[name].doc}") for name in names]


def _found(charts: Mapping[str, dict[str, Any]], numbers: Mapping[str, int]) -> list[str]:
    """Return what the charts found, each with the number of its figure."""
    names = [name for name in _SAID if name in charts]
    return [f"{finding_of(charts[name])} (figure {numbers[name]})." for name in names]


def _heading(run: Run, title: str) -> str:
    identity = f"Scenario <code>{safe(run.name)}</code>, seed {run.seed}, replication {run.replication}"
    return f'<h1>{safe(title)}</h1>\n<p class="sub">{identity}</p>'


def _asked(run: Run) -> str:
    counts = {key: number(run.counts.get(key, 0)) for key in ("days", "firms", "sites", "links", "orders")}
    size = "{days} days, {firms} firms, {sites} sites, {links} links, {orders} order lines".format(**counts)
    description = run.scenario.get("description")
    about = f"<p>{safe(description)}</p>" if description else ""
    notes = "".join(f"<p>{safe(note)}</p>" for note in warm_up_note(run))
    return f"{about}<p>The run covers {safe(size)}.</p>{notes}"


def _numbers(run: Run) -> str:
    items = "".join(f"<li><b>{safe(text)}</b>{safe(label)}</li>" for label, text in headlines(run))
    return f'<ul class="numbers">{items}</ul>' if items else ""


def _sureness(run: Run) -> list[str]:
    """Return what speaks for and against the figures of a single run."""
    said = ["This is one run: it does not tell an effect from chance. A study repeats it under many seeds."]
    results = [one for one in run.targets() if one.target and one.result == one.result]
    near = sum(abs(one.result / one.target - 1) <= _NEAR for one in results)
    said += [f"{near} of {counted(len(results), 'target')} are met within {percent(_NEAR)}."] if results else []
    bands = [one for one in run.plausibility() if one.result == one.result]
    held = sum(one.holds for one in bands)
    said += [f"{held} of {counted(len(bands), 'figure')} lie in the ranges held plausible."] if bands else []
    errors = [f"{name} to {error:.0e}" for name, error in run.conservation.items()]
    return [*said, f"Balances close: {', '.join(errors)} of what went through."] if errors else said


def _grounds(run: Run) -> list[str]:
    """Return what the figures rest on: where the numbers of the scenario come from, and what acts in it."""
    whole = sum(run.provenance.values())
    marks = [f"{count:,} {mark}" for mark, count in run.provenance.items() if count]
    said = [f"{counted(whole, 'number')} of the scenario: {', '.join(marks)}."] if whole else []
    if guessed := run.provenance.get("assumption", 0):
        said.append(f"{percent(guessed / whole)} of them are assumptions, so that sizes mean less than directions.")
    parts = [str(one["name"]) for one in run.components]
    said += [f"Components beside the core: {', '.join(parts)}."] if parts else []
    version = run.software.get("gpnde", "")
    return [*said, f"gpnde {version}, fingerprint {run.fingerprint}." if version else f"Fingerprint {run.fingerprint}."]


def _costs(run: Run) -> str:
    """Return the costs by kind; nothing where nothing costs anything."""
    rows = [[row.kind, number(row.amount), number(row.per_day), f"{row.share:.1%}"] for row in cost_rows(run)]
    names = ["Kind", "In all (money)", "A day (money)", "Share"]
    return table(names, rows, numeric=tuple(names[1:])) if rows else ""


def _interruptions(run: Run) -> str:
    """Return the number of outages, and of drop-outs by cause."""
    causes = [[f"Drop-outs: {cause}", f"{count:,}"] for cause, count in run.ended_by_cause.items()]
    return table(["Kind", "Number"], [["Outages", f"{run.outages:,}"], *causes], numeric=("Number",))


def _targets(targets: Sequence[Comparison]) -> str:
    names = ["Measure", "Day", "Target", "Result", "Unit", "Target is", "Source"]
    rows = [
        [one.measure, "end" if one.day is None else f"{one.day:g}", number(one.target), _result(one.result), one.unit]
        + [one.mark_text, one.source]
        for one in targets
    ]
    return table(names, rows, numeric=("Target", "Result"))


def _plausibility(run: Run) -> str:
    names = ["Measure", "Result", "From", "To", "Holds", "Range is", "Source"]
    rows = [
        [one.measure, _result(one.result), number(one.low), number(one.high), "yes" if one.holds else "no"]
        + [one.mark, one.source]
        for one in run.plausibility()
    ]
    return table(names, rows, numeric=("Result", "From", "To"))


def _result(value: float) -> str:
    text = number(value)
    return "not measured" if text == "-" else text


def _provenance(run: Run) -> str:
    whole = sum(run.provenance.values())
    rows = [[mark, f"{count:,}", f"{count / whole:.0%}"] for mark, count in run.provenance.items() if whole]
    said = [[one["path"], one["mark"], one["source"]] for one in run.scenario.get("provenance", ()) if one["source"]]
    marked = table(["Mark", "Number", "Share"], rows, numeric=("Number", "Share"))
    return marked + table(["Numbers", "Mark", "Source"], said)


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
