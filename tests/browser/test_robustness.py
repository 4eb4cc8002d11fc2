"""The Robustness page in a real browser: climb the ladder, open a rung, compare an uploaded result."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.cohort.stored import get_cohort
from core.store import Store
from tests.browser.conftest import TELEPHONE, Server, settle

pytestmark = pytest.mark.browser


def test_climb_the_ladder_and_open_a_rung(page: Page, server: Server, crude: str):
    page.goto(f"{server.url}/genes{crude}&method=limma")
    settle(page)
    if page.get_by_role("button", name="Compute it").is_visible():
        page.get_by_role("button", name="Compute it").click()
    page.locator(".js-plotly-plot").first.wait_for(timeout=60_000)
    page.goto(f"{server.url}/robustness{crude}&method=limma")
    settle(page)
    expect(page.get_by_text("Not known yet")).to_be_visible()
    page.get_by_role("button", name="Climb the ladder").click()
    expect(page.get_by_role("heading", name="How many genes remain?")).to_be_visible(timeout=90_000)
    settle(page)
    expect(page.get_by_text("at every rung and in one direction")).to_be_visible()
    page.get_by_text("Power", exact=True).click()
    settle(page)
    expect(page).to_have_url(re.compile("check=power"))
    expect(page.get_by_text("the typical gene must differ by")).to_be_visible()
    page.set_viewport_size(TELEPHONE)
    page.goto(f"{server.url}/robustness{crude}&method=limma")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_uploaded_result_is_compared(
    page: Page, server: Server, crude: str, small_store: Path, small_digest: str
):
    page.goto(f"{server.url}/robustness{crude}&check=replication")
    settle(page)
    cohort = get_cohort(Store(small_store), small_digest)
    strongest = np.argsort(-np.asarray(cohort.counts).mean(axis=1))[:60]
    genes = cohort.genes["gene"].iloc[strongest]
    rows = [f"{gene},{0.1 * (i % 5 - 2.5):.2f},0.01" for i, gene in enumerate(genes)]
    content = "\n".join(["symbol,log2FoldChange,pvalue", *rows]).encode()
    file = {"name": "published.csv", "mimeType": "text/csv", "buffer": content}
    page.locator('input[type="file"]').first.set_input_files(file)
    settle(page)
    expect(page.get_by_text("60 of 60 published genes were tested here")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("point the same way; by chance it would be half")).to_be_visible()
