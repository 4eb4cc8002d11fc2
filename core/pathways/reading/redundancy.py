"""Sets that say the same: how much they overlap, one to stand for each group, and a map of them.

Similarity is the mean of the Jaccard and the overlap coefficient, and sets at or above
0.375 are neighbours, as in EnrichmentMap (Merico 2010, doi 10.1371/journal.pone.0013984).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]

NEIGHBOURS = 0.375
MOST_FOLDED = 3000
MOST_MAPPED = 150
_ROUNDS = 300


def similarity(membership: csr_array, *, others: csr_array | None = None) -> Floats:
    """Return the mean of Jaccard and overlap coefficient between sets.

    Parameters
    ----------
    membership : scipy.sparse.csr_array of shape (n_sets, n_genes)
        1 where a gene is in a set; no set is empty.
    others : scipy.sparse.csr_array of shape (m_sets, n_genes), optional
        Sets to compare with; the same if not given.
    """
    others = membership if others is None else others
    shared = np.asarray((membership @ others.T).todense(), dtype=np.float64)
    sizes, theirs = (np.asarray(m.sum(axis=1), dtype=np.float64) for m in (membership, others))
    either = sizes[:, None] + theirs - shared
    alike: Floats = (shared / either + shared / np.minimum(sizes[:, None], theirs)) / 2
    return alike


def fold(table: pd.DataFrame, membership: csr_array) -> NDArray[np.intp]:
    """Return for each set the row of the set that stands for it; -1 for sets that are not significant.

    From the most significant set on, a set joins the most similar representative of its
    direction if they are neighbours, or else becomes one. Ties go by name, so that the order of the
    collections changes nothing.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``set``, ``collection``, ``pvalue``, ``nes``, ``direction``, ``significant`` (bool).
    membership : scipy.sparse.csr_array
        Rows as in `table`.
    """
    stands_for = np.full(len(table), -1, dtype=np.intp)
    rows = foremost(table[table["significant"]])[:MOST_FOLDED]
    alike = similarity(membership[rows]) if len(rows) else np.empty((0, 0))
    direction = table["direction"].to_numpy()
    leaders: list[int] = []
    for number, row in enumerate(rows):
        same = [n for n in leaders if direction[rows[n]] == direction[row]]
        nearest = max(same, key=lambda n: alike[number, n], default=None)
        if nearest is not None and alike[number, nearest] >= NEIGHBOURS:
            stands_for[row] = rows[nearest]
        else:
            leaders.append(number)
            stands_for[row] = row
    return stands_for


def foremost(table: pd.DataFrame) -> NDArray[np.intp]:
    """Return the rows of `table` by p-value, then size of the normalised score, then name."""
    keyed = table.assign(strength=-table["nes"].abs())
    order = keyed.sort_values(["pvalue", "strength", "set", "collection"], kind="stable").index
    return np.asarray(order, dtype=np.intp)


def layout(alike: Floats) -> Floats:
    """Return places on a plane where similar sets are near each other (Fruchterman & Reingold 1991).

    Parameters
    ----------
    alike : numpy.ndarray of shape (n_sets, n_sets)
        Similarity between 0 and 1.

    Returns
    -------
    numpy.ndarray of shape (n_sets, 2)
        Centred, between -1 and 1; the same input gives the same places.
    """
    n_sets = len(alike)
    if n_sets < 2:
        return np.zeros((n_sets, 2))
    # A spiral is a fixed start that has no two sets in one place.
    turn = np.arange(n_sets) * np.pi * (3 - np.sqrt(5))
    places = np.sqrt((np.arange(n_sets) + 0.5) / n_sets)[:, None] * np.column_stack(
        [np.cos(turn), np.sin(turn)]
    )
    pull = np.where(alike >= NEIGHBOURS / 2, alike, 0.0)
    np.fill_diagonal(pull, 0.0)
    ideal = 1 / np.sqrt(n_sets)
    for step in np.linspace(0.1, 0.001, _ROUNDS):
        apart = places[:, None] - places[None]
        distance = np.maximum(np.sqrt((apart**2).sum(axis=2)), 1e-6)
        force = ideal**2 / distance**2 - pull * distance / ideal
        move = (apart * force[:, :, None]).sum(axis=1) - places * 0.3
        length = np.maximum(np.sqrt((move**2).sum(axis=1, keepdims=True)), 1e-9)
        places = places + move / length * np.minimum(length, step)
    places = places - places.mean(axis=0)
    centred: Floats = places / np.abs(places).max()
    return centred
