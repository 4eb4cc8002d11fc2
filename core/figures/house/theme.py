"""The house style: colours, type, margins, and the marks every figure carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go

UP = "#D55E00"
"""Higher in the case group, everywhere."""
DOWN = "#0072B2"
"""Lower in the case group, everywhere."""
GREY = "#8C8C8C"
"""The unremarkable."""
CASE = "#8A63B8"
"""Samples of the case group: neither of the two colours that mean a direction."""
CONTROL = "#7D8790"
"""Samples of the control group."""

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
SIMULATED = "Simulated data"
MARK = "simulated-mark"

Corner = Literal["top left", "top right", "bottom left", "bottom right"]


@dataclass(frozen=True)
class Palette:
    """Colours that differ between a light and a dark page; the background is always the page's own.

    `ground` is that of a coloured cell without colour: on a dark page a little lighter than the page.
    """

    foreground: str
    muted: str
    grid: str
    line: str
    paper: str
    mark: str
    halo: str
    ground: str


LIGHT = Palette(
    foreground="#1F2328",
    muted="#59636E",
    grid="rgba(31,35,40,0.09)",
    line="rgba(31,35,40,0.45)",
    paper="#FFFFFF",
    mark="rgba(255,255,255,0.85)",
    halo="rgba(255,255,255,0.6)",
    ground="#FFFFFF",
)
DARK = Palette(
    foreground="#E6E9ED",
    muted="#A3ACB6",
    grid="rgba(230,233,237,0.10)",
    line="rgba(230,233,237,0.45)",
    paper="#0E1117",
    mark="rgba(14,17,23,0.85)",
    halo="rgba(14,17,23,0.6)",
    ground="#1B2027",
)


def palette(*, dark: bool) -> Palette:
    """Return the colours for a light or a dark page."""
    return DARK if dark else LIGHT


def rgba(colour: str, alpha: float) -> str:
    """Return a ``#RRGGBB`` colour with an opacity from 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def plain(text: object) -> str:
    """Return text that plotly draws as it stands, its angle brackets and ampersands included."""
    return escape(str(text), quote=False)


def new_figure(*, dark: bool, x_title: str, y_title: str, height: int = 460) -> go.Figure:
    """Return an empty figure in the house style.

    Parameters
    ----------
    dark : bool
        Whether the page behind is dark; the figure itself is transparent.
    x_title, y_title : str
        Axis titles with their units, as plotly's pseudo-HTML (escape names with `plain`).
    height : int
        Height in pixels; the width is the page's.
    """
    colours = palette(dark=dark)
    axis = {
        "gridcolor": colours.grid,
        "linecolor": colours.line,
        "tickcolor": colours.line,
        "zeroline": False,
        "showline": True,
        "ticks": "outside",
        "ticklen": 4,
        "automargin": True,
        "tickfont": {"size": 12, "color": colours.muted},
    }
    layout = go.Layout(
        template="none",
        height=height,
        margin={"l": 62, "r": 14, "t": 14, "b": 58},
        font={"family": FONT, "size": 13, "color": colours.foreground},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={
            "bgcolor": colours.paper,
            "bordercolor": colours.line,
            "font": {"family": FONT, "size": 13, "color": colours.foreground},
            "align": "left",
        },
        legend=_legend(),
        modebar={
            "bgcolor": "rgba(0,0,0,0)",
            "color": rgba(GREY, 0.5),
            "activecolor": colours.foreground,
        },
        xaxis=axis | {"title": _title(x_title), "showgrid": False},
        yaxis=axis | {"title": _title(y_title)},
        separators=".,",
        hovermode="closest",
    )
    return go.Figure(layout=layout)


def _title(text: str) -> dict[str, Any]:
    return {"text": text, "standoff": 10, "font": {"size": 13}}


def _legend() -> dict[str, Any]:
    """Above the plot from its left edge; wraps into rows on a narrow page; clicks do not hide groups."""
    return {
        "orientation": "h",
        "x": 0,
        "y": 1.0,
        "xanchor": "left",
        "yanchor": "bottom",
        "font": {"size": 12},
        "itemclick": False,
        "itemdoubleclick": False,
        "itemsizing": "constant",
        "tracegroupgap": 0,
        "bgcolor": "rgba(0,0,0,0)",
    }


