"""From a gene to the gene sets that hold it, where an enrichment of this comparison is in the store."""

from __future__ import annotations

import streamlit as st

from core.figures.pathways.words import set_label
from core.pathways.kind import KIND
from core.pathways.reading.select_sets import find_set, order_sets, set_key
from core.pathways.result import PathwayResult
from pages.ui.frame import access, site, state
from pages.ui.genes.results import Comparison
from pages.ui.parts.format import number, p_value, plain, plural
from pages.ui.pathways.results import start_of
from pages.ui.pathways.view import PathwaysView

MOST = 8


def sets_of(shown: Comparison, gene: str, *, name: str) -> None:
    """Draw the sets that hold a gene, and the way back to the one that was in focus."""
    result = access.find(KIND, start_of(shown.digest, shown.result.spec), state.chosen(KIND))
    if result is None:
        return
    holding = result.sets_with(gene)
    st.subheader(f"Gene sets with {plain(name)}")
    _back(result)
    if holding.empty:
        st.caption("No tested set holds this gene.")
        return
    significant = int(holding["significant"].sum())
    flagged = int((holding["flag"] != "").sum())
    caveat = f", {number(flagged)} of them flagged because their genes move together" if flagged else ""
    st.markdown(
        f"{plural(len(holding), 'tested set holds', 'tested sets hold')} it; {number(significant)} "
        f"{'is' if significant == 1 else 'are'} significant{caveat}. The strongest:"
    )
    rows = order_sets(result.table, holding.index.to_numpy(), "p", test=result.spec.test)
    with st.container(horizontal=True, gap="small"):
        for row in rows[:MOST]:
            _button(result, int(row))
        if len(rows) > MOST and st.button(
            f"All {number(len(rows))}", icon=":material/list:", key="gene.sets"
        ):
            state.look(gene_set="", theme="", sub_theme="", set_find=name)
            site.go_to("pathways")


def _back(result: PathwayResult) -> None:
    key = state.view(PathwaysView).gene_set
    row = find_set(result, key) if key else None
    if row is None:
        return
    label = set_label(str(result.table["set"].iloc[row]))
    if st.button(f"Back to {plain(label)}", icon=":material/arrow_back:", key="gene.back", type="primary"):
        site.go_to("pathways")


def _button(result: PathwayResult, row: int) -> None:
    found = result.table.iloc[row]
    key = set_key(str(found["collection"]), str(found["set"]))
    arrow = {"up": "▲", "down": "▼"}.get(str(found["direction"]), "◆") if found["significant"] else "◦"
    flag = " ⚑" if found["flag"] else ""
    label = f"{arrow} {plain(set_label(found['set']))}{flag}"
    if st.button(label, key=f"gene.set.{key}", help=f"adjusted p = {p_value(found['padj'])}"):
        state.look(gene_set=key)
        site.go_to("pathways")
