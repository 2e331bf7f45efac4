"""Stories: cards that ask a question, set the lab up to answer it, and say what was found."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import ipywidgets

from gpnde.lab.findings import Reach, hub_out, reach, which_reaches, why_behind
from gpnde.lab.job import told
from gpnde.results.run import Run


@dataclass(frozen=True)
class Setup:
    """What a step of a story changes of its scenario."""

    switches: tuple[str, ...] = ()
    """Components that are switched on."""
    values: tuple[tuple[str, Any], ...] = ()
    """Settings by path."""


@dataclass(frozen=True)
class Story:
    """A question and the runs that answer it, one for each step, each beside the baseline."""

    question: str
    hint: str
    """What is done to answer it, in one sentence."""
    scenario: str
    chart: str
    """Name of the chart that shows it."""
    find: Callable[[list[Mapping[str, Run]]], str]
    """Returns the answer from the runs of the steps so far, each by name."""
    steps: tuple[Setup, ...] = (Setup(),)


HUB = "Singapore"
POLICIES = {
    "policy.supplier-development": "Supplier development",
    "policy.skills-centre": "Skills centre",
    "policy.effort-subsidy": "Effort subsidy",
}
"""The policies that a story compares, with their titles; each works under its defaults."""


def _last(find: Callable[[Mapping[str, Run]], str], runs: Sequence[Mapping[str, Run]]) -> str:
    return find(runs[-1])


def _policies(runs: Sequence[Mapping[str, Run]]) -> str:
    found: list[Reach] = [reach(title, name, both) for (name, title), both in zip(POLICIES.items(), runs, strict=False)]
    return which_reaches(found)


STORIES = (
    Story(
        "Why do local suppliers fall behind?",
        "Five years of a small economy that assembles for flagships from abroad.",
        "small-open-economy",
        "gap",
        partial(_last, why_behind),
    ),
    Story(
        "Take out a hub",
        f"Every site in {HUB} stops for about three months, about once a year.",
        "hdd-southeast-asia",
        "map",
        partial(_last, partial(hub_out, place=HUB)),
        (
            Setup(
                ("disruption.cluster-outage",),
                (
                    ("disruption.cluster-outage.clusters", (HUB,)),
                    ("disruption.cluster-outage.mean_up_days", 270.0),
                    ("disruption.cluster-outage.mean_down_days", 91.0),
                    ("disruption.cluster-outage.down_law", "fixed"),
                ),
            ),
        ),
    ),
    Story(
        "Which policy reaches the lower tier?",
        "Three policies for local suppliers, one after the other, each beside the same baseline.",
        "small-open-economy",
        "capability",
        _policies,
        tuple(Setup((name,)) for name in POLICIES),
    ),
)
"""The stories of the lab, in the order of their cards."""


@dataclass
class Telling:
    """A story that is being told: how far it is, and the runs so far."""

    story: Story
    runs: list[Mapping[str, Run]] = field(default_factory=list)

    @property
    def step(self) -> Setup | None:
        """What comes next; None where all was run."""
        steps = self.story.steps
        return steps[len(self.runs)] if len(self.runs) < len(steps) else None


class Stories(ipywidgets.VBox):
    """Cards with questions; beneath them, what was found."""

    def __init__(self, on_play: Callable[[Story], None]) -> None:
        """Tell *on_play* which story is chosen."""
        self.telling: Telling | None = None
        self.cards = [self._card(story, on_play) for story in STORIES]
        self.finding = ipywidgets.HTML()
        self.finding.add_class("gpnde-finding")
        row = ipywidgets.HBox(self.cards, layout={"flex_flow": "row wrap"})
        row.add_class("gpnde-cards")
        super().__init__([row])
        self.add_class("gpnde-stories")

    def begin(self, story: Story) -> Telling:
        """Begin to tell a story."""
        self.telling = Telling(story)
        self._say(story.question, "The runs that answer this are under way.")
        return self.telling

    def leave(self) -> None:
        """Tell no story any more, since a hand has changed something."""
        self.telling = None
        self.finding.value = ""

    def note(self, runs: Mapping[str, Run]) -> Setup | None:
        """Take in the runs of a step, say what is found so far, and return the next step, if there is one."""
        if self.telling is None or self.telling.step is None:
            return None
        self.telling.runs.append(dict(runs))
        self._say(self.telling.story.question, self._found(self.telling))
        return self.telling.step

    def _found(self, telling: Telling) -> str:
        """Return what is found so far; where a run lacks what the answer needs, why there is none."""
        try:
            return telling.story.find(telling.runs)
        except Exception as error:
            return f"No answer: {told(error)}"

    def _say(self, question: str, answer: str) -> None:
        words = f"<h2>{html.escape(question)}</h2><p>{html.escape(answer)}</p>"
        self.finding.value = f'<div role="status" aria-live="polite">{words}</div>'

    def _card(self, story: Story, on_play: Callable[[Story], None]) -> ipywidgets.VBox:
        button = ipywidgets.Button(description=story.question, tooltip=story.hint, layout={"width": "auto"})
        button.on_click(lambda _: on_play(story))
        card = ipywidgets.VBox([button, ipywidgets.HTML(f"<small>{html.escape(story.hint)}</small>")])
        card.add_class("gpnde-card")
        return card
