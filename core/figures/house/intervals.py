"""Fold changes with their intervals, one line each."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.figures.house.estimates import direction_mark, error_bar, fit_around_zero, name_rows
from core.figures.house.theme import empty_figure, finish, new_figure, palette, plain, wrapped
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
    figure = new_figure(
        dark=dark,
        x_title=f"log<sub>2</sub> fold change, {plain(contrast[0])} vs {plain(contrast[1])}",
        y_title="",
        height=124 + ROW_HEIGHT * len(drawn),
    )
    figure.add_vline(x=0, line={"color": palette(dark=dark).line, "width": 1})
    for at, row in drawn.iterrows():
        figure.add_trace(_interval(row, -int(str(at)), dark=dark))
    fit_around_zero(figure, drawn[["estimate", "low", "high"]], margin=0.18)
    name_rows(figure, [wrapped(label, width=14) for label in drawn["label"]], below=0.95, above=0.75)
    figure.update_layout(showlegend=False)
    return finish(figure, alt=_alt(drawn, contrast), simulated=simulated, dark=dark, corner="bottom right")


def _interval(row: pd.Series, y: int, *, dark: bool) -> go.Scatter:
    estimate, low, high = (float(row[name]) for name in ("estimate", "low", "high"))
    mark = direction_mark(estimate, low, high)
    return go.Scatter(
        x=[estimate],
        y=[y],
        mode="markers+text",
        text=[f"{lfc_text(estimate)}, {change_text(estimate)}"],
        textposition="top center",
        textfont={"size": 12, "color": palette(dark=dark).foreground},
        cliponaxis=False,
        hovertemplate=f"<b>{plain(row['label'])}</b><br>{lfc_text(estimate)}"
        f"<br>95 % interval {lfc_text(low)} to {lfc_text(high)}<extra></extra>",
        name=plain(row["label"]),
        marker={"color": mark.colour, "symbol": mark.symbol, "size": 11},
        error_x=error_bar(estimate, low, high, colour=mark.colour, width=5),
    )


def _alt(drawn: pd.DataFrame, contrast: tuple[str, str]) -> str:
    parts = [
        f"{row['label']} {lfc_text(row['estimate'])} ({change_text(row['estimate'])}), "
        f"95 % interval {lfc_text(row['low'])} to {lfc_text(row['high'])}"
        for _, row in drawn.iterrows()
    ]
    return f"log2 fold change, {contrast[0]} vs {contrast[1]}: {'; '.join(parts)}."
