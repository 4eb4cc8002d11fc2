"""Bringing one's own data in a real browser: from upload to volcano, gene and exported table."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, eventually, settle
from tests.browser.test_explore import listed, tick_first_row

pytestmark = pytest.mark.browser


@pytest.fixture
def data(page: Page, server: Server, crude: str) -> Page:
    page.goto(f"{server.url}/data{crude}")
    settle(page)
    return page


def bring(page: Page, counts: Path, metadata: Path) -> None:
    for index, path in enumerate((counts, metadata)):
        uploader = page.locator('[data-testid="stFileUploader"]').nth(index)
        uploader.locator("input").set_input_files(path)
        expect(uploader.get_by_text(path.name)).to_be_visible()
        settle(page)


def choose(page: Page, label: str, value: str) -> None:
    box = page.get_by_role("combobox", name=label)
    if box.input_value() != value:
        box.click()
        box.fill(value)
        page.get_by_role("option", name=value, exact=True).click()
        settle(page)
    expect(box).to_have_value(value)


def test_london_from_upload_to_volcano_to_gene_to_exported_csv(data: Page, shared_data: Path):
    bring(data, shared_data / "london_tb" / "counts.csv.gz", shared_data / "london_tb" / "metadata.csv")
    expect(data.get_by_text("54 samples")).to_be_visible()
    choose(data, "Sex", "sex_molecular")
    data.get_by_role("button", name="Check and load").click()
    data.get_by_role("button", name="Use this data set").click(timeout=120_000)
    settle(data)
    choose(data, "Groups are in column", "TBStatus")
    choose(data, "Case", "PTB")
    choose(data, "Control", "LTBI")
    data.get_by_role("combobox", name="Adjust for").click()
    data.get_by_role("option", name="sex_molecular").click()
    data.keyboard.press("Escape")
    settle(data)
    data.get_by_role("button", name="Compare", exact=True).click()
    settle(data)
    expect(data.get_by_text("Comparing PTB vs LTBI").first).to_be_visible()
    expect(data.locator(".js-plotly-plot").first).to_be_visible(timeout=300_000)
    settle(data)
    eventually(data, lambda: 4_900 < listed(data) < 5_200)
    assert data.locator('[data-testid="stMain"]').inner_text().count("Simulated data") == 0
    tick_first_row(data)
    data.get_by_role("button", name="Open gene page").click()
    data.wait_for_url(re.compile(r"/gene\?"))
    settle(data)
    expect(data.locator("h1")).to_contain_text("do here?")
    expect(data.locator(".trd-answer")).to_contain_text(re.compile("(higher|lower) in PTB"))
    with data.expect_download() as download:
        data.get_by_role("button", name="CSV ·").click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert len(rows) == 42
    assert {row["group"] for row in rows} == {"PTB", "LTBI"}
    assert not any("GSM" in line for line in lines[:-1])
    assert "~ sex_molecular + TBStatus" in lines[-1]


def test_faults_are_shown_all_at_once_with_place_and_mend(data: Page, tmp_path: Path):
    counts, metadata = tmp_path / "counts.csv", tmp_path / "metadata.csv"
    counts.write_text("gene,a,b,c,d,e,f\nG1,1,2,3.5,4,5,6\nG1,1,-2,3,4,5,6\nG3,x,2,3,4,5,6\n")
    metadata.write_text("sample,group\na,x\nb,x\nc,x\nd,y\ne,y\nf,y\n")
    bring(data, counts, metadata)
    data.get_by_role("button", name="Check and load").click()
    expect(data.get_by_text("things need mending")).to_be_visible()
    shown = data.locator(".trd-table").inner_text()
    assert "counts.csv, column 'a', row 4" in shown
    assert "counts.csv, column 'b', row 3" in shown
    assert "Traceback" not in data.content()


def test_an_impossible_design_is_refused_with_the_table_that_shows_why(
    page: Page, server: Server, crude: str
):
    page.goto(f"{server.url}/data{crude}")
    settle(page)
    page.get_by_role("combobox", name="Adjust for").click()
    page.get_by_role("option", name="patient", exact=True).wait_for(state="detached")
    page.keyboard.press("Escape")
    page.goto(f"{server.url}/genes{crude}&covariates=group")
    settle(page)
    page.get_by_role("button", name="Compute it").click()
    expect(page.get_by_text("factor that is compared and also a covariate")).to_be_visible()
