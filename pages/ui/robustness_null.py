"""Null checks on screen: the p-values as a whole, permuted labels, random sets."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.commands.de import arguments
from core.de.methods import METHODS
from core.de.result import DEResult
from core.de.summary import count_significant, null_share
from core.figures.pvalues import pvalue_histogram
from core.figures.robustness_tests import permutation_bars
from core.robustness.methods_check import method_specs
from core.robustness.null_labels import KIND, PERMUTATIONS, NullResult, find_null, null_key
from core.robustness.null_sets import theme_against_random
from core.robustness.null_words import histogram_sentence, null_sentence
from core.spec import DESpec, Method
from pages.ui import access, figure_export, jobs_panel, style, tables
from pages.ui.analysis import Shown
from pages.ui.format import number, p_value, plain, signed

SLOW: dict[Method, str] = {
    "deseq2": "about half a minute, or minutes where every permutation must be fitted in full",
    "limma": "some seconds",
    "wilcoxon": "some seconds",
}


def section(shown: Shown) -> None:
    """Draw the three checks."""
    left, right = st.columns(2, gap="large")
    with left:
        _histogram(shown)
    with right:
        _random_sets(shown)
    st.subheader("What is found by chance?")
    for method, spec in method_specs(replace(shown.result.spec, shrink=False)).items():
        _permutations(shown, method, spec)


def _histogram(shown: Shown) -> None:
    st.subheader("Do the p-values behave?")
    pvalues = shown.result.table["pvalue"]
    told = histogram_sentence(pvalues)
    st.markdown(plain(told))
    figure = pvalue_histogram(
        pvalues,
        pi0=null_share(pvalues),
        verdict=told,
        simulated=shown.cohort.simulated,
        dark=style.dark(),
    )
    st.plotly_chart(figure, theme=None, config=style.CHART, key="null.histogram", alt=style.alt(figure))
    figure_export.button(figure, "null_histogram", access.provenance(shown.cohort, shown.result))


def _permutations(shown: Shown, method: Method, spec: DESpec) -> None:
    null, result = _null(shown.digest, spec), access.result(shown.digest, spec)
    label = METHODS[method].label
    if null is not None and result is not None:
        _drawn(shown, null, result)
        return
    key = null_key(shown.digest, spec)
    job = jobs_panel.watch(key)
    if job is not None and job.status == "running":
        return
    text = f"Permute the labels {PERMUTATIONS} times, by {label}"
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(text, key=f"null.{method}", icon=":material/shuffle:"):
            access.jobs().start(
                key,
                title=f"Permuting labels, {label}",
                arguments=["permute", "--dataset", shown.digest, *arguments(spec)],
            )
            st.rerun()
        st.caption(f"In the background; {SLOW[method]}.")


def _null(digest: str, spec: DESpec) -> NullResult | None:
    key = null_key(digest, spec)
    return None if access.store().get(key, kind=KIND) is None else _read(digest, spec, key)


@st.cache_resource(max_entries=8, show_spinner=False)
def _read(digest: str, _spec: DESpec, key: str) -> NullResult | None:
    return find_null(access.store(), digest, _spec)


def _drawn(shown: Shown, null: NullResult, result: DEResult) -> None:
    label = METHODS[null.spec.method].label
    observed = count_significant(result, alpha=null.spec.alpha).n
    st.markdown(f"**{label}.** {plain(null_sentence(null, n_observed=observed))}")
    figure = permutation_bars(
        null.runs["n_significant"].to_numpy(), observed, simulated=shown.cohort.simulated, dark=style.dark()
    )
    st.plotly_chart(figure, theme=None, config=style.CHART, key=f"null.{label}", alt=style.alt(figure))
    provenance = replace(access.provenance(shown.cohort, result), seed=null.seed)
    with st.container(horizontal=True):
        tables.downloads(null.runs, f"permutations_{null.spec.method}", provenance)
        figure_export.button(figure, f"permutations_{null.spec.method}", provenance)


def _random_sets(shown: Shown) -> None:
    st.subheader("Are the themes special?")
    table = _theme_table(shown.digest, shown.result.spec, shown.result)
    if table.empty:
        st.caption("Too few genes have a symbol to find the genes of the themes.")
        return
    rows = [
        [
            row["theme"],
            number(row["n_genes"]),
            signed(row["mean"]),
            f"{signed(row['low'])} to {signed(row['high'])}",
            p_value(row["pvalue"]),
        ]
        for _, row in table.iterrows()
    ]
    st.html(style.table(["Theme", "Genes", "Mean statistic", "Random genes, 95 %", "p"], rows))
    st.caption(
        "Mean test statistic of a theme's genes (above 0: higher in "
        f"{plain(shown.result.spec.case)}), against 1,000 random sets of as many genes with the same mean "
        "expression. Random genes do not move together as a theme's genes do, so this check is lenient; "
        "the Pathways page has the strict one."
    )
    provenance = replace(access.provenance(shown.cohort, shown.result), seed=1)
    with st.container(horizontal=True):
        tables.downloads(table, "themes_random", provenance)


@st.cache_resource(max_entries=4, show_spinner="Drawing random sets …")
def _theme_table(digest: str, spec: DESpec, _result: DEResult) -> pd.DataFrame:
    return theme_against_random(_result.table)
