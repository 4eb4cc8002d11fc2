"""Dispersions: the maximum of each gene's Cox-Reid adjusted likelihood, with or without prior."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.de.engine.algebra import Columns, Matrix, inverse
from core.de.engine.rules import AT_BOUND, FLAT

FLAT_SLOPE = 1e-3  # in log dispersion: at the least dispersion, a search that starts so flat stays there
CLOSE = 1e-5  # last step in log dispersion; Newton's method is then right to about its square
MAX_STEP = 4.0
MAX_STEPS = 100
FAR = -0.999999  # relative excess of a count over its mean from which 1 + excess has lost its digits
SERIES_FROM = 8.0  # argument from which the series of digamma and trigamma are exact to 11 digits


@dataclass(frozen=True)
class Posterior:
    """The log posterior of each gene's log dispersion.

    Parameters
    ----------
    counts, mu : numpy.ndarray of shape (n_genes, n_samples)
        Counts and fitted means.
    columns : Columns
        Of the design.
    centre : numpy.ndarray of length n_genes
        Prior mean of the log dispersion.
    precision : float
        One over the prior variance; 0 without a prior.
    cox_reid : float
        Weight of the Cox-Reid adjustment, 1 or 0.

    Notes
    -----
    Love, Huber, Anders 2014, doi 10.1186/s13059-014-0550-8, Methods, equations 5 to 7.
    """

    counts: Matrix
    mu: Matrix
    columns: Columns
    centre: Matrix
    precision: float
    cox_reid: float

    def of(self, genes: NDArray[Any]) -> Posterior:
        """Return the posterior of some of the genes."""
        return replace(self, counts=self.counts[genes], mu=self.mu[genes], centre=self.centre[genes])

    def slopes(self, log_dispersion: Matrix) -> tuple[Matrix, Matrix]:
        """Return first and second derivative by the log dispersion, each of length n_genes."""
        first, second = self._likelihood(np.exp(-log_dispersion))
        if self.cox_reid:
            adjusted = self._adjustment(np.exp(log_dispersion))
            first, second = first + adjusted[0], second + adjusted[1]
        return first - self.precision * (log_dispersion - self.centre), second - self.precision

    def _likelihood(self, size: Matrix) -> tuple[Matrix, Matrix]:
        """Return the derivatives of the negative binomial log likelihood.

        By the size r = 1 / dispersion it is the sum over samples of
        ψ(y + r) - ψ(r) - log(1 + μ/r) + (μ - y)/(μ + r). For small dispersions these terms nearly
        cancel. With ψ(x) = log x + φ(x) and d = (y - μ)/(μ + r) they are
        φ(y + r) - φ(r) + log(1 + d) - d, which do not. For means far beyond the count and the size
        d rounds to -1: there the logarithm is that of (y + r)/(μ + r).
        """
        r = size[:, None]
        phi, tau = digamma_rest(self.counts + r)
        phi_size, tau_size = digamma_rest(size)
        n_samples = self.counts.shape[1]
        excess = (self.counts - self.mu) / (self.mu + r)
        logs = np.log1p(np.maximum(excess, FAR))
        far = excess < FAR
        if far.any():
            logs[far] = np.log((self.counts + r)[far] / (self.mu + r)[far])
        by_size = phi.sum(axis=1) - n_samples * phi_size + (logs - excess).sum(axis=1)
        tau += excess**2 / (self.counts + r)
        by_size_twice = tau.sum(axis=1) - n_samples * tau_size
        return -size * by_size, size * (by_size + size * by_size_twice)

    def _adjustment(self, dispersion: Matrix) -> tuple[Matrix, Matrix]:
        """Return the derivatives of the Cox-Reid term -½ log det X'WX, where dW/dα = -W²."""
        weights = self.mu / (1 + self.mu * dispersion[:, None])
        covariance = inverse(self.columns.information(weights))
        squares = weights * weights
        once = covariance @ self.columns.information(squares)
        squares *= weights
        twice = (covariance * self.columns.information(squares)).sum(axis=(1, 2))
        slope = np.trace(once, axis1=1, axis2=2)
        product = (once * once.transpose(0, 2, 1)).sum(axis=(1, 2))
        first = 0.5 * dispersion * slope
        return first, first - 0.5 * dispersion**2 * (2 * twice - product)


