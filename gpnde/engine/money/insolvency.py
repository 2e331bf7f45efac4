"""Insolvency (E21): firms whose debt is above their credit leave the network."""

from __future__ import annotations

import numpy as np

from gpnde.engine.capacity.exits import Exits
from gpnde.engine.clock import Phase
from gpnde.engine.context import Subsystem
from gpnde.engine.recording.journal import ENGINE
from gpnde.mechanics import finance
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FINANCE
from gpnde.world.layout import Integers


class Insolvency(Subsystem):
    """Looks for the insolvent after every settlement."""

    name = "insolvency"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether firms can fail."""
        return scenario.finance is not None and scenario.finance.insolvency

    def start(self) -> None:
        """Plan a look after each settlement."""
        rules = self.world.scenario.finance
        assert rules is not None
        self.plan_steps(rules.settle_days, Phase.CASH)

    def step(self) -> None:
        """Wind up the firms that are insolvent now."""
        exits = self.context.part(Exits)
        # Firms that these drag down are found at the next settlement.
        for firm in self._insolvent().tolist():
            exits.leave(firm, FINANCE, ENGINE)

    def _insolvent(self) -> Integers:
        firms = self.world.firms
        return np.flatnonzero((firms["active"] == 1) & finance.is_insolvent(firms["cash"], firms["credit"]))
