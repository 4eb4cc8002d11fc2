from __future__ import annotations

import numpy as np
import pandas as pd

from core.figures.house.grid import correlation_map, share_grid
from core.figures.house.theme import alt_text

SHARES = pd.DataFrame({"PC1<br>12 %": [0.5, np.nan], "PC2<br>7 %": [0.02, 0.9]}, index=["age", "sex"])


def test_cells_show_percent_and_star() -> None:
    marked = pd.DataFrame([[True, False], [False, False]])
    heat = share_grid(SHARES, x_title="component", what="Shares", marked=marked).data[0]
    assert heat.text[0] == ("50*", "2") or list(heat.text[0]) == ["50*", "2"]
    assert list(heat.text[1]) == ["", "90"]


def test_the_largest_are_in_the_text_alternative() -> None:
    alt = alt_text(share_grid(SHARES, x_title="component", what="Shares"))
    assert alt.startswith("Shares. The largest: sex and PC2 90 %; age and PC1 50 %")


def test_an_empty_grid_says_so() -> None:
    assert "nothing to compare" in alt_text(share_grid(SHARES.iloc[:0], x_title="", what=""))


def test_correlations_are_drawn_in_the_order_given() -> None:
    correlation = np.array([[1, 0.4, -0.2], [0.4, 1, 0.1], [-0.2, 0.1, 1]], dtype=np.float32)
    figure = correlation_map(correlation, order="ordered by group", simulated=True)
    assert np.asarray(figure.data[0].z).shape == (3, 3)
    assert "pairs reach 0.40" in alt_text(figure)
