"""The contract of the result tables: every column with its unit and meaning."""

from __future__ import annotations

from typing import NamedTuple

from gpnde.vocabulary import CHANNELS, KNOWLEDGE_KINDS


class Column(NamedTuple):
    """Unit and meaning of one column of a result table."""

    unit: str
    doc: str


_NAME = "name"
_DAY = Column("day", "Days since the start of the run.")

_FATES = {"transferred": "Received", "internalised": "Internalised", "stale": "Gone stale"}


def _books_of_knowledge() -> dict[str, Column]:
    """Return the running totals of receipts by fate, channel and kind of knowledge, and of what firms created."""
    books = {
        f"{fate}_{channel}_{kind}": Column("1", f"{doc} since day 0 of {kind} knowledge by {channel} channels.")
        for fate, doc in _FATES.items()
        for channel in CHANNELS
        for kind in KNOWLEDGE_KINDS
    }
    for kind in KNOWLEDGE_KINDS:
        books[f"created_{kind}"] = Column("1", f"Created since day 0, alone or jointly, of {kind} knowledge.")
    return books


TABLES: dict[str, dict[str, Column]] = {
    "firms": {
        "day": _DAY,
        "firm": Column(_NAME, "Firm."),
        "tier": Column("1", "Tier; the flagship is 0."),
        "role": Column(_NAME, "Role in the network."),
        "active": Column("1", "1 while the firm is in the network."),
        "cash": Column("money", "Balance; negative on credit."),
        "receivable": Column("money", "Owed to the firm."),
        "payable": Column("money", "Owed by the firm."),
        "revenue": Column("money", "Invoiced since the previous row."),
        "expense": Column("money", "Purchases, value added, fixed cost, interest and taxes since the previous row."),
    },
    "sites": {
        "day": _DAY,
        "site": Column(_NAME, "Site."),
        "firm": Column(_NAME, "Firm that owns it."),
        "cluster": Column(_NAME, "Cluster that it lies in."),
        "product": Column(_NAME, "Product that it makes."),
        "tier": Column("1", "Tier of the firm."),
        "up": Column("1", "1 while the site works, 0 while it is out, closed or not yet open."),
        "on_hand": Column("unit", "Finished stock."),
        "inputs": Column("unit", "Stock of inputs, all kinds added."),
        "in_production": Column("unit", "Started and not yet finished."),
        "backlog": Column("unit", "Ordered by buyers and markets and not yet shipped."),
        "on_order": Column("unit", "Ordered from suppliers and not yet received."),
        "demanded": Column("unit", "Asked for by buyers and markets since the previous row."),
        "shipped": Column("unit", "Sent since the previous row."),
        "produced": Column("unit", "Good units finished since the previous row."),
        "ordered": Column("unit", "Ordered from suppliers since the previous row."),
    },
    "tiers": {
        "day": _DAY,
        "tier": Column("1", "Tier; the flagship is 0."),
        "sites_up": Column("1", "Sites at work."),
        "on_hand": Column("unit", "Finished stock."),
        "backlog": Column("unit", "Ordered and not yet shipped."),
        "in_transit": Column("unit", "On the way from sites of this tier."),
        "demanded": Column("unit", "Asked for since the previous row."),
        "shipped": Column("unit", "Sent since the previous row."),
        "cash": Column("money", "Sum of balances."),
        "dropouts": Column("1", "Links and firms of this tier that ended since the previous row."),
    },
    "links": {
        "link": Column("1", "Number of the link."),
        "supplier": Column(_NAME, "Supplying site, or outside."),
        "buyer": Column(_NAME, "Buying site."),
        "product": Column(_NAME, "Product delivered."),
        "contract": Column(_NAME, "Kind of contract."),
        "status": Column(_NAME, "active or ended."),
        "share": Column("1", "Share of the buyer's need at the end."),
        "opened_day": Column("day", "Day on which it began."),
        "closed_day": Column("day", "Day on which it ended; empty while active."),
        "orders": Column("1", "Order lines placed."),
        "ordered": Column("unit", "Quantity ordered."),
        "shipped": Column("unit", "Quantity sent."),
        "received": Column("unit", "Quantity received."),
        "in_transit": Column("unit", "On the way at the end."),
        "on_time_share": Column("1", "Order lines received whole by the promised day."),
        "mean_delivery_days": Column("day", "Mean time from placing an order to receiving the whole of it."),
        "score": Column("1", "Last score; empty before the first review."),
        "price": Column("money", "Price of one unit at the end."),
    },
    "markets": {
        "day": _DAY,
        "market": Column(_NAME, "Market."),
        "product": Column(_NAME, "Product bought."),
        "region": Column(_NAME, "Region."),
        "demanded": Column("unit", "Asked for, and due since the previous row."),
        "filled": Column("unit", "Shipped from stock in the period in which it was due, since the previous row."),
        "shipped": Column("unit", "Sent since the previous row."),
        "delivered": Column("unit", "Arrived since the previous row."),
        "lost": Column("unit", "Unmet and lost since the previous row."),
        "backlog": Column("unit", "Due and not yet sent."),
        "price": Column("money", "Price of one unit."),
    },
    "generations": {
        "day": _DAY,
        "market": Column(_NAME, "Market in which firms are rivals."),
        "firm": Column(_NAME, "Firm that sells there."),
        "product": Column(_NAME, "Product sold."),
        "generation": Column("1", "Number of its newest generation; 0 where the product has none."),
        "launched_day": Column("day", "Day of its launch, below 0 before the start of the run."),
        "quality": Column("1", "Quality of the newest generation, less what it has lost since its launch."),
        "availability": Column("1", "Share of buyers who consider the newest generation."),
        "cost": Column("money", "Variable cost of one more unit."),
        "price": Column("money", "Price of one unit, without duties."),
        "share": Column("1", "Share of what the market asks for."),
        "sold": Column("unit", "Sent since the previous row."),
    },
    "orders": {
        "order": Column("1", "Number, by time of completion."),
        "link": Column("1", "Number of the link."),
        "supplier": Column(_NAME, "Supplying site, or outside."),
        "buyer": Column(_NAME, "Buying site."),
        "quantity": Column("unit", "Quantity ordered."),
        "placed_day": Column("day", "Day on which it was placed."),
        "promised_day": Column("day", "Day promised for the whole."),
        "shipped_day": Column("day", "Day on which the last part left; empty if it has not."),
        "received_day": Column("day", "Day on which the last part arrived; empty if it has not."),
        "status": Column(_NAME, "open, received, lost or cancelled."),
    },
    "sales": {
        "order": Column("1", "Number, by time of completion."),
        "market": Column(_NAME, "Market."),
        "supplier": Column(_NAME, "Serving site."),
        "quantity": Column("unit", "Quantity asked for."),
        "placed_day": Column("day", "Day on which it was asked for."),
        "promised_day": Column("day", "Day promised for the whole."),
        "shipped_day": Column("day", "Day on which the last part left; empty if it has not."),
        "received_day": Column("day", "Day on which the last part arrived; empty if it has not."),
        "status": Column(_NAME, "open, received, lost or cancelled."),
    },
    "events": {
        "day": _DAY,
        "kind": Column(_NAME, "What happened, in the past tense: site_failed, link_dropped, bid_awarded …"),
        "cause": Column(_NAME, "score, finance, buffer-role, outage, contract-end, policy; empty where none applies."),
        "firm": Column(_NAME, "Firm concerned."),
        "site": Column(_NAME, "Site concerned; of a link, its supplier."),
        "buyer": Column(_NAME, "Buying site of a link concerned."),
        "component": Column(_NAME, "Component that brought it about, or engine."),
        "value": Column("1", "Score, price, hours, days or strikes, as the kind says."),
    },
    "knowledge": {
        "day": _DAY,
        "firm": Column(_NAME, "Firm."),
        "tier": Column("1", "Tier; the flagship is 0."),
        "function": Column(_NAME, "Function, on the ladder or beside it."),
        "codified": Column("1", "Own codified knowledge, relative to the frontier."),
        "tacit": Column("1", "Own tacit knowledge, relative to the frontier."),
        "waiting": Column("1", "Transferred and not internalised yet, both kinds added."),
        "internalised": Column("1", "Internalised since day 0, both kinds added."),
        "capability": Column("1", "What codified and tacit knowledge amount to together."),
        "performed": Column("1", "1 while the firm performs the function."),
    },
    "learners": {
        "day": _DAY,
        "firm": Column(_NAME, "Firm."),
        "tier": Column("1", "Tier; the flagship is 0."),
        "role": Column(_NAME, "Role in the network."),
        "cluster": Column(_NAME, "Home cluster."),
        "present": Column("1", "1 while the firm is in the network."),
        "effort": Column("1", "Effort spent on learning, 0 to 1."),
        "absorptive_capacity": Column("1", "Share of the highest rate at which it internalises."),
        "score": Column("1", "Mean of its last scores; 1 where it is not scored."),
        **_books_of_knowledge(),
    },
    "upgrades": {
        "day": _DAY,
        "firm": Column(_NAME, "Firm."),
        "tier": Column("1", "Tier; the flagship is 0."),
        "kind": Column(_NAME, "upgrade or downgrade."),
        "function": Column(_NAME, "Function taken on or lost."),
        "reason": Column(_NAME, "award, capability or brand-failed."),
        "capability": Column("1", "Capability in the function."),
        "contract": Column(_NAME, "Contract that goes with the functions of the firm from then on."),
    },
    "policies": {
        "day": _DAY,
        "policy": Column(_NAME, "Policy, by its name in the run."),
        "is_on": Column("1", "1 if it was in force in the time that the row ends and has money left."),
        "meant": Column("1", "Firms of the target group."),
        "reached": Column("1", "Firms that its administration serves."),
        "cost": Column("money", "Fiscal cost since day 0."),
        "revenue": Column("money", "Revenue since day 0: duties and fees."),
        "beneficiaries": Column("1", "Firms that have got anything since day 0."),
        "leakage": Column("money", "Part of the cost since day 0 that went to firms outside the target group."),
    },
    "plants": {
        "day": _DAY,
        "site": Column(_NAME, "Site whose product takes labour."),
        "firm": Column(_NAME, "Firm that owns it."),
        "cluster": Column(_NAME, "Cluster that it lies in."),
        "country": Column(_NAME, "Country that it lies in."),
        "tier": Column("1", "Tier of the firm."),
        "open": Column("1", "1 where it is open, else 0."),
        "employees": Column("1", "Persons employed."),
        "load": Column("1", "Share of staff that its output needs; above 1 on overtime."),
        "capacity": Column("unit/day", "Units started per day at most."),
        "unit_cost": Column("money/unit", "Full cost of a good unit at normal load."),
        "materials": Column("money/unit", "Part of it for materials, landed and scrap included."),
        "labour": Column("money/unit", "Part of it for labour."),
        "fixed": Column("money/unit", "Part of it for plant and standing staff at normal load."),
        "bought_in": Column("money/unit", "Part of it for services, changing over and distance."),
        "experience": Column("unit", "Output that counts as experience with the product generation."),
        "plant_value": Column("money", "Plant when new."),
        "book_value": Column("money", "Plant less depreciation."),
    },
    "plant_lines": {
        "day": _DAY,
        "plant": Column(_NAME, "Plant that several sites share."),
        "site": Column(_NAME, "Site that is a line of it."),
        "product": Column(_NAME, "Product of the line."),
        "firm": Column(_NAME, "Firm that owns it."),
        "started": Column("unit", "Started since the previous row."),
        "busy_days": Column("day", "Time for which the plant worked on the line since the previous row."),
        "setup_days": Column("day", "Time for which the plant was set up for the line since the previous row."),
        "idle_days": Column("day", "Time that the plant had for the line without work since the previous row."),
        "changeovers": Column("1", "How often the plant changed over to the line since the previous row."),
        "setup_cost": Column("money", "Cost of changing over to the line since the previous row."),
    },
    "site_changes": {
        "site": Column(_NAME, "Site that its firm built or closed in the run."),
        "like": Column(_NAME, "Site of the scenario that it is equipped like; itself where it stands in the scenario."),
        "firm": Column(_NAME, "Firm that owns it."),
        "cluster": Column(_NAME, "Cluster that it lies in."),
        "opened_day": Column("day", "Day on which it opened; null where it did not, or stands in the scenario."),
        "closed_day": Column("day", "Day on which it closed for good; null where it did not."),
    },
    "accounts": {
        "day": _DAY,
        "firm": Column(_NAME, "Firm."),
        "tier": Column("1", "Tier; the flagship is 0."),
        "statement": Column(_NAME, "income, for the time since the previous row of it, or balance, on the day."),
        "item": Column(_NAME, "What it is."),
        "amount": Column("money", "Income and what is owned above 0, expense and what is owed below 0."),
    },
    "agreements": {
        "day": _DAY,
        "supplier": Column(_NAME, "Site that delivers."),
        "buyer": Column(_NAME, "Site that orders."),
        "product": Column(_NAME, "What is delivered."),
        "tier": Column("1", "Tier of the supplier."),
        "offer": Column("money/unit", "What the supplier asked for at least, by its load and that of its rivals."),
        "outside_option": Column("money/unit", "Price at which the buyer would be as well off with others."),
        "variable_cost": Column("money/unit", "Cost of a unit that the supplier does not have when it makes none."),
        "price": Column("money/unit", "Price that both agreed upon."),
    },
    "expectations": {
        "day": _DAY,
        "firm": Column(_NAME, "Firm."),
        "tier": Column("1", "Tier; the flagship is 0."),
        "expected_income": Column("money/day", "What it expected to earn by its trade in the quarter that ended."),
        "income": Column("money/day", "What it earned: sales less the variable cost of them."),
        "expected_gain": Column("1", "Rise of mean capability that it expected at the last review."),
        "gain": Column("1", "Rise of mean capability since the last review."),
        "capability_worth": Column("money", "Present value of a unit of mean capability, as it reckons now."),
        "hurdle": Column("1", "Factor by which the worth of an investment has to exceed its cost."),
        "effort": Column("1", "Effort that it chose now."),
    },
    "trade": {
        "day": _DAY,
        "origin": Column(_NAME, "Country of the seller's site."),
        "destination": Column(_NAME, "Country of the buyer's site, or of the market."),
        "value": Column("money", "Invoiced since the previous row."),
    },
    "services": {
        "day": _DAY,
        "cluster": Column(_NAME, "Cluster."),
        "country": Column(_NAME, "Country that it lies in."),
        "nearby": Column("1", "Share of its services that a plant there finds nearby."),
        "bought_nearby": Column("money", "Bought from providers nearby since the previous row."),
        "bought_elsewhere": Column("money", "Bought from others since the previous row."),
    },
    "exchange": {
        "day": _DAY,
        "country": Column(_NAME, "Country."),
        "rate": Column("1", "Value of its currency in world money; 1 on day 0."),
    },
    "countries": {
        "day": _DAY,
        "country": Column(_NAME, "Country."),
        "institutions": Column("1", "Help of its innovation system with learning."),
        "frontier": Column("1", "Highest knowledge that its research reaches."),
        "public_expertise": Column("1", "Expertise of its public sector."),
        "spent": Column("money", "Public budgets of the months that have ended since the previous row."),
    },
    "costs": {
        "day": _DAY,
        "site": Column(_NAME, "Site that bears it; empty where its firm does as a whole."),
        "firm": Column(_NAME, "Firm that bears it."),
        "tier": Column("1", "Tier of the firm."),
        "link": Column("1", "Number of the link that it is for; empty where it is for none."),
        "supplier": Column(_NAME, "Supplying site of that link, or outside."),
        "kind": Column(_NAME, "What it is for: holding, ordering, freight …"),
        "amount": Column("money", "Spent since the previous row."),
    },
    "metrics": {
        "metric": Column(_NAME, "Name; dots separate its parts."),
        "value": Column("1", "Value, in the unit of the next column."),
        "unit": Column(_NAME, "Unit of the value."),
    },
}
"""Tables by name, each with its columns in order."""

LATER = frozenset(
    {
        "plants",
        "plant_lines",
        "site_changes",
        "accounts",
        "exchange",
        "countries",
        "generations",
        "agreements",
        "expectations",
        "services",
        "trade",
        "costs",
    }
)
"""Tables that runs did not have at first: without rows they do not count in fingerprints, which so stay the same."""

TEXT_COLUMNS = frozenset(
    name for columns in TABLES.values() for name, column in columns.items() if column.unit == _NAME
)
"""Columns that hold text; all others hold numbers."""
