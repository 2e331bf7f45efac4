"""Plants that make several products: sites of one firm at one place that share time, and are set up for each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from gpnde.errors import nearest
from gpnde.scenario.model import Block, refuse_unused

if TYPE_CHECKING:
    from gpnde.scenario.network import Site
    from gpnde.scenario.problems import Location
    from gpnde.scenario.schema import Scenario

    Problem = tuple[Location, str]

PlantRule = Literal["proportional", "shares", "priority", "longest-queue", "run-out", "cycle"]

CAMPAIGNS: tuple[PlantRule, ...] = ("priority", "longest-queue", "run-out")
"""Rules by which a plant makes one product at a time, and chooses the next by what waits."""

SIDE_BY_SIDE: tuple[PlantRule, ...] = ("proportional", "shares")
"""Rules by which a plant makes all products every day, and is never set up for another."""

_RULES_OF: dict[str, tuple[PlantRule, ...]] = {"minimum_run_days": CAMPAIGNS, "cycle_days": ("cycle",)}
"""The rules that use each field that not all of them use."""


class PlantLine(Block):
    """A site as a product line of a plant: what it takes to set the plant up for it, and its part of the time."""

    setup_days: float = Field(0, ge=0, description="Time lost when the plant changes over to this line (days).")
    setup_cost: float = Field(0, ge=0, description="Cost of changing over to this line (money).")
    setup_days_after: dict[str, float] = Field(
        default_factory=dict, description="Set-up time after the lines named here, where it differs (days)."
    )
    setup_cost_after: dict[str, float] = Field(
        default_factory=dict, description="Set-up cost after the lines named here, where it differs (money)."
    )
    share: float | None = Field(
        None, gt=0, le=1, description="Share of the time of the plant, or of a cycle; left out: an equal share (1)."
    )
    priority: int = Field(
        0, ge=-10_000, le=10_000, description="Lower numbers are made first, and come first in a cycle."
    )

    def setup_after(self, other: str) -> tuple[float, float]:
        """Return time (days) and cost (money) of changing over from the line *other* to this one.

        >>> PlantLine(setup_days=1, setup_days_after={"white": 0.25}).setup_after("white")
        (0.25, 0)
        """
        days = self.setup_days_after.get(other, self.setup_days)
        return days, self.setup_cost_after.get(other, self.setup_cost)


class SharedPlant(Block):
    """Sites of one firm at one place that share the time of a plant, each as a line for its product."""

    lines: dict[str, PlantLine] = Field(min_length=1, description="The sites that share the plant, by name.")
    rule: PlantRule = Field("proportional", description="How lines share the time of the plant.")
    minimum_run_days: float = Field(
        0, ge=0, description="Time for which a line is made at least once it is set up, if it has work (days)."
    )
    cycle_days: float | None = Field(None, gt=0, description="Time in which a cycle makes every line once (days).")

    @model_validator(mode="after")
    def _fields_go_with_the_rule(self) -> SharedPlant:
        refuse_unused(self, f"rule {self.rule!r}", _RULES_OF)
        if self.rule == "cycle" and self.cycle_days is None:
            raise ValueError("rule 'cycle' was given without cycle_days: give the length of the cycle")
        return self

    def unused(self) -> Collection[str]:
        """Return the fields that the rule does not use."""
        return [name for name, rules in _RULES_OF.items() if self.rule not in rules]

    def shares(self) -> dict[str, float]:
        """Return the share of the time of each line; equal shares where none are given.

        >>> SharedPlant(lines={"a": {}, "b": {}}).shares()
        {'a': 0.5, 'b': 0.5}
        """
        equal = 1.0 / len(self.lines)
        return {name: equal if line.share is None else line.share for name, line in self.lines.items()}


def plants_fit(scenario: Scenario) -> Iterator[Problem]:
    """Look for plants whose lines are no sites that could share it, or whose numbers do not go together."""
    sites = {site.name: site for site in scenario.sites}
    taken: dict[str, str] = {}
    for name, plant in scenario.plants.items():
        where = "plants", name
        for site in plant.lines:
            yield from _line_is_a_site((*where, "lines", site), site, sites)
            if taken.setdefault(site, name) != name:
                yield (*where, "lines", site), f"is a line of plant {taken[site]!r}: a site is in one plant only"
        known = [sites[site] for site in plant.lines if site in sites]
        yield from (((*where, "lines", site), text) for site, text in _strangers(known))
        yield from (((*where, *part), text) for part, text in _faults_of(plant, scenario.clock.tick_days))


def _line_is_a_site(where: Location, name: str, sites: dict[str, Site]) -> Iterator[Problem]:
    if name not in sites:
        yield where, f"{name!r}: no such site{nearest(name, sites)}"
    elif sites[name].capacity_per_day is None or sites[name].unlimited:
        yield where, f"site {name!r} has no limit, so there is no time to share: give it capacity_per_day"


def _strangers(sites: list[Site]) -> Iterator[tuple[str, str]]:
    """Look for lines that belong to another firm, or lie in another cluster, than the first."""
    for site in sites[1:]:
        for kind in ("firm", "cluster"):
            own, first = getattr(site, kind), getattr(sites[0], kind)
            if own != first:
                text = f"{kind} is {own!r}, that of {sites[0].name!r} is {first!r}"
                yield site.name, f"{text}: lines of a plant belong to one firm and lie in one cluster"


def _faults_of(plant: SharedPlant, tick_days: float) -> Iterator[Problem]:
    for name, line in plant.lines.items():
        where = "lines", name
        yield from (((*where, field), text) for field, text in _setups_are_known(plant, name, line))
        yield from (((*where, field), text) for field, text in _line_goes_with_the_rule(plant, line))
    if len(plant.lines) == 1 and plant.rule != "proportional":
        yield ("rule",), f"{plant.rule}: the plant has one line, and nothing to choose: leave it out, or add a line"
    yield from _shares_add_up(plant)
    yield from _cycle_is_long_enough(plant, tick_days)


def _line_goes_with_the_rule(plant: SharedPlant, line: PlantLine) -> Iterator[tuple[str, str]]:
    if line.share is not None and plant.rule not in ("shares", "cycle"):
        yield "share", f"{line.share:g}: rule {plant.rule!r} takes no shares: choose shares or cycle"
    if plant.rule not in SIDE_BY_SIDE:
        return
    others = f"by rule {plant.rule!r} lines are made side by side: choose {', '.join((*CAMPAIGNS, 'cycle'))}"
    for field in ("setup_days", "setup_cost", "setup_days_after", "setup_cost_after", "priority"):
        if getattr(line, field):
            yield field, f"was given, but {others}"


def _setups_are_known(plant: SharedPlant, name: str, line: PlantLine) -> Iterator[tuple[str, str]]:
    for field in ("setup_days_after", "setup_cost_after"):
        for other, amount in getattr(line, field).items():
            if other not in plant.lines:
                yield field, f"{other!r}: no such line of this plant{nearest(other, plant.lines)}"
            elif other == name:
                yield field, f"{other!r}: is the line itself: name another line"
            elif plant.rule == "cycle" and other != _before(plant, name):
                yield field, f"{other!r}: in the cycle it follows {_before(plant, name)!r}: leave it out, or name that"
            elif amount < 0:
                yield field, f"{amount:g}: must be at least 0"


def _shares_add_up(plant: SharedPlant) -> Iterator[Problem]:
    given = [line.share for line in plant.lines.values() if line.share is not None]
    if given and len(given) < len(plant.lines):
        yield ("lines",), "some lines have a share and others none: give all or none"
    elif given and abs(sum(given) - 1) > 1e-6:
        yield ("lines",), f"shares sum to {sum(given):g}: must sum to 1"


def _cycle_is_long_enough(plant: SharedPlant, tick_days: float) -> Iterator[Problem]:
    """Look for cycles shorter than a tick, and slots that a set-up fills."""
    if plant.cycle_days is None:
        return
    if plant.cycle_days < tick_days:
        yield ("cycle_days",), f"{plant.cycle_days:g}: must be at least clock.tick_days, {tick_days:g}"
    shares = plant.shares()
    for name, line in plant.lines.items():
        setup, slot = line.setup_after(_before(plant, name))[0], shares[name] * plant.cycle_days
        if setup >= slot:
            text = f"set-up of {setup:g} days fills its {slot:g} days of the cycle"
            yield ("lines", name), f"{text}: give a longer cycle_days, or a larger share"


def _before(plant: SharedPlant, name: str) -> str:
    """Return the line that comes before another one in a cycle."""
    order = in_turn(plant)
    return order[order.index(name) - 1]


def in_turn(plant: SharedPlant) -> list[str]:
    """Return the lines of a plant by priority and name.

    >>> in_turn(SharedPlant(lines={"b": {}, "a": {}, "c": {"priority": -1}}))
    ['c', 'a', 'b']
    """
    return sorted(plant.lines, key=lambda name: (plant.lines[name].priority, name))
