"""Centres and sexes on screen."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.export.provenance import Provenance
from core.figures.robustness.centres import direction_forest
from core.robustness.null.random_parts import RANDOM_PARTS
from core.robustness.subgroups.run import KIND, Subgroups
from core.robustness.subgroups.words import centres_sentence, sex_sentence
from pages.ui.frame import access, footing, state
from pages.ui.frame.shown import button, is_running
from pages.ui.genes.results import Comparison
from pages.ui.parts import charts, style, tables
from pages.ui.parts.format import number, p_value, percent, plain, signed
from pages.ui.robustness.results import start_of

LISTED = 10


def section(shown: Comparison) -> None:
    """Draw what parts of the cohort say, or offer to compute it."""
    made = access.made(KIND, start_of(shown), state.chosen(KIND))
    if made is None:
        _offer(shown)
        return
    footing.tell(made)
    provenance = access.provenance(made)
    _centres(shown, made.result, provenance)
    _sexes(made.result, provenance)
    st.caption(
        "By limma-trend, with the covariates of the comparison, whatever its own test: each part is a "
        "comparison of its own, which takes DESeq2 minutes."
    )


def _offer(shown: Comparison) -> None:
    at, spec = start_of(shown), state.chosen(KIND)
    if is_running(KIND, at, spec):
        return
    st.subheader("Is it the same in every centre, and in both sexes?")
    st.markdown(
        "Each centre is left out in turn and compared with the others; then it is asked whether the "
        "difference depends on sex. It takes less than half a minute in the background."
    )
    button(KIND, at, spec, "Compare the parts", type="primary", key="subgroups.start")


def _centres(shown: Comparison, found: Subgroups, provenance: Provenance) -> None:
    st.subheader("Does one centre carry it?")
    st.markdown(plain(centres_sentence(found)))
    rows = found.centres
    if rows.empty:
        return
    shares = [found.same_direction(row) for _, row in rows.iterrows()]
    drawn = rows.assign(
        label=rows["centre"],
        estimate=[share.value for share in shares],
        low=[share.low for share in shares],
        high=[share.high for share in shares],
        n=rows["n_case"] + rows["n_control"],
    )
    left, right = st.columns([11, 9], gap="large")
    with left:
        figure = direction_forest(drawn, n_parts=RANDOM_PARTS, **charts.look(shown.cohort))
        charts.offer(figure, "centres", "centres", provenance)
    with right:
        st.caption(
            "Significant without it: genes significant when all other centres are compared. Same direction: "
            "of those, the genes that point the same way in this centre alone, with 95 % interval. "
            f"Random parts: the share in {RANDOM_PARTS} parts of the same size, drawn from all centres "
            "(nine in ten of them). Genes move together, so the interval is too narrow, and random parts are "
            "the better measure. r: correlation of the log2 fold changes."
        )
    header = ["Centre", f"{plain(found.spec.case)} + {plain(found.spec.control)}", "Significant without it"]
    header += ["Same direction in it", "Random parts", "r"]
    st.html(style.table(header, [_centre_row(row, found) for _, row in rows.iterrows()]))
    charts.files(rows, "centres", provenance)


def _centre_row(row: pd.Series, found: Subgroups) -> list[str]:
    sizes = f"{row['n_case']} + {row['n_control']}".replace(" ", style.SPACE)
    centre = str(row["centre"]).replace(" ", style.SPACE)
    if row["reason"]:
        return [centre, sizes, "–", str(row["reason"]), "–", "–"]
    share = found.same_direction(row)
    agreement = f"{percent(share.value)} ({percent(share.low)} to {percent(share.high)})" if share.n else "–"
    low, high = row["expected_low"], row["expected_high"]
    expected = f"{percent(low)} to {percent(high)}" if low == low else "–"
    return [centre, sizes, number(row["n_without"]), agreement, expected, f"{row['correlation']:.2f}"]


def _sexes(found: Subgroups, provenance: Provenance) -> None:
    st.subheader("Does it depend on sex?")
    st.markdown(plain(sex_sentence(found)))
    if found.sexes.empty:
        return
    names = list(found.sex_counts)
    top = found.sexes.nsmallest(LISTED, "pvalue")
    half = 1.96 * top["se"]
    interval = tables.spans(top["difference"] - half, top["difference"] + half)
    columns = {
        "Gene": tables.names(top),
        **{f"log2FC, {name}": top[f"lfc_{name}"].map(signed) for name in names},
        "Difference (95 %)": top["difference"].map(signed) + " (" + interval + ")",
        "p": top["pvalue"].map(p_value),
        "Adjusted p": top["padj"].map(p_value),
    }
    st.html(style.columns(columns))
    st.caption(
        f"Difference: {plain(names[1])} minus {plain(names[0])}; its test is the interaction of group and "
        "sex, over all samples. That a gene is significant in one sex and not in the other is no evidence "
        "of a difference between them, so no such lists are made."
    )
    charts.files(found.sexes, "sex_interaction", provenance)
