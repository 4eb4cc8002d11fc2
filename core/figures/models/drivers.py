"""What drives a model, and one patient's prediction taken apart."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.figures.house.estimates import error_bar, name_rows
from core.figures.house.theme import DOWN, GREY, UP, empty_figure, finish, new_figure, palette, plain, wrapped
from core.figures.models.parts import interval_text, number_text, percent_axes
from core.words import percent

ROW = 26


def drivers_figure(
    rows: pd.DataFrame, *, case: str, refits: int, simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw coefficients with their spread over refits; the larger the mark, the more often chosen.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``frequency`` (share of refits), ``coefficient``, ``coefficient_sd``, ``sign_stability``;
        top to bottom.
    case : str
        Name of the cases.
    refits : int
        How many.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    drawn = rows[rows["coefficient"].notna()].reset_index(drop=True)
    if drawn.empty:
        return empty_figure("This model has no coefficients to show.", simulated=simulated, dark=dark)
    figure = _canvas(drawn["label"], x_title=f"change in log odds of {plain(case)} per SD", dark=dark)
    for side, colour, symbol in ((1, UP, "triangle-up"), (-1, DOWN, "triangle-down")):
        part = drawn[drawn["coefficient"] * side > 0]
        if part.empty:
            continue
        figure.add_scatter(
            x=part["coefficient"],
            y=[-at for at in part.index],
            mode="markers",
            name=f"{'raises' if side > 0 else 'lowers'} the risk; ± SD over {refits} refits",
            text=[_driver_hover(row) for _, row in part.iterrows()],
            hovertemplate="%{text}<extra></extra>",
            marker={"color": colour, "symbol": symbol, "size": (5 + 9 * part["frequency"]).tolist()},
            error_x={
                "type": "data",
                "array": part["coefficient_sd"].fillna(0),
                "color": colour,
                "thickness": 1.5,
                "width": 3,
            },
        )
    parts = [
        f"{r['label']} {number_text(r['coefficient'])}, in {percent(r['frequency'])}"
        for _, r in drawn.head(6).iterrows()
    ]
    alt = f"Coefficients over {refits} refits, most often chosen first: {'; '.join(parts)}."
    return finish(figure, alt=alt, simulated=simulated, dark=dark)


def _driver_hover(row: pd.Series) -> str:
    return (
        f"<b>{plain(row['label'])}</b><br>chosen in {percent(row['frequency'])} of refits<br>"
        f"coefficient {number_text(row['coefficient'])} ± {number_text(row['coefficient_sd'])}<br>"
        f"same sign in {percent(row['sign_stability'])}"
    )


def patient_figure(
    rows: pd.DataFrame, *, case: str, repeats: int, simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw what moved one patient's prediction, with its range over refits.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``mean``, ``low``, ``high`` (log odds), top to bottom.
    case : str
        Name of the cases.
    repeats : int
        Refits that predicted this patient.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if rows.empty:
        return empty_figure("This model's predictions cannot be taken apart.", simulated=simulated, dark=dark)
    drawn = rows.reset_index(drop=True)
    figure = _canvas(drawn["label"], x_title=f"pushes the log odds of {plain(case)} by", dark=dark)
    for side, colour, sign in ((1, UP, "▲ towards"), (-1, DOWN, "▼ away from")):
        part = drawn[drawn["mean"] * side > 0]
        if part.empty:
            continue
        figure.add_bar(
            x=part["mean"],
            y=[-at for at in part.index],
            orientation="h",
            name=f"{sign} {plain(case)}; range over {repeats} refits",
            marker={"color": colour, "opacity": 0.7},
            error_x=error_bar(
                part["mean"],
                part["low"],
                part["high"],
                colour=palette(dark=dark).foreground,
                thickness=1.2,
                width=3,
            ),
            text=[interval_text(r["mean"], r["low"], r["high"]) for _, r in part.iterrows()],
            textposition="none",
            hovertemplate="%{text}<extra></extra>",
        )
    parts = [f"{r['label']} {interval_text(r['mean'], r['low'], r['high'])}" for _, r in drawn.iterrows()]
    alt = f"What moved this prediction, in log odds with the range over {repeats} refits: {'; '.join(parts)}."
    return finish(figure, alt=alt, simulated=simulated, dark=dark)


def _canvas(labels: pd.Series, *, x_title: str, dark: bool) -> go.Figure:
    figure = new_figure(dark=dark, x_title=x_title, y_title="", height=166 + ROW * len(labels))
    figure.add_vline(x=0, line={"color": palette(dark=dark).line, "width": 1})
    # A free line for the mark of simulated data.
    name_rows(figure, [wrapped(label, width=24) for label in labels], below=1.9)
    figure.update_yaxes(tickfont_size=11)
    figure.update_xaxes(showgrid=True, fixedrange=True)
    figure.update_layout(bargap=0.35)
    return figure


def spread_figure(
    risks: pd.Series, *, pooled: float, cutoff: float, case: str, simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw one patient's risk in every refit that did not know the patient.

    Parameters
    ----------
    risks : pandas.Series
        Risk in each repeat, at the share of cases on screen.
    pooled : float
        Their mean on the logit scale.
    cutoff : float
        As on screen.
    case : str
        Name of the cases.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if risks.empty:
        return empty_figure("This patient has no prediction.", simulated=simulated, dark=dark)
    figure = new_figure(dark=dark, x_title=f"predicted risk of {plain(case)}", y_title="", height=170)
    figure.add_vline(x=cutoff, line={"color": palette(dark=dark).line, "width": 1, "dash": "dot"})
    figure.add_scatter(
        x=risks,
        y=[0.0] * len(risks),
        mode="markers",
        name=f"each of {len(risks)} refits",
        marker={"color": GREY, "symbol": "line-ns-open", "size": 16, "line": {"width": 2}},
        hovertemplate="%{x:.0%}<extra></extra>",
    )
    figure.add_scatter(
        x=[pooled],
        y=[0.0],
        mode="markers",
        name=f"together {percent(pooled)}",
        marker={"color": palette(dark=dark).foreground, "size": 12, "symbol": "diamond"},
        hovertemplate="%{x:.0%}<extra></extra>",
    )
    percent_axes(figure, y=False)
    figure.update_yaxes(visible=False, range=[-1, 1], fixedrange=True)
    low, high = percent(float(risks.min())), percent(float(risks.max()))
    alt = (
        f"One patient's risk of {case}: {percent(pooled)} together, from {low} to {high} over "
        f"{len(risks)} refits; the cut-off is {percent(cutoff)}."
    )
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="top right")
