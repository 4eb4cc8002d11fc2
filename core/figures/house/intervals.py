"""Fold changes with their intervals, one line each."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.figures.house.estimates import around_zero, direction_mark, interval_point
from core.figures.house.theme import empty_figure, finish, palette, plain, wrapped
from core.figures.house.words import change_text, lfc_text

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
    figure = around_zero(
        [_interval(row, -at, dark=dark) for at, (_, row) in enumerate(drawn.iterrows())],
        names=[wrapped(label, width=14) for label in drawn["label"]],
        ends=drawn[["estimate", "low", "high"]],
        margin=0.18,
        room=(0.95, 0.75),
        x_title=f"log<sub>2</sub> fold change, {plain(contrast[0])} vs {plain(contrast[1])}",
        height=124 + ROW_HEIGHT * len(drawn),
        dark=dark,
    )
    return finish(figure, alt=_alt(drawn, contrast), simulated=simulated, dark=dark)


def _interval(row: pd.Series, y: int, *, dark: bool) -> go.Scatter:
    estimate, low, high = ends = row[["estimate", "low", "high"]].to_numpy(dtype=float)
    return interval_point(
        ends,
        y,
        marker=direction_mark(*ends, size=11),
        hover=f"<b>{plain(row['label'])}</b><br>{lfc_text(estimate)}"
        f"<br>95 % interval {lfc_text(low)} to {lfc_text(high)}",
        mode="markers+text",
        width=5,
        text=[f"{lfc_text(estimate)}, {change_text(estimate)}"],
        textposition="top center",
        textfont={"size": 12, "color": palette(dark=dark).foreground},
        cliponaxis=False,
        name=plain(row["label"]),
    )


def _alt(drawn: pd.DataFrame, contrast: tuple[str, str]) -> str:
    parts = [
        f"{row['label']} {lfc_text(row['estimate'])} ({change_text(row['estimate'])}), "
        f"95 % interval {lfc_text(row['low'])} to {lfc_text(row['high'])}"
        for _, row in drawn.iterrows()
    ]
    return f"log2 fold change, {contrast[0]} vs {contrast[1]}: {'; '.join(parts)}."
