from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.cohort.samples.balance import explained
from core.cohort.samples.profile import compute_profile, principal_components
from core.cohort.simulation.cohort import simulate_cohort
from core.cohort.stored import put_cohort
from core.errors import InputError
from core.store import Store
from tests.analyses import find_profile, run_profile


def test_components_are_those_of_a_singular_value_decomposition() -> None:
    values = np.random.default_rng(1).normal(size=(200, 12))
    values -= values.mean(axis=1, keepdims=True)
    scores, shares = principal_components(values, 5)
    _, singular, right = np.linalg.svd(values, full_matrices=False)
    assert_allclose(np.abs(scores), np.abs(right[:5].T * singular[:5]), atol=1e-10)
    assert_allclose(shares, singular[:5] ** 2 / (singular**2).sum())
    assert (scores.to_numpy()[np.abs(scores.to_numpy()).argmax(axis=0), range(5)] > 0).all()


def test_a_profile_is_stored_once_and_read_back(tmp_path: Path) -> None:
    cohort, truth = simulate_cohort(seed=2, n_patients=60, n_genes=1500)
    store = Store(tmp_path)
    digest = put_cohort(store, cohort)
    assert find_profile(store, digest) is None
    made = run_profile(store, digest)
    found = find_profile(store, digest)
    assert found is not None
    assert found.samples.equals(made.samples)
    assert found.notices == made.notices
    assert list(found.samples.index) == list(cohort.samples)
    assert_allclose(np.diag(found.correlation), 1, rtol=1e-6)
    assert "T cells" in found.scores
    assert 0 < sum(found.shares) <= 1
    defects = truth[truth["kind"] == "defect"].set_index("role")["name"]
    assert found.samples["library_size"].idxmin() == defects["low-depth"]


def test_cell_composition_is_on_the_first_components() -> None:
    profile = compute_profile(simulate_cohort(seed=2, n_patients=120, n_genes=3000)[0])
    strongest = explained(profile.scores["Neutrophils"], profile.components)["share"]
    assert strongest[:3].sum() > 0.5


def test_an_unknown_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        run_profile(Store(tmp_path), "0" * 64)


def test_an_empty_sample_does_not_hide_the_others() -> None:
    cohort, _ = simulate_cohort(seed=2, n_patients=40, n_genes=1000)
    counts = cohort.counts.copy()
    counts[:, 5] = 0
    profile = compute_profile(replace(cohort, counts=counts))
    assert np.isfinite(profile.components.to_numpy()).all()
    assert str(cohort.samples[5]) in {s for notice in profile.notices for s in notice.samples}
