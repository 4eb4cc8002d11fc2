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

    def row(cell: str, typical: frozenset[str]) -> tuple[str, int, float, float, str]:
        found = sorted(chosen & typical)
        share_tested = len(all_tested & typical) / max(len(all_tested), 1)
        return cell, len(found), len(found) / max(len(chosen), 1), share_tested, ";".join(found)

    markers = cell_markers()
    rows = [row(cell, symbols) for cell, symbols in markers.items()]
    rows.sort(key=lambda row: (-row[1], row[0]))
    rows.append(row(NO_MARKER, (chosen | all_tested).difference(*markers.values())))
    return pd.DataFrame(rows, columns=["cell", "n_genes", "share", "share_tested", "genes"])
