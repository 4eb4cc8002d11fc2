"""Many genes as one small image: how densely they lie, and in which direction."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.house.theme import DOWN, GREY, UP, rgba

COLUMNS, ROWS = 240, 160
FAINTEST, DENSEST = 0.30, 0.95
# One byte per cell: 0 is nothing, then a band of shades for each kind of gene.
BAND = 80
KINDS = ((0, GREY), (-1, DOWN), (1, UP))


def density_layer(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    sign: NDArray[np.int8],
    *,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
) -> go.Heatmap:
    """Return genes as shaded cells, grey for sign 0, the colours of direction for ±1.

    Parameters
    ----------
    x, y : numpy.ndarray of shape (n_genes,)
        Positions inside the ranges; others are not drawn. On a logarithmic axis hand
        over log10 values and set the trace's coordinates yourself.
    sign : numpy.ndarray of shape (n_genes,)
        −1, 0 or +1. Where kinds meet in a cell the significant one is shown.
    """
    x_edges, y_edges = _edges(x_range, COLUMNS), np.linspace(*y_range, ROWS + 1)
    shade = np.zeros((ROWS, len(x_edges) - 1), dtype=np.uint8)
    for band, (kind, _) in enumerate(KINDS):
        here = sign == kind
        counted, _, _ = np.histogram2d(y[here], x[here], bins=(y_edges, x_edges))
        top = max(float(np.log1p(counted.max())), float(np.log(2)))
        level = 1 + np.floor((BAND - 1) * np.log1p(counted) / top)
        shade = np.where(counted > 0, band * BAND + level, shade).astype(np.uint8)
    return go.Heatmap(
        z=shade,
        x=_middles(x_edges),
        y=_middles(y_edges),
        zmin=0,
        zmax=len(KINDS) * BAND,
        colorscale=_colorscale(),
        showscale=False,
        hoverinfo="skip",
        name="density",
        zsmooth=False,
    )


def _edges(limits: tuple[float, float], cells: int) -> NDArray[np.float64]:
    """Return cell edges; where the range spans zero, an edge lies there, so that signs do not mix."""
    low, high = limits
    if not low < 0 < high:
        return np.linspace(low, high, cells + 1)
    step = (high - low) / cells
    return step * np.arange(np.floor(low / step), np.ceil(high / step) + 1)


def _middles(edges: NDArray[np.float64]) -> NDArray[np.float32]:
    middles: NDArray[np.float32] = ((edges[:-1] + edges[1:]) / 2).astype(np.float32)
    return middles


def _colorscale() -> list[list[float | str]]:
    total = len(KINDS) * BAND
    scale: list[list[float | str]] = [[0.0, "rgba(0,0,0,0)"], [0.5 / total, "rgba(0,0,0,0)"]]
    for band, (_, colour) in enumerate(KINDS):
        scale += [
            [(band * BAND + 0.5) / total, rgba(colour, FAINTEST)],
            [(band * BAND + BAND + (0 if band == len(KINDS) - 1 else 0.5)) / total, rgba(colour, DENSEST)],
        ]
    return scale
