"""The strength of every gene set in two comparisons, one against the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.theme import (
    GREY,
    empty_figure,
    finish,
    new_figure,
    palette,
    plain,
    rgba,
    ring,
    wrapped,
)
from core.figures.house.words import count_text, p_text
from core.figures.pathways.words import set_label

NOTHING = "The two comparisons have no set in common."
# The two that differ are told apart by shape as well; neither colour means a direction.
KINDS = {
    "neither": ("In neither", rgba(GREY, 0.35), "circle", 4),
    "first": ("Only here", "#8A63B8", "diamond", 7),
    "second": ("Only there", "#C9A227", "square", 7),
    "both": ("In both", "#3F7F5F", "circle", 7),
}


def strength_against(
    table: pd.DataFrame,
    *,
    axes: tuple[str, str],
    selected: str = "",
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw the strength in this comparison against that in another.

    Parameters
    ----------
    table : pandas.DataFrame
        See `core.pathways.reading.compare_results.Agreement`, with ``key``.
    axes : tuple of str
        Titles of both axes.
    selected : str
        Key of the set in focus.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if table.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    figure = new_figure(
        dark=dark, x_title=wrapped(axes[0], width=40), y_title=wrapped(axes[1], width=56), height=520
    )
    reach = 1.06 * float(np.abs(table[["x", "y"]].to_numpy(float)).max() or 1)
    colours = palette(dark=dark)
    line = {"color": colours.line, "width": 1}
    figure.add_shape(type="line", x0=-reach, y0=-reach, x1=reach, y1=reach, line={**line, "dash": "dash"})
    figure.add_hline(y=0, line=line)
    figure.add_vline(x=0, line=line)
    for kind in KINDS:
        _add(figure, table[table["kept"] == kind], kind)
    chosen = table[table["key"] == selected]
    if len(chosen):
        figure.add_trace(ring(chosen, size=16, width=2, dark=dark))
    figure.update_xaxes(range=[-reach, reach], showgrid=True)
    figure.update_yaxes(range=[-reach, reach])
    figure.update_layout(clickmode="event+select", dragmode="zoom")
    return finish(figure, alt=_alt(table, axes), simulated=simulated, dark=dark)


def _add(figure: go.Figure, part: pd.DataFrame, kind: str) -> None:
    label, colour, symbol, size = KINDS[kind]
    figure.add_scatter(
        x=part["x"].to_numpy(np.float32),
        y=part["y"].to_numpy(np.float32),
        mode="markers",
        name=f"{label}, n = {count_text(len(part))}",
        customdata=part["key"].to_list(),
        text=[_hover(row) for row in part.itertuples()] if kind != "neither" else None,
        hovertemplate="%{text}<extra></extra>" if kind != "neither" else None,
        hoverinfo="skip" if kind == "neither" else None,
        marker={"color": colour, "symbol": symbol, "size": size, "line": {"width": 0}},
        unselected={"marker": {"opacity": 1}},
    )


def _hover(row: tuple[object, ...]) -> str:
    name, one, other = (getattr(row, field) for field in ("set", "x_padj", "y_padj"))
    return f"<b>{plain(set_label(name))}</b><br>adjusted p here {p_text(one)}<br>there {p_text(other)}"


def _alt(table: pd.DataFrame, axes: tuple[str, str]) -> str:
    counts = table["kept"].value_counts()
    n = {kind: count_text(int(counts.get(kind, 0))) for kind in KINDS}
    return (
        f"Strength of {count_text(len(table))} gene sets, {axes[0]} against {axes[1]}: {n['both']} are "
        f"significant in both, {n['first']} only in the first, {n['second']} only in the second."
    )
