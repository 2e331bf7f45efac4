"""Market information."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.market_information import MarketInformation

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.mechanics.transfer import effective_days
from gpnde.plugin import KnowledgeView
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FUNCTIONS, INFORMAL

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

LEAD = 1
MARKETS = [FUNCTIONS.index("sales_distribution"), FUNCTIONS.index("strategic_marketing")]


def test_receipts_of_a_step_follow_the_closed_form(run: Run, quiet: Network) -> None:
    """Only the flagship shares information, with the lead supplier."""
    knowledge = run(MarketInformation(), scenario=quiet(days=30)).part(KnowledgeModel)
    rate = 0.02 / 28
    received = knowledge.receipts.transferred
    expected = float(rate * (1 - 0.62 + 1 - 0.1) * effective_days(rate, 28.0))
    assert received[INFORMAL, CODIFIED].tolist() == pytest.approx([0.0, expected, 0.0])
    assert received.sum() == pytest.approx(expected)


def test_informed_suppliers_learn_about_markets_alone(network: Network, look: Look) -> None:
    transfer = MarketInformation().knowledge_transfer(look(network()))
    assert transfer.learner.tolist() == [LEAD]
    assert np.flatnonzero(np.asarray(transfer.codified)[0]).tolist() == MARKETS


def test_informed_suppliers_forecast_better_and_learn_cheaper(network: Network, look: Look) -> None:
    view, information = look(network()), MarketInformation(error_reduction=0.25, cost_reduction=0.5)
    assert np.asarray(information.forecast_error(view)).tolist() == [1.0, 0.75, 1.0]
    assert information.effort_cost(view).tolist() == [1.0, 0.5, 1.0]


def test_safety_stock_of_informed_suppliers_shrinks(run: Run, network: Network) -> None:
    plain, informed = (run(*components).world.state.sites["safety"] for components in ((), (MarketInformation(),)))
    assert plain[LEAD] > 0
    assert informed == pytest.approx(plain * [1.0, 0.7, 1.0])


def test_cheaper_effort_is_not_less_effort(run: Run, network: Network) -> None:
    base: dict[str, Any] = {"error_reduction": 0, "codified_per_month": 0}
    efforts = []
    for saved in (0.0, 0.9):
        simulation = run(MarketInformation(cost_reduction=saved, **base), scenario=network(clock={"days": 30}))
        efforts.append(simulation.part(KnowledgeModel).state.effort[LEAD])
    assert efforts[1] >= efforts[0]
    assert efforts[1] > 0


def test_does_nothing_without_strength_or_knowledge(assert_nothing_without: Check) -> None:
    zeroed = MarketInformation(error_reduction=0, cost_reduction=0, codified_per_month=0)
    assert_nothing_without(MarketInformation(), zeroed)


def test_books_balance_and_no_supplier_passes_its_buyers(assert_sound: Check) -> None:
    assert_sound(MarketInformation(codified_per_month=5))


def test_network_in_which_no_firm_shares_information_is_refused(run: Run, network: Network) -> None:
    links = [{**link, "information_sharing": False} for link in network().model_dump()["links"]]
    with pytest.raises(ComponentError, match="^diffusion.market-information: no buyer shares information: set"):
        run(MarketInformation(), scenario=network(links=links))


def test_reduction_of_more_than_everything_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.market-information.error_reduction = 2: must be at most 1"):
        MarketInformation.of({"error_reduction": 2})
