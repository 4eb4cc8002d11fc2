"""Picture and table of all genes, linked: filters act at once, selections meet in one strip."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray
from pandas.io.formats.style import Styler
from streamlit.column_config import NumberColumn, TextColumn

from core.de.reading.select import GeneFilter, find_rows, order_genes, select_genes
from core.de.reading.summary import fold_change_limits, null_share
from core.figures.genes.ma import ma
from core.figures.genes.pvalues import pvalue_histogram
from core.figures.genes.volcano import volcano
from core.figures.house.cloud import Highlight
from core.figures.house.selection import Thresholds, picked_gene
from pages.ui.frame import basket, problems, site, state
from pages.ui.frame.view import SIDES
from pages.ui.genes import power, sentences
from pages.ui.genes.results import Comparison
from pages.ui.genes.view import GenesView
from pages.ui.parts import charts, tables
from pages.ui.parts.format import mean_count, number, p_value, plain

PLOT = "genes.plot"
PLOTS = {"volcano": "Volcano", "ma": "MA"}
ORDERS = {"p": "p-value", "fold change": "size of difference", "expression": "expression", "symbol": "name"}
Rows = NDArray[np.intp]


@problems.fragment
def explore(shown: Comparison) -> None:
    """Draw filters, picture, table and what is selected; only this part is redrawn by a filter."""
    _filters(shown)
    rows = select_genes(shown.result.table, _filter())
    left, right = st.columns([11, 10], gap="medium")
    with left:
        figure = _picture(shown)
    with right:
        listed = _table(shown, rows)
    _strip(shown)
    _exports(shown, listed, figure)
    _calibration(shown)


def _filters(shown: Comparison) -> None:
    columns = st.columns([2, 2, 3, 3, 2], vertical_alignment="top")
    with columns[0]:
        state.bound(
            "padj",
            st.number_input,
            "Adjusted p below",
            min_value=0.0,
            max_value=1.0,
            step=0.01,
            format="%.3g",
            help="Share of false discoveries accepted among genes called significant. 1 lists every gene.",
        )
    with columns[1]:
        state.bound(
            "lfc",
            st.number_input,
            "|log2FC| from",
            min_value=0.0,
            max_value=10.0,
            step=0.05,
            format="%.2f",
            help="Smallest difference that counts, on the log2 scale: 0.1 is 7 %, 0.5 is 41 %, 1 is double.",
        )
    with columns[2]:
        label = f"In {plain(shown.result.spec.case)}"
        state.choice("side", label, SIDES)
    with columns[3]:
        state.bound("find", st.text_input, "Search all genes", placeholder="symbol, Ensembl or old name")
    with columns[4]:
        state.choice("plot", "Picture", PLOTS)


def _filter() -> GeneFilter:
    shared, view = state.view(), state.view(GenesView)
    boxed = view.picked if view.boxed else None
    only = shared.basket if view.basket_only else boxed
    return GeneFilter(padj=shared.padj, lfc=shared.lfc, side=view.side, only=only)


def _picture(shown: Comparison) -> go.Figure:
    view, result = state.view(), shown.result
    draw = volcano if state.view(GenesView).plot == "volcano" else ma
    figure = draw(
        result.table,
        contrast=shown.contrast,
        thresholds=Thresholds(padj=view.padj, lfc=view.lfc),
        highlight=Highlight(basket=view.basket, selected=view.gene or None),
        **charts.look(shown.cohort),
    )
    charts.show(figure, PLOT, on_select=_picked_in_plot, selection_mode=("points", "box", "lasso"))
    return figure


def _picked_in_plot() -> None:
    points = st.session_state[PLOT]["selection"]["points"]
    genes = list(dict.fromkeys(gene for point in points if (gene := picked_gene([point]))))
    if genes:
        tables.untick("genes")
        _pick(genes, boxed=len(genes) > 1)
        state.look(rows=1)


def _pick(genes: list[str], *, boxed: bool = False) -> None:
    if len(genes) < 2:
        state.look(picked=(), boxed=False, gene="".join(genes))
    else:
        state.look(picked=tuple(genes), boxed=boxed)


def _picked(shown: Comparison) -> tuple[str, ...]:
    """Return what is selected: several genes, or the one that was picked, or that a link has brought."""
    if several := state.view(GenesView).picked:
        return several
    gene = state.view().gene
    return (gene,) if shown.result.table["gene"].eq(gene).any() else ()


def _table(shown: Comparison, rows: Rows) -> Rows:
    view, table = state.view(GenesView), shown.result.table
    rows, note = _searched(shown, rows)
    rows = order_genes(table, rows, view.order)
    page = tables.page_controls(len(rows), "gene", rows="rows", order="order", orders=ORDERS)
    if state.view().basket:
        state.bound("basket_only", st.toggle, "Only the basket")
    if note:
        st.caption(plain(note))
    part = table.iloc[rows[page]]
    if part.empty:
        _nothing_listed()
        return rows
    tables.pickable(
        _readable(part, fold_change_limits(part, freedom=shown.result.run.freedom)),
        list(part["gene"]),
        name="genes",
        picked=() if view.boxed else view.picked,
        pick=_pick,
        height=440,
        column_config=_columns(shown.result.spec.case),
    )
    return rows


def _searched(shown: Comparison, rows: Rows) -> tuple[Rows, str]:
    text = state.view(GenesView).find.strip()
    if not text:
        return rows, ""
    hits = [hit for hit in basket.matches(shown.digest, text, limit=20) if hit.by_old_name]
    found = np.flatnonzero(find_rows(shown.result.table, text, also=tuple(hit.gene for hit in hits)))
    beyond = len(np.setdiff1d(found, rows))
    notes = [f"{hit.symbol} was {hit.note}" for hit in hits[:3]]
    if beyond:
        notes.append(f"{number(beyond)} of the genes found do not meet the thresholds")
    return found, ". ".join(notes)


def _nothing_listed() -> None:
    if state.view(GenesView).find:
        st.info("No gene of this data set goes by that name. Try its Ensembl identifier.")
    else:
        st.info("No gene meets these thresholds. Raise the adjusted p-value or lower the fold change.")


def _readable(part: pd.DataFrame, limits: pd.DataFrame) -> Styler:
    shown = pd.DataFrame(
        {
            "Gene": tables.names(part),
            "log2FC": part["log2FoldChange"],
            "95 %": list(tables.spans(limits["lower"], limits["upper"])),
            "Adjusted p": part["padj"],
            "Mean count": part["baseMean"],
            "p": part["pvalue"],
            "Note": part["note"],
        }
    )
    empty = [name for name in ("95 %", "Note") if not shown[name].any()]
    shown = shown.drop(columns=empty)
    formats: dict[str, Any] = {
        "log2FC": tables.arrow,
        "Adjusted p": p_value,
        "p": p_value,
        "Mean count": mean_count,
    }
    return shown.style.format(formats).map(tables.direction_colour, subset=["log2FC"])


def _columns(case: str) -> dict[str, Any]:
    return {
        "Gene": TextColumn(width=92, pinned=True),
        "log2FC": NumberColumn(help=f"log2 fold change: above 0 is higher in {case}"),
        "95 %": TextColumn(help="95 % interval of the log2 fold change"),
        "Adjusted p": NumberColumn(
            help="Benjamini–Hochberg: accept this share of false discoveries and the gene is on the list"
        ),
        "Mean count": NumberColumn(help="Mean of the normalised counts over all samples"),
        "Note": TextColumn(help="Why a p-value is missing or unreliable", width="medium"),
    }


def _strip(shown: Comparison) -> None:
    picked = _picked(shown)
    if not picked:
        st.caption("Click a gene in the picture or the table; draw a box or a lasso for several.")
        return
    with st.container(border=True):
        left, add, go_on, clear = st.columns([6, 2, 2, 1.4], vertical_alignment="center")
        if len(picked) == 1:
            left.html(sentences.gene_answer(shown, picked[0]))
            if go_on.button("Open gene page", type="primary", width="stretch", key="strip.open"):
                state.look(gene=picked[0])
                site.go_to("gene")
        else:
            names = [basket.symbol_of(shown.digest, gene) for gene in picked[:12]]
            more = f" and {number(len(picked) - 12)} more" if len(picked) > 12 else ""
            left.markdown(f"**{number(len(picked))} genes selected**: {plain(', '.join(names))}{more}")
        new = [gene for gene in picked if not state.in_basket(gene)]
        label = "Add to basket" if new else "In the basket"
        if add.button(label, disabled=not new, width="stretch", key="strip.add"):
            state.put_in_basket(new)
            st.rerun()
        if clear.button("Clear", width="stretch", key="strip.clear"):
            _pick([])
            tables.untick("genes")
            st.rerun(scope="fragment")


def _exports(shown: Comparison, rows: Rows, figure: go.Figure) -> None:
    part = shown.result.table.iloc[rows]
    name = f"genes_{shown.result.spec.case}_vs_{shown.result.spec.control}"
    charts.files(part, name, shown.provenance, figure=figure)


def _calibration(shown: Comparison) -> None:
    st.subheader("Can the p-values be trusted?")
    left, right = st.columns([3, 2], gap="large")
    figure = pvalue_histogram(
        shown.result.table["pvalue"].to_numpy(),
        pi0=null_share(shown.result.table["pvalue"]),
        **charts.look(shown.cohort),
    )
    with left:
        charts.show(figure, "genes.histogram")
    with right:
        st.markdown(sentences.histogram_verdict(shown))
        st.dataframe(tables.threshold_counts(shown.result), hide_index=True, width="stretch")
        st.caption(plain(shown.result.run.outlier_reason))
        problems.remark(shown.result.run.notices)
    with st.expander("How small a difference could be found?", icon=":material/straighten:"):
        power.draw(shown.result)
