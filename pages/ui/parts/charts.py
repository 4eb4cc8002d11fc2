"""How a page draws a figure and offers it, and the table behind it, as files."""

from typing import Any, TypedDict

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.cohort.model import Cohort
from core.export.provenance import Provenance
from core.robustness.ladder.run import Ladder
from pages.ui.parts import figure_export, style, tables


class Look(TypedDict):
    """What every figure must know of its surroundings: whether data are simulated, the page dark."""

    simulated: bool
    dark: bool


def look(of: Cohort | Ladder) -> Look:
    """Return it for what is drawn, on the page as it is seen."""
    return {"simulated": of.simulated, "dark": style.dark()}


def show(figure: go.Figure, key: str, **options: Any) -> Any:
    """Draw a figure in the house style with its text alternative; `options` as of `st.plotly_chart`."""
    return st.plotly_chart(
        figure, theme=None, key=key, alt=style.alt(figure), **{"config": style.CHART, **options}
    )


def offer(
    figure: go.Figure, key: str, name: str, provenance: Provenance, *, table: pd.DataFrame | None = None
) -> None:
    """Draw a figure, and under it the buttons that save it and the table that it shows."""
    show(figure, key)
    if table is None:
        figure_export.button(figure, name, provenance)
    else:
        files(table, name, provenance, figure=figure)


def files(table: pd.DataFrame, name: str, provenance: Provenance, *, figure: go.Figure | None = None) -> None:
    """Draw the buttons that save a table, and the figure of it, side by side."""
    with st.container(horizontal=True):
        tables.downloads(table, name, provenance)
        if figure is not None:
            figure_export.button(figure, name, provenance)
