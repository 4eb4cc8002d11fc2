"""The frame of every page in a real browser: deep links, long work, keyboard, text alternatives."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.de.spec import DESpec
from core.store import Store
from pages.ui.frame.site import PLACES
from tests.analyses import run_de
from tests.browser.conftest import SLOW_LINE, Server, Visit, eventually, settle

pytestmark = pytest.mark.browser
TIME_LEFT = re.compile(r"left$")


def standing_by(server: Server) -> list[int]:
    """Processes of a server that wait for a job; those that have got one keep the name."""
    at_work = {job["pid"] for job in started_jobs(server.store).values()}
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # those that end meanwhile
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == server.pid and b"core.processes.standby" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return [pid for pid in found if pid not in at_work]


@contextlib.contextmanager
def held_from_the_start(page: Page, server: Server) -> Iterator[int]:
    """Hold the next job still: however fast the machine, it does not end meanwhile. Yields its process.

    A test that fails meanwhile leaves nothing behind that never ends.
    """
    eventually(page, lambda: len(standing_by(server)) == 1)
    (pid,) = standing_by(server)
    os.killpg(pid, signal.SIGSTOP)
    try:
        yield pid
    finally:
        os.killpg(pid, signal.SIGCONT)


def started_jobs(store: Path) -> dict[str, dict[str, Any]]:
    """What was started, by key."""
    return {
        path.parent.name: json.loads(path.read_text(encoding="utf-8"))
        for path in (store / "jobs").glob("*/job.json")
    }


def jobs_with(option: str, store: Path) -> dict[str, int]:
    """Process number of every job with this option, by key; other tests use the store meanwhile."""
    jobs = started_jobs(store)
    return {key: job["pid"] for key, job in jobs.items() if option in job["command"]}


def test_a_deep_link_opened_first_on_a_server_shows_the_full_shell(page: Page, small_store: Path, crude: str):
    fresh = Server(small_store)
    fresh.start()
    try:
        page.goto(f"{fresh.url}/genes{crude}")
        settle(page)
        expect(page.locator("h1")).to_have_text("Which genes differ?")
        expect(page.get_by_role("combobox", name="Data set")).to_have_value(re.compile("^Small cohort"))
        expect(page.get_by_role("textbox", name="Find a gene")).to_be_visible()
        expect(page.get_by_role("button", name="Basket · 0 genes")).to_be_visible()
        expect(page.get_by_role("link", name="Overview")).to_be_visible()
        expect(page.get_by_text("Simulated data.", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    finally:
        fresh.stop()


# Notes every list of pages that the side bar ever held.
MENUS = """window.menus = new Set(); new MutationObserver(() => {
  const links = document.querySelectorAll('[data-testid="stSidebar"] a');
  for (const link of links) window.menus.add(link.innerText);
}).observe(document, {subtree: true, childList: true, characterData: true});"""


def test_the_menu_lists_pages_by_groups_and_file_names_never_show(visit: Visit, server: Server, crude: str):
    page = visit()
    page.add_init_script(MENUS)
    page.goto(f"{server.url}/genes{crude}")
    settle(page)
    titles = {place.title for place in PLACES}
    links = page.locator('[data-testid="stSidebar"]').get_by_role("link")
    assert [text.split("\n")[-1] for text in links.all_inner_texts()] == [place.title for place in PLACES]
    assert {text.split("\n")[-1] for text in page.evaluate("[...window.menus]")} <= titles
    expect(page.locator("[class*='st-key-dimmed']")).to_have_count(0)
    page.goto(f"{server.url}/genes{crude.split('&')[0]}")  # nothing has been compared
    settle(page)
    dimmed = page.locator("[class*='st-key-dimmed']").get_by_role("link")
    assert dimmed.count() == len([place for place in PLACES if place.of_comparison])


def test_the_menu_carries_the_address_and_back_leads_back(page: Page, server: Server, crude: str):
    page.goto(f"{server.url}/genes{crude}&padj=0.2")
    settle(page)
    before = page.url
    page.get_by_role("link", name="Methods").click()
    expect(page).to_have_url(re.compile(r"/methods\?.*padj=0\.2.*factor=group"))
    settle(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Which genes differ?")
    settle(page)
    expect(page).to_have_url(before)
    page.go_forward()
    expect(page.locator("h1")).to_have_text("How is each number made?")


def test_a_page_that_stops_early_has_its_address_and_link(page: Page, server: Server, small_digest: str):
    page.goto(f"{server.url}/methods?data={small_digest[:12]}")
    settle(page)
    page.get_by_role("link", name="Genes").click()
    expect(page.get_by_text("No groups have been chosen for this data set yet.")).to_be_visible()
    settle(page)
    expect(page).to_have_url(re.compile(f"/genes.data={small_digest[:12]}$"))
    page.reload()
    expect(page.get_by_text("No groups have been chosen for this data set yet.")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator('[data-testid="stPopoverBody"] code')).to_have_text(page.url)


def test_a_new_analysis_is_watched_survives_a_reload_and_can_be_cancelled(
    page: Page, server: Server, small_store: Path, crude: str
):
    page.goto(f"{server.url}/genes{crude}")
    settle(page)
    page.get_by_text("Settings of the analysis").click()
    page.get_by_role("spinbutton", name="Smallest count").fill("11")
    page.get_by_role("spinbutton", name="Smallest count").press("Enter")
    settle(page)
    expect(page.get_by_text("changed, results are from before")).to_be_visible()
    progress = page.locator('[data-testid="stMain"] [data-testid="stProgress"]')
    with held_from_the_start(page, server) as pid:
        page.get_by_role("button", name="Run analysis").click()
        expect(progress).to_contain_text(TIME_LEFT)
        expect(page.get_by_text("Below, until then: the earlier analysis")).to_be_visible()
        expect(page.locator("[class*='st-key-stale'] .js-plotly-plot").first).to_be_visible()
        expect(page).to_have_url(re.compile("min_count=11"))
        page.reload()
        expect(progress).to_contain_text(TIME_LEFT)
        page.get_by_role("link", name="Methods").click()
        expect(page.locator("h1")).to_have_text("How is each number made?")
        expect(page.locator('[data-testid="stSidebar"] [data-testid="stProgress"]')).to_be_visible()
        page.get_by_role("link", name="Genes").click()
        page.get_by_role("button", name="Cancel").click()
        (key,) = jobs_with("--min-count=11", small_store)
        eventually(page, (small_store / "jobs" / key / "cancelled").exists)
    expect(page.get_by_text("was cancelled; nothing was changed")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="Compute it")).to_be_visible()
    assert list(jobs_with("--min-count=11", small_store).values()) == [pid]


def test_a_first_result_is_shown_while_the_rest_is_being_computed(
    page: Page, server: Server, small_store: Path, small_digest: str, crude: str
):
    page.goto(f"{server.url}/genes{crude}&min_count=13&shrink=yes")
    settle(page)
    progress = page.locator('[data-testid="stMain"] [data-testid="stProgress"]')
    with held_from_the_start(page, server):
        page.get_by_role("button", name="Compute it").click()
        expect(progress).to_contain_text(TIME_LEFT)
        expect(page.locator(".js-plotly-plot")).to_have_count(0)
        run_de(Store(small_store), small_digest, DESpec("group", "TRD", "non-TRD", min_count=13), n_cpus=1)
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        expect(progress).to_contain_text(TIME_LEFT)
    expect(progress).to_have_count(0)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()


def test_two_visitors_who_ask_for_the_same_cause_one_job_and_both_see_its_end(
    visit: Visit, server: Server, small_store: Path, crude: str
):
    first, second = both = visit(), visit()
    for page in both:
        page.goto(f"{server.url}/genes{crude}&min_count=12")
        settle(page)
    with held_from_the_start(first, server) as pid:
        for page in both:
            page.get_by_role("button", name="Compute it").click()
            progress = page.locator('[data-testid="stMain"] [data-testid="stProgress"]')
            expect(progress).to_contain_text(TIME_LEFT)
        assert list(jobs_with("--min-count=12", small_store).values()) == [pid]
    for page in both:
        expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=90_000)
    assert list(jobs_with("--min-count=12", small_store).values()) == [pid]
    sentence = first.locator(".trd-answer").first.inner_text()
    expect(second.locator(".trd-answer").first).to_have_text(sentence, use_inner_text=True)


def test_the_keyboard_reaches_everything_and_finds_a_gene(page: Page, server: Server, crude: str):
    page.goto(f"{server.url}/genes{crude}")
    settle(page)
    name = "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
    reached = ""
    for _ in range(60):
        page.keyboard.press("Tab")
        reached += f"\n{page.evaluate(name)}"
    for wanted in (
        "Overview",
        "Methods",
        "Data set",
        "Find a gene",
        "Basket",
        "Adjusted p below",
        "Copy link",
    ):
        assert wanted in reached, reached
    page.get_by_role("textbox", name="Find a gene").focus()
    page.keyboard.type("XIST")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("button", name="XIST", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What does XIST do here?")


@pytest.mark.parametrize(("place", "n"), [("", 1), ("genes", 2), ("gene", 2)])
def test_every_chart_says_in_words_what_it_shows(place: str, n: int, page: Page, server: Server, crude: str):
    page.goto(f"{server.url}/{place}{crude}&gene=XIST")
    settle(page)
    expect(page.locator(".js-plotly-plot")).to_have_count(n)
    for chart in page.locator('[data-testid="stPlotlyChart"]').all():
        words = chart.get_attribute("aria-label") or ""
        assert words.startswith("Simulated data. ")
        assert len(words) > 60


def test_a_page_reached_over_a_slow_line_stays_while_others_work(
    work_of_others: str, visit: Visit, server: Server, crude: str
):
    page = visit()
    page.add_init_script(SLOW_LINE)
    page.goto(f"{server.url}/genes{crude}&gene=SETD4")
    expect(page.locator('[data-testid="stSidebar"]')).to_contain_text(work_of_others)
    page.get_by_role("button", name="Open gene page").click()
    heading = page.get_by_role("heading", name="What does SETD4 do here?")
    heading.wait_for()
    page.wait_for_timeout(6_000)  # what was asked before the switch has been answered by now
    assert heading.is_visible()


def test_the_dashboard_listens_on_this_computer_alone(server: Server):
    addresses = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    listening = {
        host
        for line in [*addresses[0], *addresses[1]]
        for host, port in [line.split()[1].split(":")]
        if line.split()[3] == "0A" and int(port, 16) == server.port
    }
    assert listening
    assert listening <= {"0100007F", "00000000000000000000000001000000"}
