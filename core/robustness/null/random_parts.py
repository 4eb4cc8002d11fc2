"""How far random parts of a cohort agree with the rest: what a centre of that size would do by chance.

Genes move together, so that a small part disagrees in many of them at once, by chance alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RANDOM_PARTS, SEED = 40, 1
FEWEST = 3  # samples of each group in a centre, in a sex, and outside a random part
Floats = NDArray[np.float64]


class RandomParts:
    """Expression of all samples, from which parts are drawn.

    Parameters
    ----------
    values : numpy.ndarray of shape (n_genes, n_samples)
        Log expression.
    labels : numpy.ndarray of length n_samples
        1 in one group, 0 in the other.
    """

    def __init__(self, values: Floats, labels: Floats):
        # Centred, so that a variance can be had from sums of squares without loss.
        self._values = values - values.mean(axis=1, keepdims=True)
        self._squares = self._values**2
        self._labels = labels

    def agreement(self, n_case: int, n_control: int, *, n_chosen: int) -> tuple[float, float]:
        """Return the 5 % and 95 % quantile of the agreement in direction of a part with the rest.

        Parameters
        ----------
        n_case, n_control : int
            Size of the part.
        n_chosen : int
            Genes looked at: those that differ most clearly in the rest.

        Returns
        -------
        low, high : float
            NaN if no gene is looked at or too few samples are left outside.
        """
        wanted = {1.0: n_case, 0.0: n_control}
        if n_chosen == 0 or any((self._labels == g).sum() - n < FEWEST for g, n in wanted.items()):
            return float("nan"), float("nan")
        parts = self._drawn(wanted)
        rest, error = self._differences(~parts)
        inside = self._differences(parts)[0]
        chosen = np.argsort(-np.abs(rest) / error, axis=0)[:n_chosen]
        same = np.take_along_axis(rest * inside > 0, chosen, axis=0)
        low, high = np.quantile(same.mean(axis=0), [0.05, 0.95])
        return float(low), float(high)

    def _drawn(self, wanted: dict[float, int]) -> NDArray[np.bool_]:
        """Return one column per part: who is in it."""
        rng = np.random.default_rng(SEED)
        parts = np.zeros((len(self._labels), RANDOM_PARTS), dtype=bool)
        for number in range(RANDOM_PARTS):
            for group, n in wanted.items():
                parts[rng.choice(np.flatnonzero(self._labels == group), n, replace=False), number] = True
        return parts

    def _differences(self, parts: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return difference between the groups and its standard error, of each gene in each part."""
        sums = []
        for group in (1.0, 0.0):
            chosen = (parts & (self._labels == group)[:, None]).astype(float)
            n = chosen.sum(axis=0)
            mean = self._values @ chosen / n
            sums.append((mean, (self._squares @ chosen / n - mean**2) / n))
        (case, spread), (control, other) = sums
        return case - control, np.sqrt(np.maximum(spread + other, 1e-12))
