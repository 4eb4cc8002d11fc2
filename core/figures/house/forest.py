"""Estimates with their intervals around the line of no difference, one line each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.estimates import around_zero, direction_mark, interval_point
from core.figures.house.theme import empty_figure, finish, plain, wrapped
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
    figure = around_zero(
        [_line(row, -at) for at, (_, row) in enumerate(drawn.iterrows())],
        names=[wrapped(label, width=LABEL_WIDTH) for label in drawn["label"]],
        ends=drawn[["estimate", "low", "high"]],
        margin=0.1,
        room=(1.5 if simulated else 0.7, 0.6),
        x_title=x_title,
        height=100 + ROW_HEIGHT * len(drawn),
        dark=dark,
    )
    return finish(figure, alt=_alt(drawn, what), simulated=simulated, dark=dark)


def _line(row: pd.Series, y: int) -> go.Scatter:
    estimate, low, high = ends = row[["estimate", "low", "high"]].to_numpy(dtype=float)
    interval = "" if np.isnan(low) else f"<br>95 % interval {lfc_text(low)} to {lfc_text(high)}"
    hover = f"<b>{plain(row['label'])}</b><br>{lfc_text(estimate)}{interval}{_size(row)}"
    return interval_point(ends, y, marker=direction_mark(*ends, size=10), hover=hover)


def _size(row: pd.Series) -> str:
    return f"<br>n = {count_text(int(row['n']))}" if "n" in row and not pd.isna(row["n"]) else ""


def _alt(drawn: pd.DataFrame, what: str) -> str:
    parts = [
        f"{row['label']} {lfc_text(row['estimate'])}"
        + ("" if pd.isna(row["low"]) else f" ({lfc_text(row['low'])} to {lfc_text(row['high'])})")
        for _, row in drawn.iterrows()
    ]
    return f"{what}, with 95 % intervals: {'; '.join(parts)}."
