"""Map of gene sets: those that share genes lie near each other and are joined."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.house.labels import Label, write_names
from core.figures.house.theme import (
    GREY,
    empty_figure,
    finish,
    new_figure,
    palette,
    rgba,
    ring,
)
from core.figures.house.words import count_text
from core.figures.pathways.sides import parts_of, set_hover
from core.figures.pathways.words import set_label, short_label

NOTHING = "No set is significant, so there is no map to draw."
MOST_NAMES = 10
NAME_WIDTH = 22
"""Characters of a name before it breaks."""


def set_map(
    sets: pd.DataFrame,
    *,
    edges: NDArray[np.intp],
    case: str,
    selected: str = "",
    height: int = 520,
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw representatives as marks, larger the more sets they stand for, joined where they share genes.

    Parameters
    ----------
    sets : pandas.DataFrame, RangeIndex
        ``key``, ``set``, ``collection``, ``direction``, ``flag``, ``pvalue``, ``padj``, ``size``,
        ``others`` (sets it stands for besides itself), ``x``, ``y``; most significant first.
    edges : numpy.ndarray of shape (n_edges, 2)
        Pairs of rows that share genes.
    case : str
        Name of the case group.
    selected : str
        Key of the set in focus.
    height : int
        In pixels.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if sets.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    figure = new_figure(dark=dark, x_title="", y_title="", height=height)
    figure.add_trace(_lines(sets, edges))
    for part, mark in parts_of(sets, case=case, sizes=_sizes, hover=_hover, opacity=0.9):
        figure.add_scatter(x=part["x"], y=part["y"], **mark)
    chosen = sets[sets["key"] == selected]
    if len(chosen):
        figure.add_trace(ring(chosen, size=30, width=1.5, dark=dark))
    write_names(
        figure,
        _labels(sets, selected=selected),
        needed=len(chosen),
        name="set",
        size=11,
        ground=palette(dark=dark).mark,
        dark=dark,
    )
    figure.update_xaxes(visible=False, range=[-1.15, 1.15])
    figure.update_yaxes(visible=False, range=[-1.15, 1.15])
    figure.update_layout(clickmode="event+select", dragmode="pan", margin={"l": 8, "r": 8, "t": 14, "b": 14})
    return finish(figure, alt=_alt(sets, case), simulated=simulated, dark=dark)


def _lines(sets: pd.DataFrame, edges: NDArray[np.intp]) -> go.Scatter:
    x, y = (sets[name].to_numpy(float) for name in ("x", "y"))
    gap = np.full(len(edges), np.nan)
    return go.Scatter(
        x=np.column_stack([x[edges[:, 0]], x[edges[:, 1]], gap]).ravel().astype(np.float32),
        y=np.column_stack([y[edges[:, 0]], y[edges[:, 1]], gap]).ravel().astype(np.float32),
        mode="lines",
        line={"color": rgba(GREY, 0.45), "width": 1},
        hoverinfo="skip",
        name="share genes",
    )


def _hover(row: pd.Series) -> str:
    others = int(row["others"])
    return set_hover(row) + (f"<br>stands for {count_text(others)} more" if others else "")


def _sizes(part: pd.DataFrame) -> np.ndarray:
    return np.asarray(np.clip(8 + 4 * np.sqrt(part["others"].to_numpy(float)), 8, 34))


def _labels(sets: pd.DataFrame, *, selected: str) -> list[Label]:
    """Return the names of the largest groups, the selected one first."""
    first = (sets["key"] != selected).to_numpy()
    order = np.lexsort((np.arange(len(sets)), -sets["others"].to_numpy(), first))[:MOST_NAMES]
    labels = []
    for _, row in sets.iloc[order].iterrows():
        name = "\n".join(textwrap.wrap(short_label(row["set"]), NAME_WIDTH))
        x, y = float(row["x"]), float(row["y"])
        labels.append(Label(name, (x + 1.15) / 2.3, (y + 1.15) / 2.3, at=(x, y)))
    return labels


def _alt(sets: pd.DataFrame, case: str) -> str:
    up, down = (int((sets["direction"] == side).sum()) for side in ("up", "down"))
    largest = sets.sort_values(["others", "pvalue"], ascending=[False, True], kind="stable").head(3)
    return (
        f"Map of {count_text(len(sets))} gene sets that stand for {count_text(int(sets['others'].sum()))} "
        f"more with which they overlap: {count_text(up)} higher and {count_text(down)} lower in {case}. The "
        f"largest groups are led by {', '.join(map(set_label, largest['set']))}."
    )
