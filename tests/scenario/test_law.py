from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from gpnde.errors import ComponentError
from gpnde.scenario.law import Law, fixed, law_of, parse_law

TEXTS = [
    "3",
    "0.1",
    "-2.5",
    "normal(mean=9, sd=3)",
    "normal(mean=9, sd=3, truncated=false)",
    "normal(mean=9, cv=0.3)",
    "gamma(mean=10, cv=0.3)",
    "lognormal(median=2, sigma=0.5)",
    "lognormal(mean=2, cv=0.5)",
    "uniform(low=1, high=2)",
    "exponential(mean=4)",
    "weibull(mean=4, shape=1.5)",
    "poisson(mean=6)",
    "beta(mean=0.9, sd=0.05)",
    "discrete(values=1 2, weights=0.8 0.2)",
    "empirical(values=3 1 2)",
    "series(values=4 4 8)",
    "series(values=4 4 8, at_end=hold)",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_short_form_gives_itself_back(text: str) -> None:
    assert Law.model_validate(text).text() == text


def test_laws_of_the_same_text_are_one() -> None:
    assert Law.model_validate("gamma(mean=10, cv=0.3)") is Law.model_validate("gamma(mean=10, cv=0.3)")
    assert fixed(2) is fixed(2.0)


BOUNDS = [
    ("fixed", {"value": 3}, 3, 3),
    ("uniform", {"low": 1, "high": 2}, 1, 2),
    ("discrete", {"values": [2, 1], "weights": [1, 1]}, 1, 2),
    ("empirical", {"values": [2, -1]}, -1, 2),
    ("series", {"values": [2, 1], "at_end": "zero"}, 0, 2),
    ("series", {"values": [-2, -1], "at_end": "zero"}, -2, 0),
    ("beta", {"mean": 0.5, "sd": 0.1}, 0, 1),
    ("gamma", {"mean": 0.5, "sd": 0.1}, 0, math.inf),
    ("normal", {"mean": 0.5, "sd": 0.1}, 0, math.inf),
    ("normal", {"mean": 0.5, "sd": 0.1, "truncated": False}, -math.inf, math.inf),
]


@pytest.mark.parametrize(("law", "parameters", "lowest", "highest"), BOUNDS)
def test_a_law_knows_how_far_it_reaches(law: str, parameters: dict[str, object], lowest: float, highest: float) -> None:
    made = Law.model_validate({"law": law, **parameters})
    assert (made.lowest(), made.highest()) == (lowest, highest)


REFUSALS = [
    ("gamma(mean=10)", "law 'gamma' was given mean: it takes mean, cv or mean, sd"),
    ("gamma()", "law 'gamma' was given nothing: it takes mean, cv or mean, sd"),
    ("gamma(mean=0, cv=1)", "mean 0 of law 'gamma': must be above 0"),
    ("lognormal(mean=-1, cv=1)", "mean -1 of law 'lognormal': must be above 0"),
    ("poisson(mean=-1)", "mean -1 of law 'poisson': must be at least 0"),
    ("normal(mean=-1, cv=1)", "mean -1 of law 'normal': must be at least 0"),
    (
        "beta(mean=0.9, sd=0.3)",
        "mean 0.9 and sd 0.3 of law 'beta': the mean must be between 0 and 1, "
        "and sd above 0 and below the root of mean * (1 - mean)",
    ),
    ("uniform(low=2, high=1)", "low 2 is above high 1: exchange them"),
    ("discrete(values=1 2, weights=1)", "1 weights for 2 values: give one weight per value"),
    ("discrete(values=1 2, weights=0 0)", "weights (0.0, 0.0): must be at least 0 and not all 0"),
    ("empirical(values=)", "law 'empirical' has no values: give at least one"),
    ("gama(mean=1)", "unknown law 'gama'; did you mean 'gamma'?"),
    ("gamma(maen=1, cv=1)", "unknown parameter 'maen' of a law; did you mean 'mean'?"),
    ("gamma(mean=ten, cv=1)", "mean='ten': must be a number"),
    ("ten days", "'ten days' is not a law: write a number or a law such as gamma(mean=10, cv=0.3)"),
]


@pytest.mark.parametrize(("text", "line"), REFUSALS)
def test_a_law_that_cannot_be_is_refused(text: str, line: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Law.model_validate(text)
    (error,) = caught.value.errors()
    assert error["msg"] == f"Value error, {line}"


@pytest.mark.parametrize(
    ("text", "parameter", "bound"),
    [
        ("lognormal(median=1, sigma=500)", "sigma", {"le": 20.0}),
        ("gamma(mean=1, cv=1e6)", "cv", {"le": 1000.0}),
        ("weibull(mean=1, shape=0.001)", "shape", {"ge": 0.02}),
    ],
)
def test_a_law_whose_mean_or_spread_no_number_holds_is_refused(
    text: str, parameter: str, bound: dict[str, float]
) -> None:
    with pytest.raises(ValidationError) as caught:
        Law.model_validate(text)
    (error,) = caught.value.errors()
    assert (error["loc"], error["ctx"]) == ((parameter,), bound)


def test_a_number_in_text_is_a_fixed_law() -> None:
    assert parse_law("1e2") == {"law": "fixed", "value": 100.0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fixed(value=3)", True),
        ("fixed(value=0)", False),
        ("gamma(mean=3, cv=1)", True),
        ("lognormal(median=3, sigma=1)", True),
        ("weibull(mean=3, shape=1)", True),
        ("beta(mean=0.5, sd=0.1)", True),
        ("exponential(mean=3)", True),
        ("exponential(mean=0)", False),
        ("uniform(low=0, high=1)", True),
        ("uniform(low=0, high=0)", False),
        ("uniform(low=-1, high=1)", False),
        ("normal(mean=3, sd=1)", False),
        ("poisson(mean=3)", False),
        ("empirical(values=1 2)", True),
        ("series(values=1 2, at_end=zero)", False),
    ],
)
def test_a_law_knows_whether_zero_has_no_chance(text: str, expected: bool) -> None:
    assert Law.model_validate(text).is_above_zero() == expected


def test_parameters_of_another_place_that_make_no_law_name_it() -> None:
    with pytest.raises(ComponentError, match=r"^disruption.strike.days: cv: 2000.0: must be at most 1,000$"):
        law_of("disruption.strike.days", "gamma", mean=3.0, cv=2000.0)
