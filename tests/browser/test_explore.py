"""Exploring a finished comparison in a real browser: filter, select, basket, gene, link, export."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SLOW_LINE, TELEPHONE, Server, Visit, eventually, settle

pytestmark = pytest.mark.browser
PARAMETERS = {"|log2FC| from": "lfc", "Adjusted p below": "padj"}


@pytest.fixture
def genes(page: Page, server: Server, crude: str) -> Page:
    page.goto(f"{server.url}/genes{crude}")
    settle(page)
    expect(page.get_by_role("heading", name="Which genes differ?")).to_be_visible()
    return page


def listed(page: Page) -> int:
    text = page.locator('[data-testid="stMain"] strong', has_text="gene").first.inner_text()
    return int(text.split()[0].replace(",", ""))


def set_number(page: Page, label: str, value: str) -> None:
    box = page.get_by_role("spinbutton", name=label)
    box.fill(value)
    box.press("Enter")
    if label in PARAMETERS:
        page.wait_for_url(lambda address: f"{PARAMETERS[label]}={value}" in address)
    settle(page)


def click_first_row(page: Page) -> None:
    box = page.locator('[data-testid="stDataFrame"] canvas').first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 52)


def tick_first_row(page: Page) -> None:
    click_first_row(page)
    # The table has a button of its own, which clears its ticks at once.
    page.get_by_role("button", name="Clear", exact=True).wait_for()
    settle(page)


@pytest.mark.parametrize(
    ("place", "press", "parameter"), [("genes", "MA", "plot=ma"), ("gene", "Logarithmic", "log=no")]
)
def test_what_a_part_of_a_page_changes_is_in_address_and_link_at_once(
    place: str, press: str, parameter: str, page: Page, server: Server, crude: str
):
    page.goto(f"{server.url}/{place}{crude}&gene=XIST")
    settle(page)
    page.locator('[data-testid="stMain"]').get_by_text(press, exact=True).click()
    expect(page).to_have_url(re.compile(parameter))
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator('[data-testid="stPopoverBody"] code')).to_contain_text(parameter)
    page.reload()
    settle(page)
    expect(page).to_have_url(re.compile(parameter))


def test_a_threshold_filters_table_and_address_and_the_back_button_undoes_it(genes: Page):
    everything = listed(genes)
    set_number(genes, "|log2FC| from", "0.5")
    eventually(genes, lambda: 0 < listed(genes) < everything)
    expect(genes).to_have_url(re.compile("lfc=0.5"))
    genes.go_back()
    settle(genes)
    eventually(genes, lambda: listed(genes) == everything)
    set_number(genes, "|log2FC| from", "9")
    expect(genes.get_by_text("No gene meets these thresholds")).to_be_visible()


def test_a_row_leads_to_the_gene_page_and_the_basket_follows(genes: Page):
    tick_first_row(genes)
    genes.get_by_role("button", name="Add to basket").click()
    settle(genes)
    expect(genes.get_by_role("button", name="Basket · 1 gene")).to_be_visible()
    genes.get_by_role("button", name="Open gene page").click()
    settle(genes)
    expect(genes.locator("h1")).to_contain_text("do here?")
    expect(genes.get_by_text("95 % interval").first).to_be_visible()
    expect(genes.get_by_role("button", name="Basket · 1 gene")).to_be_visible()
    expect(genes).to_have_url(re.compile(r"/gene\?.*basket="))


def test_clicking_a_point_selects_its_gene(genes: Page):
    target = genes.locator(".js-plotly-plot .scatterlayer path.point").nth(3)
    box = target.bounding_box()
    assert box is not None
    genes.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    genes.wait_for_timeout(200)
    # Words of a drawing have no lines of their own as those of a page have.
    hovered = genes.locator(".js-plotly-plot .hoverlayer .hovertext tspan.line").first
    name = (hovered.text_content() or "").split()[0]
    genes.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settle(genes)
    expect(genes.get_by_role("button", name="Open gene page")).to_be_visible()
    expect(genes.locator('[data-testid="stMain"]')).to_contain_text(name)
    expect(genes).to_have_url(re.compile(f"gene={re.escape(name)}"))


def test_old_names_are_found_and_strangers_reported(genes: Page):
    genes.get_by_role("button", name="Basket · 0 genes").click()
    genes.get_by_role("textbox", name="Paste genes").fill("XIST, ECYT6 NOSUCHGENE")
    genes.get_by_role("button", name="Add to basket").click()
    settle(genes)
    expect(genes.get_by_role("button", name="Basket · 2 genes")).to_be_visible()
    expect(genes.get_by_text("Not in this data set: NOSUCHGENE")).to_be_visible()
    genes.keyboard.press("Escape")
    search = genes.get_by_role("textbox", name="Find a gene")
    search.fill("ECYT6")
    search.press("Enter")
    settle(genes)
    genes.get_by_role("button", name="found under its old name ECYT6").click()
    settle(genes)
    expect(genes.locator("h1")).to_have_text("What does HBB do here?")


def test_a_pasted_link_shows_the_same_screen_on_a_fresh_server(genes: Page, visit: Visit, small_store: Path):
    set_number(genes, "|log2FC| from", "0.2")
    set_number(genes, "Adjusted p below", "0.1")
    genes.get_by_text("MA", exact=True).click()
    settle(genes)
    tick_first_row(genes)
    here, address = listed(genes), genes.url.split("/genes")[1]
    fresh = Server(small_store)
    fresh.start()
    try:
        other = visit()
        other.goto(f"{fresh.url}/genes{address}")
        settle(other)
        expect(other.get_by_role("textbox", name="Find a gene")).to_be_visible()
        eventually(other, lambda: listed(other) == here)
        expect(other).to_have_url(f"{fresh.url}/genes{address}")
        expect(other.get_by_role("spinbutton", name="Adjusted p below")).to_have_value("0.1")
        expect(other.get_by_role("button", name="Open gene page")).to_be_visible()
        drawn = other.locator(".js-plotly-plot").first
        expect(drawn).to_contain_text("mean of normalised counts", ignore_case=True)
    finally:
        fresh.stop()


def test_what_is_done_over_a_slow_line_is_not_undone_by_the_next_step(
    visit: Visit, server: Server, crude: str
):
    page = visit()
    page.add_init_script(SLOW_LINE)
    answers: list[str | bytes] = []
    page.on("websocket", lambda line: line.on("framereceived", lambda text: answers.append(text)))
    page.goto(f"{server.url}/genes{crude}")
    settle(page)
    answers.clear()
    click_first_row(page)
    eventually(page, lambda: any(b"gene=" in text for text in answers if isinstance(text, bytes)))
    search = page.get_by_role("textbox", name="Find a gene")
    search.fill("XIST")
    search.press("Enter")  # with the address of before: the new one is on its way to the page
    page.get_by_role("button", name="XIST", exact=True).wait_for()
    settle(page)
    expect(page.get_by_role("button", name="Open gene page")).to_be_visible()
    expect(page).to_have_url(re.compile("gene="))


def test_the_exported_csv_holds_what_is_listed_and_where_it_comes_from(genes: Page):
    everything = listed(genes)
    set_number(genes, "|log2FC| from", "0.3")
    eventually(genes, lambda: listed(genes) < everything)
    shown = listed(genes)
    with genes.expect_download() as download:
        genes.get_by_role("button", name="CSV ·").click()
    text = download.value.path().read_text(encoding="utf-8")
    rows = list(
        csv.DictReader(io.StringIO("".join(x for x in text.splitlines(True) if not x.startswith("#"))))
    )
    assert len(rows) == shown
    assert all(abs(float(row["log2FoldChange"])) >= 0.3 and float(row["padj"]) < 0.05 for row in rows)
    assert text.splitlines()[-1].startswith("# Simulated data")


def test_nothing_is_fetched_from_elsewhere(visit: Visit, server: Server, crude: str):
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for place in ("", "genes", "gene", "data", "methods"):
        page.goto(f"{server.url}/{place}{crude}&gene=IFIT3")
        settle(page)
    foreign = [
        u for u in asked if not u.startswith((server.url, "data:", "blob:", f"ws://localhost:{server.port}"))
    ]
    assert foreign == []


def test_no_page_scrolls_sideways_on_a_telephone(page: Page, server: Server, crude: str):
    page.set_viewport_size(TELEPHONE)
    for place in ("", "genes", "gene", "data", "methods"):
        page.goto(f"{server.url}/{place}{crude}&gene=IFIT3")
        settle(page)
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("m => m.scrollWidth <= m.clientWidth + 1"), place


def test_a_row_that_is_unticked_is_no_longer_selected_and_ticked_rows_add_up(genes: Page):
    everything = listed(genes)
    tick_first_row(genes)
    expect(genes).to_have_url(re.compile("gene="))
    click_first_row(genes)
    expect(genes.get_by_role("button", name="Open gene page")).to_have_count(0)
    expect(genes).not_to_have_url(re.compile("gene="))
    settle(genes)
    box = genes.locator('[data-testid="stDataFrame"] canvas').first.bounding_box()
    assert box is not None
    for row in range(3):
        genes.mouse.click(box["x"] + 18, box["y"] + 52 + 34 * row)
        settle(genes)
    expect(genes.get_by_text("3 genes selected")).to_be_visible()
    eventually(genes, lambda: listed(genes) == everything)
    genes.get_by_role("button", name="Clear", exact=True).click()
    expect(genes.get_by_text("3 genes selected")).to_have_count(0)
