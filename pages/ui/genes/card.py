"""One gene in full: every patient, the fold change with its interval, and what to know of it."""

from __future__ import annotations

import math
from urllib.parse import quote

import pandas as pd
import streamlit as st

from core.de.methods import METHODS
from core.de.reading.gene import GeneView, view_gene
from core.de.reading.select import GeneFilter, order_genes, select_genes
from core.figures.genes.expression import gene_expression
from core.figures.house.intervals import fold_change_interval
from pages.ui.frame import basket, problems, state
from pages.ui.genes import power, sentences
from pages.ui.genes.results import Comparison
from pages.ui.genes.view import OneGeneView, Split
from pages.ui.parts import charts, style
from pages.ui.parts.format import mean_count, p_value, plain, signed
from pages.ui.pathways import gene as pathway_gene
from pages.ui.robustness import ladder as robustness_ladder

DATABASES = {
    "Ensembl": ("ensembl_id", "https://www.ensembl.org/Homo_sapiens/Gene/Summary?g={}"),
    "Human Protein Atlas, blood": ("ensembl_id", "https://www.proteinatlas.org/{}/immune+cell"),
    "NCBI Gene": ("entrez_id", "https://www.ncbi.nlm.nih.gov/gene/{}"),
    "PubMed with depression": ("symbol", "https://pubmed.ncbi.nlm.nih.gov/?term={}+AND+depression"),
}
RATIO_COLUMNS = {"estimate": "ratio", "low": "low", "high": "high"}


def choose(shown: Comparison, asked: str) -> None:
    """Offer genes to start from when none, or an unknown one, was asked for."""
    if asked:
        st.warning(
            f"“{plain(asked)}” is not a gene of this data set. Check the spelling, or try its Ensembl "
            "identifier.",
            icon=":material/search_off:",
        )
    st.markdown(
        "Search in the panel on the left (» opens it on a phone) by symbol, Ensembl identifier or old name, "
        "or start from the genes that differ most surely:"
    )
    table = shown.result.table
    rows = order_genes(table, select_genes(table, GeneFilter()), "p")[:12]
    with st.container(horizontal=True):
        for gene in table["gene"].iloc[rows]:
            if st.button(basket.symbol_of(shown.digest, gene), key=f"start.{gene}"):
                state.look(gene=gene)
                st.rerun()


def draw(shown: Comparison, gene: str) -> None:
    """Draw the card of a gene of the cohort."""
    card = view_gene(shown.cohort, shown.result, gene)
    _actions(card)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _patients(shown, card)
    with right:
        _fold_change(shown, card)
        _facts(shown, card)
    pathway_gene.sets_of(shown, gene, name=label(card))
    robustness_ladder.strip(shown, gene)


def _actions(card: GeneView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if card.name:
            st.markdown(f"*{plain(card.name)}*")
        held = state.in_basket(card.gene)
        if st.button("Take out of basket" if held else "Add to basket", icon=":material/shopping_basket:"):
            state.take_from_basket([card.gene]) if held else state.put_in_basket([card.gene])
            st.rerun()
        for label, url in links(card).items():
            st.link_button(label, url, type="tertiary", icon=":material/open_in_new:")


def links(card: GeneView) -> dict[str, str]:
    """Return addresses of the gene in public databases."""
    names = {label: getattr(card, field) for label, (field, _) in DATABASES.items()}
    return {label: DATABASES[label][1].format(quote(name)) for label, name in names.items() if name}


@problems.fragment
def _patients(shown: Comparison, card: GeneView) -> None:
    roles = shown.cohort.roles
    options: dict[Split, str] = {"group": "Group"}
    if roles.sex:
        options["sex"] = "Group and sex"
    if roles.centre:
        options["centre"] = "Group and centre"
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        split = state.choice("split", "Patients by", options)
    with right:
        state.bound("log", st.toggle, "Logarithmic")
    figure = gene_expression(
        card.counts,
        symbol=label(card),
        groups=(shown.result.spec.control, shown.result.spec.case),
        by=split,
        scale="log" if state.view(OneGeneView).log else "linear",
        **charts.look(shown.cohort),
    )
    public = card.counts.reset_index(drop=True)  # without sample identifiers
    charts.offer(figure, "gene.patients", f"{label(card)}_patients", shown.provenance, table=public)


def _fold_change(shown: Comparison, card: GeneView) -> None:
    if card.raw is None:
        st.info(plain(card.note), icon=":material/info:")
        return
    figure = fold_change_interval(effects(card), contrast=shown.contrast, **charts.look(shown.cohort))
    charts.show(figure, "gene.effect")


def label(card: GeneView) -> str:
    """Return the name by which people know a gene."""
    return card.symbol or card.gene


def effects(card: GeneView) -> pd.DataFrame:
    """Return the fold changes of a gene with their intervals, on the log2 scale, one row each."""
    pairs = {"as measured": card.raw, "shrunken": card.shrunken}
    return pd.DataFrame(
        [
            {"label": name, **{k: math.log2(getattr(fold, v)) for k, v in RATIO_COLUMNS.items()}}
            for name, fold in pairs.items()
            if fold is not None
        ]
    )


def _facts(shown: Comparison, card: GeneView) -> None:
    row = card.row
    missing = card.note or "none"
    facts = {
        "Adjusted p": missing if math.isnan(row["padj"]) else p_value(row["padj"]),
        "p": p_value(row["pvalue"]),
        "Mean count": f"{mean_count(row['baseMean'])} (normalised, all samples)",
        "log2 fold change": f"{signed(row['log2FoldChange'])} (standard error {row['lfcSE']:.2f})",
        "Dispersion": sentences.dispersion(row["dispersion"]),
        "Fold change": METHODS[shown.result.spec.method].fold_change,
        "Outliers": card.outlier or shown.result.run.outlier_reason,
        "Location": f"chromosome {card.chromosome}" if card.chromosome else "not known",
        "Identifiers": " · ".join(x for x in (card.gene, card.entrez_id and f"Entrez {card.entrez_id}") if x),
    }
    if why := power.why_not(shown.result, row):
        facts["Why not significant?"] = why
    if shown.result.spec.method != "deseq2":
        del facts["Dispersion"]
    if math.isnan(row["lfcSE"]):
        del facts["log2 fold change"]
    st.html(style.facts(facts))
