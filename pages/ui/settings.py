"""The settings of an analysis: one panel, one specification, one button."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.cohort.cell_scores import score_name, scored_cells, with_scores
from core.cohort.model import Cohort
from core.de.check import check_spec
from core.de.design import Design, build_designs
from core.de.methods import METHODS, by_method
from core.errors import InputError
from core.spec import DESpec
from pages.ui import draft_panel, jobs_panel, problems, state, widgets
from pages.ui.format import plain

HELP = {
    "covariates": "Differences that these columns explain are taken out before the groups are compared. "
    "score: how much of a blood cell type a sample seems to hold, by its marker genes.",
    "scale": "Centres numbers, such as age, and divides them by their standard deviation for the fit. Off: "
    "they enter as they are, as in R's defaults. Where a gene is hard to fit, R's search may then stop "
    "short; such genes are named in a notice. Turn it off only to compare with a result from R.",
    "all_groups": "Fits the samples of every group together, as is usual in DESeq2. The spread of a gene is"
    " then estimated from more samples, and any two groups are compared without a new fit. "
    "Leave it off if one group varies much less or more than the others: p-values would be "
    "too small, or too large.",
    "min_count": "A gene counts as active in a sample from this count on.",
    "min_samples": "A gene is tested if it is active in this many samples. Automatic: the size of the "
    "smallest group that is fitted.",
    "alpha": "False discovery rate for which weakly expressed genes are left out (independent filtering).",
    "lfc_threshold": "Tests whether a difference is larger than this, not merely different from 0.",
    "winsorise": "Caps each gene's normalised counts at this quantile, so that single extreme patients "
    "cannot make a gene significant. Worth trying when a numeric covariate switches outlier handling off.",
    "method": "DESeq2 models counts; limma-trend models their logarithms, in seconds; Wilcoxon compares "
    "ranks and cannot adjust for anything. Where all three agree, the finding does not hang on the model.",
    "shrink": "Also computes fold changes pulled towards 0 where the data say little; good for ranking.",
}


def panel(digest: str, cohort: Cohort) -> None:
    """Draw the panel that changes and runs the analysis in force."""
    spec = state.spec()
    if spec is None:
        return

    def run(draft: DESpec) -> None:
        pressed = draft_panel.pressed(
            "Run analysis", name="settings", changed=draft != spec, results="the results below"
        )
        if pressed and start(digest, cohort, draft):
            st.rerun()

    draft_panel.draw(
        "Settings of the analysis",
        spec,
        name="settings",
        base=digest,
        fields=lambda draft: _fields(cohort, draft),
        run=run,
    )


def group_columns(cohort: Cohort) -> list[str]:
    """Return the metadata columns that can define groups: 2 to 20 levels, none unique to a sample."""
    metadata = cohort.metadata
    counts = {column: metadata[column].nunique(dropna=True) for column in metadata.columns}
    return [column for column, n in counts.items() if 2 <= n <= 20 and n < len(metadata)]


def levels(cohort: Cohort, column: str) -> list[str]:
    """Return the levels of a column as text, sorted."""
    return sorted(cohort.metadata[column].dropna().astype(str).unique())


def covariate_columns(cohort: Cohort, factor: str) -> list[str]:
    """Return the columns, and the cell scores, that can serve as covariates."""
    metadata, roles = cohort.metadata, cohort.roles
    usable = [c for c in metadata.columns if pd.api.types.is_numeric_dtype(metadata[c])]
    both = [*group_columns(cohort), *usable]
    columns = [c for c in metadata.columns if c in both and c not in (factor, roles.patient)]
    return columns + [score_name(cell) for cell in scored_cells(cohort)]


def _fields(cohort: Cohort, draft: DESpec) -> DESpec:
    left, middle, right = st.columns(3)
    with left:
        draft = contrast_fields(cohort, draft, prefix="settings")
    with middle:
        draft = _with_method(cohort, draft)
        draft = replace(draft, winsorise=_winsorise(draft))
    with right:
        draft = replace(draft, **_numbers(draft))
    return draft


def _with_method(cohort: Cohort, draft: DESpec) -> DESpec:
    """Draw the kind of test and what hangs on it; what the test cannot do is left out of the draft."""
    labels = {card.label: name for name, card in METHODS.items()}
    chosen = st.selectbox(
        "Test",
        list(labels),
        list(labels.values()).index(draft.method),
        help=HELP["method"],
        key="settings.method",
    )
    card, in_force = METHODS[labels[chosen]], state.spec() or draft
    if card.adjusts and not METHODS[draft.method].adjusts:
        draft = replace(draft, covariates=in_force.covariates)
    draft = by_method(draft, labels[chosen])
    if card.adjusts:
        draft = with_covariates(cohort, draft, prefix="settings")
        scale = st.checkbox("Scale numeric covariates", draft.scale, help=HELP["scale"], key="settings.scale")
        draft = replace(draft, scale=scale)
    else:
        names = plain(", ".join(in_force.covariates))
        lost = (
            f"{names} will not be taken into account" if names else "it compares two groups and nothing else"
        )
        st.caption(f":material/warning: {card.label} cannot adjust: {lost}.")
    shrink = card.shrinks and st.checkbox(
        "Shrunken fold changes", draft.shrink, help=HELP["shrink"], key="settings.shrink"
    )
    return replace(draft, shrink=shrink, all_groups=_all_groups(cohort, draft))


def _all_groups(cohort: Cohort, draft: DESpec) -> bool:
    """Draw the choice of what is fitted, where there are more than two groups."""
    n = len(levels(cohort, draft.factor)) if draft.factor in cohort.metadata else 0
    if n < 3 or not METHODS[draft.method].pools:
        return False
    return st.checkbox(
        f"One model of all {n} groups", draft.all_groups, help=HELP["all_groups"], key="settings.all_groups"
    )


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
    thresholds = METHODS[draft.method].thresholds
    threshold = widgets.number(
        "Test |log2FC| above",
        0.0,
        5.0,
        draft.lfc_threshold,
        0.1,
        "%.2f",
        help=HELP["lfc_threshold"],
        key="settings.lfc_threshold",
        disabled=not thresholds,
    )
    return {
        "min_count": int(min_count),
        "min_samples": None if min_samples is None else int(min_samples),
        "alpha": float(alpha),
        "lfc_threshold": float(threshold) if thresholds else 0.0,
    }


def design_of(cohort: Cohort, spec: DESpec) -> Design:
    """Return the design of an analysis, or raise with every reason why there is none."""
    return build_designs(with_scores(cohort, spec.covariates), spec)[0]


def start(digest: str, cohort: Cohort, draft: DESpec) -> bool:
    """Check an analysis, put it in force and start it; show what is wrong, and return False, otherwise."""
    try:
        check_spec(draft)
        design_of(cohort, draft)
    except InputError as error:
        problems.show_faults(error.faults)
        for title, table in error.tables.items():
            st.caption(plain(title))
            st.dataframe(table, width="content")
        return False
    state.analyse(draft)
    jobs_panel.start_analysis_if_absent(digest, draft)
    return True
