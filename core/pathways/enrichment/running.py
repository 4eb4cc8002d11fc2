"""The walk through the ranking that gives a set its enrichment score.

Apart from `gsea`, so that a page can draw it without importing gseapy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WEIGHT = 1.0

Floats = NDArray[np.float64]


class RunningScore(NamedTuple):
    """The walk through the ranking for one set.

    Parameters
    ----------
    curve : numpy.ndarray of length n_ranked
        Score after each gene of the ranking.
    positions : numpy.ndarray
        Places of the set's genes in the ranking.
    es : float
        Enrichment score: the value of the curve farthest from zero.
    peak : int
        Its place in the ranking.
    leading_edge : numpy.ndarray
        Places of the set's genes up to the peak (from the peak on if the score is negative),
        the most extreme first.
    """

    curve: Floats
    positions: NDArray[np.intp]
    es: float
    peak: int
    leading_edge: NDArray[np.intp]


def running_score(statistics: Floats, positions: NDArray[np.intp], *, weight: float = WEIGHT) -> RunningScore:
    """Return the running score of a set (Subramanian 2005, doi 10.1073/pnas.0506580102).

    Parameters
    ----------
    statistics : numpy.ndarray of length n_ranked
        Statistics from highest to lowest.
    positions : numpy.ndarray
        Places of the set's genes, ascending.
    weight : float
        Power to which the statistics of the set's genes are raised.
    """
    steps = np.full(len(statistics), -1.0 / (len(statistics) - len(positions)))
    hits = np.abs(statistics[positions]) ** weight
    total = hits.sum()
    # Where all statistics of a set are zero each of its genes counts the same.
    steps[positions] = hits / total if total > 0 else 1.0 / len(positions)
    curve = np.cumsum(steps)
    highest, lowest = int(curve.argmax()), int(curve.argmin())
    if abs(curve[highest]) >= abs(curve[lowest]):
        return RunningScore(curve, positions, float(curve[highest]), highest, positions[positions <= highest])
    return RunningScore(curve, positions, float(curve[lowest]), lowest, positions[positions > lowest][::-1])
