from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.house.forest import forest
from core.figures.house.theme import DOWN, GREY, UP, alt_text

ROWS = pd.DataFrame(
    {
        "label": ["Neutrophils", "T cells <b>", "B cells", "nothing"],
        "estimate": [0.5, -0.4, 0.1, np.nan],
        "low": [0.2, -0.7, -0.1, np.nan],
        "high": [0.8, -0.1, 0.3, np.nan],
        "n": [293, 293, 290, 0],
    }
)


def draw(rows: pd.DataFrame = ROWS) -> go.Figure:
    return forest(rows, x_title="difference", what="Difference of cell types", simulated=True)


def test_intervals_are_drawn_and_direction_is_colour_and_symbol() -> None:
    one, other, unclear = draw().data
    assert (one.marker.color, other.marker.color, unclear.marker.color) == (UP, DOWN, GREY)
    assert len({one.marker.symbol, other.marker.symbol, unclear.marker.symbol}) == 3
    assert one.error_x.array[0] == 0.3 or np.isclose(one.error_x.array[0], 0.3)
    assert "n = 293" in one.hovertemplate


def test_the_text_alternative_has_the_numbers() -> None:
    alt = alt_text(draw())
    assert alt.startswith("Simulated data. Difference of cell types")
    assert "Neutrophils +0.50 (+0.20 to +0.80)" in alt
    assert "nothing" not in alt


def test_names_are_drawn_as_they_stand() -> None:
    assert "T cells &lt;b&gt;" in draw().layout.yaxis.ticktext


def test_nothing_to_draw_says_so() -> None:
    assert "nothing to compare" in alt_text(draw(ROWS.iloc[3:]))
