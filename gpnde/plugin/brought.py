"""What a scenario names that plugins brought besides components: metrics, rules of ordering, probability laws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gpnde.errors import Owner
from gpnde.plugin.component import Component
from gpnde.plugin.host import plugin_host
from gpnde.scenario.law import added_laws
from gpnde.scenario.ordering import POLICIES, SUPPLIER_CHOICES
from gpnde.scenario.schema import Scenario

Brought = tuple[str, Owner]
"""The name of a record, and the plugin that brought it."""

_WITHOUT_DISTRIBUTION = ("file", "module")


def brought(scenario: Scenario, components: Sequence[Component] = ()) -> list[Brought]:
    """Return the metrics, ordering policies, supplier choices and laws of plugins that a run of *scenario* uses.

    >>> from gpnde.scenario import load_scenario
    >>> brought(load_scenario("serial-chain"))
    []
    """
    metrics = plugin_host().metrics_named(scenario.record.metrics)
    rules = [
        rule for site in scenario.sites for rule in (site.ordering or scenario.ordering, *site.ordering_of.values())
    ]
    policies, choices = {rule.policy for rule in rules}, {rule.supplier_choice for rule in rules}
    return [
        *((kind.name, owner) for kind, owner in metrics.items()),
        *((name, POLICIES.owner(name)) for name in sorted(policies) if not POLICIES.is_own(name)),
        *((name, SUPPLIER_CHOICES.owner(name)) for name in sorted(choices) if not SUPPLIER_CHOICES.is_own(name)),
        *added_laws(scenario, *components).items(),
    ]


def versions(found: Iterable[Brought]) -> dict[str, str]:
    """Return the version of each distribution that brought something; files have none.

    >>> versions([("stock.peak", Owner("peaks", "gpnde-peaks", "1.0")), ("stock.low", Owner("lows", "file", "0"))])
    {'gpnde-peaks': '1.0'}
    """
    owners = [owner for _, owner in found if owner.distribution not in _WITHOUT_DISTRIBUTION]
    return {owner.distribution: owner.version for owner in owners}
