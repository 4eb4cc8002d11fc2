from __future__ import annotations

import pandas as pd

from core.models.checks.base import Facts
from core.models.checks.subgroups import SmallSubgroups


def inspect(case: int, control: int):
    rows = [("sex", "female", 40, 40), ("sex", "male", case, control)]
    return SmallSubgroups().inspect(
        Facts(subgroups=pd.DataFrame(rows, columns=["column", "level", "case", "control"]))
    )


def test_fewer_than_ten_events_are_named():
    assert inspect(9, 30).severity == "amber"
    assert "sex male: 9 cases, 30 controls" in inspect(9, 30).explanation
    assert inspect(30, 9).severity == "amber"


def test_ten_of_each_pass():
    assert inspect(10, 10).severity == "passed"


def test_without_sex_and_centre():
    assert SmallSubgroups().inspect(Facts()).severity == "not applicable"
