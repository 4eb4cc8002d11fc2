"""Preranked gene set enrichment analysis (GSEA).

P-values are gseapy's multilevel ones (a port of fgsea; Korotkevich et al. 2021,
doi 10.1101/060012). gseapy draws random sets as long as the longest set of a call and uses their
beginnings for the shorter ones, so a set's p-value depends on the longest set it is called with. Every
call here holds the same *anchor*, a set of the largest size allowed, spread evenly over the ranking: a
set's result then depends only on the ranking, the set, the seed and the options, never on which other
sets were asked for. So sets can be tested a few hundred at a time, which gives progress, bounds memory and
makes threads harmless (gseapy releases Python's lock, and each call is single-threaded).

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
SETS_AT_A_TIME = 300
WORK_AT_A_TIME = 4000  # sum of the different sizes

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
        Calls of gseapy at a time.
    report : Reporter
        May raise CancelledError.

    Returns
    -------
    pandas.DataFrame
        Rows as in `sets`: ``es``, ``nes``, ``pvalue``, ``padj`` (Benjamini-Hochberg within the
        collection), ``log2err`` (expected error of log2 p), ``leading_edge`` (symbols joined by ";").
    """
    found = np.full((len(sets.table), 3), np.nan)
    parts = _parts(sets.sizes)
    done = 0
    pool = ThreadPoolExecutor(max_workers=n_threads)
    try:
        waiting: dict[Future[Floats], NDArray[np.intp]] = {
            pool.submit(_test, ranking, sets, rows, seed=seed, permutations=permutations): rows
            for rows in reversed(parts)
        }
        for future in as_completed(waiting):
            rows = waiting[future]
            found[rows] = future.result()
            done += len(rows)
            report("Testing gene sets", done / len(found))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return _assemble(found, ranking, sets)


def _parts(sizes: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Divide sets into calls, by size: sets of one size share their random sets and cost as much as one.

    A call is limited in sets, since gseapy keeps every set's curve, and in work, so that cancelling
    is quick and progress steady.
    """
    by_size = np.argsort(sizes, kind="stable")
    new = np.diff(sizes[by_size], prepend=-1) > 0
    work = np.cumsum(sizes[by_size] * new) // WORK_AT_A_TIME
    call = work * len(sizes) + np.arange(len(sizes)) // SETS_AT_A_TIME
    return np.split(by_size, np.flatnonzero(np.diff(call)) + 1)


def _test(
    ranking: Ranking, sets: TestedSets, rows: NDArray[np.intp], *, seed: int, permutations: int
) -> Floats:
    """Return normalised score, p-value and log2 error of some sets."""
    symbols = ranking.symbols
    anchor = np.linspace(0, len(symbols) - 1, sets.max_size).round().astype(int)
    members = {str(row): symbols[sets.positions(row)].tolist() for row in rows}
    answer = fgsea_rs(
        symbols.tolist(),
        ranking.statistics.tolist(),
        members | {"anchor": symbols[anchor].tolist()},
        WEIGHT,
        1,
        sets.max_size,
        SAMPLE_SIZE,
        permutations,
        SMALLEST_P,
        1,
        seed,
    )
    by_name = {one.term: (one.nes, one.pval, one.log2err) for one in answer.summaries}
    return np.array([by_name[str(row)] for row in rows], dtype=np.float64)


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
