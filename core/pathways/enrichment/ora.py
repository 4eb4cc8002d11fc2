"""Over-representation of significant genes in a set, against the genes that could have been significant.

One-sided hypergeometric test. What could have been significant, the background, decides the
answer: by default the tested genes. A larger background makes nearly every set of blood
genes significant in blood, because unexpressed genes had no chance (Timmons 2015,
doi 10.1186/s13059-015-0761-7); it is offered because papers use it, and said in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import hypergeom

from core.errors import Notice
from core.pathways.enrichment.adjust import adjust_by_collection
from core.pathways.enrichment.ranking import Ranking
from core.pathways.sets.match import TestedSets
from core.pathways.sets.model import Collection
from core.pathways.spec import PathwaySpec

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class BackgroundGenes:
    """The genes that could have been significant.

    Parameters
    ----------
    total : numpy.ndarray of length n_sets
        Their number, for each set (it may differ between collections).
    in_set : numpy.ndarray of length n_sets
        How many of them are in the set.
    significant : numpy.ndarray of length n_sets
        How many of them are significant.
    words : str
        What they are, as a sentence.
    overridden : bool
        Whether they are others than the tested genes.
    """

    total: Counts
    in_set: Counts
    significant: Counts
    words: str
    overridden: bool

    @property
    def notices(self) -> tuple[Notice, ...]:
        """A warning if the background is not that of the tested genes."""
        return (Notice("background-overridden", self.words),) if self.overridden else ()


def significant_positions(ranking: Ranking, spec: PathwaySpec) -> NDArray[np.intp]:
    """Return the places in the ranking of the genes that count as significant."""
    genes = ranking.genes
    change = genes["log2FoldChange"].to_numpy(np.float64)
    met = (genes["padj"].to_numpy(np.float64) < spec.gene_alpha) & (np.abs(change) >= spec.gene_lfc)
    if spec.direction != "both":
        met &= change > 0 if spec.direction == "up" else change < 0
    return np.flatnonzero(met)


def choose_background(
    spec: PathwaySpec,
    ranking: Ranking,
    sets: TestedSets,
    *,
    significant: NDArray[np.intp],
    collections: Sequence[Collection],
    all_symbols: frozenset[str],
) -> BackgroundGenes:
    """Return the background that a specification asks for.

    Parameters
    ----------
    spec : PathwaySpec
        Its field ``background``.
    ranking, sets
        The tested genes and the sets among them.
    significant : numpy.ndarray
        Places in the ranking of the significant genes.
    collections : sequence of Collection
        Those the sets are from.
    all_symbols : frozenset of str
        Symbols of all genes of the data set, tested or not.
    """
    n_ranked = len(ranking.genes)
    if spec.background == "tested":
        words = f"The background is the {n_ranked:,} tested genes."
        sizes = sets.sizes.astype(np.int64)
        drawn = _repeat(len(significant), sets)
        return BackgroundGenes(_repeat(n_ranked, sets), sizes, drawn, words, overridden=False)
    if spec.background == "annotated":
        return _annotated(ranking, sets, significant, collections)
    words = (
        f"The background was changed from the {n_ranked:,} tested genes to all {len(all_symbols):,} genes of "
        "the data set. Genes that blood does not express could not have been significant, so sets of blood "
        "genes look enriched whatever the comparison."
    )
    return BackgroundGenes(
        _repeat(len(all_symbols), sets),
        _in_set(sets, collections, all_symbols),
        _repeat(len(significant), sets),
        words,
        overridden=True,
    )


def run_ora(
    ranking: Ranking, sets: TestedSets, *, significant: NDArray[np.intp], background: BackgroundGenes
) -> pd.DataFrame:
    """Test every set for holding more significant genes than expected.

    Parameters
    ----------
    ranking, sets
        The tested genes and the sets among them.
    significant : numpy.ndarray
        Places in the ranking of the significant genes.
    background : BackgroundGenes
        The genes that could have been.

    Returns
    -------
    pandas.DataFrame
        Rows as in `sets`: ``overlap`` (significant genes in the set), ``expected``,
        ``enrichment`` (their ratio), ``background`` and ``in_background`` (genes), ``pvalue``,
        ``padj`` (Benjamini-Hochberg within the collection), ``leading_edge`` (the overlapping
        symbols, largest statistic first, joined by ";").
    """
    chosen = np.zeros(len(ranking.genes))
    chosen[significant] = 1.0
    drawn = background.significant
    overlap = np.rint(sets.membership @ chosen).astype(np.int64)
    expected = drawn * background.in_set / background.total
    pvalue = hypergeom.sf(overlap - 1, background.total, background.in_set, drawn)
    ratio = np.divide(overlap, expected, out=np.full(len(overlap), np.nan), where=expected > 0)
    return pd.DataFrame(
        {
            "overlap": overlap,
            "expected": expected,
            "enrichment": ratio,
            "background": background.total,
            "in_background": background.in_set,
            "pvalue": pvalue,
            "padj": adjust_by_collection(pvalue, sets.table["collection"]),
            "leading_edge": _overlapping(ranking, sets, chosen > 0),
        }
    )


def _annotated(
    ranking: Ranking, sets: TestedSets, significant: NDArray[np.intp], collections: Sequence[Collection]
) -> BackgroundGenes:
    tested, chosen = frozenset(ranking.symbols), frozenset(ranking.symbols[significant])
    totals = {c.name: len(c.genes & tested) for c in collections}
    drawn = {c.name: len(c.genes & chosen) for c in collections}
    listed = ", ".join(f"{name} {total:,}" for name, total in totals.items())
    words = (
        f"The background was changed from the {len(tested):,} tested genes to those of them that are in "
        f"at least one set of the collection ({listed}); genes that no one has annotated do not count."
    )
    collection = sets.table["collection"]
    return BackgroundGenes(
        np.array([totals[name] for name in collection], dtype=np.int64),
        sets.sizes.astype(np.int64),
        np.array([drawn[name] for name in collection], dtype=np.int64),
        words,
        overridden=True,
    )


def _overlapping(ranking: Ranking, sets: TestedSets, chosen: NDArray[np.bool_]) -> list[str]:
    strength = np.abs(ranking.statistics)
    joined = []
    for row in range(len(sets.table)):
        places = sets.positions(row)
        places = places[chosen[places]]
        joined.append(";".join(ranking.symbols[places[np.argsort(-strength[places], kind="stable")]]))
    return joined


def _repeat(number: int, sets: TestedSets) -> Counts:
    return np.full(len(sets.table), number, dtype=np.int64)


def _in_set(sets: TestedSets, collections: Sequence[Collection], symbols: frozenset[str]) -> Counts:
    members = {c.name: c.sets for c in collections}
    named = zip(sets.table["collection"], sets.table["set"], strict=True)
    return np.array(
        [sum(g in symbols for g in members[collection][name]) for collection, name in named], dtype=np.int64
    )
