"""One gene: the expression of every patient, by group, and by sex or centre within groups."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.house.theme import (
    CASE,
    CONTROL,
    empty_figure,
    finish,
    named_places,
    new_figure,
    palette,
    plain,
    rgba,
    wrapped,
)
from core.figures.house.words import as_words, count_text, level_names

Split = Literal["group", "sex", "centre"]
Scale = Literal["log", "linear"]

# Added before the logarithm is taken, so that patients without a single read can be drawn.
PSEUDO_COUNT = 0.5
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Strip:
    """The patients of one group within one level of the split, and where they stand."""

    group: str
    level: str
    is_case: bool
    position: float
    values: NDArray[np.float64]


def gene_expression(
    samples: pd.DataFrame,
    *,
    symbol: str,
    groups: tuple[str, ...],
    by: Split = "group",
    scale: Scale = "log",
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw the normalised counts of one gene, every patient as a point, with median and quartiles.

    Parameters
    ----------
    samples : pandas.DataFrame
        One row per sample: ``normalised`` (normalised count), ``group`` and, for a split,
        ``sex`` or ``centre``. Identifiers are neither needed nor shown.
    symbol : str
        The gene's name.
    groups : tuple of str
        Groups from left to right, the case group last; others are not drawn.
    by : {"group", "sex", "centre"}
        What to split the groups by.
    scale : {"log", "linear"}
        Scale of the counts.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    strips = _strips(samples, groups, by=by)
    if not strips:
        sentence = f"No patient of {' or '.join(groups)} has a count of {symbol}."
        return empty_figure(sentence, simulated=simulated, dark=dark)
    figure = new_figure(dark=dark, x_title="", y_title=_axis_title(symbol, scale), height=440)
    for group in groups:
        own = [strip for strip in strips if strip.group == group]
        if own:
            figure.add_trace(_points(own, scale=scale, dark=dark))
    for strip in strips:
        figure.add_trace(_box(strip, scale=scale, dark=dark))
    _x_axis(figure, strips, by=by)
    _y_axis(figure, np.concatenate([s.values for s in strips]), scale=scale)
    _rules(figure, strips, dark=dark)
    alt = _alt(strips, symbol, by=by)
    return finish(figure, alt=alt, simulated=simulated, dark=dark, corner="top right")


def _strips(samples: pd.DataFrame, groups: tuple[str, ...], *, by: Split) -> list[Strip]:
    known = samples[samples["normalised"].notna() & samples["group"].isin(groups)]
    levels = [""] if by == "group" else level_names(known[by])
    strips: list[Strip] = []
    for level_at, level in enumerate(levels):
        inside = known if by == "group" else known[as_words(known[by]) == level]
        for group_at, group in enumerate(groups):
            values = inside.loc[inside["group"] == group, "normalised"].to_numpy(dtype=float)
            if values.size:
                position = level_at * (len(groups) + 0.6) + group_at
                strips.append(Strip(group, level, group == groups[-1], position, values))
    return strips


def _shown(values: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    return values + PSEUDO_COUNT if scale == "log" else values


def _points(strips: list[Strip], *, scale: Scale, dark: bool) -> go.Scatter:
    total = sum(strip.values.size for strip in strips)
    is_case = strips[0].is_case
    values = np.concatenate([strip.values for strip in strips])
    places = np.concatenate([strip.position + _offsets(strip.values, scale) for strip in strips])
    return go.Scatter(
        x=places.astype(np.float32),
        y=_shown(values, scale).astype(np.float32),
        text=[f"{value:,.1f}" for value in values],
        mode="markers",
        name=f"{plain(strips[0].group)}, n = {count_text(total)}",
        hovertemplate="normalised count %{text}<extra></extra>",
        marker={
            "color": CASE if is_case else CONTROL,
            "symbol": "diamond" if is_case else "circle",
            "size": 6.5 if is_case else 6,
            "opacity": 0.8 if dark else 0.6,
            "line": {"width": 0},
        },
    )


def _offsets(values: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    """Spread points sideways, more where they are dense; the same data give the same picture.

    Quasi-random offsets (van der Corput sequence in order of value) times the local density,
    as in the R package vipor.
    """
    heights = np.log2(values + PSEUDO_COUNT) if scale == "log" else values
    n, spread = len(heights), float(np.ptp(heights))
    if n == 1 or spread == 0:
        return (_van_der_corput(n) - 0.5) * (0.6 if n > 1 else 0.0)
    width = spread / min(24, max(4, n // 4))
    ordered = np.sort(heights)
    near = np.searchsorted(ordered, heights + width) - np.searchsorted(ordered, heights - width)
    offsets = np.empty(n)
    offsets[np.argsort(heights, kind="stable")] = _van_der_corput(n) - 0.5
    density: NDArray[np.float64] = near / near.max()
    return 0.76 * offsets * np.maximum(density, 0.12) * min(1.0, 0.3 + n / 40)


def _van_der_corput(n: int) -> NDArray[np.float64]:
    """Return the first n terms of the base-2 sequence: evenly spread, neighbours far apart."""
    terms = np.zeros(n)
    index, share = np.arange(1, n + 1), 0.5
    while index.any():
        terms += (index & 1) * share
        index, share = index >> 1, share / 2
    return terms


def _box(strip: Strip, *, scale: Scale, dark: bool) -> go.Box:
    low, middle, high = np.quantile(_shown(strip.values, scale), (0.25, 0.5, 0.75))
    return go.Box(
        x=[strip.position],
        q1=[low],
        median=[middle],
        q3=[high],
        lowerfence=[low],
        upperfence=[high],
        width=0.5,
        whiskerwidth=0,
        line={"color": palette(dark=dark).foreground, "width": 1.6},
        fillcolor=rgba(CASE if strip.is_case else CONTROL, 0.16),
        showlegend=False,
        hoverinfo="skip",
        name="median and quartiles",
    )


def _axis_title(symbol: str, scale: Scale) -> str:
    name = plain(symbol)
    return f"{name}, normalised count + 0.5 (log scale)" if scale == "log" else f"{name}, normalised count"


def _x_axis(figure: go.Figure, strips: list[Strip], *, by: Split) -> None:
    if by == "group":
        ticks = [(s.position, f"{wrapped(s.group, width=16)}<br>n = {s.values.size}") for s in strips]
    else:
        ticks = [_level_tick([s for s in strips if s.level == level]) for level in _in_order(strips)]
        order = " | ".join(dict.fromkeys(plain(s.group) for s in sorted(strips, key=lambda s: s.is_case)))
        figure.update_xaxes(title_text=f"{by}, patients {order}")
    positions, names = zip(*ticks, strict=True)
    edges = [strip.position for strip in strips]
    figure.update_xaxes(
        tickangle=0, range=[min(edges) - 0.75, max(edges) + 0.75], **named_places(names, list(positions))
    )


def _in_order(strips: list[Strip]) -> list[str]:
    return list(dict.fromkeys(strip.level for strip in strips))


def _level_tick(strips: list[Strip]) -> tuple[float, str]:
    """Return the middle of a level's strips and its name with their sizes, left to right."""
    sizes = " | ".join(str(strip.values.size) for strip in strips)
    middle = float(np.mean([strip.position for strip in strips]))
    return middle, f"{wrapped(strips[0].level, width=12)}<br>{sizes}"


