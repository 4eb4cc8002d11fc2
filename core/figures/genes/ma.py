"""MA plot: each gene's difference against how strongly it is expressed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.cloud import Cloud, Highlight, axis_limit, draw, points_note
from core.figures.house.selection import Effect, Thresholds, directions
from core.figures.house.theme import empty_figure, finish, footnote, new_figure, palette, plain
from core.figures.house.words import count_text, lfc_text, p_text

NOTHING = "No gene has a fold change, so there is nothing to draw. Lower the minimum count."


def ma(
    table: pd.DataFrame,
    *,
    contrast: tuple[str, str],
    thresholds: Thresholds | None = None,
    highlight: Highlight | None = None,
    effect: Effect = "log2FoldChange",
    simulated: bool = False,
    dark: bool = False,
    max_points: int = 3000,
) -> go.Figure:
    """Draw log2 fold change against the mean of normalised counts.

    Parameters as in `core.figures.genes.volcano.volcano`; points carry the same identifiers,
    so that a selection in one is understood by the other.
    """
    limits = thresholds or Thresholds()
    drawn = table[table[effect].notna() & (table["baseMean"] > 0)]
    if drawn.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    cloud = _cloud(drawn, limits, effect=effect, case=contrast[0], max_points=max_points)
    shrunken = "shrunken " if effect == "log2FoldChangeShrunken" else ""
    figure = new_figure(
        dark=dark,
        x_title="mean of normalised counts (log scale)",
        y_title=f"{shrunken}log<sub>2</sub> fold change, {plain(contrast[0])} vs {plain(contrast[1])}",
        height=500,
    )
    draw(figure, cloud, highlight or Highlight(), dark=dark)
    line = {"color": palette(dark=dark).line, "width": 1}
    figure.add_hline(y=0, line=line, layer="below")
    for side in {-limits.lfc, limits.lfc} - {0.0}:
        figure.add_hline(y=side, line={**line, "dash": "dash"}, layer="below")
    figure.update_xaxes(dtick=1, tickformat=",~r")
    footnote(figure, points_note(cloud), dark=dark)
    figure.update_layout(uirevision="ma")
    return finish(figure, alt=_alt(cloud, contrast, limits), simulated=simulated, dark=dark)


def _cloud(
    drawn: pd.DataFrame, thresholds: Thresholds, *, effect: Effect, case: str, max_points: int
) -> Cloud:
    x = np.log10(drawn["baseMean"].to_numpy(dtype=float))
    y = drawn[effect].to_numpy(dtype=float)
    side = axis_limit(y)
    margin = 0.03 * max(float(np.ptp(x)), 0.5)
    return Cloud(
        table=drawn,
        x=x,
        y=y,
        sign=directions(drawn, thresholds, effect=effect),
        strength=-drawn["pvalue"].fillna(1.0).to_numpy(dtype=float),
        x_range=(float(x.min()) - margin, float(x.max()) + margin),
        y_range=(-side, side),
        hover=lambda row: _hover(row, effect),
        template="<b>%{text}</b><br>log<sub>2</sub> fold change %{y:.2f}"
        "<br>mean count %{x:,.0f}<extra></extra>",
        case=case,
        max_points=max_points,
        log_x=True,
    )


def _hover(row: pd.Series, effect: Effect) -> str:
    return (
        f"<b>{plain(row['symbol'] or row['gene'])}</b><br>log<sub>2</sub> fold change {lfc_text(row[effect])}"
        f"<br>mean count {row['baseMean']:,.0f}<br>adjusted p = {p_text(row['padj'])}"
    )


def _alt(cloud: Cloud, contrast: tuple[str, str], thresholds: Thresholds) -> str:
    higher, lower = int((cloud.sign > 0).sum()), int((cloud.sign < 0).sum())
    return (
        f"MA plot of {count_text(len(cloud.x))} genes, {contrast[0]} vs {contrast[1]}, fold change against "
        f"mean of normalised counts from {10 ** cloud.x.min():,.0f} to {10 ** cloud.x.max():,.0f}: "
        f"{count_text(higher)} are higher and {count_text(lower)} lower in {contrast[0]} "
        f"at adjusted p < {thresholds.padj:g}."
    )
