"""A scenario: everything that a user says about a production network, as one immutable value."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from gpnde.cells import CellName
from gpnde.contracts import ContractAmongFirms
from gpnde.scenario.cells import CellTerms
from gpnde.scenario.contracts import ContractTerms
from gpnde.scenario.costs import Costs
from gpnde.scenario.economy import Labour, Pricing
from gpnde.scenario.knowledge import Country, Knowledge, Peer
from gpnde.scenario.markets import Market
from gpnde.scenario.model import Block
from gpnde.scenario.network import Cluster, Firm, Link, Product, Region, Site
from gpnde.scenario.ordering import Ordering
from gpnde.scenario.plants import SharedPlant
from gpnde.scenario.profiles import Profile
from gpnde.scenario.requires import check_requirement
from gpnde.scenario.rules import Clock, Finance, Location, Outsourcing, Record, Selection
from gpnde.scenario.services import Services

Mark = Literal["chapter", "derived", "literature", "assumption"]
"""Where a number comes from: the source chapter (Ernst), a computation, a publication, or an assumption."""

_FORMER_MARKS = {"seed": "chapter"}


def current_mark(given: Any) -> Any:
    """Return a mark by its present name; ``seed`` is the former name of ``chapter``.

    >>> current_mark("seed"), current_mark("derived")
    ('chapter', 'derived')
    """
    return _FORMER_MARKS.get(given, given) if isinstance(given, str) else given


class Provenance(Block):
    """The mark of one number or of all numbers whose path matches a pattern."""

    path: str = Field(description="Such as sites.bangkok.employment; * stands for any part.")
    mark: Mark
    source: str | None = Field(None, description="Section, or author and year.")

    _current_mark = field_validator("mark", mode="before")(current_mark)


class Target(Block):
    """A figure that a run is compared with; it never enters the run. Without a value the result is only shown."""

    measure: str = Field(description="Name of a metric.")
    value: float | None = Field(None, description="Left out: there is no figure to compare with.")
    unit: str = "1"
    day: float | None = Field(None, ge=0, description="Day of the comparison; left out: the end.")
    mark: Mark | None = Field(None, description="Where the figure comes from.")
    source: str | None = None

    _current_mark = field_validator("mark", mode="before")(current_mark)


class Band(Block):
    """A range in which a figure of a run is plausible; it never enters the run."""

    measure: str = Field(description="Name of a metric.")
    low: float = Field(description="Lowest plausible value.")
    high: float = Field(description="Highest plausible value.")
    mark: Mark | None = Field(None, description="Where the range comes from.")
    source: str | None = None

    _current_mark = field_validator("mark", mode="before")(current_mark)

    @model_validator(mode="after")
    def _low_is_below_high(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}: give the lower one as low")
        return self


class ComponentUse(BaseModel):
    """A component that is in force: its name, and its parameters as further keys.

    A parameter called file names a file in the scenario's folder or else in the working directory, by path.
    """

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    use: str = Field(min_length=1, description="Name of the component, such as disruption.site-outage.")
    enabled: bool = True

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters as given, without defaults."""
        return dict(self.model_extra or {})


class Scenario(Block):
    """A production network with its markets, rules and shocks."""

    schema_version: Literal[1] = 1
    name: str = Field(min_length=1)
    title: str = ""
    description: str = ""
    requires: tuple[str, ...] = Field((), description="Distributions that have to be installed, such as gpnde-x>=1.")
    clock: Clock = Field(default_factory=Clock)
    products: dict[str, Product] = Field(min_length=1)
    countries: tuple[Country, ...] = ()
    regions: tuple[Region, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    firms: tuple[Firm, ...] = Field(min_length=1)
    sites: tuple[Site, ...] = Field(min_length=1)
    plants: dict[str, SharedPlant] = Field(
        default_factory=dict, description="Plants that several sites share as lines, by name."
    )
    links: tuple[Link, ...] = ()
    peers: tuple[Peer, ...] = ()
    markets: tuple[Market, ...] = Field(min_length=1)
    ordering: Ordering = Field(default_factory=Ordering)
    labour: Labour = Field(default_factory=Labour)
    pricing: Pricing = Field(default_factory=Pricing)
    selection: Selection | None = None
    profiles: dict[str, Profile] = Field(
        default_factory=dict, description="Governance profiles, which firms cite by name."
    )
    contracts: dict[ContractAmongFirms, ContractTerms] | None = Field(
        None, description="What contracts between firms mean, where not as the package has it; left out: all are alike."
    )
    cells: dict[CellName, CellTerms] | None = Field(
        None, description="What cells of specialisation mean, where not as the package has it; left out: all are alike."
    )
    finance: Finance | None = None
    costs: Costs | None = None
    knowledge: Knowledge | None = None
    location: Location | None = None
    outsourcing: Outsourcing | None = None
    services: Services | None = None
    components: tuple[ComponentUse, ...] = ()
    record: Record = Field(default_factory=Record)
    provenance: tuple[Provenance, ...] = ()
    targets: tuple[Target, ...] = ()
    plausibility: tuple[Band, ...] = ()

    @field_validator("requires")
    @classmethod
    def _check_requires(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for required in given:
            check_requirement(required)
        return given

    @property
    def takes_labour(self) -> bool:
        """Whether making some product costs labour and plant, not a sum of money."""
        return any(product.takes_labour for product in self.products.values())

    @property
    def learns(self) -> bool:
        """Whether firms of this scenario have knowledge at all."""
        return self.knowledge is not None and self.knowledge.enabled

    def using(self, component: str, **parameters: Any) -> Self:
        """Return the scenario with a *component* in force besides its own, under these parameters.

        The run refuses a component that there is not, and parameters that it does not take.

        >>> from gpnde.scenario import load_scenario
        >>> load_scenario("beer-game").using("disruption.site-outage", mean_up_days=200.0).components[-1].use
        'disruption.site-outage'
        """
        use = ComponentUse.model_validate({"use": component, **parameters})
        return self.model_copy(update={"components": (*self.components, use)})
