"""The Robustness page: would it survive adjustment."""

from __future__ import annotations

import streamlit as st

from pages.ui import analysis, robustness_page, site

site.guard()


def draw() -> None:
    """Draw the page."""
    st.title("Would it survive adjustment?")
    robustness_page.draw(analysis.require())


draw()
