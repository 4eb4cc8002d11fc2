from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.figures.house.selection import Thresholds, directions, gene_names, picked_gene


def few() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "gene": ["a", "b", "c", "d", "e"],
            "symbol": ["A", "", "C", "D", "E"],
            "baseMean": [100, 100, 5, 100, 100],
            "log2FoldChange": [1.0, -0.5, 2.0, np.nan, 0.1],
            "padj": [0.01, 0.04, 0.001, np.nan, 0.05],
        }
    )


def test_sign_follows_fold_change_and_missing_is_never_significant() -> None:
    assert directions(few(), Thresholds()).tolist() == [1, -1, 1, 0, 0]


def test_every_threshold_counts() -> None:
    assert directions(few(), Thresholds(lfc=0.8)).tolist() == [1, 0, 1, 0, 0]
    assert directions(few(), Thresholds(base_mean=10)).tolist() == [1, -1, 0, 0, 0]
    assert directions(few(), Thresholds(padj=0.02)).tolist() == [1, 0, 1, 0, 0]


def test_thresholds_survive_a_link() -> None:
    wanted = Thresholds(padj=0.01, lfc=0.3)
    assert Thresholds.from_query(wanted.to_query()) == wanted


def test_a_gene_without_symbol_goes_by_its_identifier() -> None:
    assert gene_names(few()).tolist() == ["A", "b", "C", "D", "E"]


@pytest.mark.parametrize(
    ("points", "gene"),
    [
        ([], None),
        ([{"customdata": "ENSG1"}], "ENSG1"),
        ([{"customdata": ["ENSG1"]}], "ENSG1"),
        ([{"x": 1}, {"customdata": "ENSG2"}], "ENSG2"),
        ([{"customdata": 3}], None),
    ],
)
def test_picked_gene(points: list[dict[str, object]], gene: str | None) -> None:
    assert picked_gene(points) == gene
