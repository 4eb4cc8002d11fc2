from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.de.reading import summary
from core.de.reading.summary import fold_change, fold_change_limits, fold_change_sentence


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "log2FoldChange": [1.0, -2.0, 0.1, 3.0, np.nan],
            "pvalue": [0.001, 0.002, 0.003, 0.5, np.nan],
            "padj": [0.01, 0.049, 0.04, 0.6, np.nan],
        }
    )


def test_thresholds_choose_and_missing_never_passes(table: pd.DataFrame) -> None:
    assert summary.significant(table).tolist() == [True, True, True, False, False]
    assert summary.significant(table, min_lfc=1).tolist() == [True, True, False, False, False]
    assert summary.significant(table, alpha=0.02).tolist() == [True, False, False, False, False]


def test_counts_have_direction_and_share() -> None:
    counts = summary.Counts(n_up=3, n_down=1, n_active=16)
    assert (counts.n, counts.share) == (4, 0.25)
    assert summary.Counts(0, 0, 0).share == 0


def test_null_share_recovers_a_known_mixture() -> None:
    rng = np.random.default_rng(5)
    null, real = rng.uniform(size=14_000), rng.beta(0.1, 20, size=6_000)
    assert summary.null_share(pd.Series(np.concatenate([null, real]))) == pytest.approx(0.7, abs=0.03)
    assert summary.null_share(pd.Series(null)) == pytest.approx(1.0, abs=0.04)
    assert summary.null_share(pd.Series(null[:50])) is None


def test_inflation_is_one_on_null_and_grows() -> None:
    p = pd.Series(np.linspace(0.0005, 0.9995, 1000))
    assert summary.genomic_inflation(p) == pytest.approx(1.0, abs=0.01)
    assert summary.genomic_inflation(p**2) > 1.5
    assert summary.genomic_inflation(pd.Series([np.nan])) is None


@pytest.mark.parametrize(
    ("log2", "se", "sentence"),
    [
        (0.1635, 0.0686, "12 % higher in TRD, 95 % interval 2 to 23 %"),
        (-0.1635, 0.0686, "11 % lower in TRD, 95 % interval 2 to 19 %"),
        (0.1635, 0.2, "12 % higher in TRD, 95 % interval −15 to +47 %"),
        (0.0, 0.1, "No difference in TRD, 95 % interval −13 to +15 %"),
        (2.0, 0.1, "4.0 times higher in TRD, 95 % interval 3.5 to 4.6 times"),
        (-2.0, 0.1, "4.0 times lower in TRD, 95 % interval 3.5 to 4.6 times"),
        (np.nan, 0.1, "No fold change could be estimated for TRD"),
    ],
)
def test_sentence(log2: float, se: float, sentence: str) -> None:
    assert fold_change_sentence(fold_change(log2, se), case="TRD") == sentence


@pytest.mark.parametrize("freedom", [None, 8.0])
def test_limits_of_a_table_are_those_of_each_gene(freedom: float | None) -> None:
    table = pd.DataFrame(
        {"log2FoldChange": [0.3, -1.0, np.nan], "lfcSE": [0.1, 0.5, np.nan]}, index=[4, 2, 9]
    )
    limits = fold_change_limits(table, freedom=freedom)
    assert list(limits.index) == [4, 2, 9]
    for gene in (4, 2):
        change = fold_change(*table.loc[gene], freedom=freedom)
        assert change is not None
        np.testing.assert_allclose(2 ** limits.loc[gene], [change.low, change.high])
    assert limits.loc[9].isna().all()
