"""Gene identifiers: what kind they are, what they stand for now, and rows that belong together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.gene_table import FACTS, GeneTable, human_genes
from core.cohort.reading.cells import MISSING
from core.cohort.reading.excel_dates import find_dates, repairs, report_dates
from core.cohort.reading.findings import Findings, count_of, listing
from core.words import percent

SUMMARY_ROW = re.compile(r"^(__[a-zA-Z_]+|N_(unmapped|multimapping|noFeature|ambiguous))$")
SPECIES = (
    ("mouse Ensembl identifiers", re.compile(r"^ENSMUSG\d+")),
    ("rat Ensembl identifiers", re.compile(r"^ENSRNOG\d+")),
    ("fly (FlyBase) identifiers", re.compile(r"^FBgn\d+")),
    ("worm (WormBase) identifiers", re.compile(r"^WBGene\d+")),
    ("transcript identifiers", re.compile(r"^ENS[A-Z]*T\d+|^[NX][MR]_\d+")),
    ("Ensembl identifiers of another species", re.compile(r"^ENS[A-Z]+G\d+")),
)
HUMAN_ENSEMBL = "human Ensembl identifiers"
SYMBOLS = "human gene symbols"
ENTREZ = "Entrez numbers"
UNKNOWN = "names that are not in the table of human genes"


def is_summary(identifier: str) -> bool:
    """Whether a row holds reads that belong to no gene (HTSeq's and STAR's extra rows)."""
    return SUMMARY_ROW.match(identifier) is not None


def recognise(identifiers: Sequence[str]) -> tuple[str, float]:
    """Return the kind of most identifiers, and their share."""
    genes = human_genes()
    kinds = Counter(_kind(identifier, genes) for identifier in identifiers)
    kind, number = kinds.most_common(1)[0]
    return kind, number / len(identifiers)


def _kind(identifier: str, genes: GeneTable) -> str:
    if identifier.startswith("ENSG") and identifier[4:5].isdigit():
        return HUMAN_ENSEMBL
    if identifier in genes.by_symbol or identifier in genes.by_alias:
        return SYMBOLS
    if identifier.isdigit():
        return ENTREZ
    return next((kind for kind, pattern in SPECIES if pattern.match(identifier)), UNKNOWN)


def describe_genes(
    given: Sequence[str],
    symbols: Sequence[str] | None,
    *,
    file: str,
    findings: Findings,
    repair_dates: bool = False,
) -> pd.DataFrame:
    """Say what each row of a count table stands for.

    Parameters
    ----------
    given : sequence of str
        Identifiers as written.
    symbols : sequence of str, optional
        The table's own column of symbols, used where the gene table knows none.
    file, findings
        Whose rows, and who is told.
    repair_dates : bool
        Give names that a spreadsheet turned into dates back to their genes, where only one can be meant.

    Returns
    -------
    pandas.DataFrame
        One row per identifier: ``gene``, ``given``, ``symbol``, ``name``, ``ensembl_id``, ``entrez_id``,
        ``chromosome``, and ``kept`` (False for rows that belong to no gene or to nobody knows which).
    """
    table, names = human_genes(), np.array(given, dtype=object)
    summary = np.array([is_summary(text) for text in given], dtype=bool)
    kind, share = recognise((names if summary.all() else names[~summary]).tolist())
    genes = table.resolve(given, entrez=kind == ENTREZ).assign(given=list(given), kept=~summary)
    dates = find_dates(given, set(genes["symbol"]))
    repaired = repairs(dates) if repair_dates else {}
    report_dates(file, dates, findings, repaired=repaired)
    genes.loc[[date.position for date in dates if date.repeated], "kept"] = False
    if repaired:
        facts = table.resolve(list(repaired.values()))
        columns = ["gene", *FACTS, "via"]
        genes.loc[list(repaired), columns] = facts[columns].to_numpy()
    _settle_symbols(genes, symbols, kind, findings, file)
    _report_kind(file, kind, share, genes, findings=findings)
    if summary.any():
        left_out = f"{count_of(int(summary.sum()), 'row')} of reads outside genes left out"
        findings.notice("summary-rows", f"{file}: {left_out}: {listing(names[summary])}.")
    return genes[["gene", "given", *FACTS, "kept"]]


def collapse(
    genes: pd.DataFrame, counts: NDArray[Any], *, file: str, findings: Findings
) -> tuple[pd.DataFrame, NDArray[Any]]:
    """Sort genes by identifier and add up the counts of rows that bear the same one.

    The rule: rows are one gene if their identifiers are equal once Ensembl versions are
    removed; their counts are summed. Different names of one gene stay different rows.

    Parameters
    ----------
    genes : pandas.DataFrame
        As `describe_genes` returns it.
    counts : numpy.ndarray of shape (n_rows, n_samples)
        Counts of the same rows.
    """
    kept = genes["kept"].to_numpy()
    genes, counts = genes[kept].drop(columns="kept"), counts[kept]
    order = np.argsort(genes["gene"].to_numpy(dtype=object), kind="stable")
    genes, counts = genes.iloc[order].reset_index(drop=True), counts[order]
    first = ~genes["gene"].duplicated().to_numpy()
    if first.all():
        return genes, counts
    repeated = genes.loc[~first, "gene"].unique()
    findings.notice(
        "repeated-gene",
        f"{file}: {count_of(repeated, 'gene stands', 'genes stand')} in several rows (versions removed); "
        f"their counts were added up: {listing(repeated)}.",
    )
    summed = np.add.reduceat(counts.astype(np.int64), np.flatnonzero(first), axis=0)
    joined = genes.groupby("gene", sort=False)["given"].agg(lambda texts: "|".join(sorted(texts)))
    collapsed = genes[first].assign(given=lambda frame: joined.loc[frame["gene"]].to_numpy())
    return collapsed.reset_index(drop=True), summed


def check_identifiers(given: Sequence[str], places: Sequence[str], *, findings: Findings) -> None:
    """Report rows (or columns) without a gene name, and names that are mere row numbers."""
    blank = [where for text, where in zip(given, places, strict=True) if text.strip() in MISSING]
    if blank:
        findings.fault(
            "missing-gene",
            blank[0],
            what=f"{count_of(blank, 'row has', 'rows have')} no gene name",
            mend="Fill in the names, or delete these rows",
        )
    if is_numbering(given):
        findings.fault(
            "row-numbers",
            places[0],
            what="genes are numbered 1, 2, 3, ... instead of named",
            mend="Export the table with gene names in its first column (in R: row.names = TRUE)",
        )


def is_numbering(given: Sequence[str]) -> bool:
    """Whether names are 0, 1, 2, ... or 1, 2, 3, ...: row numbers written by a program."""
    if len(given) < 3 or given[0] not in ("0", "1"):
        return False
    start = int(given[0])
    return all(text == str(start + i) for i, text in enumerate(given))


def _settle_symbols(
    genes: pd.DataFrame, symbols: Sequence[str] | None, kind: str, findings: Findings, file: str
) -> None:
    """Give each row its symbol: never one that another row bears already under its own name."""
    old = genes["via"] == "alias"
    clash = old & genes["symbol"].duplicated(keep=False)
    genes.loc[clash, FACTS] = ""
    if (renamed := old & ~clash).any():
        pairs = listing(genes["gene"][renamed] + " → " + genes["symbol"][renamed])
        number = count_of(int(renamed.sum()), "gene bears an older name", "genes bear older names")
        findings.notice(
            "old-symbol",
            f"{file}: {number}; rows keep it, and the current symbol is shown beside it: {pairs}.",
        )
    if clash.any():
        names = listing(genes.loc[clash, "gene"])
        number = count_of(int(clash.sum()), "older name stands", "older names stand")
        text = f"{file}: {number} beside another row of the same gene; these rows were kept apart: {names}."
        findings.notice("old-symbol-clash", text)
    if symbols is not None:
        bare = genes["symbol"] == ""
        genes.loc[bare, "symbol"] = np.array([_clean(s) for s in symbols], dtype=object)[bare.to_numpy()]
    elif kind == SYMBOLS:
        dated = genes["gene"].map(lambda text: bool(find_dates([text], ())))
        bare = (genes["symbol"] == "") & ~dated
        genes.loc[bare, "symbol"] = genes.loc[bare, "gene"]


def _clean(symbol: str) -> str:
    return "" if symbol.strip() in MISSING else symbol.strip()


def _report_kind(file: str, kind: str, share: float, genes: pd.DataFrame, *, findings: Findings) -> None:
    known = int((genes["via"] != "").sum())
    text = f"{file}: genes are named by {kind}"
    text += f" ({percent(share)} of rows)" if share < 0.9995 else ""
    if kind in (HUMAN_ENSEMBL, SYMBOLS, ENTREZ):
        text += f"; {known:,} of {len(genes):,} are in the table of human genes."
    else:
        text += "; they were taken as they are, so symbols and pathways of human genes will not be found."
    findings.notice("identifier-kind", text)
