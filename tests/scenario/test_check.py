from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario import Scenario, check_scenario

Raw = dict[str, Any]
Change = Callable[[Raw], object]


def _put(table: str, name: str, **fields: object) -> Change:
    """Return a change that adds a row or changes fields of one."""

    def change(raw: Raw) -> None:
        rows = raw.setdefault(table, {})
        rows[name] = {**(rows.get(name) or {}), **fields}

    return change


def _link(**fields: object) -> Change:
    """Return a change that adds a link."""
    return lambda raw: raw["links"].append(fields)


def _first_link(**fields: object) -> Change:
    """Return a change of the first link."""
    return lambda raw: raw["links"][0].update(fields)


def _twice(table: str, name: str) -> Change:
    """Return a change that writes a table as a list whose first row stands there twice."""
    return lambda raw: raw.update({table: [{"name": key, **row} for key, row in {**raw[table]}.items()] * 2})


REFUSALS: dict[str, tuple[Change, str]] = {
    "firm of a site": (
        _put("sites", "rangsit", firm="nidek"),
        "sites.rangsit.firm: 'nidek': no such firm; did you mean 'nidec'?",
    ),
    "product of a site": (
        _put("sites", "rangsit", product="moter"),
        "sites.rangsit.product: 'moter': no such product; did you mean 'motor'?",
    ),
    "cluster of a site": (
        _put("sites", "rangsit", cluster="penang"),
        "sites.rangsit.cluster: 'penang': no such cluster",
    ),
    "region of a cluster": (
        _put("clusters", "bangkok", region="asia"),
        "clusters.bangkok.region: 'asia': no such region",
    ),
    "owner of a firm": (
        _put("firms", "nidec", owner="seagat"),
        "firms.nidec.owner: 'seagat': no such firm; did you mean 'seagate'?",
    ),
    "product of a market": (_put("markets", "world", product="disk"), "markets.world.product: 'disk': no such product"),
    "region of a market": (_put("markets", "world", region="asia"), "markets.world.region: 'asia': no such region"),
    "site of a market": (
        _put("markets", "world", served_by=["teparok"]),
        "markets.world.served_by: 'teparok': no such site; did you mean 'teparuk'?",
    ),
    "firm that serves a market": (
        _put("markets", "world", served_by=["seagate"]),
        "markets.world.served_by: 'seagate': is a firm: name one of its sites",
    ),
    "unknown buyer": (_first_link(buyer="x"), "links.x<rangsit.buyer: 'x': no such site"),
    "unknown supplier": (
        _first_link(supplier="ranksit"),
        "links.teparuk<ranksit.supplier: 'ranksit': no such site; did you mean 'rangsit'?",
    ),
    "firm as supplier": (
        _first_link(supplier="nidec"),
        "links.teparuk<nidec.supplier: 'nidec': is a firm: name one of its sites",
    ),
    "self-supply": (
        _first_link(supplier="teparuk"),
        "links.teparuk<teparuk: site 'teparuk' supplies itself: name another supplier",
    ),
    "no product from outside": (
        _link(buyer="rangsit"),
        "links.rangsit<outside.product: missing: say what 'outside' delivers to 'rangsit'",
    ),
    "unknown product from outside": (
        _link(buyer="teparuk", product="moter"),
        "links.teparuk<outside.product: 'moter': no such product; did you mean 'motor'?",
    ),
    "product that the supplier does not make": (
        _first_link(product="drive"),
        "links.teparuk<rangsit.product: 'drive': 'rangsit' makes 'motor'; leave it out or name that",
    ),
    "product that the buyer does not use": (
        _link(buyer="rangsit", product="drive"),
        "links.rangsit<outside: delivers 'drive' to 'rangsit', which does not use it: it uses motor",
    ),
    "an unlimited buyer": (
        _link(buyer="rangsit", product="motor"),
        "sites.rangsit: is unlimited and buys: an unlimited site needs no suppliers; take its links out",
    ),
    "sites that sell to each other": (
        lambda raw: (
            _put("sites", "europort", firm="seagate", product="drive")(raw),
            _put("sites", "rotterdam", firm="seagate", product="drive")(raw),
            _link(buyer="europort", supplier="rotterdam")(raw),
            _link(buyer="rotterdam", supplier="europort")(raw),
        ),
        "sites.europort: buys from itself: europort > rotterdam > europort; take one of these links out",
    ),
    "demand in parts of a tick": (
        _put("markets", "world", demand={"law": 10, "every_days": 1.5}),
        "markets.world.demand.every_days: 1.5: must be a multiple of clock.tick_days, 1",
    ),
    "trading and making": (
        _link(buyer="teparuk", product="drive"),
        "sites.teparuk: buys 'drive', which it sells, and also motor: a site trades or makes; split it in two",
    ),
    "inputs without a supplier": (
        lambda raw: raw["links"].clear(),
        "sites.teparuk: makes 'drive' but no link delivers motor: add a link for each, from a site or from 'outside'",
    ),
    "shares of an input": (
        _first_link(share=0.7),
        "links.teparuk<rangsit.share: shares of 'motor' for 'teparuk' sum to 0.7: must sum to 1",
    ),
    "a share on one link only": (
        lambda raw: (_first_link(share=1)(raw), _link(buyer="teparuk", product="motor")(raw)),
        "links.teparuk<outside.share: missing: 'teparuk' has a share of 'motor' on other links; give all or none",
    ),
    "unknown input": (
        _put("products", "motor", made_of={"magnet": 1}),
        "products.motor.made_of: 'magnet': no such product",
    ),
    "no units of an input": (
        _put("products", "drive", made_of={"motor": 0}),
        "products.drive.made_of.motor: 0: must be above 0",
    ),
    "cycle of products": (
        _put("products", "motor", made_of={"drive": 1}),
        "products.drive.made_of: drive > motor > drive: a product cannot be made of itself; take one of these "
        "inputs out",
    ),
    "product made of itself": (
        _put("products", "motor", made_of={"motor": 1}),
        "products.motor.made_of: motor > motor: a product cannot be made of itself; take one of these inputs out",
    ),
    "cycle of owners": (
        lambda raw: (_put("firms", "nidec", owner="seagate")(raw), _put("firms", "seagate", owner="nidec")(raw)),
        "firms.seagate.owner: seagate > nidec > seagate: a firm cannot own itself; take one of these owners out",
    ),
    "owner of an independent firm": (
        _put("firms", "nidec", owner="seagate"),
        "firms.nidec.node_type: independent: it has the owner 'seagate': give one of subsidiary, joint-venture, "
        "affiliate, partner",
    ),
    "subsidiary of nobody": (
        _put("firms", "nidec", node_type="subsidiary"),
        "firms.nidec.node_type: subsidiary: it has no owner: name one, or leave it out",
    ),
    "share of nobody": (
        _put("firms", "nidec", equity_share=0.5),
        "firms.nidec.equity_share: 0.5: it has no owner: name one, or leave it out",
    ),
    "market without a site": (
        _put("markets", "world", served_by=[]),
        "markets.world.served_by: empty: name at least one site that makes 'drive'",
    ),
    "site of another product": (
        _put("markets", "world", served_by=["rangsit"]),
        "markets.world.served_by: 'rangsit' makes 'motor': name sites that make 'drive'",
    ),
    "shares of a market": (
        _put("markets", "world", served_by={"teparuk": 0.9}),
        "markets.world.served_by: shares sum to 0.9: must sum to 1",
    ),
    "negative share of a market": (
        lambda raw: (
            _put("sites", "penang", firm="seagate", product="drive", unlimited=True)(raw),
            _put("markets", "world", served_by={"teparuk": 2, "penang": -1})(raw),
        ),
        "markets.world.served_by: share -1 of 'penang': must be at least 0",
    ),
    "server twice": (
        _put("markets", "world", served_by=["teparuk", "teparuk"]),
        "markets.world.served_by: 'teparuk' is there twice: name every site once",
    ),
    "sites of one name": (
        _twice("sites", "teparuk"),
        "sites.teparuk#2: name 'teparuk' is taken: give every one of sites a name of its own (and 1 more)",
    ),
    "firms of one name": (
        _twice("firms", "seagate"),
        "firms.seagate#2: name 'seagate' is taken: give every one of firms a name of its own (and 1 more)",
    ),
    "market with the name of a site": (
        lambda raw: raw.update(markets={"teparuk": raw["markets"]["world"]}),
        "markets.teparuk: name 'teparuk' is the name of a site: give the market another name",
    ),
    "site named outside": (
        _put("sites", "outside", firm="nidec", product="motor"),
        "sites: name 'outside' stands for goods from beyond the model: give the site another name",
    ),
    "closing before opening": (
        _put("sites", "teparuk", opens_day=9, closes_day=9),
        "sites.teparuk.opens_day: 9: must be below closes_day, which is 9",
    ),
    "negative lead time": (
        _first_link(lead_time=-1),
        "links.teparuk<rangsit.lead_time: -1: must be at least 0",
    ),
    "lead time below 0 at times": (
        _first_link(lead_time="normal(mean=9, sd=3, truncated=false)"),
        "links.teparuk<rangsit.lead_time: normal(mean=9, sd=3, truncated=false): the lead time can be -inf: "
        "must be at least 0",
    ),
    "negative measured lead time": (
        _first_link(lead_time="empirical(values=3 -2)"),
        "links.teparuk<rangsit.lead_time: empirical(values=3 -2): the lead time can be -2: must be at least 0",
    ),
    "negative delivery time": (
        _put("markets", "world", lead_time="uniform(low=-1, high=1)"),
        "markets.world.lead_time: uniform(low=-1, high=1): the lead time can be -1: must be at least 0",
    ),
    "negative processing time": (
        _put("sites", "teparuk", processing=-2),
        "sites.teparuk.processing: -2: must be at least 0",
    ),
    "negative measured loss": (
        _put("sites", "teparuk", yield_loss="empirical(values=-1 1)"),
        "sites.teparuk.yield_loss: empirical(values=-1 1): the loss can be -1: must be at least 0",
    ),
    "negative demand": (
        _put("markets", "world", demand={"law": "series(values=3 -1)"}),
        "markets.world.demand.law: series(values=3 -1): the demand can be -1: must be at least 0",
    ),
    "negative certification": (
        lambda raw: raw.update(selection={"certification": -1}),
        "selection.certification: -1: must be at least 0",
    ),
    "negative opening shipment": (
        _first_link(in_transit=[4, -4]),
        "links.teparuk<rangsit.in_transit: -4: must be at least 0",
    ),
    "no yield": (
        _put("sites", "teparuk", yield_rate=0),
        "sites.teparuk.yield_rate: 0: must be above 0 and at most 1, such as 0.95 or beta(mean=0.95, sd=0.02)",
    ),
    "yield above 1 at times": (
        _put("sites", "teparuk", yield_rate="normal(mean=0.9, sd=0.1)"),
        "sites.teparuk.yield_rate: normal(mean=0.9, sd=0.1): must be above 0 and at most 1, such as 0.95 or "
        "beta(mean=0.95, sd=0.02)",
    ),
    "unknown mark": (
        _put("sites", "teparuk", provenance="sed"),
        "sites.teparuk.provenance: 'sed': must begin with chapter, derived, literature, assumption",
    ),
    "several faults": (
        lambda raw: (_put("sites", "teparuk", firm="x", cluster="y")(raw), _put("markets", "world", product="z")(raw)),
        "sites.teparuk.firm: 'x': no such firm (and 2 more)",
    ),
}


