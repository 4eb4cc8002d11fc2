from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.de.design.aliasing import Alias, find_aliases, variance_inflation


def matrix(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"Intercept": 1.0, **columns})


def test_full_rank_has_no_alias() -> None:
    assert find_aliases(matrix(a=[0, 1, 0, 1], b=[0, 0, 1, 1])) == []


def test_a_copy_and_a_complement_are_aliases() -> None:
    found = find_aliases(matrix(a=[0, 1, 0, 1], copy=[0, 1, 0, 1], rest=[1, 0, 1, 0]))
    assert found == [Alias("copy", ("a",)), Alias("rest", ("a",))]


def test_a_sum_of_columns_names_both() -> None:
    found = find_aliases(matrix(a=[0, 1, 0, 1], b=[0, 0, 1, 1], both=[0, 2, 3, 5]))
    assert found == [Alias("both", ("a", "b"))]


def test_constant_and_empty_columns_are_aliases_of_nothing() -> None:
    assert find_aliases(matrix(one=[1, 1, 1, 1], zero=[0, 0, 0, 0])) == [Alias("one", ()), Alias("zero", ())]


def test_inflation_is_one_for_orthogonal_and_follows_the_correlation() -> None:
    assert variance_inflation(matrix(a=[0, 1, 0, 1], b=[0, 0, 1, 1])) == pytest.approx(1)
    rng = np.random.default_rng(3)
    a = rng.normal(size=200)
    b = a + rng.normal(size=200)
    expected = 1 / (1 - np.corrcoef(a, b)[0, 1] ** 2)
    assert variance_inflation(matrix(a=list(a), b=list(b))) == pytest.approx(expected)
