"""The model ladder on screen: all genes, one gene, the themes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd
import streamlit as st

from core.cohort.samples.cell_scores import PREFIX
from core.figures.house.intervals import fold_change_interval
from core.figures.robustness.ladder import ladder_counts, theme_ladder
from core.pathways.sets.themes import BLOOD_IS_NOT_BRAIN
from core.robustness.ladder.run import KIND, Ladder, LadderSpec, Rung
from core.robustness.ladder.steps import LeftOut, Step
from core.robustness.ladder.summary import Stability, gene_rungs, overlap, rung_counts, theme_stability
from core.robustness.ladder.words import cells_sentence, survivors
from pages.ui.frame import basket, footing, problems, site, state
from pages.ui.frame.shown import Shown, button, is_running
from pages.ui.genes.results import Comparison
from pages.ui.parts import charts, style
from pages.ui.parts.format import about, enumeration, number, p_value, percent, plain, signed
from pages.ui.robustness import results as found

Climbed = Shown[LadderSpec, Ladder]
NO_BREAK = "\u00a0"
CAVEATS = (
    "Adjusting is no proof. It can take too little (scores measure cells with error; what was not recorded "
    "cannot be adjusted for) and too much (if the illness itself moves cells or weight, their share of its "
    "effect goes too). Each rung tests all genes anew, and a rung that loses samples also loses power."
)


def answer(shown: Comparison) -> str:
    """Say what is left of the finding, or that nobody has looked yet."""
    ladder = found.ladder(shown.digest, shown.result.spec)
    if ladder is None:
        return (
            "Not known yet: the comparison has not been refitted with other covariates. The check "
            "“Adjustment” does that, from no adjustment to all that the metadata hold."
        )
    view = state.view()
    cells = cells_sentence(ladder, alpha=view.padj, min_lfc=view.lfc)
    return f"{style.escape(cells)} {style.escape(survivors(ladder, alpha=view.padj, min_lfc=view.lfc))}"


def section(shown: Comparison) -> None:
    """Draw the ladder, or offer to compute it."""
    climbed = found.climbed(shown.digest, shown.result.spec)
    if climbed is None:
        _offer(shown)
        return
    footing.tell(climbed.made)
    ladder = climbed.result
    left, right = st.columns([11, 9], gap="large")
    with left:
        _counts(climbed)
    with right:
        st.subheader("What was adjusted for?")
        st.html(style.table(["Rung", "Columns added"], _added(ladder.rungs)))
        _reasons(ladder.left_out)
        _open_rung(ladder)
    _overlap(climbed)
    _gene(climbed)
    _themes(climbed)
    st.caption(CAVEATS)


def _offer(shown: Comparison) -> None:
    at, spec = found.start_of(shown), state.chosen(KIND)
    if is_running(KIND, at, spec):
        return
    plan = found.plan(shown.digest, shown.result.spec)
    st.markdown("**What would be adjusted for, one after the other**")
    st.html(style.table(["Rung", "Columns"], _added(plan.steps)))
    _reasons(plan.left_out)
    time = about(KIND.seconds(at, spec))
    hint = f"Takes {time}."
    button(KIND, at, spec, "Climb the ladder", type="primary", key="ladder.start", help=hint)
    st.caption(
        f"{len(plan.steps)} comparisons, {time} in the background. Each is kept as an ordinary comparison, "
        "which the Genes page then opens at once."
    )


def _counts(climbed: Climbed) -> None:
    view = state.view()
    ladder = climbed.result
    counts = rung_counts(ladder, alpha=view.padj, min_lfc=view.lfc)
    st.subheader("How many genes remain?")
    figure = ladder_counts(counts, alpha=view.padj, **_look(climbed))
    charts.offer(figure, "ladder.counts", "ladder", climbed.provenance, table=counts)


def _added(rungs: Iterable[Step | Rung]) -> list[list[str]]:
    return [[rung.label, column_names(rung.added) or "the groups alone"] for rung in rungs]


def column_names(columns: tuple[str, ...]) -> str:
    """Return names of covariates for reading: cell scores by the cell alone."""
    cells = [name.removeprefix(PREFIX) for name in columns if name.startswith(PREFIX)]
    others = [name for name in columns if not name.startswith(PREFIX)]
    return ", ".join([*others, *([f"scores of {enumeration(cells)}"] if cells else [])])


def _open_rung(ladder: Ladder) -> None:
    """Offer each rung as an ordinary comparison on the Genes page."""
    with st.popover("Open a rung on the Genes page", icon=":material/scatter_plot:"):
        for number_, rung in enumerate(ladder.rungs):
            if st.button(plain(rung.label), key=f"ladder.open.{number_}", type="tertiary"):
                state.analyse(ladder.rung_spec(number_))
                site.go_to("genes")


def _overlap(climbed: Climbed) -> None:
    view = state.view()
    shared = overlap(climbed.result, alpha=view.padj, min_lfc=view.lfc)
    st.subheader("Are they the same genes?")
    rows = [
        [str(label), *(_shared(row, other, label) for other in shared.columns)]
        for label, row in shared.iterrows()
    ]
    st.html(style.table(["Of those at rung …", *map(str, shared.columns)], rows))
    st.caption(
        "Genes significant at both rungs and in the same direction, and their share of those in the row."
    )
    out = shared.rename_axis("rung").reset_index()
    charts.files(out, "ladder_overlap", climbed.provenance)


def _shared(row: pd.Series, other: str, label: object) -> str:
    n, total = int(row[other]), int(row[str(label)])
    share = percent(n / total).replace(" ", NO_BREAK) if total else ""
    return number(n) if other == label or not share else f"{number(n)} ({share})"


def _reasons(left_out: Iterable[LeftOut]) -> None:
    for one in left_out:
        st.caption(f"Not adjusted for **{plain(one.column or one.step)}**: {plain(one.reason)}.")


@problems.fragment
def _gene(climbed: Climbed) -> None:
    st.subheader("And one gene?")
    ladder = climbed.result
    genes = list(dict.fromkeys(g for g in (state.view().gene, *state.view().basket) if g))
    if not genes:
        genes = ladder.genes.nsmallest(6, f"p_{len(ladder.rungs) - 1}")["gene"].tolist()
        st.caption("No gene is in focus and the basket is empty; these have the smallest p at the last rung.")
    if not genes:
        return
    symbols = {gene: basket.symbol_of(climbed.digest, gene) for gene in genes}
    gene_figure(climbed, state.choice("ladder_gene", "Gene", symbols))


def gene_figure(climbed: Climbed, gene: str) -> None:
    """Draw one gene's fold change at each rung, with what it says."""
    stability = gene_rungs(climbed.result, gene, alpha=state.view().padj)
    name = basket.symbol_of(climbed.digest, gene)
    if stability is None:
        st.info(f"{plain(name)} was not tested, so it has no ladder.", icon=":material/info:")
        return
    st.markdown(gene_sentence(stability, name))
    figure = fold_change_interval(stability.rows, **_look(climbed))
    charts.offer(figure, f"ladder.{gene}", f"{name}_ladder", climbed.provenance, table=stability.rows)


