from __future__ import annotations

import pandas as pd
import pytest

from core.figures.house.theme import (
    DARK,
    LIGHT,
    MARK,
    SIMULATED,
    alt_text,
    empty_figure,
    finish,
    new_figure,
    plain,
    range_below_mark,
    rgba,
    wrapped,
)


def test_the_mark_and_the_alternative_say_simulated() -> None:
    figure = finish(new_figure(dark=False, x_title="x", y_title="y"), alt="A.", simulated=True, dark=False)
    assert [a.text for a in figure.layout.annotations if a.name == MARK] == [SIMULATED]
    assert alt_text(figure) == "Simulated data. A."


def test_real_data_carry_no_mark() -> None:
    figure = finish(new_figure(dark=False, x_title="x", y_title="y"), alt="A.", simulated=False, dark=False)
    assert not figure.layout.annotations
    assert alt_text(figure) == "A."


@pytest.mark.parametrize(("dark", "colours"), [(False, LIGHT), (True, DARK)])
def test_the_page_shows_through(dark: bool, colours: object) -> None:
    layout = new_figure(dark=dark, x_title="", y_title="").layout
    assert layout.font.color == colours.foreground  # type: ignore[attr-defined]
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"


def test_an_empty_figure_says_why() -> None:
    figure = empty_figure("Nothing was tested.")
    assert alt_text(figure) == "Nothing was tested."
    assert figure.layout.annotations[0].text == "Nothing was tested."


def test_text_is_escaped_and_wrapped() -> None:
    assert plain("<b>A&B</b>") == "&lt;b&gt;A&amp;B&lt;/b&gt;"
    assert wrapped("one two <three", width=7) == "one two<br>&lt;three"
    assert rgba("#D55E00", 0.5) == "rgba(213,94,0,0.5)"


def test_points_stay_below_the_mark():
    low, high = range_below_mark(pd.Series([0.0, 10.0]))
    assert low < 0
    assert high > 11
    low, high = range_below_mark(pd.Series([0.0, 1.0, 100.0]), log=True)
    assert low < 0
    assert 2 < high < 3
