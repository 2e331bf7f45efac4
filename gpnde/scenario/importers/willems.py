"""Import a supply chain given as stages and arcs, in the layout of the data set of Willems (2008)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

from gpnde.errors import ScenarioError, nearest
from gpnde.scenario.importers.base import (
    Imported,
    checked,
    in_one_line,
    named_files,
    number,
    optional_number,
    read_rows,
    skipped,
)
from gpnde.scenario.law import Law, fixed
from gpnde.scenario.markets import Demand, Market
from gpnde.scenario.network import Firm, Link, Product, Site
from gpnde.scenario.ordering import Forecast, Ordering
from gpnde.scenario.rules import Clock
from gpnde.scenario.schema import Provenance, Scenario
from gpnde.vocabulary import Function

TICKS = (1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.01, 0.001)
"""Lengths of a tick (days), of which the longest is taken that divides every mean and listed stage time."""

CHANCES_TOLERANCE = 1e-6
"""How far the sum of the chances of stage times may be from 1 without a note."""

_FUNCTIONS: dict[str, Function] = {
    "Dist": "sales_distribution",
    "Manuf": "assembly_test",
    "Part": "component_mfg",
    "Retail": "sales_distribution",
    "Trans": "sales_distribution",
}
_MAKE_TO_ORDER = Ordering(policy="make-to-order", review_days=0)
_DAILY_REVIEW = Ordering(policy="order-up-to", review_days=1)
_COLUMNS = ("stage", "stage_cost", "stage_time")


class _Stage(NamedTuple):
    """One row of the stages table."""

    name: str
    cost: float
    depth: int
    classification: str
    time: Law
    demand: Law | None
    service_days: float
    service_level: float | None
    lost_spreads: tuple[str, ...]
    chances: float


@in_one_line("willems")
def import_willems(files: Sequence[Path], *, deterministic: bool = False, make_to_order: bool = False) -> Imported:
    """Return the chain in ``stages.csv`` and ``arcs.csv``: each stage is a firm, its site and its product.

    Stage time is time in production, stage cost the value added, and one unit of each supplying stage goes into a unit;
    arcs given twice count twice. Stages with demand serve a market whose demand is due after their service time.

    Parameters
    ----------
    files
        The two tables.
    deterministic
        Keep only the means of stage times and demand.
    make_to_order
        Hold no stock anywhere and order what is ordered; otherwise every stage reviews its order-up-to level daily,
        with a safety stock for its service level.

    Raises
    ------
    ScenarioError
        A file, column, number or stage is missing or wrong.
    """
    paths = named_files("willems", files, ("stages", "arcs"))
    stages = _read_stages(paths["stages"], deterministic)
    arcs = _read_arcs(paths["arcs"], stages)
    markets = tuple(_market(stage) for stage in stages if stage.demand)
    if not markets:
        raise ScenarioError(
            where=str(paths["stages"]), expected="avg_demand: blank in every row: give the demand of at least one stage"
        )
    tick, notes = _tick(stages)
    name = paths["stages"].stem
    scenario = Scenario(
        name=name,
        title=f"Supply chain of {len(stages)} stages and {sum(arcs.values())} arcs",
        clock=Clock(tick_days=tick),
        products=_products(stages, arcs),
        firms=tuple(Firm(name=stage.name, tier=stage.depth) for stage in stages),
        sites=tuple(_site(stage, make_to_order) for stage in stages),
        links=tuple(Link(buyer=buyer, supplier=supplier) for supplier, buyer in arcs),
        markets=markets,
        ordering=_MAKE_TO_ORDER if make_to_order else _DAILY_REVIEW,
        provenance=_provenance(paths["stages"].name, paths["arcs"].name),
    )
    more_notes = _notes_on_laws(stages)
    return checked(scenario, (*skipped("willems", files, ("stages", "arcs")), *notes, *more_notes))


def _read_stages(path: Path, deterministic: bool) -> tuple[_Stage, ...]:
    stages = tuple(_stage(row, path, deterministic) for row in read_rows(path, _COLUMNS))
    if not stages:
        raise ScenarioError(where=str(path), expected="no rows: give one row per stage")
    twice = [name for name, count in Counter(stage.name for stage in stages).items() if count > 1]
    if twice:
        raise ScenarioError(where=str(path), expected=f"stage {twice[0]!r} is given twice: give every stage one row")
    return stages


def _stage(row: Mapping[str, str], path: Path, deterministic: bool) -> _Stage:
    name = row["stage"]
    if not name:
        raise ScenarioError(where=str(path), expected="stage: '': give every row the name of a stage")
    where = f"{path}: stage {name!r}"
    return _Stage(
        name=name,
        cost=_at_least_zero(row, "stage_cost", where),
        depth=int(_at_least_zero(row, "rel_depth", where)),
        classification=row.get("classification", ""),
        time=_stage_time(row, where, deterministic),
        demand=_demand(row, where, deterministic),
        service_days=_at_least_zero(row, "max_service_time", where),
        service_level=_service_level(row, where),
        chances=sum(_numbered(row, "stage_time_prob_", where)),
        lost_spreads=() if deterministic else tuple(_lost_spreads(row, where)),
    )


def _at_least_zero(row: Mapping[str, str], column: str, where: str) -> float:
    value = optional_number(row, column, where) or 0.0
    if value < 0:
        raise ScenarioError(where=where, given=column, expected=f"{value:g}: must be 0 or more")
    return value


def _service_level(row: Mapping[str, str], where: str) -> float | None:
    level = optional_number(row, "service_level", where)
    if level is not None and not 0 < level < 1:
        raise ScenarioError(where=where, expected=f"service_level: {level:g}: must be between 0 and 1")
    return level


def _stage_time(row: Mapping[str, str], where: str, deterministic: bool) -> Law:
    mean = _at_least_zero(row, "stage_time", where)
    spread = _at_least_zero(row, "sd_stage_time", where)
    values = _numbered(row, "stage_time_", where)
    if deterministic or not values:
        return _around(mean, 0.0 if deterministic else spread)
    chances = _numbered(row, "stage_time_prob_", where)
    if len(chances) != len(values) or min((*values, *chances)) < 0 or not any(chances):
        raise ScenarioError(
            where=where,
            expected=f"times {values} with chances {chances}: give each time, of 0 or more, one chance",
        )
    return Law(law="discrete", values=values, weights=chances)


def _numbered(row: Mapping[str, str], column: str, where: str) -> tuple[float, ...]:
    """Return the numbers in the columns *column* 1, 2 … that are not blank."""
    cells = [f"{column}{k}" for k in range(1, len(row)) if row.get(f"{column}{k}")]
    return tuple(number(row, cell, where) for cell in cells)


def _demand(row: Mapping[str, str], where: str, deterministic: bool) -> Law | None:
    if optional_number(row, "avg_demand", where) is None:
        return None
    mean, spread = _at_least_zero(row, "avg_demand", where), _at_least_zero(row, "sd_demand", where)
    return _around(mean, 0.0 if deterministic else spread)


def _around(mean: float, spread: float) -> Law:
    """Return the normal law of this mean and spread, which is never below 0; nothing varies around 0."""
    return Law(law="normal", mean=mean, sd=spread) if spread and mean else fixed(mean)


def _lost_spreads(row: Mapping[str, str], where: str) -> Iterator[str]:
    """Yield the columns of a spread around a mean of 0, which no law has that is never below 0."""
    if not _numbered(row, "stage_time_", where):
        yield from ["sd_stage_time"] if _is_spread_around_zero(row, "stage_time", "sd_stage_time", where) else []
    if row.get("avg_demand"):
        yield from ["sd_demand"] if _is_spread_around_zero(row, "avg_demand", "sd_demand", where) else []


def _is_spread_around_zero(row: Mapping[str, str], mean: str, spread: str, where: str) -> bool:
    return _at_least_zero(row, mean, where) == 0.0 < _at_least_zero(row, spread, where)


def _read_arcs(path: Path, stages: Iterable[_Stage]) -> dict[tuple[str, str], int]:
    """Return how many units go from one stage into a unit of another, by supplier and buyer."""
    names = {stage.name for stage in stages}
    arcs = [(row["source"], row["destination"]) for row in read_rows(path, ("source", "destination"))]
    for name in (name for arc in arcs for name in arc):
        if name not in names:
            raise ScenarioError(
                where=str(path), given=repr(name), expected=f"not a stage{nearest(name, names)}; see the stages table"
            )
    return dict(Counter(arcs))


def _products(stages: Iterable[_Stage], arcs: Mapping[tuple[str, str], int]) -> dict[str, Product]:
    """Return one product per stage, sold at cost, as the data set knows no margins."""
    made_of: dict[str, dict[str, float]] = {stage.name: {} for stage in stages}
    for (supplier, buyer), units in arcs.items():
        made_of[buyer][supplier] = units
    return {
        stage.name: Product(made_of=made_of[stage.name], value_added=stage.cost, margin=0, outside_cost=0)
        for stage in stages
    }


def _site(stage: _Stage, make_to_order: bool) -> Site:
    return Site(
        name=stage.name,
        firm=stage.name,
        product=stage.name,
        function=_FUNCTIONS.get(stage.classification, "component_mfg"),
        processing=stage.time,
        stock=0 if make_to_order else None,
        ordering=None if make_to_order else _ordering(stage),
    )


def _ordering(stage: _Stage) -> Ordering | None:
    """Return daily review with the safety factor that a service level asks of normal demand."""
    if stage.service_level is None:
        return None
    factor = round(NormalDist().inv_cdf(stage.service_level), 4)
    return Ordering(policy="order-up-to", review_days=1, safety_factor=factor, forecast=Forecast())


def _market(stage: _Stage) -> Market:
    return Market(
        name=f"market of {stage.name}",
        product=stage.name,
        served_by=(stage.name,),
        demand=Demand(law=stage.demand or fixed(0), every_days=1),
        service_days=stage.service_days,
    )


def _tick(stages: Iterable[_Stage]) -> tuple[float, tuple[str, ...]]:
    """Return the tick, and a note where even the shortest does not divide all stage times."""
    # As decimal fractions, since the float 0.3 is no whole multiple of the float 0.1.
    times = [Fraction(str(time)) for stage in stages for time in _times(stage.time)]
    for tick in TICKS:
        if all((time / Fraction(str(tick))).denominator == 1 for time in times):
            return tick, ()
    return TICKS[-1], (f"willems: some stage times are not whole ticks of {TICKS[-1]:g} days: they are rounded up",)


def _notes_on_laws(stages: Iterable[_Stage]) -> Iterator[str]:
    for stage in stages:
        if stage.time.weights is not None and abs(stage.chances - 1.0) > CHANCES_TOLERANCE:
            yield f"willems: stage {stage.name!r}: chances of stage times sum to {stage.chances:g}: divided by that"
        for column in stage.lost_spreads:
            yield f"willems: stage {stage.name!r}: {column} around a mean of 0: left out"


def _times(law: Law) -> tuple[float, ...]:
    """Return what a law may draw, or the mean of a law that draws anything."""
    return law.values or (law.mean or law.lowest(),)


def _provenance(stages: str, arcs: str) -> tuple[Provenance, ...]:
    read = ("products.*.value_added", "sites.*.processing", "markets.*.demand", "markets.*.service_days")
    assumed = ("products.*.margin", "products.*.outside_cost", "ordering.*", "sites.*.ordering")
    return (
        *(Provenance(path=path, mark="literature", source=stages) for path in read),
        Provenance(path="products.*.made_of.*", mark="literature", source=arcs),
        *(Provenance(path=path, mark="assumption", source="importer of stages and arcs") for path in assumed),
    )
