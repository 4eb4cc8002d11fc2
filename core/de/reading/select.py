"""Which genes of a finished result to show: thresholds that need no refit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.de.reading.summary import significant

Side = Literal["both", "higher", "lower"]
Order = Literal["p", "fold change", "expression", "symbol"]


@dataclass(frozen=True)
class GeneFilter:
    """Thresholds a gene must meet to be listed.

    Parameters
    ----------
    padj : float
        Adjusted p-values below this are listed; 1 lists every gene, tested or not.
    lfc : float
        Smallest absolute log2 fold change.
    side : {"both", "higher", "lower"}
        Direction, seen from the case group.
    only : tuple of str or None
        Identifiers to list instead, whatever their p-value; None for no such list.
    """

    padj: float = 0.05
    lfc: float = 0.0
    side: Side = "both"
    only: tuple[str, ...] | None = None


def select_genes(table: pd.DataFrame, wanted: GeneFilter) -> NDArray[np.intp]:
    """Return the rows of the result's table that a filter lists, in the table's order."""
    if wanted.only is not None:
        met = table["gene"].isin(wanted.only).to_numpy()
    elif wanted.padj >= 1 and wanted.lfc == 0:
        met = np.ones(len(table), dtype=bool)
    else:
        met = significant(table, alpha=wanted.padj, min_lfc=wanted.lfc)
    if wanted.side != "both":
        change = table["log2FoldChange"].to_numpy()
        met = met & (change > 0 if wanted.side == "higher" else change < 0)
    return np.flatnonzero(met)


def find_rows(table: pd.DataFrame, text: str, *, also: tuple[str, ...] = ()) -> NDArray[np.bool_]:
    """Return which rows have `text` in symbol or identifier, or are among the genes in `also`."""
    wanted = text.strip()
    named = table["symbol"].str.contains(wanted, case=False, regex=False, na=False)
    identified = table["gene"].str.contains(wanted, case=False, regex=False)
    found: NDArray[np.bool_] = (named | identified | table["gene"].isin(also)).to_numpy()
    return found


def order_genes(table: pd.DataFrame, rows: NDArray[np.intp], order: Order) -> NDArray[np.intp]:
    """Return rows sorted for reading: most significant, largest, most expressed, or A to Z first.

    Genes without a value come last; ties are broken by the p-value, then by the table's order.
    """
    part = table.iloc[rows]
    p = part["pvalue"].to_numpy()
    keys = {
        "p": p,
        "fold change": -np.abs(part["log2FoldChange"].to_numpy()),
        "expression": -part["baseMean"].to_numpy(),
    }
    if order == "symbol":
        symbol = part["symbol"].where(part["symbol"] != "", part["gene"]).str.upper().to_numpy(dtype=str)
        return rows[np.argsort(symbol, kind="stable")]
    return rows[np.lexsort((p, keys[order]))]
