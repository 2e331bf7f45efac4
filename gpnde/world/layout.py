"""The layout of the state: one record per site, input, line, market and order, one array per kind.

Records keep what is used together side by side in memory, and read the same in compiled and plain Python:
``line = state.lines[7]; line.backlog += 5``.  Times are whole ticks, quantities are units, money is money.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gpnde.numerics.laws.sampling import Laws

Records = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER = 2**31 - 1
"""A tick that no run reaches."""

LATEST = NEVER // 2
"""The longest time that is counted (ticks): it reaches beyond every horizon, and twice as long is still a tick."""

RECEIVE, DEMAND, SUPPLY, ORDER = range(4)
"""The steps of one instant."""

PROPORTIONAL, PRIORITY, FIRST_COME = range(3)
"""Rules for sharing short stock."""

ORDER_UP_TO, SMOOTHED, REORDER_TO_LEVEL, FIXED_QUANTITY = range(4)
"""Ordering rules; base stock and make-to-order are order-up-to with a level that does not move."""

WAIT, ELSEWHERE, RECALL = range(3)
"""What becomes of orders for a supplier that is down."""

SHARES, FIRST, AVAILABLE, CHEAPEST, FASTEST, RANDOM, RANKED = range(7)
"""Rules for who gets an order."""

FIXED, MOVING_AVERAGE, EXPONENTIAL = range(3)
"""Forecasting methods."""

FREE, GOODS, IN_PRODUCTION, DELAYED_ORDER = range(4)
"""What a calendar entry brings: nothing, goods from afar, a finished batch, or orders to be read (of markets: due)."""

RECEIVED, LOST, CANCELLED, OPEN = range(4)
"""How an order ended."""

ENDED = -1
"""When an order arrives that has ended already: its place is empty."""

LEAD_TIME, PROCESSING, YIELD, QUANTITY, ARRIVAL, CAPACITY, SUPPLIER = range(7)
"""Purposes of random draws; each has a key of its own."""

PURPOSES = ("lead time", "processing", "yield", "quantity", "arrival", "capacity", "supplier")


CACHE_LINE = 64
"""Bytes that a processor fetches at once; records of sites, inputs, lines and markets begin on such a boundary."""


def _layout(*fields: tuple[str, str], boundary: int = 1) -> np.dtype[np.void]:
    """Return the layout of a record, its size rounded up to a multiple of *boundary* bytes."""
    plain = np.dtype([(name, kind) for names, kind in fields for name in names.split()])
    names = list(plain.names or ())
    placed: Mapping[str, Any] = plain.fields or {}
    formats, offsets = zip(*(placed[name][:2] for name in names), strict=True)
    size = -(-plain.itemsize // boundary) * boundary
    layout = {"names": names, "formats": formats, "offsets": offsets, "itemsize": size}
    return np.dtype((np.record, layout))


SITE = _layout(
    # First line of the cache: all that a customer's order touches, and what comes in and goes out.
    ("on_hand backlog demanded total_demand produced shipped", "f8"),
    ("review", "i4"),
    ("down asked", "i2"),  # asked: orders read since the last review, which a single server counts as batches
    ("passes_through unlimited rationing echelon_rule", "i1"),
    ("rule method supplier_down makes_to_order", "i1"),
    # Second line: supply, and the integrals over time.
    ("held short pipeline shortage wip level", "f8"),
    ("first_out last_out claimed served", "i4"),
    # Third line: review and ordering.
    ("ordered mean_yield order_sum order_squares demand_sum demand_squares", "f8"),
    ("next_review reviews first_input last_input", "i4"),
    # What only some sites need.
    ("started scrapped forecast deviation protection safety", "f8"),
    # A drawn yield is taken to the power of defects; protection below 0 is not given.
    ("defects lead_time_factor", "f8"),
    ("work_mean work_variance lead_weight", "f8"),  # of the time in production (ticks); weight of a new delivery
    ("reorder_point quantity smoothing alpha echelon", "f8"),
    # What markets have asked for and will take after their service time, and the mean of these times (ticks).
    ("due_later notice", "f8"),
    ("shut", "i8"),  # 1: not open yet, or closed
    ("capacity", "f8"),  # units started per tick, in the mean
    ("server_free", "i8"),
    ("processing yield_rate yield_loss", "i4"),
    ("daily_capacity", "i4"),  # the law of capacity per day, -1 where it is always the same
    ("history_start history_next history_seen window firm cluster product tier", "i4"),
    boundary=CACHE_LINE,
)
"""A plant or warehouse that makes or distributes one product."""

INPUT = _layout(
    ("stock on_order per_unit used", "f8"),
    ("batches", "f8"),  # ordered and not yet started
    ("site product first_line last_line orders", "i4"),
    # How suppliers are chosen, whether that or lots need a look at each order, and whether it has a rule of its own.
    ("choice picks own", "i1"),
    boundary=CACHE_LINE,
)
"""A product that a site needs, with its stock there."""

INPUT_RULE = _layout(
    ("level reorder_point quantity smoothing safety protection", "f8"),
    ("ordered", "f8"),  # what the last order came to (units of the input)
    ("turn", "i4"),  # reviews of the site up to the next one of this input
    ("every", "i2"),  # reviews of the site per review of this input
    ("rule forecasts", "i1"),
    boundary=CACHE_LINE,
)
"""How a site orders an input that has a rule of its own."""

SOURCE = _layout(
    ("minimum multiple maximum", "f8"),  # of an order
    ("dutiable landed", "f8"),  # price with duties, and with freight too, before discounts (money per unit)
    ("rebate", "f8"),  # units that discounts on orders amount to, not yet taken off an invoice
    ("rank", "f8"),  # by a function of a plugin
    ("first_break last_break", "i4"),
    ("standing", "i4"),  # among suppliers that are equal otherwise
)
"""A line as its buyer chooses between suppliers: lots, discounts and what it costs."""

BREAK = _layout(("quantity discount", "f8"))
"""A discount (1) on the price of orders of a quantity or more."""

LINE = _layout(
    # Placed, read, shipped and received are cumulative quantities; orders are marks on the first three. Orders count
    # from 0, again when none is open: head is the oldest open one, unshipped the oldest not wholly sent, tail the next
    # one to come; crossed says whether some order may arrive before an older one.
    # First line of the cache: supply.
    ("backlog fresh in_transit read shipped", "f8"),
    ("market lead_time unshipped first_place places", "i4"),
    ("blocked", "i2"),
    ("backorders crossed", "i1"),
    # Second line: orders placed and received.
    ("placed received share delivery_ticks", "f8"),
    ("supplier input delay promise head tail completed on_time", "i4"),
    # What is seldom needed.
    ("allotted delayed lost cancelled price", "f8"),
    ("opened closed commitment", "i8"),
    ("claim buyer contract product unfulfilled", "i4"),
    ("active priority", "i2"),
    ("lead_mean lead_variance", "f8"),  # of the time from order to receipt (ticks), by its law or as observed
    ("turn", "f8"),  # units by which the line is behind its share of whole lots
    ("step_ticks", "i2"),  # by which the order of steps lengthens the time to cover
    boundary=CACHE_LINE,
)
"""Anything that goods move along: a link between sites, a purchase outside, a sale to a market."""

MARKET = _layout(
    # First line of the cache: all that a market needs whose demand comes period by period, from one law.
    ("periods", "i8"),
    ("demanded filled delivered factor", "f8"),
    ("next every law first_line last_line", "i4"),
    ("poisson varies", "i2"),  # varies: whether demand is correlated, grows or follows a sales curve
    # What only some markets need.
    ("rate arrival growth autocorrelation carried mean_quantity lost returned", "f8"),
    ("curve_start curve_length curve_ticks product", "i4"),
    ("patience", "i4"),  # ticks that buyers wait at most for what they asked for, 0 for no end
    boundary=CACHE_LINE,
)
"""Buyers of one product in one place."""

ORDER_RECORD = _layout(("quantity mark", "f8"), ("placed promised shipped arrives", "i4"))
"""A place for an order in the ring of its line.

