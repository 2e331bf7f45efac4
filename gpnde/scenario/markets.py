"""What markets buy, when, and how much."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from pydantic import Field, model_validator

from gpnde.scenario.backlog import OpeningBacklog
from gpnde.scenario.law import Law, fixed
from gpnde.scenario.model import Block, refuse_unused
from gpnde.scenario.rivalry import OwnBrands, Rivalry


class LifeCycle(Block):
    """Successive product generations, each selling along a Bass (1969) curve."""

    innovation: float = Field(0.03, gt=0, description="Coefficient p before rescaling (1/year).")
    imitation: float = Field(0.38, gt=0, description="Coefficient q before rescaling (1/year).")
    days: float = Field(gt=0, description="Time between launches; 95 % of a generation's sales fall inside (days).")


_ARRIVALS_OF: dict[str, tuple[str, ...]] = {"every_days": ("periodic",), "arrivals_per_day": ("poisson",)}
"""The kinds of arrivals that use each field that not all of them use."""


class Demand(Block):
    """Demand of a market in successive periods."""

    law: Law = Field(description="Units per period, or units per arrival where arrivals are a Poisson process.")
    every_days: float | None = Field(None, gt=0, description="Length of a period (days); left out: one tick.")
    arrivals: Literal["periodic", "poisson"] = "periodic"
    arrivals_per_day: float | None = Field(None, gt=0, description="Rate of Poisson arrivals (1/day).")
    start_day: float = Field(0, ge=0, description="Day of the first period.")
    growth_per_year: float = Field(0, gt=-1, le=10, description="Growth of mean demand (1/year).")
    autocorrelation: float = Field(0, gt=-1, lt=1, description="First-order autocorrelation of demand (1).")
    life_cycle: LifeCycle | None = Field(None, description="Generations whose sales rise and fall.")

    @model_validator(mode="after")
    def _poisson_arrivals_have_a_rate(self) -> Demand:
        if (self.arrivals == "poisson") != (self.arrivals_per_day is not None):
            raise ValueError("arrivals_per_day goes with arrivals: poisson; give both or neither")
        refuse_unused(self, f"arrivals {self.arrivals!r}", _ARRIVALS_OF)
        return self

    def unused(self) -> Collection[str]:
        """Return the fields that the kind of arrivals does not use."""
        return [name for name, arrivals in _ARRIVALS_OF.items() if self.arrivals not in arrivals]


_WITHOUT_RIVALRY = {"elasticity": ("no rivalry",), "price": ("pricing: given",)}
"""What to choose instead, for each field of a market that rivalry does not use."""


class Market(Block):
    """Buyers of one product, served by one or more sites."""

    name: str = Field(min_length=1)
    product: str
    region: str | None = None
    served_by: dict[str, float] | tuple[str, ...] = Field(
        description="Sites, or sites with their shares; with rivalry shares divide what buyers take of one firm."
    )
    demand: Demand
    price: float | None = Field(None, ge=0, description="Price of one unit (money), else the site's.")
    elasticity: float = Field(0, ge=0, le=100, description="Fall of demand in per cent per per cent of price (1).")
    rivalry: Rivalry | None = Field(None, description="How buyers choose between firms; left out: shares are fixed.")
    own_brands: OwnBrands | None = Field(None, description="Suppliers who may come to sell here; left out: none.")
    backorders: bool = Field(True, description="Unmet demand waits; if false it is lost.")
    patience_days: float | None = Field(
        None, gt=0, description="Time after which what was asked for and not yet sent is lost (days); left out: never."
    )
    service_days: float = Field(
        0, ge=0, description="Committed service time: demand is known at once and due after it (days)."
    )
    lead_time: Law = Field(default_factory=lambda: fixed(0), description="Delivery time to the market (days).")
    opening_backlog: OpeningBacklog = ()

    @model_validator(mode="after")
    def _nothing_is_said_twice(self) -> Market:
        if not self.backorders and self.patience_days is not None:
            raise ValueError("backorders: false and patience_days say both when demand is lost: give one of them")
        if self.own_brands is not None and self.rivalry is None:
            raise ValueError("own_brands without rivalry: give the market a block rivalry, so that buyers choose")
        if self.rivalry is not None:
            refuse_unused(self, f"rivalry with pricing {self.rivalry.pricing!r}", _WITHOUT_RIVALRY)
        return self

    def unused(self) -> Collection[str]:
        """Return the fields that have no effect where firms are rivals."""
        if self.rivalry is None:
            return ()
        return ("elasticity",) if self.rivalry.pricing == "given" else ("elasticity", "price")

    def shares(self) -> dict[str, float]:
        """Return each serving site with its share; sites without shares share equally.

        >>> law = {"law": 1}
        >>> Market(name="m", product="p", served_by=["a", "b"], demand=law).shares()
        {'a': 0.5, 'b': 0.5}
        """
        if isinstance(self.served_by, dict):
            return dict(self.served_by)
        return {name: 1 / len(self.served_by) for name in self.served_by}
