"""Preranked gene set enrichment analysis (GSEA).

P-values are gseapy's multilevel ones (a port of fgsea; Korotkevich et al. 2021,
doi 10.1101/060012). gseapy draws random sets as long as the longest set of a call and uses their
beginnings for the shorter ones, so a set's p-value depends on the longest set it is called with. Every
call here holds sets of one *band* of sizes (up to 32, 64, 128, ... genes) and the band's *anchor*, a set of
the largest size of the band, spread evenly over the ranking: a set's result then depends only on the
ranking, the set, the seed and the options, never on which other sets were asked for. So sets can be tested
a few hundred at a time, which gives progress, bounds memory and makes threads harmless (gseapy
releases Python's lock, and each call is single-threaded).

The time goes into the small p-values: gseapy climbs to each set's score by halving the chance at each
level, anew for every set, and a level costs as much as the set has genes. The calls are therefore divided by
what they are expected to cost, which also tells how long is left.

The normalised score is the score over the mean of random scores of the same sign. The
p-value is the chance of a random score as extreme, among random scores of that sign. It
takes genes to be independent of each other, which those of a set never are: see `camera`.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

import numpy as np
import pandas as pd
from gseapy.gse import fgsea_rs
from numpy.typing import NDArray

from core.pathways.enrichment.adjust import adjust_by_collection
from core.pathways.enrichment.ranking import Ranking
from core.pathways.enrichment.running import WEIGHT, running_score
from core.pathways.sets.match import TestedSets
from core.progress import Reporter, silent

SAMPLE_SIZE = 101
# Smaller ones are reported as this, as clusterProfiler does: each further level costs as much again and
# changes no conclusion.
SMALLEST_P = 1e-10
SMALLEST_BAND = 32
SETS_AT_A_TIME = 300  # gseapy keeps every set's curve
SECONDS_AT_A_TIME = 3.0

# What gseapy takes on one core of the machine it was measured on; only their proportions matter.
_PER_SET, _PER_LEVEL_AND_GENE, _PER_RANDOM_SET = 5e-4, 2.2e-5, 3.3e-4
_FIRST_LEVEL = 6.0  # higher chances are counted among the random sets drawn first

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]


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
    scores, edges = _walk(ranking, sets)
    # What gseapy gives depends on size and score alone: sets of the same genes need it once.
    _, single, like = np.unique(
        np.column_stack([sets.sizes, scores]), axis=0, return_index=True, return_inverse=True
    )
    cost = _cost(sets.sizes, scores, permutations)
    parts = _parts(single, bands(sets.sizes, sets.max_size), cost)
    pace = _Pace(report, float(cost[single].sum()), n_threads)
    found = np.full((len(sets.table), 3), np.nan)
    pool = ThreadPoolExecutor(max_workers=n_threads)
    try:
        waiting: dict[Future[Floats], Integers] = {
            pool.submit(_test, ranking, sets, rows, seed=seed, permutations=permutations): rows
            for rows in sorted(parts, key=lambda rows: -cost[rows].sum())
        }
        for future in as_completed(waiting):
            rows = waiting[future]
            found[rows] = future.result()
            pace.passed(float(cost[rows].sum()))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    found = found[single][like]
    table = pd.DataFrame({"es": scores, "nes": found[:, 0], "pvalue": found[:, 1]})
    table["padj"] = adjust_by_collection(table["pvalue"].to_numpy(), sets.table["collection"])
    return table.assign(log2err=found[:, 2], leading_edge=edges)


class _Pace:
    """Tells how much of the expected work is done, and how long the rest takes at the pace so far."""

    def __init__(self, report: Reporter, expected: float, n_threads: int):
        self._report, self._expected, self._done = report, expected, 0.0
        self._started = time.monotonic()
        report("Testing gene sets", 0.0, seconds_left=expected / n_threads)

    def passed(self, work: float) -> None:
        self._done += work
        left = (time.monotonic() - self._started) * (self._expected / self._done - 1)
        self._report("Testing gene sets", min(1.0, self._done / self._expected), seconds_left=max(0.0, left))


def bands(sizes: Integers, max_size: int) -> Integers:
    """Return for each set the number of genes of its band's anchor."""
    doubled = 2 ** np.ceil(np.log2(np.maximum(sizes, 1))).astype(np.intp)
    return np.minimum(np.maximum(doubled, SMALLEST_BAND), max_size)


def _walk(ranking: Ranking, sets: TestedSets) -> tuple[Floats, list[str]]:
    """Return score and leading edge of every set."""
    statistics, symbols = ranking.statistics, ranking.symbols
    scores = np.empty(len(sets.table))
    edges: list[str] = []
    for row in range(len(scores)):
        score = running_score(statistics, sets.positions(row))
        scores[row] = score.es
        edges.append(";".join(symbols[score.leading_edge]))
    return scores, edges


def _cost(sizes: Integers, scores: Floats, permutations: int) -> Floats:
    """Return the seconds that each set is expected to take, from a rough guess of its p-value."""
    levels = 2.8 * sizes**0.74 * scores**2
    climbed = np.where(levels > _FIRST_LEVEL, np.minimum(levels, -np.log2(SMALLEST_P)), 0.0)
    drawn = _PER_RANDOM_SET * permutations * (sizes / 500) ** 1.25 / SETS_AT_A_TIME
    cost: Floats = _PER_SET + drawn + _PER_LEVEL_AND_GENE * sizes * climbed
    return cost


def _parts(rows: Integers, band: Integers, cost: Floats) -> list[Integers]:
    """Divide sets into calls: each of one band, limited in sets and in expected work.

    Sets that cost nothing beyond their random sets go together, so that few calls draw these.
    """
    order = rows[np.lexsort((cost[rows], band[rows]))]
    parts: list[Integers] = []
    start, spent = 0, 0.0
    for place, row in enumerate(order):
        full = place - start >= SETS_AT_A_TIME or spent >= SECONDS_AT_A_TIME
        if place > start and (full or band[row] != band[order[start]]):
            parts.append(order[start:place])
            start, spent = place, 0.0
        spent += cost[row]
    return [*parts, order[start:]]


def _test(ranking: Ranking, sets: TestedSets, rows: Integers, *, seed: int, permutations: int) -> Floats:
    """Return normalised score, p-value and log2 error of some sets of one band."""
    symbols = ranking.symbols
    largest = int(bands(sets.sizes[rows[:1]], sets.max_size)[0])
    anchor = np.linspace(0, len(symbols) - 1, largest).round().astype(int)
    members = {str(row): symbols[sets.positions(row)].tolist() for row in rows}
    answer = fgsea_rs(
        symbols.tolist(),
        ranking.statistics.tolist(),
        members | {"anchor": symbols[anchor].tolist()},
        WEIGHT,
        1,
        largest,
        SAMPLE_SIZE,
        permutations,
        SMALLEST_P,
        1,
        seed,
    )
    by_name = {one.term: (one.nes, one.pval, one.log2err) for one in answer.summaries}
    return np.array([by_name[str(row)] for row in rows], dtype=np.float64)
