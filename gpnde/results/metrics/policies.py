"""Costs and beneficiaries of policies, and metrics that components report."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gpnde.results.evidence import Evidence
from gpnde.results.metric import metric, ratio

FAMILIES = ("policy", "diffusion", "disruption", "metric")
"""Families of components; the metrics of a component begin with its name."""


def _of_each(evidence: Evidence, figure: Callable[[Mapping[str, float]], float]) -> dict[str, float]:
    """Return a *figure* of the last account of each policy, by its label."""
    return {label: figure(account) for label, account in evidence.accounts.items()}


@metric("policy.*.cost", unit="money", formula="Σ spending", better="lower", source="definition")
def cost(evidence: Evidence) -> dict[str, float]:
    """Return what a policy has spent."""
    return _of_each(evidence, lambda account: account["cost"])


@metric("policy.*.revenue", unit="money", formula="Σ revenue", better="higher", source="definition")
def revenue(evidence: Evidence) -> dict[str, float]:
    """Return the revenue of a policy."""
    return _of_each(evidence, lambda account: account["revenue"])


@metric("policy.*.net_cost", unit="money", formula="cost - revenue", better="lower", source="definition")
def net_cost(evidence: Evidence) -> dict[str, float]:
    """Return what a policy has spent less what it took in."""
    return _of_each(evidence, lambda account: account["cost"] - account["revenue"])


@metric("policy.*.beneficiaries", unit="1", formula="count", better="higher", source="definition")
def beneficiaries(evidence: Evidence) -> dict[str, float]:
    """Return the firms that a policy has helped."""
    return _of_each(evidence, lambda account: float(account["beneficiaries"]))


@metric("policy.*.leakage", unit="money", formula="Σ", better="lower", source="definition")
def leakage(evidence: Evidence) -> dict[str, float]:
    """Return the spending on firms outside the target group."""
    return _of_each(evidence, lambda account: account["leakage"])


@metric(
    "policy.*.leakage_share",
    unit="1",
    formula="leakage / cost",
    better="lower",
    source="definition",
    shows_undefined=True,
)
def leakage_share(evidence: Evidence) -> dict[str, float]:
    """Return the share of its spending that leaked; not defined where nothing was spent."""
    return _of_each(evidence, lambda account: ratio(account["leakage"], account["cost"]))


@metric(
    "*",
    unit="1",
    formula="as its component says",
    better="neither",
    source="as its component says",
    shows_undefined=True,
)
def reported(evidence: Evidence) -> dict[str, float]:
    """Return what a component reports of its own; the metrics of a component begin with its name."""
    return {**evidence.reported}
