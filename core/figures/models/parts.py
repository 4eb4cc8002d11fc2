"""What the figures of risk models have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.theme import CASE, GREY, palette, plain, rgba
from core.figures.house.words import count_text
from core.words import percent

ACCENT = CASE
"""The model in focus; baselines and references are grey."""
HEIGHT = 360
Numbers = Sequence[float] | pd.Series
NOTHING = "This model has no predictions, so there is nothing to draw."
QUARTERS = [0, 0.25, 0.5, 0.75, 1]


def number_text(value: float, digits: int = 2) -> str:
    """Return a number with true minus; missing is a dash."""
    if math.isnan(value):
        return "–"
    # What rounds to nothing has no sign.
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def interval_text(value: float, lower: float, upper: float, digits: int = 2) -> str:
    """Return ``"0.69 (0.63 to 0.75)"``; without an interval the value alone."""
    text = number_text(value, digits)
    if math.isnan(lower) or math.isnan(upper):
        return text
    return f"{text} ({number_text(lower, digits)} to {number_text(upper, digits)})"


def row_text(row: pd.Series, name: str, digits: int = 2) -> str:
    """Return a column's value with the interval of its columns ``_lower`` and ``_upper``."""
    return interval_text(float(row[name]), float(row[f"{name}_lower"]), float(row[f"{name}_upper"]), digits)


def sizes_text(n: tuple[int, int]) -> str:
    """Return how many cases and controls a curve is drawn from: ``"n = 150 and 143"``."""
    return f"n = {count_text(n[0])} and {count_text(n[1])}"


def percent_axes(figure: go.Figure, *, y: bool = True) -> None:
    """Let axes run from 0 to 100 %."""
    style = {
        "range": [-0.02, 1.02],
        "tickvals": QUARTERS,
        "ticktext": [percent(share) for share in QUARTERS],
        "fixedrange": True,
    }
    figure.update_xaxes(**style)
    if y:
        figure.update_yaxes(**style)


def hatched(shape: str, colour: str, *, size: int) -> dict[str, object]:
    """Return the pattern of a bar: lines of its own colour over its paler ground, seen on a dark page too."""
    return {"shape": shape, "size": size, "solidity": 0.25, "fillmode": "overlay", "fgcolor": colour}


def curve(x: Numbers, y: Numbers, *, name: str, hover: list[str]) -> go.Scatter:
    """Return the line of the model in focus; `name` and `hover` are as plotly reads them."""
    return go.Scatter(
        x=np.asarray(x, dtype=np.float32),
        y=np.asarray(y, dtype=np.float32),
        mode="lines",
        name=name,
        line={"color": ACCENT, "width": 2.5},
        text=hover,
        hovertemplate="%{text}<extra></extra>",
    )


def reference(x: Numbers, y: Numbers, *, name: str, dash: str) -> go.Scatter:
    """Return a grey line to compare with."""
    return go.Scatter(
        x=list(x),
        y=list(y),
        mode="lines",
        name=plain(name),
        hoverinfo="skip",
        line={"color": GREY, "width": 1.5, "dash": dash},
    )


def band(x: pd.Series, lower: pd.Series, upper: pd.Series) -> go.Scatter:
    """Return an interval along a curve as an area."""
    return go.Scatter(
        x=[*x, *x[::-1]],
        y=[*lower, *upper[::-1]],
        mode="lines",
        fill="toself",
        fillcolor=rgba(ACCENT, 0.18),
        line={"width": 0},
        hoverinfo="skip",
        name="95 % interval",
    )


def chosen(x: float, y: float, *, name: str, dark: bool) -> go.Scatter:
    """Return the mark of the chosen cut-off on a curve."""
    return go.Scatter(
        x=[x],
        y=[y],
        mode="markers",
        name=plain(name),
        hovertemplate=f"{plain(name)}<br>%{{x:.0%}}, %{{y:.0%}}<extra></extra>",
        marker={
            "color": palette(dark=dark).paper,
            "size": 13,
            "symbol": "diamond",
            "line": {"color": palette(dark=dark).foreground, "width": 2.5},
        },
    )


def cutoff_line(figure: go.Figure, cutoff: float, *, dark: bool, height: float = 1) -> None:
    """Draw the chosen cut-off as a vertical line, its label under a height in shares of the panel's."""
    figure.add_vline(
        x=cutoff,
        line={"color": palette(dark=dark).foreground, "width": 1.5, "dash": "dot"},
        annotation={
            "text": f"cut-off {percent(cutoff)}",
            "font": {"size": 11, "color": palette(dark=dark).foreground},
            "yanchor": "bottom",
            "y": height,
            "yref": "y domain",
            "xanchor": "left" if cutoff < 0.6 else "right",
            "showarrow": False,
            "yshift": -16,
        },
    )
