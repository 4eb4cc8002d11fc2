from __future__ import annotations

from dataclasses import replace

import pytest

from core.de.spec import DESpec
from core.errors import InputError, suggestion
from tests.analyses import check_spec

GOOD = DESpec("group", "TRD", "non-TRD", ("age",))


def test_a_good_specification_passes() -> None:
    check_spec(GOOD)
    check_spec(replace(GOOD, min_samples=0, winsorise=0.95, alpha=0.1, lfc_threshold=0.5))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"factor": ""}, "bad-factor"),
        ({"case": ""}, "bad-case"),
        ({"control": ""}, "bad-control"),
        ({"case": "non-TRD"}, "bad-case"),
        ({"covariates": ("age", "group")}, "bad-covariates"),
        ({"covariates": ("age", "age")}, "bad-covariates"),
        ({"covariates": ("",)}, "bad-covariates"),
        ({"min_count": -1}, "bad-min-count"),
        ({"min_samples": -3}, "bad-min-samples"),
        ({"alpha": 0.0}, "bad-alpha"),
        ({"alpha": 1.0}, "bad-alpha"),
        ({"alpha": float("nan")}, "bad-alpha"),
        ({"lfc_threshold": -0.1}, "bad-lfc-threshold"),
        ({"lfc_threshold": float("inf")}, "bad-lfc-threshold"),
        ({"winsorise": 0.5}, "bad-winsorise"),
        ({"winsorise": 1.0}, "bad-winsorise"),
        ({"method": "magic"}, "bad-method"),
    ],
)
def test_each_bad_value_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as refused:
        check_spec(replace(GOOD, **change))
    assert [fault.code for fault in refused.value.faults] == [code]


def test_all_faults_come_at_once() -> None:
    with pytest.raises(InputError) as refused:
        check_spec(replace(GOOD, alpha=5, winsorise=0.1, min_count=-1))
    assert {fault.code for fault in refused.value.faults} == {"bad-alpha", "bad-winsorise", "bad-min-count"}


def test_suggestion_names_the_nearest_and_all() -> None:
    assert suggestion("Sex", ["sex", "age"]) == "Did you mean 'sex'? There are: sex, age"
    assert suggestion("zzz", ["sex", "age"]) == "There are: sex, age"
    assert suggestion("zzz", []) == "There are none"
    assert "and 8 more" in suggestion("zzz", [f"c{i}" for i in range(20)])
