"""Volcano plot: how large each gene's difference is, and how surely it is one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.cloud import Cloud, Floats, Highlight, axis_limit, draw, points_note
from core.figures.house.selection import Effect, Thresholds, directions
from core.figures.house.theme import empty_figure, finish, footnote, new_figure, palette, plain
from core.figures.house.words import count_text, lfc_text, p_text

# Below this a p-value is a zero with rounding: the gene is drawn at the edge.
SMALLEST_P = 1e-300
NOTHING = "No gene was tested, so there is nothing to draw. Lower the minimum count, or check the two groups."


def volcano(
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
    """Draw log2 fold change against −log10 p.

    The y axis is the p-value itself, because adjusted p-values are tied in long steps;
    colour and the dashed line say which genes pass the *adjusted* threshold.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per gene: ``gene, symbol, baseMean, pvalue, padj`` and the column `effect`.
    contrast : tuple of str
        Case and control, as on screen.
    thresholds : Thresholds, optional
        What counts as significant.
    highlight : Highlight, optional
        Genes to name.
    effect : {"log2FoldChange", "log2FoldChangeShrunken"}
        Which fold change to draw.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    max_points : int
        Significant genes beyond so many are shaded in the colour of their direction.
    """
    limits = thresholds or Thresholds()
    tested = table[table["pvalue"].notna() & table[effect].notna()]
    if tested.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    cloud = _cloud(tested, limits, effect=effect, case=contrast[0], max_points=max_points)
    shrunken = "shrunken " if effect == "log2FoldChangeShrunken" else ""
    figure = new_figure(
        dark=dark,
        x_title=f"{shrunken}log<sub>2</sub> fold change, {plain(contrast[0])} vs {plain(contrast[1])}",
        y_title="−log<sub>10</sub> p-value",
        height=500,
    )
    draw(figure, cloud, highlight or Highlight(), dark=dark)
    _threshold_lines(figure, cloud, limits, dark=dark)
    footnote(figure, points_note(cloud), dark=dark)
    figure.update_layout(uirevision="volcano")
    return finish(figure, alt=_alt(cloud, contrast, limits), simulated=simulated, dark=dark)


def _cloud(
    tested: pd.DataFrame, thresholds: Thresholds, *, effect: Effect, case: str, max_points: int
) -> Cloud:
    p = tested["pvalue"].to_numpy(dtype=float)
    y = -np.log10(np.maximum(p, SMALLEST_P))
    x = tested[effect].to_numpy(dtype=float)
    top, side = axis_limit(y[p > SMALLEST_P]), axis_limit(x)
    y[p <= SMALLEST_P] = np.inf
    return Cloud(
        table=tested,
        x=x,
        y=y,
        sign=directions(tested, thresholds, effect=effect),
        strength=_strength(y, x),
        x_range=(-side, side),
        y_range=(-0.02 * top, top),
        hover=lambda row: _hover(row, effect),
        template="<b>%{text}</b><br>log<sub>2</sub> fold change %{x:.2f}"
        "<br>p = 10<sup>−%{y:.1f}</sup><extra></extra>",
        case=case,
        max_points=max_points,
    )


def _strength(y: Floats, x: Floats) -> Floats:
    """Rank by p-value; underflowed ones, which tie, by fold change."""
    rank = np.empty(len(y))
    rank[np.lexsort((np.abs(x), y))] = np.arange(len(y))
    return rank


def _hover(row: pd.Series, effect: Effect) -> str:
    return (
        f"<b>{plain(row['symbol'] or row['gene'])}</b><br>log<sub>2</sub> fold change {lfc_text(row[effect])}"
        f"<br>p = {p_text(row['pvalue'])}<br>adjusted p = {p_text(row['padj'])}"
    )


def _threshold_lines(figure: go.Figure, cloud: Cloud, thresholds: Thresholds, *, dark: bool) -> None:
    """Draw where the adjusted p-value and the fold change pass; the former between two p-values."""
    colours = palette(dark=dark)
    line = {"color": colours.line, "width": 1, "dash": "dash"}
    below = cloud.y[cloud.table["padj"].to_numpy(dtype=float) < thresholds.padj]
    if below.size and np.isfinite(below.min()) and below.min() < cloud.y_range[1]:
        figure.add_hline(
            y=float(below.min()),
            line=line,
            annotation={
                "text": f"adjusted p = {thresholds.padj:g}",
                "font": {"size": 11, "color": colours.muted},
                "bgcolor": colours.mark,
                "borderpad": 1,
            },
            annotation_position="top left",
        )
    if thresholds.lfc > 0:
        for side in (-thresholds.lfc, thresholds.lfc):
            figure.add_vline(x=side, line=line)


def _alt(cloud: Cloud, contrast: tuple[str, str], thresholds: Thresholds) -> str:
    higher, lower = int((cloud.sign > 0).sum()), int((cloud.sign < 0).sum())
    size = f" and |log2 fold change| of at least {thresholds.lfc:g}" if thresholds.lfc else ""
    strongest = ", ".join(cloud.names[cloud.ranked[:3]])
    return (
        f"Volcano plot of {count_text(len(cloud.x))} tested genes, {contrast[0]} vs {contrast[1]}: "
        f"{count_text(higher)} are higher and {count_text(lower)} lower in {contrast[0]} "
        f"at adjusted p < {thresholds.padj:g}{size}."
    ) + (f" The strongest are {strongest}." if strongest else "")
