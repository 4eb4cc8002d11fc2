"""The genes of one set among all genes: a volcano plot with the set ringed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.genes.volcano import SMALLEST_P, volcano
from core.figures.house.cloud import Highlight
from core.figures.house.selection import Thresholds, gene_names
from core.figures.house.theme import palette, plain
from core.figures.house.words import count_text

MOST_NAMED = 6


def set_volcano(
    table: pd.DataFrame,
    *,
    members: list[str],
    leading: list[str],
    name: str,
    contrast: tuple[str, str],
    thresholds: Thresholds,
    selected: str = "",
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw all genes, ring those of a set, and name the first of its leading edge.

    Parameters
    ----------
    table : pandas.DataFrame
        As for `core.figures.genes.volcano.volcano`.
    members, leading : list of str
        Identifiers of the set's genes, and of its leading edge with the strongest first.
    name : str
        The set, as on screen.
    contrast, thresholds, simulated, dark
        As for `core.figures.genes.volcano.volcano`.
    selected : str
        Identifier of the gene in focus.
    """
    figure = volcano(
        table,
        contrast=contrast,
        thresholds=thresholds,
        highlight=Highlight(basket=leading[:MOST_NAMED], selected=selected or None, top=0),
        simulated=simulated,
        dark=dark,
        max_points=600,
    )
    own = table[table["gene"].isin(members) & table["pvalue"].notna() & table["log2FoldChange"].notna()]
    if len(own):
        figure.add_trace(_members(own, name, figure, dark=dark))
    meta = dict(figure.layout.meta)
    meta["alt"] = f"{meta['alt']} Ringed are {count_text(len(own))} genes of {name}."
    figure.update_layout(meta=meta, uirevision=f"volcano {name}")
    return figure


def _members(own: pd.DataFrame, name: str, figure: go.Figure, *, dark: bool) -> go.Scatter:
    colours = palette(dark=dark)
    x = own["log2FoldChange"].to_numpy(float)
    y = -np.log10(np.maximum(own["pvalue"].to_numpy(float), SMALLEST_P))
    return go.Scatter(
        x=np.clip(x, *figure.layout.xaxis.range),
        y=np.clip(y, *figure.layout.yaxis.range),
        mode="markers",
        name=f"{plain(name)}, n = {count_text(len(own))}",
        text=[plain(label) for label in gene_names(own)],
        customdata=own["gene"].to_list(),
        hovertemplate="<b>%{text}</b><br>log<sub>2</sub> fold change %{x:.2f}<extra></extra>",
        marker={
            "color": colours.halo,
            "symbol": "circle",
            "size": 8,
            "line": {"width": 1.5, "color": colours.foreground},
        },
        unselected={"marker": {"opacity": 1}},
    )
