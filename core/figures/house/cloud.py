"""A cloud of genes: what the volcano and the MA plot have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.house.density import density_layer
from core.figures.house.labels import Label, write_names
from core.figures.house.selection import gene_names
from core.figures.house.theme import DOWN, GREY, UP, legend_square, palette, plain, rgba
from core.figures.house.words import count_text

Floats = NDArray[np.float64]
Range = tuple[float, float]


@dataclass(frozen=True)
class Highlight:
    """Genes to be named in the plot.

    Parameters
    ----------
    basket : sequence of str
        Identifiers (column ``gene``) of genes to ring and name.
    selected : str or None
        Identifier of the gene in focus.
    top : int
        How many of the strongest significant genes to name besides.
    """

    basket: Sequence[str] = ()
    selected: str | None = None
    top: int = 10


@dataclass(frozen=True)
class Cloud:
    """Genes with a position, a direction and a rank.

    Parameters
    ----------
    table : pandas.DataFrame
        The rows behind the points, same order; ``gene``, ``symbol`` and what `hover` reads.
    x, y : numpy.ndarray of shape (n_genes,)
        Positions in axis units (log10 on a logarithmic axis), finite.
    sign : numpy.ndarray of shape (n_genes,)
        +1 higher, −1 lower, 0 not significant.
    strength : numpy.ndarray of shape (n_genes,)
        The larger, the sooner a gene is drawn as a point and named.
    x_range, y_range : tuple of float
        What the axes show; genes beyond are drawn at the edge.
    hover : callable
        Writes the hover text of one row, for genes that are not where they seem.
    template : str
        Plotly hover template of genes that are where they seem.
    case : str
        Name of the case group.
    max_points : int
        How many of the strongest significant genes are drawn as points.
    log_x : bool
        Whether the x axis is logarithmic.
    """

    table: pd.DataFrame
    x: Floats
    y: Floats
    sign: NDArray[np.int8]
    strength: Floats
    x_range: Range
    y_range: Range
    hover: Callable[[pd.Series], str]
    template: str
    case: str
    max_points: int = 3000
    log_x: bool = False

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Whether each gene lies within the axes."""
        (left, right), (bottom, top) = self.x_range, self.y_range
        kept: NDArray[np.bool_] = (self.x >= left) & (self.x <= right) & (self.y >= bottom) & (self.y <= top)
        return kept

    @property
    def names(self) -> NDArray[np.object_]:
        """What each gene is called."""
        return gene_names(self.table)

    @property
    def ranked(self) -> NDArray[np.intp]:
        """Positions of the significant genes, strongest first."""
        significant = np.flatnonzero(self.sign)
        order: NDArray[np.intp] = significant[np.argsort(-self.strength[significant], kind="stable")]
        return order


def axis_limit(values: Floats, *, headroom: float = 1.06, quantile: float = 0.9995) -> float:
    """Return how far an axis from zero must reach, not stretched by a few extreme genes."""
    sizes = np.abs(values[np.isfinite(values)])
    if not sizes.size or sizes.max() == 0:
        return 1.0
    bulk = 1.2 * float(np.quantile(sizes, quantile))
    return float(sizes.max()) * headroom if sizes.max() <= 1.5 * bulk else bulk


def draw(figure: go.Figure, cloud: Cloud, highlight: Highlight, *, dark: bool) -> None:
    """Add shading, points, off-scale triangles, rings and names to a figure."""
    points = cloud.ranked[: cloud.max_points]
    figure.add_trace(_shading(cloud, points))
    for sign in (1, -1):
        figure.add_trace(_points(cloud, points, sign=sign, dark=dark))
    rest = f"Not significant, n = {count_text(int((cloud.sign == 0).sum()))}"
    figure.add_trace(legend_square(rest, rgba(GREY, 0.7), size=6))
    off_scale = np.flatnonzero(~cloud.inside)
    if off_scale.size:
        figure.add_trace(_off_scale(cloud, off_scale))
    named = _named(cloud, highlight)
    ringed = [i for i, ring in named if ring]
    if ringed:
        figure.add_trace(_rings(cloud, ringed, dark=dark))
    labels = [_label(cloud, i, in_focus=cloud.table["gene"].iloc[i] == highlight.selected) for i, _ in named]
    ground = palette(dark=dark).halo
    write_names(figure, labels, needed=len(ringed), name="gene", size=12, ground=ground, dark=dark)
    figure.update_xaxes(range=list(cloud.x_range), type="log" if cloud.log_x else "linear")
    figure.update_yaxes(range=list(cloud.y_range))
    figure.update_layout(clickmode="event+select", dragmode="zoom")


def points_note(cloud: Cloud) -> str:
    """Return the line that says which genes are points and which are shading."""
    n_significant = int(np.count_nonzero(cloud.sign))
    drawn = min(n_significant, cloud.max_points)
    which = "all significant" if drawn == n_significant else f"{count_text(drawn)} strongest"
    parts = [f"Points: {which}. Shading: the rest."]
    if (~cloud.inside).any():
        parts.append("Open: off scale.")
    return " ".join(parts)


