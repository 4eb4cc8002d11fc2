"""Dot plot of the strongest gene sets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.theme import empty_figure, finish, named_places, new_figure, palette, plain, wrapped
from core.figures.house.words import count_text
from core.figures.pathways.sides import parts_of, set_hover
from core.figures.pathways.words import set_label, short_label

NOTHING = "No gene set is listed, so there is nothing to draw."
ROW = 34
SMALLEST_P = 1e-300


def set_dots(
    rows: pd.DataFrame,
    *,
    strength: str,
    axis: str,
    case: str,
    selected: str = "",
    simulated: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Draw sets by strength, one line each, the size of the mark after the size of the set.

    Where `rows` has an interval of the strength, it is drawn.

    Filled marks are sets that the correlation-aware check confirms, open ones those it does not.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``key``, ``set``, ``collection``, ``direction``, ``size``, ``pvalue``, ``padj``, ``flag``
        and the column `strength`; ``lower`` and ``upper`` where the test gives an interval.
    strength : str
        Column drawn on the x axis.
    axis : str
        Its name with its unit.
    case : str
        Name of the case group.
    selected : str
        Key of the set in focus.
    simulated, dark : bool
        Whether the data are simulated; whether the page is dark.
    """
    drawn = rows[rows[strength].notna()].sort_values([strength, "set"], kind="stable")
    if drawn.empty:
        return empty_figure(NOTHING, simulated=simulated, dark=dark)
    drawn = drawn.reset_index(drop=True)
    figure = new_figure(
        dark=dark, x_title=wrapped(axis, width=27), y_title="", height=104 + ROW * max(len(drawn), 4)
    )
    figure.add_vline(x=0, line={"color": palette(dark=dark).line, "width": 1})
    for part, mark in parts_of(drawn, case=case, sizes=_sizes, hover=_hover, opacity=1):
        bars = _intervals(part, strength)
        figure.add_scatter(x=part[strength].astype(float), y=part.index.to_list(), error_x=bars, **mark)
    _axes(figure, drawn, selected=selected, strength=strength)
    figure.update_layout(clickmode="event+select", dragmode=False)
    alt = _alt(drawn, case=case, axis=axis)
    return finish(figure, alt=alt, simulated=simulated, dark=dark)


def _has_interval(rows: pd.DataFrame) -> bool:
    return "lower" in rows and bool(rows["lower"].notna().any())


def _intervals(part: pd.DataFrame, strength: str) -> dict[str, object] | None:
    if not _has_interval(part):
        return None
    return {
        "type": "data",
        "symmetric": False,
        "array": (part["upper"] - part[strength]).astype(float).to_list(),
        "arrayminus": (part[strength] - part["lower"]).astype(float).to_list(),
        "thickness": 1.5,
        "width": 0,
    }


def _sizes(part: pd.DataFrame) -> list[float]:
    sizes: list[float] = np.clip(4 + np.sqrt(part["size"].to_numpy(float)), 7, 20).tolist()
    return sizes


def _hover(row: pd.Series) -> str:
    return set_hover(row) + (f"<br>{plain(row['flag'])}" if row["flag"] else "")


def _two_lines(name: str) -> str:
    lines = wrapped(short_label(name, most=58), width=29).split("<br>")
    return "<br>".join(lines) if len(lines) < 3 else f"{lines[0]}<br>{lines[1]}…"


def _axes(figure: go.Figure, drawn: pd.DataFrame, *, selected: str, strength: str) -> None:
    labels = [_two_lines(name) for name in drawn["set"]]
    names = [
        f"<b>{label}</b>" if key == selected else label
        for key, label in zip(drawn["key"], labels, strict=True)
    ]
    style = named_places(names, showline=False)
    figure.update_yaxes(range=[-0.7, len(drawn) - 0.3], tickfont_size=11, **style)
    shown = [strength, "lower", "upper"] if _has_interval(drawn) else [strength]
    values = drawn[shown].to_numpy(float)
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    margin = 0.12 * (high - low or 1)
    figure.update_xaxes(range=[low - margin, high + margin], fixedrange=True)


def _alt(drawn: pd.DataFrame, *, case: str, axis: str) -> str:
    up = drawn[drawn["direction"] == "up"].tail(3)["set"][::-1]
    down = drawn[drawn["direction"] == "down"].head(3)["set"]
    n_flagged = int((drawn["flag"] != "").sum())
    parts = [f"Dot plot of {count_text(len(drawn))} gene sets by {axis}."]
    if len(up):
        parts.append(f"Strongest higher in {case}: {', '.join(map(set_label, up))}.")
    if len(down):
        parts.append(f"Strongest lower in {case}: {', '.join(map(set_label, down))}.")
    if n_flagged:
        parts.append(f"{count_text(n_flagged)} are drawn open: only their genes moving together makes them.")
    return " ".join(parts)
