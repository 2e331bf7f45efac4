"""What is not read of the public sector of a country, and of its tax."""

from __future__ import annotations

from gpnde.scenario.public import PublicStock
from gpnde.scenario.unread.entry import (
    GIVE_KNOWLEDGE,
    NAME_A_POLICY,
    NO_KNOWLEDGE,
    NO_POLICY,
    Entry,
    has_no_policy,
    learns_not,
    without,
)


def _stands_still(stock: PublicStock) -> bool:
    """Return whether a stock neither grows nor decays, and nothing is spent on it."""
    return not (stock.budget_per_year or stock.growth_per_year or stock.decay_per_year)


def _of_stock(stock: str) -> tuple[Entry, ...]:
    """Return the entries of one public stock."""
    path = f"countries.*.public.{stock}"
    return (
        Entry(
            path,
            learns_not,
            f"{NO_KNOWLEDGE}, so that only the table countries shows it",
            GIVE_KNOWLEDGE,
        ),
        Entry(
            path,
            lambda facts, name, public: _stands_still(getattr(public, stock)),
            "it neither grows nor decays",
            "give it growth_per_year or decay_per_year above 0",
        ),
        Entry(
            f"{path}.growth_per_year",
            lambda facts, name, part: part.budget_per_year == 0,
            "budget_per_year is 0, and without money it does not grow",
            "give a budget",
        ),
        Entry(
            f"{path}.full_budget_per_year",
            lambda facts, name, part: not part.grows,
            "no money lets it grow",
            "give budget_per_year and growth_per_year above 0",
        ),
    )


OF_THE_STATE = (
    Entry("countries.*.profit_tax", without("finance"), "firms have no money", "give a block finance"),
    *(entry for stock in ("institutions", "research") for entry in _of_stock(stock)),
    Entry(
        "countries.*.public.expertise",
        lambda facts, name, public: has_no_policy(facts, name, public) and not public.expertise.evaluates,
        f"{NO_POLICY} and nothing is evaluated, so that only the table countries shows it",
        f"{NAME_A_POLICY}, or give evaluation_budget_per_year",
    ),
    Entry(
        "countries.*.public.expertise.full_budget_per_year",
        lambda facts, name, part: not part.evaluates,
        "nothing is evaluated",
        "give evaluation_budget_per_year and learning_per_year above 0",
    ),
)
