"""Two tests of the same genes against each other, and permutations against the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.house.density import density_layer
from core.figures.house.theme import CASE, GREY, empty_figure, finish, new_figure, palette, plain, rgba
from core.figures.house.words import count_text, p_text

NOTHING = "No gene was tested by both."
HIGHEST = 30.0  # -log10 p; beyond it points lie on the edge
MOST_POINTS = 400


def pvalue_scatter(
    points: pd.DataFrame,
    *,
    names: tuple[str, str],
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw the p-values of two tests against each other: all genes shaded, contested ones as points.

    Parameters
    ----------
    points : pandas.DataFrame
        ``symbol``, ``one``, ``other`` (p-values), ``contested`` (significant by one test only).
    names : tuple of str
        The two tests.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    drawn = points[points["one"].notna() & points["other"].notna()].reset_index(drop=True)
    if drawn.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    x, y = (_scale(drawn[name]) for name in ("one", "other"))
    top = 1.04 * max(float(x.max()), float(y.max()), 2.0)
    figure = new_figure(
        dark=dark,
        x_title=f"−log<sub>10</sub> p, {plain(names[0])}",
        y_title=f"−log<sub>10</sub> p, {plain(names[1])}",
        height=420,
    )
    limits = (0.0, top)
    figure.add_trace(density_layer(x, y, np.zeros(len(x), dtype=np.int8), x_range=limits, y_range=limits))
    line = {"color": palette(dark=dark).line, "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=0, y0=0, x1=top, y1=top, line=line)
    contested = np.flatnonzero(drawn["contested"].to_numpy(bool))
    chosen = contested[np.argsort(-np.abs(x - y)[contested], kind="stable")][:MOST_POINTS]
    figure.add_trace(_points(drawn, chosen, x, y, n=len(contested)))
    figure.update_xaxes(range=limits, showgrid=True)
    figure.update_yaxes(range=limits)
    alt = (
        f"p-values of {count_text(len(drawn))} genes by {names[0]} and by {names[1]}; "
        f"{count_text(len(contested))} are significant by one of them only."
    )
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="bottom right")


def permutation_bars(
    found: NDArray[np.integer], observed: int, *, simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw how many genes each permutation finds, beside how many the true labels find.

    Parameters
    ----------
    found : numpy.ndarray of length n_permutations
        Significant genes with permuted labels.
    observed : int
        Significant genes with the true labels.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    title = f"{len(found)} permutations, and the true labels (last)"
    figure = new_figure(dark=dark, x_title=title, y_title="significant genes", height=300)
    numbers = [*np.sort(found)[::-1].tolist(), observed]
    figure.add_bar(
        x=[*(str(i + 1) for i in range(len(found))), "true"],
        y=numbers,
        marker={"color": [rgba(GREY, 0.7)] * len(found) + [CASE]},
        text=[count_text(n) for n in numbers],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x}: %{y:,} genes<extra></extra>",
    )
    figure.update_xaxes(type="category", showticklabels=False, ticks="", fixedrange=True)
    figure.update_yaxes(
        tickformat=",", rangemode="tozero", fixedrange=True, range=[0, 1.18 * max(observed, *found, 1)]
    )
    figure.update_layout(showlegend=False)
    alt = (
        f"Significant genes: {count_text(observed)} with the true labels; with permuted labels at most "
        f"{count_text(int(np.max(found)))} in {len(found)} permutations."
    )
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="top left")


def _scale(pvalues: pd.Series) -> NDArray[np.float64]:
    scaled: NDArray[np.float64] = np.minimum(-np.log10(np.maximum(pvalues.to_numpy(float), 1e-300)), HIGHEST)
    return scaled


def _points(
    drawn: pd.DataFrame, chosen: NDArray[np.intp], x: NDArray[np.float64], y: NDArray[np.float64], *, n: int
) -> go.Scatter:
    rows = drawn.iloc[chosen]
    return go.Scatter(
        x=x[chosen].astype(np.float32),
        y=y[chosen].astype(np.float32),
        mode="markers",
        name=f"significant by one only, n = {count_text(n)}",
        marker={"color": CASE, "size": 5, "opacity": 0.7},
        text=[
            f"<b>{plain(symbol)}</b><br>p = {p_text(one)} and {p_text(other)}"
            for symbol, one, other in zip(rows["symbol"], rows["one"], rows["other"], strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
    )
