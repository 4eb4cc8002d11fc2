from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from core.cohort.roles import sex_of, suggest_roles
from tests.cohort.files import metadata_table


def values(metadata: pd.DataFrame) -> dict[str, list[str]]:
    return {role: [s.value for s in found] for role, found in suggest_roles(metadata).items()}


def test_typical_metadata() -> None:
    metadata = (
        metadata_table().set_index("sample").assign(patient=[f"P{i}" for i in range(8)], tissue="blood")
    )
    metadata["centre"] = ["A", "B"] * 4
    assert values(metadata) == {
        "factor": ["group"],
        "case": ["TRD"],
        "control": ["non-TRD"],
        "patient": ["patient"],
        "centre": ["centre"],
        "sex": ["sex"],
        "covariates": ["age"],
    }


def test_each_suggestion_has_a_reason() -> None:
    for found in suggest_roles(metadata_table().set_index("sample")).values():
        assert all(suggestion.reason for suggestion in found)


def test_nothing_to_suggest() -> None:
    assert not any(values(pd.DataFrame({"note": ["a", "b", "c"]})).values())


@pytest.mark.parametrize(
    ("word", "sex"), [("F", "female"), ("Male", "male"), ("weiblich", "female"), ("1", None)]
)
def test_words_for_sex(word: str, sex: str | None) -> None:
    assert sex_of(word) == sex


@pytest.mark.parametrize(
    ("cohort", "factor", "case", "control", "sex"),
    [
        ("airway", "dex", "trt", "untrt", []),
        ("brazil_household", "TBStatus", "PTB", "LTBI", ["Gender"]),
        ("pasilla", "condition", "treated", "untreated", []),
    ],
)
def test_real_metadata(
    cohort: str, factor: str, case: str, control: str, sex: list[str], shared_data: Path
) -> None:
    found = values(pd.read_csv(shared_data / cohort / "metadata.csv", index_col=0))
    assert (found["factor"][0], found["case"], found["control"]) == (factor, [case], [control])
    assert found["sex"] == sex
