"""Numbers that no run can hold are refused before any work, in one line that states the bound."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from gpnde.errors import GpndeError
from gpnde.scenario import load_scenario
from gpnde.scenario.json_schema import scenario_schema
from gpnde.scenario.law import Law
from gpnde.scenario.model import LARGEST
from gpnde.world.laws import LawBook

HUGE: dict[str, tuple[str, object, str]] = {
    "tiers": ("firms.0.tier", 100_000, "must be at most 1,000"),
    "more tiers": ("firms.0.tier", 2**31, "must be at most 1,000"),
    "priority": ("links.0.priority", 10**30, "must be at most 10,000"),
    "low priority": ("links.0.priority", -(10**30), "must be at least -10,000"),
    "elasticity": ("markets.0.elasticity", 1e6, "must be at most 100"),
    "stock": ("sites.0.stock", 1e308, "must be at most 1e+30"),
    "price": ("sites.0.price", 1e31, "must be at most 1e+30"),
    "demand": ("markets.0.demand.law", 1e308, "must be at most 1e+30"),
    "growth": ("markets.0.demand.growth_per_year", 10, "over 1e+06 days demand grows more than 1e+09 times"),
}


@pytest.mark.parametrize(("path", "value", "line"), HUGE.values(), ids=HUGE.keys())
def test_a_number_beyond_its_bound_is_refused_in_one_line(path: str, value: object, line: str) -> None:
    table, _, rest = path.split(".", 2)
    names = {"firms": "firm", "sites": "shop", "links": "0", "markets": "customers"}
    scenario = load_scenario("single-site")
    names |= {"firms": scenario.firms[0].name, "sites": scenario.sites[0].name, "markets": scenario.markets[0].name}
    with pytest.raises(GpndeError) as caught:
        load_scenario("single-site", {f"{table}.{names[table]}.{rest}": value, "clock.days": 1_000_000})
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


BOUNDLESS = {
    "gamma(mean=10, cv=1e-160)": "cv 1e-160 of law 'gamma': must be 0, or 1e-07 to 1,000 means",
    "gamma(mean=10, sd=1e-200)": "sd 1e-200 for mean 10 of law 'gamma': must be 0, or 1e-07 to 1,000 means",
    "gamma(mean=1, sd=1e4)": "sd 10000 for mean 1 of law 'gamma': must be 0, or 1e-07 to 1,000 means",
    "normal(mean=1, sd=1e4)": "sd 10000 for mean 1 of law 'normal': must be 0, or 1e-07 to 1,000 means",
    "gamma(mean=1e-320, cv=0.3)": "mean 9.99989e-321 of law 'gamma': must be at least 1e-30",
    "lognormal(median=1e-99, sigma=1)": "median 1e-99 of law 'lognormal': must be at least 1e-30",
    "lognormal(median=1e29, sigma=20)": "median 1e+29 with sigma 20 of law 'lognormal': the spread is above 1e+30: "
    "give smaller ones",
    "poisson(mean=1e20)": "mean 1e+20 of law 'poisson': must be at most 1e+15",
    "beta(mean=0.5, sd=1e-160)": "sd 1e-160 for mean 0.5 of law 'beta': must be 0, or 1e-07 to 1,000 means",
    "normal(mean=0, sd=1)": "mean 0 and sd 1 of law 'normal': draws below 0 count as 0, so that the mean must be "
    "above 0; or say truncated=false",
    "normal(mean=-9, sd=1)": "mean -9 and sd 1 of law 'normal'",
    "gamma(mean=3, cv=1, truncated=false)": "law 'gamma' was given truncated: only normal takes it",
    "empirical(values=1 2, at_end=zero)": "law 'empirical' was given at_end: only series takes it",
}


@pytest.mark.parametrize(("text", "line"), BOUNDLESS.items(), ids=BOUNDLESS.keys())
def test_a_law_whose_moments_leave_the_numbers_is_refused(text: str, line: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Law.model_validate(text)
    (error,) = caught.value.errors()
    assert error["msg"].startswith(f"Value error, {line}")


@pytest.mark.parametrize(
    "text", ["gamma(mean=1e308, cv=1)", "lognormal(median=1e308, sigma=20)", "poisson(mean=1e300)", "fixed(value=1e31)"]
)
def test_a_parameter_of_a_law_beyond_the_largest_number_is_refused(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Law.model_validate(text)
    (error,) = caught.value.errors()
    assert error["ctx"] == {"le": LARGEST}


@pytest.mark.parametrize(
    "text",
    [
        "gamma(mean=1e-30, cv=1e-7)",
        "gamma(mean=1e30, cv=1000)",
        "normal(mean=1e30, cv=1000)",
        "lognormal(median=1e-30, sigma=10)",
        "lognormal(mean=1e30, cv=1000)",
        "normal(mean=1e30, sd=1e-9)",
        "lognormal(mean=1, cv=1e-7)",
        "poisson(mean=1e15)",
        "weibull(mean=1e30, shape=0.02)",
        "beta(mean=1e-30, sd=9e-16)",
        "uniform(low=-1e30, high=1e30)",
    ],
)
def test_a_law_at_its_bounds_has_moments(text: str) -> None:
    book = LawBook()
    row = book.number(Law.model_validate(text))
    built = book.table.build()
    assert math.isfinite(built.mean[row])
    assert 0.0 < built.sd[row] < math.inf


def numbers(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every number of a JSON schema with the way to it."""
    if isinstance(schema, dict):
        if schema.get("type") in ("number", "integer"):
            yield path, schema
        for key, part in schema.items():
            yield from numbers(part, f"{path}.{key}")
    elif isinstance(schema, list):
        for position, part in enumerate(schema):
            yield from numbers(part, f"{path}[{position}]")


def test_every_number_of_a_scenario_is_bounded_in_its_schema() -> None:
    schema = scenario_schema()
    unbounded = [
        path for path, number in numbers(schema) if not {"maximum", "exclusiveMaximum", "const", "enum"} & number.keys()
    ]
    assert unbounded == []
