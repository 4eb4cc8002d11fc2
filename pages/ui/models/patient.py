"""One patient's prediction, explained with its spread over refits; nobody is named."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.models.drivers import patient_figure, spread_figure
from core.figures.models.parts import interval_text
from core.models.metrics.base import shift_prevalence
from core.models.reading.evidence import PatientView, pseudonyms, study_share, view_patient
from core.models.result import REST
from pages.ui.frame import problems, state
from pages.ui.models import parts
from pages.ui.models.evidence import focus, prevalence_in_force
from pages.ui.models.results import Found
from pages.ui.models.view import ModelsView
from pages.ui.parts import charts, style
from pages.ui.parts.format import percent, plain

MOST = 12


@problems.fragment
def explore(found: Found, models: list[str]) -> None:
    """Draw the choice of a patient by number, and what moved the prediction."""
    st.subheader("Why this prediction?")
    explained = set(found.result.contributions["model"])
    usable = [name for name in models if name in explained]
    if not usable:
        st.caption("No model of this evaluation can be taken apart for single patients.")
        return
    model = focus(found, usable)
    numbers = pseudonyms(found.result)
    number = _choose(len(numbers))
    patient = view_patient(found.result, model, number)
    if patient is None:
        st.info("This patient has no prediction of this model.")
        return
    study, target = study_share(found.result), prevalence_in_force(found)
    risks = patient.risks.copy()
    risks[:] = shift_prevalence(patient.risks, study=study, target=target)
    pooled = float(shift_prevalence(patient.pooled, study=study, target=target))
    _words(found, model, patient, risks=risks, pooled=pooled)
    _spread(found, risks, pooled)
    _reasons(found, model, patient)


def _choose(n: int) -> int:
    """Draw the number of the patient; numbers are drawn by lot, so that they tell nothing."""
    number = min(max(state.view(ModelsView).patient_number, 1), n)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        limits = {"min_value": 1, "max_value": n}
        label = f"Patient, 1 to {n}"
        chosen = state.bound("patient_number", st.number_input, label, shown=number, **limits, width=180)
        st.caption(
            "Numbers are drawn by lot from the data's content; no identifier is shown or put in the link."
        )
    return int(chosen)


def _words(found: Found, model: str, patient: PatientView, *, risks: pd.Series, pooled: float) -> None:
    case, control = found.contrast
    called = case if pooled >= state.view(ModelsView).cutoff else control
    words = (
        f"**Patient {patient.number}**, in the study {plain(case if patient.y else control)}: "
        f"the model “{plain(found.title(model))}” gives a risk of **{percent(pooled)}**, from "
        f"{percent(risks.min())} to {percent(risks.max())} over {len(risks)} refits that had not seen this "
        f"patient; the cut-off {percent(state.view(ModelsView).cutoff)} calls {plain(called)}."
    )
    st.markdown(style.together(words))


def _spread(found: Found, risks: pd.Series, pooled: float) -> None:
    figure = spread_figure(
        risks,
        pooled=pooled,
        cutoff=state.view(ModelsView).cutoff,
        case=found.contrast[0],
        **charts.look(found.cohort),
    )
    parts.figure(found, figure, "patient_spread")


def _reasons(found: Found, model: str, patient: PatientView) -> None:
    chosen = found.result.selection
    symbols = chosen[chosen["model"] == model].set_index("feature")["symbol"].to_dict()
    if patient.reasons.empty:
        st.caption("The predictions of this model cannot be taken apart; another model in focus can.")
        return
    rows = patient.reasons
    named = rows[rows["feature"] != REST].head(MOST)
    drawn = rows[rows["feature"].isin({*named["feature"], REST})]
    labels = [symbols.get(feature) or feature for feature in drawn["feature"]]
    figure = patient_figure(
        drawn.assign(label=labels),
        case=found.contrast[0],
        repeats=len(patient.risks),
        **charts.look(found.cohort),
    )
    parts.figure(found, figure, "patient", title="What moved it")
    largest = drawn.iloc[0]
    st.caption(
        f"Largest: {plain(labels[0])}, "
        f"{interval_text(largest['mean'], largest['low'], largest['high'])} log odds (range over "
        "refits). What moved the model is not what caused the illness."
    )
