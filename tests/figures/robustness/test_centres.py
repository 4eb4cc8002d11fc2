from __future__ import annotations

import numpy as np
import pandas as pd

from core.figures.house.theme import MARK, alt_text
from core.figures.robustness.centres import direction_forest

ROWS = pd.DataFrame(
    {
        "label": ["Centre A", "Centre <b>", "Centre C"],
        "estimate": [0.96, 0.44, np.nan],
        "low": [0.95, 0.40, np.nan],
        "high": [0.97, 0.48, np.nan],
        "n": [91, 32, 4],
        "expected_low": [0.88, np.nan, np.nan],
        "expected_high": [0.97, np.nan, np.nan],
    }
)


def test_shares_stand_on_what_random_parts_give() -> None:
    parts, centres = direction_forest(ROWS, n_parts=40).data
    np.testing.assert_array_equal(centres.x, [0.96, 0.44])
    np.testing.assert_allclose(centres.error_x.arrayminus, [0.01, 0.04])
    np.testing.assert_array_equal(parts.x[:2], [0.88, 0.97])
    np.testing.assert_array_equal(parts.y[:2], [0, 0])
    assert np.isnan(parts.x[2:]).all()


def test_chance_and_the_lowest_end_are_in_the_picture() -> None:
    figure = direction_forest(ROWS, n_parts=40)
    low, high = figure.layout.xaxis.range
    assert low < 0.40
    assert high > 1
    assert figure.layout.shapes[0].x0 == 0.5
    assert "50 %" in figure.layout.xaxis.ticktext
    assert direction_forest(ROWS.iloc[:1], n_parts=40).layout.xaxis.range[0] < 0.5


def test_words_have_the_numbers_and_names_as_they_stand() -> None:
    figure = direction_forest(ROWS, n_parts=40, simulated=True)
    alt = alt_text(figure)
    assert alt.startswith("Simulated data. ")
    assert "Centre A 96 % (95 % to 97 %), random parts 88 % to 97 %" in alt
    assert "Centre <b> 44 % (40 % to 48 %), random parts unknown" in alt
    assert "Centre C" not in alt
    assert "Centre &lt;b&gt;" in figure.data[1].text[1]
    assert "n = 32" in figure.data[1].text[1]
    assert any(note.name == MARK for note in figure.layout.annotations)


def test_nothing_to_draw_says_so() -> None:
    assert "nothing to compare" in alt_text(direction_forest(ROWS.iloc[2:], n_parts=40))
