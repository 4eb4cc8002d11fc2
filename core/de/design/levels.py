"""One fit of all levels of a factor, be they two or more, seen as the comparison of any two of them.

A model that has one coefficient per level is the same model whichever level the others are
compared with: dispersions, fitted counts and outliers stay, and the coefficients of one
coding are sums and differences of those of another.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.de.deseq2.fit import Fit
from core.de.design.build import Design, level_columns
from core.de.design.recoding import recoding


def coded(design: Design, *, factor: str, case: str, control: str) -> Design:
    """Return the design of all levels with `control` as what the others are compared with, `case` last.

    Parameters
    ----------
    design : Design
        From `core.de.design.build.build_designs`.
    factor, case, control : str
        Its factor and two of the levels.
    """
    levels = level_columns(design.groups, factor=factor, case=case, control=control)
    kept = design.matrix.iloc[:, : -levels.shape[1]]
    return replace(design, matrix=pd.concat([kept, levels], axis=1))


def recoded(fit: Fit, before: Design, after: Design) -> Fit:
    """Return the fit of one coding of the levels as that of another.

    Parameters
    ----------
    fit : Fit
        Made with `before`.
    before, after : Design
        From `coded`, of the same samples.
    """
    change = recoding(before.matrix, after.matrix, before.groups)
    coefficients: NDArray[np.float64] = np.asarray(fit.log_fold_changes) @ change.T
    return replace(fit, log_fold_changes=coefficients)
