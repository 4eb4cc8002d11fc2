from __future__ import annotations

from dataclasses import replace

from core.de.spec import DESpec
from core.robustness.paths import count_paths

SPEC = DESpec("group", "TRD", "non-TRD")


def test_what_changes_no_p_value_is_no_path():
    same = [
        SPEC,
        replace(SPEC, shrink=True),
        replace(SPEC, case="non-TRD", control="TRD"),
    ]
    found = count_paths(same, SPEC)
    assert found.n_settings == 1
    assert found.differing == {}


def test_order_of_covariates_is_no_path_but_covariates_are():
    tried = [replace(SPEC, covariates=("age", "sex")), replace(SPEC, covariates=("sex", "age"))]
    found = count_paths(tried, SPEC)
    assert found.n_settings == 2
    assert found.differing == {"covariates": ("age, sex", "none")}


def test_other_groups_are_other_comparisons_and_samples_are_not_named():
    tried = [
        replace(SPEC, factor="sex", case="F", control="M"),
        replace(SPEC, method="limma"),
        replace(SPEC, exclude=("abc:outlier", "def:chosen")),
    ]
    found = count_paths(tried, SPEC)
    assert found.n_settings == 3
    assert found.differing["exclude"] == ("2 samples", "none")


def test_values_are_said_as_the_settings_panel_says_them():
    tried = [replace(SPEC, covariates=("age",)), replace(SPEC, covariates=("age",), scale=False)]
    assert count_paths(tried, SPEC).differing["scale"] == ("no", "yes")
    tried = [replace(SPEC, min_samples=5), replace(SPEC, winsorise=0.95)]
    found = count_paths(tried, SPEC).differing
    assert found["min_samples"] == ("5", "automatic")
    assert found["winsorise"] == ("0.95", "off")
