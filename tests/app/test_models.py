"""The Models page without a browser: what it says on every kind of evaluation, and what it withholds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from core.jobs import JobState
from core.models.reading.evidence import pseudonyms
from core.models.result import CheckResult, ModelResult
from core.models.spec import ModelSpec
from core.store import Store
from tests.analyses import model_key
from tests.app import cohorts
from tests.app.cohorts import CRUDE, Case
from tests.app.conftest import Screen, Visit, link
from tests.de.cohorts import small_cohort
from tests.models.results import made_up_result, put_result

OFFER = "Nobody has evaluated risk models"
SPEC = ModelSpec("group", "TRD", "non-TRD", centre="centre", folds=2, repeats=2, label_permutations=40)
QUERY = {"folds": "2", "repeats": "2", "label_permutations": "40"}
CASE = Case("models", small_cohort(), CRUDE)


@pytest.fixture
def evaluated(
    app_store: Path, prepare: Callable[[Case], str]
) -> Callable[..., tuple[ModelResult, dict[str, str]]]:
    """Put a made-up evaluation of the small cohort into the store; return it with its link."""

    def put(seed: int, change: Callable[[ModelResult], ModelResult] | None = None, **options: bool):
        digest = prepare(CASE)
        metadata = CASE.cohort.metadata
        spec = replace(SPEC, model_seed=seed)
        y = [int(group == "TRD") for group in metadata["group"]]
        result = made_up_result(list(map(str, metadata.index)), y, spec=spec, digest=digest, **options)
        result = change(result) if change else result
        put_result(Store(app_store), result)
        return result, link(digest, CASE) | QUERY | {"model_seed": str(seed)}

    return put


def everything(screen: Screen) -> str:
    return f"{screen.text}\n{screen.html}"


@pytest.mark.parametrize(
    "case",
    [
        Case("models of three against three", cohorts.tiny(), gene="G001"),
        Case("models with missing values", cohorts.gaps()),
        Case("models of symbols", cohorts.named(), gene="IFIT3"),
    ],
    ids=lambda case: case.name,
)
def test_models_that_nobody_evaluated_are_offered_with_the_time_they_take(
    case: Case, visit: Visit, prepare: Callable[[Case], str], started: dict[str, JobState]
):
    digest = prepare(case)
    screen = visit("models", link(digest, case))
    assert OFFER in screen.text
    assert "minute" in screen.text
    assert started == {}
    screen.press("Evaluate the models")
    (job,) = started.values()
    assert job.command.startswith(f"python -m core models --dataset={digest}")
    assert "You may leave this page" in screen.text
    assert screen.has_button("Cancel")


def test_the_answer_has_numbers_intervals_and_the_rung(evaluated: Callable, visit: Visit):
    _, query = evaluated(1)
    screen = visit("models", query)
    words = everything(screen)
    assert screen.title == "Can we tell who is resistant, and should anyone believe it?"
    assert "In whole centres that it had not seen" in words
    assert "95 % interval" in words
    assert "not been shown to predict who <b>will become</b> so" in words
    assert "AUC gained over the clinical model" in words


@pytest.mark.parametrize(
    ("rung", "says"),
    [
        ("exploratory", "As an exploratory figure"),
        ("internal", "In patients of the same study"),
        ("centre", "In whole centres"),
        ("external", "In another cohort that it had not seen"),
    ],
)
def test_the_wording_follows_the_rung_that_was_reached(
    rung: str, says: str, evaluated: Callable, visit: Visit
):
    def reach(result: ModelResult) -> ModelResult:
        rows = result.predictions
        other = rows[rows["scheme"] == "centre"].assign(scheme="external", fold="external")
        claim = replace(result.run.claim, rung=rung)
        return replace(result, predictions=pd.concat([rows, other]), run=replace(result.run, claim=claim))

    _, query = evaluated(10 + len(says), reach)
    assert says in everything(visit("models", query))


def test_a_confounded_cohort_has_a_red_check_and_no_headline(evaluated: Callable, visit: Visit):
    _, query = evaluated(2, headline=False)
    screen = visit("models", query)
    words = everything(screen)
    assert "No figure is given" in words
    assert "Centre and group cannot be told apart" in words or "centre and group cannot" in words
    assert any("Centre alone gives AUC 0.97" in error.value for error in screen.app.error)
    assert "of the model “Genes”" not in words
    assert "Genes</td>" not in words
    assert "Draw the withheld figures" in screen.text
    screen.app.toggle(key="view.withheld").set_value(True)
    assert "Genes</td>" in everything(screen.rerun())


def test_one_cutoff_and_one_share_move_every_panel(evaluated: Callable, visit: Visit):
    _, query = evaluated(1)
    screen = visit("models", query | {"cutoff": "0.3", "prevalence": "0.25"})
    charts = {node.proto.id.split("-")[-1]: node.proto.alt for node in screen.app.get("plotly_chart")}
    described = {name: alt for name, alt in charts.items() if "models." in name or alt}
    moved = [alt for alt in described.values() if "cut-off" in alt and "30 %" in alt]
    assert len(moved) >= 4  # ROC, precision, decision curve, the hundred patients
    assert sum("25 % are TRD" in alt or "25 % of them TRD" in alt for alt in described.values()) >= 3
    assert "At a cut-off of <b>30 %</b>, where <b>25 %</b> are TRD" in screen.html


@pytest.mark.parametrize(("asked", "drawn"), [("0.99", 99), ("0.0004", 1), ("0.013", 1)])
def test_the_slider_shows_the_share_that_the_panels_are_drawn_for(
    asked: str, drawn: int, evaluated: Callable, visit: Visit
):
    _, query = evaluated(1)
    screen = visit("models", query | {"prevalence": asked})
    assert screen.app.slider(key="view.prevalence").value == drawn / 100
    assert f"where <b>{drawn} %</b> are TRD" in screen.html


def test_the_address_holds_cutoff_share_and_model_but_no_patient(evaluated: Callable, visit: Visit):
    result, query = evaluated(5)
    screen = visit("models", query | {"cutoff": "0.3", "prevalence": "0.25", "patient_number": "3"})
    held = dict(screen.app.query_params)
    assert {"cutoff", "prevalence", "patient_number", "folds", "model_seed"} <= held.keys()
    names = [*result.patients["sample"], *result.patients["patient"]]
    address = " ".join(f"{key}={value}" for key, value in held.items())
    assert not any(name in address for name in names)
    assert "**Patient 3**" in screen.text
    assert pseudonyms(result).is_unique


def test_a_patient_is_never_named_on_the_page(evaluated: Callable, visit: Visit):
    result, query = evaluated(1)
    words = everything(visit("models", query | {"patient_number": "3"}))
    assert not any(f"{name}<" in words or f" {name} " in words for name in result.patients["sample"])


def test_settings_that_changed_are_said_and_run_on_a_button(
    evaluated: Callable, visit: Visit, started: dict[str, JobState]
):
    result, query = evaluated(1)
    screen = visit("models", query)
    screen.app.number_input(key="models.repeats").set_value(3)
    screen.rerun()
    assert "changed, results are from before" in screen.text
    screen.press("Evaluate")
    assert list(started) == [model_key(result.digest, replace(result.spec, repeats=3))]
    assert "Below, until then" in screen.text
    assert screen.app.query_params["repeats"] == "3"


def test_a_centre_that_was_taken_out_stays_out_in_the_link(
    evaluated: Callable, visit: Visit, started: dict[str, JobState]
):
    result, query = evaluated(1)
    screen = visit("models", query)
    screen.app.selectbox(key="models.centre").set_value("")
    screen.rerun().press("Evaluate")
    assert list(started) == [model_key(result.digest, replace(result.spec, centre=""))]
    assert screen.app.query_params["centre"] == ""
    again = visit("models", dict(screen.app.query_params))
    assert "Evaluating models" in again.text.replace("\\", "")


def test_a_suspiciously_good_model_is_warned_of_before_its_numbers(evaluated: Callable, visit: Visit):
    def leak(result: ModelResult) -> ModelResult:
        check = CheckResult("suspicious-auc", "Too good to be true", "amber", "Genes 0.97: look for leakage.")
        return replace(result, checks=(check, *result.checks))

    _, query = evaluated(3, leak)
    assert any("look for leakage" in warning.value for warning in visit("models", query).app.warning)
    assert not visit("models", evaluated(1)[1]).app.warning


def test_predictors_show_whether_they_were_known_and_why_not_used(evaluated: Callable, visit: Visit):
    _, query = evaluated(1)
    words = visit("models", query).html
    assert "It partly defines TRD" in words
    assert "✖ no" in words


def test_the_teaching_switch_sets_the_wrong_figure_beside_the_honest_one(evaluated: Callable, visit: Visit):
    _, query = evaluated(1)
    screen = visit("models", query)
    assert not [switch for switch in screen.app.toggle if switch.key == "view.outside"]
    screen = visit("models", query | {"lesson": "yes"})  # what a click on it does to the address
    assert not any("is an artefact" in error.value for error in screen.app.error)
    screen.app.toggle(key="view.outside").set_value(True)
    assert any("is an artefact" in error.value for error in screen.rerun().app.error)


def test_an_evaluation_without_any_model_explains_itself(evaluated: Callable, visit: Visit):
    def nothing(result: ModelResult) -> ModelResult:
        models = result.models.assign(available=False, not_available_reason="too few patients")
        claim = replace(result.run.claim, headline=False, reason="Too few patients.")
        return replace(
            result,
            predictions=result.predictions.iloc[:0],
            models=models,
            contributions=result.contributions.iloc[:0],
            run=replace(result.run, claim=claim),
        )

    _, query = evaluated(4, nothing)
    words = everything(visit("models", query))
    assert "No model could be evaluated" in words
    assert "too few patients" in words.casefold()


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"cutoff": "7"}, "parameter 'cutoff'"),
        ({"prevalence": "-1"}, "parameter 'prevalence'"),
        ({"patient_number": "x"}, "parameter 'patient_number'"),
        ({"folds": "1"}, "setting 'folds'"),
        ({"models": "magic"}, "setting 'models'"),
        ({"n_selected": "many"}, "parameter 'n_selected'"),
    ],
)
def test_nonsense_in_a_link_is_named(
    parameters: dict[str, str], says: str, visit: Visit, prepare: Callable[[Case], str]
):
    screen = visit("models", link(prepare(CASE), CASE) | parameters)
    assert says in screen.text.replace("\\", "")
    assert OFFER in screen.text


def test_an_evaluation_is_not_taken_for_a_comparison(evaluated: Callable, visit: Visit):
    evaluated(1)
    case = replace(CASE, spec=replace(CRUDE, covariates=("age",)), computed=False)
    query = link(evaluated(1)[0].digest, case)
    assert "has not been computed on this computer yet" in visit("genes", query).text


def test_the_overview_tells_the_area_with_its_interval_and_a_but(evaluated: Callable, visit: Visit):
    _, query = evaluated(1)
    words = visit("overview", query).html
    assert re.search(r">AUC</abbr> of the model “Genes”, 95 % interval 0\.\d\d to 0\.\d\d", words)
    assert "<b>But</b> that is" in words
    assert "it recognises who is resistant, not who will be" in words


def test_the_overview_gives_no_figure_where_none_may_be_given(evaluated: Callable, visit: Visit):
    _, query = evaluated(2, headline=False)
    words = visit("overview", query).html
    assert "no figure" in words
    assert "of the model “Genes”" not in words


def test_the_overview_offers_the_evaluation_that_nobody_made(visit: Visit, prepare: Callable[[Case], str]):
    digest = prepare(CASE)
    assert "no risk model has been evaluated" in visit("overview", link(digest, CASE)).html


def test_a_sample_left_out_of_the_comparison_asks_for_models_without_it(
    evaluated: Callable, visit: Visit, started: dict[str, JobState]
):
    result, query = evaluated(1)
    screen = visit("models", query | {"exclude": str(result.patients["sample"].iloc[0])})
    assert OFFER in screen.text
    screen.press("Evaluate the models")
    (job,) = started.values()
    assert "--exclude" in job.command
