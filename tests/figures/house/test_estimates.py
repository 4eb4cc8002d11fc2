from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.figures.house.estimates import direction_mark, error_bar, fit_around_zero, name_rows
from core.figures.house.theme import DOWN, GREY, UP, new_figure


@pytest.mark.parametrize(
    ("ends", "colour", "symbol"),
    [
        ((0.1, 0.5), UP, "triangle-up"),
        ((-0.5, -0.1), DOWN, "triangle-down"),
        ((-0.1, 0.5), GREY, "circle"),
        ((np.nan, np.nan), GREY, "circle"),
    ],
)
def test_only_an_interval_without_0_has_a_direction(ends: tuple[float, float], colour: str, symbol: str):
    mark = direction_mark(np.nan_to_num(np.mean(ends)), *ends, size=9)
    assert mark == {"color": colour, "symbol": symbol, "size": 9}


def test_a_bar_reaches_the_ends_and_has_no_length_where_one_is_missing():
    bar = error_bar(pd.Series([1.0, 2.0]), [0.5, np.nan], [1.25, 4.0], colour=UP)
    assert (bar["arrayminus"], bar["array"]) == ([0.5, 0.0], [0.25, 2.0])
    assert error_bar(1.0, 0.5, 2.0, colour=UP)["array"] == [1.0]


def test_names_stand_at_their_lines_inside_the_axis():
    figure = new_figure(dark=False, x_title="", y_title="")
    name_rows(figure, ["first", "second", "third"], below=0.7)
    axis = figure.layout.yaxis
    assert dict(zip(axis.tickvals, axis.ticktext, strict=True)) == {0: "first", -1: "second", -2: "third"}
    assert axis.range == pytest.approx((-2.7, 0.6))


def test_the_axis_holds_all_numbers_and_0():
    figure = new_figure(dark=False, x_title="", y_title="")
    fit_around_zero(figure, pd.DataFrame({"low": [0.5, np.nan], "high": [1.0, 2.0]}), margin=0.1)
    assert figure.layout.xaxis.range == pytest.approx((-0.2, 2.2))
