"""Which genes a reader's thresholds call higher or lower, and which gene was clicked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.spec import Spec

Effect = Literal["log2FoldChange", "log2FoldChangeShrunken"]


@dataclass(frozen=True)
class Thresholds(Spec):
    """Filters of a finished result; they need no new fit.

    Parameters
    ----------
    padj : float
        Adjusted p-values below this count as significant.
    lfc : float
        Smallest |log2 fold change|.
    base_mean : float
        Smallest mean of normalised counts.
    """

    padj: float = 0.05
    lfc: float = 0.0
    base_mean: float = 0.0


def gene_names(table: pd.DataFrame) -> NDArray[np.object_]:
    """Return each gene's symbol, or its identifier where it has none."""
    symbol = table["symbol"].to_numpy(dtype=object)
    named: NDArray[np.object_] = np.where(symbol == "", table["gene"].to_numpy(dtype=object), symbol)
    return named


def directions(
    table: pd.DataFrame, thresholds: Thresholds, *, effect: Effect = "log2FoldChange"
) -> NDArray[np.int8]:
    """Return +1 for genes higher in the case group, −1 for lower, 0 for the rest.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per gene with ``baseMean``, ``padj`` and the column named by `effect`.
        Genes without an adjusted p-value are 0.
    """
    change = table[effect].to_numpy(dtype=float)
    chosen = (
        (table["padj"].to_numpy(dtype=float) < thresholds.padj)
        & (np.abs(change) >= thresholds.lfc)
        & (table["baseMean"].to_numpy(dtype=float) >= thresholds.base_mean)
    )
    return np.where(chosen, np.sign(np.nan_to_num(change)), 0).astype(np.int8)


def picked_gene(points: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the identifier of the gene that a click on a volcano or MA plot chose.

    Parameters
    ----------
    points : sequence of mappings
        ``event.selection.points`` as Streamlit hands it over.
    """
    for point in points:
        gene = point.get("customdata")
        if isinstance(gene, list | tuple):
            gene = gene[0] if gene else None
        if isinstance(gene, str) and gene:
            return gene
    return None
