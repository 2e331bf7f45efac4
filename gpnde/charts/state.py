"""The state of every site on a day: at work or not, with what stock, backlog and capability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gpnde.charts.parts import at_day, last_day, table_of
from gpnde.results.history import History
from gpnde.results.metric import firms_of, is_open
from gpnde.vocabulary import ROLES

if TYPE_CHECKING:
    import polars as pl

    from gpnde.results.run import Run

WORKS, OUT, CLOSED = "works", "out of order", "not open"
STATES = (WORKS, OUT, CLOSED)


def site_states(run: Run, day: float | None = None) -> pl.DataFrame:
    """Return one row per site of the scenario with its state on a *day*, the last recorded one if left out.

    Columns: site, firm, tier, role, cluster, region, state, on_hand, backlog (units), asked (units a day, mean so
    far), shipped (units in the whole run) and capability of its firm; null what was not recorded.
    """
    import polars as pl

    today = last_day(run) if day is None else day
    sites = table_of(run, "sites")
    now = at_day(sites, today).select("site", "up", "on_hand", "backlog")
    until = sites.filter(pl.col("day") <= max(today, 1e-9))
    asked = until.group_by("site").agg(asked=pl.col("demanded").sum() / max(today, 1.0))
    joined = _places(run.network, today).join(now, "site", how="left").join(asked, "site", how="left")
    joined = joined.join(_shipped(run), "site", how="left").join(_firms(run, today), "firm", how="left")
    gone = (pl.col("active") == 0) | ~pl.col("is_open")
    state = pl.when(gone).then(pl.lit(CLOSED)).when(pl.col("up") == 0).then(pl.lit(OUT)).otherwise(pl.lit(WORKS))
    return joined.with_columns(state.alias("state"), pl.col("shipped").fill_null(0.0)).drop("up", "active", "is_open")


def _places(scenario: Mapping[str, Any], day: float) -> pl.DataFrame:
    """Return what the scenario says of each site, and whether it is open on a day."""
    import polars as pl

    firms = firms_of(scenario)
    regions = {cluster["name"]: cluster.get("region") or "" for cluster in scenario.get("clusters") or ()}
    rows = [_place(site, firms[site["firm"]], regions, day) for site in scenario["sites"]]
    return pl.DataFrame(rows, schema=_PLACE_SCHEMA, orient="row")


_PLACE_SCHEMA = {"site": str, "firm": str, "tier": int, "role": str, "cluster": str, "region": str, "is_open": bool}


def _place(site: Mapping[str, Any], firm: Mapping[str, Any], regions: Mapping[str, str], day: float) -> tuple[Any, ...]:
    cluster, role = site.get("cluster") or "", firm.get("role") or "supplier"
    where = cluster, regions.get(cluster, ""), is_open(site, day)
    return site["name"], site["firm"], int(firm.get("tier", 1)), role, *where


def _shipped(run: Run) -> pl.DataFrame:
    """Return what each site sent in the whole run, from links where sites were not recorded (units)."""
    import polars as pl

    sent = table_of(run, "sites").group_by("site").agg(pl.col("shipped").sum())
    if sent.height:
        return sent
    return table_of(run, "links").group_by(pl.col("supplier").alias("site")).agg(pl.col("shipped").sum())


def _firms(run: Run, day: float) -> pl.DataFrame:
    """Return whether each firm is active on a day, and how capable it is; null where that is not known."""
    import polars as pl

    names = pl.DataFrame({"firm": [firm["name"] for firm in run.scenario["firms"]]}, schema={"firm": pl.String})
    active = at_day(table_of(run, "firms"), day).select("firm", "active")
    known = names.join(active, "firm", how="left")
    if run.history is None:
        return known.with_columns(capability=pl.lit(None, pl.Float64))
    able = run.history.mean_capability[time_of(run.history, day)]
    return known.join(pl.DataFrame({"firm": run.history.firms, "capability": able}).fill_nan(None), "firm", how="left")


def time_of(history: History, day: float | None) -> int:
    """Return the number of the last record that is not after a *day*, of the very last one if it is left out."""
    if day is None:
        return len(history.days) - 1
    return max(int(np.searchsorted(history.days, day, side="right")) - 1, 0)


def grouped(states: pl.DataFrame, members: Mapping[str, str]) -> pl.DataFrame:
    """Return the state of groups of sites, *members* telling the group of each: group, state, working, open and more.

    A group works if any of its sites does, and is out of order if any is and none works. Its role is that of most of
    its sites; firm, site and cluster are empty where it has more than one.
    """
    import polars as pl

    inside = states.filter(pl.col("site").is_in(list(members)))
    named = inside.with_columns(group=pl.col("site").replace_strict(members, return_dtype=pl.String))
    rank = pl.col("state").replace_strict({state: rank for rank, state in enumerate(STATES)}, return_dtype=pl.Int64)
    sums = [pl.col(name).sum() for name in ("on_hand", "backlog", "asked")]
    counts = {"working": (pl.col("state") == WORKS).sum(), "open": (pl.col("state") != CLOSED).sum()}
    groups = named.group_by("group", maintain_order=True).agg(
        *sums,
        *(_the_only(name) for name in ("firm", "site", "cluster")),
        pl.col("capability").mean(),
        **counts,
        # Sorted, so that of roles that are equally frequent it is always the same one.
        role=pl.col("role").sort().mode(maintain_order=True).first(),
        state=rank.min().replace_strict(dict(enumerate(STATES)), return_dtype=pl.String),
    )
    waiting = pl.when(pl.col("asked") > 0).then(pl.col("backlog") / pl.col("asked")).otherwise(0.0)
    return groups.with_columns(waiting=waiting.fill_null(0.0))


def _the_only(name: str) -> pl.Expr:
    """Return the value of a column where a group has only one, else an empty text."""
    import polars as pl

    return pl.when(pl.col(name).n_unique() == 1).then(pl.col(name).first()).otherwise(pl.lit("")).alias(name)


def roles_in(states: pl.DataFrame) -> list[str]:
    """Return the roles that occur, the known ones in the order of the hierarchy."""
    found = set(states["role"])
    return [role for role in ROLES if role in found] + sorted(found - set(ROLES))
