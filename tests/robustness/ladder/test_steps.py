from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.cohort.model import Roles
from core.de.spec import DESpec
from core.robustness.ladder.steps import AGE_SEX, CELLS, CENTRE, LIFE, base_of, plan_ladder
from tests.de.cohorts import small_cohort, small_metadata

SPEC = DESpec("group", "TRD", "non-TRD")


def planned(metadata, spec=SPEC, roles=None):
    cohort = replace(small_cohort(), metadata=metadata, roles=roles or Roles(sex="sex", centre="centre"))
    return plan_ladder(cohort, spec)


def reasons(plan):
    return {one.column or one.step: one.reason for one in plan.left_out}


def test_the_steps_follow_roles_and_names_and_tell_what_is_absent():
    plan = planned(small_metadata())
    assert [step.label for step in plan.steps] == ["crude", "+ age, sex", "+ centre"]
    assert plan.steps[-1].covariates == ("age", "sex", "centre")
    assert "too few marker genes" in reasons(plan)[CELLS]
    assert "BMI or smoking or medication" in reasons(plan)[LIFE]


@pytest.mark.parametrize(
    "name",
    [
        "bmi",
        "BMI_kg",
        "smoking",
        "Smoker",
        "current medication",
        "lithium",
        "on_ssri",
        "antidepressant_class",
    ],
)
def test_life_style_and_medicines_are_known_by_their_names(name: str):
    metadata = small_metadata()
    metadata[name] = np.where(np.arange(len(metadata)) % 3, "yes", "no")
    assert planned(metadata).steps[-1].added == (name,)


@pytest.mark.parametrize(
    ("columns", "label"),
    [
        (["bmi"], "+ BMI"),
        (["smoker", "BMI_kg"], "+ BMI, smoking"),
        (["lithium", "on_ssri"], "+ medication"),
        (["lithium", "tobacco", "body_mass"], "+ BMI, smoking, medication"),
    ],
)
def test_a_step_is_named_after_what_it_adds(columns: list[str], label: str):
    metadata = small_metadata()
    for number, name in enumerate(columns):
        metadata[name] = np.where(np.arange(len(metadata)) % (3 + number), "yes", "no")
    assert planned(metadata).steps[-1].label == label
    only_sex = planned(metadata.drop(columns="age"))
    assert only_sex.steps[1].label == "+ sex"


@pytest.mark.parametrize("name", ["prior_antidepressants", "number of antidepressants", "failed_medication"])
def test_what_defines_resistance_is_never_adjusted_for(name: str):
    metadata = small_metadata()
    metadata[name] = np.arange(len(metadata)) % 5
    plan = planned(metadata)
    assert "treatment-resistant" in reasons(plan)[name]
    assert all(name not in step.covariates for step in plan.steps)


@pytest.mark.parametrize("name", ["storage", "severity", "dosage_plan", "patient_no", "language"])
def test_other_names_are_no_step(name: str):
    metadata = small_metadata()
    metadata[name] = np.arange(len(metadata)) % 5 * 1.0
    assert all(name not in step.covariates for step in planned(metadata).steps)


def test_a_column_that_is_the_group_is_left_out_with_the_reason():
    metadata = small_metadata()
    metadata["centre"] = np.where(metadata["group"] == "TRD", "North", "South")
    plan = planned(metadata)
    assert "cannot be told apart" in reasons(plan)["centre"]
    assert [step.name for step in plan.steps] == ["nothing", AGE_SEX]


def test_a_column_that_costs_many_samples_is_left_out_with_the_share():
    metadata = small_metadata()
    metadata["bmi"] = np.where(np.arange(len(metadata)) % 3, 25.0 + np.arange(len(metadata)), np.nan)
    assert "33 % of the samples" in reasons(planned(metadata))["bmi"]


def test_the_covariates_of_the_comparison_keep_their_order_and_others_come_last():
    metadata = small_metadata()
    metadata["batch"] = np.where(np.arange(len(metadata)) % 5 < 2, "b1", "b2")
    plan = planned(metadata, replace(SPEC, covariates=("centre", "sex", "age")))
    assert plan.steps[2].name == CENTRE
    assert plan.steps[2].covariates == ("centre", "sex", "age")
    plan = planned(metadata, replace(SPEC, covariates=("batch",)))
    assert plan.steps[-1].added == ("batch",)


def test_a_rank_test_cannot_climb_so_limma_does():
    assert base_of(replace(SPEC, method="wilcoxon", shrink=False)).method == "limma"
    assert base_of(replace(SPEC, shrink=True, covariates=("sex",))) == SPEC
