"""Folds that keep a patient's samples together and the groups in proportion."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.intp]


def stratified_folds(
    y: NDArray[np.float64], patients: NDArray[np.intp], *, n_folds: int, seed: tuple[int, ...]
) -> Integers:
    """Assign every sample to a fold.

    Patients are taken in random order, those with most samples first, and each goes to the
    fold that has fewest of its outcome so far; so folds differ by one sample per outcome, and
    by more only where patients have several.

    Parameters
    ----------
    y : numpy.ndarray of length n
        Outcome, 0 or 1.
    patients : numpy.ndarray of int, length n
        Samples with the same number stay together.
    n_folds : int
        How many.
    seed : tuple of int
        The same seed gives the same folds.

    Returns
    -------
    numpy.ndarray of int, length n
        Number of the fold, from 0.
    """
    order = np.random.default_rng(seed).permutation(int(patients.max()) + 1)
    members = [np.flatnonzero(patients == patient) for patient in order]
    members.sort(key=len, reverse=True)  # stable: equal sizes stay in random order
    fold = np.empty(len(y), dtype=np.intp)
    filled = np.zeros((n_folds, 2))
    for samples in members:
        cases = float(y[samples].sum())
        own = np.array([len(samples) - cases, cases])
        burden = filled @ own * n_folds + filled.sum(axis=1)
        chosen = int(np.argmin(burden))
        fold[samples] = chosen
        filled[chosen] += own
    return fold
