"""Count cells: turned into whole numbers, or every kind of wrong cell named with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.reading.findings import Findings, UnusableError, count_of, listing, place
from core.cohort.reading.raw import RawTable

MISSING = frozenset(("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "#N/A", "<NA>", "."))
DECIMAL_COMMA = re.compile(r"^-?\d+,\d+$")
THOUSANDS = re.compile(r"^-?\d{1,3}([, '.]\d{3})+$")
LARGEST_COUNT = 2**53
LARGEST_INT32 = 2**31
TPM_SUM = 1e6


def read_cells(table: RawTable, positions: Sequence[int], *, findings: Findings) -> NDArray[Any]:
    """Return columns of a table as one matrix of numbers, in the layout of the file.

    Returns
    -------
    numpy.ndarray of shape (n_rows, len(positions)), int32, int64 or float64

    Raises
    ------
    UnusableError
        If cells hold text or nothing, or infinite, negative or too large numbers.
    """
    before = len(findings.faults)
    _check_texts(table, [i for i in positions if table.is_text(i)], findings=findings)
    matrix = _stacked([_parsed(table.columns[i]) for i in positions])
    names = [table.names[i] for i in positions]
    if matrix.dtype.kind == "f":
        blank = _blank(table, positions, matrix)
        _report(table, names, blank, matrix, findings, MISSING_COUNT)
        infinite = np.isinf(matrix)
        _report(table, names, infinite, matrix, findings, INFINITE)
        _report(table, names, (np.abs(matrix) > LARGEST_COUNT) & ~infinite, matrix, findings, TOO_LARGE)
    _report(table, names, (matrix < 0) & np.isfinite(matrix), matrix, findings, NEGATIVE)
    if len(findings.faults) == before:
        return matrix
    fractions = np.isfinite(matrix) & (matrix >= 0) & (matrix != np.rint(matrix))
    if fractions.mean() < MOSTLY_WHOLE:  # otherwise the values are no counts at all, as already said
        _report(table, names, fractions, matrix, findings, FRACTION)
    raise UnusableError


def whole_numbers(
    matrix: NDArray[Any], table: RawTable, positions: Sequence[int], findings: Findings, *, estimated: bool
) -> NDArray[np.integer]:
    """Return the matrix as whole numbers; estimated counts are rounded with a notice, others refused.

    Parameters
    ----------
    matrix
        Non-negative numbers as `read_cells` returns them.
    table, positions, findings
        Where the numbers stand, and who is told.
    estimated : bool
        Whether the table's columns look like those of Salmon, tximport or RSEM.
    """
    if matrix.dtype.kind in "iu":
        return matrix
    rounded: NDArray[np.float64] = np.rint(matrix)
    broken = rounded != matrix
    if broken.any():
        if not (estimated and _is_estimate(matrix, broken)):
            _non_integer(matrix, broken, table, positions, findings=findings)
        findings.notice(
            "non-integer",
            f"{table.file} holds estimated counts with fractions, as Salmon, tximport and RSEM write them; "
            "they were rounded to whole numbers.",
        )
    return np.asarray(rounded, dtype=np.int64)


def _is_estimate(matrix: NDArray[Any], broken: NDArray[np.bool_]) -> bool:
    """Whether fractions are those of reads shared between transcripts, not of normalisation.

    Counts of genes with a single transcript stay whole (in TPM hardly any is), or the
    reads of a sample add up to a whole number; TPM add up to a million.
    """
    sums = _sample_sums(matrix)
    if _is_tpm(sums):
        return False
    whole_share = 1 - broken.sum() / max(np.count_nonzero(matrix), 1)
    adds_up = len(sums) > 2 and bool(np.all(np.abs(sums - np.rint(sums)) < 0.05))
    return bool(whole_share > 0.2 or adds_up)


def _non_integer(
    matrix: NDArray[Any],
    broken: NDArray[np.bool_],
    table: RawTable,
    positions: Sequence[int],
    *,
    findings: Findings,
) -> NoReturn:
    i, k = np.argwhere(broken)[0]
    if _is_tpm(_sample_sums(matrix)):
        kind = "each sample adds up to a million, so these are TPM or CPM"
    elif matrix.max() < 30:
        kind = "no value is above 30, so these are probably logarithms"
    else:
        kind = "these are probably normalised values (TPM, FPKM, CPM) or logarithms"
    findings.refuse(
        "non-integer",
        place(table.file, column=table.names[positions[k]], row=table.rows[i]),
        what=f"{count_of(int(broken.sum()), 'value is', 'values are')} not whole (here {matrix[i, k]:.6g}); "
        f"{kind}, and the tests need raw read counts",
        mend="Export the raw counts, for example of featureCounts, HTSeq, STAR, or tximport's 'counts' table",
    )


def _sample_sums(matrix: NDArray[Any]) -> NDArray[Any]:
    """Return the sum of each sample, of which a table has fewer than genes."""
    sums: NDArray[Any] = matrix.sum(axis=0 if matrix.shape[0] > matrix.shape[1] else 1)
    return sums


def _is_tpm(sums: NDArray[Any]) -> bool:
    return bool(np.all(np.abs(sums - TPM_SUM) < 0.01 * TPM_SUM))


MOSTLY_WHOLE = 0.5
FRACTION = (
    "non-integer",
    "{n} not whole (here {value:.6g}), and the tests need raw read counts",
    "Export the raw counts as the counting program wrote them",
)
MISSING_COUNT = (
    "missing-count",
    "{n} empty or missing (NA)",
    "Fill in the counts, or leave out this sample or gene",
)
INFINITE = ("infinite", "{n} infinite", "Export the raw counts; a division by zero makes infinite values")
TOO_LARGE = (
    "count-too-large",
    "{n} above 9,007,199,254,740,992 (here {value:.6g})",
    "Check what the column holds: no sequencing run gives so many reads",
)
NEGATIVE = (
    "negative-count",
    "{n} negative (here {value:.6g}); logarithms and batch-corrected values can be, read counts cannot",
    "Export the raw counts as the counting program wrote them",
)


def _report(
    table: RawTable,
    names: Sequence[str],
    wrong: NDArray[np.bool_],
    matrix: NDArray[Any],
    findings: Findings,
    wording: tuple[str, str, str],
) -> None:
    """Report the cells of one kind in one fault: place of the first, number of all, columns concerned."""
    if not wrong.any():
        return
    code, what, mend = wording
    bad_columns = np.flatnonzero(wrong.any(axis=0)).tolist()
    k = bad_columns[0]
    i = int(np.flatnonzero(wrong[:, k])[0])
    concerned = [names[j] for j in bad_columns]
    others = f"; columns concerned: {listing(concerned)}" if len(concerned) > 1 else ""
    number = count_of(int(wrong.sum()), "cell is", "cells are")
    findings.fault(
        code,
        place(table.file, column=names[k], row=table.rows[i]),
        what=what.format(n=number, value=matrix[i, k]) + others,
        mend=mend,
    )


def _stacked(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """Put columns side by side, in the smallest type that holds them: large files would fill memory."""
    kind = np.result_type(*{column.dtype for column in columns})
    if kind.kind in "iu" and max(int(np.abs(column).max(initial=0)) for column in columns) < LARGEST_INT32:
        kind = np.dtype(np.int32)
    matrix = np.empty((len(columns[0]), len(columns)), dtype=kind)
    for k, column in enumerate(columns):
        matrix[:, k] = column
    return matrix


def _parsed(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column as numbers, NaN where it holds anything else."""
    if column.dtype != object:
        return column
    values: NDArray[Any] = pd.to_numeric(pd.Series(column), errors="coerce").to_numpy(dtype=np.float64)
    return values


