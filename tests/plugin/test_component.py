"""Components and the errors for their parameters."""

from __future__ import annotations

from typing import Any, Literal

import pydantic
import pytest

from gpnde.errors import ComponentError
from gpnde.plugin import Component, param


class Strike(Component):
    name = "disruption.strike"

    mean_days: float = param(7.0, gt=0, unit="day", doc="Mean length.")
    share: float = param(0.5, ge=0, le=1, doc="Share of sites.")
    mood: Literal["calm", "angry"] = param("calm", doc="How it goes.")
    tiers: tuple[int, ...] = param((), doc="Tiers.")
    union: str = param(doc="Who strikes.")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"mean_days": -3}, "disruption.strike.mean_days = -3 (day): must be above 0"),
        ({"mean_days": "long"}, "disruption.strike.mean_days = 'long' (day): must be a number"),
        ({"mean_days": float("nan")}, "disruption.strike.mean_days = nan (day): must be a finite number"),
        ({"share": 1.5}, "disruption.strike.share = 1.5: must be at most 1"),
        ({"share": -0.5}, "disruption.strike.share = -0.5: must be at least 0"),
        ({"mood": "angri"}, "disruption.strike.mood = 'angri': must be 'calm' or 'angry'; did you mean 'angry'?"),
        ({"tiers": [1, "x"]}, "disruption.strike.tiers[1] = 'x': must be a whole number"),
        ({"tiers": "x"}, "disruption.strike.tiers = 'x': must be a list"),
        ({"mean_day": 3}, "disruption.strike.mean_day = 3: no such parameter; did you mean 'mean_days'?"),
        ({"zzz": 3}, "disruption.strike.zzz = 3: no such parameter; there are mean_days, share, mood, tiers, union"),
        ({"share": 2, "tiers": 1}, "disruption.strike.share = 2: must be at most 1 (and 1 more)"),
    ],
)
def test_bad_parameter_is_one_line_that_says_what_would_be_right(given: dict[str, Any], text: str) -> None:
    with pytest.raises(ComponentError) as caught:
        Strike.of({"union": "miners", **given})
    assert str(caught.value) == text


def test_missing_parameter_is_named() -> None:
    with pytest.raises(ComponentError, match="^disruption.strike.union: missing: this parameter has no default$"):
        Strike.of({})


def test_rule_over_several_parameters_speaks_for_itself() -> None:
    class Ramp(Component):
        name = "policy.ramp"

        low: float = param(0.0, doc="Begin.")
        high: float = param(1.0, doc="End.")

        @pydantic.model_validator(mode="after")
        def _rises(self) -> Ramp:
            if self.low > self.high:
                raise ValueError(f"low {self.low:g} is above high {self.high:g}")
            return self

    with pytest.raises(ComponentError, match="^policy.ramp: low 3 is above high 1$"):
        Ramp.of({"low": 3})


def test_parameters_cannot_be_changed() -> None:
    with pytest.raises(pydantic.ValidationError):
        Strike(union="miners").share = 1.0  # type: ignore[misc]


def test_defaults_of_a_new_component_are_those_of_this_interface() -> None:
    assert (Strike.api, Strike.results_version, Strike.requires) == (1, 1, ())
