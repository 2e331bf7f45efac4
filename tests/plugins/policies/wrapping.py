"""Target groups of policies, as meta-policies leave them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gpnde.plugin import Component, PolicyFacts
from gpnde.plugin.run_hooks import compile_hooks

from ...learners import three_firms
from .offices import Office

COURSES = {"components": [{"use": "policy.courses"}, {"use": "policy.grants"}]}
"""A block that names two policies, for meta-policies to change."""


def both_policies(**changes: Any) -> Any:
    """Return the network of three firms in which two policies are named."""
    return three_firms(**COURSES, **changes)


def targets(
    meta: Component, office: Office, targeted: npt.ArrayLike, policy: str = "policy.courses", *, learns: bool = True
) -> list[float]:
    """Return how far a policy targets each firm, where its own rule would say *targeted*.

    Without *learns*, what firms know is not known, as before the first step.
    """
    (wrapper,) = compile_hooks([meta]).decisions["targets"].wrappers
    given = {
        "policy": PolicyFacts(policy, policy, 0.0, 0.0),
        "view": office.view,
        "knowledge": office.knowledge if learns else None,
        "memory": office.memory,
        "programme": office.programme,
    }
    decided = wrapper.call(office.view.day, given, lambda: np.array(targeted, dtype=np.float64))
    return [float(each) for each in decided]
