"""The report of a run: one HTML file that can be read without a network, with nothing loaded from anywhere."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gpnde.charts.capability import capability_by_tier, gap_over_time
from gpnde.charts.dropouts import dropouts_by_cause
from gpnde.charts.flow import service_over_time, stocks_by_tier
from gpnde.charts.learning import receipts_over_time, suppliers_by_level
from gpnde.charts.network import network_by_tier
from gpnde.charts.targets import targets_and_results
from gpnde.charts.theme import vega_lite_version
from gpnde.errors import ResultsError
from gpnde.results.headline import headlines, number

if TYPE_CHECKING:
    from gpnde.charts.theme import Chart
    from gpnde.results.run import Run
    from gpnde.results.targets import Comparison

_POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
"""What the page may do: run what it holds itself (Vega makes functions from text), and load nothing."""

_LESS_THAN = "\\u003c"
"""How JSON writes < where it could close the script element that it stands in."""

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; color: #222; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
p.sub { color: #595959; margin: 0 0 .25rem; }
ul.numbers { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
  gap: .75rem; padding: 0; }
ul.numbers li { border: 1px solid #ddd; border-radius: .4rem; padding: .7rem .9rem; }
ul.numbers b { display: block; font-size: 1.45rem; font-weight: 600; color: #0072B2; }
div.wide { overflow-x: auto; }
figure { margin: 1.75rem 0; overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #e3e3e3; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
code { font-size: .95em; }
"""

_EMBED = """
const specs = JSON.parse(document.getElementById("specs").textContent);
const actions = {export: true, source: false, compiled: false, editor: false};
for (const [id, spec] of Object.entries(specs)) {
  vegaEmbed("#" + id, spec, {actions, renderer: "svg"});
}
"""


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
        raise ResultsError(f"{target}: cannot be written: {error.strerror or error}: name another file") from None
    return target


def report(run: Run) -> str:
    """Return the report of *run* as HTML."""
    charts = _charts(run)
    title = run.scenario.get("title") or run.name
    body = [
        _heading(run, title),
        _numbers(run),
        _section("Targets and results", _targets(run.targets())),
        _section("Drop-outs", _table(["Cause", "Number"], [[cause, f"{n:,}"] for cause, n in run.dropouts.items()])),
        _section("Charts", *[_figure(name) for name in charts]),
        _section("Notes", _list(run.notes)),
        _section("Where the numbers come from", _provenance(run)),
        _section("How to repeat this run", _repeat(run)),
    ]
    return _page(title, "\n".join(part for part in body if part), charts)


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
    return charts | {"targets": targets_and_results(run)} if run.scenario.get("targets") else charts


def _page(title: str, body: str, charts: dict[str, Chart]) -> str:
    specs = json.dumps({name: chart.to_dict() for name, chart in charts.items()}, allow_nan=False)
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f"{body}\n</main>",
            f'<script type="application/json" id="specs">{specs.replace("<", _LESS_THAN)}</script>',
            f"<script>{_libraries()}</script>\n<script>{_EMBED}</script>\n</body>\n</html>\n",
        ]
    )


def _libraries() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script, in the version that Altair writes for."""
    import vl_convert

    snippet = "window.vegaEmbed = vegaEmbed;"
    script = str(vl_convert.javascript_bundle(snippet, vl_version=vega_lite_version()))
    return script.replace("</script", "<\\/script")


def _safe(text: object) -> str:
    return html.escape(str(text))


def _heading(run: Run, title: str) -> str:
    counts = {key: number(run.counts.get(key, 0)) for key in ("days", "firms", "sites", "links", "orders")}
    size = "{days} days, {firms} firms, {sites} sites, {links} links, {orders} order lines".format(**counts)
    description = run.scenario.get("description")
    about = f"<p>{_safe(description)}</p>" if description else ""
    identity = f"Scenario <code>{_safe(run.name)}</code>, seed {run.seed}, replication {run.replication}"
    return f'<h1>{_safe(title)}</h1>\n<p class="sub">{identity}</p>\n<p class="sub">{_safe(size)}</p>\n{about}'


def _numbers(run: Run) -> str:
    items = "".join(f"<li><b>{_safe(text)}</b>{_safe(label)}</li>" for label, text in headlines(run))
    return f'<ul class="numbers">{items}</ul>' if items else ""


def _section(title: str, *parts: str) -> str:
    inside = "\n".join(part for part in parts if part)
    return f"<h2>{_safe(title)}</h2>\n{inside}" if inside else ""


def _figure(name: str) -> str:
    return f'<figure><div id="{name}"></div></figure>'


def _targets(targets: Sequence[Comparison]) -> str:
    names = ["Measure", "Day", "Target", "Result", "Unit", "Target is", "Source"]
    rows = [
        [one.measure, "end" if one.day is None else f"{one.day:g}", number(one.target), _result(one), one.unit]
        + [one.mark_text, one.source]
        for one in targets
    ]
    return _table(names, rows, numeric=("Target", "Result"))


def _result(one: Comparison) -> str:
    text = number(one.result)
    return "not measured" if text == "-" else text


def _table(names: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[str] = ("Number",)) -> str:
    """Return a table, or nothing where it has no rows; columns named in *numeric* are set flush right."""
    side = [' class="n"' if name in numeric else "" for name in names]
    head = "".join(f"<th{cls}>{_safe(name)}</th>" for name, cls in zip(names, side, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{cls}>{_safe(cell)}</td>" for cell, cls in zip(row, side, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>' if body else ""


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{_safe(item)}</li>' for item in items)}</ul>" if items else ""


def _provenance(run: Run) -> str:
    whole = sum(run.provenance.values())
    rows = [[mark, f"{count:,}", f"{count / whole:.0%}"] for mark, count in run.provenance.items() if whole]
    return _table(["Mark", "Number", "Share"], rows, numeric=("Number", "Share"))


def _repeat(run: Run) -> str:
    errors = ", ".join(f"{name} {error:.1e}" for name, error in run.conservation.items()) or "not checked"
    versions = ", ".join(f"{name} {version}" for name, version in run.software.items())
    rows = [["Fingerprint", run.fingerprint], ["Balances, largest relative error", errors], ["Software", versions]]
    rows += [[f"Component {one['name']}", _component(one)] for one in run.components]
    return _table(["What", "Value"], rows)


def _component(component: dict[str, object]) -> str:
    origin = f"{component.get('distribution', '')} {component.get('version', '')}"
    parameters = component.get("parameters")
    given = ", ".join(f"{key} = {value}" for key, value in parameters.items()) if isinstance(parameters, dict) else ""
    return f"{origin}; {given}" if given else origin