def strip(shown: Comparison, gene: str) -> None:
    """Draw, on another page, how one gene fares along the ladder, or where that can be had."""
    climbed = found.climbed(shown.digest, shown.result.spec)
    st.subheader("Would it survive adjustment?")
    if climbed is not None:
        gene_figure(climbed, gene)
        return
    st.caption("This comparison has not been refitted with other covariates yet.")
    if st.button("Go to the model ladder", icon=":material/shield:", key="ladder.go"):
        state.look(check="ladder")
        site.go_to("robustness")


def theme_line(shown: Comparison, theme: str) -> str:
    """Return, as HTML, how a theme's difference fares along the ladder; "" where nobody has looked."""
    ladder = found.ladder(shown.digest, shown.result.spec)
    rows = None if ladder is None else theme_stability(ladder)
    part = None if rows is None else rows[rows["theme"] == theme]
    if part is None or part.empty:
        return ""
    first, last = part.iloc[0], part.iloc[-1]
    return (
        f'<div class="trd-small trd-gap">Along the ladder of adjustments, whose unit is fixed before any of '
        f"them: {_interval(first)} not adjusted, {_interval(last)} with all adjustment.</div>"
    )


def _interval(row: pd.Series) -> str:
    return f"{signed(row['difference'])} ({signed(row['lower'])} to {signed(row['upper'])})"


def _look(climbed: Climbed) -> dict[str, Any]:
    spec = climbed.result.spec
    return {"contrast": (spec.case, spec.control), **charts.look(climbed.result)}


def gene_sentence(stability: Stability, name: str) -> str:
    """Say whether a gene keeps its direction, its size and its significance along the ladder."""
    rows = stability.rows[stability.rows["estimate"].notna()]
    last = rows.iloc[-1]
    sign = (
        "keeps its direction at every rung" if stability.same_sign else "**changes its direction** on the way"
    )
    size = last["attenuation"]
    fate = (
        f"{'smaller' if size > 0 else 'larger'} by {percent(abs(size))}" if abs(size) >= 0.005 else "as large"
    )
    n = int((rows["padj"] < state.view().padj).sum())
    extent = (
        "significant at every rung"
        if stability.always_significant
        else f"significant at {n or 'none'} of {len(rows)} rungs"
    )
    p = "no adjusted p" if math.isnan(last["padj"]) else f"adjusted p = {p_value(last['padj'])}"
    interval = f"95 % interval {signed(last['low'])} to {signed(last['high'])}"
    return (
        f"**{plain(name)}** {sign}; with all adjustment its log2 fold change is {fate} "
        f"({signed(rows.iloc[0]['estimate'])} → {signed(last['estimate'])}, {interval}, {p}); it is {extent}."
    )


def _themes(climbed: Climbed) -> None:
    st.subheader("And the themes?")
    rows = theme_stability(climbed.result)
    if rows.empty:
        st.caption("No theme could be scored: too few genes have a symbol.")
        return
    figure = theme_ladder(rows, **_look(climbed))
    header = ["Theme", "Not adjusted", "All adjustment", "Gone by adjustment", "Direction"]
    st.html(style.table(header, _theme_rows(rows)))
    st.caption(
        "Difference of the mean score of a theme's gene sets, in standard deviations between patients of one "
        f"group, with its 95 % interval. {BLOOD_IS_NOT_BRAIN}"
    )
    charts.offer(
        figure, "ladder.themes", "ladder_themes", climbed.provenance, table=rows.drop(columns="sub_theme")
    )


def _theme_rows(rows: pd.DataFrame) -> list[list[str]]:
    listed = []
    for theme, part in rows.groupby("theme", sort=False):
        first, last = part.iloc[0], part.iloc[-1]
        keeps = "same at every rung" if first["same_sign"] else "changes"
        attenuation = f"{100 * last['attenuation']:.0f} %".replace("-", "−")
        listed.append([str(theme), _interval(first), _interval(last), attenuation, keeps])
    return listed
