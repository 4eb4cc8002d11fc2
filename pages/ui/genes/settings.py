"""The settings of a comparison: one panel, one specification, one button."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pandas as pd
import streamlit as st

from core.cohort.model import Cohort
from core.cohort.samples.cell_scores import score_name, scored_cells
from core.de.kind import KIND
from core.de.methods import METHODS, by_method
from core.de.spec import DESpec
from core.spec import option_of
from pages.ui.frame import access, shown, state
from pages.ui.parts import draft_panel, option_widgets
from pages.ui.parts.format import plain

PREFIX = "settings"
OF_CONTRAST = ("factor", "case", "control")
OF_METHOD = ("method", "covariates", "scale", "shrink", "all_groups", "winsorise", "lfc_threshold")


def panel(digest: str, cohort: Cohort, *, drawn: DESpec | None = None) -> None:
    """Draw the panel that changes and runs the comparison in force; `drawn` is that of the results shown."""
    spec = state.spec()
    if spec is None:
        return
    draft_panel.draw(
        PREFIX,
        spec,
        title="Settings of the analysis",
        drawn=drawn,
        base=digest,
        fields=lambda draft: _fields(cohort, draft),
        run=lambda draft: start(digest, draft),
    )


def start(digest: str, draft: DESpec) -> bool:
    """Check a comparison, put it in force and start it; show what is wrong, and return False, otherwise."""
    return shown.start(KIND, access.at(digest), draft, put_in_force=state.analyse)


def compare_instead(digest: str, spec: DESpec, **changes: Any) -> None:
    """Start a comparison that differs from another one, and draw the page again."""
    if start(digest, replace(spec, **changes)):
        st.rerun()


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
        draft = contrast_fields(cohort, draft, prefix=PREFIX)
    with middle:
        draft = _with_method(cohort, draft)
        draft = replace(draft, winsorise=_winsorise(draft))
    with right:
        draft = option_widgets.draw_rest(draft, prefix=PREFIX, but=(*OF_CONTRAST, *OF_METHOD))
        thresholds = METHODS[draft.method].thresholds
        draft = option_widgets.draw(draft, "lfc_threshold", prefix=PREFIX, disabled=not thresholds)
    return draft


def _with_method(cohort: Cohort, draft: DESpec) -> DESpec:
    """Draw the kind of test and what hangs on it; what the test cannot do is left out of the draft."""
    labels: dict[str, str] = {name: card.label for name, card in METHODS.items()}
    chosen = option_widgets.draw(draft, "method", prefix=PREFIX, labels=labels).method
    card, in_force = METHODS[chosen], state.spec() or draft
    if card.adjusts and not METHODS[draft.method].adjusts:
        draft = replace(draft, covariates=in_force.covariates)
    draft = by_method(draft, chosen)
    if card.adjusts:
        draft = with_covariates(cohort, draft, prefix=PREFIX)
        draft = option_widgets.draw(draft, "scale", prefix=PREFIX)
    else:
        names = plain(", ".join(in_force.covariates))
        lost = (
            f"{names} will not be taken into account" if names else "it compares two groups and nothing else"
        )
        st.caption(f":material/warning: {card.label} cannot adjust: {lost}.")
    if card.shrinks:
        draft = option_widgets.draw(draft, "shrink", prefix=PREFIX)
    return _with_all_groups(cohort, draft)


def _with_all_groups(cohort: Cohort, draft: DESpec) -> DESpec:
    """Draw the choice of what is fitted, where there are more than two groups."""
    n = len(levels(cohort, draft.factor)) if draft.factor in cohort.metadata else 0
    if n < 3 or not METHODS[draft.method].pools:
        return replace(draft, all_groups=False)
    return option_widgets.draw(draft, "all_groups", prefix=PREFIX)


def contrast_fields(cohort: Cohort, draft: DESpec, *, prefix: str) -> DESpec:
    """Draw factor, case and control; return the draft with them."""
    columns = group_columns(cohort)
    if draft.factor not in columns:
        columns = [draft.factor, *columns]
    factor = st.selectbox(
        "Groups are in column", columns, columns.index(draft.factor), key=option_widgets.key(prefix, "factor")
    )
    choices = levels(cohort, factor) if factor in cohort.metadata else [draft.case, draft.control]
    case, control = (
        st.selectbox(
            label,
            choices,
            _position(choices, wanted, otherwise),
            key=option_widgets.key(prefix, f"{label.lower()}.{factor}"),
        )
        for label, wanted, otherwise in (("Case", draft.case, 0), ("Control", draft.control, 1))
    )
    return replace(draft, factor=factor, case=case, control=control)


def with_covariates(cohort: Cohort, draft: DESpec, *, prefix: str) -> DESpec:
    """Draw the choice of covariates; return the draft with them."""
    options = covariate_columns(cohort, draft.factor)
    offered = replace(draft, covariates=tuple(c for c in draft.covariates if c in options))
    named = {name: name for name in options}
    return option_widgets.draw(offered, "covariates", prefix=f"{prefix}.{draft.factor}", labels=named)


def _position(choices: list[str], wanted: str, otherwise: int) -> int:
    return choices.index(wanted) if wanted in choices else min(otherwise, len(choices) - 1)


def _winsorise(draft: DESpec) -> float | None:
    options: dict[str, float | None] = {"Off": None, "95 %": 0.95, "99 %": 0.99}
    if draft.winsorise not in options.values():
        options[f"{draft.winsorise:.1%}"] = draft.winsorise
    labels = list(options)
    said = option_of(next(f for f in fields(draft) if f.name == "winsorise"))
    index = list(options.values()).index(draft.winsorise)
    key = option_widgets.key(PREFIX, "winsorise")
    return options[st.selectbox(said.label, labels, index, help=said.help, key=key)]
