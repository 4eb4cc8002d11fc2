from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.cohort.samples.exclusion import named_exclusions
from core.de.design.build import as_text, build_design
from core.de.design.levels import coded
from core.de.spec import DESpec
from core.errors import DesignError, InputError
from tests.de.cohorts import small_metadata

SPEC = DESpec("group", "TRD", "non-TRD")


def spec(*covariates: str) -> DESpec:
    return DESpec("group", "TRD", "non-TRD", covariates)


def refusal(metadata: pd.DataFrame, asked: DESpec) -> DesignError:
    with pytest.raises(DesignError) as refused:
        build_design(metadata, asked)
    return refused.value


def codes(error: DesignError) -> list[str]:
    return [fault.code for fault in error.faults]


def test_factor_is_last_case_is_one_and_references_are_stated() -> None:
    design = build_design(small_metadata(), spec("sex", "age"))
    assert list(design.matrix.columns) == [
        "Intercept",
        "sex: M vs F",
        "age (per SD)",
        "group: TRD vs non-TRD",
    ]
    assert design.coefficient == "group: TRD vs non-TRD"
    assert (design.matrix[design.coefficient] == (small_metadata()["group"] == "TRD")).all()
    sex, age = design.covariates
    assert (sex.kind, sex.reference) == ("categorical", "F")
    assert (age.kind, age.mean) == ("continuous", small_metadata()["age"].mean())
    assert design.matrix["age (per SD)"].mean() == pytest.approx(0)
    assert design.matrix["age (per SD)"].std() == pytest.approx(1)


def test_samples_of_other_groups_are_left_out_and_reported() -> None:
    metadata = small_metadata()
    metadata.iloc[:3, 0] = "healthy"
    metadata.iloc[3, 0] = None
    design = build_design(metadata, SPEC)
    assert list(design.positions) == list(range(4, 24))
    (notice,) = design.notices
    assert notice.code == "other-groups"
    assert notice.samples == ("S00", "S01", "S02", "S03")
    assert "healthy 3, missing 1" in notice.message


def test_samples_are_left_out_on_request_and_reported_with_the_reason() -> None:
    metadata = small_metadata()
    asked = replace(SPEC, exclude=named_exclusions(metadata.index, ["S03:low-depth", "S10:sex-mismatch"]))
    design = build_design(metadata, asked)
    assert {"S03", "S10"}.isdisjoint(design.matrix.index)
    assert len(design.matrix) == 22
    (notice,) = design.notices
    assert (notice.code, notice.samples) == ("excluded-samples", ("S03", "S10"))
    assert "1 low-depth, 1 sex-mismatch" in notice.message


def test_a_token_of_another_data_set_is_refused() -> None:
    with pytest.raises(InputError, match="token of no sample"):
        build_design(small_metadata(), replace(SPEC, exclude=("0123456789:chosen",)))


def test_missing_covariates_leave_samples_out_with_counts_per_group() -> None:
    metadata = small_metadata()
    metadata.loc[["S00", "S01", "S03"], "age"] = [np.nan, np.nan, np.inf]
    metadata.loc["S01", "sex"] = None
    design = build_design(metadata, spec("age", "sex"))
    (notice,) = design.notices
    assert notice.samples == ("S00", "S01", "S03")
    assert "age: 2 TRD, 1 non-TRD; sex: 1 TRD, 0 non-TRD" in notice.message
    assert len(design.matrix) == 21


def test_unknown_names_come_all_at_once_with_suggestions() -> None:
    error = refusal(small_metadata(), DESpec("group", "trd", "control", ("Sex", "bmi")))
    assert codes(error) == ["unknown-column", "unknown-column", "unknown-level", "unknown-level"]
    assert "Did you mean 'sex'" in error.faults[0].mend
    assert "Did you mean 'TRD'" in error.faults[2].mend


def test_unknown_factor() -> None:
    assert codes(refusal(small_metadata(), DESpec("grp", "TRD", "non-TRD"))) == ["unknown-column"]


def test_small_group_is_refused_with_missing_values_shown() -> None:
    metadata = small_metadata(10)
    metadata.loc[["S01", "S03", "S05"], "age"] = np.nan
    error = refusal(metadata, spec("age"))
    assert codes(error) == ["small-group"]
    assert "'TRD' has 2 usable samples" in error.faults[0].what
    assert error.tables["missing values"].loc["age", "TRD"] == 3


def test_constant_covariate_is_refused() -> None:
    error = refusal(small_metadata().assign(sex="F"), spec("sex", "age"))
    assert codes(error) == ["constant-covariate"]
    assert "(F)" in error.faults[0].what


