"""The evidence of one model: a single cut-off and a single share of cases move every panel at once."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.figures.models.calibration import calibration_figure
from core.figures.models.curves import decision_figure, precision_recall_figure, roc_figure
from core.figures.models.cutoff import cutoff_figure
from core.figures.models.forest import subgroup_forest
from core.figures.models.parts import interval_text
from core.models.metrics.base import Interval
from core.models.metrics.decision import Confusion, confusion
from core.models.reading.evidence import Evidence, study_share
from pages.ui.frame import problems, state
from pages.ui.models import parts
from pages.ui.models.results import Found
from pages.ui.models.view import ModelsView
from pages.ui.parts import charts, style
from pages.ui.parts.format import number, percent, plain

CLINIC = (0.20, 0.25, 0.30)
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SHARES = (0.01, 0.99)
"""Of cases that the slider offers."""
HELP = {
    "model": "All panels of this section speak of this model.",
    "cutoff": "From this predicted risk on a patient is called a case. It moves every panel below.",
    "prevalence": "Share of cases among the patients the model would meet. The study chose its own; in care "
    "it is 20 to 30 %. Predicted risks are shifted accordingly, and all panels with them.",
}


@problems.fragment
def explore(found: Found, models: list[str]) -> None:
    """Draw controls and panels; only this part is redrawn when a slider moves."""
    st.subheader("What is the evidence?")
    model, prevalence = _controls(found, models)
    evidence = found.evidence(model, cutoff=state.view(ModelsView).cutoff, prevalence=prevalence)
    _said(found, evidence)
    baseline = _baseline(found, model, models)
    other = found.evidence(baseline, cutoff=evidence.cutoff, prevalence=prevalence) if baseline else None
    name = found.title(baseline) if baseline else ""
    left, right = st.columns(2, gap="medium")
    with left:
        figure = _roc(found, evidence, other, name)
        parts.figure(found, figure, "roc", title="Are cases put above controls?")
        parts.figure(found, _calibration(found, evidence), "calibration", title="Are the risks right?")
    with right:
        figure = _precision(found, evidence)
        parts.figure(found, figure, "precision_recall", title="How many alarms are right?")
        figure = _decision(found, evidence, other, name)
        parts.figure(found, figure, "decision_curve", title="Would acting on it do more good than harm?")
    _subgroups(found, evidence)


def focus(found: Found, models: list[str]) -> str:
    """Return the model in focus: the one chosen, else the one that claims are made of, else the last."""
    for name in (state.view(ModelsView).model, found.primary):
        if name in models:
            return name
    return models[-1]


def prevalence_in_force(found: Found) -> float:
    """Return the share of cases that the panels are drawn for: what the slider shows, or the study's own."""
    chosen = state.view(ModelsView).prevalence
    return round(max(chosen, SHARES[0]), 2) if chosen else study_share(found.result)


def _controls(found: Found, models: list[str]) -> tuple[str, float]:
    with st.container(border=True):
        left, middle, right = st.columns([3, 4, 5], gap="large")
        with left:
            model = str(
                state.bound(
                    "model",
                    st.selectbox,
                    "Model",
                    shown=focus(found, models),
                    options=models,
                    format_func=found.title,
                    help=HELP["model"],
                )
            )
        with middle:
            state.bound(
                "cutoff",
                st.slider,
                "Cut-off: called a case from this risk",
                min_value=0.01,
                max_value=0.99,
                step=0.01,
                format="percent",
                help=HELP["cutoff"],
            )
        with right:
            prevalence = _prevalence(found)
    return model, prevalence


def _prevalence(found: Found) -> float:
    """Draw the share of cases: a slider, and the marks of study and clinic."""
    study = study_share(found.result)
    case = plain(found.contrast[0])
    label = f"Share of {case} among those it would meet"
    state.bound(
        "prevalence",
        st.slider,
        label,
        shown=round(min(max(prevalence_in_force(found), SHARES[0]), SHARES[1]), 2),
        min_value=SHARES[0],
        max_value=SHARES[1],
        step=0.01,
        format="percent",
        help=HELP["prevalence"],
    )
    marks = {0.0: f"study {percent(study)}"} | {share: f"clinic {percent(share)}" for share in CLINIC}
    with st.container(horizontal=True, gap="small"):
        for share, words in marks.items():
            chosen = state.view(ModelsView).prevalence == share
            kind: Literal["secondary", "tertiary"] = "secondary" if chosen else "tertiary"
            if st.button(words, key=f"models.share.{share}", type=kind):
                state.look(prevalence=share)
                st.rerun(scope="fragment")
    return prevalence_in_force(found)


def _baseline(found: Found, model: str, models: list[str]) -> str:
    """Return the baseline drawn in grey beside the model."""
    available = found.result.models.loc[found.result.models["baseline"], "model"].tolist()
    wanted = state.view(ModelsView).versus
    return wanted if wanted in available and wanted in models and wanted != model else ""


