"""How estimates with their intervals are drawn: side by side, one named line each, around no difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from core.figures.house.theme import DOWN, GREY, UP


class Mark(NamedTuple):
    """Colour and symbol of an estimate."""

    colour: str
    symbol: str


def direction_mark(estimate: float, low: float, high: float) -> Mark:
    """Return the mark of a difference: coloured and pointing its way where the interval leaves 0 out."""
    if low > 0 or high < 0:
        return Mark(UP, "triangle-up") if estimate > 0 else Mark(DOWN, "triangle-down")
    return Mark(GREY, "circle")


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


def name_rows(figure: go.Figure, names: Sequence[str], *, below: float, above: float = 0.6) -> None:
    """Name lines at y = 0, −1, −2, … on the y axis.

    Parameters
    ----------
    names : sequence of str
        Top to bottom, as plotly's pseudo-HTML.
    below, above : float
        How far the axis goes on under the last and over the first line, in lines.
    """
    figure.update_yaxes(
        range=[1 - len(names) - below, above],
        tickmode="array",
        tickvals=[-at for at in range(len(names))],
        ticktext=list(names),
        ticks="",
        showgrid=False,
        showline=False,
        fixedrange=True,
    )


def fit_around_zero(figure: go.Figure, ends: pd.DataFrame, *, margin: float) -> None:
    """Fit the x axis to numbers and to 0, with a margin on both sides as a share of their span."""
    values = ends.to_numpy(dtype=float)
    low, high = min(0.0, float(np.nanmin(values))), max(0.0, float(np.nanmax(values)))
    room = margin * max(high - low, 0.1)
    figure.update_xaxes(range=[low - room, high + room], showgrid=True, fixedrange=True)