def digamma_rest(x: Matrix) -> tuple[Matrix, Matrix]:
    """Return ψ(x) - log x and ψ'(x) - 1/x, where ψ is the digamma function and x > 0.

    Notes
    -----
    Abramowitz and Stegun 1964, 6.3.18 and 6.4.12; below `SERIES_FROM` by recurrence, 6.3.6.
    """
    small = x < SERIES_FROM
    any_small = bool(small.any())
    z = np.where(small, x + SERIES_FROM, x) if any_small else x
    u = 1 / z
    v = u * u
    phi = -u / 2 - v * (1 / 12 - v * (1 / 120 - v * (1 / 252 - v * (1 / 240 - v / 132))))
    tau = v * (1 / 2 + u * (1 / 6 - v * (1 / 30 - v * (1 / 42 - v * (1 / 30 - v * (5 / 66))))))
    if any_small:
        low = x[small]
        terms = [1 / (low + i) for i in range(int(SERIES_FROM))]
        phi[small] += np.log1p(SERIES_FROM / low) - sum(terms)
        tau[small] += u[small] - terms[0] + sum(term * term for term in terms)
    return phi, tau


def maximise_posterior(
    posterior: Posterior, start: Matrix, bounds: tuple[float, float]
) -> tuple[Matrix, Matrix]:
    """Find each gene's log dispersion uphill of its start.

    Newton's method within a bracket: the slope is positive at its lower end and negative at its
    upper end, or the end is a bound. A step that leaves the bracket is replaced by halving it.

    Parameters
    ----------
    posterior : Posterior
        Of n_genes genes.
    start : numpy.ndarray of length n_genes
        Log dispersions to start from.
    bounds : tuple of float
        Smallest and largest log dispersion.

    Returns
    -------
    found, converged : numpy.ndarray of length n_genes
        Log dispersions; whether the search ended.
    """
    found = np.clip(start, *bounds)
    converged = np.zeros(len(start), dtype=bool)
    left = np.arange(len(start))
    x, low, high = found.copy(), np.full(len(start), -np.inf), np.full(len(start), np.inf)
    for n_steps in range(MAX_STEPS):
        first, second = posterior.slopes(x)
        low, high = np.where(first > 0, x, low), np.where(first > 0, high, x)
        proposal = _propose(x, (first, second), (low, high), bounds)
        ends = np.abs(proposal - x) < CLOSE
        if n_steps == 0:
            flat = (x <= bounds[0] + np.log(AT_BOUND)) & (np.abs(first) < FLAT_SLOPE)
            proposal, ends = np.where(flat, x, proposal), ends | flat
        found[left] = proposal
        converged[left[ends]] = True
        going = ~ends & np.isfinite(proposal)
        if not going.any():
            break
        if not going.all():
            posterior, left = posterior.of(going), left[going]
        x, low, high = proposal[going], low[going], high[going]
    return found, converged


def _propose(
    x: Matrix, slopes: tuple[Matrix, Matrix], bracket: tuple[Matrix, Matrix], bounds: tuple[float, float]
) -> Matrix:
    """Return where to look next."""
    (first, second), (low, high) = slopes, bracket
    concave = second < 0
    step = np.where(concave, -first / np.where(concave, second, -1.0), np.sign(first) * MAX_STEP)
    proposal = np.clip(x + np.clip(step, -MAX_STEP, MAX_STEP), *bounds)
    # Towards no dispersion the slope dies away and steps stay short: look at the bound itself.
    vanishing = (first < 0) & np.isneginf(low) & (proposal < bounds[0] + np.log(FLAT))
    proposal = np.where(vanishing, bounds[0], proposal)
    outside = ((proposal <= low) | (proposal >= high)) & (np.abs(proposal - x) >= CLOSE)
    middle = (np.maximum(low, bounds[0]) + np.minimum(high, bounds[1])) / 2
    at_bound = ((x == bounds[0]) & (first <= 0)) | ((x == bounds[1]) & (first > 0))
    return np.where(at_bound, x, np.where(outside, middle, proposal))
