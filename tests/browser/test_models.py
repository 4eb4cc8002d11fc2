"""The Models page in a real browser: one cut-off and one share of cases move all panels; links hold."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.cohort.stored import get_cohort
from core.models.spec import ModelSpec
from core.store import Store
from tests.browser.conftest import TELEPHONE, Server, Visit, eventually, settle
from tests.models.results import made_up_result, put_result

pytestmark = pytest.mark.browser

PANELS = ("cut_off", "roc", "precision_recall", "calibration", "decision_curve")


@pytest.fixture(scope="session")
def evaluated(small_store: Path, small_digest: str, crude: str) -> str:
    """The query of the comparison without covariates, with a made-up evaluation of its models."""
    store = Store(small_store)
    metadata = get_cohort(store, small_digest).metadata
    spec = ModelSpec("group", "TRD", "non-TRD", centre="centre", folds=2, repeats=2)
    y = [int(group == "TRD") for group in metadata["group"]]
    result = made_up_result(list(map(str, metadata.index)), y, spec=spec, digest=small_digest)
    known = {name: metadata[name].astype(str).to_numpy() for name in ("centre", "sex")}
    put_result(store, replace(result, patients=result.patients.assign(**known)))
    return f"{crude}&folds=2&repeats=2"


@pytest.fixture
def models(page: Page, server: Server, evaluated: str) -> Page:
    page.goto(f"{server.url}/models{evaluated}")
    settle(page)
    expect(page.get_by_role("heading", name="Can we tell who is resistant")).to_be_visible()
    return page


def drawn(page: Page) -> dict[str, str]:
    """What each panel has drawn: the paths of its traces and lines."""
    found = {}
    for name in PANELS:
        panel = page.locator(f'[class*="st-key-models-{name}"] .js-plotly-plot').first
        panel.scroll_into_view_if_needed()
        found[name] = str(
            panel.evaluate(
                "e => Array.from(e.querySelectorAll('svg.main-svg path'))"
                ".map(p => (p.getAttribute('d') || '') + (p.getAttribute('transform') || '')).join('|')"
            )
        )
        assert len(found[name]) > 20
    return found


def press(page: Page, label: str, key: str, times: int) -> None:
    """Move a slider by its arrow keys."""
    slider = page.get_by_role("slider", name=label)
    slider.focus()
    for _ in range(times):
        slider.press(key)


def says(page: Page, words: str) -> None:
    """Wait until the sentence of the cut-off holds these words, and its page is drawn."""
    expect(page.locator(".trd-said")).to_contain_text(words)
    settle(page)


def still(page: Page, before: dict[str, str]) -> list[str]:
    """Names of the panels that have not moved."""
    return [name for name, path in drawn(page).items() if path == before[name]]


def test_the_cutoff_moves_every_panel(models: Page):
    before = drawn(models)
    press(models, "Cut-off: called a case from this risk", "ArrowLeft", 15)
    says(models, "At a cut-off of 35 %")
    eventually(models, lambda: still(models, before) == [])
    expect(models).to_have_url(re.compile("cutoff=0.35"))


def test_the_share_of_cases_moves_every_panel_and_the_cutoff_stays(models: Page):
    before = drawn(models)
    models.get_by_role("button", name="clinic 25 %").click()
    says(models, "At a cut-off of 50 %, where 25 % are TRD")
    eventually(models, lambda: still(models, before) == [])
    expect(models).to_have_url(re.compile("prevalence=0.25"))
    press(models, "Share of TRD among those it would meet", "ArrowLeft", 5)
    says(models, "where 20 % are TRD")
    models.get_by_role("button", name=re.compile("^study")).click()
    says(models, "where 51 % are TRD")
    expect(models).not_to_have_url(re.compile("prevalence"))


def test_a_pasted_link_shows_the_same_screen(models: Page, visit: Visit):
    press(models, "Cut-off: called a case from this risk", "ArrowLeft", 10)
    says(models, "At a cut-off of 40 %")
    models.get_by_role("button", name="clinic 30 %").click()
    says(models, "where 30 % are TRD")
    models.get_by_role("spinbutton", name=re.compile("^Patient, 1 to")).fill("17")
    models.keyboard.press("Enter")
    settle(models)
    expect(models.get_by_text("Patient 17").first).to_be_visible()
    expect(models).to_have_url(re.compile("patient_number=17"))
    said, address = models.locator(".trd-said").inner_text(), models.url
    other = visit()
    other.goto(address)
    settle(other)
    says(other, "At a cut-off of 40 %, where 30 % are TRD")
    expect(other.locator(".trd-said")).to_have_text(said, use_inner_text=True)
    eventually(other, lambda: drawn(other) == drawn(models))
    expect(other.get_by_text("Patient 17").first).to_be_visible()
    expect(other).to_have_url(address)
    assert {"cutoff=0.4", "prevalence=0.3", "patient_number=17"} <= set(address.split("?")[1].split("&"))
    assert not re.search(r"[SP]\d{3,}", address.split("?")[1])


def test_a_telephone_needs_no_sideways_scrolling(page: Page, server: Server, evaluated: str):
    page.set_viewport_size(TELEPHONE)
    page.goto(f"{server.url}/models{evaluated}")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
