from __future__ import annotations

import numpy as np
import pandas as pd

from core.cohort.model import Cohort
from core.cohort.samples.groups import check_factor, level_names
from tests.cohort.files import metadata_table


def cohort(**columns: object) -> Cohort:
    metadata = metadata_table().set_index("sample").assign(**columns)
    return Cohort("x", np.zeros((0, len(metadata)), dtype=np.int32), pd.DataFrame(), metadata)


def test_levels_of_numbers_are_written_without_decimals() -> None:
    assert list(level_names(pd.Series([1.0, np.nan, 2.5]))) == ["1", None, "2.5"]


def test_sound_groups() -> None:
    found = check_factor(cohort(), "group", "TRD", "non-TRD")
    assert found.faults == []
    assert found.notices == []


def test_numeric_codes_are_groups() -> None:
    assert check_factor(cohort(arm=[0, 1] * 4), "arm", "1", "0").faults == []


def test_missing_groups_are_counted() -> None:
    groups = ["TRD"] * 3 + [None] * 2 + ["non-TRD"] * 3
    found = check_factor(cohort(group=groups), "group", "TRD", "non-TRD")
    assert found.faults == []
    assert found.notices[0].samples == ("S4", "S5")


def test_every_fault_is_named() -> None:
    found = check_factor(cohort(), "group", "healthy", "TRD2")
    assert [fault.code for fault in found.faults] == ["unknown-level", "unknown-level"]
    assert [fault.code for fault in check_factor(cohort(), "weight").faults] == ["unknown-column"]
