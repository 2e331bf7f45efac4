"""The report of a study: one HTML file with effects, what they depend on and what they cost, readable offline."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpnde.charts.catalogue import STUDY_CHARTS
from gpnde.charts.page import bullets, figure, folded, page, safe, summary, table
from gpnde.charts.report_tables import definitions
from gpnde.errors import StudyError
from gpnde.results.headline import number
from gpnde.study import report_summary as study_parts
from gpnde.study.compare import UNDEFINED, WORSE, Comparison, compare
from gpnde.study.courses import courses
from gpnde.study.folder import Folder
from gpnde.study.schema import Morris, Range, Sobol
from gpnde.study.sensitivity import Sensitivity, sensitivity

if TYPE_CHECKING:
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.study.results import StudyResults

REPORT = "report.html"

_ORDER = ("effects", "signs", "spread", "fan", "terms", "effect-and-cost", "sensitivity")
"""Charts in the order of the page."""

_MOST_ROWS = 500
"""Rows of a table in the page; all of them are in what gpnde compare and sensitivity print as JSON."""

_HOW = (
    "Each run of an arm is compared with the run of its control that has the same point of the design and the same "
    "replication, under common random numbers. Means are over points, which all weigh the same. Intervals are of "
    "95 %, by Student's t over replications (over points where one of them has a single pair). A measure that only one "
    "arm has is shown with its mean."
)
_SPENDING = (
    "Spending, revenue and net cost are those of all policies of the arm less those of its control. Spending is "
    "divided by the effect where it is an improvement; a measure without a better direction is taken per unit of "
    "change."
)


def write_study_report(results: StudyResults, path: str | os.PathLike[str] | None = None) -> str:
    """Write the report of a study to an HTML file, by default into its folder, and return where it is.

    *path* is a path or an address that fsspec knows.

    Raises
    ------
    StudyError
        No run is ok, or the file cannot be written.
    """
    if path is None and results.folder is None:
        raise StudyError(where=results.name, expected="was not opened from a folder: name the file to write")
    folder, name = _place(path) if path is not None else (results.folder, REPORT)
    assert folder is not None
    folder.write(name, study_report(results).encode())
    return folder / name


def _place(path: str | os.PathLike[str]) -> tuple[Folder, str]:
    address = os.fspath(path)
    parent, slash, name = address.rpartition("/")
    if not name or Path(address).is_dir():
        raise StudyError(where=address, expected="is a folder: name the HTML file to write")
    return Folder(parent + slash if slash else "."), name


def study_report(results: StudyResults) -> str:
    """Return the report of a study as HTML."""
    comparison = compare(results)
    found, why_not = _sensitivity(results)
    charts = {name: chart.to_dict(validate=False) for name, chart in _charts(results, comparison, found).items()}
    numbers = {name: place for place, name in enumerate((name for name in _ORDER if name in charts), start=1)}

    def figures(*names: str) -> list[str]:
        return [_figure(name, numbers[name]) for name in names if name in charts]

    body = [
        _heading(results),
        summary(
            ("What was asked", study_parts.asked(results)),
            ("What was found", bullets(study_parts.found(comparison, charts, numbers))),
            ("How sure this is", bullets(study_parts.sureness(results, comparison))),
            ("What it rests on", bullets(study_parts.grounds(results))),
        ),
        folded("Notes", bullets([*comparison.notes, *(found.notes if found else ()), *why_not]), is_open=True),
        folded("Effects", f"<p>{safe(_HOW)}</p>", *figures("effects", "signs"), _effects(comparison), is_open=True),
        folded("How far runs lie apart", *figures("spread", "fan"), is_open=True),
        folded("Within-firm change, shifts of shares, entry and exit", *figures("terms"), _terms(comparison)),
        folded("Spending per improvement", *figures("effect-and-cost"), *_costs(comparison)),
        folded("What the measures depend on", *figures("sensitivity"), _interactions(found)),
        folded("Means by arm", _means(comparison)),
        folded("Failed runs", _failures(results)),
        folded("What was varied", _uncertainties(results)),
        folded("What the measures mean", definitions(results.measures)),
        folded("How to repeat this study", _repeat(results)),
    ]
    return page(results.study.title or results.study.name, "\n".join(part for part in body if part), charts)


def _figure(name: str, place: int) -> str:
    kind = STUDY_CHARTS[name]
    return figure(name, place, f"{kind.title}. {kind.doc}")


def _sensitivity(results: StudyResults) -> tuple[Sensitivity | None, list[str]]:
    """Return the indices of the study if its design has any, or the reason why there are none."""
    if not isinstance(results.study.design, Sobol | Morris):
        return None, []
    try:
        return sensitivity(results), []
    except StudyError as error:
        return None, [str(error)]


def study_charts(results: StudyResults) -> dict[str, Chart]:
    """Return the charts of the results of a study by their names in the catalogue, without empty ones.

    Raises
    ------
    StudyError
        No run is ok.
    """
    return _charts(results, compare(results), _sensitivity(results)[0])


def _charts(results: StudyResults, comparison: Comparison, found: Sensitivity | None) -> dict[str, Chart]:
    tables = {"effects": comparison.effects, "terms": comparison.terms, "worth": _worth(comparison)}
    tables |= {"values": _measured(results), "courses": courses(results)}
    if found is not None:
        tables["indices"] = found.indices
    wanted = {name: kind for name, kind in STUDY_CHARTS.items() if name != "signs" or results.points > 1}
    rows = {name: tables[kind.needs[0]] for name, kind in wanted.items() if kind.needs[0] in tables}
    return {name: wanted[name](each) for name, each in rows.items() if not each.is_empty()}


def _worth(comparison: Comparison) -> pl.DataFrame:
    """Return what policies cost beside their effects, with the intervals of the latter."""
    about = ["arm", "control", "measure"]
    costs = comparison.costs.select(*about, "net_cost")
    return comparison.effects.join(costs, on=about)


def _measured(results: StudyResults) -> pl.DataFrame:
    """Return the values of the measures of the study, where an arm has more than one run."""
    values = results.values.filter(results.values["measure"].is_in(results.measures))
    return values if len(values) > values.select("arm", "measure").n_unique() else values.clear()


def _heading(results: StudyResults) -> str:
    study, status = results.study, results.status()
    counts = f"{len(study.arms)} arms, {results.points} points, {len(results.measures)} measures; {status.text()}"
    lead = f"Study <code>{safe(study.name)}</code>, scenario <code>{safe(_scenario(study.scenario))}</code>"
    title = f"<h1>{safe(study.title or study.name)}</h1>"
    return f'{title}\n<p class="sub">{lead}, seed {study.seed}</p>\n<p class="sub">{safe(counts)}</p>'


def _scenario(scenario: str | dict[str, Any]) -> str:
    return scenario if isinstance(scenario, str) else str(scenario.get("name", ""))


def _effects(comparison: Comparison) -> str:
    names = ["Arm", "Control", "Measure", "Control's mean", "Difference", "95 % interval", "Pairs"]
    says, shares = "Verdict", "Share of points higher, lower, not significant"
    rows = [
        [row["arm"], row["control"], _with_unit(row), defined(row["control_mean"]), difference(row)]
        + [interval(row), _of_planned(row["pairs"], row["missing"]), row["verdict"]]
        + [", ".join(share(row[name]) for name in ("higher", "lower", "not_significant"))]
        for row in comparison.effects.head(_MOST_ROWS).to_dicts()
    ]
    return table([*names, says, shares], rows, numeric=(*names[3:], shares))


def difference(row: Mapping[str, Any]) -> str:
    """Return a difference, or the mean of an arm whose control lacks the measure.

    >>> difference({"mean": 12.0, "pairs": 0}), difference({"mean": None, "pairs": 0})
    ('mean 12', 'not defined')
    """
    if row["pairs"]:
        return signed(row["difference"])
    return UNDEFINED if row["mean"] is None else f"mean {number(row['mean'])}"


def defined(value: float | None) -> str:
    """Return a number, or that it is not defined."""
    return UNDEFINED if value is None else number(value)


def share(value: float | None) -> str:
    """Return a share in per cent, or a dash where there is none.

    >>> share(0.25), share(None)
    ('25%', '-')
    """
    return "-" if value is None else f"{value:.0%}"


def _of_planned(found: int, missing: int) -> str:
    return f"{found:,} of {found + missing:,}" if missing else f"{found:,}"


def _with_unit(row: dict[str, Any]) -> str:
    return f"{row['measure']} ({row['unit']})"


def _terms(comparison: Comparison) -> str:
    names = ["Arm", "Control", "Term", "Difference", "95 % interval"]
    rows = [
        [row["arm"], row["control"], row["measure"].rpartition(".")[2], signed(row["difference"]), interval(row)]
        for row in comparison.terms.to_dicts()
    ]
    return table(names, rows, numeric=names[3:])


def _costs(comparison: Comparison) -> list[str]:
    if comparison.costs.is_empty():
        return []
    accounts = ["Spending (money)", "Revenue (money)", "Net cost (money)"]
    effect = ["Effect", "Spending per improvement"]
    names = ["Arm", "Control", "Measure", *accounts, *effect, "Unit", "95 % interval"]
    rows = [
        [row["arm"], row["control"], row["measure"]]
        + [signed(row[name]) for name in ("spending", "revenue", "net_cost", "difference")]
        + [per_effect(row), row["unit"], interval(row, "")]
        for row in comparison.costs.head(_MOST_ROWS).to_dicts()
    ]
    return [f"<p>{safe(_SPENDING)}</p>", table(names, rows, numeric=(*accounts, *effect, "95 % interval"))]


def per_effect(row: Mapping[str, Any]) -> str:
    """Return the spending per unit of improvement, or why there is none.

    >>> per_effect({"cost_per_effect": None, "verdict": "worse"})
    'effect is adverse'
    """
    if row["cost_per_effect"] is not None:
        return number(row["cost_per_effect"])
    return "effect is adverse" if row["verdict"] == WORSE else "effect not significant"


def _means(comparison: Comparison) -> str:
    names = ["Arm", "Measure", "Mean", "95 % interval", "Runs"]
    rows = [
        [row["arm"], _with_unit(row), defined(row["mean"]), interval(row, ""), _of_planned(row["runs"], row["missing"])]
        for row in comparison.means.head(_MOST_ROWS).to_dicts()
    ]
    return table(names, rows, numeric=names[2:])


def _interactions(found: Sensitivity | None) -> str:
    if found is None:
        return ""
    names = ["Arm", "Measure", "Setting", "With", "Share by both only", "95 % interval"]
    largest = found.interactions.sort("value", descending=True, nulls_last=True).head(20).to_dicts()
    rows = [
        [row["arm"], row["measure"], row["setting"], row["other"], number(row["value"]), interval(row)]
        for row in largest
    ]
    return table(names, rows, numeric=names[4:])


def _failures(results: StudyResults) -> str:
    rows = [[one["key"], one["arm"], one["error"], one["rerun"]] for one in results.failures()[:_MOST_ROWS]]
    return table(["Run", "Arm", "Why", "Command that repeats it"], rows)


def _uncertainties(results: StudyResults) -> str:
    design = results.study.design
    kind = f"<p>Design: {safe(design.kind)}, {results.points} points.</p>" if design else ""
    rows = [[name, _axis(axis)] for name, axis in results.study.uncertainties.items()]
    return kind + table(["Setting", "Values"], rows)


def _axis(axis: Any) -> str:
    if isinstance(axis, Range):
        return f"{axis.low:g} to {axis.high:g}" + (", whole numbers" if axis.integer else "")
    return ", ".join(map(str, getattr(axis, "values", [axis])))


def _repeat(results: StudyResults) -> str:
    manifest = results.manifest
    if manifest is None:
        return ""
    software = ", ".join(f"{name} {version}" for name, version in manifest.software.items())
    rows = [["Study", manifest.digest], ["Software", software]]
    rows += [
        [f"Component {name}", f"{each.distribution} {each.version}, results version {each.results_version}"]
        for name, each in manifest.components.items()
    ]
    rows += [["Plugins named for it", ", ".join(manifest.plugins)]] if manifest.plugins else []
    rows.append(["One run again", "gpnde rerun DIR KEY, with a key of runs.parquet"])
    return table(["What", "Value"], rows)


def signed(value: float | None) -> str:
    """Return a difference with its sign.

    >>> signed(0.0123), signed(-4.0), signed(0.0), signed(None)
    ('+0.0123', '-4', '0', '-')
    """
    return f"+{number(value)}" if value is not None and value > 0 else number(value)


def interval(row: dict[str, Any], sign: str = "+") -> str:
    """Return the ends of an interval, or a dash where there is none.

    >>> interval({"low": -0.5, "high": 1500.0})
    '[-0.5, +1,500]'
    """
    ends: Sequence[float | None] = (row["low"], row["high"])
    if None in ends:
        return "-"
    return f"[{', '.join(signed(end) if sign else number(end) for end in ends)}]"
