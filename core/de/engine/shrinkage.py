"""Shrunken fold changes: the posterior mode under a heavy-tailed prior, for all genes of a block at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.de.engine.algebra import PSEUDOCOUNT, Columns, Matrix, inverse

ENOUGH = 1e-9  # the search ends when its last step promised less than this of log posterior
SURE = 1e-6  # a step that promises less than this is taken: its gain may drown in rounding
ROUNDING = 1e-12  # of the log posterior: less than this is not taken as a loss
MARGIN = 2.0  # how much more: the likelihood bends less elsewhere than where it was measured
NARROW = 0.01  # of a prior's scale: under such a prior there is next to no effect
CONVEX = 1e-3  # share of the parabola's curvature from which the posterior counts as convex
NEWTON_ROUNDS = 100
MAX_HALVINGS = 40


@dataclass(frozen=True)
class Shrinkage:
    """The log posteriors of a block of genes: negative binomial likelihood, Cauchy and normal prior.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n_samples)
        Counts.
    columns : Columns
        Of the design.
    size : numpy.ndarray of length n_genes
        One over the dispersion.
    offset : numpy.ndarray of length n_samples
        Log size factors.
    index : int
        The coefficient that is shrunk, by a Cauchy prior.
    scale, wide : float
        Scale of that prior; standard deviation of the normal prior of the other coefficients.

    Notes
    -----
    Zhu, Ibrahim, Love 2019, doi 10.1093/bioinformatics/bty895.
    """

    counts: Matrix
    columns: Columns
    size: Matrix
    offset: Matrix
    index: int
    scale: float
    wide: float

    def of(self, genes: NDArray[Any]) -> Shrinkage:
        """Return the posteriors of some of the genes."""
        return replace(self, counts=self.counts[genes], size=self.size[genes])

    def starts(self) -> tuple[Matrix, Matrix]:
        """Return least-squares coefficients of the log normalised counts, without effect and with."""
        logs = np.log(self.counts * np.exp(-self.offset) + PSEUDOCOUNT)
        others = np.delete(self.columns.design, self.index, axis=1)
        without: Matrix = np.insert(logs @ np.linalg.pinv(others).T, self.index, 0.0, axis=1)
        return without, logs @ np.linalg.pinv(self.columns.design).T

    def loss(self, beta: Matrix) -> tuple[Matrix, Matrix]:
        """Return the negative log posterior of each gene, and the chance that a count is a failure.

        That chance, μ / (μ + size), determines slope and curvature.
        """
        log_odds = self.columns.predict(beta)
        log_odds += self.offset - np.log(self.size)[:, None]
        small = np.exp(-np.abs(log_odds))
        softplus = np.log1p(small) + np.maximum(log_odds, 0)
        chance = np.where(log_odds > 0, 1.0, small) / (1 + small)
        fit = softplus.sum(axis=1) * self.size
        fit += np.einsum("gs,gs->g", self.counts, softplus - log_odds)
        shrunk = beta[:, self.index]
        normal = ((beta**2).sum(axis=1) - shrunk**2) / (2 * self.wide**2)
        return fit + normal + np.log1p((shrunk / self.scale) ** 2), chance

    def slope(self, beta: Matrix, chance: Matrix) -> Matrix:
        """Return the gradient of the negative log posterior: n_genes × n_coefficients."""
        slope = (chance * (self.counts + self.size[:, None]) - self.counts) @ self.columns.design
        shrunk = beta[:, self.index]
        prior = beta / self.wide**2
        prior[:, self.index] = 2 * shrunk / (self.scale**2 + shrunk**2)
        total: Matrix = slope + prior
        return total

    def curvature(self, beta: Matrix, chance: Matrix) -> tuple[Matrix, Matrix]:
        """Return the Hessian with the Cauchy prior replaced by its tangent parabola, and what that adds.

        The parabola lies above the prior and touches it here, so that the first is positive
        definite even where the posterior is not convex; the second, of length n_genes, is how
        much too large its entry of the shrunken coefficient is.
        """
        weights = chance * (1 - chance) * (self.counts + self.size[:, None])
        hessian = self.columns.information(weights)
        square = beta[:, self.index] ** 2
        parabola = 2 / (self.scale**2 + square)
        prior = np.full(beta.shape, self.wide**-2.0)
        prior[:, self.index] = parabola
        diagonal = np.arange(beta.shape[1])
        hessian[:, diagonal, diagonal] += prior
        return hessian, parabola * 2 * square / (self.scale**2 + square)


def find_modes(posterior: Shrinkage) -> tuple[Matrix, Matrix, NDArray[np.bool_]]:
    """Find each gene's posterior mode.

    The posterior can have two: one where the prior wins, near 0, and one where the counts do.
    The search begins at 0; where there may be another mode, it is made again from the best fit
    without effect and from what the counts say by themselves, and the highest mode is taken.

    Returns
    -------
    modes : numpy.ndarray of shape (n_genes, n_coefficients)
        Natural logarithm.
    covariances : numpy.ndarray of shape (n_genes, n_coefficients, n_coefficients)
        Inverse Hessians at the modes.
    converged : numpy.ndarray of bool, length n_genes
        Whether the search ended.
    """
    near, far = posterior.starts()
    modes, converged = _climb(posterior, near)
    covariances = _covariances(posterior, modes)
    doubtful = _may_have_two(posterior, modes, covariances)
    if len(doubtful):
        part = posterior.of(doubtful)
        best, ended = _best_of_both(part, near[doubtful], far[doubtful])
        better = ended & (part.loss(best)[0] < part.loss(modes[doubtful])[0])
        chosen = doubtful[better]
        modes[chosen], converged[chosen] = best[better], True
        covariances[chosen] = _covariances(posterior.of(chosen), modes[chosen])
    return modes, covariances, converged


def _best_of_both(posterior: Shrinkage, near: Matrix, far: Matrix) -> tuple[Matrix, NDArray[np.bool_]]:
    """Search from where there is no effect, and from what the counts say; return the higher mode."""
    ways = []
    for start, scale in ((near, NARROW * posterior.scale), (far, 2**0.5 * posterior.wide)):
        found, ended = _climb(posterior, _climb(replace(posterior, scale=scale), start)[0])
        ways.append((found, ended, np.where(ended, posterior.loss(found)[0], np.inf)))
    (one, ends, loss), (other, other_ends, other_loss) = ways
    first = loss <= other_loss
    return np.where(first[:, None], one, other), np.where(first, ends, other_ends)


def _covariances(posterior: Shrinkage, modes: Matrix) -> Matrix:
    hessian, excess = posterior.curvature(modes, posterior.loss(modes)[1])
    hessian[:, posterior.index, posterior.index] -= excess
    return inverse(hessian)


def _may_have_two(posterior: Shrinkage, modes: Matrix, covariances: Matrix) -> NDArray[np.intp]:
    """Return the genes whose posterior may have a second mode.

    The Cauchy prior bends the posterior downwards by at most 1 / (2 scale)², so that one mode is
    all there is where the likelihood bends it upwards by more.
    """
    shrunk, square = np.abs(modes[:, posterior.index]), posterior.scale**2
    by_prior = 2 * (square - shrunk**2) / (square + shrunk**2) ** 2
    by_counts = 1 / covariances[:, posterior.index, posterior.index] - by_prior
    return np.flatnonzero(~(by_counts > MARGIN / (4 * square)))


def _climb(posterior: Shrinkage, beta: Matrix) -> tuple[Matrix, NDArray[np.bool_]]:
    """Go uphill by Newton's method, steps halved until the posterior gains."""
    modes, converged = beta.copy(), np.zeros(len(beta), dtype=bool)
    left = np.arange(len(beta))
    loss, chance = posterior.loss(beta)
    for _ in range(NEWTON_ROUNDS):
        slope = posterior.slope(beta, chance)
        step = _newton(posterior, beta, chance, slope)
        promised = np.einsum("gk,gk->g", slope, step)
        allowed = np.where(promised < SURE, np.inf, loss + ROUNDING * np.abs(loss))
        beta, loss, chance = _line_search(posterior, beta, step, allowed)
        modes[left] = beta
        done = promised < ENOUGH
        converged[left[done]] = True
        going = ~done & np.isfinite(promised)
        if not going.any():
            break
        if not going.all():
            posterior, left = posterior.of(going), left[going]
            beta, loss, chance = beta[going], loss[going], chance[going]
    return modes, converged


