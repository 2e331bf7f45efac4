from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from gpnde.charts.catalogue import CHARTS
from gpnde.charts.theme import COLOURS, DARK, INK

from .conftest import FrontEnd, Opener, PageMaker, take_picture
from .driving import choose_theme, page_memory

pytestmark = pytest.mark.slow

# At the end of the path, so that the kernel imports the installed packages.
FIND_TESTS = f"import sys\nsys.path.append({str(Path(__file__).parents[2])!r})\n"
CELLS = FIND_TESTS + (Path(__file__).parent / "chart_cells.py").read_text(encoding="utf-8")
STOCKS = ".stocks .gpnde-chart"
ROUNDS = 200
MOST_GROWTH = 20.0
"""MB that the page and the kernel may grow by in so many rounds."""


@pytest.fixture(scope="module")
def opened(front_end: FrontEnd, new_page: PageMaker, notebook: Callable[..., Path]) -> Iterator[Page]:
    """Return the page of the notebook, opened once for all tests of a front end."""
    with new_page(f"charts-{front_end.name}") as page:
        front_end.open(page, notebook(CELLS))
        page.wait_for_selector(f"{STOCKS}[data-ready]")
        page.wait_for_selector(".network .gpnde-chart[data-ready]")
        yield page


@pytest.fixture
def chart(opened: Page) -> Page:
    """Return the page with the chart of stocks in its first state and one view of it."""
    opened.set_viewport_size({"width": 1280, "height": 800})
    press(opened, "once")
    press(opened, "first")
    wait_for_stock(opened, 10.0)
    return opened


def press(page: Page, name: str) -> None:
    page.locator(f"button.do-{name}").click()


def wait_for_note(page: Page, text: str) -> None:
    page.wait_for_function("text => document.querySelector('.note').innerText.includes(text)", arg=text)


