"""Fold changes: iteratively reweighted least squares for all genes of a block at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln

from core.de.engine.algebra import PSEUDOCOUNT, Columns, Matrix, inverse, solve
from core.de.engine.shrinkage import Shrinkage, find_modes

RIDGE = 1e-6  # keeps a coefficient finite that the counts do not determine
IRLS_ROUNDS = 100  # as in DESeq2
R_STEP = 1e-3  # of R's optim: for differences that stand for derivatives
R_TOLERANCE = 2.22e-9  # of R's optim: relative gain that ends a search
BOUND = 30.0  # of a coefficient in a search; in log2 units for R's
MISSED = 1e-3  # log likelihood that a search may lack and still count as converged
LN2 = 0.6931471805599453  # natural logarithm of 2


@dataclass(frozen=True)
class Model:
    """The negative binomial regressions of a block of genes.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n_samples)
        Counts.
    size_factors : numpy.ndarray of length n_samples
        Size factors.
    columns : Columns
        Of the design.
    dispersions : numpy.ndarray of length n_genes
        Dispersions, taken as known.
    min_mu : float
        No fitted mean is taken as smaller while fitting.
    """

    counts: Matrix
    size_factors: Matrix
    columns: Columns
    dispersions: Matrix
    min_mu: float

    def of(self, genes: NDArray[np.bool_]) -> Model:
        """Return the models of some of the genes."""
        return replace(self, counts=self.counts[genes], dispersions=self.dispersions[genes])

    def start(self) -> Matrix:
        """Return the least-squares coefficients of the log normalised counts."""
        logs = np.log(self.counts / self.size_factors + PSEUDOCOUNT)
        start: Matrix = logs @ np.linalg.pinv(self.columns.design).T
        return start

    def means(self, coefficients: Matrix) -> Matrix:
        """Return fitted means of the counts, as the model has them."""
        means = self.columns.predict(coefficients)
        np.exp(means, out=means)
        means *= self.size_factors
        return means

    def weights(self, means: Matrix) -> Matrix:
        """Return how much each count tells: one over its variance on the log scale."""
        return means / (1 + means * self.dispersions[:, None])

    def improve(self, means: Matrix) -> Matrix:
        """Return the weighted least-squares coefficients of the working response at these means."""
        weights = self.weights(means)
        response = np.log(means / self.size_factors) + (self.counts - means) / means
        left = self.columns.information(weights)
        left += np.diag(np.full(self.columns.n_coefficients, RIDGE))
        weights *= response
        return solve(left, weights @ self.columns.design)

    def constants(self) -> Matrix:
        """Return the part of each gene's log likelihood that does not depend on its means."""
        size = 1 / self.dispersions
        terms = gammaln(self.counts + size[:, None]) - gammaln(self.counts + 1)
        n_samples = self.counts.shape[1]
        logs = np.log(self.dispersions) * self.counts.sum(axis=1)
        constants: Matrix = terms.sum(axis=1) - n_samples * gammaln(size) + logs
        return constants

    def variable(self, means: Matrix) -> Matrix:
        """Return the rest of each gene's log likelihood."""
        grown = np.log1p(means * self.dispersions[:, None])
        likelihood = np.einsum("gs,gs->g", self.counts, np.log(means) - grown)
        rest: Matrix = likelihood - grown.sum(axis=1) / self.dispersions
        return rest

    def leverages(self, means: Matrix) -> Matrix:
        """Return each sample's weight in its own fitted value, which Cook's distance needs."""
        weights = self.weights(means)
        left = self.columns.information(weights)
        left += np.diag(np.full(self.columns.n_coefficients, RIDGE))
        weights *= self.columns.quadratic(inverse(left))
        return weights


@dataclass(frozen=True)
class Coefficients:
    """What a search found: coefficients (natural logarithm), and whether it reached the maximum."""

    values: Matrix
    converged: NDArray[np.bool_]


# Fits genes again whose weighted least squares went astray, from where these began and ended.
Rescue = Callable[[Model, Matrix, Matrix], Coefficients]


