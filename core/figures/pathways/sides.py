"""Marks of sets by their direction: filled where they hold, open where only their genes move together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from core.figures.house.theme import DOWN, GREY, UP, plain
from core.figures.house.words import p_text
from core.figures.pathways.words import set_label

SIDES = {
    "up": ("Higher in {case}", UP, "triangle-up"),
    "down": ("Lower in {case}", DOWN, "triangle-down"),
    "both": ("Either direction", GREY, "circle"),
}


def parts_of(
    sets: pd.DataFrame,
    *,
    case: str,
    sizes: Callable[[pd.DataFrame], Any],
    hover: Callable[[pd.Series], str],
    opacity: float,
) -> Iterator[tuple[pd.DataFrame, dict[str, Any]]]:
    """Yield the sets of each direction, those that hold and those that do not, with the style of their marks.

    Parameters
    ----------
    sets : pandas.DataFrame
        ``key``, ``direction``, ``flag`` and what `sizes` and `hover` read.
    case : str
        Name of the case group.
    sizes : callable
        Returns the size of each mark, in pixels.
    hover : callable
        Returns what is told of one set.
    opacity : float
        Of the marks, also beside a selected one.
    """
    for side, (word, colour, symbol) in SIDES.items():
        for held in (True, False):
            part = sets[(sets["direction"] == side) & ((sets["flag"] == "") == held)]
            if part.empty:
                continue
            why_open = "" if held else ", only because its genes move together"
            style = {
                "mode": "markers",
                "name": word.format(case=plain(case)) + why_open,
                "customdata": part["key"].to_list(),
                "text": [hover(row) for _, row in part.iterrows()],
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {
                    "color": colour,
                    "symbol": symbol if held else f"{symbol}-open",
                    "size": sizes(part),
                    "opacity": opacity,
                    "line": {"width": 0 if held else 1.5},
                },
                "unselected": {"marker": {"opacity": opacity}},
            }
            yield part, style


def set_hover(row: pd.Series) -> str:
    """Return what is told of any set: its name, collection, size and p-values."""
    return (
        f"<b>{plain(set_label(row['set']))}</b><br>{plain(row['collection'])}, {int(row['size'])} genes"
        f"<br>p = {p_text(row['pvalue'])}<br>adjusted p = {p_text(row['padj'])}"
    )
