"""A figure as a file for a paper: SVG or PNG at a size in millimetres."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from core.export.figure_file import figure_page
from core.export.provenance import Provenance

SIZES = {
    "One column, 85 × 80 mm": (85, 80),
    "Two columns, 174 × 110 mm": (174, 110),
    "Slide, 254 × 143 mm": (254, 143),
}


def button(figure: go.Figure, name: str, provenance: Provenance) -> None:
    """Draw the button that opens the figure in a dialog with its size and format."""
    if st.button("Figure", icon=":material/image:", key=f"figure.{name}"):
        _dialog(figure, name, provenance.line())


@st.dialog("Figure for a paper or a slide", width="large")
def _dialog(figure: go.Figure, name: str, line: str) -> None:
    choice = st.segmented_control("Size", [*SIZES, "Own size"], default=next(iter(SIZES)), key=f"size.{name}")
    width, height = SIZES.get(choice or "", (120, 100))
    columns = st.columns(4)
    width = columns[0].number_input("Width, mm", 40, 400, width, key=f"width.{name}.{choice}")
    height = columns[1].number_input("Height, mm", 40, 400, height, key=f"height.{name}.{choice}")
    font = columns[2].number_input("Font, pt", 5, 24, 7 if width < 120 else 9, key=f"font.{name}.{choice}")
    dpi = columns[3].number_input("PNG, dots per inch", 72, 1200, 300, key=f"dpi.{name}.{choice}")
    page = figure_page(
        figure,
        width_mm=width,
        height_mm=height,
        font_pt=font,
        dpi=dpi,
        filename=name,
        provenance_line=line,
    )
    st.iframe(page, height=560, alt="Preview of the figure with buttons to save it as SVG or PNG")
