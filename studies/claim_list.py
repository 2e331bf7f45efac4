"""The claims that the study of claims asks: what should change where, and which study file holds the arms."""

from __future__ import annotations

from typing import NamedTuple

Side = str | float | tuple[str, str]
"""An arm, a number to compare with, or two arms of which the second is taken off the first."""


class Statement(NamedTuple):
    """What a claim says of one measure."""

    text: str
    measure: str
    """A metric, or a name in `studies.claim_readings.READINGS`."""
    sign: int
    """1 where *after* should be above *before*, -1 where below, 0 where the claim states no sign."""
    after: Side
    before: Side
    control: tuple[Side, Side] | None = None
    """The same two sides with the cause taken out."""
    is_spread: bool = False
    """Whether the variance over seeds is meant, in the place of the mean."""


class Claim(NamedTuple):
    """A claim of the source, the study file that asks it, and what it states."""

    number: str
    file: str
    statements: tuple[Statement, ...]


_FREE, _FREE_ALONE = "liberalised", "liberalised, without company"
_DUAL, _COMMODITY = "differentiated, flexible", "commodity, mass"
_EQUAL_CELLS = ("differentiated, flexible, with margin and learning of the first", _COMMODITY)
_STEPS, _SIDE = "step by step", "side by side"
_ALIKE = ("side by side, contracts teach alike", "step by step, contracts teach alike")
_ADDS_UP = ("narrow gap, knowledge adds up", "wide gap, knowledge adds up")
_ALONE = ("half, no spillovers", "no subsidy, no spillovers")
_IDLE = (
    ("both, knowledge idle", "links, knowledge idle"),
    ("capacity, knowledge idle", "neither, knowledge idle"),
)
_ARMS_OF_P28 = ("contract manufacturers", "brand leaders")
_WAVE, _WEIGH, _AS_THEY_ARE = "outsourcing wave", "firms weigh make and buy", "shares as they are"


def _of_outsourcing(arm: str, text: str, sign: int, control: tuple[str, str] | None = None) -> tuple[Statement, ...]:
    """Return what is stated of outsourcing in an arm, with the same pair between equals if it is its *control*."""
    return (
        Statement(
            f"{text}value added moves to others",
            "share of value added outside tier 0",
            sign,
            arm,
            _AS_THEY_ARE,
            control,
        ),
        Statement(
            f"{text}more profit on what the flagship adds",
            "finance.profit_per_value_added.tier.0",
            sign,
            arm,
            _AS_THEY_ARE,
            control,
        ),
    )


