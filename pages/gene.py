"""The Gene page: what one gene does here."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import basket, site, state
from pages.ui.genes import card, results, sentences
from pages.ui.parts import style
from pages.ui.parts.format import plain

site.guard()


def draw() -> None:
    """Draw the page."""
    gene = state.view().gene
    digest = st.session_state.get("digest")
    hit = basket.exact_match(digest, gene) if digest and gene else None
    st.title(f"What does {plain(hit.symbol)} do here?" if hit else "What does a gene do here?")
    shown = results.require()
    if hit is None:
        card.choose(shown, gene)
        return
    if hit.gene != gene:
        state.look(gene=hit.gene)
    style.answer(sentences.gene_answer(shown, hit.gene))
    with st.container(key="stale" if shown.stale else "fresh"):
        card.draw(shown, hit.gene)


draw()
