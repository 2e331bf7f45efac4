"""How the small economy responds to one changed number under the same random numbers, its books in balance."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde import simulate
from gpnde.results.run import Run
from gpnde.world.layout import Floats

from .economy import economy

BOOKS = {"goods", "cash", "plant", "accounts", "statements"}

SOUTH, NORTH = "clusters__1__wage_per_day", "clusters__0__wage_per_day"
"""The wage of each country: 10 and 40 a day."""

FREE_PRICES = {"sites__0__price": None}
"""Without a price of its own, the brand sells at cost plus, as its suppliers do."""

STARVED = {"sites__0__price": 25, "firms__0__cash_months": 1}
"""A brand that sells below cost and lives on its cash and credit."""


def balanced(**changes: Any) -> Run:
    """Return a run of the economy with changes, whose books are in balance."""
    run = simulate(economy(**changes))
    assert set(run.conservation) >= BOOKS
    assert max(run.conservation.values()) < 1e-9
    return run


def of_site(run: Run, site: str, column: str) -> Floats:
    """Return a column of the table of plants for one site, over days."""
    return run.plants.filter(pl.col("site") == site).sort("day")[column].to_numpy()


def booked(run: Run, item: str, firm: str = "brand") -> Floats:
    """Return an item of the statements of a firm, over quarters."""
    rows = run.accounts.filter((pl.col("item") == item) & (pl.col("firm") == firm))
    return rows.sort("day")["amount"].to_numpy()


def price(run: Run, supplier: str) -> float:
    return float(run.links.filter(pl.col("supplier") == supplier)["price"][0])


def exit_day(run: Run, firm: str) -> float:
    """Return the day on which a firm left, infinity if it did not."""
    left = run.events.filter((pl.col("kind") == "firm_failed") & (pl.col("firm") == firm))["day"]
    return float(left[0]) if len(left) else np.inf


def test_wages_doubled_raise_unit_costs_there_and_downstream() -> None:
    usual, dear = balanced(**FREE_PRICES), balanced(**FREE_PRICES, **{SOUTH: 20})
    for maker in ("first", "second"):
        np.testing.assert_allclose(of_site(dear, maker, "labour"), 2.0 * of_site(usual, maker, "labour"), rtol=1e-12)
        assert np.all(of_site(dear, maker, "unit_cost") > of_site(usual, maker, "unit_cost"))
        assert price(dear, maker) > 1.2 * price(usual, maker)
    assert np.all(of_site(dear, "works", "materials") > of_site(usual, "works", "materials"))
    assert np.all(of_site(dear, "works", "unit_cost") > of_site(usual, "works", "unit_cost"))
    assert np.all(dear.markets["price"].to_numpy() > usual.markets["price"].to_numpy())


def test_wages_leave_labour_cost_of_other_countries_unchanged() -> None:
    usual, dear = balanced(), balanced(**{SOUTH: 20})
    np.testing.assert_array_equal(of_site(dear, "works", "labour"), of_site(usual, "works", "labour"))


def test_wages_of_buyers_leave_costs_of_suppliers_unchanged() -> None:
    usual, dear = balanced(**FREE_PRICES), balanced(**FREE_PRICES, **{NORTH: 80})
    assert np.all(of_site(dear, "works", "unit_cost") > of_site(usual, "works", "unit_cost"))
    for column in ("materials", "labour", "fixed", "unit_cost"):
        np.testing.assert_array_equal(of_site(dear, "first", column), of_site(usual, "first", column))


def test_wages_leave_jobs_per_unit_unchanged() -> None:
    usual, dear = balanced(), balanced(**{SOUTH: 20, NORTH: 44})
    np.testing.assert_array_equal(dear.sites["produced"].to_numpy(), usual.sites["produced"].to_numpy())
    np.testing.assert_array_equal(dear.plants["employees"].to_numpy(), usual.plants["employees"].to_numpy())
    assert booked(dear, "labour").sum() == pytest.approx(1.1 * booked(usual, "labour").sum())


def test_without_credit_debt_is_lower_and_exit_earlier() -> None:
    lent, unlent = (balanced(**STARVED, firms__0__credit_months=months) for months in (3, 0))
    assert exit_day(unlent, "brand") < exit_day(lent, "brand") < np.inf
    assert booked(unlent, "debt").sum() >= 0.0 > booked(lent, "debt").sum()
    assert np.all(of_site(unlent, "works", "book_value") <= of_site(lent, "works", "book_value"))


def test_without_credit_for_investment_plant_is_smaller() -> None:
    free, bound = (balanced(**STARVED, countries__0__credit=share) for share in (1, 0))
    for column in ("book_value", "capacity"):
        before_exit = slice(0, 3)
        with_credit, without = of_site(free, "works", column)[before_exit], of_site(bound, "works", column)[before_exit]
        assert np.all(without <= with_credit) and without[-1] < 0.99 * with_credit[-1]


def rivals(sensitivity: float) -> Run:
    """Return a run in which a second brand sells the same device at 66, a tenth dearer."""
    whole = economy()
    second = {"name": "dear", "firm": "dear", "product": "device", "cluster": "harbour", "capacity_per_day": 200}
    market = {
        "name": "world",
        "product": "device",
        "served_by": ["works", "dear"],
        "demand": {"law": "normal(mean=100, cv=0.2)"},
        "rivalry": {"price_sensitivity": sensitivity, "pricing": "given"},
    }
    as_given = whole.model_dump(exclude_unset=True)
    return balanced(
        firms=[*as_given["firms"], {"name": "dear", "role": "brand-leader", "tier": 0, "cash_months": 60}],
        sites=[*as_given["sites"], {**second, "price": 66}],
        links=[
            *as_given["links"],
            *({"buyer": "dear", "supplier": maker, "lead_time": 10, "share": 0.5} for maker in ("first", "second")),
        ],
        markets=[market],
        sites__1__capacity_per_day=400,
        sites__2__capacity_per_day=400,
    )


def of_brand(run: Run, firm: str, column: str) -> Floats:
    """Return a column of the table of rival brands for one firm, over days."""
    return run.generations.filter(pl.col("firm") == firm).sort("day")[column].to_numpy()


def test_sensitivity_doubled_widens_the_loss_of_the_dearer_seller() -> None:
    calm, keen = rivals(0.05), rivals(0.1)
    for run, sensitivity in ((calm, 0.05), (keen, 0.1)):
        odds = np.log(of_brand(run, "brand", "share") / of_brand(run, "dear", "share"))
        dearer = of_brand(run, "dear", "price") - of_brand(run, "brand", "price")
        assert np.all(dearer > 3.0)
        np.testing.assert_allclose(odds, sensitivity * dearer, rtol=1e-9)
    assert np.all(of_brand(keen, "dear", "share") < of_brand(calm, "dear", "share"))
    assert of_brand(keen, "dear", "sold").sum() < of_brand(calm, "dear", "sold").sum()


def test_patience_halved_raises_lost_sales() -> None:
    short = {"sites__0__capacity_per_day": 95}
    patient, hasty = (balanced(**short, markets__0__patience_days=days) for days in (14, 7))
    np.testing.assert_array_equal(hasty.markets["demanded"].to_numpy(), patient.markets["demanded"].to_numpy())
    assert hasty.markets["lost"].sum() > patient.markets["lost"].sum() > 0.0


def test_life_doubled_halves_depreciation_and_lowers_fixed_cost() -> None:
    lives = [{f"products__{name}__plant__life_days": days for name in ("device", "part")} for days in (3640, 7280)]
    short, long = (balanced(**changes) for changes in lives)
    worn = booked(short, "depreciation")
    np.testing.assert_allclose(booked(long, "depreciation"), worn / 2.0, rtol=1e-12)
    # Depreciation in the books leaves out the tenth that is made for one generation; cost counts it.
    per_unit = -worn[0] / 91 / 0.9 / (0.85 * 130)
    saved = of_site(short, "works", "fixed") - of_site(long, "works", "fixed")
    np.testing.assert_allclose(saved, per_unit / 2.0, rtol=1e-9)


def test_without_learning_unit_cost_is_never_lower() -> None:
    learning, not_learning = (
        balanced(products__device__learning_rate=rate, products__device__experience_carried=1) for rate in (0.15, 0.0)
    )
    with_it, without = of_site(learning, "works", "unit_cost"), of_site(not_learning, "works", "unit_cost")
    assert without[0] == with_it[0]
    assert np.all(without >= with_it)
    saved = of_site(learning, "works", "labour") / of_site(not_learning, "works", "labour")
    # Two years of output are twice that from which experience counts.
    assert saved[-1] == pytest.approx(0.85, rel=0.01)