*arrives* is when the last part that was sent so far arrives, 0 if none was sent and `ENDED` where there is no open
order; an empty place has nothing left to ship. The quantity is negative where a part of the order was lost on the way.
"""

LOAD = _layout(
    ("entity occurrence", "i8"),
    ("chance normal", "f8"),  # these four are a draw, see gpnde.numerics.draws.DRAW
    ("quantity lead_time_factor", "f8"),
    ("where supplier lead_time due first behind", "i4"),
)
"""Goods on the dock: sent over line *where*, with a lead time that is yet to be drawn and to be multiplied.

They are *due* to leave at a tick, and to arrive at another as soon as the lead time is drawn; they belong to the orders
of the line from *first* up to *behind*. Where nothing is on the dock, its draws serve other purposes.
"""

ENTRY = _layout(("quantity", "f8"), ("where", "i8"), ("due what next", "i4"), boundary=CACHE_LINE // 2)
"""An entry of the calendar: *what* happens *where* (a line or a site) when it is *due*."""

LEDGER = _layout(("quantity", "f8"), ("line placed promised shipped received status", "i4"))
"""An order that has ended, as the results show it."""

CLOCK = _layout(
    ("last horizon next_demand next_review", "i8"),
    (
        "free_entry entries used_places crowded open_orders ledger_used keep_orders echelons busy unseen blind",
        "i8",
    ),
    ("loads order_lines", "i8"),
    # Whether lead times are scaled at all, some site learns them from deliveries, and some market has a service time.
    ("scales_lead_times observes patient", "i8"),
    # Whether buyers of some market give up, and when the next of them do.
    ("impatient next_loss", "i8"),
    ("picks", "i8"),  # whether orders of some input need a look at lots, or at each supplier
    ("plants", "i8"),  # how many plants make several products
    ("tick_days", "f8"),
)
"""The time of the flow, and counts of what it keeps."""


FIRM = _layout(
    ("cash receivable payable revenue expense", "f8"),
    ("opening credit fixed_per_day monthly_cost response_hours response_factor", "f8"),
    ("added_rate", "f8"),  # what components add to the yearly rate of interest (1/year)
    ("active tier role", "i8"),
)
"""A company, with its cash and its place in the hierarchy."""


class State(NamedTuple):
    """The arrays that the compiled steps work on."""

    clock: Records  # shape (1,)
    steps: Integers  # the four steps of an instant, in their order
    sites: Records
    inputs: Records
    lines: Records
    markets: Records
    orders: Records  # a ring of places per line, see LINE.first_place
    dock: Records  # what is to leave, clock.loads of them, and the draws that are made together
    arrivals: Floats  # shape (window, lines or more): goods by due tick modulo the window, and line
    arriving: Integers  # shape (window,): whether anything arrives
    entries: Records
    buckets: Integers  # heads of the lists of calendar entries, by due tick modulo their number
    ledger: Records
    history: Floats  # demand of past reviews, for moving averages
    curves: Floats  # sales curves of product generations
    upstream_first: Integers  # sites in the order in which goods flow
    out_lines: Integers  # lines by supplying site, see SITE.first_out
    in_lines: Integers  # lines by input, see INPUT.first_line
    market_lines: Integers  # lines by market, see MARKET.first_line
    rules: Records  # of inputs, see INPUT_RULE
    sources: Records  # of lines, see SOURCE
    breaks: Records  # see SOURCE.first_break
    plants: Records  # see gpnde.world.plant_layout, as of their lines
    plant_lines: Records
    plant_setups: Floats  # shape (plant_lines, lines of the largest plant, 2), see gpnde.world.plants
    keys: Integers  # shape (7, 2): keys of the random streams by purpose
    # What stands for names in draws, see gpnde.numerics.draws: not in the records, whose lines of the cache are full.
    site_entity: Integers
    line_entity: Integers
    market_entity: Integers
    laws: Laws
