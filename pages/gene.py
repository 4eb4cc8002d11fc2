"""The Gene page: what one gene does here."""

from __future__ import annotations

import streamlit as st

from pages.ui import analysis, basket, gene_card, sentences, site, state, style
from pages.ui.format import plain

site.guard()


def draw() -> None:
    """Draw the page."""
    gene = state.view().gene
    digest = st.session_state.get("digest")
    hit = basket.exact_match(digest, gene) if digest and gene else None
    st.title(f"What does {plain(hit.symbol)} do here?" if hit else "What does a gene do here?")
    shown = analysis.require()
    if hit is None:
        gene_card.choose(shown, gene)
        return
    if hit.gene != gene:
        state.look(gene=hit.gene)
    style.answer(sentences.gene_answer(shown, hit.gene))
    with st.container(key="stale" if shown.stale else "fresh"):
        gene_card.draw(shown, hit.gene)


draw()
