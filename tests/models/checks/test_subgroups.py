from __future__ import annotations

import pandas as pd

from core.models.checks.base import Facts
from core.models.checks.subgroups import SmallSubgroups


def look(case: int, control: int):
    rows = [("sex", "female", 40, 40), ("sex", "male", case, control)]
    return SmallSubgroups().look(
        Facts(subgroups=pd.DataFrame(rows, columns=["column", "level", "case", "control"]))
    )


def test_fewer_than_ten_events_are_named():
    assert look(9, 30).severity == "amber"
    assert "sex male: 9 cases, 30 controls" in look(9, 30).explanation
    assert look(30, 9).severity == "amber"


def test_ten_of_each_pass():
    assert look(10, 10).severity == "passed"


def test_without_sex_and_centre():
    assert SmallSubgroups().look(Facts()).severity == "not applicable"
