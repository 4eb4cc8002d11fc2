"""The card "Which biology?": filled where gene sets were tested, else the way there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.cohort.simulation.cohort import simulate_cohort
from core.de.spec import DESpec
from core.jobs import JobState
from core.pathways.spec import PathwaySpec
from core.store import Store
from pages.ui.genes import results as gene_results
from pages.ui.overview import biology_card
from tests.analyses import pathway_key, run_pathways
from tests.app.cohorts import Case
from tests.app.conftest import Visit, link

CRUDE = DESpec("group", "TRD", "non-TRD")
SPEC = PathwaySpec(collections=("hallmark", "btm", "go_bp"), test="camera", min_size=5, set_alpha=0.2)


@pytest.fixture(scope="module")
def case() -> Case:
    return Case("simulated, with gene sets", simulate_cohort(seed=3, n_patients=80, n_genes=1000)[0], CRUDE)


def test_without_tested_sets_it_offers_the_test(
    case: Case, visit: Visit, prepare: Callable[[Case], str], started: dict[str, JobState]
):
    digest = prepare(case)
    screen = visit("overview", link(digest, case))
    assert biology_card.TITLE in screen.html
    assert "have not been tested on this computer yet" in screen.html
    assert "this takes about" in screen.text
    assert started == {}
    screen.press("Test the gene sets")
    assert list(started) == [pathway_key(digest, CRUDE, PathwaySpec())]
    assert "The gene sets are being tested now" in screen.html
    assert not screen.has_button("Test the gene sets")


def test_on_the_demonstration_cohort_it_starts_by_itself_once_nothing_else_runs(
    case: Case,
    visit: Visit,
    prepare: Callable[[Case], str],
    started: dict[str, JobState],
    monkeypatch: pytest.MonkeyPatch,
):
    digest = prepare(case)
    monkeypatch.setattr(gene_results, "DEMO_ANALYSIS", CRUDE)
    monkeypatch.setattr(gene_results, "find_demo", lambda store: digest)
    key = pathway_key(digest, CRUDE, PathwaySpec())
    started["other"] = JobState("other", "Comparing", "running", "", 0.5, 9.0, 1.0)
    visit("overview", link(digest, case))
    assert key not in started
    del started["other"]
    visit("overview", link(digest, case))
    assert started[key].status == "running"
    started[key] = replace(started[key], status="cancelled")
    screen = visit("overview", link(digest, case))
    assert started[key].status == "cancelled"
    assert screen.has_button("Test the gene sets")


def test_with_tested_sets_it_gives_direction_and_strength(
    case: Case, visit: Visit, prepare: Callable[[Case], str], started: dict[str, JobState]
):
    digest = prepare(case)
    themes = run_pathways(Store(), digest, CRUDE, SPEC, n_threads=1).themes
    screen = visit("overview", link(digest, case) | SPEC.to_query())
    assert not screen.has_button("Test the gene sets")
    assert started == {}
    assert "blood is not brain" in screen.html
    for name in biology_card.CLAIMED:
        row = themes[(themes["theme"] == name) & (themes["sub_theme"] == "")].iloc[0]
        assert name in screen.html
        assert f"{abs(row['difference']):.2f}&nbsp;(" in screen.html


def test_another_comparison_is_not_mistaken_for_this_one(
    case: Case, visit: Visit, prepare: Callable[[Case], str]
):
    digest = prepare(case)
    other = replace(SPEC, seed=5)
    screen = visit("overview", link(digest, case) | other.to_query())
    assert screen.has_button("Test the gene sets")
