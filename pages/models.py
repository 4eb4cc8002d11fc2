"""The Models page: can we tell who is resistant, and should anyone believe it."""

from __future__ import annotations

import streamlit as st

from pages.ui import model_analysis, model_page, site

site.guard()


def draw() -> None:
    """Draw the page."""
    st.title(model_page.question())
    model_page.draw(model_analysis.require())


draw()
