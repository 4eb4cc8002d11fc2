from __future__ import annotations

import pandas as pd

from core.figures.house.theme import alt_text
from core.figures.robustness.replication import rank_rank
from tests.figures.marks import is_simulated

SHARED = pd.DataFrame(
    {
        "gene": ["a", "b", "c"],
        "symbol": ["A", "", "C<i>"],
        "published": [1.0, -1.0, 0.2],
        "here": [0.5, 0.3, 0.1],
        "published_p": [0.001, 0.01, 0.5],
        "here_p": [0.01, 0.4, 0.6],
        "chosen": [True, True, False],
        "replicates": [True, False, False],
    }
)


def test_chosen_and_replicating_genes_are_points_at_their_ranks():
    figure = rank_rank(SHARED, simulated=True)
    _, chosen, replicating = figure.data
    assert "b" in chosen.text[0]
    assert replicating.x.tolist() == [100.0]
    assert replicating.y.tolist() == [100.0]
    assert chosen.x.tolist()[0] < 50
    assert "2 are significant there, of which 1 replicate" in alt_text(figure)
    assert is_simulated(figure)