CLAIMS = (
    Claim(
        "P6",
        "p06-dispersion",
        (
            Statement(
                "the more complex a product, the more concentrated its sites",
                "space.complexity_correlation",
                1,
                "as it is",
                0.0,
                ("complexity does not count", 0.0),
            ),
        ),
    ),
    Claim(
        "P7",
        "p07-agglomeration",
        (
            Statement("sites in more countries", "space.countries", 1, _FREE, "costly coordination"),
            Statement(
                "sites spread over places",
                "space.entropy.sites",
                1,
                _FREE,
                "costly coordination",
                (_FREE_ALONE, "costly coordination"),
            ),
            Statement(
                "company keeps them together inside host regions",
                "concentration inside host regions",
                1,
                _FREE,
                _FREE_ALONE,
            ),
        ),
    ),
    Claim(
        "P14",
        "p14-specialisation",
        (
            Statement("suppliers upgrade more", "upgrading.within", 1, _DUAL, _COMMODITY, _EQUAL_CELLS),
            Statement("… and more than with one shift alone", "upgrading.within", 1, _DUAL, "differentiated, mass"),
            Statement("… whichever it is", "upgrading.within", 1, _DUAL, "commodity, flexible"),
            Statement("more linkages", "upgrading.linkages", 1, _DUAL, _COMMODITY, _EQUAL_CELLS),
            Statement(
                "more value stays in the small economy",
                "pyramid.domestic_value_share.small-economy",
                1,
                _DUAL,
                _COMMODITY,
                _EQUAL_CELLS,
            ),
            Statement("higher markups", "market.markup", 1, _DUAL, _COMMODITY, _EQUAL_CELLS),
            Statement("open: margins", "finance.operating_margin.tier.2", 0, _DUAL, _COMMODITY, _EQUAL_CELLS),
            Statement("open: exits", "finance.exit_hazard", 0, _DUAL, _COMMODITY, _EQUAL_CELLS),
        ),
    ),
    Claim(
        "P20",
        "p20-sequence",
        (
            Statement("lead suppliers end nearer to the frontier", "frontier_gap.tier.1", -1, _SIDE, _STEPS, _ALIKE),
            Statement("they climb further", "upgrading.level_change.tier.1", 1, _SIDE, _STEPS, _ALIKE),
            Statement("they earn more", "finance.operating_margin.tier.1", 1, _SIDE, _STEPS, _ALIKE),
            Statement("open: exits", "finance.exit_hazard", 0, _SIDE, _STEPS, _ALIKE),
            Statement("most own brands are given up", "share of own brands given up", 1, _SIDE, 0.5),
        ),
    ),
    Claim(
        "P24",
        "p24-joint-creation",
        (
            Statement(
                "suppliers' share rises as the gap narrows",
                "diffusion.joint-creation.suppliers-share",
                1,
                "narrow gap",
                "wide gap",
                _ADDS_UP,
            ),
            Statement(
                "… also from wide to middle",
                "diffusion.joint-creation.suppliers-share",
                1,
                "middle gap",
                "wide gap",
            ),
            Statement("open: how far from a half", "diffusion.joint-creation.suppliers-share", 0, "narrow gap", 0.5),
            Statement(
                "open: what is created", "diffusion.joint-creation.created", 0, "narrow gap", "wide gap", _ADDS_UP
            ),
        ),
    ),
    Claim(
        "P25",
        "p25-spillovers",
        (
            Statement("firms make more effort", "effort of local firms", 1, "half", "no subsidy", _ALONE),
            Statement("open: they gain", "profit of local firms (million)", 0, "half", "no subsidy", _ALONE),
            Statement("others gain", "profit of other firms (million)", 1, "half", "no subsidy", _ALONE),
            Statement(
                "all gain more than it costs",
                "profit of all less spending (million)",
                1,
                "half",
                "no subsidy",
                _ALONE,
            ),
            Statement("to pay all of it is too much", "profit of all less spending (million)", -1, "all of it", "half"),
        ),
    ),
    Claim(
        "P26",
        "p26-targeting",
        (
            Statement(
                "with expertise targeting is better",
                "capability of local firms",
                1,
                "targeted, expertise",
                "neutral, expertise",
            ),
            Statement(
                "without it targeting is worse",
                "capability of local firms",
                -1,
                "targeted, no expertise",
                "neutral, no expertise",
            ),
            Statement(
                "expertise makes targeting better",
                "capability of local firms",
                1,
                ("targeted, expertise", "neutral, expertise"),
                ("targeted, no expertise", "neutral, no expertise"),
            ),
        ),
    ),
    Claim(
        "P28",
        "p28-contract-manufacturers",
        tuple(
            Statement(f"open: {text}", measure, 0, *_ARMS_OF_P28)
            for text, measure in (
                ("what suppliers are taught", "transferred.all"),
                ("what they make of it", "upgrading.within"),
                ("links that end", "selection.dropouts"),
                ("margins of the lower tier", "finance.operating_margin.tier.2"),
                ("how orders swing", "flow.bullwhip"),
            )
        ),
    ),
    Claim(
        "P31",
        "p31-capacity-and-knowledge",
        (
            Statement("capacity lets local firms grow", "growth of sales of local firms", 1, "capacity", "neither"),
            Statement("links let them grow", "growth of sales of local firms", 1, "links", "neither"),
            Statement(
                "capacity does more with links",
                "growth of sales of local firms",
                1,
                ("both", "links"),
                ("capacity", "neither"),
                _IDLE,
            ),
        ),
    ),
    Claim(
        "P32",
        "p32-outsourcing",
        (
            *_of_outsourcing(_WAVE, "", 1, (f"{_WAVE} between equals", "equals")),
            *_of_outsourcing(_WEIGH, "open, where firms weigh cost: ", 0),
        ),
    ),
    Claim(
        "P33",
        "p33-path-dependence",
        (
            Statement(
                "company makes final shares vary more",
                "share of cluster a",
                1,
                "equal clusters",
                "equal clusters, without company",
                is_spread=True,
            ),
            Statement(
                "the leader of day 728 leads on the last day",
                "the early leader leads",
                1,
                "equal clusters",
                0.5,
                ("equal clusters, without company", 0.5),
            ),
            Statement(
                "an early order lasts",
                "share of cluster a",
                1,
                "early order in a",
                "equal clusters",
                ("early order in a, without company", "equal clusters, without company"),
            ),
        ),
    ),
)
