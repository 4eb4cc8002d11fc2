"""What would speak against a model: permuted labels, too few patients, genes chosen outside the folds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.estimates import interval_point, name_rows
from core.figures.house.theme import GREY, UP, empty_figure, finish, new_figure, palette, rgba
from core.figures.house.words import count_text
from core.figures.models.parts import ACCENT, HEIGHT, band, curve, interval_text, number_text


def permuted_figure(
    areas: pd.Series, *, observed: float, simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw areas after labels changed hands, with the observed one.

    Parameters
    ----------
    areas : pandas.Series
        One per permutation.
    observed : float
        With the true labels, validated once as each permutation is.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if areas.empty:
        return empty_figure("No labels were permuted in this run.", simulated=simulated, dark=dark)
    figure = new_figure(dark=dark, x_title="AUC", y_title="permutations", height=HEIGHT)
    low, high = min(float(areas.min()), observed, 0.4), max(float(areas.max()), observed, 0.6)
    counted, edges = np.histogram(areas, bins=24, range=(low, high))
    figure.add_bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=counted,
        width=np.diff(edges),
        name=f"labels permuted, n = {count_text(len(areas))} times",
        marker={"color": rgba(GREY, 0.6), "line": {"width": 0.5, "color": rgba(GREY, 0.9)}},
        hovertemplate="%{y} permutations<extra></extra>",
    )
    figure.add_scatter(
        x=[observed, observed],
        y=[0, 1.1 * counted.max()],
        mode="lines",
        name=f"true labels, AUC {number_text(observed)}, n = 1 repeat",
        line={"color": ACCENT, "width": 2.5},
        hoverinfo="skip",
    )
    figure.update_layout(bargap=0)
    margin = 0.06 * (high - low)
    figure.update_xaxes(range=[low - margin, high + margin])
    beyond = int((areas >= observed).sum())
    alt = (
        f"AUC after {len(areas)} permutations of the labels: from {number_text(float(areas.min()))} to "
        f"{number_text(float(areas.max()))}, mean {number_text(float(areas.mean()))}. With the true labels "
        f"{number_text(observed)}; {beyond} permutations reach it."
    )
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="top left")


def learning_figure(rows: pd.DataFrame, *, simulated: bool = False, dark: bool = False) -> go.Figure:
    """Draw the area under the curve against the number of patients learnt from.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``n_train``, ``auc``, ``lower``, ``upper``.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if rows.empty:
        return empty_figure("No learning curve was computed in this run.", simulated=simulated, dark=dark)
    figure = new_figure(dark=dark, x_title="patients learnt from", y_title="AUC", height=HEIGHT)
    figure.add_trace(band(rows["n_train"], rows["lower"], rows["upper"]))
    hover = [
        f"{int(r['n_train'])} patients<br>AUC {interval_text(r['auc'], r['lower'], r['upper'])}"
        for _, r in rows.iterrows()
    ]
    line = curve(rows["n_train"], rows["auc"], name=f"AUC, {len(rows)} sizes", hover=hover)
    figure.add_trace(line.update(mode="lines+markers"))
    figure.add_hline(y=0.5, line={"color": palette(dark=dark).line, "width": 1, "dash": "dash"})
    figure.update_xaxes(fixedrange=True, rangemode="tozero")
    figure.update_yaxes(fixedrange=True)
    first, last = rows.iloc[0], rows.iloc[-1]
    alt = "; ".join(
        f"{int(r['n_train'])} patients: {interval_text(r['auc'], r['lower'], r['upper'])}"
        for r in (first, last)
    )
    return finish(figure, alt=f"Learning curve. AUC from {alt}.", simulated=simulated, dark=dark)


def teaching_figure(rows: pd.DataFrame, *, simulated: bool = False, dark: bool = False) -> go.Figure:
    """Draw the honest area beside the one that choosing genes outside the folds would have claimed.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``value``, ``lower``, ``upper``, ``honest`` (bool), top to bottom.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if rows.empty:
        return empty_figure("The comparison was not computed in this run.", simulated=simulated, dark=dark)
    figure = new_figure(dark=dark, x_title="AUC", y_title="", height=200)
    figure.add_vline(x=0.5, line={"color": palette(dark=dark).line, "width": 1, "dash": "dash"})
    for at, (_, row) in enumerate(rows.iterrows()):
        ends = row[["value", "lower", "upper"]].to_numpy(dtype=float)
        colour, symbol = (ACCENT, "circle") if row["honest"] else (UP, "x")
        marker = {"color": colour, "size": 12, "symbol": symbol}
        hover = interval_text(*ends)
        figure.add_trace(interval_point(ends, -at, marker=marker, hover=hover, width=5, showlegend=False))
    name_rows(figure, rows["label"].tolist(), below=0.6)
    figure.update_xaxes(range=[0.4, 1.02], fixedrange=True)
    parts = [f"{r['label']} {interval_text(r['value'], r['lower'], r['upper'])}" for _, r in rows.iterrows()]
    return finish(figure, alt=f"AUC: {'; '.join(parts)}.", simulated=simulated, dark=dark)
