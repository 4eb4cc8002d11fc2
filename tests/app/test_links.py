"""Links with nonsense in them, and names that are HTML or Markdown: said in words, never run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.de.spec import DESpec
from core.jobs import JobState
from core.pathways import result
from tests.app import cohorts
from tests.app.cohorts import LINK, SCRIPT, Case
from tests.app.conftest import PAGES, Screen, Visit, link
from tests.de.cohorts import small_cohort

ADJUSTED = Case("adjusted", small_cohort(), DESpec("group", "TRD", "non-TRD", ("sex",)))
HOSTILE = Case("hostile", cohorts.hostile(), cohorts.hostile_spec(), gene=f"01 {SCRIPT} {LINK}")
PLAIN = {"html", "code", "arrow_data_frame", "dataframe"}

FAULTY = [
    ({"padj": "abc"}, "parameter 'padj'"),
    ({"padj": "nan"}, "parameter 'padj'"),
    ({"padj": "-5"}, "parameter 'padj'"),
    ({"padj": "99"}, "parameter 'padj'"),
    ({"padj": ""}, "parameter 'padj'"),
    ({"lfc": "inf"}, "parameter 'lfc'"),
    ({"lfc": "-1"}, "parameter 'lfc'"),
    ({"lfc": "1e9"}, "parameter 'lfc'"),
    ({"rows": "-3"}, "parameter 'rows'"),
    ({"rows": "0"}, "parameter 'rows'"),
    ({"rows": "2.5"}, "parameter 'rows'"),
    ({"plot": "pie"}, "parameter 'plot'"),
    ({"split": "galaxy"}, "parameter 'split'"),
    ({"order": SCRIPT}, "parameter 'order'"),
    ({"log": "perhaps"}, "parameter 'log'"),
    ({"alpha": "nan"}, "alpha"),
    ({"alpha": "7"}, "alpha"),
    ({"min_count": "-4"}, "setting 'min_count'"),
    ({"min_samples": "x"}, "parameter 'min_samples'"),
    ({"winsorise": "2"}, "winsoris"),
    ({"lfc_threshold": "-1"}, "threshold"),
    ({"method": "magic"}, "parameter 'method'"),
    ({"factor": "NOSUCH"}, "NOSUCH"),
    ({"case": "NOSUCH"}, "NOSUCH"),
    ({"case": "non-TRD"}, "non-TRD"),
    ({"covariates": "NOSUCH,sex"}, "NOSUCH"),
    ({"covariates": "group"}, "covariate"),
    ({"data": "deadbeef1234"}, "data set of this link is not on this computer"),
    ({"data": "../../etc/passwd"}, "data set of this link is not on this computer"),
    ({"gene": SCRIPT}, "is not a gene of this data set"),
    ({"gene": "%00"}, "is not a gene of this data set"),
    ({"basket": "NOSUCH,%3Cb%3E"}, "left out of the files: NOSUCH and <b>"),
    ({"find": "[(*"}, "No gene of this data set goes by that name"),
    ({"rows": "999999999"}, "gene"),
    ({"nonsense": "x", "": "y"}, "active genes"),
    ({"min_size": "abc"}, "parameter 'min_size'"),
    ({"test": "tarot"}, "parameter 'test'"),
    ({"set_rows": "0"}, "parameter 'set_rows'"),
    ({"collections": "/etc/passwd"}, "it is not on this computer"),
    ({"collections": SCRIPT}, "it is not on this computer"),
    ({"set_alpha": "7"}, "set_alpha"),
    ({"set_alpha": "nan"}, "set_alpha"),
    ({"set_alpha": "0.8"}, "have not been tested on this computer yet"),
    ({"gene_set": SCRIPT, "theme": LINK}, "have not been tested on this computer yet"),
]


PATHWAYS = {"min_size", "test", "set_rows", "collections", "set_alpha", "gene_set"}


def markdown(screen: Screen) -> str:
    """Every text that the browser reads as Markdown."""
    found = []
    for node in (*screen.app.main, *screen.app.sidebar):
        if node.type in PLAIN:
            continue
        for name in ("label", "body", "help", "text"):
            text = getattr(getattr(node, "proto", None), name, "")
            found += [text] if isinstance(text, str) else []
    return "\n".join(found)


@pytest.mark.parametrize(("parameters", "says"), FAULTY, ids=lambda x: str(x) if isinstance(x, dict) else "")
def test_nonsense_in_a_link_is_named_and_the_page_works(
    parameters: dict[str, str], says: str, visit: Visit, prepare: Callable[[Case], str]
):
    page = "gene" if "gene" in parameters else "pathways" if PATHWAYS & parameters.keys() else "genes"
    screen = visit(page, link(prepare(ADJUSTED), ADJUSTED) | parameters)
    assert screen.title.endswith("?")
    text = screen.text
    for offer in ("Compute it", "Test the gene sets"):
        if screen.has_button(offer):
            text += screen.press(offer).text
    assert says in text.replace("\\", "")


@pytest.mark.parametrize("missing", ["case", "control"])
def test_a_cut_link_says_what_is_missing(missing: str, visit: Visit, prepare: Callable[[Case], str]):
    query = link(prepare(ADJUSTED), ADJUSTED)
    del query[missing]
    assert f"parameter '{missing}'" in visit("genes", query).text.replace("\\", "")


@pytest.mark.parametrize("page", PAGES)
def test_names_are_shown_and_never_run(page: str, visit: Visit, prepare: Callable[[Case], str]):
    query = link(prepare(HOSTILE), HOSTILE)
    screen = visit(page, query | {"basket": HOSTILE.cohort.genes["gene"][3]})
    assert screen.title.endswith("?")
    assert SCRIPT not in screen.html
    assert LINK not in markdown(screen)
    if page != "methods":
        assert "alert" in screen.text


def test_hostile_names_are_harmless_in_refusals_too(
    visit: Visit, prepare: Callable[[Case], str], started: dict[str, JobState]
):
    query = link(prepare(HOSTILE), HOSTILE) | {"gene": f"x {SCRIPT} {LINK}", "find": LINK}
    for page in PAGES:
        screen = visit(page, query | {"covariates": HOSTILE.cohort.metadata.columns[0]})
        assert SCRIPT not in screen.html
        assert LINK not in markdown(screen)
        if screen.has_button("Compute it"):
            screen.press("Compute it")
            assert not [state for state in started.values() if " core de " in state.command]
            assert LINK not in markdown(screen)


def test_a_result_beyond_the_usual_limits_of_its_settings_is_shown(
    visit: Visit, prepare: Callable[[Case], str]
):
    spec = DESpec("group", "TRD", "non-TRD", alpha=0.8, lfc_threshold=7.0, winsorise=0.9)
    case = Case("beyond the widgets", cohorts.null(), spec)
    screen = visit("genes", link(prepare(case), case))
    assert screen.app.number_input(key="settings.lfc_threshold").value == 7.0
    assert "changed, results are from before" not in screen.text


def test_a_long_basket_is_in_a_short_link(visit: Visit, prepare: Callable[[Case], str]):
    genes = [f"NOSUCH{n:04}" for n in range(500)]
    first = visit("genes", link(prepare(ADJUSTED), ADJUSTED) | {"basket": ",".join(genes)})
    address = dict(first.app.query_params)
    assert "basket" not in address
    second = visit("genes", address)
    assert second.app.session_state["view"] == first.app.session_state["view"]
    assert second.app.session_state["view"][0].basket == tuple(genes)
    missing = visit("genes", address | {"stored": "ab" * 32})
    assert "not kept on this computer" in missing.text
    assert missing.title == "Which genes differ?"


@pytest.mark.parametrize("page", PAGES)
def test_no_link_has_a_file_of_this_computer_read(
    page: str, visit: Visit, prepare: Callable[[Case], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    secret, opened = tmp_path / "secret.gmt", list[Path]()
    secret.write_text("SET\tdescription\tCD14\tCD19\n")
    monkeypatch.setattr(result, "_digest_of", lambda path, *_: opened.append(path) or "read")
    screen = visit(page, link(prepare(ADJUSTED), ADJUSTED) | {"collections": str(secret)})
    assert "it is not on this computer" in screen.text
    assert str(tmp_path) not in screen.text
    assert secret not in opened


def paste(screen: Screen, genes: str) -> Screen:
    screen.app.text_area(key="basket.text").set_value(genes)
    next(button for button in screen.app.sidebar.button if button.label == "Add to basket").click()
    return screen.rerun()


def test_what_became_of_pasted_genes_is_said_until_the_basket_is_another(
    visit: Visit, prepare: Callable[[Case], str]
):
    screen = paste(visit("genes", link(prepare(ADJUSTED), ADJUSTED)), "NOSUCHGENE")
    for _ in range(2):  # whatever else is drawn anew meanwhile
        assert "Not in this data set: NOSUCHGENE" in screen.text.replace("\\", "")
        screen.rerun()
    paste(screen, f"{ADJUSTED.cohort.genes['gene'][3]} OTHER").rerun()
    assert "Not in this data set: OTHER" in screen.text.replace("\\", "")
    assert "NOSUCHGENE" not in screen.text.replace("\\", "")
    screen.press("Empty it").rerun()
    assert "OTHER" not in screen.text.replace("\\", "")
