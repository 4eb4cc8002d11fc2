from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.cohort.samples.quality import duplicates
from core.errors import InputError
from core.models.validation.samples import NO_CENTRE, find_age, group_patients, make_study
from tests.models.studies import DRAWN, SPEC, drawn, simulated


def test_the_sample_sequenced_twice_is_one_person():
    study = make_study(simulated(), SPEC)
    ((one, other),) = duplicates(simulated())
    place = {name: number for number, name in enumerate(study.names)}
    assert study.patients[place[one]] == study.patients[place[other]]
    assert study.patients.max() == len(study.names) - 2
    assert {notice.code for notice in study.notices} == {"duplicate-sample", "grouped-patients"}
    assert (study.sex, study.age, study.patient) == ("sex", "age", "patient")


def test_repeated_patients_and_twins_are_joined():
    metadata = pd.DataFrame({"who": ["a", "b", "a", None, None, "c"]}, index=list("uvwxyz"))
    found = group_patients(metadata, "who", [("v", "z")])
    assert found[0] == found[2]
    assert found[1] == found[5]
    assert len(set(found)) == 4
    assert set(group_patients(metadata, None, [])) == set(range(6))


def test_only_the_two_groups_are_used():
    cohort = drawn()
    group = cohort.metadata["group"].to_numpy(object).copy()
    group[:3] = ["other", None, "other"]
    study = make_study(replace(cohort, metadata=cohort.metadata.assign(group=group)), DRAWN)
    assert len(study.y) == 45
    assert study.samples.counts.shape[1] == 45
    assert np.array_equal(study.y == 1, study.samples.metadata["group"] == "case")


def test_a_missing_centre_is_one_of_its_own():
    cohort = drawn()
    centre = cohort.metadata["centre"].to_numpy(object).copy()
    centre[5] = None
    study = make_study(replace(cohort, metadata=cohort.metadata.assign(centre=centre)), DRAWN)
    assert study.centre is not None
    assert study.centre[5] == NO_CENTRE
    assert "missing-centre" in {notice.code for notice in study.notices}


def test_what_does_not_exist_is_named_all_at_once():
    spec = replace(DRAWN, case="cases", centre="site", clinical=("weight",))
    with pytest.raises(InputError) as refused:
        make_study(drawn(), spec)
    assert [f.code for f in refused.value.faults] == ["unknown-column", "unknown-column", "unknown-level"]


def test_too_few_patients_for_the_folds():
    with pytest.raises(InputError, match="token of no sample"):
        make_study(drawn(), replace(DRAWN, exclude=("nobody:chosen",)))
    with pytest.raises(InputError, match="24 patients, too few for 24 folds"):
        make_study(drawn(), replace(DRAWN, folds=24))


def test_age_is_found_by_name_and_kind():
    columns = {"Age at onset": [1.0], "agent": [2.0], "Age": ["old"], "age_years": [3.0]}
    assert find_age(pd.DataFrame(columns)) == "age_years"
    assert find_age(pd.DataFrame({"dosage": [1.0]})) is None
