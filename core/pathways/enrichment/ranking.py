"""The tested genes of a comparison, one per symbol, in the order in which enrichment walks through them.

The rule, stated once for all tests: a gene counts if it was tested (it has a p-value) and
has a symbol, since only then could it be in a set. Where several tested genes share a
symbol, the one with the highest mean count stands for it; looking at the mean and not at the
statistic keeps the choice from favouring extremes. Genes are ranked by the statistic of the
comparison (Wald, moderated t, or normal deviate of a rank test) from higher in case to lower; equal
statistics are ordered by symbol.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.reading.findings import count_of, listing
from core.errors import InputError, Notice
from core.words import percent

FEWEST_GENES = 100
REMARKABLE_TIES = 0.01


@dataclass(frozen=True)
class Ranking:
    """Tested genes, one per symbol, from higher in case to lower.

    Parameters
    ----------
    genes : pandas.DataFrame, RangeIndex
        Columns ``row`` (row of the comparison's table), ``gene``, ``symbol``, ``stat``,
        ``pvalue``, ``padj``, ``log2FoldChange``, in the order of the ranking.
    notices : tuple of Notice
        Genes that could not be ranked, shared symbols and ties.
    """

    genes: pd.DataFrame
    notices: tuple[Notice, ...]

    @property
    def symbols(self) -> NDArray[np.object_]:
        """Symbols in the order of the ranking."""
        symbols: NDArray[np.object_] = self.genes["symbol"].to_numpy(object)
        return symbols

    @property
    def statistics(self) -> NDArray[np.float64]:
        """Statistics in the order of the ranking."""
        return self.genes["stat"].to_numpy(np.float64)


def rank_genes(table: pd.DataFrame) -> Ranking:
    """Rank the tested genes of a comparison.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns of `core.de.result.TABLE_COLUMNS`, at least up to ``padj``.

    Raises
    ------
    InputError
        If fewer than 100 genes can be ranked.
    """
    columns = ["gene", "symbol", "baseMean", "stat", "pvalue", "padj", "log2FoldChange"]
    genes = table[columns].reset_index(drop=True).rename_axis("row").reset_index()
    genes["symbol"] = genes["symbol"].fillna("").astype(str)
    tested = genes[np.isfinite(genes["stat"]) & np.isfinite(genes["pvalue"])]
    named = tested[tested["symbol"] != ""]
    foremost = named.sort_values(["baseMean", "gene"], ascending=[False, True], kind="stable")
    single = foremost.drop_duplicates("symbol")
    if len(single) < FEWEST_GENES:
        raise InputError.of(
            code="too-few-ranked-genes",
            where="comparison",
            what=f"only {count_of(len(single), 'tested gene')} with a symbol can be ranked, and at least "
            f"{FEWEST_GENES} are needed",
            mend="Lower the minimum count of the comparison, or check that the genes carry human symbols",
        )
    ranked = single.sort_values(["stat", "symbol"], ascending=[False, True], kind="stable")
    return Ranking(
        genes=ranked.drop(columns="baseMean").reset_index(drop=True),
        notices=tuple(_notices(genes, tested, named=named, single=single)),
    )


def _notices(
    genes: pd.DataFrame, tested: pd.DataFrame, *, named: pd.DataFrame, single: pd.DataFrame
) -> list[Notice]:
    notices = [
        Notice(
            "ranked-genes",
            f"{count_of(len(single), 'tested gene')} with a symbol of their own are ranked, out of "
            f"{count_of(len(genes), 'gene')} of the data set. {len(genes) - len(tested):,} were not tested, "
            f"{len(tested) - len(named):,} have no symbol.",
        )
    ]
    if len(named) > len(single):
        shared = sorted(named.loc[named["symbol"].duplicated(), "symbol"].unique())
        notices.append(
            Notice(
                "shared-symbols",
                f"{count_of(shared, 'symbol')} stood for several tested genes ({listing(shared, most=3)}); "
                "the one with the highest mean count was kept.",
            )
        )
    tied = int(single["stat"].duplicated(keep=False).sum())
    if tied > REMARKABLE_TIES * len(single):
        notices.append(
            Notice(
                "ties",
                f"{percent(tied / len(single))} of the ranked genes share their statistic with another gene; "
                "they are ordered by symbol: the same every time, but without meaning.",
            )
        )
    return notices