@pytest.mark.parametrize(("change", "line"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_contradiction_is_refused_in_one_line(
    raw: Raw, complaint: Callable[..., str], change: Change, line: str
) -> None:
    change(raw)
    assert complaint(raw) == line


ACCEPTED: dict[str, Change] = {
    "shares that sum to 1": lambda raw: (
        _first_link(share=0.1)(raw),
        _link(buyer="teparuk", product="motor", share=0.7)(raw),
        _link(buyer="teparuk", product="motor", share=0.2)(raw),
    ),
    "a trading site": lambda raw: (
        _put("sites", "europort", firm="seagate", product="drive")(raw),
        _link(buyer="europort", supplier="teparuk")(raw),
    ),
    "a site that ships from nothing": _put("sites", "penang", firm="seagate", product="drive", unlimited=True),
    "a yield between 0 and 1": _put("sites", "teparuk", yield_rate="uniform(low=0, high=1)"),
    "demand of both signs, when asked for": _put(
        "markets", "world", demand={"law": "normal(mean=9, sd=3, truncated=false)"}
    ),
    "a mark with its source": _put("sites", "teparuk", provenance="chapter: section 4.1"),
    "firm and site of one name": _put("sites", "nidec", firm="nidec", product="motor"),
}


@pytest.mark.parametrize("change", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_fits_together_is_accepted(raw: Raw, load: Callable[..., Scenario], change: Change) -> None:
    change(raw)
    check_scenario(load(raw))


def test_a_scenario_made_in_python_is_checked_alike(raw: Raw, load: Callable[..., Scenario]) -> None:
    scenario = load(raw)
    broken = scenario.model_copy(update={"links": (scenario.links[0].model_copy(update={"buyer": "teparok"}),)})
    with pytest.raises(ScenarioError) as caught:
        check_scenario(broken)
    assert str(caught.value) == "links.teparok<rangsit.buyer: 'teparok': no such site; did you mean 'teparuk'?"


def test_a_deep_bill_of_materials_is_checked(raw: Raw, load: Callable[..., Scenario]) -> None:
    for i in range(3000):
        raw["products"][f"part{i}"] = {"made_of": {f"part{i + 1}": 1}}
    raw["products"]["part3000"] = {}
    assert len(load(raw).products) == 3003
