"""Map of gene sets: those that share genes lie near each other and are joined."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.house.labels import Label, place
from core.figures.house.theme import (
    DOWN,
    GREY,
    UP,
    empty_figure,
    finish,
    new_figure,
    palette,
    plain,
    rgba,
    ring,
)
from core.figures.house.words import count_text, p_text
from core.figures.pathways.words import set_label, short_label

NOTHING = "No set is significant, so there is no map to draw."
MOST_NAMES = 10
NAME_WIDTH = 22
"""Characters of a name before it breaks."""
SIDES = {"up": ("Higher", UP), "down": ("Lower", DOWN), "both": ("Either direction", GREY)}


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
    for side in SIDES:
        for held in (True, False):
            _marks(figure, sets, side=side, held=held, case=case)
    chosen = sets[sets["key"] == selected]
    if len(chosen):
        figure.add_trace(ring(chosen, size=30, width=1.5, dark=dark))
    _names(figure, sets, selected=selected, dark=dark)
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


def _marks(figure: go.Figure, sets: pd.DataFrame, *, side: str, held: bool, case: str) -> None:
    part = sets[(sets["direction"] == side) & ((sets["flag"] == "") == held)]
    if part.empty:
        return
    word, colour = SIDES[side]
    symbol = {"up": "triangle-up", "down": "triangle-down"}.get(side, "circle")
    where = f" in {plain(case)}" if side != "both" else ""
    figure.add_scatter(
        x=part["x"],
        y=part["y"],
        mode="markers",
        name=f"{word}{where}{'' if held else ', only because its genes move together'}",
        customdata=part["key"].to_list(),
        text=[_hover(row) for _, row in part.iterrows()],
        hovertemplate="%{text}<extra></extra>",
        marker={
            "color": colour,
            "symbol": symbol if held else f"{symbol}-open",
            "size": np.clip(8 + 4 * np.sqrt(part["others"].to_numpy(float)), 8, 34),
            "line": {"width": 0 if held else 1.5},
            "opacity": 0.9,
        },
        unselected={"marker": {"opacity": 0.9}},
    )


def _hover(row: pd.Series) -> str:
    others = int(row["others"])
    stands = f"<br>stands for {count_text(others)} more" if others else ""
    return (
        f"<b>{plain(set_label(row['set']))}</b><br>{plain(row['collection'])}, {int(row['size'])} genes"
        f"<br>p = {p_text(row['pvalue'])}<br>adjusted p = {p_text(row['padj'])}{stands}"
    )


def _names(figure: go.Figure, sets: pd.DataFrame, *, selected: str, dark: bool) -> None:
    """Name the set in focus, then those that stand for most, as far as there is room."""
    first = (sets["key"] != selected).to_numpy()
    order = np.lexsort((np.arange(len(sets)), -sets["others"].to_numpy(), first))[:MOST_NAMES]
    colours = palette(dark=dark)
    rows = {}
    labels = []
    for index in order:
        row = sets.iloc[int(index)]
        name = "\n".join(textwrap.wrap(short_label(row["set"]), NAME_WIDTH))
        label = Label(name, (row["x"] + 1.15) / 2.3, (row["y"] + 1.15) / 2.3)
        rows[id(label)] = row
        labels.append(label)
    for spot in place(labels, needed=int((~first).any())):
        row = rows[id(spot.label)]
        figure.add_annotation(
            name="set",
            x=float(row["x"]),
            y=float(row["y"]),
            ax=spot.dx,
            ay=spot.dy,
            text=plain(spot.label.text).replace("\n", "<br>"),
            arrowhead=0,
            arrowwidth=0.8,
            arrowcolor=colours.line,
            standoff=4,
            bgcolor=colours.mark,
            borderpad=0,
            font={"size": 11, "color": colours.foreground},
        )


def _alt(sets: pd.DataFrame, case: str) -> str:
    up, down = (int((sets["direction"] == side).sum()) for side in ("up", "down"))
    largest = sets.sort_values(["others", "pvalue"], ascending=[False, True], kind="stable").head(3)
    return (
        f"Map of {count_text(len(sets))} gene sets that stand for {count_text(int(sets['others'].sum()))} "
        f"more with which they overlap: {count_text(up)} higher and {count_text(down)} lower in {case}. The "
        f"largest groups are led by {', '.join(map(set_label, largest['set']))}."
    )
