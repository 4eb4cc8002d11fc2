"""The Pathways page in a real browser: theme, set, gene and back; search, compare, export, telephone."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.de.spec import DESpec
from tests.analyses import de_key
from tests.browser.conftest import TELEPHONE, Server, Visit, core, eventually, settle
from tests.browser.test_explore import set_number

pytestmark = pytest.mark.browser

CRUDE = DESpec("group", "TRD", "non-TRD")
# The small cohort has 1,200 genes, so sets are small.
SETTINGS = "&collections=hallmark,btm,go_bp&min_size=8"
SET = "hallmark/HALLMARK_INTERFERON_GAMMA_RESPONSE"


@pytest.fixture(scope="session")
def tested(small_store: Path, small_digest: str, crude: str) -> str:
    """The query of the comparison without covariates, whose gene sets have been tested."""
    options = ["--collections", "hallmark,btm,go_bp", "--min-size", "8"]
    core(small_store, "pathways", "--comparison", de_key(small_digest, CRUDE), *options)
    return crude + SETTINGS


@pytest.fixture
def sets(page: Page, server: Server, tested: str) -> Page:
    page.goto(f"{server.url}/pathways{tested}")
    settle(page)
    expect(page.get_by_role("heading", name="Which biology differs?")).to_be_visible()
    return page


def listed_sets(page: Page) -> int:
    text = page.locator('[data-testid="stMain"] strong', has_text="set").first.inner_text()
    return int(text.split()[0].replace(",", ""))


def tick_first_set(page: Page) -> None:
    canvas = page.locator('[data-testid="stDataFrame"] canvas').first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    settle(page)


def click(page: Page, name: str, *, exact: bool = False) -> None:
    page.get_by_role("button", name=name, exact=exact).first.click()
    settle(page)


def test_from_theme_to_set_to_gene_and_back(sets: Page):
    expect(sets.get_by_text("Blood is not brain").first).to_be_visible()
    click(sets, "of Immune system")
    expect(sets).to_have_url(re.compile(r"theme=Immune\+system"))
    expect(sets.get_by_role("button", name="All themes")).to_be_visible()
    tick_first_set(sets)
    click(sets, "Open set")
    expect(sets).to_have_url(re.compile("gene_set="))
    expect(sets.get_by_text("Leading edge:").first).to_be_visible()
    sentence = sets.locator(".trd-answer").inner_text()
    genes = sets.locator('[class*="st-key-lead"] button')
    name = genes.first.inner_text().strip()
    genes.first.click()
    settle(sets)
    expect(sets.locator("h1")).to_have_text(f"What does {name} do here?")
    click(sets, "Back to")
    expect(sets.locator(".trd-answer")).to_have_text(sentence, use_inner_text=True)
    click(sets, "Immune system")
    expect(sets).not_to_have_url(re.compile("gene_set="))
    expect(sets).to_have_url(re.compile("theme=Immune"))


def test_a_pasted_link_shows_the_same_set(page: Page, visit: Visit, server: Server, tested: str):
    page.goto(f"{server.url}/pathways{tested}&gene_set={SET}")
    settle(page)
    expect(page.get_by_text("Interferon gamma response").first).to_be_visible()
    sentence, address = page.locator(".trd-answer").inner_text(), page.url
    other = visit()
    other.goto(address)
    settle(other)
    expect(other.locator(".trd-answer")).to_have_text(sentence, use_inner_text=True)
    expect(other).to_have_url(address)
    assert "min_size=8" in address


def test_the_back_button_of_the_browser_leads_from_the_gene_to_the_set(
    page: Page, server: Server, tested: str
):
    page.goto(f"{server.url}/pathways{tested}&gene_set={SET}")
    settle(page)
    sentence = page.locator(".trd-answer").inner_text()
    page.locator('[class*="st-key-lead"] button').first.click()
    settle(page)
    expect(page.locator("h1")).to_contain_text("do here?")
    page.go_back()
    settle(page)
    expect(page.locator(".trd-answer")).to_have_text(sentence, use_inner_text=True)


def test_sets_that_only_move_together_are_flagged(sets: Page):
    expect(sets.get_by_text("may be there only because their genes move together").first).to_be_visible()
    sets.get_by_text("Flagged", exact=True).click()
    settle(sets)
    expect(sets).to_have_url(re.compile("sets_listed=flagged"))
    assert listed_sets(sets) > 0
    tick_first_set(sets)
    expect(sets.get_by_text("Flag: genes move together.")).to_be_visible()
    click(sets, "Open set")
    expect(sets.locator(".trd-answer")).to_contain_text("does not confirm it")


def test_a_search_finds_sets_by_word_and_by_gene(sets: Page):
    search = sets.get_by_role("textbox", name="Search all sets")
    everything = listed_sets(sets)
    search.fill("interferon")
    search.press("Enter")
    settle(sets)
    eventually(sets, lambda: 1 < listed_sets(sets) < everything)
    search.fill("IFIT1")
    search.press("Enter")
    settle(sets)
    expect(sets.get_by_text("Among them the sets that hold IFIT1")).to_be_visible()
    search.fill("nosuchset")
    search.press("Enter")
    settle(sets)
    expect(sets.get_by_text("No set goes by that name")).to_be_visible()


def test_clicking_a_mark_selects_its_set(sets: Page):
    for chart in ("pathways-dots", "pathways-map"):
        mark = sets.locator(f'[class*="st-key-{chart}"] .scatterlayer path.point').nth(3)
        # To the middle: at the upper edge the page's header would lie over it.
        mark.evaluate("mark => mark.scrollIntoView({block: 'center'})")
        box = mark.bounding_box()
        assert box is not None
        sets.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        sets.wait_for_timeout(300)
        sets.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        settle(sets)
        expect(sets.get_by_role("button", name="Open set")).to_be_visible()
        click(sets, "Clear")
        expect(sets.get_by_role("button", name="Open set")).to_have_count(0)


def test_sets_put_aside_travel_in_the_address_and_in_the_file(sets: Page):
    tick_first_set(sets)
    click(sets, "Put aside")
    sets.get_by_text("Only my 1 set").click()
    settle(sets)
    eventually(sets, lambda: listed_sets(sets) == 1)
    expect(sets).to_have_url(re.compile("&sets="))
    with sets.expect_download() as download:
        sets.get_by_role("button", name="CSV ·").click()
    text = download.value.path().read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    assert len(rows) == 1
    assert text.splitlines()[-1].startswith("# Simulated data")
    assert "seed 1" in text.splitlines()[-1]
    with sets.expect_download() as download:
        sets.get_by_role("button", name="GMT ·").click()
    fields = download.value.path().read_text(encoding="utf-8").rstrip("\n").split("\t")
    assert len(fields) == 2 + int(rows[0]["size"])


def test_a_gene_shows_the_sets_that_hold_it(page: Page, server: Server, tested: str):
    page.goto(f"{server.url}/gene{tested}&gene=IFIT1")
    settle(page)
    expect(page.get_by_role("heading", name="Gene sets with IFIT1")).to_be_visible()
    page.locator('[class*="st-key-gene-set"] button').first.click()
    settle(page)
    expect(page.locator("h1")).to_have_text("Which biology differs?")
    expect(page).to_have_url(re.compile("gene_set="))


def test_another_test_runs_as_a_job_and_says_its_background(page: Page, server: Server, tested: str):
    page.goto(f"{server.url}/pathways{tested}&test=ora&background=cohort&collections=hallmark&gene_alpha=0.2")
    settle(page)
    click(page, "Test the gene sets")
    expect(page.get_by_text("The background was changed").first).to_be_visible(timeout=180_000)
    settle(page)
    expect(page.locator(".trd-answer")).to_contain_text("of")
    expect(page).to_have_url(re.compile("test=ora"))


def test_scores_of_patients_run_as_a_job_and_are_shown_with_their_interval(
    page: Page, server: Server, tested: str
):
    page.goto(f"{server.url}/pathways{tested}&test=ssgsea&gene_set={SET}")
    settle(page)
    expect(page.get_by_text("It takes about")).to_be_visible()
    click(page, "Test the gene sets")
    expect(page.locator(".trd-answer")).to_contain_text("95 % interval", timeout=120_000)
    expect(page.locator(".trd-answer")).to_contain_text("Patients' scores were compared between the groups")
    expect(page.get_by_text("how high the set's genes rank among all genes of the patient")).to_be_visible()
    with page.expect_download() as download:
        click(page, "Download script")
    assert "def ssgsea" in Path(download.value.path()).read_text(encoding="utf-8")
    click(page, "Table of sets")
    expect(page.locator('[data-testid="stMain"]').get_by_text("score difference").first).to_be_visible()


def test_two_comparisons_are_set_against_each_other(sets: Page):
    option = sets.get_by_role("option", name="TRD vs non-TRD, adjusted for sex")
    for _ in range(3):  # a list that opens while the page is still being drawn closes again
        sets.get_by_role("combobox", name="Compare with").click()
        sets.wait_for_timeout(500)
        if option.is_visible():
            break
    option.click()
    settle(sets)
    expect(sets).to_have_url(re.compile("against="))
    click(sets, "Test them")
    expect(sets.get_by_text("significant and hold in both")).to_be_visible(timeout=180_000)


def test_a_change_of_settings_says_that_results_are_from_before(sets: Page):
    sets.get_by_text("Settings of the gene-set test").click()
    set_number(sets, "Fewest genes of a set", "9")
    expect(sets.get_by_text("changed, results are from before")).to_be_visible()
    expect(sets).to_have_url(re.compile("min_size=8"))


def bring_sets(page: Page, path: Path) -> None:
    page.get_by_text("Settings of the gene-set test").click()
    page.locator('[data-testid="stFileUploaderDropzoneInput"]').set_input_files(path)
    settle(page)


def test_own_sets_are_tested_beside_the_shipped_ones(
    page: Page, server: Server, tested: str, small_store: Path, tmp_path: Path
):
    genes = ["CASP8", "BST2", "IFIT1", "BATF2", "FGL2", "CASP1", "ADAR", "B2M", "LAP3", "CARD9", "CD27"]
    mine = tmp_path / "my_sets.gmt"
    mine.write_text("\t".join(["my interferon set", "mine", *genes]) + "\n", encoding="utf-8")
    page.goto(f"{server.url}/pathways{tested}")
    settle(page)
    bring_sets(page, mine)
    expect(page.get_by_text("1 set. The file is now in the list").first).to_be_visible()
    kept = next((small_store / "gmt").glob("*/my_sets.gmt"))
    page.goto(f"{server.url}/pathways{tested}&collections={kept.resolve()}")
    settle(page)
    click(page, "Test the gene sets")
    expect(page.locator(".trd-answer")).to_contain_text("of 1 gene set", timeout=180_000)


def test_a_broken_set_file_is_refused_with_its_line(page: Page, server: Server, tested: str, tmp_path: Path):
    broken = tmp_path / "broken.gmt"
    broken.write_text("my set no tabs CASP8 BST2 IFIT1\n", encoding="utf-8")
    page.goto(f"{server.url}/pathways{tested}")
    settle(page)
    bring_sets(page, broken)
    expect(page.get_by_text("broken.gmt, row 1").first).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_a_file_of_this_computer_cannot_be_named_in_a_link(page: Page, server: Server, crude: str):
    page.goto(f"{server.url}/pathways{crude}&collections=/etc/passwd.txt")
    settle(page)
    expect(page.get_by_text("it is not on this computer").first).to_be_visible()


def test_figures_carry_words_and_the_mark(page: Page, server: Server, tested: str):
    page.goto(f"{server.url}/pathways{tested}&gene_set={SET}")
    settle(page)
    charts = page.locator('[data-testid="stPlotlyChart"]')
    expect(charts).to_have_count(4)
    for index in range(4):
        expect(charts.nth(index)).to_contain_text("Simulated data")
    assert "TRD_0" not in page.content()


def test_no_level_scrolls_sideways_on_a_telephone(page: Page, server: Server, tested: str):
    page.set_viewport_size(TELEPHONE)
    for level in ("", "&theme=Immune system&sets_listed=all", f"&gene_set={SET}"):
        page.goto(f"{server.url}/pathways{tested}{level}")
        settle(page)
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("m => m.scrollWidth <= m.clientWidth + 1"), level
