"""Ordering rules of single inputs: what they may say beside the rule of their site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gpnde.errors import nearest
from gpnde.scenario.ordering.blocks import Ordering

if TYPE_CHECKING:
    from gpnde.scenario.network import Site
    from gpnde.scenario.problems import Location
    from gpnde.scenario.schema import Scenario

_USUAL = Ordering()


def orders_of_inputs_fit(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for rules of inputs that the site does not have, or that do not go with the rule of the site."""
    made = {site.name: site.product for site in scenario.sites}
    delivered: dict[str, set[str]] = {}
    for link in scenario.links:
        delivered.setdefault(link.buyer, set()).add(link.product or made[link.supplier])
    for i, site in enumerate(scenario.sites):
        bought = delivered.get(site.name, set() if site.unlimited else {site.product})
        for name, rule in site.ordering_of.items():
            where: Location = ("sites", i, "ordering_of", name)
            if name not in bought:
                yield where, f"{name!r}: {site.name!r} buys no such product{nearest(name, bought)}"
            else:
                yield from ((where, text) for text in _faults(rule, site.ordering or scenario.ordering, site))


def _faults(rule: Ordering, of_site: Ordering, site: Site) -> Iterator[str]:
    policy, usual = rule.chosen, of_site.chosen
    for name in ("forecast", "first_review_day", "supplier_down"):
        if getattr(rule, name) != getattr(_USUAL, name):
            yield f"{name}: all inputs of a site have it in common: give it in its ordering"
    if policy.levels is not None or policy.counts_echelon or policy.makes_to_order:
        yield f"policy {policy.name!r} holds for all inputs of a site: choose another one for an input"
    if policy.forecasts and not usual.forecasts:
        text = f"policy {policy.name!r} follows a forecast, and that of {site.name!r}, {usual.name!r}, makes none"
        yield f"{text}: choose another"
    yield from _faults_of_rhythm(rule.review_days, of_site.review_days)


def _faults_of_rhythm(days: float, of_site: float) -> Iterator[str]:
    """Look at the time between reviews of an input, which is seen only when its site reviews."""
    if of_site == 0 and days == 0:
        return
    times = days / of_site if of_site > 0 else 0.0
    if times < 1 or abs(times - round(times)) > 1e-9 * times or times > 10_000:
        yield f"review_days {days:g}: must be a multiple of the review_days of the site, {of_site:g}"
