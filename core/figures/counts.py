"""How many genes differ at each threshold."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.figures.theme import DOWN, UP, empty_figure, finish, new_figure, plain
from core.figures.words import count_text

NOTHING = "No gene was tested, so there is nothing to count."


def threshold_counts(
    counts: pd.DataFrame, *, case: str, simulated: bool = False, dark: bool = False
) -> go.Figure:
    """Draw the genes higher and lower in the case group at several adjusted p-values.

    Parameters
    ----------
    counts : pandas.DataFrame
        ``padj``, ``higher``, ``lower``, as `core.figures.selection.counts_at` returns.
    case : str
        Name of the case group.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if counts.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    figure = new_figure(dark=dark, x_title="adjusted p below", y_title="genes", height=320)
    figure.add_trace(_bars(counts, "higher", name=f"▲ Higher in {plain(case)}", colour=UP))
    figure.add_trace(_bars(counts, "lower", name=f"▼ Lower in {plain(case)}", colour=DOWN))
    tallest = max(int(counts[["higher", "lower"]].to_numpy().max()), 1)
    figure.update_yaxes(range=[0, 1.3 * tallest], tickformat=",d")
    figure.update_xaxes(type="category", ticks="", fixedrange=True)
    figure.update_layout(barmode="group", bargap=0.22, bargroupgap=0.06, showlegend=True)
    return finish(figure, alt=_alt(counts, case), simulated=simulated, dark=dark, corner="top left")


def _bars(counts: pd.DataFrame, column: str, *, name: str, colour: str) -> go.Bar:
    sign = "▲" if column == "higher" else "▼"
    return go.Bar(
        x=[f"{padj:g}" for padj in counts["padj"]],
        y=counts[column],
        name=name,
        text=[f"{sign}<br>{count_text(int(count))}" for count in counts[column]],
        textposition="outside",
        textangle=0,
        textfont={"size": 11},
        constraintext="none",
        cliponaxis=False,
        marker={"color": colour, "line": {"width": 0}},
        hovertemplate=f"{name}: %{{y:,}} genes at adjusted p < %{{x}}<extra></extra>",
    )


def _alt(counts: pd.DataFrame, case: str) -> str:
    parts = [
        f"{count_text(int(higher))} higher and {count_text(int(lower))} lower at {padj:g}"
        for padj, higher, lower in zip(counts["padj"], counts["higher"], counts["lower"], strict=True)
    ]
    return f"Genes that differ in {case} by adjusted p-value: {'; '.join(parts)}."
