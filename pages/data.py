"""The Data page: one's own counts, or the demonstration."""

from __future__ import annotations

import streamlit as st

from pages.ui import data_steps, site

site.guard()


def draw() -> None:
    """Draw the page."""
    st.title("Whose blood is compared?")
    data_steps.present_data()
    data_steps.upload()


draw()
