"""The Robustness page: would it survive adjustment."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import site
from pages.ui.genes import results as gene_results
from pages.ui.robustness import page

site.guard()
st.title("Would it survive adjustment?")
page.draw(gene_results.require())
