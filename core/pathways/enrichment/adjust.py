"""False discovery rates, within each collection.

A set's adjusted p-value thus does not depend on which other collections were asked for.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

Floats = NDArray[np.float64]


def adjust(pvalues: Floats) -> Floats:
    """Return Benjamini-Hochberg adjusted p-values; missing ones stay missing and do not count."""
    adjusted = np.full(len(pvalues), np.nan)
    present = np.isfinite(pvalues)
    if present.any():
        adjusted[present] = false_discovery_control(pvalues[present], method="bh")
    return adjusted


def adjust_by_collection(pvalues: Floats, groups: pd.Series) -> Floats:
    """Return p-values adjusted within each group (collection) on its own."""
    adjusted = np.full(len(pvalues), np.nan)
    for rows in groups.groupby(groups.to_numpy(), sort=True).indices.values():
        adjusted[rows] = adjust(pvalues[rows])
    return adjusted
