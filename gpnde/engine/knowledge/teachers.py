"""Teachers: how much more or less than mechanisms say buyers teach, by their roles, profiles and contracts."""

from __future__ import annotations

import numpy as np

from gpnde.plugin.knowledge import Ties
from gpnde.vocabulary import CONTRACT_MANUFACTURER, ROLES
from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World

_CONTRACT_MANUFACTURERS = 0.5
"""Part of what others would teach that contract manufacturers do: they stand between those who know and who make."""


class Teachers:
    """Knows what buyers teach their suppliers."""

    def __init__(self, world: World) -> None:
        """Look up what roles, profiles and contracts say."""
        between = world.firms["role"] == ROLES.index(CONTRACT_MANUFACTURER)
        self._by_role: Floats = np.where(between, _CONTRACT_MANUFACTURERS, 1.0)
        self._tacit: Floats = world.governance["teaching"]
        self._by_contract: Floats = world.terms["teaching"]
        self._are_alike = bool((self._by_contract == 1.0).all())

    def factors(self, learner: Integers, buyer: Integers, ties: Ties) -> tuple[Floats, Floats]:
        """Return the factors on codified and tacit knowledge that buyers teach; each (learners, functions) or less."""
        codified = self._of_contracts(learner, buyer, ties) * self._by_role[buyer][:, None]
        return codified, codified * self._tacit[buyer][:, None]

    def _of_contracts(self, learner: Integers, buyer: Integers, ties: Ties) -> Floats:
        """Return the factors of the contracts of ties; 1 between firms without one."""
        if self._are_alike or not len(ties.teacher):
            return np.ones((len(learner), 1))
        firms = len(self._tacit)
        tied, asked = ties.teacher * firms + ties.learner, buyer * firms + learner
        # Ties stand in the order of these pairs.
        place = np.minimum(np.searchsorted(tied, asked), len(tied) - 1)
        return np.where((tied[place] == asked)[:, None], self._by_contract[ties.contract[place]], 1.0)