def _newton(posterior: Shrinkage, beta: Matrix, chance: Matrix, slope: Matrix) -> Matrix:
    """Return Newton's step where the posterior is convex, that of the parabola elsewhere."""
    hessian, excess = posterior.curvature(beta, chance)
    covariance = inverse(hessian)
    step = np.einsum("gij,gj->gi", covariance, slope)
    # The exact Hessian differs in one entry: its inverse by the formula of Sherman and Morrison.
    column = covariance[:, :, posterior.index]
    remaining = 1 - excess * column[:, posterior.index]
    convex = remaining > CONVEX
    gain = np.where(convex, excess / np.where(convex, remaining, 1.0), 0.0) * step[:, posterior.index]
    newton: Matrix = step + gain[:, None] * column
    return newton


def _line_search(
    posterior: Shrinkage, beta: Matrix, step: Matrix, allowed: Matrix
) -> tuple[Matrix, Matrix, Matrix]:
    """Go the step, or the largest half, quarter ... of it whose loss is allowed; else next to nowhere."""
    proposal = beta - step
    found, chance = posterior.loss(proposal)
    size = 1.0
    for _ in range(MAX_HALVINGS):
        worse = np.flatnonzero(~(found <= allowed))
        if not len(worse):
            break
        size /= 2
        proposal[worse] = beta[worse] - size * step[worse]
        found[worse], chance[worse] = posterior.of(worse).loss(proposal[worse])
    return proposal, found, chance
