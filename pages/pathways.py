"""The Pathways page: which biology differs."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import site
from pages.ui.genes import results as gene_results
from pages.ui.pathways import page, results

site.guard()
st.title("Which biology differs?")
page.draw(results.require(gene_results.require()))
