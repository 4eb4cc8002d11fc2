from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import InputError
from core.models.validation.setting import unavailable
from core.models.validation.units import Unit, cross_validation
from tests.models.studies import DRAWN, SPEC, drawn, setting_of, simulated


def test_models_that_can_be_made_in_the_order_of_the_ladder(tmp_path: Path):
    setting = setting_of(tmp_path, simulated(), replace(SPEC, models=("genes", "dummy", "clinical")))
    assert setting.models == ("dummy", "clinical", "genes")
    assert "age" in setting.clinical


def test_what_is_lacking_is_said(tmp_path: Path):
    cohort = drawn()
    bare = replace(cohort, metadata=cohort.metadata[["group"]])
    setting = setting_of(tmp_path, bare, replace(DRAWN, centre=""))
    assert setting.models == ("dummy", "genes")
    reasons = unavailable(setting.study, setting.vocabulary)
    assert reasons["age_sex"] == "Neither age nor sex is recorded."
    assert reasons["centre"] == "No column names the centre."
    assert reasons["clinical"] == reasons["clinical_genes"] != ""
    one = cohort.metadata.assign(centre="here")
    setting = setting_of(tmp_path, replace(cohort, metadata=one), DRAWN)
    assert setting.reasons["centre"] == "There is one centre."


def test_a_fold_has_a_key_of_its_own_by_model_and_external_cohort(tmp_path: Path):
    setting = setting_of(tmp_path, drawn(), DRAWN)
    units = cross_validation(setting.study, DRAWN)
    keys = {setting.fold_key(unit, name) for unit in units for name in setting.models}
    assert len(keys) == len(units) * len(setting.models)
    other = replace(setting, spec=replace(DRAWN, external="f" * 64))
    assert other.fold_key(units[0], "genes") == setting.fold_key(units[0], "genes")
    outside = Unit("external", 1, "external", units[0].train, units[0].test)
    assert other.fold_key(outside, "genes") != setting.fold_key(outside, "genes")


def test_a_specification_that_does_not_fit_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="no column 'site'"):
        setting_of(tmp_path, drawn(), replace(DRAWN, centre="site"))