def _shading(cloud: Cloud, points: NDArray[np.intp]) -> go.Heatmap:
    shaded = cloud.inside.copy()
    shaded[points] = False
    layer = density_layer(
        cloud.x[shaded], cloud.y[shaded], cloud.sign[shaded], x_range=cloud.x_range, y_range=cloud.y_range
    )
    if cloud.log_x:
        layer.x = (10.0 ** np.asarray(layer.x)).astype(np.float32)
    return layer


def _points(cloud: Cloud, points: NDArray[np.intp], *, sign: int, dark: bool) -> go.Scatter:
    chosen = points[(cloud.sign[points] == sign) & cloud.inside[points]]
    total = int((cloud.sign == sign).sum())
    word, colour = ("Higher", UP) if sign > 0 else ("Lower", DOWN)
    return _scatter(
        cloud,
        chosen,
        name=f"{word} in {plain(cloud.case)}, n = {count_text(total)}",
        hovertemplate=cloud.template,
        marker={
            "color": colour,
            "symbol": "triangle-up" if sign > 0 else "triangle-down",
            "size": 6,
            "opacity": 0.95 if dark else 0.75,
        },
    )


def _off_scale(cloud: Cloud, chosen: NDArray[np.intp]) -> go.Scatter:
    colours = {1: UP, -1: DOWN, 0: GREY}
    return _scatter(
        cloud,
        chosen,
        name="off scale",
        showlegend=False,
        hovertext=[cloud.hover(cloud.table.iloc[i]) for i in chosen],
        hoverinfo="text",
        cliponaxis=False,
        marker={
            "color": [colours[int(cloud.sign[i])] for i in chosen],
            "symbol": [_edge_symbol(cloud, i) for i in chosen],
            "size": 9,
            "line": {"width": 1.5},
        },
    )


def _edge_symbol(cloud: Cloud, index: int) -> str:
    """Return the triangle that points to where the gene really is."""
    if cloud.y[index] > cloud.y_range[1]:
        return "triangle-up-open"
    if cloud.y[index] < cloud.y_range[0]:
        return "triangle-down-open"
    return "triangle-right-open" if cloud.x[index] > cloud.x_range[1] else "triangle-left-open"


def _rings(cloud: Cloud, chosen: list[int], *, dark: bool) -> go.Scatter:
    return _scatter(
        cloud,
        np.asarray(chosen, dtype=np.intp),
        name="named",
        showlegend=False,
        hovertext=[cloud.hover(cloud.table.iloc[i]) for i in chosen],
        hoverinfo="text",
        cliponaxis=False,
        marker={
            "color": palette(dark=dark).foreground,
            "symbol": "circle-open",
            "size": 12,
            "line": {"width": 1.5},
        },
    )


def _scatter(cloud: Cloud, chosen: NDArray[np.intp], **options: Any) -> go.Scatter:
    """Points that carry their symbol as text and their identifier as 1-D custom data."""
    x = np.clip(cloud.x[chosen], *cloud.x_range)
    marker, inside = options.pop("marker"), bool(cloud.inside[chosen].all())
    return go.Scatter(
        x=_short(10.0**x if cloud.log_x else x, inside=inside),
        y=_short(np.clip(cloud.y[chosen], *cloud.y_range), inside=inside),
        mode="markers",
        text=[plain(name) for name in cloud.names[chosen]],
        customdata=cloud.table["gene"].to_numpy(dtype=object)[chosen].tolist(),
        marker=marker,
        # The page draws the selected gene itself; a click must not fade all others.
        unselected={"marker": {"opacity": marker.get("opacity", 1)}},
        **options,
    )


def _short(values: Floats, *, inside: bool) -> NDArray[np.floating]:
    """Halve the bytes to send, except at the edge, where rounding would put a gene outside and hide it."""
    return values.astype(np.float32) if inside else values


def _named(cloud: Cloud, highlight: Highlight) -> list[tuple[int, bool]]:
    """Return genes to name, most important first, and whether each gets a ring."""
    row = {gene: i for i, gene in enumerate(cloud.table["gene"])}
    asked = [highlight.selected, *highlight.basket]
    ringed = list(dict.fromkeys(row[gene] for gene in asked if gene in row))
    top: list[int] = []
    for sign in (1, -1):
        top += [int(i) for i in cloud.ranked if cloud.sign[i] == sign][: (highlight.top + 1) // 2]
    top.sort(key=lambda i: -cloud.strength[i])
    return [(i, True) for i in ringed] + [(i, False) for i in top[: highlight.top] if i not in ringed]


def _label(cloud: Cloud, index: int, *, in_focus: bool) -> Label:
    at, shares = [], []
    for value, (low, high) in ((cloud.x[index], cloud.x_range), (cloud.y[index], cloud.y_range)):
        at.append(float(np.clip(value, low, high)))
        shares.append((at[-1] - low) / (high - low))
    return Label(str(cloud.names[index]), shares[0], shares[1], at=(at[0], at[1]), bold=in_focus)
