"""The same comparison by three tests, on screen."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import streamlit as st

from core.de.kind import KIND
from core.de.methods import METHODS
from core.de.reading.summary import significant
from core.de.result import DEResult
from core.de.spec import Method
from core.figures.robustness.methods import pvalue_scatter
from core.robustness.methods_check import agreement, disagreements, method_specs
from pages.ui.frame import access, state
from pages.ui.frame.shown import button, is_running
from pages.ui.genes.results import Comparison
from pages.ui.parts import charts, style, tables
from pages.ui.parts.format import number, p_value, percent, plain

LISTED = 12


def section(shown: Comparison) -> None:
    """Draw what the three tests agree on, or offer to compute those that are missing."""
    st.subheader("Do three tests agree?")
    results = _results(shown)
    _offer(shown, results)
    if len(results) < 2:
        st.caption("With a second test computed, the comparison of both stands here.")
        return
    pairs = agreement(results, alpha=state.view().padj)
    st.markdown(sentence(pairs, shown.result.spec.covariates))
    left, right = st.columns([10, 9], gap="large")
    with left:
        _scatter(shown, results)
    with right:
        st.html(style.columns(_columns(pairs)))
        st.caption(
            "Both: significant in both, in the same direction. Overlap: both, as a share of the genes "
            "significant in either. r: correlation over all genes tested."
        )
        for result in results.values():
            card = METHODS[result.spec.method]
            st.caption(f"**{plain(card.label)}**: {plain(card.sentence)}. {plain(result.run.outlier_reason)}")
    _contested(shown, results)


def sentence(pairs: pd.DataFrame, covariates: tuple[str, ...]) -> str:
    """Say how far the tests agree, as Markdown."""
    worst = pairs.iloc[int(pairs["overlap"].fillna(1).argmin())]
    if pairs["overlap"].isna().all():
        return "No test finds a significant gene: on that they agree."
    unadjusting = {card.label for card in METHODS.values() if not card.adjusts}
    compared = {*pairs["one"], *pairs["other"]}
    unadjusted = (
        " (Wilcoxon compares without the covariates)" if covariates and compared & unadjusting else ""
    )
    return (
        f"Least alike are **{worst['one']}** ({number(worst['n_one'])} genes) and **{worst['other']}** "
        f"({number(worst['n_other'])}): {number(worst['n_both'])} in common, an overlap of "
        f"{percent(worst['overlap'])}{unadjusted}. Which test is right for cohorts of this size "
        "is not settled; what all find does not hang on the model."
    )


def _results(shown: Comparison) -> dict[Method, DEResult]:
    found = {m: access.result(shown.digest, spec) for m, spec in method_specs(shown.result.spec).items()}
    return {method: result for method, result in found.items() if result is not None}


def _offer(shown: Comparison, results: dict[Method, DEResult]) -> None:
    for method, spec in method_specs(shown.result.spec).items():
        if method in results:
            continue
        at = access.at(shown.digest)
        if not is_running(KIND, at, spec):
            slow = "about a minute" if method == "deseq2" else "some seconds"
            label = f"Compute it by {METHODS[method].label} ({slow})"
            button(KIND, at, spec, label, key=f"tests.{method}")


def _scatter(shown: Comparison, results: dict[Method, DEResult]) -> None:
    pairs = {f"{a}-{b}": (a, b) for a, b in combinations(results, 2)}
    labels = {key: " – ".join(METHODS[method].label for method in pair) for key, pair in pairs.items()}
    chosen = state.choice("tests_pair", "Two tests", labels) if len(pairs) > 1 else next(iter(pairs))
    one, other = (results[method].table for method in pairs[chosen])
    hits = [significant(table, alpha=state.view().padj) for table in (one, other)]
    points = pd.DataFrame(
        {
            "symbol": tables.names(one),
            "one": one["pvalue"],
            "other": other["pvalue"],
            "contested": hits[0] != hits[1],
        }
    )
    names = METHODS[pairs[chosen][0]].label, METHODS[pairs[chosen][1]].label
    figure = pvalue_scatter(points, names=names, **charts.look(shown.cohort))
    charts.offer(figure, "tests.scatter", "tests", shown.provenance)


def _columns(pairs: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "Tests": pairs["one"] + " – " + pairs["other"],
        "Genes": pairs["n_one"].map(number) + " – " + pairs["n_other"].map(number),
        "Both": pairs["n_both"].map(number),
        "Overlap": pairs["overlap"].map(percent),
        "r of log2FC": pairs["correlation"].map("{:.3f}".format),
        "Rank r of p": pairs["rank_correlation"].map("{:.3f}".format),
    }


def _contested(shown: Comparison, results: dict[Method, DEResult]) -> None:
    listed = disagreements(shown.cohort, results, alpha=state.view().padj)
    st.markdown("**Genes on which they disagree, the most contested first**")
    if listed.empty:
        st.caption("There is none.")
        return
    why = listed["why"].value_counts()
    st.caption("; ".join(f"{number(n)} × {plain(reason)}" for reason, n in why.items()) + ".")
    methods = [name for name in map(str, listed) if name.startswith("padj_")]
    top = listed.head(LISTED)
    columns = {
        "Gene": tables.names(top),
        "Mean count": top["baseMean"].map(number),
        "Significant by": top["significant_by"],
        **{f"Adjusted p, {METHODS[_of(name)].label}": top[name].map(p_value) for name in methods},
        "Probably because": top["why"],
    }
    st.html(style.columns(columns))
    st.caption("The reason is a rule of thumb, checked in this order: the first that applies is named.")
    charts.files(listed, "tests_disagree", shown.provenance)


def _of(column: str) -> Method:
    return next(method for method in METHODS if column == f"padj_{method}")
