from __future__ import annotations

import numpy as np
import pytest
from scipy.special import polygamma
from scipy.stats import nbinom

from core.de.engine.algebra import Columns
from core.de.engine.dispersions import Posterior, digamma_rest, maximise_posterior
from core.de.engine.rules import log_likelihood

RNG = np.random.default_rng(8)
DESIGN = np.column_stack([np.ones(16), np.arange(16) % 2, RNG.normal(size=16)])
COLUMNS = Columns(DESIGN)
MU = np.exp(RNG.uniform(0, 8, (30, 16)))
COUNTS = RNG.negative_binomial(3, 3 / (3 + MU)).astype(float)


def test_digamma_and_trigamma_from_nearly_0_to_the_largest_counts() -> None:
    x = np.exp(np.linspace(np.log(1e-3), np.log(1e9), 500))
    phi, tau = digamma_rest(x)
    np.testing.assert_allclose(phi + np.log(x), polygamma(0, x), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(tau + 1 / x, polygamma(1, x), rtol=1e-10)


@pytest.mark.parametrize("precision", [0.0, 2.0])
def test_slopes_are_those_of_the_log_posterior(precision: float) -> None:
    centre = np.log(np.full(30, 0.2))
    posterior = Posterior(COUNTS, MU, COLUMNS, centre, precision, cox_reid=1.0)

    def value(x: np.ndarray) -> np.ndarray:
        return log_likelihood((COUNTS, MU, COLUMNS), np.exp(x)) - precision / 2 * (x - centre) ** 2

    for at in (-4.0, -1.0, 1.0):
        x, step = np.full(30, at), 1e-4
        first, second = posterior.slopes(x)
        np.testing.assert_allclose(
            first, (value(x + step) - value(x - step)) / (2 * step), rtol=1e-4, atol=1e-4
        )
        slopes = [posterior.slopes(x + sign * step)[0] for sign in (1, -1)]
        np.testing.assert_allclose(second, (slopes[0] - slopes[1]) / (2 * step), rtol=1e-5, atol=1e-6)


def test_the_slope_holds_its_digits_where_dispersion_vanishes() -> None:
    """There the log likelihood is linear in the dispersion: the slope is proportional to it."""
    posterior = Posterior(COUNTS, MU, COLUMNS, np.zeros(30), 0.0, cox_reid=1.0)
    slopes = [posterior.slopes(np.full(30, np.log(d)))[0] / d for d in (1e-11, 1e-12)]
    np.testing.assert_allclose(slopes[0], slopes[1], rtol=1e-3)


@pytest.mark.parametrize("mean", [1e9, 1e18])
def test_a_count_of_0_where_millions_were_fitted_leaves_the_slope_a_number(mean: float) -> None:
    counts, mu = COUNTS.copy(), MU.copy()
    counts[:, 0], mu[:, 0] = 0.0, mean
    posterior = Posterior(counts, mu, COLUMNS, np.zeros(30), 0.0, cox_reid=0.0)
    x, step = np.full(30, np.log(0.5)), 1e-4
    values = [nb_likelihood(counts, mu, np.exp(x + sign * step)) for sign in (1, -1)]
    np.testing.assert_allclose(
        posterior.slopes(x)[0], (values[0] - values[1]) / (2 * step), rtol=1e-5, atol=1e-4
    )


def nb_likelihood(counts: np.ndarray, mu: np.ndarray, dispersions: np.ndarray) -> np.ndarray:
    size = 1 / dispersions[:, None]
    return nbinom.logpmf(counts, size, size / (size + mu)).sum(axis=1)


def test_a_search_ends_at_the_top_or_at_the_bound_that_is_uphill() -> None:
    bounds = (float(np.log(1e-8)), float(np.log(16)))
    even = np.rint(MU)
    for counts, expected in ((COUNTS, None), (even, bounds[0])):
        posterior = Posterior(counts, MU, COLUMNS, np.zeros(30), 0.0, cox_reid=1.0)
        found, converged = maximise_posterior(posterior, np.full(30, np.log(0.05)), bounds)
        assert converged.all()
        slope = posterior.slopes(found)[0]
        inside = (found > bounds[0]) & (found < bounds[1])
        assert (np.abs(slope[inside]) < 1e-6).all()
        assert (slope[found == bounds[0]] <= 0).all()
        assert (slope[found == bounds[1]] >= 0).all()
        if expected is not None:
            assert (found == expected).mean() > 0.5


def test_a_flat_start_without_prior_is_the_end() -> None:
    """As in DESeq2: where the moments see no dispersion the slope is too small to follow."""
    posterior = Posterior(COUNTS, MU, COLUMNS, np.zeros(30), 0.0, cox_reid=1.0)
    start = np.full(30, np.log(1e-13))
    found, converged = maximise_posterior(posterior, start, (float(start[0]), 2.0))
    np.testing.assert_array_equal(found, start)
    assert converged.all()
