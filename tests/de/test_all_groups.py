"""One model of all groups: any two of them are compared without a new fit."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.cohort.model import Roles
from core.cohort.stored import put_cohort
from core.de.engine.inference import BatchInference
from core.de.reading.notes import NO_COUNTS
from core.de.spec import DESpec
from core.errors import DesignError, InputError
from core.robustness.ladder.steps import plan_ladder
from core.store import Store
from tests.analyses import run_de
from tests.de.cohorts import as_cohort, read_cohort, small_cohort, small_metadata
from tests.de.reference import data_set, last_tested

DATA = Path(__file__).parents[1] / "data"
GROUPS = ("controls", "remitted", "resistant")
SPEC = DESpec("status", "resistant", "remitted", ("sex", "age"), all_groups=True)
NUMBERS = ["log2FoldChange", "lfcSE", "stat", "pvalue"]


def metadata() -> pd.DataFrame:
    return small_metadata(36).assign(status=[GROUPS[i % 3] for i in range(36)])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def digest(store: Store) -> str:
    cohort = small_cohort(metadata=metadata())
    # Silent in two of the three groups, and expressed in the third.
    cohort.counts[7] = np.where(metadata()["status"] == "controls", 50 + np.arange(36), 0)
    return put_cohort(store, cohort)


def pair(case: str, control: str) -> DESpec:
    return replace(SPEC, case=case, control=control)


def test_any_two_groups_share_one_fit(store: Store, digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run_de(store, digest, SPEC, n_cpus=1)

    def fitted_again(*args: object, **options: object) -> None:
        pytest.fail("a fit was made")

    for name in ("alpha_mle", "irls", "lin_reg_mu"):
        monkeypatch.setattr(BatchInference, name, fitted_again)
    for case, control in combinations(GROUPS, 2):
        for spec in (pair(case, control), pair(control, case), replace(pair(case, control), alpha=0.01)):
            result = run_de(store, digest, spec, n_cpus=1)
            assert (result.run.n_case, result.run.n_control) == (12, 12)
            assert set(result.groups) == {case, control}
            assert len(result.size_factors) == 24
            assert list(result.design.columns)[-1] == f"status: {spec.contrast}"


def test_fold_changes_of_three_pairs_add_up(store: Store, digest: str) -> None:
    first, second, both = (
        run_de(store, digest, pair(*names), n_cpus=1).table["log2FoldChange"].to_numpy()
        for names in (("resistant", "remitted"), ("remitted", "controls"), ("resistant", "controls"))
    )
    heard = np.arange(len(both)) != 7
    np.testing.assert_allclose((first + second)[heard], both[heard], atol=1e-9)
    swapped = run_de(store, digest, pair("remitted", "resistant"), n_cpus=1).table["log2FoldChange"]
    np.testing.assert_array_equal(swapped, 0 - pd.Series(first))


@pytest.mark.parametrize(("case", "control"), [("resistant", "remitted"), ("controls", "resistant")])
def test_it_is_the_model_that_pydeseq2_fits_to_all_samples(
    store: Store, digest: str, case: str, control: str
) -> None:
    result = run_de(store, digest, pair(case, control), n_cpus=1)
    about = metadata()
    matrix = pd.DataFrame({"Intercept": 1.0, "sex": (about["sex"] == "M") * 1.0, "age": about["age"]})
    matrix["age"] = (matrix["age"] - matrix["age"].mean()) / matrix["age"].std()
    for level in sorted(set(GROUPS) - {case, control}):
        matrix[level] = (about["status"] == level) * 1.0
    matrix[case] = (about["status"] == case) * 1.0
    fitted = result.table["dispersion"].notna().to_numpy()
    counts = small_cohort(metadata=about).counts
    counts[7] = np.where(about["status"] == "controls", 50 + np.arange(36), 0)
    data = data_set(counts[fitted], matrix, inference=BatchInference(n_cpus=1))
    data.deseq2()
    data.varm["dispersions"] = data.var["dispersions"] = result.table["dispersion"].to_numpy()[fitted]
    data.fit_LFC()
    expected = last_tested(data).results_df
    ours = result.table[fitted].reset_index(drop=True)
    heard = ours["gene"].ne("G007").to_numpy()
    for name in NUMBERS:
        np.testing.assert_allclose(
            ours[name][heard].to_numpy(),
            expected[name].to_numpy()[heard],
            atol=1e-5,  # the faint pull to 0 of the search is on the coefficients
        )


def test_a_gene_that_is_silent_in_both_groups_is_not_tested(store: Store, digest: str) -> None:
    spec = replace(pair("resistant", "remitted"), shrink=True)
    row = run_de(store, digest, spec, n_cpus=1).table.iloc[7]
    assert row[[*NUMBERS, "padj", "log2FoldChangeShrunken"]].isna().all()
    assert row["note"] == NO_COUNTS
    loud = run_de(store, digest, pair("controls", "remitted"), n_cpus=1).table.iloc[7]
    assert loud["log2FoldChange"] > 5
    assert loud["pvalue"] < 1e-6


def test_the_other_groups_are_told_and_not_counted_as_confounding(store: Store, digest: str) -> None:
    run = run_de(store, digest, SPEC, n_cpus=1).run
    notices = {notice.code: notice.message for notice in run.notices}
    assert "Other groups (controls 12) are part of the model" in notices["other-groups-fitted"]
    assert "other-groups" not in notices
    assert run.group_sizes == dict.fromkeys(GROUPS, 12)
    # The columns of three balanced groups inflate each other 4/3 times by construction: no covariate does.
    assert 1 < run.variance_inflation < 4 / 3
    without = run_de(store, digest, replace(SPEC, covariates=()), n_cpus=1).run
    assert without.variance_inflation == pytest.approx(1)


def test_a_level_of_a_single_sample_does_not_open_the_filter(store: Store) -> None:
    about = metadata()
    about.iloc[0, about.columns.get_loc("status")] = "unclear"
    result = run_de(store, put_cohort(store, small_cohort(metadata=about)), SPEC, n_cpus=1)
    assert result.run.group_sizes["unclear"] == 1
    assert result.run.min_samples == 11


def test_what_only_the_other_groups_forbid_is_refused_before_the_fit(store: Store) -> None:
    about = metadata()
    about["site"] = ["Bonn" if s == "controls" else "AB"[i % 2] for i, s in enumerate(about["status"])]
    digest = put_cohort(store, small_cohort(metadata=about))
    spec = replace(SPEC, covariates=("site",))
    assert run_de(store, digest, replace(spec, all_groups=False), n_cpus=1).run.n_tested
    with pytest.raises(DesignError, match="cannot be told apart"):
        run_de(store, digest, spec, n_cpus=1)
    with_site = replace(small_cohort(metadata=about), roles=Roles(centre="site"))
    assert ("site", True) in [
        (left.column, "told apart" in left.reason) for left in plan_ladder(with_site, SPEC).left_out
    ]


def test_with_two_groups_it_is_the_ordinary_model(store: Store) -> None:
    two = put_cohort(store, small_cohort())
    spec = DESpec("group", "TRD", "non-TRD", ("sex",), shrink=True)
    ours = run_de(store, two, replace(spec, all_groups=True), n_cpus=1).table
    pd.testing.assert_frame_equal(ours, run_de(store, two, spec, n_cpus=1).table, check_exact=True)


def test_samples_without_a_group_stay_out(store: Store) -> None:
    about = metadata().assign(status=lambda table: table["status"].mask(table["age"] > 60))
    cohort = small_cohort(metadata=about)
    missing = int(about["status"].isna().sum())
    assert missing
    frame = pd.DataFrame(cohort.counts, index=cohort.genes["gene"], columns=cohort.samples)
    result = run_de(store, put_cohort(store, as_cohort(frame, about)), SPEC, n_cpus=1)
    notices = {notice.code: notice.message for notice in result.run.notices}
    assert f"(missing {missing})" in notices["other-groups"]


def test_other_tests_take_the_two_groups_alone(store: Store, digest: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two groups alone"):
        run_de(store, digest, replace(SPEC, method="limma"))


@pytest.mark.slow
@pytest.mark.parametrize("case", ["PTB", "LTBI"])
def test_london_agrees_with_r_on_contrasts_of_one_model(case: str, shared_data: Path, tmp_path: Path) -> None:
    spec = DESpec("TBStatus", case, "Control", ("sex_molecular",), all_groups=True)
    store = Store(tmp_path)
    ours = run_de(store, put_cohort(store, read_cohort(shared_data / "london_tb")), spec).table
    reference = pd.read_csv(DATA / "london_all_groups" / "deseq2.csv.gz", index_col="gene")
    fitted = ours[ours["dispersion"].notna()].set_index("gene")
    assert set(fitted.index) == set(reference.index)
    fitted = fitted.loc[reference.index]
    assert fitted["log2FoldChange"].corr(reference[f"log2FoldChange {case}"]) > 0.999999
    tested = reference[f"padj {case}"].notna()
    assert fitted["padj"].notna().equals(tested)
    first, second = (fitted["padj"] < 0.05).to_numpy(), (reference[f"padj {case}"] < 0.05).to_numpy()
    assert (first & second).sum() >= 0.999 * (first | second).sum() > 0
