from __future__ import annotations

import numpy as np
import pandas as pd

from core.figures.house.theme import alt_text
from core.figures.robustness.methods import NOTHING, permutation_bars, pvalue_scatter
from tests.figures.marks import is_simulated

POINTS = pd.DataFrame(
    {
        "symbol": ["A<b>", "B", "C", "D"],
        "one": [1e-8, 0.5, 1e-60, np.nan],
        "other": [0.2, 0.4, 1e-3, 0.1],
        "contested": [True, False, False, True],
    }
)


def test_contested_genes_are_points_and_the_rest_is_shaded():
    figure = pvalue_scatter(POINTS, names=("DESeq2", "limma"), simulated=True)
    shade, points = figure.data
    assert shade.type == "heatmap"
    assert points.x.tolist() == [8.0]
    assert "A&lt;b&gt;" in points.text[0]
    assert figure.layout.xaxis.range[1] > 30
    assert "p-values of 3 genes by DESeq2 and by limma; 1 are significant" in alt_text(figure)
    assert is_simulated(figure)
    assert alt_text(pvalue_scatter(POINTS.iloc[3:], names=("a", "b"))) == NOTHING


def test_permutations_stand_beside_the_true_labels():
    figure = permutation_bars(np.array([0, 3, 1]), 120)
    assert list(figure.data[0].y) == [3, 1, 0, 120]
    assert "120 with the true labels; with permuted labels at most 3 in 3 permutations" in alt_text(figure)
