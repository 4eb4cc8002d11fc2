"""What the map of overlapping sets shows, and which sets are like a given one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.pathways.reading.redundancy import NEIGHBOURS, similarity
from core.pathways.reading.select_sets import Rows, fold_sets, set_keys
from core.pathways.result import PathwayResult

JOINED = NEIGHBOURS / 2
"""From this similarity on the layout pulls two sets together."""


def map_sets(result: PathwayResult, *, among: Rows | None = None) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Return the sets on the map, and which of them share genes.

    Parameters
    ----------
    result : PathwayResult
        The result.
    among : numpy.ndarray, optional
        Rows of its table to which the map is confined.

    Returns
    -------
    sets : pandas.DataFrame, RangeIndex
        Rows of the result's table that have a place, most significant first, with ``key`` and
        ``others`` (sets that each stands for besides itself).
    edges : numpy.ndarray of shape (n_edges, 2)
        Pairs of rows of `sets`.
    """
    table = result.table
    counts = fold_sets(table, np.flatnonzero(table["significant"].to_numpy(dtype=bool)))
    known = table if among is None else table.loc[np.sort(among)]
    placed = known[known["x"].notna()].sort_values(["pvalue", "set", "collection"], kind="stable")
    rows = placed.index.to_numpy()
    alike = np.triu(similarity(result.membership[rows]), 1) if len(rows) else np.zeros((0, 0))
    sets = placed.assign(key=set_keys(placed), others=counts.reindex(rows).fillna(0).astype(int))
    return sets.reset_index(drop=True), np.argwhere(alike >= JOINED)


def similar_sets(result: PathwayResult, row: int, *, most: int = 8) -> pd.DataFrame:
    """Return rows of the table whose sets share most with one, with ``similarity``, most alike first."""
    alike = similarity(result.membership[[row]], others=result.membership).ravel()
    alike[row] = 0.0
    order = np.argsort(-alike, kind="stable")[:most]
    chosen = order[alike[order] >= JOINED]
    return result.table.iloc[chosen].assign(similarity=alike[chosen])
