"""Every model beside every other: areas, differences from a baseline, and the table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.models.forest import area_forest, difference_forest
from core.figures.models.parts import interval_text, row_text
from pages.ui.frame import state
from pages.ui.models import parts
from pages.ui.models.evidence import focus
from pages.ui.models.results import Found
from pages.ui.models.view import ModelsView
from pages.ui.parts import charts, style
from pages.ui.parts.format import p_value, plain

COLUMNS = {
    "Model": "",
    "AUC": "Area under the ROC curve: the chance that a case has a higher predicted risk than a control; "
    "0.5 is a coin, 1 is perfect.",
    "Centre left out": "The AUC where each centre is predicted by the others.",
    "Gap": "AUC minus that with the centre left out; above 0, part of it is the centre.",
    "Brier": "Mean squared difference between predicted risk and what was: 0 is perfect.",
    "Brier skill": "How much of the Brier score of knowing only the share of cases is saved: 0 is nothing.",
    "Slope": "Calibration slope: 1 is right, below 1 risks are too extreme.",
    "In the large": "Calibration in the large, in log odds: 0 is right, above 0 risks are too low.",
}
KINDS = {"delta_auc": "AUC", "delta_brier": "Brier score"}


def draw(found: Found, models: list[str]) -> None:
    """Draw the comparison of all models."""
    st.subheader("Which model, and is it better than a simple one?")
    left, right = st.columns(2, gap="medium")
    rows = found.table[found.table["model"].isin(models)]
    with left:
        _areas(found, rows, models)
    with right:
        _differences(found, models)
    st.html(_table(rows))
    st.caption(
        "Each value with its 95 % interval; one out-of-fold prediction per patient, the same patients."
    )
    charts.files(rows, "models", found.provenance)
    _not_available(found)


def _areas(found: Found, rows: pd.DataFrame, models: list[str]) -> None:
    run = found.result.run
    figure = area_forest(
        rows, n=run.n_case + run.n_control, focus=focus(found, models), **charts.look(found.cohort)
    )
    title = "All models, in patients and in centres they had not seen"
    parts.figure(found, figure, "areas", title=title)


def _differences(found: Found, models: list[str]) -> None:
    table = found.table
    baselines = table.loc[table["baseline"] & table["model"].isin(models), "model"].tolist()
    if not baselines:
        st.info("No baseline was evaluated, so there is nothing to compare with.")
        return
    if state.view(ModelsView).versus not in baselines:
        state.look(versus=baselines[-1])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {name: found.title(name) for name in baselines}
        baseline = state.choice("versus", "Compared with", titles, widget=st.selectbox)
        value = state.choice("gain", "By", KINDS)
    part = found.against[(found.against["baseline"] == baseline) & found.against["model"].isin(models)]
    better = "above 0 is better" if value == "delta_auc" else "below 0 is better"
    figure = difference_forest(
        part.assign(label=[found.title(model) for model in part["model"]]),
        value=value,
        axis=f"{KINDS[value]} minus that of {found.title(baseline)} ({better})",
        better=better,
        **charts.look(found.cohort),
    )
    parts.figure(found, figure, "differences")
    with st.expander("Differences as a table"):
        rows = [
            [
                found.title(row["model"]),
                row_text(row, "delta_auc", 2),
                p_value(float(row["delta_auc_pvalue"])),
                row_text(row, "delta_brier", 3),
                p_value(float(row["delta_brier_pvalue"])),
            ]
            for _, row in part.iterrows()
        ]
        st.html(style.table(["Model", "ΔAUC", "p", "ΔBrier", "p"], rows))
        st.caption(
            f"Paired on the same patients, against {plain(found.title(baseline))}. DeLong test for AUC."
        )


def _table(rows: pd.DataFrame) -> str:
    cells = [
        [
            row["title"],
            row_text(row, "auc", 2),
            row_text(row, "centre_auc", 2),
            interval_text(float(row["gap"]), float("nan"), float("nan")),
            row_text(row, "brier", 3),
            row_text(row, "brier_skill", 2),
            row_text(row, "calibration_slope", 2),
            row_text(row, "calibration_in_the_large", 2),
        ]
        for _, row in rows.iterrows()
    ]
    return style.table(list(COLUMNS), cells, hints=COLUMNS)


def _not_available(found: Found) -> None:
    missing = found.result.models[~found.result.models["available"].astype(bool)]
    for _, row in missing.iterrows():
        st.caption(f"{plain(row['title'])} was not evaluated: {plain(row['not_available_reason'])}")
