"""The Genes page: which genes differ."""

from __future__ import annotations

import streamlit as st

from pages.ui import analysis, gene_explorer, sentences, settings, site, style

site.guard()


def draw() -> None:
    """Draw the page."""
    st.title("Which genes differ?")
    shown = analysis.require()
    style.answer(sentences.genes_answer(shown))
    settings.panel(shown.digest, shown.cohort, drawn=shown.result.spec)
    with st.container(key="stale" if shown.stale else "fresh"):
        gene_explorer.explore(shown)


draw()
