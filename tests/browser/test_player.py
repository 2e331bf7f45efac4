"""The player in a real page: it plays at a full rate, adds up, listens to keys, and keeps pictures and films."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from gpnde.results.frames import frames_of
from tests.example import example_run

from .conftest import FrontEnd, PageMaker, take_picture
from .driving import wait_for_status
from .test_chart_view import FIND_TESTS
from .test_hostile_names import unharmed

pytestmark = pytest.mark.slow
CELLS = FIND_TESTS + (Path(__file__).parent / "player_cells.py").read_text(encoding="utf-8")
SMALL, BIG, HOSTILE = (f".{name} .gpnde-player" for name in ("small", "big", "hostile"))
WANTED = 30.0
"""Frames a second, on a machine that has nothing else to do."""
SLOWEST_DRAWING = 1000 / WANTED
"""Median of the time that drawing a frame may take (ms); the rate itself depends on what else the machine does."""


@pytest.fixture(scope="module")
def opened(front_end: FrontEnd, new_page: PageMaker, notebook: Callable[..., Path]) -> Iterator[Page]:
    """Return the page of the notebook, opened once for all tests of a front end."""
    with new_page(f"player-{front_end.name}") as page:
        front_end.open(page, notebook(CELLS))
        for host in (SMALL, BIG, HOSTILE):
            page.wait_for_selector(f"{host}[data-ready]")
        yield page


@pytest.fixture
def page_of_player(opened: Page) -> Page:
    """Return the page with all players paused at the start."""
    opened.emulate_media(reduced_motion="no-preference", color_scheme="light")
    for host in (SMALL, BIG, HOSTILE):
        inside(opened, host, "player.pause(); player.hold(-1); player.seek(0)")
    return opened


def inside(page: Page, host: str, code: str) -> Any:
    """Return what some code finds in a player."""
    return page.eval_on_selector(host, f"host => {{ const player = host.gpndePlayer; {code} }}")


def fps(page: Page, host: str, layout: str) -> tuple[float, float]:
    """Play for some seconds, and return the frames a second and the time that drawing one took (ms)."""
    inside(page, host, f"player.arrange('{layout}'); delete host.dataset.fps; player.seek(40); player.play()")
    page.wait_for_timeout(3500)
    found = inside(
        page, host, "const {fps, drawMs} = host.dataset; player.pause(); return [Number(fps), Number(drawMs)]"
    )
    return found[0], found[1]


def test_a_network_of_300_sites_is_drawn_in_time(page_of_player: Page, measured: Callable[[str], None]) -> None:
    assert inside(page_of_player, BIG, "return player.film.nodes.length") == 300
    for layout in ("tier", "ladder"):
        rate, drawing = fps(page_of_player, BIG, layout)
        links = inside(page_of_player, BIG, "return player.film.edges")
        measured(f"player, 300 sites, {links} links, {layout}: {rate:.0f} frames a second, {drawing:.1f} ms each")
        assert drawing < SLOWEST_DRAWING
        assert rate > 0
    take_picture(page_of_player.locator(BIG), "player-300-sites")


def test_particles_of_each_period_add_up_to_what_links_carry(page_of_player: Page) -> None:
    frames = frames_of(example_run(sites=40, days=728))
    for period in (0, 10, len(frames.ends) - 1):
        code = f"""player.seek({period}); const sums = [];
            for (let edge = 0; edge < player.film.edges; edge++)
                sums.push(player.film.particles(edge, player.time).reduce((sum, one) => sum + one.amount, 0));
            return sums;"""
        assert inside(page_of_player, SMALL, code) == pytest.approx(frames.goods[period].tolist(), rel=1e-4)


def test_keys_play_pause_and_step(page_of_player: Page) -> None:
    host = page_of_player.locator(SMALL)
    host.focus()
    for key, period in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 103), ("Home", 0)):
        page_of_player.keyboard.press(key)
        assert inside(page_of_player, SMALL, "return player.time") == period, key
    page_of_player.keyboard.press(" ")
    page_of_player.wait_for_function("host => document.querySelector(host).gpndePlayer.time > 2", arg=SMALL)
    page_of_player.keyboard.press(" ")
    assert inside(page_of_player, SMALL, "return !player.playing && Number.isInteger(player.time)")


def test_everything_has_a_name_and_the_state_is_said(page_of_player: Page) -> None:
    host = page_of_player.locator(SMALL)
    assert host.get_attribute("aria-label").startswith("The network at work: ")  # type: ignore[union-attr]
    for name in ("Time", "Speed", "Arrangement", "Follow"):
        assert host.get_by_label(name, exact=True).count() == 1, name
    for name in ("Play", "Save picture", "Save film"):
        assert host.get_by_role("button", name=name, exact=True).count() == 1
    said = host.locator("[aria-live=polite]").inner_text()
    assert said.startswith("8 January 1990: ") and "out of order" in said
    assert host.locator("canvas").get_attribute("aria-label") == said


def test_a_node_that_is_hovered_or_followed_fades_all_but_its_neighbours(page_of_player: Page) -> None:
    inside(page_of_player, SMALL, "player.arrange('tier')")
    spot = inside(page_of_player, SMALL, "return player.stage.spots[3]")
    canvas = page_of_player.locator(f"{SMALL} canvas")
    canvas.hover(position={"x": spot[0], "y": spot[1]})
    assert inside(page_of_player, SMALL, "return player.stage.chosen") == 3
    shown = inside(page_of_player, SMALL, "return player.film.nodes.map((_, node) => player.stage.showsNode(node))")
    near = inside(page_of_player, SMALL, "return [...player.film.neighbours[3]]")
    assert [node for node, alpha in enumerate(shown) if alpha == 1] == sorted(near)
    canvas.click(position={"x": spot[0], "y": spot[1]})
    site = inside(page_of_player, SMALL, "return player.film.nodes[3].name")
    page_of_player.locator(".note", has_text=f"{site} of ").wait_for()
    page_of_player.mouse.move(0, 0)
    assert inside(page_of_player, SMALL, "return player.stage.chosen") == 3


def test_little_motion_is_respected(page_of_player: Page) -> None:
    page_of_player.emulate_media(reduced_motion="reduce")
    inside(page_of_player, SMALL, "player.clock = 0; player.play()")
    page_of_player.wait_for_function("host => document.querySelector(host).gpndePlayer.time > 0", arg=SMALL)
    assert inside(page_of_player, SMALL, "return [player.clock, Number.isInteger(player.time)]") == [0, True]
    inside(page_of_player, SMALL, "player.pause()")


def test_a_picture_is_saved(page_of_player: Page) -> None:
    with page_of_player.expect_download() as saved:
        page_of_player.locator(SMALL).get_by_role("button", name="Save picture").click()
    assert saved.value.path().read_bytes()[:4] == b"\x89PNG"


@pytest.mark.skipif(importlib.util.find_spec("PIL") is None, reason="needs Pillow")
def test_a_film_is_saved(page_of_player: Page) -> None:
    with page_of_player.expect_download() as saved:
        page_of_player.locator(SMALL).get_by_role("button", name="Save film").click()
    assert saved.value.suggested_filename.endswith(".gif")
    assert saved.value.path().read_bytes()[:4] == b"GIF8"
    page_of_player.locator(".note", has_text="gif 47494638").wait_for()


def test_names_stay_text(page_of_player: Page) -> None:
    spot = inside(page_of_player, HOSTILE, "return player.stage.spots[0]")
    page_of_player.locator(f"{HOSTILE} canvas").hover(position={"x": spot[0], "y": spot[1]})
    page_of_player.locator(f"{HOSTILE} .gpnde-player-tip").wait_for()
    assert unharmed(page_of_player)


def test_a_dark_page_gets_dark_colours(page_of_player: Page) -> None:
    dark = (
        "player.stage.tints(true); const found = player.stage.colours.ground; player.stage.tints(false); return found"
    )
    assert inside(page_of_player, SMALL, dark) == "#111111"


def test_the_lab_plays_the_run_that_it_shows(page: Page, front_end: FrontEnd, notebook: Callable[..., Path]) -> None:
    front_end.open(page, notebook('import gpnde\n\ngpnde.lab("hdd-southeast-asia")'))
    wait_for_status(page, "done")
    page.get_by_role("button", name="Play the network").click()
    page.wait_for_selector(".gpnde-play .gpnde-player[data-ready]")
    inside(page, ".gpnde-play .gpnde-player", "player.seek(80); player.play()")
    page.wait_for_function("document.querySelector('.gpnde-play .gpnde-player').gpndePlayer.time > 84")
    page.locator(".gpnde-play").scroll_into_view_if_needed()
    inside(page, ".gpnde-play .gpnde-player", "player.pause()")
    page.locator(".gpnde-gallery").get_by_role("button", name="Learning", exact=True).click()
    page.locator(".gpnde-play").wait_for(state="hidden")
    page.locator(".gpnde-gallery").get_by_role("button", name="Network", exact=True).click()
    page.locator(".gpnde-play .gpnde-player[data-ready]").wait_for()
    take_picture(page.locator(".gpnde-play"), "player-in-the-lab")
