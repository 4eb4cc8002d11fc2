"""Small comparisons and gene sets for the tests of enrichment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.pathways.enrichment.ranking import Ranking, rank_genes
from core.pathways.sets.match import TestedSets, match_sets
from core.pathways.sets.model import Collection

N_GENES = 600


def gene_name(number: int) -> str:
    return f"GENE{number:04d}"


def comparison(
    *, n_genes: int = N_GENES, seed: int = 1, shift: Mapping[int, float] | None = None
) -> pd.DataFrame:
    """Return a comparison's table; `shift` adds to the statistics of genes by their number."""
    rng = np.random.default_rng(seed)
    stat = rng.normal(0, 1.3, n_genes)
    for number, size in (shift or {}).items():
        stat[number] += size
    pvalue = np.exp(-(np.abs(stat) ** 1.6))
    return pd.DataFrame(
        {
            "gene": [f"ENSG{number:08d}" for number in range(n_genes)],
            "symbol": [gene_name(number) for number in range(n_genes)],
            "baseMean": rng.uniform(10, 1000, n_genes),
            "log2FoldChange": stat / 5,
            "stat": stat,
            "pvalue": pvalue,
            "padj": np.minimum(pvalue * 3, 1.0),
        }
    )


def collection(sets: Mapping[str, Sequence[int]], *, name: str = "mine") -> Collection:
    """Return a collection of sets given by gene numbers."""
    members = {key: tuple(sorted(gene_name(n) for n in numbers)) for key, numbers in sets.items()}
    return Collection(
        name=name, title=name, version="1", licence="", attribution="", sets=dict(sorted(members.items()))
    )


def random_sets(sizes: Sequence[int], *, seed: int = 2, n_genes: int = N_GENES) -> dict[str, list[int]]:
    """Return sets of random genes, named by their number and size."""
    rng = np.random.default_rng(seed)
    return {
        f"set {number:03d} of {size}": rng.choice(n_genes, size, replace=False).tolist()
        for number, size in enumerate(sizes)
    }


def matched(
    table: pd.DataFrame, *collections: Collection, min_size: int = 2, max_size: int = 500
) -> tuple[Ranking, TestedSets]:
    """Return the ranking and the tested sets."""
    ranking = rank_genes(table)
    return ranking, match_sets(collections, ranking, min_size=min_size, max_size=max_size)
