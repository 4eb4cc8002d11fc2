from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.cohort.model import Cohort
from core.cohort.stored import put_cohort
from core.de.deseq2 import compute
from core.de.reading import notes
from core.de.spec import DESpec
from core.errors import CancelledError, DesignError, InputError
from core.store import HERE, Store
from tests.analyses import find_de, run_de
from tests.de.cohorts import as_cohort, small_cohort, small_metadata

SPEC = DESpec("group", "TRD", "non-TRD", ("sex",))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def digest(store: Store) -> str:
    return put_cohort(store, small_cohort())


def frame(cohort: Cohort) -> pd.DataFrame:
    return pd.DataFrame(cohort.counts, index=cohort.genes["gene"].to_numpy(), columns=cohort.samples)


def test_a_result_is_whole_and_found_again(store: Store, digest: str) -> None:
    assert find_de(store, digest, SPEC) is None
    result = run_de(store, digest, SPEC, n_cpus=1)
    again = find_de(store, digest, SPEC)
    assert again is not None
    pd.testing.assert_frame_equal(again.table, result.table)
    assert again.run == result.run
    assert again.spec == SPEC
    run = result.run
    assert (run.n_case, run.n_control, run.n_genes) == (12, 12, 240)
    assert run.n_tested <= run.n_active < run.n_genes
    assert run.coefficients == ("Intercept", "sex: M vs F", "group: TRD vs non-TRD")
    assert run.covariates[0].reference == "F"
    assert run.outlier_state == "active"
    assert run.versions["pydeseq2"]
    assert not run.simulated
    assert list(result.design.columns) == list(run.coefficients)
    assert (result.size_factors > 0).all()
    assert result.groups.value_counts().to_dict() == {"TRD": 12, "non-TRD": 12}


def test_every_missing_padj_has_a_note_and_every_other_none(store: Store) -> None:
    cohort = small_cohort()
    cohort.counts[20, 3] = 200_000
    result = run_de(store, put_cohort(store, cohort), replace(SPEC, min_samples=2), n_cpus=1)
    table = result.table.set_index("gene")
    assert ((table["note"] == "") == table["padj"].notna()).all()
    assert table.loc["G000", "note"] == notes.NO_COUNTS
    assert table.loc["G001", "note"] == notes.BELOW_FILTER
    assert table.loc["G020", "note"] == notes.OUTLIER
    assert table.loc["G020", "outlier"] == "withheld"
    assert table.loc["G001", ["log2FoldChange", "pvalue", "dispersion"]].isna().all()
    assert result.run.n_withheld >= 1


def test_independent_filtering_is_explained(store: Store) -> None:
    rng = np.random.default_rng(4)
    cohort = small_cohort(n_genes=700)
    counts = cohort.counts.copy()
    counts[400:] = rng.poisson(1.0, counts[400:].shape)  # weak genes that cannot be significant
    faint = as_cohort(
        pd.DataFrame(counts, index=cohort.genes["gene"], columns=cohort.samples), cohort.metadata
    )
    table = run_de(store, put_cohort(store, faint), replace(SPEC, min_samples=0), n_cpus=1).table
    filtered = table["note"] == notes.LOW_MEAN
    assert filtered.sum() > 50
    assert table.loc[filtered, "pvalue"].notna().all()
    assert table.loc[filtered, "baseMean"].max() < table.loc[table["padj"].notna(), "baseMean"].median()


def test_order_of_samples_and_genes_changes_nothing(store: Store, digest: str) -> None:
    cohort = small_cohort()
    shuffled = frame(cohort).sample(frac=1, random_state=3).sample(frac=1, axis=1, random_state=4)
    other = put_cohort(store, as_cohort(shuffled, cohort.metadata.sample(frac=1, random_state=5)))
    one = run_de(store, digest, SPEC, n_cpus=1).table.to_csv(index=False)
    assert run_de(store, other, SPEC, n_cpus=1).table.to_csv(index=False) == one


def test_swapping_case_and_control_flips_the_sign(store: Store, digest: str) -> None:
    shrunken = replace(SPEC, shrink=True)
    forward = run_de(store, digest, shrunken, n_cpus=1).table
    backward = run_de(store, digest, replace(shrunken, case="non-TRD", control="TRD"), n_cpus=1).table
    assert forward["log2FoldChange"].notna().sum() > 200
    turned = ["log2FoldChange", "stat", "log2FoldChangeShrunken"]
    np.testing.assert_array_equal(backward[turned], -forward[turned])
    pd.testing.assert_frame_equal(
        backward.drop(columns=turned), forward.drop(columns=turned), check_exact=True
    )