def finish(
    figure: go.Figure, *, alt: str, simulated: bool, dark: bool, corner: Corner = "bottom right"
) -> go.Figure:
    """Add the mark of simulated data and the text alternative; return the figure."""
    sentence = f"{SIMULATED}. {alt}" if simulated else alt
    if simulated:
        figure.add_annotation(**_mark(palette(dark=dark), corner))
    figure.update_layout(meta={"alt": sentence})
    return figure


def _mark(colours: Palette, corner: Corner) -> dict[str, Any]:
    vertical, horizontal = corner.split()
    return {
        "name": MARK,
        "text": SIMULATED,
        "xref": "paper",
        "yref": "paper",
        "x": 0 if horizontal == "left" else 1,
        "y": 0 if vertical == "bottom" else 1,
        "xanchor": horizontal,
        "yanchor": vertical,
        "xshift": 6 if horizontal == "left" else -6,
        "yshift": 6 if vertical == "bottom" else -6,
        "showarrow": False,
        "font": {"size": 11, "color": colours.muted},
        "bgcolor": colours.halo,
        "bordercolor": colours.line,
        "borderwidth": 1,
        "borderpad": 3,
    }


def footnote(figure: go.Figure, text: str, *, dark: bool) -> None:
    """Write a small line under the x axis, at the left edge of the figure."""
    figure.add_annotation(
        name="footnote",
        text=text,
        xref="paper",
        yref="paper",
        x=0,
        y=0,
        xanchor="left",
        yanchor="top",
        xshift=-48,
        yshift=-52,
        showarrow=False,
        align="left",
        font={"size": 11, "color": palette(dark=dark).muted},
    )
    figure.update_layout(margin_b=78)


def empty_figure(
    sentence: str, *, simulated: bool = False, dark: bool = False, height: int = 240
) -> go.Figure:
    """Return a figure that says why there is nothing to draw."""
    figure = new_figure(dark=dark, x_title="", y_title="", height=height)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.add_annotation(
        name="empty",
        text=wrapped(sentence, width=38),
        xref="paper",
        yref="paper",
        x=0.5,
        y=0.5,
        showarrow=False,
        font={"size": 13, "color": palette(dark=dark).muted},
    )
    return finish(figure, alt=sentence, simulated=simulated, dark=dark)


def wrapped(text: str, *, width: int) -> str:
    """Break text into lines of at most `width` characters where it has spaces, escaped for plotly."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "<br>".join(plain(part) for part in (*lines, line))


def alt_text(figure: go.Figure) -> str:
    """Return the figure's text alternative: a sentence with its numbers."""
    meta = figure.layout.meta
    return str(meta.get("alt", "")) if isinstance(meta, Mapping) else ""


def named_places(names: Sequence[str], places: object = None, **style: object) -> dict[str, Any]:
    """Return the style of an axis with a name at each place (0, 1, 2, … where none are given)."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(names))) if places is None else places,
        "ticktext": list(names),
        "ticks": "",
        "fixedrange": True,
        **style,
    }


def legend_square(name: str, colour: str, *, size: float) -> go.Scatter:
    """Return an entry of the legend for what is drawn as an image, which has none of its own."""
    return go.Scatter(
        x=[None],
        y=[None],
        mode="markers",
        name=name,
        marker={"color": colour, "symbol": "square", "size": size},
        hoverinfo="skip",
    )


def range_below_mark(values: pd.Series, *, log: bool = False) -> list[float]:
    """Return the range of an axis whose upper end, with the mark of simulated data, is free of points."""
    shown = np.log10(values[values > 0]) if log else values
    low, high = float(shown.min()), float(shown.max())
    span = (high - low) or 1.0
    return [low - 0.06 * span, high + 0.16 * span]


def ring(points: pd.DataFrame, *, size: float, width: float, dark: bool) -> go.Scatter:
    """Return rings around what is in focus: points with columns ``x`` and ``y``, size and width in pixels."""
    return go.Scatter(
        x=points["x"],
        y=points["y"],
        mode="markers",
        hoverinfo="skip",
        showlegend=False,
        name="in focus",
        marker={
            "color": palette(dark=dark).foreground,
            "symbol": "circle-open",
            "size": size,
            "line": {"width": width},
        },
    )