def drawn(page: Page, host: str = STOCKS) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that Vega has drawn, by dataset."""
    rows: dict[str, list[dict[str, Any]]] = page.eval_on_selector(host, "host => host.gpndeView.datasets()")
    return rows


def wait_for_stock(page: Page, stock: float, host: str = STOCKS) -> None:
    """Wait until the first firm is drawn with this stock, and all that was sent is drawn."""
    page.wait_for_function(
        """([selector, stock]) => {
            const view = document.querySelector(selector)?.gpndeView;
            return view?.embedded && !view.busy && view.datasets()["data-1"]?.[0]?.stock === stock;
        }""",
        arg=[host, stock],
    )


def points(page: Page, host: str = STOCKS) -> Locator:
    return page.locator(f"{host} path[aria-roledescription='circle']")


def heights(page: Page) -> list[float]:
    """Return how high above the lower edge of the page each point is."""
    boxes = [one.bounding_box() for one in points(page).all()]
    return [-(box["y"] + box["height"] / 2) for box in boxes if box]


def test_points_stand_where_their_rows_say(chart: Page) -> None:
    stocks = [10.0, 20.0, 30.0]
    assert [row["stock"] for row in drawn(chart)["data-1"]] == stocks
    low, middle, high = heights(chart)
    assert middle - low == pytest.approx(200 * 10 / 400, abs=0.6)
    assert high - middle == pytest.approx(middle - low, abs=0.6)


def test_new_rows_move_the_points_and_the_words_without_redrawing(chart: Page) -> None:
    before = heights(chart)
    chart.eval_on_selector(f"{STOCKS} svg", "svg => { svg.dataset.old = 'yes'; }")
    press(chart, "later")
    wait_for_stock(chart, 200.0)
    assert [new - old for new, old in zip(heights(chart), before, strict=True)] == pytest.approx([95.0] * 3, abs=0.6)
    assert chart.locator(f"{STOCKS} svg[data-old]").count() == 1
    assert chart.locator(f"{STOCKS} .mark-text", has_text="Stocks of day 20").count() == 1
    assert chart.locator(f"{STOCKS} > p.gpnde-unseen[id]").text_content() == "Day 20 of stocks."


def test_dates_in_new_rows_are_read_as_in_the_first(chart: Page) -> None:
    press(chart, "later")
    wait_for_stock(chart, 200.0)
    shown = "host => new Date(host.gpndeView.embedded.view.data('data_1')[0].counted).getUTCDate()"
    assert chart.eval_on_selector(STOCKS, shown) == 20


@pytest.mark.thorough
def test_pictures_are_skipped_but_never_the_last(chart: Page, measured: Callable[[str], None]) -> None:
    used, nodes = page_memory(chart)
    host = chart.locator(STOCKS)
    frames = int(host.get_attribute("data-frames") or 0)
    press(chart, "many")
    wait_for_stock(chart, 310.0)
    wait_for_note(chart, "MB more after 200")
    kernel = float(chart.locator(".note").inner_text().split()[0])
    count = int(host.get_attribute("data-frames") or 0) - frames
    used_after, nodes_after = page_memory(chart)
    growth = used_after - used
    measured(
        f"{ROUNDS} states shown, {count} drawn: page {growth:+.1f} MB and {nodes_after - nodes:+} nodes, "
        f"kernel {kernel:+.1f} MB"
    )
    assert 1 <= count <= ROUNDS
    assert growth < MOST_GROWTH
    assert kernel < MOST_GROWTH
    assert nodes_after - nodes < 100


def test_click_tells_the_kernel_which_firm(chart: Page) -> None:
    points(chart).nth(1).click()
    wait_for_note(chart, "Beta, click")
    number = int(chart.locator(".note").inner_text().split()[-1])
    points(chart).nth(1).click()
    wait_for_note(chart, f"Beta, click {number + 1}")


def test_firm_can_be_chosen_by_keyboard(chart: Page) -> None:
    summary = chart.locator(f"{STOCKS} summary")
    summary.focus()
    chart.keyboard.press("Enter")
    table = chart.locator(f"{STOCKS} table").last
    table.wait_for()
    rows = table.evaluate(
        "table => [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent))"
    )
    assert rows == [["Alpha", "10", "2026-01-01"], ["Beta", "20", "2026-01-01"], ["Gamma", "30", "2026-01-01"]]
    table.get_by_role("button", name="Gamma").focus()
    chart.keyboard.press("Enter")
    wait_for_note(chart, "Gamma, click")
    summary.click()


def test_chart_has_a_name_and_a_description(chart: Page) -> None:
    figure = chart.get_by_role("figure", name="Stocks by firm", exact=True)
    words = figure.get_attribute("aria-describedby")
    assert chart.locator(f"#{words}").text_content() == "Day 1 of stocks."
    figure.focus()
    assert figure.evaluate("host => host === document.activeElement")


def test_picture_comes_back_as_png(chart: Page) -> None:
    press(chart, "png")
    wait_for_note(chart, "png 89504e47 True")


def test_picture_is_saved_as_svg_once_though_there_are_two_views(chart: Page) -> None:
    press(chart, "twice")
    chart.wait_for_selector(".again .gpnde-chart[data-ready]")
    saved: list[str] = []
    chart.on("download", lambda download: saved.append(download.suggested_filename))
    press(chart, "svg")
    wait_for_note(chart, "svg 3c737667 True True")
    press(chart, "later")
    wait_for_stock(chart, 200.0)
    assert saved == ["stocks.svg"]


def test_second_view_shows_the_present_state_and_follows(chart: Page) -> None:
    press(chart, "later")
    press(chart, "twice")
    wait_for_stock(chart, 200.0, ".again .gpnde-chart")
    press(chart, "first")
    wait_for_stock(chart, 10.0, ".again .gpnde-chart")
    wait_for_stock(chart, 10.0)


def test_what_cannot_be_drawn_is_said_in_one_line(chart: Page) -> None:
    press(chart, "break")
    alert = chart.locator(f"{STOCKS} .gpnde-error")
    alert.get_by_text("Stocks by firm: cannot be drawn").wait_for()
    assert "\n" not in alert.inner_text()
    press(chart, "first")
    wait_for_stock(chart, 10.0)
    assert alert.inner_text() == ""


@pytest.mark.parametrize("host", [STOCKS, ".network .gpnde-chart"])
def test_chart_gives_way_in_a_narrow_place_and_comes_back(chart: Page, host: str) -> None:
    wide = wait_for_width(chart, host, "width === design")
    beside = 1280 - chart.eval_on_selector(host, "host => host.clientWidth")
    for room in (480, 440):
        chart.set_viewport_size({"width": beside + room, "height": 800})
        narrow = wait_for_width(chart, host, f"outside === {room} && inside <= outside")
    chart.set_viewport_size({"width": 1280, "height": 800})
    assert narrow < wide
    assert wait_for_width(chart, host, "width === design") == wide


def test_headings_are_broken_where_the_place_ends(chart: Page) -> None:
    press(chart, "titled")
    wait_for_stock(chart, 30.0)
    said = headings(chart)
    beside = 1280 - chart.eval_on_selector(STOCKS, "host => host.clientWidth")
    chart.set_viewport_size({"width": beside + 360, "height": 800})
    wait_for_width(chart, STOCKS, "outside === 360 && inside <= outside")
    narrow = headings(chart)
    assert [len(lines) for lines in narrow] > [len(lines) for lines in said]
    assert ["".join(lines).replace(" ", "") for lines in narrow] == ["".join(lines).replace(" ", "") for lines in said]
    assert not any("…" in line for lines in narrow for line in lines)


def headings(page: Page) -> list[list[str]]:
    """Return the lines of title and subtitle as they are drawn."""
    found: list[list[str]] = page.eval_on_selector_all(
        f"{STOCKS} .mark-text.role-title-text text, {STOCKS} .mark-text.role-title-subtitle text",
        "texts => texts.map(text => [...text.childNodes].map(line => line.textContent))",
    )
    return found


def wait_for_width(page: Page, host: str, condition: str) -> float:
    """Wait until the chart, which is not being drawn, meets the *condition*, and return how wide its panel is."""
    state = f"""host => {{
        const view = host?.gpndeView, design = view?.embedded?.vgSpec.width, width = view?.embedded?.view.width();
        const inside = host?.scrollWidth, outside = host?.clientWidth;
        return view?.embedded && !view.busy && !view.refit && {condition} && width;
    }}"""
    found = page.wait_for_function(f"host => ({state})(document.querySelector(host))", arg=host)
    width: float = found.json_value()
    return width


@pytest.mark.thorough
def test_libraries_come_once_for_all_charts(front_end: FrontEnd, page: Page, notebook: Callable[..., Path]) -> None:
    received: list[int] = []

    def count(payload: str | bytes) -> None:
        text = payload if isinstance(payload, bytes) else payload.encode()
        received.append(text.count(b"gpndeVega??={}"))

    page.on("websocket", lambda socket: socket.on("framereceived", count))
    front_end.open(page, notebook(CELLS))
    page.wait_for_selector(".network .gpnde-chart[data-ready]")
    page.wait_for_selector(f"{STOCKS}[data-ready]")
    assert sum(received) == 1


@pytest.mark.thorough
def test_dark_page_gets_dark_colours(front_end: FrontEnd, page: Page, notebook: Callable[..., Path]) -> None:
    front_end.open(page, notebook(CELLS), query="theme=dark")
    page.wait_for_selector(f"{STOCKS}[data-ready]")
    if front_end.name != "voila":
        assert points(page).first.get_attribute("fill") == COLOURS[0]
        choose_theme(page, "dark")
    page.wait_for_selector(f"{STOCKS}[data-theme=dark]")
    page.wait_for_selector(".network .gpnde-chart[data-theme=dark]")
    assert points(page).first.get_attribute("fill") == DARK[COLOURS[0]]
    assert DARK[INK] in page.inner_html(f"{STOCKS} svg")
    press(page, "svg")
    wait_for_note(page, "svg")
    with page.expect_download() as saved:
        press(page, "svg")
    picture = saved.value.path().read_text(encoding="utf-8")
    assert COLOURS[0] in picture and DARK[COLOURS[0]] not in picture


def test_page_of_the_chart_needs_no_kernel(chart: Page, page: Page, tmp_path: Path) -> None:
    press(chart, "later")
    wait_for_stock(chart, 200.0)
    with chart.expect_download() as saved:
        press(chart, "page")
    file = tmp_path / "stocks.html"
    saved.value.save_as(file)
    page.goto(file.as_uri())
    page.wait_for_selector("#chart svg")
    assert page.locator("path[aria-roledescription='circle']").count() == 3
    assert page.get_by_text("Stocks of day 20").count() == 1
    take_picture(page, "page of a chart")


def wait_until_told_that_the_kernel_has_gone(page: Page) -> None:
    page.locator(f"{STOCKS} .gpnde-gone", has_text="The kernel has stopped: start it again").wait_for()


@pytest.mark.thorough
def test_kernel_that_is_shut_down_is_told_and_breaks_nothing(
    jupyter_lab: Opener, notebook: Callable[..., Path]
) -> None:
    page = jupyter_lab(notebook(CELLS))
    page.wait_for_selector(f"{STOCKS}[data-ready]")
    page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    wait_until_told_that_the_kernel_has_gone(page)
    points(page).nth(1).click()
    page.set_viewport_size({"width": 900, "height": 800})
    choose_theme(page, "dark")
    page.wait_for_selector(f"{STOCKS}[data-theme=dark]")
    assert points(page).first.get_attribute("fill") == DARK[COLOURS[0]]
    wait_until_told_that_the_kernel_has_gone(page)


@pytest.mark.thorough
def test_kernel_that_dies_is_told(front_end: FrontEnd, page: Page, notebook: Callable[..., Path]) -> None:
    front_end.open(page, notebook(CELLS))
    page.wait_for_selector(f"{STOCKS}[data-ready]")
    press(page, "die")
    wait_until_told_that_the_kernel_has_gone(page)
    assert "Traceback" not in page.inner_text("body")


ALL_CHARTS = """
from gpnde.charts.catalogue import CHARTS
from gpnde.lab.chart_view import ChartView
from tests.example import example_run
import ipywidgets

run = example_run(sites=60, days=364)
views = [ChartView(label=kind.title).add_class(f"chart-{name}") for name, kind in CHARTS.items()]
for view, kind in zip(views, CHARTS.values()):
    view.show(kind(run))
ipywidgets.VBox(views)
"""


def test_every_chart_of_the_catalogue_is_drawn(
    front_end: FrontEnd, page: Page, notebook: Callable[..., Path], measured: Callable[[str], None]
) -> None:
    front_end.open(page, notebook(FIND_TESTS + ALL_CHARTS), query="theme=dark")
    slowest = 0.0
    for name in CHARTS:
        host = f".chart-{name} .gpnde-chart"
        page.wait_for_selector(f"{host}[data-ready]")
        assert page.get_attribute(host, "data-error") is None, name
        assert page.locator(f"{host} svg .role-mark").count() > 0, name
        slowest = max(slowest, float(page.get_attribute(host, "data-draw-ms") or 0))
        take_picture(page.locator(host), f"{front_end.name}-{name}")
    measured(f"{front_end.name}: {len(CHARTS)} charts drawn for the first time, the slowest in {slowest:.0f} ms")
