"""Heatmap of a set's leading edge over patients, with who they are above it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.house.theme import (
    CASE,
    CONTROL,
    DOWN,
    UP,
    empty_figure,
    finish,
    legend_square,
    named_places,
    new_figure,
    palette,
    plain,
)
from core.figures.house.words import as_words, count_text, level_names

NOTHING = "No gene of this set has counts to draw."
ROW, TRACK = 15, 16
FAR = 3.0
# Light enough to stand beside the two directions, and told apart without colour vision by hover and legend.
LEVELS = ("#C9A227", "#5B8C5A", "#B07AA1", "#4F6D7A", "#D8A48F", "#7F7F7F", "#9C755F", "#86BCB6")


def set_heatmap(
    heat: NDArray[np.float64],
    *,
    genes: tuple[str, ...],
    patients: pd.DataFrame,
    groups: tuple[str, str],
    name: str,
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw standardised expression, genes by patients, with bands for group, sex and centre.

    Parameters
    ----------
    heat : numpy.ndarray of shape (n_genes, n_patients)
        Standard deviations from each gene's mean; columns as the rows of `patients`.
    genes : tuple of str
        Symbols, top to bottom.
    patients : pandas.DataFrame
        ``group``, ``sex``, ``centre``, left to right; identifiers are neither needed nor shown.
    groups : tuple of str
        Control and case.
    name : str
        The set, as on screen.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    if not heat.size:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    bands = [("group", list(groups))]
    bands += [
        (role, level_names(patients[role])) for role in ("sex", "centre") if patients[role].notna().any()
    ]
    height = 110 + ROW * max(len(genes), 8) + TRACK * len(bands)
    figure = new_figure(dark=dark, x_title=_axis_title(patients, groups), y_title="", height=height + 24)
    share = TRACK * len(bands) / (height - 90)
    figure.add_trace(_cells(heat, genes, dark=dark))
    for at, (role, levels) in enumerate(bands):
        figure.add_trace(_band(patients[role], levels, y=len(bands) - 1 - at, role=role))
        for number, level in enumerate(levels):
            entry = f"{plain(level)}, n = {int((as_words(patients[role]) == level).sum())}"
            figure.add_trace(legend_square(entry, _colour(role, number), size=9))
    _axes(figure, genes, bands=[role for role, _ in bands], share=share)
    # The mark of simulated data gets rows of its own, so that it hides no patient.
    figure.update_layout(yaxis_range=[len(genes) + (1.6 if simulated else -0.5), -0.5])
    _divide(figure, patients, groups, dark=dark)
    alt = (
        f"Heatmap of {count_text(len(genes))} leading-edge genes of {name} in {count_text(len(patients))} "
        f"patients, {groups[0]} on the left, {groups[1]} on the right, patients clustered within each group."
    )
    return finish(figure, alt=alt, simulated=simulated, dark=dark)


def _axis_title(patients: pd.DataFrame, groups: tuple[str, str]) -> str:
    sizes = [int((patients["group"] == group).sum()) for group in groups]
    return "patients, clustered within group<br>" + " | ".join(
        f"{plain(group)}, n = {size}" for group, size in zip(groups, sizes, strict=True)
    )


def _cells(heat: NDArray[np.float64], genes: tuple[str, ...], *, dark: bool) -> go.Heatmap:
    return go.Heatmap(
        z=np.round(heat, 2).astype(np.float32),
        y=list(range(len(genes))),
        zmin=-FAR,
        zmax=FAR,
        colorscale=[[0, DOWN], [0.5, palette(dark=dark).ground], [1, UP]],
        hovertemplate="%{z:.1f} standard deviations<extra></extra>",
        colorbar={
            "title": {"text": "standard<br>deviations", "font": {"size": 11}},
            "thickness": 10,
            "len": 0.5,
            "y": 0.25,
            "tickvals": [-3, 0, 3],
            "ticktext": ["−3", "0", "+3"],
            "tickfont": {"size": 11},
            "outlinewidth": 0,
        },
    )


def _colour(role: str, number: int) -> str:
    if role == "group":
        return (CONTROL, CASE)[number % 2]
    start = 0 if role == "sex" else 2
    return LEVELS[(start + number) % len(LEVELS)]


def _band(values: pd.Series, levels: list[str], *, y: int, role: str) -> go.Heatmap:
    known = as_words(values)
    top = max(len(levels) - 1, 1)
    scale = [[number / top, _colour(role, number)] for number in range(len(levels))]
    if len(levels) == 1:
        scale = [[0, _colour(role, 0)], [1, _colour(role, 0)]]
    return go.Heatmap(
        z=[[levels.index(value) for value in known]],
        y=[y],
        yaxis="y2",
        zmin=0,
        zmax=top,
        colorscale=scale,
        showscale=False,
        text=[[f"{role}: {plain(value)}" for value in known]],
        hovertemplate="%{text}<extra></extra>",
    )


def _axes(figure: go.Figure, genes: tuple[str, ...], *, bands: list[str], share: float) -> None:
    figure.update_layout(
        yaxis={
            "domain": [0, 1 - share - 0.01],
            "tickfont": {"size": 10},
            **named_places([plain(gene) for gene in genes], showgrid=False, showline=False),
        },
        yaxis2={
            "domain": [1 - share, 1],
            "tickfont": {"size": 11, "color": figure.layout.yaxis.tickfont.color},
            "zeroline": False,
            "automargin": True,
            **named_places(bands[::-1], showgrid=False, showline=False),
        },
    )
    figure.update_xaxes(showticklabels=False, ticks="", showline=False, fixedrange=True)


def _divide(figure: go.Figure, patients: pd.DataFrame, groups: tuple[str, str], *, dark: bool) -> None:
    edge = int((patients["group"] == groups[0]).sum()) - 0.5
    figure.add_vline(x=edge, line={"color": palette(dark=dark).foreground, "width": 1.5})
