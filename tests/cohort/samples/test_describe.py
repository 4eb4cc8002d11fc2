from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from core.cohort.model import Cohort
from core.cohort.samples.describe import describe_groups
from core.cohort.simulation.cohort import simulate_cohort


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return simulate_cohort(seed=2, n_patients=60, n_genes=500)[0]


def described(cohort: Cohort, **options: object) -> pd.DataFrame:
    return describe_groups(cohort, "group", ["TRD", "non-TRD"], **options).set_index("")


def test_numbers_are_median_and_quartiles_of_each_group(cohort: Cohort):
    ages = cohort.metadata.loc[cohort.metadata["group"] == "TRD", "age"]
    low, middle, high = ages.quantile([0.25, 0.5, 0.75])
    assert described(cohort).loc["Age", "TRD"] == f"{middle:.0f} ({low:.0f} to {high:.0f})"


def test_levels_are_counts_that_add_up_to_the_group(cohort: Cohort):
    table = described(cohort)
    sexes = [int(table.loc[f"Sex: {sex}", "TRD"].split()[0]) for sex in ("female", "male")]
    assert sum(sexes) == int(table.loc["Samples", "TRD"])


def test_missing_values_are_counted(cohort: Cohort):
    metadata = cohort.metadata.copy()
    metadata["age"] = metadata["age"].astype(float)
    metadata.iloc[:4, metadata.columns.get_loc("age")] = None
    table = described(replace(cohort, metadata=metadata))
    assert "missing" in " ".join(table.loc["Age"])


def test_repeated_patients_are_counted_once(cohort: Cohort):
    assert "Patients" not in described(cohort).index
    metadata = cohort.metadata.copy()
    trd = metadata.index[metadata["group"] == "TRD"]
    metadata.loc[trd[:3], "patient"] = "P1"
    table = described(replace(cohort, metadata=metadata))
    assert int(table.loc["Patients", "TRD"]) == len(trd) - 2


def test_only_the_samples_asked_for_are_described(cohort: Cohort):
    table = described(cohort, samples=list(cohort.samples[:20]))
    assert table.loc["Samples"].astype(int).sum() == 20
