"""The settings of an analysis: one panel, one specification, one button."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.cohort.model import Cohort
from core.de.check import check_spec
from core.de.design import build_design
from core.errors import InputError
from core.spec import DESpec
from pages.ui import jobs_panel, problems, state, widgets
from pages.ui.format import plain

DRAFT = "settings.draft"
HELP = {
    "covariates": "Differences that these columns explain are taken out before the groups are compared. "
    "Numbers are centred and scaled for the fit.",
    "min_count": "A gene counts as active in a sample from this count on.",
    "min_samples": "A gene is tested if it is active in this many samples. "
    "Automatic: the size of the smaller group.",
    "alpha": "False discovery rate for which weakly expressed genes are left out (independent filtering).",
    "lfc_threshold": "Tests whether a difference is larger than this, not merely different from 0.",
    "winsorise": "Caps each gene's normalised counts at this quantile, so that single extreme patients "
    "cannot make a gene significant. Worth trying when a numeric covariate switches outlier handling off.",
    "shrink": "Also computes fold changes pulled towards 0 where the data say little; good for ranking.",
}


def panel(digest: str, cohort: Cohort) -> None:
    """Draw the panel that changes and runs the analysis in force."""
    spec = state.spec()
    if spec is None:
        return
    draft: DESpec = st.session_state.get(DRAFT) or spec
    if st.session_state.get("settings.base") != (digest, spec):
        draft = spec
    st.session_state["settings.base"] = (digest, spec)
    changed = draft != spec
    label = "Settings of the analysis" + (" · changed, results are from before" if changed else "")
    with st.expander(label, icon=":material/tune:", expanded=changed):
        draft = _fields(cohort, draft)
        st.session_state[DRAFT] = draft
        if (draft != spec) != changed:
            st.rerun()  # the panel's own label was drawn before the fields were read
        _run_row(digest, cohort, draft, spec)


def group_columns(cohort: Cohort) -> list[str]:
    """Return the metadata columns that can define groups: 2 to 20 levels, none unique to a sample."""
    metadata = cohort.metadata
    counts = {column: metadata[column].nunique(dropna=True) for column in metadata.columns}
    return [column for column, n in counts.items() if 2 <= n <= 20 and n < len(metadata)]


def levels(cohort: Cohort, column: str) -> list[str]:
    """Return the levels of a column as text, sorted."""
    return sorted(cohort.metadata[column].dropna().astype(str).unique())


def covariate_columns(cohort: Cohort, factor: str) -> list[str]:
    """Return the columns that can serve as covariates."""
    metadata, roles = cohort.metadata, cohort.roles
    usable = [c for c in metadata.columns if pd.api.types.is_numeric_dtype(metadata[c])]
    both = [*group_columns(cohort), *usable]
    return [c for c in metadata.columns if c in both and c not in (factor, roles.patient)]


def _fields(cohort: Cohort, draft: DESpec) -> DESpec:
    left, middle, right = st.columns(3)
    with left:
        draft = contrast_fields(cohort, draft, prefix="settings")
    with middle:
        draft = with_covariates(cohort, draft, prefix="settings")
        draft = replace(draft, winsorise=_winsorise(draft))
        draft = replace(
            draft,
            shrink=st.checkbox(
                "Shrunken fold changes", draft.shrink, help=HELP["shrink"], key="settings.shrink"
            ),
        )
    with right:
        draft = replace(draft, **_numbers(draft))
    return draft


def contrast_fields(cohort: Cohort, draft: DESpec, *, prefix: str) -> DESpec:
    """Draw factor, case and control; return the draft with them."""
    columns = group_columns(cohort)
    if draft.factor not in columns:
        columns = [draft.factor, *columns]
    factor = st.selectbox(
        "Groups are in column", columns, columns.index(draft.factor), key=f"{prefix}.factor"
    )
    choices = levels(cohort, factor) if factor in cohort.metadata else [draft.case, draft.control]
    case = st.selectbox("Case", choices, _position(choices, draft.case, 0), key=f"{prefix}.case.{factor}")
    control = st.selectbox(
        "Control", choices, _position(choices, draft.control, 1), key=f"{prefix}.control.{factor}"
    )
    return replace(draft, factor=factor, case=case, control=control)


def with_covariates(cohort: Cohort, draft: DESpec, *, prefix: str) -> DESpec:
    """Draw the choice of covariates; return the draft with them."""
    options = covariate_columns(cohort, draft.factor)
    chosen = [c for c in draft.covariates if c in options]
    picked = st.multiselect(
        "Adjust for", options, chosen, help=HELP["covariates"], key=f"{prefix}.covariates.{draft.factor}"
    )
    return replace(draft, covariates=tuple(picked))


def _position(choices: list[str], wanted: str, otherwise: int) -> int:
    return choices.index(wanted) if wanted in choices else min(otherwise, len(choices) - 1)


def _winsorise(draft: DESpec) -> float | None:
    options: dict[str, float | None] = {"Off": None, "95 %": 0.95, "99 %": 0.99}
    if draft.winsorise not in options.values():
        options[f"{draft.winsorise:.1%}"] = draft.winsorise
    labels = list(options)
    chosen = st.selectbox(
        "Winsorise counts",
        labels,
        list(options.values()).index(draft.winsorise),
        help=HELP["winsorise"],
        key="settings.winsorise",
    )
    return options[chosen]


def _numbers(draft: DESpec) -> dict[str, Any]:
    min_count = widgets.number(
        "Smallest count", 0, None, draft.min_count, help=HELP["min_count"], key="settings.min_count"
    )
    min_samples = widgets.number(
        "in at least so many samples",
        0,
        None,
        draft.min_samples,
        placeholder="automatic",
        help=HELP["min_samples"],
        key="settings.min_samples",
    )
    alpha = widgets.number(
        "False discovery rate",
        0.001,
        0.5,
        draft.alpha,
        0.01,
        "%.3f",
        help=HELP["alpha"],
        key="settings.alpha",
    )
    threshold = widgets.number(
        "Test |log2FC| above",
        0.0,
        5.0,
        draft.lfc_threshold,
        0.1,
        "%.2f",
        help=HELP["lfc_threshold"],
        key="settings.lfc_threshold",
    )
    return {
        "min_count": int(min_count),
        "min_samples": None if min_samples is None else int(min_samples),
        "alpha": float(alpha),
        "lfc_threshold": float(threshold),
    }


def _run_row(digest: str, cohort: Cohort, draft: DESpec, spec: DESpec) -> None:
    left, right = st.columns([1, 4], vertical_alignment="center")
    pressed = left.button(
        "Run analysis", type="primary", disabled=draft == spec, key="settings.run", width="stretch"
    )
    if draft == spec:
        right.caption("These are the settings of the results below.")
    else:
        right.caption("Settings changed; the results below are from before.")
    if pressed and start(digest, cohort, draft):
        st.rerun()


def start(digest: str, cohort: Cohort, draft: DESpec) -> bool:
    """Check an analysis, put it in force and start it; show what is wrong, and return False, otherwise."""
    try:
        check_spec(draft)
        build_design(cohort.metadata, draft)
    except InputError as error:
        problems.show_faults(error.faults)
        for title, table in error.tables.items():
            st.caption(plain(title))
            st.dataframe(table, width="content")
        return False
    state.analyse(draft)
    jobs_panel.start_analysis_if_absent(digest, draft)
    return True
