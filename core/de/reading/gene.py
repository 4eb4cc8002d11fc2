"""Everything about one gene in one comparison."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from core.cohort.model import Cohort
from core.de.design.build import as_text
from core.de.reading.notes import MEANINGS
from core.de.reading.summary import FoldChange, fold_change
from core.de.result import DEResult
from core.errors import InputError


@dataclass(frozen=True)
class GeneView:
    """One gene as the Gene page shows it.

    Parameters
    ----------
    gene, symbol, name, ensembl_id, entrez_id, chromosome : str
        From the cohort's gene table; "" where unknown.
    counts : pandas.DataFrame indexed by sample
        The samples compared: ``count`` (raw), ``normalised`` (count / size factor), ``group``,
        ``sex``, ``centre`` (None where unknown).
    row : pandas.Series
        The gene's row of `DEResult.table`.
    raw, shrunken : FoldChange or None
        With 95 % intervals; None where not estimated. The shrunken interval uses the
        posterior standard deviation.
    outlier : str
        Outlier state in words, "" if there is none.
    note : str
        Why the adjusted p-value is missing, with what that means; "" if it is there.
    """

    gene: str
    symbol: str
    name: str
    ensembl_id: str
    entrez_id: str
    chromosome: str
    counts: pd.DataFrame
    row: pd.Series
    raw: FoldChange | None
    shrunken: FoldChange | None
    outlier: str
    note: str


_OUTLIER_WORDS = {
    "": "",
    "replaced": "An outlier count was replaced by the trimmed mean of all samples before the test.",
    "withheld": "An outlier count withholds the p-value.",
}
_ELSEWHERE = " Its sample may be of a group that is part of the model and not shown here."


def view_gene(cohort: Cohort, result: DEResult, gene: str) -> GeneView:
    """Collect what is known of a gene; reads one row of the counts.

    Parameters
    ----------
    cohort : Cohort
        The cohort of `result`.
    result : DEResult
        A comparison within it.
    gene : str
        Identifier as in ``cohort.genes["gene"]``.

    Raises
    ------
    InputError
        If the cohort does not have the gene.
    """
    found = (cohort.genes["gene"].to_numpy() == gene).nonzero()[0]
    if not len(found):
        raise InputError.of(
            code="unknown-gene",
            where=f"data set {cohort.name!r}",
            what=f"it has no gene {gene!r}",
            mend="Search for its symbol, Ensembl identifier or an old name",
        )
    position = int(found[0])
    about, row = cohort.genes.iloc[position], result.table.iloc[position]
    note, outlier = str(row["note"]), _OUTLIER_WORDS[str(row["outlier"])]
    return GeneView(
        **{
            key: str(about[key])
            for key in ("gene", "symbol", "name", "ensembl_id", "entrez_id", "chromosome")
        },
        counts=gene_counts(cohort, result, position),
        row=row,
        raw=fold_change(row["log2FoldChange"], row["lfcSE"], freedom=result.run.freedom),
        shrunken=fold_change(row["log2FoldChangeShrunken"], row["lfcSEShrunken"]),
        outlier=outlier + _ELSEWHERE if outlier and result.spec.all_groups else outlier,
        note=f"{note[0].upper()}{note[1:]}. {MEANINGS[note]}" if note else "",
    )


def gene_counts(cohort: Cohort, result: DEResult, position: int) -> pd.DataFrame:
    """Return the counts of the gene at `position` in the samples compared, with who they are."""
    used = cohort.samples.get_indexer(result.samples.index)
    counts = cohort.counts[position][used]
    metadata = cohort.metadata.iloc[used]
    table = pd.DataFrame({"count": counts, "normalised": counts / result.size_factors.to_numpy()})
    table.index = result.samples.index
    table["group"] = result.groups
    for role in ("sex", "centre"):
        column = getattr(cohort.roles, role)
        table[role] = None if column is None else as_text(metadata[column])
    return table
