"""Gene sets as the tests see them: which tested genes each holds, and which are large enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from core.cohort.reading.findings import count_of
from core.errors import InputError, Notice
from core.pathways.enrichment.ranking import Ranking
from core.pathways.sets.model import Collection
from core.pathways.sets.themes import Theme


@dataclass(frozen=True)
class TestedSets:
    """The sets that are tested.

    Parameters
    ----------
    table : pandas.DataFrame, RangeIndex
        Columns ``set``, ``collection``, ``theme``, ``sub_theme`` ("" where none), ``published``
        (genes in the collection) and ``size`` (those that are ranked).
    membership : scipy.sparse.csr_array of shape (n_sets, n_ranked), float64
        1 where a ranked gene is in a set; rows as in `table`, columns as in the ranking.
    max_size : int
        Most genes that a tested set may hold.
    notices : tuple of Notice
        Sets left out for their size.
    """

    __test__ = False  # not a test class, whatever pytest thinks of its name

    table: pd.DataFrame
    membership: csr_array
    max_size: int
    notices: tuple[Notice, ...]

    def positions(self, row: int) -> NDArray[np.intp]:
        """Return the places in the ranking of the genes of a set, ascending."""
        start, stop = self.membership.indptr[row : row + 2]
        return np.asarray(self.membership.indices[start:stop], dtype=np.intp)

    @property
    def sizes(self) -> NDArray[np.intp]:
        """Number of ranked genes in each set."""
        return self.table["size"].to_numpy(np.intp)


def match_sets(
    collections: Iterable[Collection],
    ranking: Ranking,
    *,
    min_size: int,
    max_size: int,
    themes: Iterable[Theme] = (),
) -> TestedSets:
    """Match the sets of collections with the ranked genes.

    Raises
    ------
    InputError
        If no set has between `min_size` and `max_size` ranked genes.
    """
    place = {symbol: position for position, symbol in enumerate(ranking.symbols)}
    themed = {member.key: member for theme in themes for member in theme.sets}
    # A set of all genes has nothing to be compared with.
    max_size = min(max_size, len(place) - 1)
    rows: list[dict[str, object]] = []
    held: list[NDArray[np.intp]] = []
    n_small = n_large = 0
    for collection in collections:
        for name, genes in collection.sets.items():
            found = np.array(sorted(place[gene] for gene in genes if gene in place), dtype=np.intp)
            n_small += len(found) < min_size
            n_large += len(found) > max_size
            if min_size <= len(found) <= max_size:
                member = themed.get((collection.name, name))
                rows.append(
                    {
                        "set": name,
                        "collection": collection.name,
                        "theme": member.theme if member else "",
                        "sub_theme": member.sub_theme if member else "",
                        "published": len(genes),
                        "size": len(found),
                    }
                )
                held.append(found)
    if not rows:
        raise InputError.of(
            code="no-set-to-test",
            where="collections",
            what=f"no set has between {min_size} and {max_size} genes among those that were tested",
            mend="Choose other collections, or allow smaller or larger sets",
        )
    return TestedSets(
        table=pd.DataFrame(rows),
        membership=membership_matrix(held, len(place)),
        max_size=max_size,
        notices=tuple(_left_out(n_small, n_large, min_size=min_size, max_size=max_size)),
    )


def membership_matrix(held: list[NDArray[np.intp]], n_genes: int) -> csr_array:
    """Return a sparse matrix with a row per set and 1 at the places of its genes."""
    starts = np.concatenate([[0], np.cumsum([len(places) for places in held])])
    places = np.concatenate(held)
    return csr_array((np.ones(len(places)), places, starts), shape=(len(held), n_genes))


def _left_out(n_small: int, n_large: int, *, min_size: int, max_size: int) -> Iterable[Notice]:
    if n_small or n_large:
        yield Notice(
            "set-sizes",
            f"{count_of(n_small, 'set has', 'sets have')} fewer than {min_size} ranked genes and "
            f"{n_large:,} more than {max_size}; they are not tested.",
        )
