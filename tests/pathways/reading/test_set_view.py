"""One gene set in depth: its score in patients, against numbers by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.cohort.model import Cohort
from core.de.result import DEResult
from core.pathways.reading.set_view import MOST_GENES, sample_scale, view_set
from core.pathways.result import PathwayResult


def test_the_score_of_a_set_is_that_of_its_genes(made: tuple[Cohort, DEResult, PathwayResult]):
    cohort, compared, result = made
    scale = sample_scale(cohort, result, size_factors=compared.size_factors)
    view = view_set(cohort, result, 0, scale=scale)
    used = cohort.samples.get_indexer(compared.samples.index)
    logs = np.log2((np.asarray(cohort.counts)[:, used] + 0.5) / (scale.library_size + 1) * 1e6)
    ranked = logs[result.ranking["row"].to_numpy()]
    standard = (ranked - ranked.mean(axis=1, keepdims=True)) / ranked.std(axis=1, keepdims=True)
    expected = standard[result.positions(0)].mean(axis=0) - standard.mean(axis=0)
    np.testing.assert_allclose(view.patients["score"], expected, rtol=1e-9, atol=1e-12)
    case, control = (view.patients.loc[view.patients["group"] == g, "score"] for g in ("TRD", "non-TRD"))
    assert view.effect["difference"] == pytest.approx(case.mean() - control.mean())
    assert view.groups["n"].tolist() == [len(control), len(case)]


def test_patients_of_a_set_are_grouped_and_without_names(made: tuple[Cohort, DEResult, PathwayResult]):
    cohort, compared, result = made
    scale = sample_scale(cohort, result, size_factors=compared.size_factors)
    view = view_set(cohort, result, 1, scale=scale)
    assert sorted(view.heat_order) == list(range(len(view.patients)))
    groups = view.patients["group"].iloc[view.heat_order].tolist()
    assert groups == sorted(groups, reverse=True)  # control first
    assert len(view.heat_genes) <= MOST_GENES
    assert view.heat.shape == (len(view.heat_genes), len(view.patients))
    assert np.abs(view.heat).max() <= 3
    names = set(cohort.samples)
    assert not names & {str(value) for value in view.patients.to_numpy().ravel()}


def test_a_scale_does_not_depend_on_the_order_of_size_factors(made: tuple[Cohort, DEResult, PathwayResult]):
    cohort, compared, result = made
    one = sample_scale(cohort, result, size_factors=compared.size_factors)
    other = sample_scale(cohort, result, size_factors=compared.size_factors.iloc[::-1])
    np.testing.assert_array_equal(one.level, other.level)
    with pytest.raises(ValueError, match="which samples"):
        sample_scale(cohort, replace(result, de_spec=None), size_factors=compared.size_factors)


def test_a_test_of_patients_shows_its_own_score(made: tuple[Cohort, DEResult, PathwayResult]):
    cohort, compared, result = made
    scale = sample_scale(cohort, result, size_factors=compared.size_factors)
    own = np.random.default_rng(1).normal(size=(len(result.table), len(compared.samples))).astype(np.float32)
    scored = replace(result, spec=replace(result.spec, test="gsva"), sample_scores=own)
    view = view_set(cohort, scored, 2, scale=scale)
    assert view.scored_by == "gsva"
    np.testing.assert_array_equal(view.patients["score"], own[2].astype(float))
    assert view_set(cohort, result, 2, scale=scale).scored_by == "zscore"
