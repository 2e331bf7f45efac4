"""The page of a resilience report: what was found in sentences, then figures and tables, readable offline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gpnde.charts.catalogue import STUDY_CHARTS
from gpnde.charts.page import bullets, figure, finding_of, folded, page, safe, shows_nothing, summary, table
from gpnde.charts.words import counted
from gpnde.results.headline import number, percent
from gpnde.study.resilience.tables import CAUSE, DROPOUTS, FATE, dropout_counts
from gpnde.study.resilience.things import Thing, things_of

if TYPE_CHECKING:
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.study.resilience.run import Resilience

_ORDER = ("outage-losses", "resilience-map", "time-to-recover", "loss-distribution")
_MOST_ROWS = 500
_WORST = 3

_HOW = (
    "Each run with an outage is compared with the run without it that has the same random numbers. Time to survive is "
    "the time from the begin of the outage until some market first misses more of its demand than without it; time to "
    "recover is the time until no market does so any more (Simchi-Levi and others, 2015). Units are lost where buyers "
    "do not wait or give up, late where they are sent after they were due. Revenue is at the prices of the run "
    "without the outage. Intervals are of 95 %, by Student's t over pairs of runs."
)
_PARTS = (
    "By cause: while a site that serves a market is out, or its firm has left, what the market misses is put down to "
    "that, up to the site's share of demand; the rest is supply, goods that did not reach a site at work. Drop-outs "
    "are links and firms that ended with the outage and not without it, by the cause that the run gives."
)
_RISK = (
    "Each pair of runs has the same random numbers, with and without the disruptions. Value at risk at 95 % is the "
    "loss that is exceeded in 5 % of the cases, its interval is of order statistics (Hahn and Meeker, 1991); expected "
    "shortfall is the mean of those worst cases (Acerbi and Tasche, 2002), its interval is bootstrapped (Efron, 1979)."
)


def resilience_report(found: Resilience) -> str:
    """Return the report as HTML."""
    drawn = {name: chart.to_dict(validate=False) for name, chart in resilience_charts(found).items()}
    charts = {name: spec for name, spec in drawn.items() if not shows_nothing(spec)}
    numbers = {name: place for place, name in enumerate(charts, start=1)}

    def figures(*names: str) -> list[str]:
        return [_figure(name, numbers[name]) for name in names if name in charts]

    title = f"Resilience of {found.scenario.title or found.scenario.name}"
    body = [
        _heading(found, title),
        summary(
            ("What was asked", f"<p>{safe(asked(found))}</p>"),
            ("What was found", bullets([*findings(found), *_said(charts, numbers)])),
            ("How sure this is", bullets(sureness(found))),
            ("What it rests on", bullets(grounds(found))),
        ),
        folded("Outages in turn", f"<p>{safe(_HOW)}</p>", *figures(*_ORDER[:3]), _things(found.things), is_open=True),
        folded("Losses by cause", f"<p>{safe(_PARTS)}</p>", _parts(found.parts), is_open=True),
        folded("Value at risk", *_risk(found, figures(_ORDER[3])), is_open=True),
        folded("How to repeat this report", _repeat(found)),
    ]
    return page(title, "\n".join(part for part in body if part), charts)


def resilience_charts(found: Resilience) -> dict[str, Chart]:
    """Return the charts of a report by their names in the catalogue."""
    rows = {"things": found.things, "places": places_of(found), "losses": found.losses}
    return {name: STUDY_CHARTS[name](rows[STUDY_CHARTS[name].needs[0]]) for name in _ORDER}


def places_of(found: Resilience) -> pl.DataFrame:
    """Return what the map shows: cluster, to (the other end of a link, or empty), worst, revenue, longitude, latitude.

    A cluster has the loss of the outage that costs most among those of itself and of its sites.
    """
    import polars as pl

    worst: dict[tuple[str, str], tuple[float, str]] = {}
    things = {(thing.kind, thing.name): thing for thing in things_of(found.scenario, found.options.kinds)}
    for kind, name, revenue in found.things.select("kind", "name", "revenue").iter_rows():
        thing = things[kind, name]
        if (key := _place(thing)) is not None:
            worst[key] = max(worst.get(key, (0.0, "")), (revenue, thing.arm))
    at = {one.name: (one.longitude, one.latitude) for one in found.scenario.clusters}
    rows = [(*key, said, loss, *at[key[0]]) for key, (loss, said) in worst.items()]
    schema = {"cluster": str, "to": str, "worst": str, "revenue": float, "longitude": float, "latitude": float}
    return pl.DataFrame(rows, schema=schema, orient="row").drop_nulls(["longitude", "latitude"])


def _place(thing: Thing) -> tuple[str, str] | None:
    """Return the cluster, or the two ends of a link; None for what has no one place."""
    ends = thing.clusters
    if thing.kind == "link":
        return (ends[0], ends[1]) if len(ends) > 1 else None
    return (ends[0], "") if len(ends) == 1 and thing.kind != "country" else None


def asked(found: Resilience) -> str:
    """Return the question in a sentence."""
    options, window = found.options, found.window
    kinds = [(kind, found.things.filter(found.things["kind"] == kind).height) for kind in dict.fromkeys(options.kinds)]
    things = ", ".join(counted(count, kind, _plural(kind)) for kind, count in kinds if count)
    said = (
        f"{things}, each out for {options.outage_days:g} days from day {window.day:g}, watched until day {window.end:g}"
    )
    return f"{said}; {counted(options.seeds, 'pair')} of runs each."


def _plural(kind: str) -> str:
    return "countries" if kind == "country" else f"{kind}s"


def findings(found: Resilience) -> list[str]:
    """Return what the tables say, in sentences."""
    things = found.things
    hit = things.filter(things["survived"] < things["pairs"])
    calm = things.height - hit.height
    said = [f"Service holds through {calm or 'none'} of {counted(things.height, 'outage')}."]
    worst = hit.sort("revenue", "name", descending=[True, False]).unique("kind", keep="first", maintain_order=True)
    said += [_worst(row) for row in worst.to_dicts()]
    said += [*_falls(hit), *_share_of_worst(things)]
    return said + _causes(found.parts) + _risk_sentences(found.risk)


def _falls(hit: pl.DataFrame) -> list[str]:
    """Return in how many outages service falls at once, and in which other one it falls first."""
    at_once = hit.filter(hit["survive_days"] == 0).height
    later = hit.filter(hit["survive_days"] > 0).sort("survive_days", "kind", "name")
    said = [f"Service falls on the first day of {counted(at_once, 'outage')}."] if at_once else []
    if later.height:
        first = later.row(0, named=True)
        days = number(first["survive_days"])
        said.append(
            f"Among those that stocks bridge at first, it falls first without {_named(first)}: after {days} days."
        )
    return said


def _worst(row: Mapping[str, Any]) -> str:
    """Return what is lost without one thing, in a sentence.

    >>> row = {"kind": "site", "name": "Penang", "units": 120.0, "revenue": 600.0, "recover_days": 30.0}
    >>> _worst(row | {"not_recovered": 0, "pairs": 5, "revenue_low": None, "revenue_high": None})
    'Without site Penang, 120 units worth 600 are lost or late; service is back after 30 days.'
    """
    ends = ""
    if row["revenue_low"] is not None:
        ends = f" [{number(row['revenue_low'])}, {number(row['revenue_high'])}]"
    back = f"service is back after {number(row['recover_days'])} days"
    if row["not_recovered"]:
        back = f"service is not back at the end in {row['not_recovered']} of {counted(row['pairs'], 'pair')}"
    lost = f"{number(row['units'])} units worth {number(row['revenue'])}{ends}"
    return f"Without {_named(row)}, {lost} are lost or late; {back}."


def _named(row: Mapping[str, Any]) -> str:
    return f"{row['kind']} {row['name']}"


def _share_of_worst(things: pl.DataFrame) -> list[str]:
    """Return how much of what single sites lose falls to the worst of them."""
    sites = things.filter((things["kind"] == "site") & (things["revenue"] > 0)).sort("revenue", descending=True)
    if sites.height <= _WORST:
        return []
    losses = sites["revenue"].to_list()
    share = percent(sum(losses[:_WORST]) / sum(losses))
    return [f"The worst {_WORST} of {sites.height} sites that cost revenue make up {share} of their sum."]


def _causes(parts: pl.DataFrame) -> list[str]:
    """Return what share of the units that markets missed is put down to which cause, and what dropped out."""
    import polars as pl

    rows = parts.filter((parts["split"] == CAUSE) & (parts["units"] > 0))
    sums = dict(rows.group_by("part", maintain_order=True).agg(pl.col("units").sum()).iter_rows())
    whole = sum(sums.values())
    said = []
    if whole > 0:
        told = ", ".join(f"{cause} {percent(units / whole)}" for cause, units in sorted(sums.items(), key=_second))
        said.append(f"Of the units that markets missed, summed over all outages, by cause: {told}.")
    ended = {cause: count for cause, count in dropout_counts(parts).items() if count > 0}
    if ended:
        told = ", ".join(f"{cause} {number(count)}" for cause, count in sorted(ended.items()))
        said.append(f"Links and firms that drop out with the outages, summed over all outages, by cause: {told}.")
    return said


def _second(item: tuple[str, float]) -> tuple[float, str]:
    return -item[1], item[0]


def _risk_sentences(risk: pl.DataFrame) -> list[str]:
    rows = risk.filter((risk["measure"] == "revenue lost or late") & (risk["level"] == 0.95))
    found = {row["statistic"]: row for row in rows.to_dicts()}
    if not found:
        return []
    at_risk, shortfall = found["value-at-risk"], found["expected-shortfall"]
    said = (
        f"With sampled disruptions, revenue lost or late is above {number(at_risk['value'])}{_interval(at_risk)} in 5 %"
    )
    return [f"{said} of the cases, and {number(shortfall['value'])}{_interval(shortfall)} on average in those."]


def _interval(row: Mapping[str, Any], name: str = "") -> str:
    """Return an interval in brackets behind a space; an end that is not known is left open.

    >>> _interval({"low": 1.0, "high": None}), _interval({"low": None, "high": None})
    (' [1, …]', '')
    """
    ends = [row[f"{name}low"], row[f"{name}high"]]
    if ends == [None, None]:
        return ""
    return f" [{', '.join('…' if end is None else number(end) for end in ends)}]"


def _said(charts: Mapping[str, Any], numbers: Mapping[str, int]) -> list[str]:
    return [f"{finding_of(charts[name])} (figure {numbers[name]})." for name in charts if name == "resilience-map"]


def sureness(found: Resilience) -> list[str]:
    """Return what speaks for and against the figures."""
    said = [f"{found.status.text()[0].upper()}{found.status.text()[1:]}."]
    if found.options.seeds == 1:
        said.append("There is one pair of runs of each outage: figures have no interval.")
    late = int(found.things["not_recovered"].sum())
    if late:
        said.append(
            f"{counted(late, 'pair')} of runs end before service is back: their times are the least that it takes."
        )
    said.append(f"All outages begin on day {found.window.day:g}: on another day stocks and demand may differ.")
    if found.risk.is_empty():
        return [*said, "No disruption was sampled: the scenario has none, or none was asked for."]
    unknown = found.risk.filter(found.risk["high"].is_null()).height
    few = "Some intervals of value at risk are open: they need more pairs of runs."
    return [*said, few] if unknown else said


def grounds(found: Resilience) -> list[str]:
    """Return what the figures rest on."""
    said = [
        f"Scenario {found.scenario.name}, seed {found.options.seed}, whose own notes say where its numbers come from."
    ]
    if found.hazards:
        said.append(f"Sampled disruptions: {', '.join(found.hazards)}.")
    return said


def _heading(found: Resilience, title: str) -> str:
    lead = f"Scenario <code>{safe(found.scenario.name)}</code>, seed {found.options.seed}"
    return f'<h1>{safe(title)}</h1>\n<p class="sub">{lead}</p>'


def _figure(name: str, place: int) -> str:
    kind = STUDY_CHARTS[name]
    return figure(name, place, f"{kind.title}. {kind.doc}")


def _things(things: pl.DataFrame) -> str:
    names = ["Rank", "Kind", "Out", "Survives (days)", "Recovers (days)", "Units lost", "Units late"]
    names += ["Revenue lost or late", "95 % interval"]
    rows = [
        [f"{row['rank']}", row["kind"], row["name"], survives(row), recovers(row), number(row["units_lost"])]
        + [number((row["units_late"] or 0.0) + (row["units_waiting"] or 0.0)), number(row["revenue"])]
        + [_interval(row, "revenue_").strip() or "-"]
        for row in things.head(_MOST_ROWS).to_dicts()
    ]
    return table(names, rows, numeric=(names[0], *names[3:]))


def survives(row: Mapping[str, Any]) -> str:
    """Return the time to survive of a row of the table of things, or that service holds.

    >>> survives({"survive_days": None, "survived": 5, "pairs": 5})
    'holds'
    >>> survives({"survive_days": 4.0, "survived": 2, "pairs": 5})
    '4 (holds in 2 of 5)'
    """
    if row["survive_days"] is None:
        return "holds"
    held = f" (holds in {row['survived']} of {row['pairs']})" if row["survived"] else ""
    return f"{number(row['survive_days'])}{held}"


def recovers(row: Mapping[str, Any]) -> str:
    """Return the time to recover of a row, with a mark where some runs end before.

    >>> recovers({"recover_days": 40.0, "not_recovered": 1}), recovers({"recover_days": 0.0, "not_recovered": 0})
    ('≥ 40', '0')
    """
    return f"{'≥ ' if row['not_recovered'] else ''}{number(row['recover_days'])}"


def _parts(parts: pl.DataFrame) -> str:
    names = ["Kind", "Out", "Split by", "Part", "Units", "95 % interval", "Revenue"]
    rows = [
        [row["kind"], row["name"], row["split"], row["part"], number(row["units"])]
        + [_interval(row, "units_").strip() or "-", number(row["revenue"])]
        for how in (CAUSE, FATE, DROPOUTS)
        for row in parts.filter(parts["split"] == how).head(_MOST_ROWS).to_dicts()
    ]
    return table(names, rows, numeric=names[4:])


def _risk(found: Resilience, figures: list[str]) -> list[str]:
    if found.risk.is_empty():
        return []
    names = ["Measure", "Unit", "Figure", "Level", "Value", "95 % interval", "Pairs"]
    rows = [
        [row["measure"], row["unit"], row["statistic"], "" if row["level"] is None else f"{100 * row['level']:g} %"]
        + [number(row["value"]), _interval(row).strip() or "-", f"{row['runs']:,}"]
        for row in found.risk.to_dicts()
    ]
    return [f"<p>{safe(_RISK)}</p>", *figures, table(names, rows, numeric=names[4:])]


def _repeat(found: Resilience) -> str:
    from gpnde import __version__

    given = found.options.model_dump(mode="json")
    rows = [[name.replace("_", " "), str(value)] for name, value in given.items()]
    return table(["What", "Value"], [["gpnde", __version__], *rows])
