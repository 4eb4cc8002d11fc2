"""Every sample of a cohort as a point: principal components, depth, sex, cell scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.theme import (
    CASE,
    CONTROL,
    empty_figure,
    finish,
    new_figure,
    palette,
    plain,
    range_below_mark,
    ring,
)
from core.figures.house.words import MISSING, count_text
from core.figures.pathways.heatmap import LEVELS

FEW_DECADES = 1.6
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x", "star", "hexagon", "triangle-down")
MOST_LEVELS = len(LEVELS)


@dataclass(frozen=True)
class Axes:
    """What the two axes show, with units, as plotly's pseudo-HTML; and whether they are logarithmic."""

    x: str
    y: str
    log_x: bool = False
    log_y: bool = False


def sample_points(
    points: pd.DataFrame,
    *,
    axes: Axes,
    colour: str,
    groups: tuple[str, str] | None = None,
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw samples by two numbers, coloured by anything known of them, flagged ones ringed.

    Parameters
    ----------
    points : pandas.DataFrame
        ``x``, ``y``, ``colour`` (numbers or text, missing allowed) and ``flag`` (words, "" for none).
        The index is neither needed nor shown.
    axes : Axes
        What is shown.
    colour : str
        What the colour means.
    groups : tuple of str, optional
        Case and control, if the colour is the group.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    drawn = points[points[["x", "y"]].notna().all(axis=1)]
    if drawn.empty:
        return empty_figure("No sample has both values.", simulated=simulated, dark=dark)
    figure = new_figure(dark=dark, x_title=axes.x, y_title=axes.y, height=430)
    if pd.api.types.is_numeric_dtype(drawn["colour"]) and drawn["colour"].nunique() > 2:
        figure.add_trace(_by_number(drawn, colour, dark=dark))
    else:
        for trace in _by_level(drawn, groups, dark=dark):
            figure.add_trace(trace)
    flagged = drawn[drawn["flag"] != ""]
    if len(flagged):
        figure.add_trace(ring(flagged, size=14, width=1.6, dark=dark))
    if axes.log_x:
        figure.update_xaxes(type="log", dtick=_tick(drawn["x"]))
    if axes.log_y:
        figure.update_yaxes(type="log", dtick=_tick(drawn["y"]))
    if simulated and (not axes.log_y or (drawn["y"] > 0).any()):
        figure.update_yaxes(range=range_below_mark(drawn["y"], log=axes.log_y))
    alt = (
        f"{count_text(len(drawn))} samples by {_words(axes.x)} and {_words(axes.y)}, coloured by {colour}; "
        f"{count_text(len(flagged))} of them are ringed because they deserve a second look."
    )
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="top right")


def _tick(values: pd.Series) -> int | str:
    """Return the ticks of a logarithmic axis: 1, 2 and 5 of each decade where there are few decades."""
    positive = values[values > 0]
    narrow = positive.empty or float(np.log10(positive.max() / positive.min())) < FEW_DECADES
    return "D2" if narrow else 1


def _words(title: str) -> str:
    return title.split("<")[0].split(",")[0].strip()


def _hover(part: pd.DataFrame, name: str) -> list[str]:
    return [f"{name}{f'<br>{plain(flag)}' if flag else ''}" for flag in part["flag"]]


def _by_number(drawn: pd.DataFrame, colour: str, *, dark: bool) -> go.Scatter:
    values = drawn["colour"].astype(float)
    return go.Scatter(
        x=drawn["x"].astype(np.float32),
        y=drawn["y"].astype(np.float32),
        mode="markers",
        name=f"{plain(colour)}, n = {count_text(len(drawn))}",
        showlegend=True,
        text=[f"{plain(colour)} {'missing' if np.isnan(v) else format(v, '.3g')}" for v in values],
        hovertemplate="%{text}<extra></extra>",
        marker={
            "color": values,
            "colorscale": "Cividis",
            "size": 7,
            "opacity": 0.85,
            "colorbar": {"thickness": 10, "len": 0.6, "outlinewidth": 0, "tickfont": {"size": 11}},
            "line": {"width": 0.5, "color": palette(dark=dark).paper},
        },
    )


def _by_level(drawn: pd.DataFrame, groups: tuple[str, str] | None, *, dark: bool) -> list[go.Scatter]:
    names = drawn["colour"].astype(object).where(drawn["colour"].notna(), MISSING).astype(str)
    # By name where equally common: the order of a set differs from one process to the next.
    known = sorted(set(names) - {MISSING}, key=lambda name: (-int((names == name).sum()), name))
    # What does not fit into the palette is drawn together.
    others = set(known[MOST_LEVELS - 1 :]) if len(known) > MOST_LEVELS else set()
    names = names.where(~names.isin(others), "others")
    order = sorted(set(names), key=lambda name: (name == MISSING, name == "others", name))
    traces = []
    for at, name in enumerate(order):
        part = drawn[names == name]
        label = f"{plain(name)}, n = {count_text(len(part))}"
        traces.append(
            go.Scatter(
                x=part["x"].astype(np.float32),
                y=part["y"].astype(np.float32),
                mode="markers",
                name=label,
                showlegend=True,
                text=_hover(part, plain(name)),
                hovertemplate="%{text}<extra></extra>",
                marker=_mark(name, at, groups, dark=dark),
            )
        )
    return traces


def _mark(name: str, at: int, groups: tuple[str, str] | None, *, dark: bool) -> dict[str, object]:
    colour, symbol = LEVELS[at % len(LEVELS)], SYMBOLS[at % len(SYMBOLS)]
    if groups and name in groups:
        colour, symbol = (CASE, "diamond") if name == groups[0] else (CONTROL, "circle")
    if name == MISSING:
        colour, symbol = palette(dark=dark).line, "circle-open"
    return {"color": colour, "symbol": symbol, "size": 7, "opacity": 0.8, "line": {"width": 0}}
