"""What a reader must know of one gene: why its adjusted p-value is missing, or not to be relied on."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

NO_COUNTS = "no counts in the samples compared"
BELOW_FILTER = "not tested: below the expression filter"
OUTLIER = "p-value withheld: an outlier count in one sample (Cook's distance)"
LOW_MEAN = "not adjusted: mean count below the cut-off that finds the most genes (independent filtering)"
NOT_FITTED = "not tested: the model could not be fitted to this gene"
STOPPED_SHORT = "not to be relied on: the search for the best values stopped short"

MEANINGS = {
    NO_COUNTS: "No read of this gene was counted in any sample of either group.",
    BELOW_FILTER: "Too few samples reach the minimum count, so the gene does not count as active.",
    OUTLIER: "One sample's count lies so far from those alike that it would decide the result alone.",
    LOW_MEAN: "Hardly any gene this weakly expressed can become significant; leaving them all out of the "
    "adjustment lets more of the others be found.",
    NOT_FITTED: "The estimation found no stable solution for this gene.",
    STOPPED_SHORT: "Other values would describe these counts better, but the search did not reach them; "
    "centring and scaling the numbers among the covariates usually helps.",
}


def explain(
    *,
    no_counts: NDArray[np.bool_],
    active: NDArray[np.bool_],
    outlier: NDArray[np.bool_],
    unconverged: NDArray[np.bool_],
    pvalue: pd.Series,
    padj: pd.Series,
) -> NDArray[np.object_]:
    """Return a note per gene, "" where there is nothing to say; the first that holds is given.

    Parameters
    ----------
    no_counts, active, outlier, unconverged : numpy.ndarray of bool, length n_genes
        All counts zero; passed the expression filter; p-value withheld by Cook's distance;
        the search for the estimates did not converge.
    pvalue, padj : pandas.Series of length n_genes
        As tested.
    """
    has_p, has_padj = pvalue.notna().to_numpy(), padj.notna().to_numpy()
    conditions = [has_padj & unconverged, has_padj, no_counts, ~active, outlier, has_p]
    notes: NDArray[np.object_] = np.select(
        conditions, [STOPPED_SHORT, "", NO_COUNTS, BELOW_FILTER, OUTLIER, LOW_MEAN], default=NOT_FITTED
    ).astype(object)
    return notes
