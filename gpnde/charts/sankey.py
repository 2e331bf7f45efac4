"""Sankey diagrams: goods and value from sellers to buyers, and knowledge from its channel to what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.capability import NO_KNOWLEDGE
from gpnde.charts.groups import check_grouping, groups_of_firms, groups_of_sites, several
from gpnde.charts.parts import table_of
from gpnde.charts.ribbons import OTHERS, Ribbons, drawn, laid_out, merged
from gpnde.charts.theme import nothing, styled
from gpnde.results.chart import chart
from gpnde.results.headline import percent
from gpnde.vocabulary import CHANNELS, KNOWLEDGE_KINDS, OUTSIDE, Grouping

if TYPE_CHECKING:
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

_GOODS = "Goods from sellers to buyers"
_VALUE = "Value from sellers to buyers"
_KNOWLEDGE = "Knowledge from its channel to its fate"
_NO_GOODS = "Nothing has been shipped yet."

DONE, WAITS, STALE = "made their own", "waiting", "gone stale"


def shipments(run: Run) -> pl.DataFrame:
    """Return what went over each link and from each site to markets: supplier, buyer, product, shipped, price.

    The buyer of a sale is its market, marked as one. Prices are those at the end (money/unit), 0 where there are none.
    """
    import polars as pl

    links = table_of(run, "links").select("supplier", "buyer", "product", "shipped", pl.col("price").fill_null(0.0))
    markets = table_of(run, "markets").sort("day").group_by("market").agg(pl.col("product", "price").last())
    sold = table_of(run, "sales").filter(pl.col("shipped_day").is_not_null())
    sales = sold.group_by("market", "supplier").agg(shipped=pl.col("quantity").sum()).join(markets, on="market")
    buyer = pl.format("market {}", "market").alias("buyer")
    ends = sales.select("supplier", buyer, "product", "shipped", pl.col("price").fill_null(0.0))
    return pl.concat([links, ends.sort("supplier", "buyer")])


def trade_flows(run: Run, by: Grouping, *, in_money: bool) -> pl.DataFrame:
    """Return what went from group to group: stage (0), source, target, amount.

    In money it is the quantity at the price of the end; else each product counts the same, its whole flow being 1, as
    units of different goods cannot be added.
    """
    import polars as pl

    groups, rows = groups_of_sites(run, by), shipments(run)
    share = pl.col("shipped") / pl.col("shipped").sum().over("product")
    amount = pl.col("shipped") * pl.col("price") if in_money else share
    ends = [pl.col(end).replace(groups).alias(name) for end, name in (("supplier", "source"), ("buyer", "target"))]
    flows = rows.select(pl.lit(0, pl.Int64).alias("stage"), *ends, amount.alias("amount"))
    known = flows.filter((pl.col("source") != OUTSIDE) & pl.col("amount").is_finite())
    return known.group_by("stage", "source", "target").agg(pl.col("amount").sum()).sort("source", "target")


def knowledge_rows(run: Run, by: Grouping) -> pl.DataFrame:
    """Return knowledge from channel to group of receiver to fate: stage (0 and 1), source, target, amount."""
    import polars as pl

    learners = table_of(run, "learners")
    last = learners.filter(pl.col("day") == pl.col("day").max())
    group = pl.col("firm").replace_strict(groups_of_firms(run, by), default=OTHERS, return_dtype=pl.String)
    books = [f"{channel}_{kind}" for channel in CHANNELS for kind in KNOWLEDGE_KINDS]
    came, done, stale = (
        last.select(group.alias("group"), *(pl.col(f"{fate}_{book}").alias(book) for book in books))
        for fate in ("transferred", "internalised", "stale")
    )
    rows = [(0, book.replace("_", ", "), name, total) for book in books for name, total in _sums(came, [book])]
    whole, own, old = (dict(_sums(part, books)) for part in (came, done, stale))
    fates = [(DONE, own), (STALE, old), (WAITS, {name: whole[name] - own[name] - old[name] for name in whole})]
    rows += [(1, name, fate, max(total, 0.0)) for fate, totals in fates for name, total in totals.items()]
    schema = {"stage": pl.Int64, "source": pl.String, "target": pl.String, "amount": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _sums(rows: pl.DataFrame, books: list[str]) -> list[tuple[str, float]]:
    import polars as pl

    sums = rows.group_by("group").agg(pl.sum_horizontal(pl.col(books).sum()).alias("sum")).sort("group")
    return list(sums.iter_rows())


@chart("goods-flows", _GOODS, group="flow", place=7, needs=("links",))
def goods_flows(run: Run, by: Grouping = "tier") -> Chart:
    """Show from where to where goods went, each product counting the same.

    Ribbons from sellers to buyers and markets, grouped by tier, country or cluster.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("beer-game", {"clock.days": 91}))
    >>> 'Goods from sellers to buyers' in str(goods_flows(run).to_dict()["title"])
    True
    """
    check_grouping(by)
    flows = merged(trade_flows(run, by, in_money=False))
    if flows.is_empty():
        return nothing(_GOODS, _NO_GOODS)
    whole = flows["amount"].sum()
    unit = "share of all, each product counting the same"
    return _between(laid_out(flows.with_columns(flows["amount"] / whole)), _GOODS, by, unit, ".1%")


@chart("value-flows", _VALUE, group="finance", place=5, needs=("links",))
def value_flows(run: Run, by: Grouping | None = None) -> Chart:
    """Show from where to where the value of goods went.

    Ribbons from sellers to buyers and markets by country, or as *by* says; by tier where there is one country.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Value from sellers to buyers' in str(value_flows(run).to_dict()["title"])
    True
    """
    chosen: Grouping = by or ("country" if several(groups_of_sites(run, "country").values()) else "tier")
    check_grouping(chosen)
    flows = merged(trade_flows(run, chosen, in_money=True))
    if flows.is_empty():
        return nothing(_VALUE, "Nothing that has a price has been shipped yet.")
    return _between(laid_out(flows), _VALUE, chosen, "money, at the prices of the end", ",.4~g")


def _between(ribbons: Ribbons, title: str, by: Grouping, unit: str, form: str) -> Chart:
    """Return ribbons from sellers to buyers."""
    points = ribbons.points.unique("ribbon", maintain_order=True)
    return styled(
        drawn(ribbons, ("Sellers", "Buyers"), unit, form),
        title,
        f"Ribbons by {by} from {points['source'].n_unique()} groups of sellers to {points['target'].n_unique()} of "
        f"buyers, as wide as what went between them ({unit}).",
        f"By {by}; width: {unit}",
        finding(points, by),
    )


def finding(points: pl.DataFrame, by: Grouping) -> str:
    """Return in words what the widest ribbon is, and how much stays within its group; *points* are one of each ribbon.

    >>> import polars as pl
    >>> rows = {"source": ["A", "A"], "target": ["A", "B"], "amount": [1.0, 3.0]}
    >>> finding(pl.DataFrame(rows), "country")
    'Most goes from A to B (75 %); 25 % stays within its country'
    """
    whole = float(points["amount"].sum())
    source, target, amount = points.sort("amount", descending=True).select("source", "target", "amount").row(0)
    within = float(points.filter(points["source"] == points["target"])["amount"].sum()) / whole
    way = f"within {source}" if source == target else f"from {source} to {target}"
    return f"Most goes {way} ({percent(amount / whole)}); {percent(within)} stays within its {by}"


@chart("knowledge-flows", _KNOWLEDGE, group="learning", place=8, needs=("learners",))
def knowledge_to_fate(run: Run, by: Grouping = "tier") -> Chart:
    """Show through which channel knowledge came, who received it, and what became of it.

    Ribbons from channels to receivers, grouped by tier, country or cluster, and on to the fate of what they received.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Knowledge from its channel to its fate' in str(knowledge_to_fate(run).to_dict()["title"])
    True
    """
    check_grouping(by)
    if table_of(run, "learners").is_empty():
        return nothing(_KNOWLEDGE, NO_KNOWLEDGE)
    flows = merged(knowledge_rows(run, by))
    if flows.is_empty():
        return nothing(_KNOWLEDGE, "Nothing was transferred yet.")
    return styled(
        drawn(laid_out(flows), ("Channel, kind", f"Receivers by {by}", "Fate"), "units of the frontier", ",.3~g"),
        _KNOWLEDGE,
        f"Ribbons from four channels to receivers by {by} and on to three fates, as wide as the knowledge, summed over "
        "firms and functions.",
        f"By {by} of the receiver; width: units of the frontier, over all firms and functions",
        fate_finding(flows),
    )


def fate_finding(flows: pl.DataFrame) -> str:
    """Return in words which receivers made most and least of what they got; *flows* as `knowledge_rows` gives them.

    >>> import polars as pl
    >>> rows = {"stage": [1] * 4, "source": ["tier 1", "tier 1", "tier 2", "tier 2"], "target": [DONE, STALE] * 2}
    >>> fate_finding(pl.DataFrame(rows | {"amount": [3.0, 1.0, 1.0, 1.0]}))
    'Receivers in tier 1 make most of what they get (75 % becomes their own), those in tier 2 least (50 %)'
    """
    import polars as pl

    own = pl.col("amount").filter(pl.col("target") == DONE).sum() / pl.col("amount").sum()
    shares = flows.filter(pl.col("stage") == 1).group_by("source").agg(own=own).sort("own", "source")
    (low, least), (high, most) = shares.row(0), shares.row(-1)
    if low == high:
        return f"Receivers in {high} make {percent(most)} of what they get their own"
    said = f"Receivers in {high} make most of what they get ({percent(most)} becomes their own)"
    return f"{said}, those in {low} least ({percent(least)})"
