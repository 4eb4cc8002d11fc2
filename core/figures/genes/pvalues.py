"""Histogram of p-values, which shows whether the test behaves and whether there is a signal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.house.theme import GREY, empty_figure, finish, new_figure, palette, rgba
from core.figures.house.words import count_text

NOTHING = "No gene has a p-value, so there is no histogram to draw."


def pvalue_histogram(
    pvalues: Sequence[float] | NDArray[np.floating],
    *,
    pi0: float | None = None,
    verdict: str = "",
    bins: int = 40,
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw how many genes have which p-value.

    Parameters
    ----------
    pvalues : array-like of shape (n_genes,)
        Raw p-values; missing ones are not counted.
    pi0 : float, optional
        Estimated share of genes without a difference; drawn as the height at which
        the bars would level off.
    verdict : str
        What the shape means, in words; becomes part of the text alternative.
    bins : int
        Number of bars.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    values = np.asarray(pvalues, dtype=float)
    values = values[np.isfinite(values)]
    if not values.size:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    counted, edges = np.histogram(values, bins=bins, range=(0.0, 1.0))
    figure = new_figure(dark=dark, x_title="p-value", y_title="genes", height=320)
    figure.add_trace(_bars(counted, edges, n=values.size))
    if pi0 is not None:
        _level(figure, pi0, height=pi0 * values.size / bins, dark=dark)
    figure.update_xaxes(range=[-0.01, 1.01], dtick=0.2, tickformat=".1f")
    figure.update_yaxes(range=[0, 1.12 * max(int(counted.max()), 1)], tickformat=",d", rangemode="tozero")
    figure.update_layout(showlegend=True, bargap=0)
    alt = _alt(counted, n=values.size, pi0=pi0, verdict=verdict)
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="top right")


def _bars(counted: NDArray[np.intp], edges: NDArray[np.float64], *, n: int) -> go.Bar:
    return go.Bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=counted,
        width=np.diff(edges),
        name=f"tested genes, n = {count_text(n)}",
        marker={"color": rgba(GREY, 0.6), "line": {"width": 0.5, "color": rgba(GREY, 0.9)}},
        customdata=[f"{low:.3g} to {high:.3g}" for low, high in pairwise(edges)],
        hovertemplate="p from %{customdata}<br>%{y:,} genes<extra></extra>",
    )


def _level(figure: go.Figure, pi0: float, *, height: float, dark: bool) -> None:
    figure.add_scatter(
        x=[0, 1],
        y=[height, height],
        mode="lines",
        line={"color": palette(dark=dark).foreground, "width": 1.5, "dash": "dash"},
        name=f"without a difference: about {100 * pi0:.0f} %",
        hoverinfo="skip",
    )


def _alt(counted: NDArray[np.intp], *, n: int, pi0: float | None, verdict: str) -> str:
    low = int(counted[: max(1, round(0.05 * len(counted)))].sum())
    parts = [
        f"Histogram of the p-values of {count_text(n)} genes: {count_text(low)} are below 0.05, "
        f"where {count_text(round(0.05 * n))} are expected without any difference."
    ]
    if pi0 is not None:
        parts.append(f"About {100 * pi0:.0f} % of genes show no difference.")
    return " ".join([*parts, verdict]).strip()
