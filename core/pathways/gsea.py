"""Preranked gene set enrichment analysis (GSEA).

P-values are gseapy's multilevel ones (a port of fgsea; Korotkevich et al. 2021,
doi 10.1101/060012). Sets of one size are tested in one call, each call with the same seed.
Random sets are drawn per call, so that *within a mixed call a set's p-value depends on
which other sets were asked for*; with sets of one size it depends only on the ranking, the
set and the seed (`tests/pathways/test_gsea.py`). This also bounds memory, gives progress and makes
threads harmless: gseapy releases Python's lock, and each call is single-threaded.

The normalised score is the score over the mean of random scores of the same sign. The
p-value is the chance of a random score as extreme, among random scores of that sign. It
takes genes to be independent of each other, which those of a set never are: see `camera`.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, as_completed

import numpy as np
import pandas as pd
from gseapy.gse import fgsea_rs
from numpy.typing import NDArray

from core.pathways.adjust import adjust_within
from core.pathways.ranking import Ranking
from core.pathways.running import WEIGHT, running_score
from core.pathways.sets import TestedSets
from core.progress import Reporter, silent

SAMPLE_SIZE = 101
# Smaller ones are reported as this: each further level costs as much again and changes no conclusion.
SMALLEST_P = 1e-20

Floats = NDArray[np.float64]


def run_gsea(
    ranking: Ranking,
    sets: TestedSets,
    *,
    seed: int,
    permutations: int = 1000,
    n_threads: int = 2,
    report: Reporter = silent,
) -> pd.DataFrame:
    """Test every set for a shift towards either end of the ranking.

    Parameters
    ----------
    ranking, sets
        The tested genes and the sets among them.
    seed : int
        Of the random sets; the same seed gives the same bytes, whatever the threads.
    permutations : int
        Random sets of each size drawn first; rarer scores are reached by multilevel splitting.
    n_threads : int
        Sizes tested at a time.
    report : Reporter
        May raise CancelledError.

    Returns
    -------
    pandas.DataFrame
        Rows as in `sets`: ``es``, ``nes``, ``pvalue``, ``padj`` (Benjamini-Hochberg within the
        collection), ``log2err`` (expected error of log2 p), ``leading_edge`` (symbols joined by ";").
    """
    found = np.full((len(sets.table), 3), np.nan)
    groups = [np.flatnonzero(sets.sizes == size) for size in np.unique(sets.sizes)[::-1]]
    work = np.array([sets.sizes[rows[0]] + 20.0 for rows in groups])
    done = 0.0
    pool = ThreadPoolExecutor(max_workers=n_threads)
    try:
        waiting: dict[Future[Floats], int] = {
            pool.submit(_test_size, ranking, sets, rows, seed=seed, permutations=permutations): number
            for number, rows in enumerate(groups)
        }
        for future in as_completed(waiting):
            number = waiting[future]
            found[groups[number]] = future.result()
            done += work[number]
            report("Testing gene sets", min(done / work.sum(), 1.0))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return _assemble(found, ranking, sets)


def _test_size(
    ranking: Ranking, sets: TestedSets, rows: NDArray[np.intp], *, seed: int, permutations: int
) -> Floats:
    """Return normalised score, p-value and log2 error of sets of one size."""
    symbols = ranking.symbols
    size = int(sets.sizes[rows[0]])
    answer = fgsea_rs(
        symbols.tolist(),
        ranking.statistics.tolist(),
        {str(row): symbols[sets.positions(row)].tolist() for row in rows},
        WEIGHT,
        size,
        size,
        SAMPLE_SIZE,
        permutations,
        SMALLEST_P,
        1,
        seed,
    )
    by_row = {int(one.term): (one.nes, one.pval, one.log2err) for one in answer.summaries}
    return np.array([by_row[int(row)] for row in rows], dtype=np.float64)


def _assemble(found: Floats, ranking: Ranking, sets: TestedSets) -> pd.DataFrame:
    statistics, symbols = ranking.statistics, ranking.symbols
    scores: list[float] = []
    edges: list[str] = []
    for row in range(len(sets.table)):
        score = running_score(statistics, sets.positions(row))
        scores.append(score.es)
        edges.append(";".join(symbols[score.leading_edge]))
    table = pd.DataFrame({"es": scores, "nes": found[:, 0], "pvalue": found[:, 1]})
    table["padj"] = adjust_within(table["pvalue"].to_numpy(), sets.table["collection"])
    return table.assign(log2err=found[:, 2], leading_edge=edges)