def fit_coefficients(model: Model, *, tolerance: float, bound: float, rescue: Rescue) -> Coefficients:
    """Fit the coefficients of every gene.

    A gene is done when its deviance changes by less than `tolerance` of itself. Genes with a
    coefficient beyond `bound`, or not done after `IRLS_ROUNDS`, are left to `rescue`.

    Parameters
    ----------
    model : Model
        Of n_genes genes.
    tolerance, bound, rescue
        As above.

    Notes
    -----
    Love, Huber, Anders 2014, doi 10.1186/s13059-014-0550-8, Methods, equations 1 and 2; the rules
    of convergence are those of PyDESeq2 and of R package DESeq2.
    """
    start = model.start()
    values, converged = start.copy(), np.zeros(len(start), dtype=bool)
    constants = model.constants()
    left, part, deviance = np.arange(len(start)), model, np.full(len(start), np.inf)
    means = np.maximum(model.means(start), model.min_mu)
    for _ in range(IRLS_ROUNDS):
        values[left] = part.improve(means)
        lost = beyond(values[left], bound)
        means = np.maximum(part.means(np.where(lost[:, None], 0.0, values[left])), model.min_mu)
        before, deviance = deviance, -2 * (part.variable(means) + constants[left])
        done = np.abs(deviance - before) <= tolerance * (np.abs(deviance) + 0.1)
        converged[left[done & ~lost]] = True
        going = ~done & ~lost
        if not going.any():
            break
        if not going.all():
            left, part, deviance, means = left[going], part.of(going), deviance[going], means[going]
    astray = ~converged
    if astray.any():
        found = rescue(model.of(astray), start[astray], values[astray])
        values[astray], converged[astray] = found.values, found.converged
    return Coefficients(values, converged)


def beyond(coefficients: Matrix, bound: float) -> NDArray[np.bool_]:
    """Return which genes have a coefficient out of bounds, or none at all."""
    outside: NDArray[np.bool_] = np.any(~(np.abs(coefficients) <= bound), axis=1)
    return outside


def climb(model: Model, start: Matrix, end: Matrix) -> Coefficients:
    """Go to the maximum of each likelihood, which has only one, by Newton's method.

    Where it is out of bounds, what R would find within is taken instead and does not count as
    converged.
    """
    # The prior that shrinkage has for the tested coefficient is, that wide, the ridge.
    wide, last = RIDGE**-0.5, model.columns.n_coefficients - 1
    values, _, converged = find_modes(
        Shrinkage(
            model.counts,
            model.columns,
            1 / model.dispersions,
            np.log(model.size_factors),
            index=last,
            scale=2**0.5 * wide,
            wide=wide,
        )
    )
    outside = beyond(values, BOUND)
    if outside.any():
        values[outside] = _search(model.of(outside), start[outside], end[outside])
    return Coefficients(values, converged & ~outside)


def search_as_r(model: Model, start: Matrix, end: Matrix) -> Coefficients:
    """Search as R package DESeq2 does, and stop short of the maximum where it does.

    R hands each gene to ``optim(method = "L-BFGS-B")``, in log2 units, derivatives by
    differences. It begins where weighted least squares ended if that is within bounds; else
    where they began, the natural logarithms read as log2. With numbers in the design that are
    not scaled it often ends where it began.

    Notes
    -----
    R package DESeq2 1.38.3, function fitNbinomGLMsOptim.
    """
    values = _search(model, start, end)
    best = climb(model, start, end)
    gap = _likelihood(model, best.values) - _likelihood(model, values)
    return Coefficients(values, best.converged & (gap < MISSED))


def _search(model: Model, start: Matrix, end: Matrix) -> Matrix:
    """Return what R's optim finds for each gene, in natural logarithms."""
    outside = beyond(end / LN2, BOUND)
    values = np.where(outside[:, None], start, end / LN2)
    for gene in range(len(values)):
        values[gene] = _optim(model.of(np.arange(len(values)) == gene), values[gene])
    return values * LN2


def _optim(model: Model, start: Matrix) -> Matrix:
    def objective(beta: Matrix) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            value = RIDGE / 2 * beta @ beta - _likelihood(model, beta[None] * LN2)[0]
        return float(value) if np.isfinite(value) else 1e300

    def gradient(beta: Matrix) -> Matrix:
        steps = R_STEP * np.eye(len(beta))
        above, below = np.minimum(beta + steps, BOUND), np.maximum(beta - steps, -BOUND)
        rise = np.array([objective(up) - objective(down) for up, down in zip(above, below, strict=True)])
        return rise / np.diag(above - below)

    options = {"ftol": R_TOLERANCE, "gtol": 0.0, "maxcor": 5, "maxiter": 100}
    limits = [(-BOUND, BOUND)] * len(start)
    found: Matrix = minimize(
        objective, start, jac=gradient, method="L-BFGS-B", bounds=limits, options=options
    ).x
    return found


def _likelihood(model: Model, coefficients: Matrix) -> Matrix:
    with np.errstate(divide="ignore"):
        return model.variable(model.means(coefficients)) + model.constants()