def _said(found: Found, evidence: Evidence) -> None:
    """Say in words what the cut-off does at this share of cases, with intervals."""
    case, control = map(style.escape, found.contrast)
    table = evidence.confusion
    words = (
        f'<p class="trd-said">At a cut-off of <b>{percent(evidence.cutoff)}</b>, where '
        f"<b>{percent(evidence.prevalence)}</b> are "
        f"{case}: {percent(table.called)} of patients are called {case}, and "
        f"{_in_words(table.positive_predictive)} "
        f"of these are. {_in_words(table.sensitivity)} of {case} are found, "
        f"{_in_words(table.specificity)} of "
        f"{control} are left in peace; of those not called, {_in_words(table.negative_predictive)} are "
        f"{control}. "
        f'<span class="trd-small">95 % intervals; n = {number(table.n_cases)} and '
        f"{number(table.n_controls)}.</span></p>"
    )
    st.html(style.together(words))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        figure = _hundred(found, evidence)
        parts.figure(found, figure, "cut_off", title="What would the cut-off do to 100 patients?")
    with right:
        st.html(_confusion_table(found, table))
        charts.files(threshold_table(found, evidence), f"thresholds_{evidence.model}", found.provenance)


def _in_words(interval: Interval) -> str:
    if interval.value != interval.value:
        return "–"
    return f"<b>{percent(interval.value)}</b> ({percent(interval.lower)} to {percent(interval.upper)})"


def _confusion_table(found: Found, table: Confusion) -> str:
    case, control = found.contrast
    rows = [
        [f"called {case}", number(table.true_positive), number(table.false_positive)],
        ["not called", number(table.false_negative), number(table.true_negative)],
        ["all in the study", number(table.n_cases), number(table.n_controls)],
    ]
    return style.table(["Patients of the study", f"really {case}", f"really {control}"], rows)


def threshold_table(found: Found, evidence: Evidence) -> pd.DataFrame:
    """Return what every tenth cut-off would do at the share of cases on screen, with intervals."""
    rows = []
    # Risks are shifted from the study's share of cases, at which they are these.
    study = found.evidence(evidence.model, cutoff=0.5, prevalence=study_share(found.result)).risks
    for cutoff in sorted({*THRESHOLDS, round(evidence.cutoff, 2)}):
        table = confusion(study["y"], study["p"], cutoff=cutoff, prevalence=evidence.prevalence)
        row = {"cutoff": cutoff, "prevalence": evidence.prevalence, "called": table.called}
        row |= {"true_positive": table.true_positive, "false_positive": table.false_positive}
        row |= {"false_negative": table.false_negative, "true_negative": table.true_negative}
        for name in ("sensitivity", "specificity", "positive_predictive", "negative_predictive"):
            interval: Interval = getattr(table, name)
            row |= {name: interval.value, f"{name}_lower": interval.lower, f"{name}_upper": interval.upper}
        rows.append(row)
    return pd.DataFrame(rows)


def _n(evidence: Evidence) -> tuple[int, int]:
    return evidence.confusion.n_cases, evidence.confusion.n_controls


def _roc(found: Found, evidence: Evidence, other: Evidence | None, name: str) -> go.Figure:
    return roc_figure(
        evidence.roc,
        area=evidence.auc[:3],
        n=_n(evidence),
        point=(1 - evidence.confusion.specificity.value, evidence.confusion.sensitivity.value),
        groups=found.contrast,
        cutoff=evidence.cutoff,
        baseline=other.roc if other else None,
        baseline_name=f"{name}, AUC {interval_text(*other.auc[:3])}" if other else "",
        **charts.look(found.cohort),
    )


def _precision(found: Found, evidence: Evidence) -> go.Figure:
    return precision_recall_figure(
        evidence.precision_recall,
        area=evidence.average_precision[:3],
        point=(evidence.confusion.sensitivity.value, evidence.confusion.positive_predictive.value),
        prevalence=evidence.prevalence,
        case=found.contrast[0],
        cutoff=evidence.cutoff,
        n=_n(evidence),
        **charts.look(found.cohort),
    )


def _calibration(found: Found, evidence: Evidence) -> go.Figure:
    return calibration_figure(
        evidence.calibration,
        risks=evidence.risks,
        slope=evidence.recalibration.slope[:3],
        case=found.contrast[0],
        cutoff=evidence.cutoff,
        **charts.look(found.cohort),
    )


def _decision(found: Found, evidence: Evidence, other: Evidence | None, name: str) -> go.Figure:
    return decision_figure(
        evidence.decision,
        prevalence=evidence.prevalence,
        cutoff=evidence.cutoff,
        case=found.contrast[0],
        n=_n(evidence),
        baseline=other.decision if other else None,
        baseline_name=name,
        **charts.look(found.cohort),
    )


def _hundred(found: Found, evidence: Evidence) -> go.Figure:
    return cutoff_figure(
        prevalence=evidence.prevalence,
        sensitivity=evidence.confusion.sensitivity.value,
        specificity=evidence.confusion.specificity.value,
        groups=found.contrast,
        cutoff=evidence.cutoff,
        **charts.look(found.cohort),
    )


def _subgroups(found: Found, evidence: Evidence) -> None:
    figure = subgroup_forest(evidence.subgroups, overall=evidence.auc.value, **charts.look(found.cohort))
    parts.figure(found, figure, "subgroups", title="Does it hold in every subgroup?")
    st.caption(
        "Subgroups with fewer than 10 cases or 10 controls are not told. The dotted line is everybody. Risks "
        "are compared within the subgroup."
    )
    if len(evidence.subgroups):
        charts.files(evidence.subgroups, f"subgroups_{evidence.model}", found.provenance)
