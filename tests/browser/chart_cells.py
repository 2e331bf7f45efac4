"""The notebook that tests of ChartView look at: buttons that show charts, and a line that says what came back.

Its text is a cell of the notebook.
"""

import gc
import os
import threading
from collections.abc import Callable

import altair as alt
import ipywidgets
import polars as pl
import psutil
from traitlets import Bunch

from gpnde.charts import network_by_tier
from gpnde.charts.theme import COLOURS, styled
from gpnde.lab.chart_view import ChartView
from tests.example import example_run

FIRMS = ["Alpha", "Beta", "Gamma"]


def stocks(day: int) -> alt.LayerChart:
    """Return points, one per firm, of stocks that depend on the day, above a line at 100."""
    dates = [f"2026-01-{day:02d}"] * len(FIRMS)
    levels = [10.0 * (place + day) for place in range(len(FIRMS))]
    rows = pl.DataFrame({"firm": FIRMS, "stock": levels, "counted": dates})
    points = alt.Chart(rows).mark_circle(size=200, color=COLOURS[0])
    points = points.encode(x="firm:N", y=alt.Y("stock:Q", scale=alt.Scale(domain=[0, 400])), tooltip="counted:T")
    line = alt.Chart(pl.DataFrame({"aim": [100]})).mark_rule(color=COLOURS[3]).encode(y="aim:Q")
    chart = styled((line + points).properties(width=500, height=200), f"Stocks of day {day}", f"Day {day} of stocks.")
    assert isinstance(chart, alt.LayerChart)
    return chart


def titled() -> alt.LayerChart:
    """Return the stocks under a heading longer than a telephone is wide, and a line below it without spaces."""
    said = "Stocks grow by ten units a day at each of the three firms and stay below the line for all of the first week"
    chart = styled(stocks(3).configure(), "在庫" * 40, "Stocks with a long heading.", finding=said)
    assert isinstance(chart, alt.LayerChart)
    return chart


view = ChartView(label="Stocks by firm")
twin = ChartView(label="Network", renderer="canvas")
again = ipywidgets.VBox()
note = ipywidgets.HTML("ready").add_class("note")
clicks: list[str] = []


def tell(change: Bunch) -> None:
    """Say what was clicked, and how many clicks there have been."""
    clicks.append(str(change.new.get("firm")))
    note.value = f"{clicks[-1]}, click {len(clicks)}"


def tell_picture(change: Bunch) -> None:
    """Say how a picture begins and how long it is."""
    content = change.new.get("content", b"")
    note.value = f"{change.new['format']} {content[:4].hex()} {len(content) > 5000} {b'Stocks of day' in content}"


def many() -> None:
    """Show 200 states as quickly as they can be made, from a thread that is not the one of the cells."""
    gc.collect()
    before = psutil.Process().memory_info().rss
    for day in range(199):
        view.show(stocks(1 + day % 30))
    view.show(stocks(31))
    gc.collect()
    note.value = f"{(psutil.Process().memory_info().rss - before) / 1e6:.1f} MB more after 200"


def break_it() -> None:
    """Show something that cannot be drawn."""
    view.show({"mark": "no-such-mark", "data": {"values": [{"a": 1}]}, "encoding": {}})


ACTIONS: dict[str, Callable[[], object]] = {
    "first": lambda: view.show(stocks(1), force=True),
    "later": lambda: view.show(stocks(20), force=True),
    "titled": lambda: view.show(titled(), force=True),
    "many": lambda: threading.Thread(target=many).start(),
    "png": lambda: view.export("png"),
    "svg": lambda: view.export("svg", "stocks.svg"),
    "break": break_it,
    "twice": lambda: setattr(again, "children", (view,)),
    "once": lambda: setattr(again, "children", ()),
    "page": lambda: view.download("stocks.html", view.html()),
    "die": lambda: os._exit(1),
}


def button(name: str, action: Callable[[], object]) -> ipywidgets.Button:
    """Return a button for *action*, which can be found by the class do-*name*."""
    made = ipywidgets.Button(description=name, layout=ipywidgets.Layout(width="70px"))
    made.on_click(lambda _button: action())
    return made.add_class(f"do-{name}")


view.observe(tell, "clicked")
view.observe(tell_picture, "exported")
view.show(stocks(1))
twin.show(network_by_tier(example_run(sites=30, days=91)))
view.add_class("stocks")
twin.add_class("network")
buttons = ipywidgets.HBox([button(*item) for item in ACTIONS.items()], layout=ipywidgets.Layout(flex_flow="row wrap"))
ipywidgets.VBox([buttons, note, view, again.add_class("again"), twin])
