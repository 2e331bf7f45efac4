"""The public door to the player, which says what is missing where the lab is not installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.extras import require_extra

if TYPE_CHECKING:
    from gpnde.lab.player import Player
    from gpnde.results.run import Run


def play(run: Run) -> Player:
    """Return a player of a run, ready to be shown in a notebook.

    Goods and knowledge move along links, outages flash, ended links tear and new ones grow, firms climb; by tier, on
    the map or on the ladder of functions.

    Raises
    ------
    GpndeError
        What the lab needs is not installed.

    >>> import gpnde
    >>> gpnde.play(gpnde.simulate("serial-chain")).clicked
    {}
    """
    require_extra("lab", "anywidget")
    from gpnde.lab.player import Player

    return Player(run)
