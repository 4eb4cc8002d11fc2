"""Discrimination inside strata, put together: differences between strata count neither for nor against."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from core.models.metrics.base import MISSING, Interval, check_predictions, normal_interval
from core.models.metrics.roc import auc_delong


def stratified_auc(y: ArrayLike, p: ArrayLike, strata: ArrayLike) -> Interval:
    """Return the area under the curve within strata, each weighted by its pairs of case and control.

    That is the chance that a case has a higher risk than a control of the same stratum. Strata with
    fewer than two cases or controls count for nothing; missing if there is no other.
    """
    outcome, risk = check_predictions(y, p)
    names, total, value, variance = np.asarray(strata, dtype=object), 0, 0.0, 0.0
    for name in dict.fromkeys(names.tolist()):
        inside = names == name
        n_case, n_control = int(outcome[inside].sum()), int((~outcome[inside]).sum())
        if min(n_case, n_control) < 2:
            continue
        found, pairs = auc_delong(outcome[inside], risk[inside]), n_case * n_control
        total, value = total + pairs, value + pairs * found.value
        variance += (pairs * found.se) ** 2
    if not total:
        return MISSING
    return normal_interval(value / total, float(np.sqrt(variance)) / total, lowest=0.0, highest=1.0)
