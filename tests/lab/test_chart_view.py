"""What ChartView sends and keeps; that a page shows it is tested in a browser."""

from __future__ import annotations

import base64
import json
import threading
from typing import Any

import pytest

from gpnde.charts.theme import DARK
from gpnde.errors import GpndeError
from gpnde.lab.chart_view import ChartView


class Page(ChartView):
    """A chart whose messages are kept instead of sent, with a page that answers when told to."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.described_again = 0
        super().__init__("Stock")

    def send(self, content: dict[str, Any], buffers: object = None) -> None:
        self.messages.append(content)

    def send_state(self, key: Any = None) -> None:
        self.described_again += key == "_drawing"

    def answer(self, **message: Any) -> None:
        self.described_again = 0
        self._receive(self, message, [])

    @property
    def described(self) -> dict[str, Any]:
        """The description that the page was given."""
        found: dict[str, Any] = self.get_state("_drawing")["_drawing"]
        return found

    @property
    def stocks(self) -> list[int]:
        """The stock of each state that the page was given, the described ones first."""
        rows = [message["data"]["data-0"] for message in self.messages if message["kind"] == "rows"]
        return [row[0]["stock"] for row in [self.described["data"]["data-0"], *rows]]


def stock(number: float, mark: str = "bar") -> dict[str, Any]:
    return {"title": f"Stock {number}", "data": {"values": [{"stock": number}]}, "mark": mark}


@pytest.fixture
def page() -> Page:
    return Page()


def test_description_goes_once_and_then_rows(page: Page) -> None:
    assert page.show(stock(1)) and page.show(stock(2))
    assert page.stocks == [1, 2]
    assert page.messages == [
        {"kind": "rows", "seq": 2, "words": {"title": "Stock 2"}, "data": page.messages[0]["data"]}
    ]


def test_new_description_replaces_the_old(page: Page) -> None:
    page.show(stock(1))
    page.show(stock(2, mark="line"))
    assert page.described["spec"]["mark"] == "line"
    assert page.messages == []


def test_nothing_goes_where_nothing_changed(page: Page) -> None:
    page.show(stock(1))
    assert page.show(stock(1))
    assert page.messages == []


def test_page_that_is_behind_gets_the_newest_once_it_has_caught_up(page: Page) -> None:
    assert [page.show(stock(number)) for number in range(6)] == [True, True, True, False, False, False]
    assert page.stocks == [0, 1, 2]
    page.answer(kind="drawn", seq=1)
    assert page.stocks == [0, 1, 2, 5]
    page.answer(kind="drawn", seq=2)
    page.answer(kind="drawn", seq=4)
    assert page.stocks == [0, 1, 2, 5]


def test_forced_state_goes_at_once(page: Page) -> None:
    for number in range(5):
        page.show(stock(number))
    assert page.show(stock(9), force=True)
    assert page.stocks == [0, 1, 2, 9]


def test_new_page_is_told_the_newest_state(page: Page) -> None:
    for number in range(5):
        page.show(stock(number))
    page.answer(kind="hello", seq=1)
    assert page.stocks[-1] == 4
    assert page.described_again == 0


def test_new_page_that_missed_the_description_is_given_it_again(page: Page) -> None:
    page.show(stock(1))
    page.answer(kind="hello", seq=0)
    assert page.described_again == 1


def test_new_page_that_knows_the_newest_state_is_told_nothing(page: Page) -> None:
    page.show(stock(1))
    page.answer(kind="hello", seq=1)
    assert page.messages == []
    assert page.described_again == 0


def test_page_that_comes_before_the_first_chart_is_fine(page: Page) -> None:
    page.answer(kind="hello", seq=0)
    assert page.messages == []


def test_states_from_many_threads_end_with_the_newest(page: Page) -> None:
    def show() -> None:
        for number in range(50):
            page.show(stock(number))
            page.answer(kind="drawn", seq=page.sent)

    threads = [threading.Thread(target=show) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    page.show(stock(99), force=True)
    assert page.stocks[-1] == 99
    sequence = [message["seq"] for message in page.messages]
    assert sequence == sorted(set(sequence))


def test_each_click_is_told_also_on_the_same_mark(page: Page) -> None:
    told: list[dict[str, Any]] = []
    page.observe(lambda change: told.append(change.new), "clicked")
    for firm in ("A", "A", "B"):
        page.answer(kind="click", datum={"firm": firm})
    assert told == [{"firm": "A"}, {"firm": "A"}, {"firm": "B"}]


def test_first_answer_to_a_request_is_kept(page: Page) -> None:
    page.export("svg", "stock.svg")
    (asked,) = page.messages
    assert asked == {"kind": "export", "request": 1, "format": "svg", "filename": "stock.svg"}
    for body in ("<svg/>", "<svg>late</svg>"):
        page.answer(kind="export", request=1, format="svg", body=body)
    assert page.exported == {"format": "svg", "content": b"<svg/>"}


def test_png_arrives_as_bytes_and_an_error_as_text(page: Page) -> None:
    page.export("png")
    page.answer(kind="export", request=1, format="png", body="data:image/png;base64," + base64.b64encode(b"P").decode())
    assert page.exported == {"format": "png", "content": b"P"}
    page.export("png")
    page.answer(kind="export", request=2, format="png", error="no chart yet")
    assert page.exported == {"format": "png", "error": "no chart yet"}


def test_other_format_is_refused(page: Page) -> None:
    with pytest.raises(GpndeError, match="export: 'pdf': must be png or svg"):
        page.export("pdf")  # type: ignore[arg-type]


def test_messages_of_others_are_ignored(page: Page) -> None:
    page.answer(kind="no-such-kind")
    page.answer()
    assert page.messages == []


def test_page_of_its_own_holds_the_newest_state(page: Page) -> None:
    with pytest.raises(GpndeError, match="Stock: no chart yet"):
        page.html()
    for number in range(6):
        page.show(stock(number))
    _, _, rest = page.html().partition('id="specs">')
    spec = json.loads(rest.partition("</script>")[0])["chart"]
    assert spec["datasets"] == {"data-0": [{"stock": 5}]}
    assert spec["title"] == {"text": "Stock 5"}


def test_every_twin_of_a_colour_is_written_as_the_page_looks_for_it() -> None:
    assert all(len(colour) == 7 and colour.startswith("#") for pair in DARK.items() for colour in pair)
