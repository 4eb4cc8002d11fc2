"""Themes and their parts: how far the two groups are apart, with intervals."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.figures.house.estimates import around_zero, direction_mark, interval_point
from core.figures.house.theme import empty_figure, finish, plain, wrapped
from core.figures.house.words import lfc_text

NOTHING = "No theme has a strength: none of its sets was tested, or the counts are not at hand."
ROW = 30


def theme_strengths(
    rows: pd.DataFrame, *, contrast: tuple[str, str], simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw the strength of each theme and sub-theme with its 95 % interval around the line of no difference.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``theme``, ``sub_theme`` ("" for a theme as a whole), ``difference``, ``lower``, ``upper``
        (residual standard deviations), ``n_sets``; top to bottom. Rows without a
        difference are left out.
    contrast : tuple of str
        Case and control, as on screen.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    drawn = rows[rows["difference"].notna()].reset_index(drop=True)
    if drawn.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark, height=160)
    figure = around_zero(
        [_interval(row, -at) for at, (_, row) in enumerate(drawn.iterrows())],
        names=[
            plain(_name(row)) if row["sub_theme"] else f"<b>{plain(_name(row))}</b>"
            for _, row in drawn.iterrows()
        ],
        ends=drawn[["lower", "upper"]],
        margin=0.08,
        room=(0.6, 1.6 if simulated else 0.6),  # a line of its own for the mark of simulated data
        x_title=wrapped(f"difference of scores, {contrast[0]} vs {contrast[1]}", width=27)
        + "<br>(standard deviations<br>between patients)",
        height=128 + ROW * len(drawn),
        dark=dark,
    )
    return finish(figure, alt=_alt(drawn, contrast), simulated=simulated, dark=dark, corner="top right")


def _interval(row: pd.Series, y: int) -> go.Scatter:
    estimate, low, high = ends = row[["difference", "lower", "upper"]].to_numpy(dtype=float)
    whole = not row["sub_theme"]
    return interval_point(
        ends,
        y,
        marker=direction_mark(*ends, size=12 if whole else 8),
        hover=f"<b>{plain(_name(row))}</b><br>{lfc_text(estimate)} standard deviations"
        f"<br>95 % interval {lfc_text(low)} to {lfc_text(high)}<br>{int(row['n_sets'])} sets tested",
        thickness=2.5 if whole else 1.5,
        name=_name(row),
    )


def _name(row: pd.Series) -> str:
    return str(row["sub_theme"] or row["theme"])


def _alt(drawn: pd.DataFrame, contrast: tuple[str, str]) -> str:
    parts = [
        f"{row['theme']}{', ' + row['sub_theme'] if row['sub_theme'] else ''} {lfc_text(row['difference'])} "
        f"({lfc_text(row['lower'])} to {lfc_text(row['upper'])})"
        for _, row in drawn.iterrows()
    ]
    return (
        f"Strength of themes, {contrast[0]} vs {contrast[1]}, in standard deviations between patients, with "
        f"95 % intervals: {'; '.join(parts)}."
    )
