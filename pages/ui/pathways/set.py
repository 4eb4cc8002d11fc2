"""One gene set in depth: its walk through the ranking, its genes, its patients."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.column_config import NumberColumn, TextColumn

from core import analysis
from core.figures.house.selection import Thresholds, picked_gene
from core.figures.pathways.heatmap import set_heatmap
from core.figures.pathways.running import running_figure
from core.figures.pathways.scores import set_scores
from core.figures.pathways.volcano import set_volcano
from core.figures.pathways.words import set_label
from core.pathways.kind import KIND
from core.pathways.reading.overlap_map import similar_sets
from core.pathways.reading.set_view import SetView, view_set
from pages.ui.frame import access, basket, site, state
from pages.ui.parts import charts, figure_export, tables
from pages.ui.parts.format import number, percent, plain, plural
from pages.ui.pathways import explorer, themes
from pages.ui.pathways.results import Found
from pages.ui.pathways.view import PathwaysView

BUTTONS = 24
VOLCANO = "set.volcano"
SCORES = {
    "zscore": (
        "score of the set (standard deviations)",
        "the mean of the set's genes, each in its own standard deviations, minus that of all genes",
    ),
    "ssgsea": (
        "ssGSEA score of the set (no unit)",
        "how high the set's genes rank among all genes of the patient (ssGSEA)",
    ),
    "gsva": (
        "GSVA score of the set (no unit)",
        "how high the set's genes rank in the patient, each placed among all patients first (GSVA)",
    ),
}


def view_of(found: Found, row: int) -> SetView:
    """Return everything about a set."""
    result = found.result
    key = analysis.key(KIND, found.made.at, result.spec)
    scale = access.sample_scale(key, found.cohort, found.shown.result, result)
    return view_set(found.cohort, result, row, scale=scale)


def draw(found: Found, row: int, view: SetView) -> None:
    """Draw a set of the result."""
    _actions(found, row, view)
    left, right = st.columns([11, 10], gap="medium")
    with left:
        st.subheader("Where do its genes stand?")
        _running(found, row, view)
    with right:
        st.subheader("What do patients show?")
        _scores(found, row, view)
    _genes(found, view)
    left, right = st.columns([10, 11], gap="medium")
    with left:
        st.subheader("Its genes among all genes")
        _volcano(found, row, view)
    with right:
        st.subheader("Its leading edge in every patient")
        _heatmap(found, row, view)
    _similar(found, row)


def name_of(found: Found, row: int) -> str:
    """Return the name of a set as people read it."""
    return set_label(str(found.result.table["set"].iloc[row]))


def _actions(found: Found, row: int, view: SetView) -> None:
    table = found.result.table.iloc[row]
    key = explorer.key_of(table)
    aside = state.view(PathwaysView).sets
    held = key in aside
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Put back" if held else "Put aside", icon=":material/bookmark:", key="set.aside"):
            others = tuple(other for other in aside if other != key)
            state.look(sets=others if held else (*others, key))
            st.rerun()
        leading = [
            gene for gene in view.genes.loc[view.genes["leading"], "gene"] if not state.in_basket(gene)
        ]
        if st.button(
            f"Leading edge into basket · {number(len(leading))}",
            icon=":material/shopping_basket:",
            key="set.basket",
            disabled=not leading,
        ):
            state.put_in_basket(leading)
            st.rerun()
        name = f"set_{name_of(found, row)}".replace(" ", "_")
        tables.downloads(view.genes.drop(columns="row"), name, found.provenance)
        explorer.gmt(found, [row], label="GMT", name=name, key="set.gmt")
        for label, url in links(str(table["set"])).items():
            st.link_button(label, url, type="tertiary", icon=":material/open_in_new:")
    used = next(item for item in found.result.run.collections if item.name == table["collection"])
    share = percent(table["size"] / table["published"]) if table["published"] else "–"
    theme = f" · theme {plain(table['theme'])}, {plain(table['sub_theme'])}" if table["theme"] else ""
    st.caption(
        f"{plain(used.title)}, {plain(used.version)} · {int(table['size'])} of its "
        f"{int(table['published'])} genes were tested ({share}){theme}"
    )


def links(name: str) -> dict[str, str]:
    """Return addresses of a set in public databases."""
    code = name.rsplit("(", 1)[-1].rstrip(")")
    if "(GO:" in name:
        return {"QuickGO": f"https://www.ebi.ac.uk/QuickGO/term/{code}"}
    if name.startswith(("HALLMARK_", "REACTOME_")):
        return {"MSigDB": f"https://www.gsea-msigdb.org/gsea/msigdb/human/geneset/{name}"}
    if "(WP" in name:
        return {"WikiPathways": f"https://www.wikipathways.org/pathways/{code}.html"}
    return {}


def _running(found: Found, row: int, view: SetView) -> None:
    walk = found.result.running_score(row)
    genes = view.genes
    figure = running_figure(
        walk.curve,
        positions=walk.positions,
        symbols=genes["symbol"].tolist(),
        leading=np.isin(walk.positions, walk.leading_edge),
        peak=walk.peak,
        case=found.contrast[0],
        name=name_of(found, row),
        **charts.look(found.cohort),
    )
    charts.offer(figure, "set.running", "running_score", found.provenance)


def _scores(found: Found, row: int, view: SetView) -> None:
    axis, words = SCORES[view.scored_by]
    figure = set_scores(
        view.patients, means=view.groups, name=name_of(found, row), axis=axis, **charts.look(found.cohort)
    )
    charts.show(figure, "set.scores")
    st.caption(
        f"Each mark is a patient: {words}. Bars are the groups' means with 95 % intervals, not adjusted; the "
        "sentence above is."
    )
    charts.files(view.patients, "set_scores", found.provenance, figure=figure)


def _genes(found: Found, view: SetView) -> None:
    leading = _leading_edge(view)
    what = "Leading edge" if len(leading) else "Its genes"
    shown = leading if len(leading) else view.genes
    more = f", the {BUTTONS} strongest as buttons" if len(shown) > BUTTONS else ""
    st.markdown(f"**{what}: {plural(len(shown), 'gene')}**{more}. Each leads to every patient's expression.")
    themes.gene_buttons(found, shown["symbol"].head(BUTTONS).tolist(), prefix="lead")
    with st.expander(f"All {number(len(view.genes))} tested genes of the set"):
        _gene_table(view.genes)


def _leading_edge(view: SetView) -> pd.DataFrame:
    """Return the genes of the leading edge, those that differ most surely first."""
    leading = view.genes[view.genes["leading"]]
    return leading.reindex(leading["stat"].abs().sort_values(ascending=False, kind="stable").index)


def _gene_table(genes: pd.DataFrame) -> None:
    shown = pd.DataFrame(
        {
            "Gene": genes["symbol"],
            "log2FC": genes["log2FoldChange"],
            "Adjusted p": genes["padj"],
            "p": genes["pvalue"],
            "Place in the ranking": genes["position"] + 1,
            "Leading edge": genes["leading"],
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        key="set.genes",
        column_config={
            "Gene": TextColumn(pinned=True),
            "log2FC": NumberColumn(format="%+.2f"),
            "Adjusted p": NumberColumn(format="%.2g"),
            "p": NumberColumn(format="%.2g"),
        },
    )


def _volcano(found: Found, row: int, view: SetView) -> None:
    figure = set_volcano(
        found.shown.result.table,
        members=view.genes["gene"].tolist(),
        leading=_leading_edge(view)["gene"].tolist(),
        name=name_of(found, row),
        contrast=found.contrast,
        thresholds=Thresholds(padj=state.view().padj, lfc=state.view().lfc),
        **charts.look(found.cohort),
    )
    charts.show(figure, VOLCANO, on_select=_picked_in_volcano, selection_mode="points")
    if gene := state.view().gene:
        label = f"Open {plain(basket.symbol_of(found.digest, gene))}"
        if st.button(label, key="set.volcano.open", icon=":material/arrow_forward:"):
            site.go_to("gene")


def _picked_in_volcano() -> None:
    if gene := picked_gene(st.session_state[VOLCANO]["selection"]["points"]):
        state.look(gene=gene)


def _heatmap(found: Found, row: int, view: SetView) -> None:
    case, control = found.contrast
    figure = set_heatmap(
        view.heat[:, view.heat_order],
        genes=view.heat_genes,
        patients=view.patients.iloc[view.heat_order].reset_index(drop=True),
        groups=(control, case),
        name=name_of(found, row),
        **charts.look(found.cohort),
    )
    charts.show(figure, "set.heat")
    if view.n_leading > len(view.heat_genes):
        st.caption(f"The {len(view.heat_genes)} strongest of {number(view.n_leading)} genes.")
    figure_export.button(figure, "set_heatmap", found.provenance)


def _similar(found: Found, row: int) -> None:
    alike = similar_sets(found.result, row)
    if alike.empty:
        return
    st.subheader("Sets that share its genes")
    with st.container(horizontal=True, gap="small"):
        for _, other in alike.iterrows():
            arrow = {"up": "▲", "down": "▼"}.get(str(other["direction"]), "") if other["significant"] else "◦"
            flag = " ⚑" if other["flag"] else ""
            key = explorer.key_of(other)
            label = f"{arrow} {plain(set_label(other['set']))}{flag}"
            if st.button(label, key=f"similar.{key}", help=f"{percent(other['similarity'])} alike"):
                explorer.open_set(key)
                st.rerun()
