"""The things and places of a network: products, regions, clusters, firms, sites and links."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from gpnde.cells import ProductionProcess, ProductType
from gpnde.contracts import Contract
from gpnde.ownership import INDEPENDENT, NodeType
from gpnde.scenario.backlog import OpeningBacklog
from gpnde.scenario.economy import Plant, Task
from gpnde.scenario.law import Law, fixed
from gpnde.scenario.lots import MaximumOrder, MinimumOrder, OrderMultiple, PriceBreaks, WholeUnits
from gpnde.scenario.model import Block
from gpnde.scenario.ordering import Ordering
from gpnde.scenario.rivalry import Generations
from gpnde.vocabulary import OUTSIDE, Function, Role

Rationing = Literal["proportional", "priority", "first-come"]

_NAME = Field(min_length=1, description="Unique name.")


class Product(Block):
    """A good: what it is made of and how hard it is to make and to sell."""

    made_of: dict[str, float] = Field(default_factory=dict, description="Units of each input per unit made.")
    complexity: float = Field(0.5, ge=0, le=1, description="Technological complexity, 0 to 1.")
    uncertainty: float = Field(
        0.3, ge=0, le=1, description="Demand uncertainty, and deviation of the quality of its generations, 0 to 1."
    )
    type: ProductType = "commodity"
    process: ProductionProcess = "mass"
    life_cycle_days: float | None = Field(None, gt=0, description="Length of a product generation (days).")
    generations: Generations | None = Field(
        None, description="How firms design and launch one generation after another; left out: the product stays."
    )
    price_erosion_per_week: float = Field(0, ge=0, lt=1, description="Share of the price lost every week.")
    margin: float = Field(0.1, ge=0, le=5, description="Markup on unit cost where no price is given (1).")
    value_added: float | None = Field(
        None, ge=0, description="Cost that a site adds to one unit (money); left out: 1, or labour and plant."
    )
    labour_days: float | None = Field(
        None, ge=0, description="Labour that starting one unit takes at the reference capability (days)."
    )
    plant: Plant | None = Field(None, description="What capacity costs, where the product takes labour.")
    by_function: dict[Function, Task] = Field(
        default_factory=dict, description="What sites of other functions than making it take, such as selling it."
    )
    learning_rate: float = Field(0, ge=0, lt=1, description="Fall of the cost of making per doubling of output (1).")
    experience_carried: float = Field(
        1, ge=0, le=1, description="Share of experience that counts for the next product generation (1)."
    )
    outside_cost: float = Field(1, ge=0, description="Price of one unit bought from outside the model (money).")
    minimum_order: MinimumOrder = None
    order_multiple: OrderMultiple = None
    maximum_order: MaximumOrder = None
    whole_units: WholeUnits = None
    price_breaks: PriceBreaks = None

    @model_validator(mode="after")
    def _cost_is_given_one_way(self) -> Self:
        if self.value_added is not None and self.labour_days is not None:
            raise ValueError("value_added and labour_days both give the cost of making: leave one of them out")
        for name in ("plant", "by_function"):
            if getattr(self, name) and self.labour_days is None:
                raise ValueError(f"{name} was given without labour_days: give both, or value_added alone")
        if self.experience_carried < 1 and self.labour_days is None:
            raise ValueError("experience_carried is for products that take labour: give labour_days, or leave it out")
        if self.experience_carried < 1 and self.life_cycle_days is None and self.generations is None:
            raise ValueError("experience_carried is for product generations: give life_cycle_days, or leave it out")
        return self

    @model_validator(mode="after")
    def _generations_are_given_one_way(self) -> Self:
        """Refuse a rhythm of launches and of prices beside that of the firms that launch generations."""
        for name in ("life_cycle_days", "price_erosion_per_week"):
            if self.generations is not None and getattr(self, name):
                raise ValueError(f"generations and {name} both say how generations follow each other: leave one out")
        return self

    @property
    def takes_labour(self) -> bool:
        """Whether making it costs labour and plant, not a sum of money."""
        return self.labour_days is not None

    def task(self, function: Function) -> Task:
        """Return what a site of a *function* takes for a unit; no labour where making costs a sum of money."""
        usual = Task(labour_days=self.labour_days or 0.0, plant=self.plant)
        return self.by_function.get(function, usual)


class Region(Block):
    """A part of the world that clusters lie in and markets buy in."""

    name: str = _NAME
    country: str | None = None


class Cluster(Block):
    """An industrial district: sites here share wages, institutions and disasters."""

    name: str = _NAME
    region: str | None = None
    country: str | None = None
    latitude: float | None = Field(None, ge=-90, le=90, description="Degrees north.")
    longitude: float | None = Field(None, ge=-180, le=180, description="Degrees east.")
    wage_per_day: float = Field(1, ge=0, description="Pay of one employee for a day (money).")
    support: float = Field(0, ge=0, le=1, description="Help of local support institutions with learning (1).")


class Firm(Block):
    """A company: it owns sites, holds cash and has a place in the hierarchy of the network."""

    name: str = _NAME
    role: Role = "supplier"
    tier: int = Field(1, ge=0, le=1000, description="Distance from the flagship, which is tier 0.")
    node_type: NodeType = Field(INDEPENDENT, description="What it is to its owner.")
    owner: str | None = Field(None, description="The firm that holds equity in this one, or whose partner it is.")
    equity_share: float | None = Field(
        None, ge=0, le=1, description="Share that the owner holds; left out: as usual for its node_type (1)."
    )
    cash: float | None = Field(None, ge=0, description="Opening cash (money); left out: cash_months of cost.")
    cash_months: float = Field(6, ge=0, description="Opening cash in months of cost, where cash is left out.")
    credit_months: float = Field(3, ge=0, description="Credit limit in months of cost.")
    response_hours: float | None = Field(None, gt=0, description="Median time to answer a request for quotation.")
    enters: Literal["at-start", "endogenously"] = Field(
        "at-start", description="Whether it is there from the start or waits for founders, as components say."
    )
    profile: str | None = Field(
        None, description="Governance profile by which it deals with suppliers; left out: the block selection."
    )
    home: str | None = Field(None, description="Cluster that it is at home in; left out: its first site's, by name.")
    functions: tuple[Function, ...] = Field((), description="Functions it performs beside those of its sites.")
    knowledge: dict[Function, float] = Field(
        default_factory=dict, description="Opening knowledge per function, 0 to 1; left out: by role and tier."
    )


class Site(Block):
    """A plant of a firm at a place that makes or distributes one product."""

    name: str = _NAME
    firm: str
    product: str
    cluster: str | None = None
    function: Function = "component_mfg"
    capacity_per_day: Law | None = Field(
        None, description="Units started per day at most, drawn day by day; left out: no limit."
    )
    stock: float | None = Field(None, ge=0, description="Opening stock (units); left out: the order-up-to level.")
    processing: Law = Field(default_factory=lambda: fixed(0), description="Time in production (days).")
    servers: Literal[1] | None = Field(None, description="1: batches are worked one after another; left out: at once.")
    yield_rate: Law | None = Field(
        None,
        description="Good units per unit started (1); left out: 1, or by capability where making takes labour.",
    )
    yield_loss: Law = Field(default_factory=lambda: fixed(0), description="Units lost per batch (units).")
    unlimited: bool = Field(False, description="Ships whatever is ordered, from nothing.")
    rationing: Rationing = "proportional"
    opens_day: float = Field(0, ge=0, description="Day on which the site starts to work.")
    closes_day: float | None = Field(None, gt=0, description="Day on which the site stops for good.")
    employment: float = Field(0, ge=0, description="Employees (persons).")
    value_added: float | None = Field(None, ge=0, description="Cost added to one unit (money), else the product's.")
    price: float | None = Field(None, ge=0, description="Selling price of one unit (money), else cost plus margin.")
    holding_cost: float = Field(0, ge=0, description="Cost of one unit held for a day (money).")
    pipeline_cost: float = Field(0, ge=0, description="Cost of one unit on the way to a buyer for a day (money).")
    stockout_cost: float = Field(0, ge=0, description="Cost of one unit short for a day (money).")
    shortage_cost: float = Field(0, ge=0, description="Cost of one unit short, once (money).")
    order_cost: float = Field(0, ge=0, description="Cost of placing one order (money).")
    disposal_cost: float = Field(0, ge=0, description="Cost of getting rid of one unit of scrap (money).")
    ordering: Ordering | None = Field(None, description="How this site orders, where it differs from the scenario.")
    ordering_of: dict[str, Ordering] = Field(
        default_factory=dict, description="How this site orders an input, where it differs from the site; by product."
    )
    provenance: str | None = Field(None, description="Mark of the numbers of this row.")


class Link(Block):
    """A supply relation between two sites under a contract."""

    buyer: str = Field(description="The site that orders.")
    supplier: str = Field(OUTSIDE, description="The site that delivers, or 'outside'.")
    product: str | None = Field(None, description="What is delivered: needed where the supplier is 'outside'.")
    contract: Contract = "arms-length"
    share: float | None = Field(None, ge=0, le=1, description="Share of the buyer's need; left out: an equal share.")
    commitment_days: float = Field(0, ge=0, description="Time during which the supplier is not dropped (days).")
    order_delay_days: float = Field(0, ge=0, description="Information delay from placing to reading an order (days).")
    lead_time: Law = Field(default_factory=lambda: fixed(0), description="Transport time of a shipment (days).")
    promise_days: float | None = Field(
        None, ge=0, description="Promised delivery time (days), else the mean plus a tick."
    )
    price: float | None = Field(None, ge=0, description="Price of one unit (money), else the supplier's.")
    price_fall_per_year: float | None = Field(
        None, ge=0, lt=1, description="Fall of the price while the buyer is committed; left out: none (1/year)."
    )
    freight: float = Field(0, ge=0, description="Freight of one unit, which the buyer pays (money).")
    trust: float = Field(0.5, ge=0, le=1, description="Trust between the firms, which carries tacit knowledge (1).")
    distance_km: float | None = Field(None, ge=0, description="Distance; left out: between the clusters.")
    information_sharing: bool = Field(False, description="The buyer shares market information.")
    priority: int = Field(
        0, ge=-10_000, le=10_000, description="Under priority rationing lower numbers are served first."
    )
    preference: int = Field(
        0, ge=-10_000, le=10_000, description="Where suppliers are ranked, lower numbers are asked first among equals."
    )
    minimum_order: MinimumOrder = None
    order_multiple: OrderMultiple = None
    maximum_order: MaximumOrder = None
    whole_units: WholeUnits = None
    price_breaks: PriceBreaks = None
    in_transit: tuple[float, ...] = Field((), description="Opening shipments (units), one per tick, nearest first.")
    in_mail: tuple[float, ...] = Field((), description="Opening orders unknown to the supplier (units), one per tick.")
    opening_backlog: OpeningBacklog = ()
    via: tuple[str, ...] = Field((), description="Ports and other hubs that the goods pass, by name.")
