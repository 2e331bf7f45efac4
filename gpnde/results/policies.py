"""What policies cost, and whom they served."""

from __future__ import annotations

from collections.abc import Mapping

from gpnde.results.metric import Metric, MetricDoc, ratio

_OWN = MetricDoc("1", "What the component of this name reports itself.", "as its component says")

DOC: dict[str, MetricDoc] = {
    "policy": MetricDoc(
        "1", "Cost, revenue, beneficiaries and leakage of a policy, and what it reports itself.", "Σ of its accounts"
    ),
    "diffusion": _OWN,
    "disruption": _OWN,
    "metric": _OWN,
}
"""Unit, meaning and formula of metrics of components, which begin with the name of the component."""


def policy_metrics(label: str, account: Mapping[str, float]) -> list[Metric]:
    """Return the metrics of the last account of the policy *label*.

    >>> account = {"cost": 50.0, "revenue": 0.0, "beneficiaries": 2, "leakage": 5.0}
    >>> [metric.value for metric in policy_metrics("policy.voucher", account)]
    [50.0, 0.0, 2.0, 5.0, 0.1]
    """
    return [
        Metric(f"{label}.cost", account["cost"], "money"),
        Metric(f"{label}.revenue", account["revenue"], "money"),
        Metric(f"{label}.beneficiaries", float(account["beneficiaries"]), "1"),
        Metric(f"{label}.leakage", account["leakage"], "money"),
        Metric(f"{label}.leakage_share", ratio(account["leakage"], account["cost"]), "1"),
    ]
