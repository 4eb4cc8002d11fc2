"""How estimates with their intervals are drawn: side by side, one named line each, around no difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from core.figures.house.theme import DOWN, GREY, UP, named_places, new_figure, palette

Numbers = Sequence[float] | NDArray[np.float64]


def direction_mark(estimate: float, low: float, high: float, *, size: float) -> dict[str, Any]:
    """Return the mark of a difference: coloured and pointing its way where the interval leaves 0 out."""
    colour, symbol = GREY, "circle"
    if low > 0 or high < 0:
        colour, symbol = (UP, "triangle-up") if estimate > 0 else (DOWN, "triangle-down")
    return {"color": colour, "symbol": symbol, "size": size}


def error_bar(
    estimate: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    colour: str,
    thickness: float = 2,
    width: float = 4,
) -> dict[str, object]:
    """Return plotly's error bar for an interval; on a side whose end is missing it has no length.

    Parameters
    ----------
    estimate, low, high : array-like
        One number, or as many as the trace has points.
    colour : str
        Of the bar.
    thickness, width : float
        Of the line, and of half its end, in pixels.
    """
    middle, lower, upper = (np.atleast_1d(np.asarray(part, dtype=float)) for part in (estimate, low, high))
    return {
        "type": "data",
        "symmetric": False,
        "array": [0.0 if np.isnan(length) else float(length) for length in upper - middle],
        "arrayminus": [0.0 if np.isnan(length) else float(length) for length in middle - lower],
        "color": colour,
        "thickness": thickness,
        "width": width,
    }


def interval_point(
    ends: Numbers,
    y: float,
    *,
    marker: dict[str, Any],
    hover: str,
    mode: str = "markers",
    thickness: float = 2,
    width: float = 4,
    **options: object,
) -> go.Scatter:
    """Return one estimate with its interval, in the colour of its mark, on the line at `y`.

    Parameters
    ----------
    ends : sequence of float
        Estimate and both ends of its interval.
    y : float
        Place of the line.
    marker : dict
        Plotly's marker, with its ``color``.
    hover : str
        What is told of it.
    mode, thickness, width, options
        Of the trace, and of its error bar.
    """
    bar = error_bar(*ends, colour=marker["color"], thickness=thickness, width=width)
    return go.Scatter(
        x=[ends[0]],
        y=[y],
        mode=mode,
        marker=marker,
        error_x=bar,
        hovertemplate=f"{hover}<extra></extra>",
        **options,
    )


def around_zero(
    points: Sequence[go.Scatter],
    *,
    names: Sequence[str],
    ends: pd.DataFrame,
    margin: float,
    room: tuple[float, float],
    x_title: str,
    height: int,
    dark: bool,
    places: Numbers | None = None,
) -> go.Figure:
    """Return differences, one named line each, around the line of no difference.

    Parameters
    ----------
    points : sequence of plotly.graph_objects.Scatter
        The differences.
    names, room, places
        As `name_rows` takes them; `room` is below and above.
    ends, margin
        As `fit_around_zero` takes them.
    x_title, height, dark
        As `core.figures.house.theme.new_figure` takes them.
    """
    figure = new_figure(dark=dark, x_title=x_title, y_title="", height=height)
    figure.add_vline(x=0, line={"color": palette(dark=dark).line, "width": 1})
    figure.add_traces(points)
    fit_around_zero(figure, ends, margin=margin)
    name_rows(figure, names, below=room[0], above=room[1], places=places)
    figure.update_layout(showlegend=False)
    return figure


def name_rows(
    figure: go.Figure,
    names: Sequence[str],
    *,
    below: float,
    above: float = 0.6,
    places: Numbers | None = None,
) -> None:
    """Name lines on the y axis, at 0, −1, −2, … or at other places.

    Parameters
    ----------
    names : sequence of str
        Top to bottom, as plotly's pseudo-HTML.
    below, above : float
        How far the axis goes on under the last and over the first line, in lines.
    places : sequence of float, optional
        Where the lines are, if not at 0, −1, −2, …
    """
    at = [-number for number in range(len(names))] if places is None else places
    style = named_places(names, at, showgrid=False, showline=False)
    figure.update_yaxes(range=[float(min(at)) - below, above], **style)


def fit_around_zero(figure: go.Figure, ends: pd.DataFrame, *, margin: float) -> None:
    """Fit the x axis to numbers and to 0, with a margin on both sides as a share of their span."""
    values = ends.to_numpy(dtype=float)
    low, high = min(0.0, float(np.nanmin(values))), max(0.0, float(np.nanmax(values)))
    room = margin * max(high - low, 0.1)
    figure.update_xaxes(range=[low - room, high + room], showgrid=True, fixedrange=True)