def _rules(figure: go.Figure, strips: list[Strip], *, dark: bool) -> None:
    """Draw a thin line between the levels of a split."""
    levels = _in_order(strips)
    for before, after in pairwise(levels):
        left = max(s.position for s in strips if s.level == before)
        right = min(s.position for s in strips if s.level == after)
        figure.add_vline(
            x=(left + right) / 2, line={"color": palette(dark=dark).grid, "width": 1}, layer="below"
        )


def _y_axis(figure: go.Figure, values: NDArray[np.float64], *, scale: Scale) -> None:
    """Leave room above the points for the mark; on a log scale, name 1, 2 and 5 of each decade."""
    if scale == "linear":
        figure.update_yaxes(range=[-0.02 * max(values.max(), 1), 1.16 * max(values.max(), 1)], tickformat=",")
        return
    low, high = (float(np.log10(v + PSEUDO_COUNT)) for v in (values.min(), values.max()))
    reach = max(high - low, 0.3)
    bottom, top = low - 0.08 * reach, high + 0.18 * reach
    decades = range(int(np.floor(bottom)) - 1, int(np.ceil(top)) + 1)
    steps = STEPS if reach < 2.2 else (1,)
    ticks = [step * 10.0**decade for decade in decades for step in steps]
    figure.update_yaxes(
        type="log",
        range=[bottom, top],
        tickmode="array",
        tickvals=ticks,
        ticktext=[f"{tick:,.0f}" if tick >= 1 else f"{tick:g}" for tick in ticks],
    )


def _alt(strips: list[Strip], symbol: str, *, by: Split) -> str:
    split = "" if by == "group" else f" by {by}"
    parts = [
        f"{s.group}{f', {s.level}' if s.level else ''}: {np.median(s.values):,.1f} (n = {s.values.size})"
        for s in strips
    ]
    return f"Normalised counts of {symbol} per patient{split}. Medians: {'; '.join(parts)}."