def _blank(table: RawTable, positions: Sequence[int], matrix: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which cells are missing; those that hold a word are reported as words."""
    blank: NDArray[np.bool_] = np.isnan(matrix)
    for k, i in enumerate(positions):
        if table.is_text(i):
            blank[:, k] &= np.array([str(v).strip() in MISSING for v in table.columns[i]])
    return blank


def _check_texts(table: RawTable, positions: Sequence[int], *, findings: Findings) -> None:
    """Report cells that hold words, one fault per kind."""
    found: dict[str, list[tuple[str, int, str]]] = {}
    for i in positions:
        values = _parsed(table.columns[i])
        for row in np.flatnonzero(np.isnan(values)).tolist():
            text = str(table.columns[i][row]).strip()
            if text not in MISSING:
                found.setdefault(_word_kind(text), []).append((table.names[i], table.rows[row], text))
    for code, cells in found.items():
        column, line, text = cells[0]
        columns = list(dict.fromkeys(name for name, _, _ in cells))
        others = f"; columns concerned: {listing(columns)}" if len(columns) > 1 else ""
        number = count_of(cells, "cell", "cells")
        what, mend = WORDS[code]
        findings.fault(
            code,
            place(table.file, column=column, row=line),
            what=what.format(n=number, text=text) + others,
            mend=mend,
        )


def _word_kind(text: str) -> str:
    if THOUSANDS.match(text):
        return "thousands-separator"
    return "decimal-comma" if DECIMAL_COMMA.match(text) else "text-in-counts"


WORDS = {
    "text-in-counts": (
        "{n} of a sample's counts hold text (here {text!r})",
        "Replace the text by the count, or move the column to the metadata if it is no sample",
    ),
    "decimal-comma": (
        "{n} written with a decimal comma (here {text!r})",
        "Export raw counts, which have no decimals; or write decimals with a point",
    ),
    "thousands-separator": (
        "{n} written with a thousands separator (here {text!r})",
        "Export the numbers without separators, for example 12345",
    ),
}
