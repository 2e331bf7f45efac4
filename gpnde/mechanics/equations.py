"""The numbers of the equations and what each is about.

A docstring that names a number in brackets, such as (E11), says that its function or module works out that equation; a
function without a number of its own has that of its module.
"""

from __future__ import annotations

EQUATIONS = {
    "E1": "Demand of a market: product generations, answer to price",
    "E2": "Prices: erosion of commodities, markup on differentiated products, price wars",
    "E3": "Choice between brands",
    "E4": "Ordering",
    "E5": "Lead times and outages",
    "E6": "Production, yield and the sharing of short stock",
    "E7": "Unit cost: materials, labour on a learning curve, fixed cost",
    "E8": "Requests for quotation: time to answer, bids, award",
    "E9": "Scorecard, strikes and dismissal",
    "E10": "Allocation of volume among suppliers",
    "E11": "Transfer of knowledge along ties",
    "E12": "What sources pass on: reach by sophistication, openness by life cycle",
    "E13": "Internalisation of what was transferred",
    "E14": "Capability from codified and tacit knowledge",
    "E15": "Learning by doing, own research and local pools",
    "E16": "Forgetting and the drift of the frontier",
    "E17": "Creation of knowledge by partners",
    "E18": "Effort",
    "E19": "Functional upgrading",
    "E20": "Shift of specialisation",
    "E21": "Cash, credit and insolvency",
    "E22": "Location, and make or buy",
    "E23": "Entry of firms and moves of people",
    "E26": "Plant: value, wear, upkeep and expansion",
    "E27": "Exchange rates",
    "E28": "Bargaining over the prices of supplies",
    "E29": "Hurdle of investments",
    "E30": "Public stocks: institutions, research and expertise",
}
"""Titles by number. E24, the uneven influence of flagships, is a property; E25, the measures, belongs to results."""
