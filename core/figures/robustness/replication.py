"""A published result against this cohort, rank by rank."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.density import density_layer
from core.figures.house.theme import CASE, GREY, finish, new_figure, palette, plain, rgba
from core.figures.house.words import count_text, lfc_text


def rank_rank(shared: pd.DataFrame, *, simulated: bool = False, dark: bool = False) -> go.Figure:
    """Draw genes by their rank there and here, from lowest to highest in case; chosen genes as points.

    Parameters
    ----------
    shared : pandas.DataFrame
        ``symbol``, ``gene``, ``published``, ``here`` (log2 fold changes), ``published_p``, ``here_p``,
        ``chosen``, ``replicates``.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    ranks = []
    for effect, p in (("published", "published_p"), ("here", "here_p")):
        strength = np.sign(shared[effect]) * -np.log10(np.maximum(shared[p], 1e-300))
        ranks.append(100 * strength.rank(pct=True).to_numpy(float))
    x, y = ranks
    figure = new_figure(
        dark=dark,
        x_title="rank in the published result, %<br>(0: lowest in case)",
        y_title="rank here, %",
        height=440,
    )
    limits = (0.0, 101.0)
    figure.add_trace(density_layer(x, y, np.zeros(len(x), dtype=np.int8), x_range=limits, y_range=limits))
    kinds = (
        (shared["chosen"] & ~shared["replicates"], "significant there", rgba(GREY, 0.9), "circle-open"),
        (shared["replicates"], "replicate here", CASE, "diamond"),
    )
    for chosen, name, colour, symbol in kinds:
        rows = np.flatnonzero(chosen.to_numpy(bool))[:1000]
        figure.add_trace(_points(shared, rows, x, y, name=name, n=int(chosen.sum()), mark=(colour, symbol)))
    line = {"color": palette(dark=dark).line, "width": 1, "dash": "dot"}
    for at in ({"x0": 50, "x1": 50, "y0": 0, "y1": 100}, {"x0": 0, "x1": 100, "y0": 50, "y1": 50}):
        figure.add_shape(type="line", line=line, **at)
    figure.update_xaxes(range=limits)
    figure.update_yaxes(range=limits)
    alt = (
        f"Ranks of {count_text(len(shared))} genes in a published result and here; "
        f"{count_text(int(shared['chosen'].sum()))} are significant there, of which "
        f"{count_text(int(shared['replicates'].sum()))} replicate."
    )
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="bottom right")


def _points(
    shared: pd.DataFrame,
    rows: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    *,
    name: str,
    n: int,
    mark: tuple[str, str],
) -> go.Scatter:
    part = shared.iloc[rows]
    labels = part["symbol"].where(part["symbol"] != "", part["gene"])
    return go.Scatter(
        x=x[rows],
        y=y[rows],
        mode="markers",
        name=f"{name}, n = {count_text(n)}",
        marker={"color": mark[0], "symbol": mark[1], "size": 6},
        text=[
            f"<b>{plain(label)}</b><br>{lfc_text(there)} there, {lfc_text(here)} here"
            for label, there, here in zip(labels, part["published"], part["here"], strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
    )
