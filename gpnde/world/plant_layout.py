"""The layout of plants that make several products: a record per plant and one per line."""

from __future__ import annotations

import numpy as np

BY_WORK, BY_SHARE, BY_PRIORITY, LONGEST_QUEUE, RUN_OUT, CYCLE = range(6)
"""Rules by which lines share the time of a plant."""

FIRST_OF_PLANTS = -2
"""What the law of daily capacity of a site is that is line 0 of a plant; that of the next line is one less."""

PLANT = np.dtype(
    (
        np.record,
        [
            ("left", "f8"),  # ticks of the present run, or of its slot in a cycle, that are still to come
            ("setup", "f8"),  # ticks of the present set-up that are still to come
            ("least", "f8"),  # ticks of a run at least
            *((name, "i8") for name in ("first", "last", "current", "rule", "seen")),
        ],
    )
)
"""A plant; its lines are those from *first* up to *last*, *current* the one that it is set up for."""

PLANT_LINE = np.dtype(
    (
        np.record,
        [
            ("share", "f8"),  # of the time of the plant
            ("slot", "f8"),  # ticks in a cycle, set-up included
            ("rate", "f8"),  # units per tick if the plant made nothing else
            ("work", "f8"),  # ticks that what waits takes at this rate
            ("granted", "f8"),  # part of this tick
            ("started", "f8"),  # units that the site had started before this tick
            *((name, "f8") for name in ("busy", "setup", "idle", "setup_cost")),  # ticks, and money, since the start
            *((name, "i8") for name in ("site", "law", "changeovers")),
        ],
    )
)
"""A site as a line of a plant."""
