"""Leaving a sample out and putting it back, and the Cohort page on a phone, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TELEPHONE, Server, settle
from tests.browser.test_bring_data import choose

pytestmark = pytest.mark.browser


@pytest.fixture
def cohort(page: Page, server: Server, crude: str) -> Page:
    page.goto(f"{server.url}/cohort{crude}&method=limma")
    page.get_by_role("heading", name="Do the groups differ in their blood cells?").wait_for(timeout=60_000)
    settle(page)
    return page


def test_a_sample_is_left_out_and_put_back_while_others_work(work_of_others: str, cohort: Page):
    expect(cohort.locator('[data-testid="stSidebar"]')).to_contain_text(work_of_others)
    before = cohort.url
    box = cohort.locator('[data-testid="stCheckbox"]', has_text="too few reads")
    name = box.inner_text().split("·")[0].removeprefix("Leave out").strip()
    box.click()
    cohort.get_by_role("button", name="Compare without the ticked samples").click()
    cohort.wait_for_url(lambda address: "exclude=" in address)
    settle(cohort)
    assert name not in cohort.url
    notice = cohort.get_by_text("1 sample left out (1 low-depth) of this comparison: of its genes")
    expect(notice).to_be_visible()
    line = cohort.locator(".trd-provenance")
    line.wait_for(timeout=60_000)
    assert "1 sample left out (1 low-depth)" in line.inner_text()
    cohort.get_by_role("button", name="Put them back").click()
    cohort.wait_for_url(lambda address: "exclude=" not in address)
    settle(cohort)
    expect(cohort).to_have_url(before)
    expect(notice).to_have_count(0)


def test_colours_and_components_are_in_the_address(cohort: Page):
    choose(cohort, "Colour", "centre")
    cohort.wait_for_url(lambda address: "colour=centre" in address)
    cohort.get_by_text("2-3", exact=True).click()
    cohort.wait_for_url(lambda address: "pcs=2-3" in address)


def test_no_horizontal_scroll_on_a_phone(page: Page, server: Server, crude: str):
    page.set_viewport_size(TELEPHONE)
    page.goto(f"{server.url}/cohort{crude}&method=limma")
    page.get_by_role("heading", name="Do the groups differ in their blood cells?").wait_for(timeout=60_000)
    settle(page)
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= 390
