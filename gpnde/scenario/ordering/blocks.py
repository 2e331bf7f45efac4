"""What a scenario says of ordering: the policy of a site with its numbers, and how it foresees demand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from gpnde.scenario.choice import OneOf, chosen
from gpnde.scenario.model import Block, refuse_unused
from gpnde.scenario.ordering.choice import SUPPLIER_CHOICES, SupplierChoice
from gpnde.scenario.ordering.policy import POLICIES, OrderingPolicy
from gpnde.scenario.problems import Locations, Misfit, refusal

_METHODS_OF: dict[str, tuple[str, ...]] = {
    "window": ("moving-average",),
    "alpha": ("exponential-smoothing",),
    "lead_time_alpha": ("moving-average", "exponential-smoothing"),
}
"""The methods of forecasting that use each field that not all of them use."""


class Forecast(Block):
    """How a site foresees the demand that it meets per review period."""

    method: Literal["moving-average", "exponential-smoothing", "fixed"] = "exponential-smoothing"
    window: int = Field(8, ge=1, le=1000, description="Periods averaged by the moving average.")
    alpha: float = Field(0.2, gt=0, le=1, description="Weight of the newest period in exponential smoothing.")
    mean: float | None = Field(None, description="Demand per day (units), for a fixed or the opening forecast.")
    sd: float | None = Field(None, ge=0, description="Standard deviation of demand per review period (units).")
    lead_time_alpha: float = Field(
        0.02, ge=0, le=1, description="Weight of the newest delivery in the lead time; 0 keeps that of the law."
    )

    def unused(self) -> Collection[str]:
        """Return the fields that the method does not use."""
        return [name for name, methods in _METHODS_OF.items() if self.method not in methods]

    @model_validator(mode="after")
    def _given_fields_are_used(self) -> Forecast:
        refuse_unused(self, f"method {self.method!r}", _METHODS_OF)
        return self


_USUAL_FORECAST = Forecast()
_USUAL_POLICY = "order-up-to"

_OF_ALL_POLICIES = ("policy", "review_days", "first_review_day", "supplier_down", "supplier_choice")


class Ordering(Block):
    """When a site orders and how much, always on its inventory position (on hand + on order - backlog)."""

    # What a policy of a plugin has beside these fields is checked by its own declarations.
    model_config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": False})

    policy: Annotated[str, OneOf(POLICIES)] = _USUAL_POLICY
    review_days: float = Field(7, ge=0, description="Time between reviews (days); 0 reviews at every change.")
    first_review_day: float = Field(0, ge=0, description="Day of the first review.")
    safety_factor: float = Field(1.65, ge=-5, le=10, description="Safety stock in standard deviations (1).")
    forecast: Forecast = Field(default_factory=lambda: _USUAL_FORECAST)
    protection_days: float | None = Field(
        None, ge=0, description="Time that the level covers, else lead time + review."
    )
    level: float | None = Field(None, description="Order-up-to level S (units).")
    reorder_point: float | None = Field(None, description="Level s or r at or below which an order is placed (units).")
    quantity: float | None = Field(None, gt=0, description="Fixed order quantity Q (units).")
    smoothing: float = Field(0.5, gt=0, le=1, description="Weight of the newest demand in the smoothed order.")
    supplier_down: Literal["wait", "elsewhere", "recall"] = Field(
        "elsewhere",
        description="Whether the share of a supplier that is down waits for it, goes to those at work, or goes there "
        "with what it has not sent yet.",
    )
    supplier_choice: Annotated[str, OneOf(SUPPLIER_CHOICES)] = Field(
        "shares", description="Who gets an order of an input that several suppliers deliver, order by order."
    )

    @classmethod
    def further_fields(cls, given: Mapping[str, Any] | None = None) -> Mapping[str, FieldInfo]:
        """Return the parameters of the policy that is *given*, or of all policies that are known."""
        if given is None:
            return {name: field for policy in POLICIES for name, field in policy.own.model_fields.items()}
        try:
            policy: OrderingPolicy = chosen(POLICIES, str(given.get("policy", _USUAL_POLICY)))
        except ValueError as error:
            raise Misfit(("policy",), str(error)) from None
        return policy.own.model_fields

    @property
    def chosen(self) -> OrderingPolicy:
        """The record of the policy."""
        return POLICIES.get(self.policy)

    @property
    def choice(self) -> SupplierChoice:
        """The record of the rule that chooses suppliers."""
        return SUPPLIER_CHOICES.get(self.supplier_choice)

    @property
    def own(self) -> Mapping[str, float]:
        """The numbers of the parameters that the policy alone has."""
        return self.model_extra or {}

    def unused(self) -> Collection[str]:
        """Return the fields that the policy does not use."""
        taken = (*_OF_ALL_POLICIES, *self.chosen.fields)
        return [name for name in type(self).model_fields if name not in taken]

    @model_validator(mode="after")
    def _own_parameters_are_right(self) -> Ordering:
        try:
            own = self.chosen.own.model_validate(self.own)
        except ValidationError as error:
            wrong = refusal(error, Locations(self.own))
            raise Misfit((wrong.where,), ": ".join(filter(None, (wrong.given, wrong.expected)))) from None
        # Written out with their defaults, so that equal orderings are equal.
        cast("dict[str, float]", self.model_extra).update((name, float(number)) for name, number in vars(own).items())
        return self

    @model_validator(mode="after")
    def _policy_has_its_numbers(self) -> Ordering:
        policy = self.chosen
        for name in policy.needs:
            if getattr(self, name) is None:
                raise ValueError(f"policy {self.policy!r} needs {name}: give it in units")
        policy.check(self)
        users = {name: [each.name for each in POLICIES if name in each.fields] for name in self.unused()}
        refuse_unused(self, f"policy {self.policy!r}", users)
        if policy.forecasts and self.forecast.method == "fixed" and self.forecast.mean is None:
            raise ValueError("a fixed forecast needs mean: give the demand per day in units")
        if self.review_days == 0 and not policy.reviews_continuously:
            raise ValueError(f"policy {self.policy!r} cannot review continuously: give review_days above 0")
        if self.review_days == 0 and self.choice.ranks is not None:
            text = f"supplier_choice {self.supplier_choice!r} ranks suppliers before reviews"
            raise ValueError(f"{text}: give review_days above 0")
        return self
