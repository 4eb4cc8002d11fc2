"""Which columns can be groups and covariates."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from core.cohort.model import Cohort, Roles
from pages.ui.genes import settings
from tests.de.cohorts import small_cohort


def cohort() -> Cohort:
    found = small_cohort()
    n = len(found.metadata)
    metadata = found.metadata.assign(
        patient=[f"P{i // 2}" for i in range(n)],
        barcode=[f"B{i}" for i in range(n)],
        constant="x",
        empty=pd.Series([None] * n, dtype=object, index=found.metadata.index),
        batch=[1, 2, 3] * (n // 3),
        score=[i / 7 for i in range(n)],
    )
    return replace(found, metadata=metadata, roles=Roles(patient="patient"))


def test_groups_have_two_to_twenty_levels_and_repeat():
    offered = settings.group_columns(cohort())
    assert {"group", "sex", "centre", "patient", "batch"} <= set(offered)
    assert not {"barcode", "constant", "empty", "score"} & set(offered)


def test_levels_are_text_in_order_without_the_missing():
    found = cohort()
    found.metadata.iloc[0, 0] = None
    assert settings.levels(found, "group") == ["TRD", "non-TRD"]
    assert settings.levels(found, "batch") == ["1", "2", "3"]
    assert settings.levels(found, "empty") == []


def test_covariates_are_categories_and_numbers_but_never_groups_or_patients():
    offered = settings.covariate_columns(cohort(), "group")
    assert {"sex", "centre", "age", "score", "batch"} <= set(offered)
    assert not {"group", "patient", "barcode", "constant", "empty"} & set(offered)


def test_a_level_that_is_gone_falls_back_to_a_place():
    assert settings._position(["a", "b"], "b", 0) == 1
    assert settings._position(["a", "b"], "gone", 1) == 1
    assert settings._position(["a"], "gone", 1) == 0
