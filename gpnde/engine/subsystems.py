"""The subsystems of a run, in the order in which they begin, act within one phase of an instant, and finish."""

from __future__ import annotations

from gpnde.engine.capacity.entrants import Entrants
from gpnde.engine.capacity.equipment import Equipment
from gpnde.engine.capacity.exits import Exits
from gpnde.engine.capacity.expansion import Expansion
from gpnde.engine.capacity.openings import Openings
from gpnde.engine.capacity.outages import Outages
from gpnde.engine.capacity.sites import Sites
from gpnde.engine.capacity.workforce import Workforce
from gpnde.engine.context import Subsystem
from gpnde.engine.hooks.duties import Duties
from gpnde.engine.hooks.event_queue import EventQueue
from gpnde.engine.hooks.modifiers import FlowModifiers
from gpnde.engine.hooks.order_levels import OrderLevels
from gpnde.engine.hooks.steps import Steps
from gpnde.engine.hooks.supplier_ranks import SupplierRanks
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.markets.own_brands import OwnBrands
from gpnde.engine.markets.rivalry import Rivalry
from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.money.dividends import Dividends
from gpnde.engine.money.exchange import ExchangeRates
from gpnde.engine.money.insolvency import Insolvency
from gpnde.engine.money.prices import Prices
from gpnde.engine.money.services import Services
from gpnde.engine.money.statements import Statements
from gpnde.engine.prospects.prospects import Prospects
from gpnde.engine.public.sector import PublicSector
from gpnde.engine.public.taxes import Taxes
from gpnde.engine.recording.costs import CostRecorder
from gpnde.engine.recording.plant_lines import PlantLineRecorder
from gpnde.engine.recording.plants import PlantRecorder
from gpnde.engine.recording.recorder import Recorder
from gpnde.engine.recording.trade import TradeRecorder
from gpnde.engine.recording.warm_up import WarmUp
from gpnde.engine.trade.bargaining import Bargaining
from gpnde.engine.trade.links import Links
from gpnde.engine.trade.outsourcing import MakeOrBuy
from gpnde.engine.trade.quotations import Quotations
from gpnde.engine.trade.scorecards import Scorecards

SUBSYSTEMS: tuple[type[Subsystem], ...] = (
    EventQueue,
    FlowDriver,
    Recorder,
    WarmUp,
    PlantRecorder,
    PlantLineRecorder,
    Outages,
    Entrants,
    Sites,
    Prices,
    UnitCosts,
    Services,
    ExchangeRates,
    Bargaining,
    Rivalry,
    OwnBrands,
    Links,
    Workforce,
    Equipment,
    Cashbook,
    TradeRecorder,
    Duties,
    CostRecorder,
    Insolvency,
    Taxes,
    Statements,
    Dividends,
    FlowModifiers,
    Quotations,
    Scorecards,
    Prospects,
    Expansion,
    Openings,
    MakeOrBuy,
    Exits,
    PublicSector,
    KnowledgeModel,
    Steps,
    OrderLevels,
    SupplierRanks,
)
"""A run has those that its scenario has rules for."""
