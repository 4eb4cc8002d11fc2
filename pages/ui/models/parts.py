"""How the Models page draws a figure."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from pages.ui.models.results import Found
from pages.ui.parts import charts, figure_export
from pages.ui.parts.format import plain


def figure(found: Found, drawn: go.Figure, name: str, *, title: str = "") -> None:
    """Draw a figure under its title, with its export beside it."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if title:
            st.markdown(f"**{plain(title)}**", width="content")
        figure_export.button(drawn, f"models_{name}", found.provenance)
    charts.show(drawn, f"models.{name}")
