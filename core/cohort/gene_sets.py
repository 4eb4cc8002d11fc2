"""The gene sets that ship with the product, as a cohort's tools read them."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "data" / "collections"


@lru_cache(maxsize=8)
def gene_sets(collection: str) -> dict[str, frozenset[str]]:
    """Return the gene sets of a shipped collection by name."""
    with gzip.open(FOLDER / f"{collection}.gmt.gz", "rt", encoding="utf-8") as handle:
        fields = (line.rstrip("\n").split("\t") for line in handle)
        return {name: frozenset(genes) for name, _, *genes in fields}
