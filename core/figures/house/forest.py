"""Estimates with their intervals around the line of no difference, one line each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.estimates import direction_mark, error_bar, fit_around_zero, name_rows
from core.figures.house.theme import empty_figure, finish, new_figure, palette, plain, wrapped
from core.figures.house.words import count_text, lfc_text

ROW_HEIGHT = 30
LABEL_WIDTH = 26  # characters before a label breaks


def forest(
    rows: pd.DataFrame,
    *,
    x_title: str,
    what: str,
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw estimates with their 95 % intervals, top to bottom.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``estimate``, ``low``, ``high`` and, if known, ``n``. A row whose interval is missing
        is drawn as a point, one without an estimate is left out.
    x_title : str
        What is estimated, with its unit, as plotly's pseudo-HTML.
    what : str
        The same as the beginning of a sentence, for the text alternative.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    drawn = rows[rows["estimate"].notna()].reset_index(drop=True)
    if drawn.empty:
        return empty_figure("There is nothing to compare.", simulated=simulated, dark=dark, height=160)
    height = 100 + ROW_HEIGHT * len(drawn)
    figure = new_figure(dark=dark, x_title=x_title, y_title="", height=height)
    figure.add_vline(x=0, line={"color": palette(dark=dark).line, "width": 1})
    for at, row in drawn.iterrows():
        figure.add_trace(_line(row, -int(str(at))))
    fit_around_zero(figure, drawn[["estimate", "low", "high"]], margin=0.1)
    names = [wrapped(label, width=LABEL_WIDTH) for label in drawn["label"]]
    name_rows(figure, names, below=1.5 if simulated else 0.7)
    figure.update_layout(showlegend=False)
    return finish(figure, alt=_alt(drawn, what), simulated=simulated, dark=dark)


def _line(row: pd.Series, y: int) -> go.Scatter:
    estimate, low, high = (float(row[name]) for name in ("estimate", "low", "high"))
    mark = direction_mark(estimate, low, high)
    known = not np.isnan(low)
    interval = f"<br>95 % interval {lfc_text(low)} to {lfc_text(high)}" if known else ""
    return go.Scatter(
        x=[estimate],
        y=[y],
        mode="markers",
        hovertemplate=f"<b>{plain(row['label'])}</b><br>{lfc_text(estimate)}{interval}{_size(row)}<extra></extra>",
        marker={"color": mark.colour, "symbol": mark.symbol, "size": 10},
        error_x=error_bar(estimate, low, high, colour=mark.colour),
    )


def _size(row: pd.Series) -> str:
    return f"<br>n = {count_text(int(row['n']))}" if "n" in row and not pd.isna(row["n"]) else ""


def _alt(drawn: pd.DataFrame, what: str) -> str:
    parts = [
        f"{row['label']} {lfc_text(row['estimate'])}"
        + ("" if pd.isna(row["low"]) else f" ({lfc_text(row['low'])} to {lfc_text(row['high'])})")
        for _, row in drawn.iterrows()
    ]
    return f"{what}, with 95 % intervals: {'; '.join(parts)}."
