"""Counts that are hard to fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.de.engine.algebra import Columns
from core.de.engine.coefficients import RIDGE, Model


@dataclass(frozen=True)
class Hard:
    """Counts (samples × genes), design with the group last, size factors and dispersions."""

    counts: np.ndarray
    design: np.ndarray
    size_factors: np.ndarray
    dispersions: np.ndarray

    @property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest dispersion, as PyDESeq2 sets them."""
        return 1e-8, float(max(10, len(self.counts)))


def hard_counts(n_samples: int, n_coefficients: int, *, seed: int, n_random: int = 12) -> Hard:
    """Return genes of every hard kind: see the names within."""
    rng = np.random.default_rng(seed)
    group = (np.arange(n_samples) % 2).astype(float)
    others = rng.normal(size=(n_samples, n_coefficients - 2))
    design = np.column_stack([np.ones(n_samples), others, group])
    size_factors = np.exp(rng.normal(0, 0.3, n_samples))
    mean = 100 * size_factors
    kinds = {
        "none": np.zeros(n_samples, dtype=int),
        "one sample": np.where(np.arange(n_samples) == 1, 40, 0),
        "one count": np.where(np.arange(n_samples) == 0, 1, 0),
        "separated": rng.poisson(mean) * (group == 1),
        "separated the other way": rng.poisson(9 * mean) * (group == 0),
        "constant": np.full(n_samples, 50),
        "less than Poisson": np.rint(mean),
        "ten million": rng.negative_binomial(20, 20 / (20 + 1e7 * size_factors / size_factors.max())),
        "ten million, even": rng.poisson(1e7 * size_factors / size_factors.max()),
        "outlier": np.where(np.arange(n_samples) == 2, 10_000_000, rng.poisson(mean)),
        "huge dispersion": np.where(rng.random(n_samples) < 0.2, rng.integers(1, 10**6, n_samples), 0),
        "steep": rng.poisson(np.minimum(mean * np.exp(3 * design[:, -2]), 1e6)),
    }
    kinds["huge dispersion"][0] = 500_000
    means = np.exp(rng.uniform(0, 12, n_random))
    spread = np.exp(rng.uniform(-8, 3, n_random))
    random = rng.negative_binomial(1 / spread, 1 / (1 + spread * means * size_factors[:, None]))
    random[0] += 1
    counts = np.column_stack([*kinds.values(), random]).astype(np.int64)
    dispersions = np.exp(rng.uniform(np.log(1e-8), np.log(max(10, n_samples)), counts.shape[1]))
    return Hard(counts, design, size_factors, dispersions)


def penalised(hard: Hard, coefficients: np.ndarray) -> np.ndarray:
    """Return the log likelihood, less the ridge penalty; -inf where it cannot be computed."""
    model = Model(hard.counts.T.astype(float), hard.size_factors, Columns(hard.design), hard.dispersions, 0.5)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        likelihood = model.variable(model.means(coefficients)) - RIDGE / 2 * (coefficients**2).sum(axis=1)
    return np.where(np.isfinite(likelihood), likelihood, -np.inf)
