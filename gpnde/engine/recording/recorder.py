"""The recorder: rows of the time series at regular times, and the state at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gpnde.contracts import CONTRACTS
from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.results.tables import Coded, Values
from gpnde.vocabulary import OUTSIDE, ROLES
from gpnde.world.allocation import open_orders
from gpnde.world.layout import CANCELLED, LEDGER, LOST, OPEN, RECEIVED, Floats, Records

_STATUS = {OPEN: "open", RECEIVED: "received", LOST: "lost", CANCELLED: "cancelled"}
_SITE_FLOWS = {"demanded": "total_demand", "shipped": "shipped", "produced": "produced", "ordered": "ordered"}
_MARKET_FLOWS = ("demanded", "filled", "delivered", "lost")
_FIRM_STOCKS = ("active", "cash", "receivable", "payable")
_FIRM_FLOWS = ("revenue", "expense")
_LINE_TOTALS = (
    "completed", "unfulfilled", "placed", "cancelled", "shipped", "received", "lost", "on_time", "delivery_ticks",
)  # fmt: skip


class Series:
    """Rows of one table: at every recorded time all entities that there are by then, new ones last."""

    def __init__(self) -> None:
        """Begin without rows; flows are differences of running totals from zero."""
        self._rows: dict[str, list[Floats]] = {}
        self._totals: dict[str, Floats] = {}
        self._days: list[float] = []

    def add(self, day: float, stocks: Mapping[str, Any], totals: Mapping[str, Any]) -> None:
        """Add a row for every entity: *stocks* as they are, *totals* as the change since the last row."""
        self._days.append(day)
        for name, values in stocks.items():
            # A copy, since records go on changing in place.
            self._rows.setdefault(name, []).append(np.array(values, dtype=np.float64))
        for name, values in totals.items():
            now = np.array(values, dtype=np.float64)
            change, then = now.copy(), self._totals.get(name, np.zeros(0))
            # Entities that are new have no earlier total, and begin from 0.
            change[: len(then)] -= then
            self._rows.setdefault(name, []).append(change)
            self._totals[name] = now

    @property
    def _counts(self) -> list[int]:
        """How many entities there were at every recorded time."""
        return [len(values) for values in next(iter(self._rows.values()), ())]

    def columns(self) -> dict[str, Any]:
        """Return the rows as columns, time by time, with the day first."""
        columns: dict[str, Any] = {"day": np.repeat(np.array(self._days), self._counts)}
        columns.update({name: np.concatenate(values) for name, values in self._rows.items()})
        return columns

    def repeated(self, values: Sequence[Any]) -> Values:
        """Return what does not change over time, once per recorded time."""
        numbers = np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(count) for count in self._counts)])
        if values and isinstance(values[0], str):
            return Coded(numbers, values)
        repeated: Values = np.asarray(values)[numbers]
        return repeated


class Recorder(Subsystem):
    """Watches a world and keeps what the result tables show."""

    name = "recorder"

    def __init__(self, context: RunContext) -> None:
        """Begin without rows."""
        super().__init__(context)
        world = self.world
        self._entities = world.scenario.record.entities
        self._sites, self._firms, self._markets, self._tiers = Series(), Series(), Series(), Series()
        self._closed: list[Records] = []
        self._tier_count = int(world.firms["tier"].max(initial=0) + 1)
        self._warm_up = self.timeline.tick(world.scenario.clock.warm_up_days)
        self._recorded = -1

    def start(self) -> None:
        """Plan the rows: at the start, at every recorded time, and at the end of the warm-up."""
        self.plan_steps(self.world.scenario.record.every_days, Phase.RECORD, from_start=True)
        if self._warm_up:
            self.plan(self._warm_up, Phase.RECORD, "step")

    def finish(self) -> None:
        """Add the rows of the horizon."""
        self.step()

    def tables(self) -> Mapping[str, Columns]:
        """Return the tables that describe the network over time, and its links as they are now."""
        return {
            "firms": self.firms_table(),
            "sites": self.sites_table(),
            "tiers": self.tiers_table(),
            "links": self.links_table(),
            "markets": self.markets_table(),
        }

    def keep_closed(self, orders: Records) -> None:
        """Keep orders that have ended."""
        self._closed.append(orders)

    def step(self) -> None:
        """Add a row to every series, once at a time."""
        if self._recorded == self.timeline.now:
            return
        self._recorded, day = self.timeline.now, self.timeline.today
        self._record_tiers(day)
        self._record_markets(day)
        if self._entities or self.timeline.now >= self.timeline.ticks or self.timeline.now == self._warm_up > 0:
            self._record_sites(day)
            self._record_firms(day)

    def _record_sites(self, day: float) -> None:
        sites, inputs = self.world.state.sites, self.world.state.inputs
        stocks = {
            "up": sites["down"] == 0,
            "on_hand": sites["on_hand"],
            "inputs": np.bincount(inputs["site"], inputs["stock"], len(sites)),
            "in_production": sites["wip"],
            "backlog": sites["backlog"],
            "on_order": np.bincount(inputs["site"], inputs["on_order"], len(sites)),
        }
        self._sites.add(day, stocks, {name: sites[field] for name, field in _SITE_FLOWS.items()})

    def _record_firms(self, day: float) -> None:
        firms = self.world.firms
        self._firms.add(day, {name: firms[name] for name in _FIRM_STOCKS}, {name: firms[name] for name in _FIRM_FLOWS})

    def _record_markets(self, day: float) -> None:
        markets, lines = self.world.state.markets, self.world.state.lines
        sold = np.flatnonzero(lines["market"] >= 0)
        market, count = lines["market"][sold], len(markets)
        stocks = {
            "backlog": np.bincount(market, lines["backlog"][sold], count),
            "price": np.bincount(market, lines["price"][sold] * lines["share"][sold], count),
        }
        totals = {name: markets[name] for name in _MARKET_FLOWS}
        self._markets.add(day, stocks, {**totals, "shipped": np.bincount(market, lines["shipped"][sold], count)})

    def _record_tiers(self, day: float) -> None:
        sites, firms = self.world.state.sites, self.world.firms
        tier, count = sites["tier"], self._tier_count
        lines = self.world.state.lines
        sent = np.flatnonzero(lines["supplier"] >= 0)
        stocks = {
            "sites_up": np.bincount(tier, sites["down"] == 0, count),
            "on_hand": np.bincount(tier, sites["on_hand"], count),
            "backlog": np.bincount(tier, sites["backlog"], count),
            "in_transit": np.bincount(tier[lines["supplier"][sent]], lines["in_transit"][sent], count),
            "cash": np.bincount(firms["tier"], firms["cash"], count),
        }
        totals = {
            "demanded": np.bincount(tier, sites["total_demand"], count),
            "shipped": np.bincount(tier, sites["shipped"], count),
            "dropouts": self.context.journal.dropouts_by_tier,
        }
        self._tiers.add(day, stocks, totals)

    def sites_table(self) -> Columns:
        """Return the table ``sites``."""
        names, sites = self.world.names, self.world.scenario.sites
        fixed = {
            "site": names.sites,
            "firm": [site.firm for site in sites],
            "cluster": [site.cluster or "" for site in sites],
            "product": [site.product for site in sites],
            "tier": self.world.state.sites["tier"].tolist(),
        }
        return self._with(self._sites, fixed)

    def firms_table(self) -> Columns:
        """Return the table ``firms``."""
        firms = self.world.firms
        fixed = {
            "firm": self.world.names.firms,
            "tier": firms["tier"].tolist(),
            "role": [ROLES[role] for role in firms["role"].tolist()],
        }
        return self._with(self._firms, fixed)

    def markets_table(self) -> Columns:
        """Return the table ``markets``."""
        markets = self.world.scenario.markets
        fixed = {
            "market": self.world.names.markets,
            "product": [market.product for market in markets],
            "region": [market.region or "" for market in markets],
        }
        return self._with(self._markets, fixed)

    def tiers_table(self) -> Columns:
        """Return the table ``tiers``."""
        return self._with(self._tiers, {"tier": list(range(self._tier_count))})

    def _with(self, series: Series, fixed: Mapping[str, Any]) -> Columns:
        return {**series.columns(), **{name: series.repeated(values) for name, values in fixed.items()}}

    def links_table(self, before: Records | None = None) -> Columns:
        """Return the table ``links`` as links are now; totals count from when they were as *before*, or from day 0."""
        state = self.world.state
        numbers = np.flatnonzero(state.lines["market"] < 0)
        lines = state.lines[numbers] if before is None else _since(before, state.lines)[numbers]
        completed = np.where(lines["completed"] > 0, lines["completed"], np.nan)
        still_open = np.bincount(open_orders(state)[1], minlength=len(state.lines))[numbers]
        return {
            "link": numbers,
            "supplier": self._site_names(lines["supplier"]),
            "buyer": self._site_names(lines["buyer"]),
            "product": [self.world.names.products[number] for number in lines["product"].tolist()],
            "contract": [CONTRACTS[number] for number in lines["contract"].tolist()],
            "status": ["active" if active else "ended" for active in lines["active"].tolist()],
            "share": lines["share"],
            "opened_day": self._days(lines["opened"]),
            "closed_day": self._days(lines["closed"]),
            "orders": lines["completed"] + lines["unfulfilled"] + still_open,
            # What is cancelled is taken out of what was placed.
            "ordered": lines["placed"] + lines["cancelled"],
            "shipped": lines["shipped"],
            # Goods that are lost on the way count as received as well, which closes their orders.
            "received": lines["received"] - lines["lost"],
            "in_transit": lines["in_transit"],
            "on_time_share": lines["on_time"] / completed,
            "mean_delivery_days": lines["delivery_ticks"] / completed * self.timeline.tick_days,
            "score": self.world.trade["score"][numbers],
            "price": lines["price"],
        }

    def order_tables(self) -> tuple[Columns, Columns]:
        """Return the tables ``orders`` and ``sales``: orders that have ended, then those still open."""
        rows = np.concatenate([*self._closed, self._open_orders()])
        rows = rows[:0] if not self.world.scenario.record.orders else rows
        market = self.world.state.lines["market"][rows["line"]]
        supply, sold = rows[market < 0], rows[market >= 0]
        orders = self._order_columns(supply)
        orders["link"] = supply["line"]
        orders["buyer"] = self._site_names(self.world.state.lines["buyer"][supply["line"]])
        sales = self._order_columns(sold)
        sales["market"] = Coded(self.world.state.lines["market"][sold["line"]], self.world.names.markets)
        return orders, sales

    def _order_columns(self, rows: Records) -> dict[str, Any]:
        return {
            "order": np.arange(len(rows)),
            "supplier": self._site_names(self.world.state.lines["supplier"][rows["line"]]),
            "quantity": rows["quantity"],
            "placed_day": self._days(rows["placed"]),
            "promised_day": self._days(rows["promised"]),
            "shipped_day": self._days(rows["shipped"]),
            "received_day": self._days(rows["received"]),
            "status": Coded(rows["status"], [_STATUS[status] for status in range(len(_STATUS))]),
        }

    def _open_orders(self) -> Records:
        """Return the orders that are open at the end, in the form of the ledger, by link and age."""
        opened, where = open_orders(self.world.state)
        rows = np.zeros(len(opened), dtype=LEDGER)
        for name in ("placed", "promised", "shipped"):
            rows[name] = opened[name]
        # Below 0 it marks an order of which a part was lost; its size is what was ordered.
        rows["quantity"], rows["line"] = np.abs(opened["quantity"]), where
        rows["received"], rows["status"] = -1, OPEN
        return rows

    def _site_names(self, numbers: Any) -> Coded:
        names = self.world.names.sites
        return Coded(np.where(numbers >= 0, numbers, len(names)), [*names, OUTSIDE])

    def _days(self, ticks: Any) -> Floats:
        """Return ticks as days; -1 stands for never."""
        return np.where(ticks >= 0, ticks * self.timeline.tick_days, np.nan)


def _since(before: Records, lines: Records) -> Records:
    """Return *lines* whose totals count from when the first of them were as *before*."""
    changed = lines.copy()
    for name in _LINE_TOTALS:
        changed[name][: len(before)] -= before[name]
    return changed
