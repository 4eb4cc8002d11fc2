"""The Genes page: which genes differ."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import site
from pages.ui.genes import explorer, results, sentences, settings
from pages.ui.parts import style

site.guard()
st.title("Which genes differ?")
shown = results.require()
style.answer(sentences.genes_answer(shown))
settings.panel(shown.digest, shown.cohort, drawn=shown.result.spec)
with st.container(key="stale" if shown.stale else "fresh"):
    explorer.explore(shown)
