from __future__ import annotations

import numpy as np
import pytest

from core.cohort.samples.marker_scores import LEAST_MEAN, marker_scores, standardised

RNG = np.random.default_rng(6)
COUNTS = RNG.poisson(200, (50, 30))


def test_a_score_is_the_markers_mean_minus_that_of_all_genes():
    rows = np.array([3, 7, 9])
    (score,) = marker_scores(COUNTS, {"cells": rows}).values()
    standard = standardised(COUNTS)
    np.testing.assert_allclose(score, standard[rows].mean(axis=0) - standard.mean(axis=0))
    assert score.mean() == pytest.approx(0, abs=1e-12)


def test_genes_with_hardly_any_counts_are_left_out():
    counts = COUNTS.copy()
    counts[[3, 20]] = RNG.poisson(LEAST_MEAN / 4, (2, 30))
    kept = np.setdiff1d(np.arange(50), [3, 20])
    found = marker_scores(counts, {"cells": np.array([3, 7, 9])})["cells"]
    alone = marker_scores(counts[kept], {"cells": np.flatnonzero(np.isin(kept, [7, 9]))})["cells"]
    np.testing.assert_allclose(found, alone)
    assert marker_scores(counts[[3, 20]], {"cells": np.array([0])}) == {}


def test_a_gene_that_never_varies_has_no_unit_and_counts_as_nothing():
    counts = np.full((4, 6), 100)
    assert (standardised(counts) == 0).all()
