"""From one coding of a factor's levels to another: the same model with other coefficients."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def recoding(before: pd.DataFrame, after: pd.DataFrame, groups: pd.Series) -> NDArray[np.float64]:
    """Return what turns coefficients of one coding of the levels into those of another.

    Parameters
    ----------
    before, after : pandas.DataFrame of shape (n_used, n_coefficients)
        Designs of the same samples: intercept first, covariates, the levels' columns last.
    groups : pandas.Series of length n_used
        Level of each sample.

    Returns
    -------
    numpy.ndarray of shape (n_coefficients, n_coefficients)
        Times a gene's coefficients in `before`, its coefficients in `after`: sums and differences.
    """
    one_of_each = ~groups.duplicated().to_numpy()
    n_coefficients = before.shape[1]
    own = np.r_[0, n_coefficients - groups.nunique() + 1 : n_coefficients]  # intercept and levels
    old, new = (design.to_numpy(float)[np.ix_(one_of_each, own)] for design in (before, after))
    change = np.eye(n_coefficients)
    change[np.ix_(own, own)] = np.rint(np.linalg.solve(new, old))
    return change
