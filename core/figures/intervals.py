"""Fold changes with their intervals, one line each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.theme import DOWN, GREY, UP, empty_figure, finish, look, new_figure, plain, wrapped
from core.figures.words import change_text, lfc_text

NOTHING = "This gene has no fold change: it was not tested."
ROW_HEIGHT = 46


def fold_change_interval(
    rows: pd.DataFrame, *, contrast: tuple[str, str], simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw estimates with their 95 % intervals around the line of no difference.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``estimate``, ``low``, ``high`` (log2 fold changes), top to bottom. A row
        whose interval is missing is drawn as a point, one without an estimate is left out.
    contrast : tuple of str
        Case and control, as on screen.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    drawn = rows[rows["estimate"].notna()].reset_index(drop=True)
    if drawn.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark, height=160)
    figure = new_figure(
        dark=dark,
        x_title=f"log<sub>2</sub> fold change, {plain(contrast[0])} vs {plain(contrast[1])}",
        y_title="",
        height=124 + ROW_HEIGHT * len(drawn),
    )
    figure.add_vline(x=0, line={"color": look(dark=dark).line, "width": 1})
    for at, row in drawn.iterrows():
        figure.add_trace(_interval(row, -int(str(at)), dark=dark))
    _axes(figure, drawn)
    figure.update_layout(showlegend=False)
    return finish(figure, alt=_alt(drawn, contrast), simulated=simulated, dark=dark, corner="bottom right")


def _interval(row: pd.Series, y: int, *, dark: bool) -> go.Scatter:
    estimate, low, high = (float(row[name]) for name in ("estimate", "low", "high"))
    clear = low > 0 or high < 0
    colour = (UP if estimate > 0 else DOWN) if clear else GREY
    symbol = ("triangle-up" if estimate > 0 else "triangle-down") if clear else "circle"
    return go.Scatter(
        x=[estimate],
        y=[y],
        mode="markers+text",
        text=[f"{lfc_text(estimate)}, {change_text(estimate)}"],
        textposition="top center",
        textfont={"size": 12, "color": look(dark=dark).foreground},
        cliponaxis=False,
        hovertemplate=f"<b>{plain(row['label'])}</b><br>{lfc_text(estimate)}"
        f"<br>95 % interval {lfc_text(low)} to {lfc_text(high)}<extra></extra>",
        name=plain(row["label"]),
        marker={"color": colour, "symbol": symbol, "size": 11},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [0.0 if np.isnan(high) else high - estimate],
            "arrayminus": [0.0 if np.isnan(low) else estimate - low],
            "color": colour,
            "thickness": 2,
            "width": 5,
        },
    )


def _axes(figure: go.Figure, drawn: pd.DataFrame) -> None:
    ends = drawn[["estimate", "low", "high"]].to_numpy(dtype=float)
    low, high = min(0.0, float(np.nanmin(ends))), max(0.0, float(np.nanmax(ends)))
    margin = 0.18 * max(high - low, 0.1)
    figure.update_xaxes(range=[low - margin, high + margin], showgrid=True, fixedrange=True)
    figure.update_yaxes(
        range=[-len(drawn) + 0.05, 0.75],
        tickmode="array",
        tickvals=[-i for i in range(len(drawn))],
        ticktext=[wrapped(label, width=14) for label in drawn["label"]],
        ticks="",
        showgrid=False,
        showline=False,
        fixedrange=True,
    )


def _alt(drawn: pd.DataFrame, contrast: tuple[str, str]) -> str:
    parts = [
        f"{row['label']} {lfc_text(row['estimate'])} ({change_text(row['estimate'])}), "
        f"95 % interval {lfc_text(row['low'])} to {lfc_text(row['high'])}"
        for _, row in drawn.iterrows()
    ]
    return f"log2 fold change, {contrast[0]} vs {contrast[1]}: {'; '.join(parts)}."
