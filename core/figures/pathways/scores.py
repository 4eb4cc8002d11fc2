"""Score of one gene set in every patient, by group, with the mean and its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.house.estimates import error_bar
from core.figures.house.theme import (
    CASE,
    CONTROL,
    empty_figure,
    finish,
    named_places,
    new_figure,
    palette,
    plain,
    range_below_mark,
    wrapped,
)
from core.figures.house.words import lfc_text

NOTHING = "No patient has a score for this set."


def set_scores(
    patients: pd.DataFrame,
    *,
    means: pd.DataFrame,
    name: str,
    axis: str = "score of the set (standard deviations)",
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw the score of every patient as a point, with each group's mean and its 95 % interval.

    Parameters
    ----------
    patients : pandas.DataFrame
        ``group`` and ``score``; identifiers are neither needed nor shown.
    means : pandas.DataFrame
        ``group``, ``n``, ``mean``, ``lower``, ``upper``; control first.
    name : str
        The set, as on screen.
    axis : str
        What the score is, with its unit.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if patients.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    figure = new_figure(dark=dark, x_title="", y_title=axis, height=380)
    for at, row in means.reset_index(drop=True).iterrows():
        place = int(str(at))
        values = patients.loc[patients["group"] == row["group"], "score"].to_numpy(float)
        figure.add_trace(_points(values, place, label=str(row["group"]), dark=dark))
        figure.add_trace(_mean(row, place, dark=dark))
    names = [f"{wrapped(row['group'], width=16)}<br>n = {int(row['n'])}" for _, row in means.iterrows()]
    figure.update_xaxes(range=[-0.6, len(means) - 0.4], **named_places(names))
    figure.update_layout(showlegend=False)
    if simulated:
        figure.update_yaxes(range=range_below_mark(patients["score"]))
    return finish(figure, alt=_alt(means, name), simulated=simulated, dark=dark, corner="top right")


def _points(values: NDArray[np.float64], place: int, *, label: str, dark: bool) -> go.Scatter:
    is_case = place > 0
    return go.Scatter(
        x=(place + _offsets(values)).astype(np.float32),
        y=values.astype(np.float32),
        mode="markers",
        name=plain(label),
        hovertemplate="score %{y:.2f}<extra></extra>",
        marker={
            "color": CASE if is_case else CONTROL,
            "symbol": "diamond" if is_case else "circle",
            "size": 6,
            "opacity": 0.75 if dark else 0.55,
            "line": {"width": 0},
        },
    )


def _offsets(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spread points sideways by the golden ratio in order of value: even, and the same every time."""
    offsets = np.empty(len(values))
    offsets[np.argsort(values, kind="stable")] = (np.arange(len(values)) * 0.618034) % 1 - 0.5
    return 0.5 * offsets


def _mean(row: pd.Series, place: int, *, dark: bool) -> go.Scatter:
    mean, low, high = (float(row[name]) for name in ("mean", "lower", "upper"))
    return go.Scatter(
        x=[place],
        y=[mean],
        mode="markers",
        name=f"mean of {plain(row['group'])}",
        hovertemplate=f"mean {lfc_text(mean)}<br>95 % interval {lfc_text(low)} to {lfc_text(high)}"
        "<extra></extra>",
        marker={
            "color": palette(dark=dark).foreground,
            "symbol": "line-ew",
            "size": 34,
            "line": {"width": 3, "color": palette(dark=dark).foreground},
        },
        error_y=error_bar(mean, low, high, colour=palette(dark=dark).foreground, width=10),
    )


def _alt(means: pd.DataFrame, name: str) -> str:
    parts = [
        f"{row['group']} (n = {int(row['n'])}) mean {lfc_text(row['mean'])}, 95 % interval "
        f"{lfc_text(row['lower'])} to {lfc_text(row['upper'])}"
        for _, row in means.iterrows()
    ]
    return f"Score of {name} in every patient by group: {'; '.join(parts)}."
