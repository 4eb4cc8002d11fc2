from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.cohort.model import Cohort
from core.cohort.stored import get_cohort, put_cohort
from core.de.reading.gene import view_gene
from core.de.reading.summary import count_significant, significant
from core.de.result import DEResult
from core.de.spec import DESpec
from core.errors import InputError
from core.store import Store
from tests.analyses import run_de
from tests.de.cohorts import small_cohort, small_metadata


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cohort, DEResult]:
    store = Store(Path(tmp_path_factory.mktemp("gene")))
    metadata = small_metadata()
    metadata.iloc[0, 0] = "healthy"
    metadata.loc["S01", "centre"] = None
    cohort = small_cohort(metadata=metadata)
    cohort.counts[20, 3] = 200_000
    digest = put_cohort(store, cohort)
    spec = DESpec("group", "TRD", "non-TRD", shrink=True)
    return get_cohort(store, digest), run_de(store, digest, spec, n_cpus=1)


def test_counts_are_those_of_the_samples_compared(compared: tuple[Cohort, DEResult]) -> None:
    cohort, result = compared
    view = view_gene(cohort, result, "G015")
    assert list(view.counts.index) == list(cohort.samples[1:])
    np.testing.assert_array_equal(view.counts["count"], cohort.counts[15][1:])
    np.testing.assert_allclose(view.counts["normalised"] * result.size_factors, view.counts["count"])
    assert view.counts["group"].tolist() == cohort.metadata["group"].iloc[1:].tolist()
    assert view.counts["sex"].tolist() == cohort.metadata["sex"].iloc[1:].tolist()
    assert view.counts.loc["S01", "centre"] is None
    assert (view.gene, view.note, view.outlier) == ("G015", "", "")


def test_fold_changes_have_intervals_around_them(compared: tuple[Cohort, DEResult]) -> None:
    cohort, result = compared
    view = view_gene(cohort, result, "G015")
    assert view.raw is not None
    assert view.shrunken is not None
    assert view.raw.ratio == pytest.approx(2 ** view.row["log2FoldChange"])
    assert view.raw.low < view.raw.ratio < view.raw.high
    assert abs(np.log2(view.shrunken.ratio)) < abs(np.log2(view.raw.ratio))


def test_missing_values_and_outliers_are_explained(compared: tuple[Cohort, DEResult]) -> None:
    cohort, result = compared
    none = view_gene(cohort, result, "G000")
    assert none.raw is None
    assert none.note.startswith("No counts in the samples compared. No read")
    outlier = view_gene(cohort, result, "G020")
    assert (
        outlier.outlier == "An outlier count was replaced by the trimmed mean of all samples before the test."
    )


def test_an_outlier_may_be_of_a_group_that_is_not_shown(compared: tuple[Cohort, DEResult]) -> None:
    cohort, result = compared
    of_all = replace(result, spec=replace(result.spec, all_groups=True))
    assert "may be of a group that is part of the model" in view_gene(cohort, of_all, "G020").outlier
    assert view_gene(cohort, of_all, "G015").outlier == ""


def test_an_unknown_gene_is_refused(compared: tuple[Cohort, DEResult]) -> None:
    with pytest.raises(InputError, match="no gene 'G999'"):
        view_gene(*compared, "G999")


def test_counts_at_thresholds_agree_with_the_table(compared: tuple[Cohort, DEResult]) -> None:
    _, result = compared
    counts = count_significant(result, min_lfc=0.3)
    assert counts.n == significant(result.table, min_lfc=0.3).sum() > 0
    assert counts.n_up > 0
    assert counts.n_down > 0
    assert counts.n_active == result.run.n_active
