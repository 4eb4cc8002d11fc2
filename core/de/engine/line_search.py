"""The search for dispersions of R package DESeq2, step by step.

With three or fewer residual degrees of freedom the likelihoods of many genes are so flat that
where a search stops moves their dispersions, and with them the trend of all. There, R's numbers
are only reached by its own search. Elsewhere the maximum itself is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.de.engine.algebra import Matrix
from core.de.engine.dispersions import Posterior
from core.de.engine.rules import AT_BOUND, log_likelihood

ROUNDS = 100
LEAST_GAIN = 1e-6  # of log likelihood: a step that gains less is the last
ARMIJO = 1e-4  # share of the gain a slope promises that a step must reach
LIMITS = -30.0, 10.0  # of the log dispersion while searching
GRID = 20  # points of the two grids that replace a search without end


@dataclass
class Search:
    """Where the search of each gene stands; every array of length n_genes."""

    at: Matrix
    likelihood: Matrix
    slope: Matrix
    pace: Matrix
    accepted: NDArray[np.int_]
    rounds: NDArray[np.int_]


def search_dispersions(posterior: Posterior, start: Matrix, bounds: tuple[float, float]) -> Matrix:
    """Return each gene's log dispersion where DESeq2's search ends.

    Parameters
    ----------
    posterior : Posterior
        Without prior.
    start : numpy.ndarray of length n_genes
        Log dispersions to start from.
    bounds : tuple of float
        Smallest and largest log dispersion.

    Notes
    -----
    R package DESeq2 1.38.3: fitDisp and fitDispGrid (C++), estimateDispersionsGeneEst.
    """
    search = _walk(posterior, start, lowest=bounds[0] - np.log(10))
    found = np.minimum(search.at, bounds[1])
    endless = (search.rounds == ROUNDS) | (search.rounds == 1)
    endless &= found > bounds[0] + np.log(AT_BOUND)
    if endless.any():
        found[endless] = _grid(posterior.of(endless), bounds)
    return np.clip(found, *bounds)


def _walk(posterior: Posterior, start: Matrix, *, lowest: float) -> Search:
    n_genes = len(start)
    search = Search(
        at=start.copy(),
        likelihood=_value(posterior, start),
        slope=posterior.slopes(start)[0],
        pace=np.ones(n_genes),
        accepted=np.zeros(n_genes, dtype=int),
        rounds=np.zeros(n_genes, dtype=int),
    )
    left = np.arange(n_genes)
    for _ in range(ROUNDS):
        left = _step(posterior, search, left, lowest)
        if not len(left):
            break
    return search


def _step(posterior: Posterior, search: Search, left: NDArray[np.intp], lowest: float) -> NDArray[np.intp]:
    """Try one step along the slope for each gene left; return the genes that go on."""
    at, slope, pace = search.at[left], search.slope[left], search.pace[left]
    new = np.clip(at + pace * slope, *LIMITS)
    pace = np.divide(new - at, slope, out=pace, where=slope != 0)
    reached = _value(posterior.of(left), new)
    gain = reached - search.likelihood[left]
    good = gain >= ARMIJO * pace * slope**2
    search.rounds[left] += 1
    search.pace[left] = np.where(good, np.minimum(pace * 1.1, 1.0), pace / 2)
    moved = left[good]
    search.at[moved], search.likelihood[moved] = new[good], reached[good]
    search.accepted[moved] += 1
    # DESeq2 halves the pace at every fifth success, against overshooting.
    search.pace[moved] /= np.where(search.accepted[moved] % 5 == 0, 2, 1)
    ends = good & ((gain < LEAST_GAIN) | (new < lowest))
    goes = left[good & ~ends]
    if len(goes):
        search.slope[goes] = posterior.of(goes).slopes(search.at[goes])[0]
    return left[~ends]


def _grid(posterior: Posterior, bounds: tuple[float, float]) -> Matrix:
    """Return the best of 20 log dispersions over the range, then of 20 around that."""
    coarse = np.linspace(*bounds, GRID)
    width = coarse[1] - coarse[0]
    n_genes = len(posterior.centre)
    values = [_value(posterior, np.full(n_genes, x)) for x in coarse]
    centre = coarse[np.argmax(values, axis=0)]
    fine = np.linspace(centre - width, centre + width, GRID)
    best = np.argmax([_value(posterior, x) for x in fine], axis=0)
    found: Matrix = fine[best, np.arange(n_genes)]
    return found


def _value(posterior: Posterior, log_dispersions: Matrix) -> Matrix:
    return log_likelihood((posterior.counts, posterior.mu, posterior.columns), np.exp(log_dispersions))
