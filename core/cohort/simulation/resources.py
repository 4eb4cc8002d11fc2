"""What the gene table and the gene sets that ship with the product say, and seeded random streams."""

from __future__ import annotations

import zlib
from functools import lru_cache

import numpy as np
import pandas as pd

from core.cohort.gene_sets import FOLDER, gene_sets
from core.cohort.gene_table import human_genes
from core.cohort.simulation import settings

COLLECTIONS = ("go_bp", "go_cc", "go_mf", "hallmark", "reactome", "wikipathways", "btm", "btm_plus")


def stream(seed: int, purpose: str) -> np.random.Generator:
    """Return the random numbers of one purpose, so that changing one part leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


@lru_cache(maxsize=1)
def gene_universe() -> pd.DataFrame:
    """Return the genes that can be simulated: one row per symbol with an Ensembl identifier, sorted."""
    genes = human_genes()
    table = genes.table.iloc[sorted(genes.by_symbol.values())].query("ensembl_id != ''")
    unmeasured = table["symbol"].str.contains(settings.UNMEASURED_SYMBOLS)
    off_y = (table["chromosome"] == "Y") & ~table["symbol"].isin(settings.DEFAULT.sex.y_genes)
    # Symbols must mean one gene only when read back, whatever else bears the same Ensembl identifier.
    kept = table[~unmeasured & ~off_y & ~table["ensembl_id"].duplicated()]
    return kept.sort_values("symbol").reset_index(drop=True)


@lru_cache(maxsize=1)
def annotated_genes() -> frozenset[str]:
    """Return every gene that is in some shipped gene set."""
    return frozenset().union(*(members for name in COLLECTIONS for members in gene_sets(name).values()))


@lru_cache(maxsize=1)
def theme_members() -> dict[str, frozenset[str]]:
    """Return the genes of each theme: the union of its Gene Ontology terms."""
    terms = pd.read_csv(FOLDER / "theme_terms.tsv", sep="\t", dtype=str)
    by_id = {
        name.rsplit("(", 1)[-1].rstrip(")"): genes
        for collection in ("go_bp", "go_cc", "go_mf")
        for name, genes in gene_sets(collection).items()
    }
    members: dict[str, frozenset[str]] = {}
    for source, theme in settings.THEME_TERMS.items():
        ids = terms.loc[terms["theme"] == source, "go_id"]
        found = (by_id[go_id] for go_id in ids if go_id in by_id)
        members[theme] = members.get(theme, frozenset()).union(*found)
    return members
