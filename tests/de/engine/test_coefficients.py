from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from pydeseq2.default_inference import DefaultInference

from core.de.engine.algebra import Columns
from core.de.engine.coefficients import Coefficients, Model, Rescue, climb, fit_coefficients, search_as_r

N = 24
GROUP = (np.arange(N) % 2).astype(float)
AGE = np.linspace(20, 70, N)
RNG = np.random.default_rng(6)
SIZE_FACTORS = np.exp(RNG.normal(0, 0.2, N))


def model(counts: np.ndarray, *covariates: np.ndarray, dispersion: float = 0.2) -> Model:
    design = np.column_stack([np.ones(N), *covariates, GROUP])
    rows = np.atleast_2d(counts).astype(float)
    return Model(rows, SIZE_FACTORS, Columns(design), np.full(len(rows), dispersion), 0.5)


def fit(genes: Model, rescue: Rescue = climb) -> Coefficients:
    return fit_coefficients(genes, tolerance=1e-8, bound=30.0, rescue=rescue)


def likelihood(genes: Model, coefficients: np.ndarray) -> np.ndarray:
    return genes.variable(genes.means(coefficients)) + genes.constants()


def test_the_log_likelihood_is_that_of_pydeseq2_and_keeps_its_digits() -> None:
    from pydeseq2.utils import nb_nll

    genes = model(RNG.poisson(80, N))
    means = np.full((1, N), 70.0)
    expected = -nb_nll(genes.counts[0], means[0], 0.2)
    assert genes.variable(means)[0] + genes.constants()[0] == pytest.approx(expected, rel=1e-12)


def test_genes_are_fitted_as_if_alone() -> None:
    counts = RNG.negative_binomial(4, 4 / 104, (9, N))
    together = fit(model(counts, AGE)).values
    alone = np.vstack([fit(model(row, AGE)).values for row in counts])
    np.testing.assert_allclose(together, alone, rtol=1e-9, atol=1e-12)


@pytest.fixture
def wild() -> Model:
    """Return a gene of which one sample has nearly all counts: weighted least squares go astray."""
    counts = np.where(np.arange(N) == 3, 900_000, RNG.integers(0, 3, N) * (np.arange(N) % 3 == 0))
    return model(counts, (AGE - AGE.mean()) / AGE.std(), (np.arange(N) % 4 < 2).astype(float), dispersion=9.0)


def asked(rescue: Rescue, genes: Model) -> tuple[Coefficients, int]:
    """Return the fit, and for how many genes the rescue was called."""
    called = []

    def listening(part: Model, start: np.ndarray, end: np.ndarray) -> Coefficients:
        called.append(len(part.counts))
        return rescue(part, start, end)

    return fit(genes, listening), sum(called)


def test_a_gene_gone_astray_is_taken_to_the_maximum_of_its_likelihood(wild: Model) -> None:
    found, n_astray = asked(climb, wild)
    assert n_astray == 1
    assert found.converged.all()
    top = likelihood(wild, found.values)
    for step in (*np.eye(4) * 0.01, *np.eye(4) * -0.01):
        assert likelihood(wild, found.values + step) < top
    theirs = DefaultInference(n_cpus=1).irls(
        wild.counts.T, SIZE_FACTORS, wild.columns.design, wild.dispersions, 0.5, 1e-8
    )[0]
    assert likelihood(wild, theirs) <= top + 1e-6


def test_units_of_a_covariate_do_not_change_the_maximum(wild: Model) -> None:
    design = wild.columns.design * [1, 300, 1, 1] + [0, 5, 0, 0]
    other = Model(wild.counts, SIZE_FACTORS, Columns(design), wild.dispersions, 0.5)
    one, two = climb(wild, wild.start(), wild.start()), climb(other, other.start(), other.start())
    assert two.values[0, -1] == pytest.approx(one.values[0, -1], rel=1e-4)


def test_a_search_as_rs_that_stops_short_does_not_count_as_converged(wild: Model) -> None:
    design = wild.columns.design * [1, 30, 1, 1] + [0, 50, 0, 0]
    unscaled = Model(wild.counts, SIZE_FACTORS, Columns(design), wild.dispersions, 0.5)
    start = unscaled.start()
    found = search_as_r(unscaled, start, np.full_like(start, np.nan))
    best = climb(unscaled, start, start)
    missed = likelihood(unscaled, best.values) - likelihood(unscaled, found.values)
    assert missed > 1e-3
    assert not found.converged.any()


def test_a_search_as_rs_that_gets_there_counts() -> None:
    genes = model(RNG.negative_binomial(4, 4 / 104, N), (AGE - AGE.mean()) / AGE.std())
    found = search_as_r(genes, genes.start(), genes.start())
    assert found.converged.all()
    np.testing.assert_allclose(found.values, climb(genes, genes.start(), genes.start()).values, atol=1e-3)


def test_a_maximum_out_of_bounds_is_not_reported_as_reached() -> None:
    counts = np.where(GROUP == 1, 10_000_000, 0) * (np.arange(N) > 1)
    genes = model(counts, dispersion=1e-8)
    search = partial(climb, genes, genes.start())
    found = search(genes.start())
    inside = (np.abs(found.values) <= 30).all(axis=1)
    assert (inside | ~found.converged).all()
