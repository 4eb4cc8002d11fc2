"""Areas and differences with their intervals, one line each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from core.figures.house.estimates import error_bar, interval_point, name_rows
from core.figures.house.theme import GREY, empty_figure, finish, new_figure, palette, plain, wrapped
from core.figures.models.parts import ACCENT, interval_text, row_text

NOTHING = "No model has predictions, so there is nothing to compare."
ROW = 44


class Series(NamedTuple):
    """One way of estimating: its columns, name, symbol, and how far it stands off the line's middle."""

    value: str
    name: str
    symbol: str
    shift: float


AREAS = (
    Series("auc", "cross-validation", "circle", 0.14),
    Series("centre_auc", "centre left out", "diamond-open", -0.14),
    Series("external_auc", "other cohort", "square-open", -0.36),
)


def area_forest(
    rows: pd.DataFrame, *, n: int, focus: str = "", simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw the area under the curve of every model, cross-validated and by centres left out.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``model``, ``title``, ``baseline`` and for each of `AREAS` the value with ``_lower`` and ``_upper``;
        one row per model, drawn from top to bottom.
    n : int
        Patients.
    focus : str
        Key of the model in focus.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    drawn = rows[rows["auc"].notna()].reset_index(drop=True)
    if drawn.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    own = [model == focus for model in drawn["model"]]
    figure = _canvas(drawn["title"], x_title="AUC", at=0.5, dark=dark, focus=own)
    for series in AREAS:
        shown = drawn[drawn[series.value].notna()]
        for baseline in (True, False):
            part = shown[shown["baseline"] == baseline]
            if not part.empty:
                figure.add_trace(_points(part, series, colour=GREY if baseline else ACCENT, n=n))
    figure.update_xaxes(range=_range(drawn, [s.value for s in AREAS], start=0.5))
    parts = [
        f"{row['title']} {row_text(row, 'auc')}"
        + ("" if math.isnan(row["centre_auc"]) else f", between centres {row_text(row, 'centre_auc')}")
        for _, row in drawn.iterrows()
    ]
    return finish(figure, alt=f"AUC of each model: {'; '.join(parts)}.", simulated=simulated, dark=dark)


def _points(part: pd.DataFrame, series: Series, *, colour: str, n: int) -> go.Scatter:
    kind = "baselines" if colour == GREY else "models with genes"
    middle = part[series.value]
    return go.Scatter(
        x=middle,
        y=[-at + series.shift for at in part.index],
        mode="markers",
        name=f"{kind}, {series.name}, n = {n}",
        hovertemplate="%{text}<extra></extra>",
        text=[
            f"<b>{plain(row['title'])}</b><br>{series.name}: {row_text(row, series.value)}"
            for _, row in part.iterrows()
        ],
        marker={"color": colour, "symbol": series.symbol, "size": 10, "line": {"width": 2}},
        error_x=error_bar(
            middle, part[f"{series.value}_lower"], part[f"{series.value}_upper"], colour=colour
        ),
    )


def difference_forest(
    rows: pd.DataFrame,
    *,
    value: str,
    axis: str,
    better: str,
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw paired differences between models around the line of no difference.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label`` and `value` with ``_lower`` and ``_upper``.
    value : str
        Column drawn.
    axis : str
        Its name.
    better : str
        Which side is better, in words, for the text alternative.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    drawn = rows[rows[value].notna()].reset_index(drop=True)
    if drawn.empty:
        return empty_figure("There is no baseline to compare with.", simulated=simulated, dark=dark)
    figure = _canvas(drawn["label"], x_title=wrapped(axis, width=36), at=0.0, dark=dark)
    for at, (_, row) in enumerate(drawn.iterrows()):
        ends = row[[value, f"{value}_lower", f"{value}_upper"]].to_numpy(dtype=float)
        clear = ends[1] > 0 or ends[2] < 0
        colour, symbol = (ACCENT, "circle") if clear else (GREY, "circle-open")
        point = interval_point(
            ends,
            -at,
            marker={"color": colour, "symbol": symbol, "size": 10, "line": {"width": 2}},
            hover=f"{plain(row['label'])}<br>{row_text(row, value)}",
            width=5,
            name=plain(row["label"]),
        )
        figure.add_trace(point)
    figure.update_layout(showlegend=False)
    figure.update_xaxes(range=_range(drawn, [value], start=0.0))
    parts = [f"{row['label']} {row_text(row, value)}" for _, row in drawn.iterrows()]
    alt = f"{axis}, {better}: {'; '.join(parts)}. Filled where the interval leaves 0 out."
    return finish(figure, alt=alt, simulated=simulated, dark=dark)


def subgroup_forest(
    rows: pd.DataFrame, *, overall: float, simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw the area under the curve within subgroups; suppressed ones keep their line with the reason.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``column``, ``level``, ``n``, ``events``, ``auc``, ``lower``, ``upper``, ``suppressed``.
    overall : float
        Area of all patients, drawn as a line.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if rows.empty:
        return empty_figure("No column of sex or centre is known.", simulated=simulated, dark=dark)
    drawn = rows.reset_index(drop=True)
    labels = [f"{r['column']}: {r['level']}, n = {r['n']} ({r['events']} cases)" for _, r in drawn.iterrows()]
    lines = pd.Series([label.replace(", n = ", "\nn = ") for label in labels])
    figure = _canvas(lines, x_title="AUC", at=0.5, dark=dark)
    figure.add_vline(x=overall, line={"color": ACCENT, "width": 1, "dash": "dot"})
    estimated, parts = drawn[drawn["suppressed"] == ""], []
    for at, (label, (_, row)) in enumerate(zip(labels, drawn.iterrows(), strict=True)):
        if row["suppressed"]:
            _note(figure, "not told: " + row["suppressed"], -at, dark=dark)
            parts.append(f"{label}: not told, {row['suppressed']}")
        else:
            figure.add_trace(_subgroup(row, -at))
            parts.append(f"{label}: {interval_text(row['auc'], row['lower'], row['upper'])}")
    figure.update_layout(showlegend=False)
    ends = estimated[["auc", "lower", "upper"]].set_axis(["auc", "auc_lower", "auc_upper"], axis=1)
    figure.update_xaxes(range=_range(ends, ["auc"], start=0.5))
    return finish(figure, alt=f"AUC within subgroups. {'; '.join(parts)}.", simulated=simulated, dark=dark)


def _subgroup(row: pd.Series, y: int) -> go.Scatter:
    ends = row[["auc", "lower", "upper"]].to_numpy(dtype=float)
    marker, name = {"color": ACCENT, "size": 10}, plain(row["level"])
    text = [f"{name}<br>{interval_text(*ends)}"]
    return interval_point(ends, y, marker=marker, hover="%{text}", width=5, name=name, text=text)


def _note(figure: go.Figure, text: str, y: int, *, dark: bool) -> None:
    figure.add_annotation(
        x=0.02,
        xref="paper",
        y=y,
        text=wrapped(text, width=44),
        showarrow=False,
        xanchor="left",
        align="left",
        font={"size": 11, "color": palette(dark=dark).muted},
    )


def _canvas(
    labels: pd.Series, *, x_title: str, at: float, dark: bool, focus: Sequence[bool] = ()
) -> go.Figure:
    """Return a figure with one labelled line per row and the line of no effect."""
    figure = new_figure(dark=dark, x_title=x_title, y_title="", height=150 + ROW * len(labels))
    figure.add_vline(x=at, line={"color": palette(dark=dark).line, "width": 1, "dash": "dash"})
    lines = ["<br>".join(wrapped(part, width=26) for part in label.split("\n")) for label in labels]
    names = [f"<b>{text}</b>" if own else text for text, own in zip_longest(lines, focus)]
    name_rows(figure, names, below=1.2)  # a free line for the mark of simulated data
    figure.update_xaxes(showgrid=True, fixedrange=True)
    return figure


def _range(rows: pd.DataFrame, names: list[str], *, start: float) -> list[float]:
    ends = [start]
    for name in names:
        for part in ("", "_lower", "_upper"):
            if f"{name}{part}" in rows:
                ends += [float(value) for value in rows[f"{name}{part}"] if value == value]
    margin = 0.06 * max(max(ends) - min(ends), 0.05)
    return [min(ends) - margin, max(ends) + margin]
