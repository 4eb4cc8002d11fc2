"""Predicted against observed risk, and who gets which risk."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.estimates import error_bar
from core.figures.house.theme import CASE, CONTROL, empty_figure, finish, new_figure, plain, rgba
from core.figures.house.words import count_text
from core.figures.models.parts import (
    ACCENT,
    HEIGHT,
    NOTHING,
    cutoff_line,
    hatched,
    interval_text,
    percent_axes,
    reference,
)
from core.words import percent


def calibration_figure(
    rows: pd.DataFrame,
    *,
    risks: pd.DataFrame,
    slope: tuple[float, float, float],
    case: str,
    cutoff: float,
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw the share of cases observed in groups of like risk, over a histogram of the risks.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``n``, ``events``, ``predicted``, ``observed``, ``lower``, ``upper``.
    risks : pandas.DataFrame
        ``y`` and ``p`` of every patient.
    slope : tuple of float
        Calibration slope with the ends of its interval.
    case : str
        Name of the cases.
    cutoff : float
        Chosen cut-off.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if rows.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    name = plain(case)
    figure = new_figure(
        dark=dark,
        x_title=f"predicted risk of {name}",
        y_title=f"observed share of {name}",
        height=HEIGHT + 100,
    )
    figure.add_trace(reference([0, 1], [0, 1], name="predicted = observed", dash="dot"))
    figure.add_trace(_groups(rows, name, slope))
    tallest = _histogram(figure, risks, bins=25)
    cutoff_line(figure, cutoff, dark=dark, height=0)  # between the two panels, where nothing is drawn
    percent_axes(figure)
    _stack(figure, tallest=tallest)
    alt = _alt(rows, case=case, slope=slope)
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="top left")


def _stack(figure: go.Figure, *, tallest: int) -> None:
    """Place the histogram, whose bars reach `tallest`, below the curve on the same x axis."""
    figure.update_layout(
        yaxis={"domain": [0.3, 1]},
        yaxis2={
            "domain": [0, 0.22],
            "range": [0, 1.15 * tallest],
            "anchor": "x",
            "title": {"text": "patients", "font": {"size": 12}},
            "showgrid": False,
            "fixedrange": True,
            "nticks": 3,
            "tickfont": {"size": 11},
            "automargin": True,
            "zeroline": False,
        },
        xaxis={"anchor": "y2"},
        barmode="overlay",
        bargap=0,
    )


def _groups(rows: pd.DataFrame, name: str, slope: tuple[float, float, float]) -> go.Scatter:
    hover = [
        f"{count_text(int(r['n']))} patients, {count_text(int(r['events']))} {name}<br>predicted "
        f"{percent(r['predicted'])}<br>observed {percent(r['observed'])}, 95 % interval "
        f"{percent(r['lower'])} to {percent(r['upper'])}"
        for _, r in rows.iterrows()
    ]
    return go.Scatter(
        x=rows["predicted"],
        y=rows["observed"],
        mode="lines+markers",
        name=f"slope {interval_text(*slope)}<br>n = {count_text(int(rows['n'].sum()))} in {len(rows)} groups",
        text=hover,
        hovertemplate="%{text}<extra></extra>",
        line={"color": rgba(ACCENT, 0.5), "width": 1.5},
        marker={"color": ACCENT, "size": 9},
        error_y=error_bar(rows["observed"], rows["lower"], rows["upper"], colour=ACCENT, thickness=1.5),
    )


def _histogram(figure: go.Figure, risks: pd.DataFrame, *, bins: int) -> int:
    """Draw cases and controls by risk on the lower axis; return the tallest bar."""
    edges = np.linspace(0, 1, bins + 1)
    tallest = 1
    for value, colour, pattern, label in ((0, CONTROL, "", "others"), (1, CASE, "/", "cases")):
        part = risks.loc[risks["y"] == value, "p"]
        counted, _ = np.histogram(part, bins=edges)
        tallest = max(tallest, int(counted.max()))
        figure.add_bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=counted,
            width=1 / bins,
            yaxis="y2",
            name=f"{label}, n = {count_text(len(part))}",
            marker={
                "color": rgba(colour, 0.55),
                "pattern": hatched(pattern, colour, size=4),
            },
            hovertemplate=f"%{{y}} {label}<extra></extra>",
        )
    return tallest


def _alt(rows: pd.DataFrame, *, case: str, slope: tuple[float, float, float]) -> str:
    outside = int(((rows["lower"] > rows["predicted"]) | (rows["upper"] < rows["predicted"])).sum())
    first, last = rows.iloc[0], rows.iloc[-1]
    return (
        f"Calibration in {len(rows)} groups of like risk, slope {interval_text(*slope)}: of those given "
        f"{percent(first['predicted'])}, {percent(first['observed'])} are {case}; of those given "
        f"{percent(last['predicted'])}, {percent(last['observed'])}. In {outside} of {len(rows)} "
        "groups the interval leaves the predicted risk out."
    )
