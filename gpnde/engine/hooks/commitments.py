"""Terms between buyers and suppliers that components add to those of the scenario."""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Timeline
from gpnde.engine.hooks.caller import HookCaller
from gpnde.world.layout import Integers, Records


def committed_ticks(lines: Records, timeline: Timeline, asking: HookCaller) -> Integers:
    """Return for how long each buyer binds itself from the opening of a line: by contract, or by what components ask.

    In ticks; shape (lines,).
    """
    by_contract: Integers = lines["commitment"].astype(np.int64)
    days = asking.longest("commitment", len(lines))
    if days is None:
        return by_contract
    # Rounding in the division must not bind a buyer a tick longer than was asked for.
    asked = np.ceil(days / timeline.tick_days - 1e-9).astype(np.int64)
    return np.maximum(by_contract, asked)
