from __future__ import annotations

import pandas as pd
import pytest

from core.figures.house.theme import alt_text
from core.figures.robustness.ladder import NO_GENE, NO_THEME, ladder_counts, theme_ladder
from tests.figures.marks import is_simulated

COUNTS = pd.DataFrame(
    {
        "label": ["crude", "+ age & <sex>"],
        "n_case": [150, 148],
        "n_control": [143, 140],
        "n": [4300, 12],
        "n_up": [2000, 0],
        "n_down": [2300, 12],
    }
)
THEMES = pd.DataFrame(
    {
        "theme": ["Immune system"] * 2 + ["Stress"] * 2,
        "rung": [0, 1, 0, 1],
        "label": ["crude", "+ cell composition"] * 2,
        "difference": [-0.44, -0.1, 0.2, 0.1],
        "lower": [-0.6, -0.3, 0.1, -0.1],
        "upper": [-0.28, 0.1, 0.3, 0.3],
    }
)
CONTRAST = ("TRD", "non-TRD")


def test_higher_to_the_right_and_lower_to_the_left_with_n():
    figure = ladder_counts(COUNTS, contrast=CONTRAST, alpha=0.05, simulated=True)
    lower, higher = figure.data
    assert list(lower.x) == [-2300, -12]
    assert list(higher.x) == [2000, 0]
    assert list(higher.text) == ["2,000", ""]
    ticks = figure.layout.yaxis.ticktext
    assert "n = 148 + 140" in ticks[1]
    assert "&lt;sex&gt;" in ticks[1]
    assert is_simulated(figure)
    assert "crude 4,300 (2,000 higher, 2,300 lower), n = 150 and 143" in alt_text(figure)


def test_no_gene_and_no_theme_are_said():
    none = COUNTS.assign(n=0, n_up=0, n_down=0)
    assert alt_text(ladder_counts(none, contrast=CONTRAST, alpha=0.05)) == NO_GENE
    assert alt_text(theme_ladder(THEMES.iloc[:0], contrast=CONTRAST)) == NO_THEME


def test_themes_have_a_point_per_rung_with_its_interval():
    figure = theme_ladder(THEMES, contrast=CONTRAST)
    points = {(trace.name, trace.x[0]): trace for trace in figure.data}
    assert len(points) == 4
    crude = points[("crude", -0.44)]
    assert crude.error_x.array[0] == pytest.approx(0.16)
    assert crude.marker.symbol == "triangle-down"
    assert points[("+ cell composition", -0.1)].marker.symbol == "circle"
    # Rungs of a theme stand below each other, themes too.
    assert (
        points[("crude", -0.44)].y[0]
        > points[("+ cell composition", -0.1)].y[0]
        > points[("crude", 0.2)].y[0]
    )
    assert "Immune system, crude: −0.44 (−0.60 to −0.28)" in alt_text(figure)
