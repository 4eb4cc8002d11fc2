"""Tables of shares as coloured cells, and the correlation of samples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.house.theme import (
    CASE,
    empty_figure,
    finish,
    named_places,
    new_figure,
    palette,
    plain,
    wrapped,
)
from core.figures.house.words import count_text

ROW = 26


def share_grid(
    shares: pd.DataFrame,
    *,
    x_title: str,
    what: str,
    marked: pd.DataFrame | None = None,
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw shares (0 to 1) as cells with their percentage.

    Parameters
    ----------
    shares : pandas.DataFrame
        Rows top to bottom, columns (named in plotly's pseudo-HTML) left to right; missing if none.
    x_title, what : str
        Title of the columns; what the shares are, for the text alternative.
    marked : pandas.DataFrame of bool, optional
        Cells that get a star.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if shares.empty:
        return empty_figure("There is nothing to compare.", simulated=simulated, dark=dark)
    values = shares.to_numpy(float)
    figure = new_figure(dark=dark, x_title=x_title, y_title="", height=130 + ROW * (len(shares) + 1))
    figure.add_heatmap(
        z=values.astype(np.float32),
        x=[str(name) for name in shares.columns],
        y=list(range(len(shares))),
        zmin=0,
        zmax=1,
        colorscale=[[0, palette(dark=dark).ground], [1, CASE]],
        text=_percents(values, marked),
        texttemplate="%{text}",
        textfont={"size": 11},
        xgap=2,
        ygap=2,
        showscale=False,
        hovertemplate="%{x}: %{text} %<extra></extra>",
    )
    # The mark of simulated data gets a row of its own.
    names = [wrapped(str(name), width=24) for name in shares.index]
    figure.update_yaxes(
        range=[len(shares) + (0.6 if simulated else -0.5), -0.5],
        **named_places(names, showgrid=False, showline=False),
    )
    figure.update_xaxes(fixedrange=True, ticks="", showline=False, tickangle=0)
    return finish(figure, alt=_alt(shares, what), simulated=simulated, dark=dark)


def correlation_map(
    correlation: NDArray[np.float32], *, order: str, simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw the correlation of every pair of samples, in the order given.

    Parameters
    ----------
    correlation : numpy.ndarray of shape (n_samples, n_samples)
        Rows and columns alike.
    order : str
        What the order means, in words.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    n = len(correlation)
    title = f"samples, {plain(order)} (n = {count_text(n)})"
    figure = new_figure(dark=dark, x_title=title, y_title="", height=430)
    outside = correlation[~np.eye(n, dtype=bool)]
    limit = float(np.quantile(np.abs(outside), 0.995)) if outside.size else 1.0
    figure.add_heatmap(
        z=np.round(correlation, 2).astype(np.float32),
        zmin=-limit,
        zmax=limit,
        colorscale=[[0, "#B58900"], [0.5, palette(dark=dark).ground], [1, CASE]],
        hovertemplate="correlation %{z:.2f}<extra></extra>",
        colorbar={"thickness": 10, "len": 0.6, "outlinewidth": 0, "tickfont": {"size": 11}},
    )
    figure.update_xaxes(showticklabels=False, ticks="")
    figure.update_yaxes(showticklabels=False, ticks="", autorange="reversed", showgrid=False)
    alt = f"Correlation of the profiles of {count_text(n)} samples, {order}; pairs reach {outside.max():.2f}."
    return finish(figure, alt=alt, simulated=simulated, dark=dark)


def _percents(values: NDArray[np.float64], marked: pd.DataFrame | None) -> list[list[str]]:
    stars = "" if marked is None else np.where(marked.to_numpy(bool), "*", "")
    texts: list[list[str]] = np.where(
        np.isnan(values), "", np.char.add(np.char.mod("%.0f", 100 * values), stars)
    ).tolist()
    return texts


def _alt(shares: pd.DataFrame, what: str) -> str:
    values = np.nan_to_num(shares.to_numpy(float))
    best = np.argsort(-values, axis=None, kind="stable")[:3]
    places = [divmod(int(place), values.shape[1]) for place in best]
    parts = [
        f"{shares.index[r]} and {str(shares.columns[c]).split('<')[0]} {100 * values[r, c]:.0f} %"
        for r, c in places
    ]
    return f"{what}. The largest: {'; '.join(parts)}."
