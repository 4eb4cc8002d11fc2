from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, mannwhitneyu

from core.cohort.samples.balance import (
    describable,
    explained,
    group_pvalue,
    standardised_difference,
    table_one,
)

RNG = np.random.default_rng(3)
GROUPS = pd.Series(["TRD"] * 60 + ["non-TRD"] * 50)
METADATA = pd.DataFrame(
    {
        "age": np.r_[RNG.normal(50, 10, 60), RNG.normal(44, 12, 50)],
        "sex": ["f"] * 45 + ["m"] * 15 + ["f"] * 25 + ["m"] * 25,
        "centre": RNG.choice(["A", "B", "C"], 110),
        "name": [f"P{i}" for i in range(110)],
        "constant": 1,
    }
)


def parts(column: str) -> tuple[pd.Series, pd.Series]:
    return METADATA[column][GROUPS == "TRD"], METADATA[column][GROUPS == "non-TRD"]


def test_numbers_differ_by_cohens_d_with_its_interval() -> None:
    case, control = parts("age")
    expected = (case.mean() - control.mean()) / np.sqrt((case.var() + control.var()) / 2)
    found = standardised_difference(case, control)
    assert found.value == pytest.approx(expected)
    assert found.low < expected < found.high
    assert found.high - found.low == pytest.approx(
        2 * 1.96 * np.sqrt(110 / 3000 + expected**2 / 220), rel=1e-3
    )


def test_two_levels_differ_by_their_shares() -> None:
    p, q = 15 / 60, 25 / 50
    expected = (p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    assert standardised_difference(*parts("sex")).value == pytest.approx(expected)


def test_several_levels_have_a_distance_and_no_interval() -> None:
    found = standardised_difference(*parts("centre"))
    assert found.value > 0
    assert np.isnan(found.low)


def test_the_interval_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(9)
    found = [
        standardised_difference(pd.Series(rng.normal(0.4, 1, 40)), pd.Series(rng.normal(0, 1, 30)))
        for _ in range(400)
    ]
    covered = np.mean([d.low <= 0.4 <= d.high for d in found])
    assert covered == pytest.approx(0.95, abs=0.03)


def test_p_values_are_those_of_scipy() -> None:
    case, control = parts("age")
    expected = mannwhitneyu(case, control, use_continuity=False).pvalue
    assert group_pvalue(METADATA["age"], GROUPS) == pytest.approx(expected)
    table = pd.crosstab(METADATA["sex"], GROUPS)
    expected = chi2_contingency(table, correction=False).pvalue
    assert group_pvalue(METADATA["sex"], GROUPS) == pytest.approx(expected)


def test_the_table_counts_levels_and_missing_values() -> None:
    metadata = METADATA.assign(age=METADATA["age"].mask(METADATA.index < 4))
    columns = describable(metadata)
    assert columns == ["age", "sex", "centre"]
    table = table_one(metadata, GROUPS, case="TRD", control="non-TRD", columns=columns)
    age = table[table["column"] == "age"].iloc[0]
    assert (age["missing_case"], age["missing_control"]) == (4, 0)
    (men,) = (row for _, row in table[table["column"] == "sex"].iterrows())
    assert (men["level"], men["case"], men["control"]) == ("m", "15 (25 %)", "25 (50 %)")
    assert list(table.loc[table["column"] == "centre", "level"]) == ["", "A", "B", "C"]
    assert table["smd"].notna().sum() == 3


def test_a_category_explains_what_its_levels_differ_in() -> None:
    component = pd.DataFrame(
        {"PC1": np.where(METADATA["sex"] == "f", 1.0, -1.0), "PC2": RNG.normal(size=110)}
    )
    found = explained(METADATA["sex"], component)
    assert found.loc["PC1", "share"] == pytest.approx(1)
    assert found.loc["PC1", "pvalue"] == pytest.approx(0)
    assert found.loc["PC2", "share"] < 0.1
    assert explained(pd.Series(["x"] * 110), component)["share"].isna().all()


def test_explained_shares_of_unrelated_numbers_are_uniformly_significant() -> None:
    rng = np.random.default_rng(4)
    components = pd.DataFrame(rng.normal(size=(60, 2000)))
    share = (explained(pd.Series(rng.normal(size=60)), components)["pvalue"] < 0.05).mean()
    assert share == pytest.approx(0.05, abs=0.02)