def test_planted_effects_are_found_with_the_right_sign(store: Store, digest: str) -> None:
    table = run_de(store, digest, SPEC, n_cpus=1).table
    planted = np.arange(240) % 10 == 5
    found = (table["padj"] < 0.05).to_numpy()
    assert found[planted].mean() > 0.6
    assert found[~planted].mean() < 0.05


def test_more_threads_give_the_same_numbers(store: Store, digest: str, tmp_path: Path) -> None:
    alone = run_de(store, digest, SPEC, n_cpus=1)
    other = Store(tmp_path / "other")
    put_cohort(other, small_cohort())
    together = run_de(other, digest, SPEC, n_cpus=2)
    pd.testing.assert_frame_equal(alone.table, together.table, check_exact=True)


def test_shrinkage_adds_to_the_plain_result_without_a_second_fit(
    store: Store, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run_de(store, digest, SPEC, n_cpus=1)
    monkeypatch.delattr(compute, "fit_model")
    shrunken = run_de(store, digest, replace(SPEC, shrink=True), n_cpus=1)
    for column in ("log2FoldChange", "lfcSE", "stat", "pvalue", "padj", "note"):
        pd.testing.assert_series_equal(shrunken.table[column], plain.table[column], check_exact=True)
    assert plain.table["log2FoldChangeShrunken"].isna().all()
    tested = plain.table["pvalue"].notna()
    ratio = (shrunken.table["log2FoldChangeShrunken"] / plain.table["log2FoldChange"])[tested]
    assert ratio.median() < 1
    monkeypatch.delattr(compute, "shrink_factor")
    stricter = run_de(store, digest, replace(SPEC, shrink=True, alpha=0.01), n_cpus=1)
    column = "log2FoldChangeShrunken"
    pd.testing.assert_series_equal(stricter.table[column], shrunken.table[column], check_exact=True)


def test_another_design_of_the_same_samples_shares_the_size_factors(
    store: Store, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_de(store, digest, SPEC, n_cpus=1)
    monkeypatch.delattr(compute, "estimate_size_factors")
    other = run_de(store, digest, replace(SPEC, covariates=("age",)), n_cpus=1)
    pd.testing.assert_series_equal(other.size_factors, first.size_factors, check_exact=True)
    monkeypatch.undo()
    run_de(store, digest, replace(SPEC, min_count=60), n_cpus=1)
    assert len(store.keys(kind="sizes")) == 2  # other genes, other size factors


def test_of_three_groups_each_pair_is_a_model_of_its_own_and_fitted_once_for_both_directions(
    store: Store,
) -> None:
    metadata = small_metadata()
    metadata.loc[metadata.index[::3], "group"] = "healthy"
    digest = put_cohort(store, small_cohort(metadata=metadata))
    first = run_de(store, digest, SPEC, n_cpus=1)
    run_de(store, digest, replace(SPEC, case="non-TRD", control="TRD", lfc_threshold=0.2), n_cpus=1)
    assert len(store.keys(kind="fits")) == 1
    second = run_de(store, digest, replace(SPEC, control="healthy"), n_cpus=1)
    assert len(store.keys(kind="fits")) == 2
    assert set(first.groups) == {"TRD", "non-TRD"}
    assert set(second.groups) == {"TRD", "healthy"}


def test_numbers_that_are_not_scaled_enter_as_they_are(store: Store, digest: str) -> None:
    scaled, plain = (
        run_de(store, digest, replace(SPEC, covariates=("age",), scale=scale), n_cpus=1)
        for scale in (True, False)
    )
    assert plain.design["age"].between(20, 70).all()
    assert plain.run.covariates[0].sd is None
    assert scaled.run.covariates[0].sd > 1
    tested = scaled.table["pvalue"].notna()
    np.testing.assert_allclose(
        plain.table["log2FoldChange"][tested], scaled.table["log2FoldChange"][tested], atol=1e-3
    )
    assert not plain.run.notices or plain.run.notices[-1].code != "not-converged"


def test_genes_whose_fit_stopped_short_are_named(
    store: Store, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = compute.fit_model

    def one_short(*args: object, **options: object) -> compute.Fit:
        fit = whole(*args, **options)
        return replace(fit, converged=np.arange(len(fit.converged)) != 7)

    monkeypatch.setattr(compute, "fit_model", one_short)
    result = run_de(store, digest, SPEC, n_cpus=1)
    messages = [notice.message for notice in result.run.notices if notice.code == "not-converged"]
    assert len(messages) == 1
    assert "1 gene stopped short" in messages[0]
    assert result.table["gene"][result.table["dispersion"].notna()].iloc[7] in messages[0]


def test_asking_for_shrinkage_stores_the_plain_result_first(store: Store, digest: str) -> None:
    def stop(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        if stage == "Shrinking fold changes":
            raise CancelledError

    with pytest.raises(CancelledError):
        run_de(store, digest, replace(SPEC, shrink=True), report=stop, n_cpus=1)
    assert find_de(store, digest, SPEC) is not None
    assert find_de(store, digest, replace(SPEC, shrink=True)) is None


def test_a_threshold_in_the_test_leaves_fewer_genes_and_needs_no_fit(
    store: Store, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run_de(store, digest, SPEC, n_cpus=1).table
    monkeypatch.delattr(compute, "fit_model")
    above = run_de(store, digest, replace(SPEC, lfc_threshold=0.5), n_cpus=1).table
    assert 0 < (above["padj"] < 0.05).sum() < (plain["padj"] < 0.05).sum()
    pd.testing.assert_series_equal(above["log2FoldChange"], plain["log2FoldChange"], check_exact=True)


def test_winsorising_acts_where_a_number_switches_outlier_handling_off(store: Store) -> None:
    cohort = small_cohort()
    cohort.counts[20, 3] = 200_000
    digest = put_cohort(store, cohort)
    spec = DESpec("group", "TRD", "non-TRD", ("age",))
    plain = run_de(store, digest, spec, n_cpus=1)
    capped = run_de(store, digest, replace(spec, winsorise=0.9), n_cpus=1)
    assert plain.run.outlier_state == "off"
    assert "age" in plain.run.outlier_reason
    assert plain.table.loc[20, "log2FoldChange"] > 3
    assert abs(capped.table.loc[20, "log2FoldChange"]) < 1.5


def test_progress_has_stages_in_words_and_time_left_throughout(store: Store, digest: str) -> None:
    reports: list[tuple[str, float, float | None]] = []

    def note(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        reports.append((stage, fraction, seconds_left))

    run_de(store, digest, replace(SPEC, shrink=True), report=note, n_cpus=1)
    stages = list(dict.fromkeys(stage for stage, _, _ in reports))
    assert stages == [
        "Reading counts",
        "Starting",
        "Estimating size factors",
        "Estimating dispersions",
        "Fitting fold changes",
        "Replacing outlier counts",
        "Testing",
        "Shrinking fold changes",
    ]
    assert all(left is not None and left >= 0 for _, _, left in reports[1:])
    fractions = [fraction for _, fraction, _ in reports]
    assert fractions == sorted(fractions)
    assert 0 <= min(fractions) <= max(fractions) < 1


def test_cancelling_leaves_nothing_half_written(store: Store, digest: str) -> None:
    def stop(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        if stage == "Fitting fold changes":
            raise CancelledError

    with pytest.raises(CancelledError):
        run_de(store, digest, SPEC, report=stop, n_cpus=1)
    left = [p.name for kind in ("fits", "de") for p in (store.root / kind).iterdir()]
    assert left == []
    assert run_de(store, digest, SPEC, n_cpus=1).run.n_tested > 0


def test_bad_requests_are_refused_before_anything_is_computed(store: Store, digest: str) -> None:
    with pytest.raises(InputError, match="winsorise"):
        run_de(store, digest, replace(SPEC, winsorise=7.0))
    with pytest.raises(DesignError, match="no column 'bmi'"):
        run_de(store, digest, replace(SPEC, covariates=("bmi",)))
    with pytest.raises(InputError, match="not in the store"):
        run_de(store, "0" * 64, SPEC)
    assert store.keys(kind="de") == store.keys(kind="fits") == []


def test_simulated_data_are_marked(store: Store) -> None:
    digest = put_cohort(store, replace(small_cohort(), simulated=True))
    assert run_de(store, digest, SPEC, n_cpus=1).run.simulated


def test_metadata_that_is_not_in_the_design_may_be_missing(store: Store) -> None:
    metadata = small_metadata().assign(bmi=np.nan)
    result = run_de(store, put_cohort(store, small_cohort(metadata=metadata)), SPEC, n_cpus=1)
    assert result.run.notices == ()


COUNTING = """
import sys
from pathlib import Path
from core.de.deseq2 import compute
from tests.analyses import run_de
from core.de.spec import DESpec
from core.store import Store

fit_model = compute.fit_model

def counted(*args, **options):
    with Path(sys.argv[3]).open("a") as counter:
        counter.write("fitted\\n")
    return fit_model(*args, **options)

compute.fit_model = counted
print(run_de(Store(Path(sys.argv[1])), sys.argv[2], DESpec.from_json(sys.argv[4]), n_cpus=1).run.n_tested)
"""


def test_two_processes_at_once_compute_once(store: Store, digest: str, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    command = [sys.executable, "-c", COUNTING, str(store.root), digest, str(counter), SPEC.to_json()]
    both = [subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert answers[0] == answers[1]
    assert counter.read_text() == "fitted\n"
