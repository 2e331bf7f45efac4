"""How far digital exchange has come: an index that rises along a straight path."""

from __future__ import annotations

from gpnde.plugin import Component, param


class DigitalPath(Component):
    """Parameters of the path of a digital index."""

    start_day: float = param(
        0.0, ge=0, unit="day", vary=(0, 1820), doc="Day on which the digital index begins to rise."
    )
    full_days: float = param(1820.0, gt=0, unit="day", vary=(364, 3640), doc="Time that the rise takes.")
    maximum: float = param(1.0, ge=0, le=1, vary=(0, 1), doc="Digital index at the end of the rise.")

    def index(self, day: float) -> float:
        """Return the digital index on *day*: 0 before the start, *maximum* after the rise."""
        return self.maximum * min(max((day - self.start_day) / self.full_days, 0.0), 1.0)
