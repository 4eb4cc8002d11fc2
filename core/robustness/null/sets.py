"""Themes against random sets of genes with the same expression."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import InputError
from core.pathways.enrichment.ranking import rank_genes
from core.pathways.sets.themes import Theme, load_themes

DRAWS, BINS = 1000, 20


def theme_against_random(table: pd.DataFrame, *, draws: int = DRAWS, seed: int = 1) -> pd.DataFrame:
    """Compare the mean statistic of each theme's genes with that of random genes of like expression.

    Random genes are drawn from the same twentieth of mean expression, gene by gene. They do not move
    together as a theme's genes do, so the comparison is lenient; it answers whether any genes as well
    expressed would look the same.

    Parameters
    ----------
    table : pandas.DataFrame
        Of a comparison.
    draws, seed : int
        Random sets for each theme; of the random numbers.

    Returns
    -------
    pandas.DataFrame
        ``theme``, ``n_genes``, ``mean`` (of the statistic), ``low`` and ``high`` (95 % of the random sets),
        ``pvalue`` (two-sided, at least 1 / (draws + 1)). No rows if too few genes have symbols.
    """
    columns = ["theme", "n_genes", "mean", "low", "high", "pvalue"]
    try:
        genes = rank_genes(table).genes
    except InputError:
        return pd.DataFrame(columns=columns)
    mean = np.log(table["baseMean"].to_numpy(float)[genes["row"].to_numpy()] + 1)
    bins = np.minimum((pd.Series(mean).rank(pct=True).to_numpy() * BINS).astype(int), BINS - 1)
    statistic = genes["stat"].to_numpy(float)
    held = {theme.name: _held(genes["symbol"], theme) for theme in load_themes()}
    held = {name: rows for name, rows in held.items() if rows.any()}
    random = _random_means(statistic, bins, list(held.values()), draws=draws, seed=seed)
    compared = [
        {"theme": name, **_compared(statistic[rows], means)}
        for (name, rows), means in zip(held.items(), random, strict=True)
    ]
    return pd.DataFrame(compared, columns=columns)


def _held(symbols: pd.Series, theme: Theme) -> NDArray[np.bool_]:
    return symbols.isin({gene for member in theme.sets for gene in member.genes}).to_numpy(bool)


def _random_means(
    statistic: NDArray[np.float64],
    bins: NDArray[np.int_],
    sets: list[NDArray[np.bool_]],
    *,
    draws: int,
    seed: int,
) -> list[NDArray[np.float64]]:
    """Return for each set the mean statistic of `draws` random sets with as many genes in every bin."""
    rng, totals = np.random.default_rng(seed), [np.zeros(draws) for _ in sets]
    for one in np.unique(bins):
        pool = statistic[bins == one]
        # A random order of the bin's genes, of which each set takes as many as it needs: one shuffling
        # serves all sets, and no gene is drawn twice.
        sums = rng.permuted(np.tile(pool, (draws, 1)), axis=1).cumsum(axis=1)
        for total, held in zip(totals, sets, strict=True):
            n = int(held[bins == one].sum())
            if n:
                total += sums[:, n - 1]
    return [total / held.sum() for total, held in zip(totals, sets, strict=True)]


def _compared(statistic: NDArray[np.float64], random: NDArray[np.float64]) -> dict[str, float]:
    low, high = np.quantile(random, [0.025, 0.975])
    middle, mean = float(np.median(random)), float(statistic.mean())
    beyond = int((np.abs(random - middle) >= abs(mean - middle)).sum())
    return {
        "n_genes": len(statistic),
        "mean": mean,
        "low": float(low),
        "high": float(high),
        "pvalue": (1 + beyond) / (1 + len(random)),
    }
