"""The chart of the bullwhip: how much more orders vary than demand, site by site and on average in each tier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.parts import named, rule_at, table_of, tier_names, tips
from gpnde.charts.theme import COLOURS, WIDTH, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_SITES = 800
"""Above this number of sites only tiers are drawn."""

_TITLE = "Bullwhip by tier"
_METRIC = "flow.bullwhip.tier."
_GOLDEN = 0.6180339887498949


def site_ratios(sites: pl.DataFrame) -> pl.DataFrame:
    """Return the variance of what each site ordered over that of what it was asked for, from one record to the next.

    It is taken from the first order of the site on. Sites that saw no variation, or did not order, have no row.
    Columns: site, firm, cluster, number (of the tier), ratio, and spread, a place from 0 to 1 that keeps neighbours
    apart.
    """
    import polars as pl

    first, began = sites["day"].min(), pl.col("ordered").cum_sum().over("site") > 0
    inside = sites.filter(began & (pl.col("day") > pl.lit(first, pl.Float64)))
    groups = inside.group_by("site", "firm", "cluster", "tier", maintain_order=True)
    # Steps of the golden ratio keep neighbours apart, however many there are.
    spread = ((pl.int_range(pl.len()) + 1) * _GOLDEN) % 1.0
    ratios = groups.agg(ratio=pl.col("ordered").var() / pl.col("demanded").var())
    known = ratios.filter(pl.col("ratio").is_finite() & (pl.col("ratio") > 0))
    return known.sort("tier", "site").with_columns(spread=spread, number=pl.col("tier"))


def tier_ratios(run: Run) -> pl.DataFrame:
    """Return the bullwhip of each tier: number (of the tier), ratio, measured (whether it is the metric of the run).

    A run that is not finished has no metrics yet; then it is the mean over the sites, from one record to the next.
    """
    import polars as pl

    metrics = table_of(run, "metrics").filter(pl.col("metric").str.starts_with(_METRIC))
    if metrics.height:
        tier = pl.col("metric").str.strip_prefix(_METRIC).cast(pl.Int64)
        return metrics.select(number=tier, ratio="value", measured=pl.lit(True)).sort("number")
    sites = site_ratios(table_of(run, "sites")).group_by("number").agg(pl.col("ratio").mean())
    return sites.with_columns(measured=pl.lit(False)).sort("number")


@chart("bullwhip", _TITLE, group="flow", place=4, needs=("sites",))
def bullwhip_by_tier(run: Run) -> Chart:
    """Show how much more orders vary than the demand that they answer.

    A point per site and a diamond per tier: variance of orders over that of demand, on a logarithmic axis.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("beer-game", {"clock.days": 91}))
    >>> 'Bullwhip by tier' in str(bullwhip_by_tier(run).to_dict()["title"])
    True
    """
    import altair as alt
    import polars as pl

    tiers = tier_ratios(run).filter(pl.col("ratio") > 0)
    if tiers.is_empty():
        return nothing(_TITLE, "No site has both demand that varies and orders to suppliers yet.")
    sites = site_ratios(table_of(run, "sites"))
    means = tiers.with_columns(tier=pl.col("number")).with_columns(tier_names(tiers["number"]))
    points = sites.with_columns(tier_names(sites["tier"]))
    drawn = [_points(points)] if 0 < points.height <= MOST_SITES else []
    said = ", ".join(f"tier {tier} {number(ratio)}" for tier, ratio in tiers.select("number", "ratio").iter_rows())
    layers = alt.LayerChart(layer=[rule_at(1.0), *drawn, _means(means), _figures(means)])
    return styled(
        layers.properties(width=WIDTH, height=260),
        _TITLE,
        f"Points by tier: variance of orders over variance of demand; mean by tier: {said}.",
        "Diamond: mean of a tier; dots: its sites, from one record to the next",
        finding(tiers),
    )


def finding(tiers: pl.DataFrame) -> str:
    """Return in words where orders vary most against demand, and whether they do so more from tier to tier.

    >>> import polars as pl
    >>> finding(pl.DataFrame({"number": [0, 1, 2], "ratio": [1.1, 1.4, 2.5]}))
    'Swings grow up the chain: orders of tier 2 vary 2.5 times as much as what is asked of it'
    >>> finding(pl.DataFrame({"number": [0, 1], "ratio": [0.9, 0.5]}))
    'No tier amplifies demand: tier 0 comes nearest, with 0.9 times the variance that it sees'
    """
    ratios = tiers.sort("number")["ratio"].to_list()
    place = max(range(len(ratios)), key=ratios.__getitem__)
    tier, most = tiers.sort("number")["number"][place], ratios[place]
    if most <= 1:
        return (
            f"No tier amplifies demand: tier {tier} comes nearest, with {number(most)} times the variance that it sees"
        )
    grows = len(ratios) > 1 and ratios == sorted(ratios)
    lead = (
        "Swings grow up the chain" if grows else "Swings are largest in one tier" if len(ratios) > 1 else "Swings grow"
    )
    return f"{lead}: orders of tier {tier} vary {number(most)} times as much as what is asked of it"


def _axes() -> tuple[alt.X, alt.Y]:
    import altair as alt

    tier = alt.X("tier:N", title="Tier (0 is the flagship)", axis=alt.Axis(labelAngle=0, grid=False))
    scale = alt.Scale(type="log", nice=False, padding=18)
    axis = alt.Axis(format="~g", tickCount=5)
    return tier, alt.Y("ratio:Q", title="Bullwhip ratio: Var(orders) / Var(demand) (1)", scale=scale, axis=axis)


def _points(rows: pl.DataFrame) -> alt.Chart:
    import altair as alt

    tier, ratio = _axes()
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_circle(size=45, color=COLOURS[5], fillOpacity=0.75)
        .encode(
            x=tier,
            xOffset=alt.XOffset("spread:Q", scale=alt.Scale(domain=[-0.6, 1.6])),
            y=ratio,
            tooltip=tips(("site", "Site", ""), ("firm", "Firm", ""), ("tier", "Tier", ""), ("ratio", "Ratio", ".3~g")),
        )
    )
    return chart


def _means(rows: pl.DataFrame) -> alt.Chart:
    import altair as alt

    tier, ratio = _axes()
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_point(shape="diamond", size=180, filled=True, color=COLOURS[0], opacity=1)
        .encode(x=tier, y=ratio, tooltip=tips(("tier", "Tier", ""), ("ratio", "Mean ratio", ".3~g")))
    )
    return chart


def _figures(rows: pl.DataFrame) -> alt.LayerChart:
    import altair as alt

    tier, ratio = _axes()
    text = alt.Text("ratio:Q", format=".3~g")
    return named(alt.Chart(rows).encode(x=tier, y=ratio, text=text), dx=12, align="left")
