"""What the fields of the records of a view mean, and their units, for the reference of hooks.

Each line has the names of fields, their unit and their meaning. Times are in ticks, as everywhere in the flow; a number
of a thing is its position in the array of such things.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from gpnde.world import layout


class Variable(NamedTuple):
    """A field of a record."""

    unit: str
    meaning: str


_SITES = """
on_hand | unit | finished stock
backlog | unit | ordered from it and not yet shipped
demanded | unit | asked of it since its last review
total_demand | unit | asked of it since day 0
asked | 1 | orders read since its last review
produced | unit | made since day 0
shipped | unit | sent since day 0
down | 1 | outages and closures in force; 0: it works
review | tick | time from review to review; 0: at every change
makes_to_order | 1 | 1: it orders and makes what it is asked for and holds no stock of it
shut | 1 | 1: not open yet or closed for good, ordered from only where no supplier is open; 0: open
supplier_down | 1 | orders while a supplier is down, 0 wait, 1 elsewhere, 2 recall
passes_through | 1 | 1: goods go straight into stock, as in a warehouse
unlimited | 1 | 1: it ships whatever is ordered, from nothing
rationing | 1 | rule for short stock, 0 proportional, 1 priority, 2 first-come
echelon_rule | 1 | 1: it orders by its echelon stock
rule | 1 | ordering rule, 0 order-up-to, 1 smoothed, 2 s-S, 3 r-Q
method | 1 | forecast, 0 none, 1 moving average, 2 exponential smoothing
held | unit tick | stock over time, since day 0
short | unit tick | backlog over time, since day 0
pipeline | unit tick | what it sent, times the time that it was on the road, since day 0
shortage | unit | asked of it and not sent at the instant at which it was read, since day 0
wip | unit | in production
level | unit | order-up-to level
first_out last_out | 1 | its outgoing lines, for the engine's own use
claimed | 1 | instants at which anything was asked of it, since day 0
served | 1 | of these, instants at which all of it was sent
ordered | unit | ordered for its first input, since day 0, in units of output
mean_yield | 1 | mean of good units per unit started
order_sum order_squares demand_sum demand_squares | unit | sums over review periods of orders, demand and squares
next_review | tick | when it reviews next
reviews | 1 | reviews since day 0; -1 before the first whole period
first_input last_input | 1 | its inputs are those from the first up to before the last
started | unit | started in production since day 0
scrapped | unit | lost in production since day 0
forecast | unit | demand per review period that it foresees
deviation | unit | standard deviation of that demand
protection | 1 | review periods that the level covers; below 0: they follow from its lead times
safety | 1 | safety factor
defects | 1 | power to which a drawn yield is taken
lead_time_factor | 1 | factor on lead times of what it delivers
work_mean | tick | mean time of a batch in production
work_variance | tick² | variance of that time
lead_weight | 1 | weight of a new delivery in the lead times that it expects; 0: those of their laws
reorder_point | unit | level s or r at or below which it orders
quantity | unit | fixed order quantity Q
smoothing | 1 | weight of the gap in the smoothed order
alpha | 1 | weight of the newest demand in the forecast
echelon | unit | stock here and downstream less what customers are owed, where it orders by it
due_later | unit | asked for by markets and due after their service time
notice | tick | mean service time that its markets grant
capacity | unit/tick | units started per tick at most; infinite without a limit
server_free | tick | when its only server is free; -1: batches do not wait
processing yield_rate yield_loss daily_capacity | 1 | numbers of laws, for the engine's own use
history_start history_next history_seen | 1 | places in the memory of demand, for the engine's own use
window | 1 | review periods of the moving average
firm | 1 | number of its firm
cluster | 1 | number of its cluster, -1 for none
product | 1 | number of what it makes
tier | 1 | tier of its firm
"""

_INPUTS = """
stock | unit | of the input, at the site
on_order | unit | ordered and not yet received
per_unit | 1 | needed for one unit started
used | unit | used up since day 0
batches | 1 | ordered and not yet started, where a single server works them in turn
site | 1 | number of the site
product | 1 | number of the product
first_line last_line | 1 | its suppliers' lines, for the engine's own use
orders | 1 | reviews at which it was ordered, since day 0
choice | 1 | rule for who gets an order, by position in `gpnde.scenario.ordering.choice.CHOICE_RULES`
picks | 1 | 1: its orders are in lots, or go to one supplier after the other
own | 1 | 1: it has an ordering rule of its own
"""

_LINES = """
backlog | unit | read by the supplier and not yet shipped
fresh | unit | read at this instant
in_transit | unit | on the road
read | unit | read by the supplier since day 0
shipped | unit | sent since day 0
market | 1 | number of the market, -1 for a link
lead_time | 1 | number of a law, for the engine's own use
unshipped first_place places | 1 | places of its orders, for the engine's own use
blocked | 1 | outages in force; 0: goods can leave
crossed | 1 | 1: some open order may arrive before an older one
backorders | 1 | 1: what cannot be sent waits; 0: it is lost
placed | unit | ordered since day 0, less what was cancelled
received | unit | arrived, or lost on the way, since day 0
share | 1 | of the buyer's need of the product, or of the market
delivery_ticks | tick | from order to receipt, sum over finished orders
supplier | 1 | number of the sending site, -1 for outside the model
input | 1 | number of the input, -1 for a sale
delay | tick | from an order to when the supplier reads it
promise | tick | promised delivery time
head tail | 1 | oldest open order and the next one to come, for the engine's own use
completed | 1 | orders received whole, since day 0
on_time | 1 | of these, within the promise
allotted | unit | set aside for it at this instant
delayed | unit | ordered and not yet known to the supplier or, by a market, not yet due
lost | unit | lost on the way since day 0
cancelled | unit | cancelled since day 0
price | money/unit | without duties
opened closed | tick | when it began, and when it ended; -1: not yet
commitment | tick | for which the contract binds the buyer from its beginning
claim | 1 | order that is served now, for the engine's own use
buyer | 1 | number of the receiving site, -1 for a market
contract | 1 | kind, by position in `gpnde.contracts.CONTRACTS`
product | 1 | number of the product
unfulfilled | 1 | orders that ended without being received whole, since day 0
active | 1 | 1: orders are placed on it
lead_mean | tick | mean time from order to receipt that the buyer expects
lead_variance | tick² | variance of that time
turn | unit | by which it is behind its share of whole lots
step_ticks | tick | by which the order of the steps of an instant lengthens the time to cover
priority | 1 | lower numbers are served first under priority rationing
"""

_MARKETS = """
periods | 1 | demands drawn since day 0
demanded | unit | asked for and due since day 0
filled | unit | sent at the instant at which it was asked for, since day 0
delivered | unit | received since day 0
factor | 1 | on demand: that of components, acts and prices together
next | tick | of the next period
every | tick | length of a period
law | 1 | number of a law, for the engine's own use
first_line last_line | 1 | its sellers' lines, for the engine's own use
poisson | 1 | 1: customers arrive at random
varies | 1 | 1: demand is correlated, grows or follows a sales curve
rate | 1/tick | of arrivals
arrival | tick | of the next customer
growth | 1/tick | of mean demand, as a logarithm
autocorrelation | 1 | of successive demands
carried | unit | deviation from the mean that lasts from period to period
mean_quantity | unit | mean of the law
lost | unit | unmet demand, since day 0
returned | unit | brought back by negative demand, since day 0
curve_start curve_length | 1 | its sales curve, for the engine's own use
curve_ticks | tick | length of a product generation
patience | tick | that buyers wait at most for what they asked for; 0: without end
product | 1 | number of the product
"""

_FIRMS = """
cash | money | below 0: drawn on credit
receivable payable | money | invoiced and not yet paid, to it and by it
revenue expense | money | since day 0
opening | money | cash on day 0
credit | money | credit line
fixed_per_day | money/day | fixed cost
monthly_cost | money | cost in 28 days at the expected flow
response_hours | hour | median time to answer a request for quotation; 0: that of the scenario
response_factor | 1 | on that time
added_rate | 1/year | what components add to its rate of interest
active | 1 | 1: it is in the network
tier | 1 | distance from the flagship
role | 1 | by position in `gpnde.vocabulary.ROLES`
"""

RECORDS: Mapping[str, tuple[np.dtype[np.void], str]] = {
    "sites": (layout.SITE, _SITES),
    "inputs": (layout.INPUT, _INPUTS),
    "lines": (layout.LINE, _LINES),
    "markets": (layout.MARKET, _MARKETS),
    "firms": (layout.FIRM, _FIRMS),
}
"""The records of a view by their name there: their layout, and what is said of their fields."""


def variables(text: str) -> dict[str, Variable]:
    """Return what is said of each field.

    >>> variables("first second | 1 | places")["second"]
    Variable(unit='1', meaning='places')
    """
    rows = [[part.strip() for part in line.split(" | ")] for line in text.strip().splitlines()]
    return {name: Variable(unit, meaning) for names, unit, meaning in rows for name in names.split()}
