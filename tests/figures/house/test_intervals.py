from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.figures.house.intervals import fold_change_interval
from core.figures.house.theme import DOWN, GREY, UP, alt_text

CONTRAST = ("TRD", "non-TRD")


def rows(*values: tuple[float, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=["estimate", "low", "high"])
    return frame.assign(label=[f"row {i}" for i in range(len(frame))])


@pytest.mark.parametrize(
    ("row", "colour", "symbol"),
    [
        ((0.2, 0.1, 0.3), UP, "triangle-up"),
        ((-0.2, -0.3, -0.1), DOWN, "triangle-down"),
        ((0.2, -0.1, 0.5), GREY, "circle"),
    ],
)
def test_colour_and_symbol_say_on_which_side(
    row: tuple[float, float, float], colour: str, symbol: str
) -> None:
    mark = fold_change_interval(rows(row), contrast=CONTRAST).data[0]
    assert (mark.marker.color, mark.marker.symbol) == (colour, symbol)
    assert mark.x[0] + mark.error_x.array[0] == pytest.approx(row[2])
    assert mark.x[0] - mark.error_x.arrayminus[0] == pytest.approx(row[1])


def test_numbers_are_in_words() -> None:
    figure = fold_change_interval(rows((0.17, 0.02, 0.31)), contrast=CONTRAST)
    assert "+0.17 (13 % higher), 95 % interval +0.02 to +0.31" in alt_text(figure)


def test_a_missing_interval_is_a_point_and_a_missing_estimate_no_row() -> None:
    figure = fold_change_interval(rows((0.17, np.nan, np.nan), (np.nan, np.nan, np.nan)), contrast=CONTRAST)
    assert len(figure.data) == 1
    assert figure.data[0].error_x.array[0] == 0


def test_no_estimate_at_all() -> None:
    figure = fold_change_interval(rows((np.nan, np.nan, np.nan)), contrast=CONTRAST)
    assert "not tested" in alt_text(figure)
