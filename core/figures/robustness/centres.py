"""How far each centre points the way of the others, beside what random parts of its size do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.estimates import error_bar, name_rows
from core.figures.house.forest import LABEL_WIDTH
from core.figures.house.theme import (
    CASE,
    GREY,
    empty_figure,
    finish,
    new_figure,
    palette,
    plain,
    rgba,
    wrapped,
)
from core.figures.house.words import count_text
from core.words import percent

ROW_HEIGHT = 34
CHANCE = 0.5
TICKS = np.arange(0, 1.01, 0.1)


def direction_forest(
    rows: pd.DataFrame, *, n_parts: int, simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw the share of genes that point the same way in each centre alone.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``estimate``, ``low``, ``high`` (shares with 95 % interval), ``n`` (samples) and
        ``expected_low``, ``expected_high`` (what random parts of the same size give; may be missing),
        top to bottom. A row without an estimate is left out.
    n_parts : int
        Random parts.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    drawn = rows[rows["estimate"].notna()].reset_index(drop=True)
    if drawn.empty:
        return empty_figure("There is nothing to compare.", simulated=simulated, dark=dark, height=160)
    colours = palette(dark=dark)
    figure = new_figure(
        dark=dark,
        x_title="genes of the same direction<br>in the centre alone",
        y_title="",
        height=166 + ROW_HEIGHT * len(drawn),
    )
    figure.add_vline(x=CHANCE, line={"color": colours.line, "width": 1, "dash": "dash"})
    places = [-at for at in range(len(drawn))]
    figure.add_trace(_random_parts(drawn, places))
    figure.add_scatter(
        x=drawn["estimate"],
        y=places,
        mode="markers",
        name="this centre alone, 95 % interval",
        marker={"color": CASE, "size": 9},
        error_x=error_bar(drawn["estimate"], drawn["low"], drawn["high"], colour=CASE),
        text=[_told(row) for _, row in drawn.iterrows()],
        hovertemplate="%{text}<extra></extra>",
    )
    name_rows(figure, [wrapped(label, width=LABEL_WIDTH) for label in drawn["label"]], below=1.6)
    ends = drawn[["low", "expected_low"]].to_numpy(dtype=float)
    figure.update_xaxes(
        range=[min(CHANCE, float(np.nanmin(ends))) - 0.03, 1.02],
        tickvals=TICKS,
        ticktext=[percent(tick) for tick in TICKS],
        showgrid=True,
        fixedrange=True,
    )
    figure.update_layout(showlegend=True)
    return finish(figure, alt=_alt(drawn, n_parts), simulated=simulated, dark=dark, corner="bottom right")


def _random_parts(drawn: pd.DataFrame, places: list[int]) -> go.Scatter:
    """Return the ranges as one trace of separate thick lines."""
    ends = drawn[["expected_low", "expected_high"]].to_numpy(dtype=float)
    gaps = np.full((len(drawn), 1), np.nan)
    return go.Scatter(
        x=np.hstack([ends, gaps]).ravel(),
        y=np.repeat(np.array(places, dtype=float), 3),
        mode="lines",
        name="random parts of its size, nine in ten",
        line={"color": rgba(GREY, 0.4), "width": 12},
        hoverinfo="skip",
    )


def _told(row: pd.Series) -> str:
    share, parts = _numbers(row)
    return (
        f"<b>{plain(row['label'])}</b><br>same direction {share}<br>random parts {parts}"
        f"<br>n = {count_text(int(row['n']))}"
    )


def _numbers(row: pd.Series) -> tuple[str, str]:
    share = f"{percent(row['estimate'])} ({percent(row['low'])} to {percent(row['high'])})"
    if pd.isna(row["expected_low"]):
        return share, "unknown"
    return share, f"{percent(row['expected_low'])} to {percent(row['expected_high'])}"


def _alt(drawn: pd.DataFrame, n_parts: int) -> str:
    numbers = [(row["label"], *_numbers(row)) for _, row in drawn.iterrows()]
    parts = [f"{label} {share}, random parts {random}" for label, share, random in numbers]
    return (
        "Share of genes of the same direction in each centre alone, with 95 % intervals, and in "
        f"{n_parts} random parts of its size (nine in ten of them); chance gives half: {'; '.join(parts)}."
    )
