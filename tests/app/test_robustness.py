"""The Robustness page: what it offers before anything is computed, and what it says after."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.jobs import JobState
from core.store import Store
from pages.ui.genes import results as gene_results
from tests.analyses import find_de, ladder_key, run_de, run_ladder, run_null, run_subgroups
from tests.app.cohorts import Case
from tests.app.conftest import Visit, link
from tests.robustness.cohorts import CELLS_ONLY, DIRECT_ONLY, SPEC, cohort_with

CELLS = Case(
    "cells only",
    replace(cohort_with(CELLS_ONLY, n_genes=1500), name="Cells only"),
    replace(SPEC, covariates=("age", "sex")),
    gene="CD14",
)

DIRECT = replace(
    CELLS,
    name="direct effects",
    cohort=replace(cohort_with(DIRECT_ONLY, n_genes=1500), name="Direct effects"),
)


@pytest.fixture(scope="module")
def climbed(app_store: Path, prepare: Callable[[Case], str]) -> dict[str, str]:
    """The link to a comparison whose ladder has been climbed."""
    digest = prepare(CELLS)
    run_ladder(Store(app_store), digest, CELLS.spec)
    return link(digest, CELLS)


def test_before_it_is_computed_it_says_what_it_would_adjust_for(
    visit: Visit, prepare: Callable[[Case], str], started: dict[str, JobState]
):
    case = replace(CELLS, spec=replace(SPEC, covariates=("centre",)))
    case = replace(case, name="cells only, by centre")
    digest = prepare(case)
    screen = visit("robustness", link(digest, case))
    assert "Not known yet" in screen.text
    assert re.search(r"scores of [\w ,]*T cells", screen.text)
    assert "in the background" in screen.text
    screen.press("Climb the ladder")
    assert list(started) == [ladder_key(digest, case.spec)]
    assert started[ladder_key(digest, case.spec)].command.startswith("python -m core ladder")
    assert "Model ladder" in screen.text


def test_the_answer_says_that_the_finding_collapses(climbed: dict[str, str], visit: Visit):
    screen = visit("robustness", climbed)
    assert "The finding collapses when cell composition is adjusted for" in screen.text
    assert "at every rung and in one direction" in screen.text
    assert "Simulated data" in screen.text
    assert "treatment-resistant" in screen.text  # why the number of earlier treatments is left out


def test_the_answer_says_that_direct_effects_persist(
    app_store: Path, prepare: Callable[[Case], str], visit: Visit
):
    digest = prepare(DIRECT)
    run_ladder(Store(app_store), digest, DIRECT.spec)
    screen = visit("robustness", link(digest, DIRECT))
    assert "The finding persists when cell composition is adjusted for" in screen.text
    assert "collapses" not in screen.text
    assert "which cells the blood holds" not in screen.text
    assert re.search(r"[1-9]\d* at every rung and in one direction", screen.text)
    assert "Simulated data" in screen.text


def test_the_overview_says_what_cell_composition_makes_of_the_finding(climbed: dict[str, str], visit: Visit):
    words = visit("overview", climbed).html
    assert re.search(r"<b>But</b> .*once cell composition is adjusted for, [\d,]+ of the [\d,]+", words)
    assert "medication may differ between the groups" in words


@pytest.mark.parametrize("page", ["overview", "robustness"])
def test_on_the_demonstration_cohort_the_ladder_is_climbed_by_itself(
    page: str,
    visit: Visit,
    prepare: Callable[[Case], str],
    started: dict[str, JobState],
    monkeypatch: pytest.MonkeyPatch,
):
    case = replace(CELLS, name="cells only, by sex", spec=replace(SPEC, covariates=("sex",)))
    digest = prepare(case)
    visit(page, link(digest, case))
    assert started == {}
    monkeypatch.setattr(gene_results, "DEMO_ANALYSIS", case.spec)
    monkeypatch.setattr(gene_results, "find_demo", lambda store: digest)
    key = ladder_key(digest, case.spec)
    started["other"] = JobState("other", "Comparing", "running", "", 0.5, 9.0, 1.0)
    visit(page, link(digest, case))
    assert key not in started
    del started["other"]
    visit(page, link(digest, case))
    for other in started.keys() - {key}:  # the gene sets, which the overview tests first
        started[other] = replace(started[other], status="cancelled")
    visit(page, link(digest, case))
    assert started[key].command.endswith("--background")
    started[key] = replace(started[key], status="cancelled")
    visit(page, link(digest, case))
    assert started[key].status == "cancelled"


def test_the_gene_page_shows_the_gene_along_the_ladder(climbed: dict[str, str], visit: Visit):
    screen = visit("gene", climbed)
    assert "Would it survive adjustment?" in screen.text
    assert "with all adjustment its log2 fold change" in screen.text


def test_a_rung_opens_on_the_genes_page_at_once(climbed: dict[str, str], visit: Visit):
    screen = visit("robustness", climbed)
    screen.press("crude")
    assert screen.title == "Which genes differ?"
    assert ", not adjusted" in screen.text


def test_power_is_told_in_percent(climbed: dict[str, str], visit: Visit):
    screen = visit("robustness", climbed | {"check": "power"})
    assert "the typical gene must differ by" in screen.text
    assert "Nine in ten from" in screen.html


def test_the_paths_tried_are_counted_and_named(climbed: dict[str, str], visit: Visit):
    screen = visit("robustness", climbed | {"check": "settings"})
    said = re.search(r"\*\*(\d+) settings\*\* of TRD vs non", screen.text)
    assert said is not None
    assert int(said.group(1)) >= 5  # the rungs, and what other tests computed
    assert "age, sex" in screen.html
    assert re.search(
        r"\d+ comparisons were tried in this exploration\.</p>", screen.html
    )  # the provenance line


def test_a_path_tried_is_opened_by_a_click(climbed: dict[str, str], visit: Visit):
    screen = visit("robustness", climbed | {"check": "settings"})
    paths = [button for button in screen.app.button if str(button.key).startswith("paths.de.")]
    assert len(paths) >= 5
    opened = next(button for button in paths if "not adjusted" in button.label)
    opened.click()
    screen.rerun()
    assert screen.title == "Which genes differ?"
    assert screen.app.session_state["spec"].covariates == ()


def test_the_gene_page_says_why_a_gene_is_not_significant(
    climbed: dict[str, str], app_store: Path, prepare: Callable[[Case], str], visit: Visit
):
    result = find_de(Store(app_store), prepare(CELLS), CELLS.spec)
    gene = result.table.loc[result.table["padj"].idxmax(), "gene"]
    screen = visit("gene", climbed | {"gene": str(gene)})
    assert "Why not significant?" in screen.html
    assert "is found in 80 % of such studies" in screen.html


def test_three_tests_are_compared_or_offered(
    climbed: dict[str, str], app_store: Path, prepare: Callable[[Case], str], visit: Visit
):
    screen = visit("robustness", climbed | {"check": "tests"})
    assert screen.has_button("Compute it by Wilcoxon (some seconds)")
    run_de(Store(app_store), prepare(CELLS), replace(CELLS.spec, method="wilcoxon", covariates=()))
    screen = visit("robustness", climbed | {"check": "tests"})
    assert "Least alike are **limma-trend**" in screen.text
    assert "Wilcoxon compares without the covariates" in screen.text
    assert "Genes on which they disagree" in screen.text


def test_chance_is_measured_by_permuted_labels(
    climbed: dict[str, str],
    app_store: Path,
    prepare: Callable[[Case], str],
    visit: Visit,
    started: dict[str, JobState],
):
    screen = visit("robustness", climbed | {"check": "null"})
    screen.press("Permute the labels 20 times, by limma-trend")
    (state,) = started.values()
    assert " permute " in state.command
    started.clear()
    run_null(Store(app_store), prepare(CELLS), CELLS.spec)
    screen = visit("robustness", climbed | {"check": "null"})
    assert "With labels permuted 20 times" in screen.text
    assert "Are the themes special?" in screen.text
    assert "A peak near 0" in screen.text


def test_centres_and_sexes_are_offered_and_told(
    climbed: dict[str, str],
    app_store: Path,
    prepare: Callable[[Case], str],
    visit: Visit,
    started: dict[str, JobState],
):
    screen = visit("robustness", climbed | {"check": "centres"}).press("Compare the parts")
    (state,) = started.values()
    assert " subgroups " in state.command
    started.clear()
    run_subgroups(Store(app_store), prepare(CELLS), CELLS.spec)
    screen = visit("robustness", climbed | {"check": "centres"})
    assert "chance alone would give half" in screen.text
    assert "the difference depends on sex" in screen.text


def test_the_literature_stands_beside_the_cohorts_own_direction(climbed: dict[str, str], visit: Visit):
    screen = visit("robustness", climbed | {"check": "replication"})
    assert "Cathomas 2022: ▲ higher" in screen.html
    assert "Jansen 2016: ▼ lower" in screen.html
    assert "10.1038/mp.2015.57" in screen.text
    assert re.search(r"[▲▼◦] [+−]\d\.\d\d \([+−]\d\.\d\d to ", screen.html)  # its own


def test_the_foot_of_a_check_is_of_that_check(
    climbed: dict[str, str], app_store: Path, prepare: Callable[[Case], str], visit: Visit
):
    run_null(Store(app_store), prepare(CELLS), CELLS.spec)
    run_subgroups(Store(app_store), prepare(CELLS), CELLS.spec)
    own = {"ladder": "model ladder", "null": "labels permuted 20 times", "centres": "centres and sexes"}
    for check, method in own.items():
        screen = visit("robustness", climbed | {"check": check})
        line = re.search(r'<p class="trd-provenance">([^<]*)</p>', screen.html)
        assert line is not None
        assert f"; then {method}" in line.group(1)
        verb = {"null": "permute", "centres": "subgroups"}.get(check, check)
        assert screen.app.code
        assert all(f"python -m core {verb} " in code.value for code in screen.app.code)


def test_permutations_that_a_link_asks_for_are_those_offered(climbed: dict[str, str], visit: Visit):
    screen = visit("robustness", climbed | {"check": "null", "permute.permutations": "30"})
    assert screen.has_button("Permute the labels 30 times, by limma-trend")
    assert screen.app.query_params["permute.permutations"] == "30"
