"""Which blood cells are known to express a gene, as far as the shipped marker sets can tell.

The evidence is the cell-type and cell-enriched modules of the extended blood transcription
modules (``btm_plus``). They name genes typical of a cell type; a gene that none names may still be
expressed in all of them, so "no marker" is an answer and not a gap to be filled.
"""

from __future__ import annotations

from collections.abc import Collection as Sized

import pandas as pd

from core.cohort.samples.cell_markers import cell_markers

WHAT_IT_IS = (
    "Counted are genes that the extended blood transcription modules (BTM plus) list as typical of a cell "
    "type. This is not a measurement in these patients, a gene may be typical of several cells, and "
    "most genes are typical of none."
)
NO_MARKER = "No marker of a cell type"


def cells_of(genes: Sized[str], *, tested: Sized[str]) -> pd.DataFrame:
    """Count how many of some genes are typical of each blood cell type.

    Parameters
    ----------
    genes : collection of str
        Symbols, for example those that carry a theme.
    tested : collection of str
        Symbols of all tested genes, for comparison.

    Returns
    -------
    pandas.DataFrame
        ``cell``, ``n_genes``, ``share`` of `genes`, ``share_tested`` (the same among the tested
        genes) and ``genes`` (joined by ";"), most genes first; the last row counts those typical
        of none.
    """
    chosen, all_tested = frozenset(genes), frozenset(tested)
    markers = cell_markers()
    known = frozenset().union(*markers.values())
    rows = [
        _row(cell, chosen & symbols, chosen, all_tested & symbols, all_tested)
        for cell, symbols in markers.items()
    ]
    rows.sort(key=lambda row: (-int(row["n_genes"]), str(row["cell"])))
    rows.append(_row(NO_MARKER, chosen - known, chosen, all_tested - known, all_tested))
    return pd.DataFrame(rows)


def _row(
    cell: str,
    found: frozenset[str],
    chosen: frozenset[str],
    tested: frozenset[str],
    all_tested: frozenset[str],
) -> dict[str, int | float | str]:
    return {
        "cell": cell,
        "n_genes": len(found),
        "share": len(found) / max(len(chosen), 1),
        "share_tested": len(tested) / max(len(all_tested), 1),
        "genes": ";".join(sorted(found)),
    }
