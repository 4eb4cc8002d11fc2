from __future__ import annotations

import numpy as np
from pydeseq2.default_inference import DefaultInference
from pydeseq2.utils import nb_nll

from core.de.engine.algebra import Columns
from core.de.engine.inference import BatchInference
from core.de.engine.rules import MIN_MU, log_likelihood, prefer_bound, prefer_moments

DESIGN = np.column_stack([np.ones(12), np.arange(12) % 2])
COLUMNS = Columns(DESIGN)
RNG = np.random.default_rng(4)
MU = np.full((12, 6), 200.0)
COUNTS = RNG.negative_binomial(5, 5 / 205, (12, 6))
DATA = COUNTS.T.astype(float), MU.T, COLUMNS
LIMITS = 1e-8, 12.0


def test_low_fitted_means_are_raised_before_a_dispersion() -> None:
    low = np.where(np.arange(12)[:, None] < 6, 0.01, MU)
    start = np.full(6, 0.1)
    found, _ = BatchInference().alpha_mle(COUNTS, DESIGN, low, start, *LIMITS)
    raised, _ = DefaultInference(n_cpus=1).alpha_mle(COUNTS, DESIGN, np.maximum(low, MIN_MU), start, *LIMITS)
    np.testing.assert_allclose(found, raised, rtol=1e-4)


def test_the_likelihood_differs_from_pydeseq2s_by_a_constant() -> None:
    part = COUNTS[:, :1].T.astype(float), MU[:, :1].T, COLUMNS
    ours, theirs = [], []
    for dispersion in (0.02, 0.2, 2.0):
        weights = (MU / (1 + MU * dispersion))[:, 0]
        adjustment = 0.5 * np.linalg.slogdet((DESIGN.T * weights) @ DESIGN)[1]
        theirs.append(-nb_nll(COUNTS[:, 0], MU[:, 0], dispersion) - adjustment)
        ours.append(log_likelihood(part, np.array([dispersion]))[0])
    np.testing.assert_allclose(np.diff(ours), np.diff(theirs), rtol=1e-9)


def test_moments_stay_unless_leaving_them_pays() -> None:
    found, _ = DefaultInference(n_cpus=1).alpha_mle(COUNTS, DESIGN, MU, np.full(6, 0.2), *LIMITS)
    near, far = found * 1.001, found * 3
    np.testing.assert_array_equal(prefer_moments(found, DATA, near), near)
    np.testing.assert_array_equal(prefer_moments(found, DATA, far), found)


def test_a_tiny_dispersion_goes_to_the_bound_only_if_that_is_as_likely() -> None:
    even = np.full((6, 12), 200.0)  # less spread than any distribution of counts allows
    tiny = np.full(6, 2e-5)
    np.testing.assert_array_equal(prefer_bound(tiny, (even, MU.T, COLUMNS), 1e-8), np.full(6, 1e-8))
    np.testing.assert_array_equal(prefer_bound(tiny, DATA, 1e-8), tiny)
    ample = np.full(6, 0.2)
    np.testing.assert_array_equal(prefer_bound(ample, (even, MU.T, COLUMNS), 1e-8), ample)


def test_the_prior_is_not_second_guessed() -> None:
    options = {"prior_disp_var": 0.5, "prior_reg": True}
    start = np.full(6, 0.21)
    found, _ = BatchInference().alpha_mle(COUNTS, DESIGN, MU, start, *LIMITS, **options)
    plain, _ = DefaultInference(n_cpus=1).alpha_mle(COUNTS, DESIGN, MU, start, *LIMITS, **options)
    np.testing.assert_allclose(found, plain, rtol=1e-4)


def test_near_empty_samples_do_not_widen_the_standard_error() -> None:
    empty = np.where(DESIGN[:, 1:] == 1, 1e-3, MU)
    shared = {"ridge_factor": np.eye(2) * 1e-6, "contrast": np.array([0.0, 1.0]), "lfc_null": 0.0}
    lfc, disp = np.tile([5.0, -1.0], (6, 1)), np.full(6, 0.2)
    raised = DefaultInference(n_cpus=1).wald_test(DESIGN, disp, lfc, np.maximum(empty, MIN_MU), **shared)
    found = BatchInference().wald_test(DESIGN, disp, lfc, empty, **shared)
    plain = DefaultInference(n_cpus=1).wald_test(DESIGN, disp, lfc, empty, **shared)
    np.testing.assert_allclose(found[2], raised[2])
    assert (found[2] < plain[2]).all()
