"""Cell composition by group: what was measured first, marker scores otherwise."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.cohort.model import Cohort
from core.cohort.samples.balance import standardised_difference
from core.cohort.samples.cell_scores import SCORES_ARE, composition_covariates, measured_cells
from core.cohort.samples.profile import Profile
from core.de.design.build import Design
from core.de.spec import DESpec
from core.export.provenance import Provenance
from core.figures.house.forest import forest
from core.figures.house.theme import plain as as_drawn
from pages.ui.cohort.comparison import GroupComparison
from pages.ui.genes import settings as gene_settings
from pages.ui.parts import charts
from pages.ui.parts.format import enumeration, plain

SCORED = " (score)"


def draw(comparison: GroupComparison, profile: Profile, provenance: Provenance) -> None:
    """Draw how the groups differ in their blood cells."""
    digest, cohort, spec = comparison.digest, comparison.cohort, comparison.spec
    st.subheader("Do the groups differ in their blood cells?")
    rows = differences(cohort, spec, comparison.design, profile)
    if rows.empty:
        st.info(
            "No blood cells were counted, and too few marker genes are expressed to score any.",
            icon=":material/info:",
        )
        return
    left, right = st.columns([11, 10], gap="medium")
    with left:
        figure = forest(
            rows,
            x_title=_axis(comparison, spec),
            what=f"Difference of cell types between {spec.case} and {spec.control}",
            **charts.look(cohort),
        )
        charts.offer(figure, "cohort.cells", "blood_cells", replace(provenance, contrast=comparison.contrast))
    with right:
        st.markdown(sentence(rows, spec))
        st.caption(SCORES_ARE)
        _adjust(digest, cohort, spec)


def _axis(comparison: GroupComparison, spec: DESpec) -> str:
    case, control = (
        f"{as_drawn(group)} (n = {comparison.design.n_in(group)})" for group in (spec.case, spec.control)
    )
    return f"standardised difference,<br>{case}<br>minus {control}"


def differences(cohort: Cohort, spec: DESpec, design: Design, profile: Profile) -> pd.DataFrame:
    """Return the standardised difference of each cell type, measured ones first."""
    measured = cohort.metadata[measured_cells(cohort.metadata)]
    scores = profile.scores.rename(columns=lambda cell: f"{cell}{SCORED}")
    cells = pd.concat([measured, scores], axis=1).iloc[design.positions]
    rows = []
    for name in map(str, cells):
        in_case = (design.groups == spec.case).to_numpy()
        found = standardised_difference(cells.loc[in_case, name], cells.loc[~in_case, name])
        n = int(cells[name].notna().sum())
        rows.append(
            {"label": str(name), "estimate": found.value, "low": found.low, "high": found.high, "n": n}
        )
    return pd.DataFrame(rows, columns=["label", "estimate", "low", "high", "n"])


def sentence(rows: pd.DataFrame, spec: DESpec) -> str:
    """Say which cell types differ clearly, as Markdown."""
    clear = rows[(rows["low"] > 0) | (rows["high"] < 0)]
    if clear.empty:
        return "No cell type differs clearly: every interval includes no difference."
    names = clear["label"].str.removesuffix(SCORED)
    higher = [plain(name) for name in names[clear["estimate"] > 0]]
    lower = [plain(name) for name in names[clear["estimate"] < 0]]
    parts = [f"higher in {plain(spec.case)}: {enumeration(higher)}"] if higher else []
    parts += [f"lower: {enumeration(lower)}"] if lower else []
    text = "; ".join(parts)
    return (
        f"**{len(clear)} of {len(rows)}** differ clearly. {text[:1].upper()}{text[1:]}. Blood is a mixture: "
        "such a shift moves the expression of thousands of genes without any cell changing its own."
    )


def _adjust(digest: str, cohort: Cohort, spec: DESpec) -> None:
    """Offer to adjust the comparison for composition, or to stop doing so."""
    cells = composition_covariates(cohort)
    missing = [name for name in cells if name not in spec.covariates]
    if spec.method == "wilcoxon":
        st.caption("The Wilcoxon test in force cannot adjust for composition.")
    elif missing and st.button("Adjust the comparison for blood cells", key="cohort.adjust"):
        gene_settings.compare_instead(digest, spec, covariates=(*spec.covariates, *missing))
    elif not missing and st.button("Stop adjusting for blood cells", key="cohort.unadjust"):
        others = tuple(name for name in spec.covariates if name not in cells)
        gene_settings.compare_instead(digest, spec, covariates=others)
