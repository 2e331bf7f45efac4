"""What policies cost, and whom they served."""

from __future__ import annotations

from collections.abc import Mapping

from gpnde.results.metric import Metric, MetricDoc, ratio

_OWN = MetricDoc("1", "What the component of this name reports itself.", "as its component says", "neither")

FAMILIES = ("policy", "diffusion", "disruption", "metric")
"""Families of components; the metrics of a component begin with its name."""

DOC: dict[str, MetricDoc] = {
    "policy.*.cost": MetricDoc("money", "What a policy has spent.", "Σ spending", "lower"),
    "policy.*.revenue": MetricDoc("money", "What a policy has taken in.", "Σ revenue", "higher"),
    "policy.*.net_cost": MetricDoc("money", "What a policy has spent less what it took in.", "cost - revenue", "lower"),
    "policy.*.beneficiaries": MetricDoc("1", "Firms that a policy has helped.", "count", "higher"),
    "policy.*.leakage": MetricDoc("money", "Spending that went to firms it was not meant for.", "Σ", "lower"),
    "policy.*.leakage_share": MetricDoc(
        "1", "Share of its spending that leaked; not defined where nothing was spent.", "leakage / cost", "lower"
    ),
    **dict.fromkeys(FAMILIES, _OWN),
}
"""Meaning of metrics of components; the name of the component stands for the asterisk, or begins as the entry says."""


def policy_metrics(label: str, account: Mapping[str, float]) -> list[Metric]:
    """Return the metrics of the last account of the policy *label*.

    >>> account = {"cost": 50.0, "revenue": 0.0, "beneficiaries": 2, "leakage": 5.0}
    >>> [metric.value for metric in policy_metrics("policy.voucher", account)]
    [50.0, 0.0, 50.0, 2.0, 5.0, 0.1]
    """
    return [
        Metric(f"{label}.cost", account["cost"], "money"),
        Metric(f"{label}.revenue", account["revenue"], "money"),
        Metric(f"{label}.net_cost", account["cost"] - account["revenue"], "money"),
        Metric(f"{label}.beneficiaries", float(account["beneficiaries"]), "1"),
        Metric(f"{label}.leakage", account["leakage"], "money"),
        Metric(f"{label}.leakage_share", ratio(account["leakage"], account["cost"]), "1"),
    ]
