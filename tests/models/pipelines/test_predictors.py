from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import InputError
from core.models.pipelines.predictors import (
    NOT_LISTED,
    judge,
    predictor_table,
    read_judgements,
    unknown_columns,
)
from tests.models.studies import SPEC, simulated

RULES = read_judgements()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "n_antidepressants",
            "Prior antidepressants",
            "ATHF score",
            "failed_trials",
            "lithium",
            "Antipsychotics",
        ),
        *("current_polytherapy", "MADRS", "HAM-D 17", "severity", "episode_weeks", "responder", "inpatient"),
        *(
            "treatment_resistant",
            "number_of_medications",
            "ECT",
            "bdi_total",
            "staging_MSM",
            "remission_week_8",
        ),
    ],
)
def test_what_partly_defines_resistance_is_not_known_before(name: str):
    assert judge(name, RULES)[0] == "no"


@pytest.mark.parametrize(
    "name",
    ["age", "Age (years)", "age_at_onset", "sex", "BMI", "smoking", "family_history", "depressive_episodes"],
)
def test_what_lies_before_is_known(name: str):
    known, reason = judge(name, RULES)
    assert known == "yes"
    assert reason


def test_a_column_nobody_thought_of_is_unknown():
    assert judge("zeta", RULES) == ("unknown", NOT_LISTED)
    assert judge("language", RULES)[0] == "unknown"  # "age" in the middle of a word is no age


def test_by_default_only_what_was_known_is_used():
    table = predictor_table(simulated().metadata, SPEC, patient="patient", judgements=RULES).set_index(
        "column"
    )
    assert set(table.index[table["used"]]) == {
        *("sex", "age", "bmi", "smoking", "psychotic_symptoms", "generalised_anxiety", "depressive_episodes"),
    }
    assert "names the patient" in table.loc["patient", "why_not"]
    assert "to be predicted" in table.loc["group", "why_not"]
    assert not table.loc[["madrs", "severity", "prior_antidepressants"], "used"].any()


def test_a_planted_leak_is_left_out_whatever_it_is_called():
    leak = (simulated().metadata["group"] == "TRD").astype(int)
    metadata = simulated().metadata.assign(failed_antidepressants=leak, mystery=leak)
    table = predictor_table(metadata, SPEC, patient="patient", judgements=RULES).set_index("column")
    assert not table.loc[["failed_antidepressants", "mystery"], "used"].any()
    named = replace(SPEC, clinical=("age", "failed_antidepressants"))
    table = predictor_table(metadata, named, patient="patient", judgements=RULES).set_index("column")
    assert table.index[table["used"]].tolist() == ["age"]


def test_naming_takes_in_the_unknown_and_only_purpose_the_unsafe():
    spec = replace(SPEC, clinical=("age", "suicidal_risk"), include_unsafe=("madrs",))
    table = predictor_table(simulated().metadata, spec, patient=None, judgements=RULES).set_index("column")
    assert set(table.index[table["used"]]) == {"age", "suicidal_risk", "madrs"}


def test_every_line_that_cannot_be_used_is_named(tmp_path: Path):
    path = tmp_path / "own.tsv"
    path.write_text("# mine\nknown_before\tpattern\tlabel\treason\nperhaps\tx\ty\tz\nyes\t(\ta\tb\nyes\tx\n")
    with pytest.raises(InputError) as refused:
        read_judgements(path)
    assert [fault.where for fault in refused.value.faults] == [f"own.tsv, line {n}" for n in (3, 4, 5)]


def test_unknown_columns_are_all_named():
    spec = replace(SPEC, centre="site", clinical=("agee",))
    assert [fault.what for fault in unknown_columns(simulated().metadata, spec)] == [
        "there is no column 'site'",
        "there is no column 'agee'",
    ]
