"""The Pathways page: which biology differs."""

from __future__ import annotations

import streamlit as st

from pages.ui import analysis, pathway_analysis, pathway_page, site

site.guard()


def draw() -> None:
    """Draw the page."""
    st.title("Which biology differs?")
    pathway_page.draw(pathway_analysis.require(analysis.require()))


draw()
