"""From a count table and its match to a matrix of genes × samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.identifiers import check_identifiers, collapse, describe_genes, is_numbering, is_summary
from core.cohort.reading.cells import read_cells, whole_numbers
from core.cohort.reading.findings import Findings, UnusableError, count_of, listing, place
from core.cohort.reading.match import MatchReport, aligner_names
from core.cohort.reading.raw import RawTable
from core.cohort.reading.read import GENE_COLUMNS, SYMBOL_COLUMNS

FEWEST_SAMPLES = 2
ESTIMATE_COLUMNS = ({"gene_id", "gene_name"}, {"gene_id", "transcript_id(s)"}, {"gene_id", "gene_symbol"})
SUMMARY_HEADER = {"Assigned", "Unassigned_Unmapped", "Unassigned_NoFeatures"}


@dataclass(frozen=True)
class CountMatrix:
    """Checked counts.

    Parameters
    ----------
    genes : pandas.DataFrame
        One row per gene, sorted by identifier.
    counts : numpy.ndarray of shape (n_genes, n_samples), int32 or int64
        Raw counts.
    samples : list of str
        Identifiers as in the metadata, in the order of the file.
    """

    genes: pd.DataFrame
    counts: NDArray[np.integer]
    samples: list[str]


@dataclass(frozen=True)
class _Selection:
    """Where samples and genes stand: a table cut to the samples wanted, and what its parts are called."""

    table: RawTable
    positions: list[int]
    samples: list[str]
    genes: list[str]
    gene_places: list[str]
    symbols: list[str] | None


def assemble(
    table: RawTable,
    report: MatchReport,
    metadata_names: Sequence[str],
    findings: Findings,
    *,
    repair_dates: bool,
) -> CountMatrix:
    """Return the counts of matched samples.

    Parameters
    ----------
    table : RawTable
        The count file.
    report : MatchReport
        How samples were matched.
    metadata_names : sequence of str
        Names of the metadata's columns: such columns are no genes.
    findings : Findings
        Receives faults and notices.
    repair_dates : bool
        See `describe_genes`.

    Raises
    ------
    UnusableError
        With all faults among the findings, also those found before.
    """
    _refuse_summary(table, findings)
    in_columns = report.orientation == "samples in columns"
    if in_columns:
        chosen = _select_columns(table, report, findings=findings)
    else:
        chosen = _select_rows(table, report, metadata_names, findings=findings)
    _check_samples(table, chosen.samples, findings=findings)
    check_identifiers(chosen.genes, chosen.gene_places, findings=findings)
    if not chosen.positions or not chosen.samples:
        raise UnusableError
    matrix = read_cells(chosen.table, chosen.positions, findings=findings)
    names = {name.strip().lower() for name in table.names}
    estimated = any(columns <= names for columns in ESTIMATE_COLUMNS)
    counts = whole_numbers(matrix, chosen.table, chosen.positions, findings, estimated=estimated)
    counts = counts if in_columns else counts.T
    _check_totals(table.file, counts, chosen, findings=findings)
    if findings.faults:
        raise UnusableError
    genes = describe_genes(
        chosen.genes, chosen.symbols, file=table.file, findings=findings, repair_dates=repair_dates
    )
    genes, counts = collapse(genes, counts, file=table.file, findings=findings)
    return CountMatrix(genes, counts, chosen.samples)


def _refuse_summary(table: RawTable, findings: Findings) -> None:
    if len(SUMMARY_HEADER & set(table.text(0))) >= 2:
        findings.refuse(
            "summary-file",
            place(table.file),
            what="this is featureCounts' summary of how many reads were assigned, not its counts",
            mend="Give the file of the same name without '.summary'",
        )


def _labels(table: RawTable, findings: Findings) -> list[str]:
    """Return what each column is called; without the paths that featureCounts writes."""
    if table.flavour != "featurecounts":
        return table.names
    short = aligner_names(table.names[6:])
    if short != table.names[6:]:
        example = f"{table.names[6]} → {short[0]}"
        text = f"{table.file}: sample names were taken from the paths of featureCounts: {example}."
        findings.notice("aligner-names", text)
    return table.names[:6] + short


def _joined(report: MatchReport) -> dict[str, str]:
    """Return the metadata's name of each wanted sample by its name in the counts."""
    wanted = set(report.matched)
    near = {a: b for a, b in report.near if b in wanted}
    return {name: name for name in wanted - set(near.values())} | near


