"""The words and calendar constants of the model, each written once: for scenarios, engine, results and charts alike.

Contracts are records, which stand in `gpnde.contracts`.
"""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["brand-leader", "contract-manufacturer", "lead-supplier", "supplier", "price-breaker", "capacity-buffer"]
Function = Literal[
    "sales_distribution",
    "assembly_test",
    "component_mfg",
    "engineering",
    "product_dev",
    "system_integration",
    "sc_coordination",
    "strategic_marketing",
]
Cause = Literal["score", "finance", "buffer-role", "outage", "contract-end", "policy", "tender"]
KnowledgeKind = Literal["codified", "tacit"]
Channel = Literal["formal", "informal"]
Account = Literal[
    "sales",
    "purchases",
    "production",
    "labour",
    "upkeep",
    "freight",
    "duties",
    "interest",
    "exchange",
    "dividends",
    "learning",
    "upgrading",
    "investment",
    "transfers",
    "components",
    "liquidation",
    "credit_losses",
    "depreciation",
    "write_offs",
    "taxes",
    "holding",
    "pipeline",
    "stockout",
    "shortage",
    "ordering",
    "disposal",
]
StockCost = Literal["holding", "pipeline", "stockout", "shortage", "ordering", "disposal"]
CostKind = Literal[
    "holding",
    "pipeline",
    "stockout",
    "shortage",
    "ordering",
    "freight",
    "duty",
    "production",
    "disposal",
    "capital",
    "setup",
]

Grouping = Literal["tier", "country", "cluster"]
"""What firms and sites are grouped by: tiers of firms, or the countries or clusters that sites lie in."""

ROLES: tuple[Role, ...] = get_args(Role)
"""Roles of firms by number."""

BRAND_LEADER, CONTRACT_MANUFACTURER, LEAD_SUPPLIER, SUPPLIER, PRICE_BREAKER, CAPACITY_BUFFER = ROLES

FLAGSHIPS = (BRAND_LEADER, CONTRACT_MANUFACTURER)
"""Roles of flagships; firms in all other roles are suppliers (Ernst, section 2)."""

HIGHER_TIER = (*FLAGSHIPS, LEAD_SUPPLIER)
"""Roles of firms that deal with the flagship directly; all others are lower-tier suppliers."""

OVERFLOW_ROLES = (PRICE_BREAKER, CAPACITY_BUFFER)
"""Roles of firms that get what others have no capacity for."""

FUNCTIONS: tuple[Function, ...] = get_args(Function)
"""Functions by number: the ladder from sales to system integration, then the two capabilities beside it."""

LADDER = FUNCTIONS[:6]
"""Functions in the order of the ladder (Ernst, section 2.2)."""

SCORE, FINANCE, BUFFER_ROLE, OUTAGE, CONTRACT_END, POLICY, TENDER = CAUSES = get_args(Cause)
"""Causes of outages, of dismissals by buyers and of exits of firms."""

KNOWLEDGE_KINDS: tuple[KnowledgeKind, ...] = get_args(KnowledgeKind)
CODIFIED, TACIT = range(2)
"""Kinds of knowledge by number."""

CHANNELS: tuple[Channel, ...] = get_args(Channel)
FORMAL, INFORMAL = range(2)
"""Channels of knowledge by number."""

ACCOUNTS: tuple[Account, ...] = get_args(Account)
"""Accounts of firms by number; each holds income less expense of one kind."""

WITHOUT_PAYMENT: tuple[Account, ...] = ("depreciation", "write_offs")
"""Accounts of what is worth less than before without anything being paid."""

STOCK_COSTS: tuple[StockCost, ...] = get_args(StockCost)
"""Costs that sites have by their rates; where there is finance, each is paid from the account of its name."""

COST_KINDS: tuple[CostKind, ...] = get_args(CostKind)
"""Kinds of cost by number, as the table of costs has them."""

OUTSIDE = "outside"
"""The supplier of goods from beyond the model: it never runs out."""

HOURS_PER_DAY = 24.0

WEEK_DAYS = 7.0

MONTH_DAYS = 28.0
"""Days of a month, four weeks: rates per month, and the months that cash lasts, are in these."""

QUARTER_DAYS = 91.0

YEAR_DAYS = 364.0
"""Days of a year, 52 weeks: rates per year are in these."""

COMPILING = "compiling once for this machine (about a minute)"
"""What is said while the loops of the flow are compiled, before the first run on a machine."""
