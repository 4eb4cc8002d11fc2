"""Curves of one risk model: ROC, precision and recall, decision curve."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.theme import empty_figure, finish, new_figure, plain
from core.figures.house.words import count_text
from core.figures.models.parts import (
    HEIGHT,
    NOTHING,
    band,
    chosen,
    curve,
    cutoff_line,
    interval_text,
    number_text,
    percent_axes,
    reference,
    sizes_text,
)
from core.words import percent


def roc_figure(
    rows: pd.DataFrame,
    *,
    area: tuple[float, float, float],
    n: tuple[int, int],
    point: tuple[float, float],
    groups: tuple[str, str],
    cutoff: float,
    baseline: pd.DataFrame | None = None,
    baseline_name: str = "",
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw sensitivity against false alarms with the chosen cut-off.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``threshold``, ``fpr``, ``tpr``.
    area : tuple of float
        Area under the curve with the ends of its interval.
    n : tuple of int
        Cases and controls.
    point : tuple of float
        Share of controls and of cases called cases at the cut-off.
    groups : tuple of str
        Names of cases and controls.
    cutoff : float
        Chosen cut-off, as on screen.
    baseline : pandas.DataFrame, optional
        The same of the model compared with, and its name.
    baseline_name : str
        Name of that model.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if len(rows) < 2:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    case, control = map(plain, groups)
    figure = _canvas(f"{control} called {case} (false alarms)", f"{case} found (sensitivity)", dark=dark)
    figure.add_trace(reference([0, 1], [0, 1], name="by chance, AUC 0.50", dash="dot"))
    if baseline is not None and len(baseline):
        figure.add_trace(reference(baseline["fpr"], baseline["tpr"], name=baseline_name, dash="solid"))
    hover = [
        f"cut-off {percent(t) if np.isfinite(t) else 'above all'}<br>{percent(y)} of {case} found"
        f"<br>{percent(x)} of {control} called {case}"
        for t, x, y in rows[["threshold", "fpr", "tpr"]].itertuples(index=False)
    ]
    name = f"AUC {interval_text(*area)}<br>{sizes_text(n)}"
    figure.add_trace(curve(rows["fpr"], rows["tpr"], name=name, hover=hover))
    figure.add_trace(chosen(*point, name=f"cut-off {percent(cutoff)}", dark=dark))
    percent_axes(figure)
    alt = (
        f"ROC curve of {count_text(n[0])} {groups[0]} and {count_text(n[1])} {groups[1]}: area "
        f"{interval_text(*area)}. At the cut-off {percent(cutoff)}, {percent(point[1])} of "
        f"{groups[0]} are found and {percent(point[0])} of {groups[1]} are called {groups[0]}."
    )
    return finish(figure, alt=alt, simulated=simulated, dark=dark)


def precision_recall_figure(
    rows: pd.DataFrame,
    *,
    area: tuple[float, float, float],
    point: tuple[float, float],
    prevalence: float,
    case: str,
    cutoff: float,
    n: tuple[int, int],
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw how many of those called cases are cases, against how many cases are found.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``threshold``, ``recall``, ``precision`` (at `prevalence`).
    area : tuple of float
        Average precision with the ends of its interval.
    point : tuple of float
        Recall and precision at the cut-off; a missing one is not drawn.
    prevalence : float
        Share of cases.
    case : str
        Name of the cases.
    cutoff : float
        Chosen cut-off, as on screen.
    n : tuple of int
        Cases and controls.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if rows.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    name = plain(case)
    figure = _canvas(f"{name} found (recall)", "called rightly (precision)", dark=dark)
    share = f"calling everybody {name}: {percent(prevalence)}"
    figure.add_trace(reference([0, 1], [prevalence, prevalence], name=share, dash="dot"))
    hover = [
        f"cut-off {percent(t)}<br>{percent(x)} of {name} found<br>{percent(y)} of those called so"
        for t, x, y in rows[["threshold", "recall", "precision"]].itertuples(index=False)
    ]
    label = f"average precision {interval_text(*area)}<br>{sizes_text(n)}"
    figure.add_trace(curve(rows["recall"], rows["precision"], name=label, hover=hover))
    if not np.isnan(point).any():
        figure.add_trace(chosen(*point, name=f"cut-off {percent(cutoff)}", dark=dark))
    percent_axes(figure)
    alt = (
        f"Precision against recall where {percent(prevalence)} are {case}: average precision "
        f"{interval_text(*area)}. At the cut-off {percent(cutoff)}, {percent(point[0])} of {case} "
        f"are found, and {percent(point[1])} of those called {case} are."
    )
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="bottom left")


def decision_figure(
    rows: pd.DataFrame,
    *,
    prevalence: float,
    cutoff: float,
    case: str,
    n: tuple[int, int],
    baseline: pd.DataFrame | None = None,
    baseline_name: str = "",
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw net benefit against the cut-off, beside calling everybody and nobody a case.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``threshold``, ``net_benefit``, ``lower``, ``upper``, ``treat_all``.
    prevalence : float
        Share of cases.
    cutoff : float
        Chosen cut-off.
    case : str
        Name of the cases.
    n : tuple of int
        Cases and controls.
    baseline : pandas.DataFrame, optional
        The same of the model compared with.
    baseline_name : str
        Name of that model.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if rows.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    figure = _canvas("cut-off: risk from which one would act", "net benefit per 100 patients", dark=dark)
    at = rows["threshold"]
    figure.add_trace(band(at, 100 * rows["lower"], 100 * rows["upper"]))
    figure.add_trace(reference(at, 100 * rows["treat_all"], name="act on everybody", dash="dash"))
    figure.add_trace(reference([0, 1], [0, 0], name="act on nobody", dash="dot"))
    if baseline is not None and len(baseline):
        figure.add_trace(
            reference(baseline["threshold"], 100 * baseline["net_benefit"], name=baseline_name, dash="solid")
        )
    hover = [
        f"cut-off {percent(t)}<br>net benefit {interval_text(100 * v, 100 * low, 100 * high, 1)}"
        for t, v, low, high in rows[["threshold", "net_benefit", "lower", "upper"]].itertuples(index=False)
    ]
    name = f"act by the model, {sizes_text(n)}"
    figure.add_trace(curve(at, 100 * rows["net_benefit"], name=name, hover=hover))
    cutoff_line(figure, cutoff, dark=dark)
    percent_axes(figure, y=False)
    top = 100 * prevalence
    figure.update_yaxes(range=[-0.35 * top, 1.12 * top], fixedrange=True)
    alt = _decision_alt(rows, cutoff=cutoff, prevalence=prevalence, case=case)
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="bottom left")


def _decision_alt(rows: pd.DataFrame, *, cutoff: float, prevalence: float, case: str) -> str:
    near = rows.iloc[(rows["threshold"] - cutoff).abs().argmin()]
    best = np.maximum(near["treat_all"], 0.0)
    verdict = (
        "more than acting on everybody or nobody"
        if near["lower"] > best
        else "not clearly more than acting on everybody or nobody"
    )
    value, lower, upper = (100 * float(near[name]) for name in ("net_benefit", "lower", "upper"))
    return (
        f"Decision curve where {percent(prevalence)} are {case}: at the cut-off "
        f"{percent(float(near['threshold']))} the net benefit is "
        f"{interval_text(value, lower, upper, 1)} per 100 patients, {verdict} "
        f"({number_text(100 * float(best), 1)})."
    )


def _canvas(x_title: str, y_title: str, *, dark: bool) -> go.Figure:
    return new_figure(dark=dark, x_title=x_title, y_title=y_title, height=HEIGHT + 40)
