"""The gallery: every chart, drawn of an example, with the code that draws it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gpnde.charts.catalogue import CHARTS, STUDY_CHARTS
from gpnde.charts.export import FORMATS
from gpnde.engine import simulate
from gpnde.scenario import load_scenario
from gpnde.study.optimise.files import make_optimisation
from gpnde.study.optimise.run import run_optimisation
from gpnde.study.optimise.write import points_table
from gpnde.study.report import study_charts
from gpnde.study.resilience.options import Options
from gpnde.study.resilience.report import resilience_charts
from gpnde.study.resilience.run import resilience
from gpnde.study.results import open_study
from gpnde.study.runner import run_study
from gpnde.study.schema import Study

if TYPE_CHECKING:
    from gpnde.results import Run
    from gpnde.results.chart import Chart, ChartKind

PRESET = "small-open-economy"
SETTINGS: Mapping[str, Any] = {
    "clock.days": 728,
    "components": [{"use": "policy.supplier-development"}],
    "costs": {"holding_per_year": 0.2},
}
STUDY: Mapping[str, Any] = {
    "name": "gallery",
    "scenario": PRESET,
    "replications": 3,
    "settings": {"clock.days": 364},
    "arms": {"baseline": {}, "supplier-development": {"components": [{"use": "policy.supplier-development"}]}},
    "uncertainties": {"ordering.review_days": {"low": 7, "high": 28}},
    "design": {"kind": "morris", "samples": 2},
    "measures": ["flow.fill_rate", "tier_gap"],
    "tables": ["markets"],
}

OUTAGES: Mapping[str, Any] = {
    "kinds": ["cluster", "site"],
    "seeds": 2,
    "watch_days": 56,
    "risk_runs": 6,
    "hazards": [{"use": "disruption.site-outage", "mean_up_days": 180}],
}
OF_OUTAGES = (("things",), ("places",), ("losses",))
"""What charts of a resilience report need."""

SEARCH: Mapping[str, Any] = {
    "name": "gallery",
    "scenario": "single-site",
    "settings": {"clock.days": 182, "costs": {"holding_per_year": 0.2}},
    "optimise": {
        "settings": {"ordering.safety_factor": {"low": -1, "high": 4}},
        "objectives": {"cost.per_day": "minimise"},
        "constraints": {"flow.fill_rate": {"at_least": 0.9}},
        "trials": 24,
    },
}

_OF_A_RUN = f"""\
# Gallery

Every chart that comes with gpnde, drawn of `{PRESET}` when this page was written. The code of each begins with a run:

```text
import gpnde
from gpnde.charts import CHARTS, STUDY_CHARTS

run = gpnde.simulate(gpnde.load_scenario("{PRESET}"))
```

How to read them: [charts](charts.md)."""


def gallery() -> dict[str, str]:
    """Return the page of the gallery and its pictures, by path."""
    drawn = dict(drawn_of_run(simulate(load_scenario(PRESET, dict(SETTINGS)))))
    drawn |= drawn_of_study() | drawn_of_outages() | drawn_of_search()
    pictures = {f"gallery/{name}.svg": FORMATS["svg"](chart.to_dict()).decode() for name, chart in drawn.items()}
    kinds = {**CHARTS, **STUDY_CHARTS}
    sections = [_section(kinds[name]) for name in drawn]
    return {"gallery.md": "\n\n".join([_OF_A_RUN, *sections]) + "\n", **pictures}


def drawn_of_run(run: Run) -> Iterator[tuple[str, Chart]]:
    """Yield each chart of a run for which *run* has the tables, by name."""
    for name, kind in CHARTS.items():
        if kind.can_show(run):
            yield name, kind(run)


def drawn_of_study() -> dict[str, Chart]:
    """Return the charts of a small study by name."""
    with tempfile.TemporaryDirectory() as folder:
        run_study(Study.model_validate(STUDY), folder, jobs=1)
        return study_charts(open_study(folder))


def drawn_of_outages() -> dict[str, Chart]:
    """Return the charts of a small resilience report by name."""
    with tempfile.TemporaryDirectory() as folder:
        scenario, options = load_scenario(PRESET, {"clock.days": 182}), Options.model_validate(OUTAGES)
        return resilience_charts(resilience(scenario, folder, options, jobs=1))


def drawn_of_search() -> dict[str, Chart]:
    """Return the chart of a small search of settings by name."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = run_optimisation(make_optimisation(SEARCH), folder, jobs=1)
        return {"frontier": STUDY_CHARTS["frontier"](points_table(outcome))}


def _section(kind: ChartKind[...]) -> str:
    return "\n\n".join(
        [f"## {kind.title}", kind.doc, f"![{kind.title}](gallery/{kind.name}.svg)", f"```text\n{_code(kind)}\n```"]
    )


def _code(kind: ChartKind[...]) -> str:
    """Return the line that draws a chart.

    >>> _code(CHARTS["network"])
    'CHARTS["network"](run, day=182)'
    """
    if kind.needs[:1] in OF_OUTAGES:
        return f'resilience_charts(resilience(gpnde.load_scenario("{PRESET}"), "out"))["{kind.name}"]'

    if kind.name == "frontier":
        return f'STUDY_CHARTS["{kind.name}"](points_table(outcome))'
    if kind.group == "study":
        return f'STUDY_CHARTS["{kind.name}"](gpnde.compare(gpnde.open_study("results")).{kind.needs[0]})'
    return f'CHARTS["{kind.name}"](run{", day=182" if kind.by_day else ""})'
