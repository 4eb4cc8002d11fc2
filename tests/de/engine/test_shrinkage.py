from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from pydeseq2.utils import nbinomFn

from core.de.engine.algebra import Columns
from core.de.engine.shrinkage import Shrinkage, find_modes
from core.de.prepare import prepare
from tests.de.cases import CASES, DATA
from tests.de.reference import EVEN, Genes, shrunken_modes

N = 30
RNG = np.random.default_rng(9)
GROUP = (np.arange(N) % 2).astype(float)
DESIGN = np.column_stack([np.ones(N), RNG.normal(size=N), GROUP])
OFFSET = RNG.normal(0, 0.2, N)


def posterior(counts: np.ndarray, *, scale: float, size: float = 4.0) -> Shrinkage:
    rows = np.atleast_2d(counts).astype(float)
    return Shrinkage(rows, Columns(DESIGN), np.full(len(rows), size), OFFSET, 2, scale, 15.0)


def genes(effect: float, n: int = 8) -> np.ndarray:
    mean = 100 * np.exp(OFFSET + effect * GROUP)
    return RNG.negative_binomial(4, 4 / (4 + mean), (n, N))


def loss(counts: np.ndarray, beta: np.ndarray, scale: float, size: float = 4.0) -> float:
    return float(nbinomFn(beta, DESIGN, counts, size, OFFSET, 15.0, scale, 2))


@pytest.mark.parametrize("scale", [0.02, 0.3, 1.0])
def test_loss_slope_and_curvature_are_those_of_pydeseq2s_function(scale: float) -> None:
    counts = genes(0.5, n=1)
    part, beta = posterior(counts, scale=scale), np.array([[4.3, 0.1, 0.2]])
    value, chance = part.loss(beta)
    other, _ = part.loss(beta + 0.5)
    difference = loss(counts[0], beta[0], scale) - loss(counts[0], beta[0] + 0.5, scale)
    assert value[0] - other[0] == pytest.approx(difference, rel=1e-9)
    slope = part.slope(beta, chance)[0]
    hessian, excess = part.curvature(beta, chance)
    exact = hessian[0].copy()
    exact[2, 2] -= excess[0]
    step = 1e-5
    for i, direction in enumerate(np.eye(3) * step):
        rise = loss(counts[0], beta[0] + direction, scale) - loss(counts[0], beta[0] - direction, scale)
        assert slope[i] == pytest.approx(rise / (2 * step), rel=1e-4, abs=1e-3)
        up, down = (part.slope(b, part.loss(b)[1])[0] for b in (beta + direction, beta - direction))
        np.testing.assert_allclose(exact[i], (up - down) / (2 * step), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("scale", [0.02, 0.3, 1.0])
def test_modes_are_where_the_slope_is_0_and_covariances_are_inverse_curvatures(scale: float) -> None:
    part = posterior(np.vstack([genes(0.0), genes(2.0)]), scale=scale)
    modes, covariances, converged = find_modes(part)
    assert converged.all()
    chance = part.loss(modes)[1]
    assert np.abs(part.slope(modes, chance)).max() < 1e-4
    step = np.array([0.0, 0.0, 1e-4])
    up, down = (part.slope(b, part.loss(b)[1]) for b in (modes + step, modes - step))
    exact = np.einsum("gij,gj->gi", covariances, (up - down) / 2e-4)
    np.testing.assert_allclose(exact, np.tile([0.0, 0.0, 1.0], (len(modes), 1)), atol=1e-4)


def test_a_narrow_prior_shrinks_small_effects_and_leaves_large_ones() -> None:
    small, large = (posterior(genes(effect), scale=0.05) for effect in (0.1, 3.0))
    plain = [find_modes(replace(part, scale=1e3))[0][:, 2] for part in (small, large)]
    shrunk = [find_modes(part)[0][:, 2] for part in (small, large)]
    assert np.median(np.abs(shrunk[0] / plain[0])) < 0.3
    assert (np.abs(shrunk[1] / plain[1]) > 0.9).all()


def test_of_two_modes_the_higher_is_taken() -> None:
    counts = np.where(np.arange(N) == 1, 40, 0)
    part = posterior(counts, scale=0.05, size=0.05)
    modes, _, converged = find_modes(part)
    assert converged.all()
    grid = np.linspace(-12, 12, 481)
    profile = []
    for value in grid:
        held = replace(
            part, columns=Columns(DESIGN[:, :2]), offset=OFFSET + value * GROUP, index=1, scale=15.0
        )
        others = find_modes(held)[0]
        profile.append(part.loss(np.column_stack([others, [value]]))[0][0])
    assert part.loss(modes)[0][0] <= min(profile) + 0.05


@pytest.mark.parametrize("name", ["pasilla", "geuvadis"])
def test_of_real_genes_ours_is_the_higher_posterior_and_where_pydeseq2s_search_ends_if_let(name: str) -> None:
    case = CASES[name]
    prepared = prepare(case.cohort(DATA), case.spec)
    counts = prepared.counts[prepared.active][::12]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        modes = shrunken_modes(Genes.fitted(counts, prepared.design.matrix)).dropna()
    assert len(modes) > 700
    assert (modes["over_theirs"] > -EVEN).all()
    assert (modes["over_ended"] > -EVEN).all()
    # Where the posterior has two modes theirs may stay at the lower one.
    same = (modes["ours"] - modes["ended"]).abs() <= 1e-3
    assert (same | (modes["over_ended"] > 1e-3)).all()
    assert same.mean() > 0.99
    np.testing.assert_allclose(modes["ours_reordered"], modes["ours"], atol=1e-6)