def test_covariate_that_equals_the_factor_is_refused_with_the_cross_table() -> None:
    metadata = small_metadata()
    metadata["arm"] = np.where(metadata["group"] == "TRD", "x", "y")
    error = refusal(metadata, spec("sex", "arm"))
    assert codes(error) == ["rank-deficient"]
    assert error.faults[0].mend == "Drop 'arm' from the covariates"
    table = error.tables["arm × group"]
    assert table.loc["x", "TRD"] == 12
    assert table.loc["x", "non-TRD"] == 0


def test_two_covariates_that_are_one_are_refused_naming_the_later() -> None:
    metadata = small_metadata()
    metadata["batch"] = metadata["centre"].map({"Barcelona": "b1", "Münster": "b2"})
    error = refusal(metadata, spec("centre", "batch"))
    assert codes(error) == ["rank-deficient"]
    assert "'batch: b2 vs b1' cannot be told apart from 'centre'" in error.faults[0].what
    assert error.faults[0].mend == "Drop 'batch' from the covariates"
    assert error.tables["centre × batch"].to_numpy().tolist() == [[12, 0], [0, 12]]


def test_factor_nested_in_centres_is_refused() -> None:
    metadata = small_metadata()
    metadata["site"] = [f"{g}-{i % 3}" for i, g in enumerate(metadata["group"])]
    error = refusal(metadata, spec("site"))
    assert codes(error) == ["rank-deficient"]
    assert error.tables["site × group"].shape == (6, 2)


def test_a_number_that_repeats_another_is_refused_without_a_cross_table() -> None:
    metadata = small_metadata()
    metadata["months"] = 12 * metadata["age"]
    error = refusal(metadata, spec("age", "months"))
    assert codes(error) == ["rank-deficient"]
    assert error.tables == {}


def test_no_residual_freedom_is_refused() -> None:
    metadata = small_metadata(6)
    metadata["a"] = ["x", "x", "y", "y", "z", "z"]
    metadata["b"] = ["p", "q", "q", "p", "p", "p"]
    metadata["c"] = [1.0, 2.0, 4.0, 7.0, 12.0, 30.0]
    assert codes(refusal(metadata, spec("a", "b", "c"))) == ["no-residual-freedom"]


def test_a_covariate_equal_to_the_factor_by_name_is_refused() -> None:
    from core.errors import InputError
    from tests.analyses import check_spec

    with pytest.raises(InputError, match="also a covariate"):
        check_spec(spec("group"))


def test_strong_confounding_gives_a_notice_with_a_figure() -> None:
    metadata = small_metadata()
    metadata["site"] = np.where(metadata["group"] == "TRD", "north", "south")
    metadata.loc[["S00", "S01"], "site"] = ["north", "south"]
    (notice,) = build_design(metadata, spec("site")).notices
    assert notice.code == "confounded"
    assert "variance inflation 3.3" in notice.message


def test_numbers_with_few_values_are_a_line_and_said_so() -> None:
    metadata = small_metadata()
    metadata["batch"] = [i % 3 + 1 for i in range(24)]
    design = build_design(metadata, spec("batch"))
    assert design.covariates[0].kind == "continuous"
    (notice,) = design.notices
    assert notice.code == "few-numbers"
    assert "(1, 2, 3)" in notice.message


def test_number_columns_can_be_the_factor() -> None:
    metadata = small_metadata()
    metadata["resistant"] = np.where(metadata["group"] == "TRD", 1.0, 0.0)
    design = build_design(metadata, DESpec("resistant", "1", "0"))
    assert design.n_in("1") == 12


def test_as_text_keeps_missing_and_drops_decimal_points() -> None:
    assert as_text(pd.Series([1.0, np.nan, 2.5])).tolist() == ["1", None, "2.5"]
    assert as_text(pd.Series([1, 2])).tolist() == ["1", "2"]
    assert as_text(pd.Series(["a", None], dtype=object)).tolist() == ["a", None]


def test_coding_the_other_group_exchanges_the_groups_and_nothing_else() -> None:
    design = build_design(small_metadata(), spec("sex"))
    swapped = coded(design, factor="group", case="non-TRD", control="TRD")
    assert swapped.coefficient == "group: non-TRD vs TRD"
    assert (swapped.matrix.iloc[:, -1] == 1 - design.matrix.iloc[:, -1]).all()
    pd.testing.assert_frame_equal(swapped.matrix.iloc[:, :-1], design.matrix.iloc[:, :-1])
