"""Null checks on screen: the p-values as a whole, permuted labels, random sets."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.analysis import Made
from core.de.methods import METHODS
from core.de.reading.summary import null_share
from core.de.result import DEResult
from core.de.spec import DESpec, Method
from core.figures.genes.pvalues import pvalue_histogram
from core.figures.robustness.methods import permutation_bars
from core.robustness.methods_check import method_specs
from core.robustness.null.labels import KIND, NullResult, NullSpec
from core.robustness.null.sets import theme_against_random
from core.robustness.null.words import histogram_sentence
from pages.ui.frame import access, footing, state
from pages.ui.frame.shown import button, is_running
from pages.ui.genes.results import Comparison
from pages.ui.parts import charts, style, tables
from pages.ui.parts.format import number, p_value, plain, signed

SLOW: dict[Method, str] = {
    "deseq2": "about half a minute, or minutes where every permutation must be fitted in full",
    "limma": "some seconds",
    "wilcoxon": "some seconds",
}


def section(shown: Comparison) -> None:
    """Draw the three checks."""
    left, right = st.columns(2, gap="large")
    with left:
        _histogram(shown)
    with right:
        _random_sets(shown)
    st.subheader("What is found by chance?")
    for method, spec in method_specs(replace(shown.result.spec, shrink=False)).items():
        _permutations(shown, method, spec)


def _histogram(shown: Comparison) -> None:
    st.subheader("Do the p-values behave?")
    pvalues = shown.result.table["pvalue"]
    verdict = histogram_sentence(pvalues)
    st.markdown(plain(verdict))
    figure = pvalue_histogram(
        pvalues.to_numpy(), pi0=null_share(pvalues), verdict=verdict, **charts.look(shown.cohort)
    )
    charts.offer(figure, "null.histogram", "null_histogram", shown.provenance)


def _permutations(shown: Comparison, method: Method, spec: DESpec) -> None:
    at, null = access.at(shown.digest, de=spec), state.chosen(KIND)
    if made := access.made(KIND, at, null):
        _drawn(shown, made)
        return
    if is_running(KIND, at, null):
        return
    text = f"Permute the labels {null.permutations} times, by {METHODS[method].label}"
    with st.container(horizontal=True, vertical_alignment="center"):
        button(KIND, at, null, text, key=f"null.{method}", icon=":material/shuffle:")
        st.caption(f"In the background; {SLOW[method]}.")


def _drawn(shown: Comparison, made: Made[NullSpec, NullResult]) -> None:
    null = made.result
    if null.spec.method == shown.result.spec.method:
        footing.tell(made)
    label = METHODS[null.spec.method].label
    st.markdown(f"**{label}.** {plain(KIND.sentence(null))}")
    figure = permutation_bars(
        null.runs["n_significant"].to_numpy(), null.n_observed, **charts.look(shown.cohort)
    )
    charts.offer(
        figure, f"null.{label}", f"permutations_{null.spec.method}", access.provenance(made), table=null.runs
    )


def _random_sets(shown: Comparison) -> None:
    st.subheader("Are the themes special?")
    table = _theme_table(shown.digest, shown.result.spec, shown.result)
    if table.empty:
        st.caption("Too few genes have a symbol to find the genes of the themes.")
        return
    columns = {
        "Theme": table["theme"],
        "Genes": table["n_genes"].map(number),
        "Mean statistic": table["mean"].map(signed),
        "Random genes, 95 %": tables.spans(table["low"], table["high"]),
        "p": table["pvalue"].map(p_value),
    }
    st.html(style.columns(columns))
    st.caption(
        "Mean test statistic of a theme's genes (above 0: higher in "
        f"{plain(shown.result.spec.case)}), against 1,000 random sets of as many genes with the same mean "
        "expression. Random genes do not move together as a theme's genes do, so this check is lenient; "
        "the Pathways page has the strict one."
    )
    provenance = replace(shown.provenance, seed=1)
    charts.files(table, "themes_random", provenance)


@st.cache_resource(max_entries=4, show_spinner="Drawing random sets …")
def _theme_table(digest: str, spec: DESpec, _result: DEResult) -> pd.DataFrame:
    return theme_against_random(_result.table)