def _select_columns(table: RawTable, report: MatchReport, *, findings: Findings) -> _Selection:
    joined = _joined(report)
    labels = _labels(table, findings)
    positions = [i for i, label in enumerate(labels) if label in joined]
    genes = _gene_column(table)
    if genes in positions:
        findings.refuse(
            "no-gene-names",
            place(table.file, column=table.names[genes]),
            what="the first column is a sample; the names of the genes are missing",
            mend="Add them as first column",
        )
    lower = [name.strip().lower() for name in table.names]
    symbols = next((i for i, name in enumerate(lower) if name in SYMBOL_COLUMNS and i != genes), None)
    _report_unused(table, {genes, symbols, *positions}, report, findings=findings)
    return _Selection(
        table,
        positions,
        [joined[labels[i]] for i in positions],
        [text.strip() for text in table.text(genes)],
        [place(table.file, column=table.names[genes], row=row) for row in table.rows],
        None if symbols is None else table.text(symbols),
    )


def _select_rows(
    table: RawTable, report: MatchReport, metadata_names: Sequence[str], *, findings: Findings
) -> _Selection:
    joined = _joined(report)
    labels = table.text(report.name_column)
    kept = np.array([label in joined for label in labels])
    cut = replace(
        table,
        columns=[column[kept] for column in table.columns],
        rows=[row for row, keep in zip(table.rows, kept, strict=True) if keep],
    )
    others = set(metadata_names)
    numbered = report.name_column > 0 and is_numbering(table.text(0))
    positions = [
        i
        for i, name in enumerate(table.names)
        if i != report.name_column and name not in others and not (i == 0 and numbered)
    ]
    if skipped := [name for i, name in enumerate(table.names) if name in others and i != report.name_column]:
        text = f"{table.file}: columns that are in the metadata were not taken for genes: {listing(skipped)}."
        findings.notice("annotation-columns", text)
    return _Selection(
        cut,
        positions,
        [joined[label] for label in labels if label in joined],
        [table.names[i].strip() for i in positions],
        [place(table.file, row=1) + f", column number {i + 1}" for i in positions],
        None,
    )


def _gene_column(table: RawTable) -> int:
    """Return the column that names the genes: the first, unless that merely numbers the rows."""
    if not is_numbering(table.text(0)):
        return 0
    named = (i for i, name in enumerate(table.names) if i > 0 and name.strip().lower() in GENE_COLUMNS)
    return next(named, 0)


def _report_unused(
    table: RawTable, used: set[int | None], report: MatchReport, *, findings: Findings
) -> None:
    left_out = set(report.only_counts) | {a for a, _ in report.near}
    unused = [name for i, name in enumerate(table.names) if i not in used and name not in left_out]
    if table.flavour == "featurecounts":
        unused = [name for name in unused if name in table.names[:6]]
    if unused:
        text = f"{table.file}: columns that describe genes were not taken for samples: {listing(unused)}."
        findings.notice("annotation-columns", text)


def _check_samples(table: RawTable, samples: Sequence[str], *, findings: Findings) -> None:
    repeated = [name for name, times in Counter(samples).items() if times > 1]
    if repeated:
        findings.fault(
            "duplicate-identifier",
            place(table.file, column=repeated[0]),
            what=f"{count_of(repeated, 'sample stands', 'samples stand')} more than once in the file: "
            f"{listing(repeated)}",
            mend="Give each sample a name of its own, or delete the copies",
        )
    if len(set(samples)) == 1:
        findings.fault(
            "too-few-samples",
            place(table.file),
            what=f"only one sample ({samples[0]}) has both counts and metadata",
            mend="Add the other samples to both files; groups need at least 3 samples each",
        )


def _check_totals(file: str, counts: NDArray[np.integer], chosen: _Selection, *, findings: Findings) -> None:
    """Report samples without a single read, and samples with the same count for every gene."""
    genes = np.array([not is_summary(name) for name in chosen.genes])
    real = counts[genes]
    if len(real) == 0:
        return
    empty = real.max(axis=0) == 0
    constant = (real.min(axis=0) == real.max(axis=0)) & ~empty & (len(real) > 2)
    for code, wrong, what in (
        ("empty-sample", empty, "no reads at all"),
        ("constant-sample", constant, "the same count for every gene"),
    ):
        if wrong.any():
            names = [name for name, flag in zip(chosen.samples, wrong, strict=True) if flag]
            findings.fault(
                code,
                f"{file}, sample {names[0]!r}",
                what=f"{count_of(names, 'sample has', 'samples have')} {what}: {listing(names)}",
                mend="Leave it out of the metadata, or export its counts again",
            )
