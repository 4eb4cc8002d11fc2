"""Running enrichment score of one gene set, with its leading edge."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.house.theme import DOWN, GREY, UP, Corner, finish, new_figure, palette, plain, rgba
from core.figures.house.words import count_text

MOST_POINTS = 800


def running_figure(
    curve: NDArray[np.float64],
    *,
    positions: NDArray[np.intp],
    symbols: list[str],
    leading: NDArray[np.bool_],
    peak: int,
    case: str,
    name: str,
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw the walk through the ranking, where it is farthest from zero, and where the set's genes stand.

    Parameters
    ----------
    curve : numpy.ndarray of length n_ranked
        Running score after each gene of the ranking.
    positions : numpy.ndarray of length n_set
        Places of the set's genes in the ranking, ascending.
    symbols : list of str
        Their symbols.
    leading : numpy.ndarray of bool, length n_set
        Which of them are in the leading edge.
    peak : int
        Place where the score is farthest from zero.
    case, name : str
        Case group and set, as on screen.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    n_ranked, score = len(curve), float(curve[peak])
    colour = UP if score > 0 else DOWN
    figure = new_figure(
        dark=dark,
        x_title=f"place among {count_text(n_ranked)} genes,<br>from higher to lower in {plain(case)}",
        y_title="running enrichment score",
        height=380,
    )
    figure.add_trace(_walk(curve, _thinned(curve, positions, peak), colour=colour))
    low, high = float(min(curve.min(), 0)), float(max(curve.max(), 0))
    span = high - low
    floor = low - 0.16 * span
    figure.add_hline(y=0, line={"color": palette(dark=dark).line, "width": 1})
    kinds = ((leading, "leading edge", colour), (~leading, "other genes of the set", GREY))
    for chosen, label, shade in kinds:
        places, picked = positions[chosen], _picked(symbols, chosen)
        _ticks(figure, places, symbols=picked, span=(floor, 0.1 * span), style=(label, shade))
    figure.add_vline(x=peak, line={"color": palette(dark=dark).line, "width": 1, "dash": "dash"})
    figure.update_xaxes(range=[-0.01 * n_ranked, 1.01 * n_ranked], tickformat=",d")
    # A curve that falls starts in the corner of the mark: leave room above it.
    figure.update_yaxes(range=[floor - 0.02 * span, high + (0.06 if score > 0 else 0.18) * span])
    figure.update_layout(clickmode="event+select", dragmode="zoom")
    corner: Corner = "top right" if score > 0 else "top left"
    alt = (
        f"Running enrichment score of {name}: it is farthest from zero at {score:+.2f}, after "
        f"{count_text(peak + 1)} of {count_text(n_ranked)} genes; {count_text(int(leading.sum()))} of its "
        f"{count_text(len(positions))} genes are in the leading edge."
    )
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner=corner)


def _walk(curve: NDArray[np.float64], kept: NDArray[np.intp], *, colour: str) -> go.Scatter:
    return go.Scatter(
        x=kept,
        y=curve[kept].astype(np.float32),
        mode="lines",
        line={"color": colour, "width": 2},
        name="running score",
        hoverinfo="skip",
        showlegend=False,
    )


def _thinned(curve: NDArray[np.float64], positions: NDArray[np.intp], peak: int) -> NDArray[np.intp]:
    """Return the corners of the curve: between genes of the set it is a straight line."""
    corners = np.unique(np.concatenate([[0, peak, len(curve) - 1], positions, np.maximum(positions - 1, 0)]))
    step = len(corners) // (4 * MOST_POINTS) + 1 if len(corners) > 4 * MOST_POINTS else 1
    return corners[::step]


def _picked(symbols: list[str], chosen: NDArray[np.bool_]) -> list[str]:
    return [symbol for symbol, is_chosen in zip(symbols, chosen, strict=True) if is_chosen]


def _ticks(
    figure: go.Figure,
    places: NDArray[np.intp],
    *,
    symbols: list[str],
    span: tuple[float, float],
    style: tuple[str, str],
) -> None:
    """Add one upright mark per gene: a line trace with gaps, and invisible points to hover."""
    if not len(places):
        return
    floor, height = span
    label, colour = style
    x = np.repeat(places.astype(float), 3)
    y = np.tile([floor, floor + height, np.nan], len(places))
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": rgba(colour, 0.9), "width": 1.2},
        name=f"{label}, n = {count_text(len(places))}",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=places,
        y=np.full(len(places), floor + height / 2),
        mode="markers",
        marker={"size": 8, "color": colour, "opacity": 0},
        unselected={"marker": {"opacity": 0}},
        text=[plain(symbol) for symbol in symbols],
        customdata=symbols,
        hovertemplate="<b>%{text}</b><br>place %{x:,}<extra></extra>",
        showlegend=False,
        name=label,
    )
