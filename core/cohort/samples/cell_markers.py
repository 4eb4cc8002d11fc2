"""Genes typical of each blood cell type, from the shipped blood transcription modules.

Li et al. 2014, doi 10.1038/ni.2789: the cell-type and cell-enriched modules of the extended
collection (BTM plus).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from core.cohort.gene_sets import gene_sets
from core.cohort.gene_table import human_genes

COLLECTION = "btm_plus"

_PATTERNS = {
    "Neutrophils": r"^Neutrophils|^enriched in neutrophils",
    "Monocytes": r"^Monocytes|^enriched in monocytes",
    "Dendritic cells": r"^(?:DC|cDC|pDCs|activated DC) |^enriched in (?:activated )?dendritic cells \(",
    "T cells": r"^CD[48]\+|^Tregs|^Th[12] cells|^MAIT|^enriched in T cells",
    "NK cells": r"^NK cells|^enriched in NK cells",
    "B cells": r"^(?:naive |Memory |Class-switched memory )?B-cells|^enriched in B cells",
    "Plasma cells": r"^Plasma cells|^plasma cells, immunoglobulins",
    "Platelets": r"^platelet activation",
    "Red cells": r"^erythrocyte differentiation|^heme biosynthesis",
    "Basophils": r"^Basophils",
    "Eosinophils": r"^Eosinophils",
}


@lru_cache(maxsize=1)
def cell_markers() -> dict[str, frozenset[str]]:
    """Return the current symbols typical of each blood cell type."""
    genes = human_genes()
    symbols, aliases = genes.table["symbol"].tolist(), genes.by_alias
    modules = {
        name: frozenset(symbols[aliases[g]] if g in aliases else g for g in members)
        for name, members in gene_sets(COLLECTION).items()
    }
    return {
        cell: frozenset(g for name, members in modules.items() if re.search(pattern, name) for g in members)
        for cell, pattern in _PATTERNS.items()
    }


@lru_cache(maxsize=1)
def specific_markers() -> dict[str, frozenset[str]]:
    """Return the symbols typical of one blood cell type and of no other."""
    markers = cell_markers()
    times = Counter(gene for members in markers.values() for gene in members)
    return {cell: frozenset(g for g in members if times[g] == 1) for cell, members in markers.items()}
