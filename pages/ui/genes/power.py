"""How small a difference a comparison can find, and why a gene is not significant."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.de.reading.power import (
    POWER,
    Detection,
    detectable_table,
    detection,
    significance_cut_off,
    smallest_detectable,
)
from core.de.reading.summary import fold_change, fold_change_sentence
from core.de.result import DEResult
from pages.ui.frame import state
from pages.ui.genes.results import Comparison
from pages.ui.parts import charts, style
from pages.ui.parts.format import number, p_value, percent


def section(shown: Comparison) -> None:
    """Draw the same as a check of its own, with a file of all genes."""
    result = shown.result
    st.subheader("How small a difference could be found?")
    draw(result)
    table = detectable_table(result.table, alpha=state.view().padj, freedom=result.run.freedom)
    charts.files(table, "power", shown.provenance)


def draw(result: DEResult) -> None:
    """Say how small a difference a comparison can find."""
    st.markdown(sentence(result))
    header = ["Genes by expression", "Genes", "Half are just significant at", "Half can be found from"]
    st.html(style.table([*header, "Nine in ten from"], rows(result)))
    cut_off = significance_cut_off(result.table, alpha=state.view().padj)
    st.caption(
        "Just significant: an estimate of this size is just significant, so a true difference of this "
        f"size is found in half of such studies. Can be found: in {percent(POWER)} of them. Both at the "
        f"p-value that is significant after adjustment here ({p_value(cut_off)}), from each gene's own "
        "standard error."
    )


def sentence(result: DEResult) -> str:
    """Say the typical smallest detectable difference, as Markdown."""
    smallest = smallest_detectable(result.table, alpha=state.view().padj, freedom=result.run.freedom)
    if smallest.empty:
        return "No gene was tested."
    low, middle, high = (2 ** float(q) - 1 for q in smallest.quantile([0.1, 0.5, 0.9]))
    run = result.run
    return (
        f"With {run.n_case} and {run.n_control} samples, the typical gene must differ by "
        f"**{percent(middle)}** or more to be found; one in ten from {percent(low)}, nine in ten from "
        f"{percent(high)}. Smaller differences stay unseen, which is no proof that there are none."
    )


def rows(result: DEResult) -> list[list[str]]:
    """Return one row per third of expression: how many genes, and what can be found."""
    smallest = smallest_detectable(result.table, alpha=state.view().padj, freedom=result.run.freedom)
    if len(smallest) < 3:
        return []
    least = smallest_detectable(result.table, alpha=state.view().padj, freedom=result.run.freedom, power=0.5)
    mean = result.table.loc[smallest.index, "baseMean"]
    third = pd.qcut(mean.rank(method="first"), 3, labels=["weakest third", "middle third", "strongest third"])
    return [
        [
            f"{name} (mean count up to {number(mean[third == name].max())})",
            number(int((third == name).sum())),
            percent(2 ** float(np.median(least[third == name])) - 1),
            *(percent(2 ** float(np.quantile(smallest[third == name], q)) - 1) for q in (0.5, 0.9)),
        ]
        for name in third.cat.categories
    ]


def why_not(result: DEResult, row: pd.Series) -> str:
    """Say why a gene is not significant, in plain text; "" if it is, or was not tested."""
    limit = state.view().padj
    found = detection(
        row["log2FoldChange"],
        row["lfcSE"],
        cut_off=significance_cut_off(result.table, alpha=limit),
        freedom=result.run.freedom,
    )
    if found is None or not row["padj"] >= limit:
        return ""
    return _why(found, result, row)


def _why(found: Detection, result: DEResult, row: pd.Series) -> str:
    run, case = result.run, result.spec.case
    change = fold_change(row["log2FoldChange"], row["lfcSE"], freedom=run.freedom)
    return (
        f"With {run.n_case} and {run.n_control} samples and this gene's spread, a difference of "
        f"{percent(2**found.smallest - 1)} is found in {percent(POWER)} of such studies; one as large as the "
        f"estimate ({fold_change_sentence(change, case=case)}) in {percent(found.chance)}."
    )
