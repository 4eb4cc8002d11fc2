"""Every page on every kind of cohort: a question, an answer or the next step, and never a traceback."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import streamlit as st

from core import analysis
from core.de import kind
from core.de.spec import DESpec
from core.jobs import JobState
from tests.analyses import de_key
from tests.app import cohorts
from tests.app.cohorts import CRUDE, Case
from tests.app.conftest import PAGES, Visit, link
from tests.de.cohorts import small_cohort

CHOOSE = "No groups have been chosen for this data set yet"
COMPUTE = "has not been computed on this computer yet"
EVALUATE = "Nobody has evaluated risk models"
TEST_SETS = "have not been tested on this computer yet"
THREE = DESpec("status", "resistant", "remitted", ("sex",), all_groups=True)
CASES = [
    Case(
        "with shrinkage",
        small_cohort(),
        DESpec("group", "TRD", "non-TRD", ("sex",), shrink=True),
        overview="adjusted for sex. Expect up to",
        genes="higher and",
        gene_page="95 % interval",
    ),
    Case("no comparison chosen", small_cohort(), None, overview=CHOOSE, genes=CHOOSE, gene_page=CHOOSE),
    Case(
        "comparison not computed",
        small_cohort(),
        replace(CRUDE, covariates=("age",)),
        computed=False,
        overview=COMPUTE,
        genes=COMPUTE,
        gene_page=COMPUTE,
    ),
    Case(
        "three against three, twelve genes",
        cohorts.tiny(),
        gene="G001",
        overview="active genes",
        genes="Too few genes were tested to judge the p-values as a whole",
        gene_page="G001",
    ),
    Case(
        "one group",
        cohorts.one_group(),
        None,
        overview=CHOOSE,
        genes=CHOOSE,
        gene_page=CHOOSE,
        data="No column of the sample table can define groups",
    ),
    Case(
        "missing values",
        cohorts.gaps(),
        DESpec("group", "TRD", "non-TRD", ("sex", "age")),
        overview="adjusted for sex and age",
        genes="left out",
        gene_page="95 % interval",
    ),
    Case(
        "one model of three groups",
        cohorts.three_groups(),
        THREE,
        overview="adjusted for sex",
        genes="are part of the model",
        gene_page="95 % interval",
    ),
    Case(
        "no symbol known",
        cohorts.fly(),
        gene="FBgn0000015",
        overview="active genes",
        genes="active genes",
        gene_page="FBgn0000015",
    ),
    Case(
        "no gene significant",
        cohorts.null(),
        overview="That does not prove that none differs",
        genes="No gene meets these thresholds",
        gene_page="not distinguishable from chance",
    ),
    Case(
        "every gene significant",
        cohorts.all_different(),
        overview="<b>40</b> of",
        genes="20 higher and 20 lower in TRD",
        gene_page="among the genes that differ",
    ),
    Case(
        "symbols",
        cohorts.named(),
        gene="IFIT3",
        overview="Simulated data",
        genes="Simulated data",
        gene_page="chromosome 10",
    ),
    Case(
        "gene unknown",
        small_cohort(),
        DESpec("group", "TRD", "non-TRD", ("sex",)),
        gene="NOSUCH",
        overview="active genes",
        genes="active genes",
        gene_page="is not a gene of this data set",
    ),
    Case(
        "gene without counts",
        small_cohort(),
        DESpec("group", "TRD", "non-TRD", ("sex",)),
        gene="G000",
        overview="active genes",
        genes="active genes",
        gene_page="was not tested",
    ),
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_page_asks_and_answers(case: Case, page: str, visit: Visit, prepare: Callable[[Case], str]):
    screen = visit(page, link(prepare(case), case))
    assert screen.title.endswith("?")
    assert len(screen.app.title) == 1
    expected = {
        "overview": case.overview,
        "data": case.data,
        "cohort": _about_the_groups(case),
        "genes": case.genes,
        "gene": case.gene_page,
        "pathways": TEST_SETS if case.spec and case.computed else case.overview,
        "models": EVALUATE if case.spec else CHOOSE,
        "robustness": "Not known yet" if case.spec and case.computed else case.overview,
        "methods": "What the numbers cannot say",
    }
    assert expected[page] in screen.text


def _about_the_groups(case: Case) -> str:
    if case.spec is None:
        return CHOOSE
    beside = case.cohort.metadata.shape[1] - 1
    return {
        0: "nothing more is recorded of these samples",
        1: "the one characteristic recorded",
    }.get(beside, "characteristics recorded")


def test_a_page_without_a_comparison_leads_to_where_it_is_chosen(
    visit: Visit, prepare: Callable[[Case], str]
):
    screen = visit("genes", link(prepare(CASES[1]), CASES[1])).press("Choose what to compare")
    assert screen.title == "Whose blood is compared?"
    assert screen.has_button("Compare")


def test_a_missing_result_is_computed_on_request(
    visit: Visit, prepare: Callable[[Case], str], started: dict[str, JobState]
):
    case = CASES[2]
    digest = prepare(case)
    screen = visit("genes", link(digest, case))
    assert started == {}
    screen.press("Compute it")
    assert list(started) == [de_key(digest, case.spec)]
    assert "Comparing TRD vs non\\-TRD" in screen.text or "Comparing TRD vs non-TRD" in screen.text
    assert "40 %" in screen.text
    assert "about 75 s left" in screen.text
    assert screen.has_button("Cancel")
    assert not screen.has_button("Compute it")


@pytest.mark.parametrize(
    ("status", "says"), [("cancelled", "was cancelled; nothing was changed"), ("failed", "no more memory")]
)
def test_a_job_without_a_result_says_why_and_can_be_asked_again(
    status: str,
    says: str,
    visit: Visit,
    prepare: Callable[[Case], str],
    started: dict[str, JobState],
):
    case = CASES[2]
    digest = prepare(case)
    key = de_key(digest, case.spec)
    started[key] = JobState(key, "Comparing", status, "", 0.0, None, 1.0, message="no more memory")
    screen = visit("genes", link(digest, case))
    assert says in screen.text
    assert screen.has_button("Compute it")
    screen.press("Close this message")
    assert says not in screen.text


def test_the_old_result_stays_while_a_new_one_is_computed(
    visit: Visit, prepare: Callable[[Case], str], started: dict[str, JobState]
):
    case = CASES[0]
    screen = visit("genes", link(prepare(case), case))
    screen.app.number_input(key="settings.min_count").set_value(20)
    screen.rerun()
    assert "changed, results are from before" in screen.text
    assert started == {}
    screen.press("Run analysis")
    assert len(started) == 1
    assert "Below, until then: the earlier analysis" in screen.text
    assert "higher and" in screen.text
    assert screen.app.query_params["min_count"] == "20"


def test_one_click_checks_the_settings_and_builds_the_design_once(
    visit: Visit, prepare: Callable[[Case], str], monkeypatch: pytest.MonkeyPatch
):
    calls: list[str] = []

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **options: [calls.append(name), call(*args, **options)][1]

    case = CASES[0]
    screen = visit("genes", link(prepare(case), case))
    screen.app.number_input(key="settings.min_count").set_value(22)
    screen.rerun()
    monkeypatch.setattr(analysis, "check", counted("check", analysis.check))
    monkeypatch.setattr(kind, "build_designs", counted("design", kind.build_designs))
    screen.press("Run analysis")
    assert sorted(calls) == ["check", "design"]


def test_an_empty_store_prepares_the_demonstration(
    visit: Visit, started: dict[str, JobState], tmp_path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRD_EXPLORER_STORE", str(tmp_path))
    for page in PAGES:
        screen = visit(page)
        assert screen.title.endswith("?")
        assert "demonstration cohort" in screen.text
    assert [state.command for state in started.values()] == ["python -m core demo"]


@pytest.mark.parametrize("page", PAGES)
def test_the_first_visitor_of_a_server_meets_the_shell_on_any_page(
    page: str, first_visit: Visit, prepare: Callable[[Case], str]
):
    screen = first_visit(page, link(prepare(CASES[0]), CASES[0]))
    assert len(screen.app.title) == 1
    assert [box.label for box in screen.app.sidebar.selectbox] == ["Data set"]
    assert [box.label for box in screen.app.sidebar.text_input] == ["Find a gene"]


def test_one_can_go_back_to_the_earlier_analysis(visit: Visit, prepare: Callable[[Case], str]):
    case = CASES[0]
    screen = visit("genes", link(prepare(case), case))
    screen.app.number_input(key="settings.min_count").set_value(21)
    screen.rerun().press("Run analysis")
    assert "until then" in screen.text
    screen.press("Back to the earlier analysis")
    assert "until then" not in screen.text
    assert "min_count" not in screen.app.query_params
    (field,) = (one for one in screen.app.number_input if one.key.startswith("settings.min_count"))
    assert field.value == 10
    assert not any("changed" in panel.label for panel in screen.app.expander)


def test_all_groups_can_be_fitted_where_there_are_more_than_two(
    visit: Visit, prepare: Callable[[Case], str], started: dict[str, JobState]
):
    case = Case("three groups", cohorts.three_groups(), replace(THREE, covariates=(), all_groups=False))
    screen = visit("genes", link(prepare(case), case))
    screen.app.checkbox(key="settings.all_groups").check()
    screen.rerun().press("Run analysis")
    (job,) = started.values()
    assert "--all-groups" in job.command
    assert screen.app.query_params["all_groups"] == "yes"
    assert "one model of all groups" in screen.html
    two = visit("genes", link(prepare(CASES[0]), CASES[0]))
    assert not [box for box in two.app.checkbox if box.key == "settings.all_groups"]


def test_a_browser_that_lost_a_value_shows_that_of_the_link_again(
    visit: Visit, prepare: Callable[[Case], str]
):
    chosen = {"padj": "0.2", "lfc": "0.3", "find": "G0", "order": "symbol", "plot": "ma", "side": "lower"}
    digest = prepare(CASES[0])
    app = visit("genes", link(digest, CASES[0]) | chosen).app
    assert app.number_input(key="view.padj").proto.default == pytest.approx(0.2)
    assert app.number_input(key="view.lfc").proto.default == pytest.approx(0.3)
    assert app.text_input(key="view.find").proto.default == "G0"
    box = app.selectbox(key="view.order")
    assert box.options[box.proto.default] == "name"
    for key, words in (("view.plot", "MA"), ("view.side", "▼ Lower")):
        group = app.button_group(key=key)
        assert [group.options[at] for at in group.proto.default] == [words]
    data = app.selectbox(key="shell.data")
    assert data.options[data.proto.default] in (
        CASES[0].cohort.name,
        f"{digest[:6]} · {CASES[0].cohort.name}",
    )


def test_an_unusual_setting_is_said(visit: Visit, prepare: Callable[[Case], str]):
    digest = prepare(CASES[0])
    unusual = replace(CRUDE, min_count=30, winsorise=0.95)
    screen = visit("genes", {"data": digest[:12], **unusual.to_query()})
    assert "genes with at least 30 counts, counts capped at quantile 0.95" in screen.text
    assert screen.press("Choose another comparison").title == "Whose blood is compared?"


def test_settings_that_nobody_touched_have_not_changed(visit: Visit, prepare: Callable[[Case], str]):
    query = link(prepare(CASES[0]), CASES[0])
    for page in ("genes", "pathways"):
        screen = visit(page, query).rerun()
        assert not any("changed" in panel.label for panel in screen.app.expander)
        assert "Settings changed" not in screen.text


def test_the_foot_of_a_comparison_offers_its_scripts(
    visit: Visit, prepare: Callable[[Case], str], monkeypatch: pytest.MonkeyPatch
):
    files, draw = dict[str, tuple[str, Callable[[], bytes]]](), st.download_button

    def drawn(label: str, make: Callable[[], bytes], name: str, *rest: Any, **options: Any) -> bool:
        files[label] = name, make
        return draw(label, make, name, *rest, **options)

    monkeypatch.setattr(st, "download_button", drawn)
    screen = visit("genes", link(prepare(CASES[0]), CASES[0]))
    assert "Its numbers differ a little from those on screen" in screen.text
    whole, short = (files[label] for label in ("Self-contained script", "Short script (PyDESeq2)"))
    assert (whole[0], short[0]) == ("differential_expression.py", "differential_expression_short.py")
    provenance = re.search('trd-provenance">([^<]*)<', screen.html)
    texts = [make().decode() for _, make in (whole, short)]
    assert "from pydeseq2" in texts[1]
    assert len(texts[1]) < len(texts[0])
    assert provenance
    assert all(" ".join(html.unescape(provenance[1]).split()) in " ".join(text.split()) for text in texts)
    capped = replace(CRUDE, winsorise=0.95)
    files.clear()
    case = Case("capped", small_cohort(), capped)
    visit("genes", link(prepare(case), case))
    assert "Self-contained script" in files
    assert "Short script (PyDESeq2)" not in files
