"""Metadata cells: which columns are numbers, which are words, and what is wrong with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.cohort.reading.cells import DECIMAL_COMMA, MISSING
from core.cohort.reading.findings import Findings, count_of, listing, place
from core.cohort.reading.raw import RawTable

NUMBER = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
CODE = re.compile(r"^0\d+$")
WHOLE = re.compile(r"^[+-]?\d{1,15}$")
MOSTLY = 0.8
"""Share of numbers from which a column was probably meant to be numbers throughout."""


def check_header(table: RawTable, findings: Findings) -> None:
    """Report columns of the metadata without a name or with the same name."""
    for name, times in Counter(name.strip() for name in table.names).items():
        if times > 1 and name:
            findings.fault(
                "duplicate-column",
                place(table.file, column=name, row=1),
                what=f"{times} columns have this name",
                mend="Rename or delete all but one",
            )
    nameless = [i + 1 for i, name in enumerate(table.names) if i > 0 and not name.strip()]
    if nameless:
        findings.fault(
            "nameless-column",
            place(table.file, row=1),
            what=f"column number {listing(nameless)} has content, but no name",
            mend="Write a name into the first row",
        )


def check_identifiers(table: RawTable, identifier: str, *, findings: Findings) -> None:
    """Report rows of the metadata without an identifier, or with one that another row has."""
    values = table.text(table.names.index(identifier))
    blank = [row for row, value in zip(table.rows, values, strict=True) if value.strip() in MISSING]
    if blank:
        findings.fault(
            "missing-identifier",
            place(table.file, column=identifier, row=blank[0]),
            what=f"{count_of(blank, 'row has', 'rows have')} no sample identifier (rows {listing(blank)})",
            mend="Fill in the identifiers, or delete these rows",
        )
    repeated = [v for v, n in Counter(values).items() if n > 1 and v.strip() not in MISSING]
    if repeated:
        rows = [row for row, value in zip(table.rows, values, strict=True) if value == repeated[0]]
        findings.fault(
            "duplicate-identifier",
            place(table.file, column=identifier, row=rows[1]),
            what=f"{count_of(repeated, 'identifier stands', 'identifiers stand')} in more than one row: "
            f"{listing(repeated)} (the first in rows {listing(rows)})",
            mend="Keep one row per sample; give repeated samples names of their own",
        )


def typed_metadata(table: RawTable, identifier: str, *, findings: Findings) -> pd.DataFrame:
    """Return the metadata with numbers as numbers, indexed by identifier as written.

    A column is numbers if every cell that is not missing is one; whole numbers with a
    leading zero ("007") are codes and stay text. Empty columns are left out.
    """
    position = table.names.index(identifier)
    index = pd.Index(table.text(position), name="sample", dtype=object)
    columns: dict[str, pd.Series[Any]] = {}
    empty = []
    for i, name in enumerate(table.names):
        if i == position:
            continue
        cells = [cell.strip() for cell in table.text(i)]
        if all(cell in MISSING for cell in cells):
            empty.append(name.strip())
        else:
            columns[name.strip() or "row"] = _typed(cells, index)
            _check_column(table, i, cells, findings=findings)
    if empty:
        what = count_of(empty, "column holds nothing and was", "columns hold nothing and were")
        findings.notice("empty-column", f"{table.file}: {what} left out: {listing(empty)}.")
    return pd.DataFrame(columns, index=index)


def report_constant(metadata: pd.DataFrame, file: str, *, findings: Findings) -> None:
    """Say which columns have one value throughout: they cannot be compared or adjusted for."""
    constant = [str(name) for name in metadata if metadata[name].nunique(dropna=False) == 1]
    if constant and len(metadata) > 1:
        what = count_of(constant, "column has", "columns have")
        text = (
            f"{file}: {what} the same value for every sample, so none can be compared: {listing(constant)}."
        )
        findings.notice("constant-column", text)


def _typed(cells: Sequence[str], index: pd.Index) -> pd.Series[Any]:
    given = [None if cell in MISSING else cell for cell in cells]
    present = [cell for cell in given if cell is not None]
    if all(NUMBER.match(cell) and not CODE.match(cell) for cell in present):
        numbers = pd.Series([np.nan if cell is None else float(cell) for cell in given], index=index)
        if len(present) == len(given) and all(WHOLE.match(cell) for cell in present):
            return numbers.astype(np.int64)
        return numbers
    return pd.Series(given, index=index, dtype=object)


def _check_column(table: RawTable, position: int, cells: Sequence[str], *, findings: Findings) -> None:
    name = table.names[position]
    raw = table.text(position)
    present = [(row, cell) for row, cell in zip(table.rows, cells, strict=True) if cell not in MISSING]
    commas = [(row, cell) for row, cell in present if DECIMAL_COMMA.match(cell)]
    numbers = [cell for _, cell in present if NUMBER.match(cell)]
    if commas and len(commas) + len(numbers) == len(present):
        findings.fault(
            "decimal-comma",
            place(table.file, column=name, row=commas[0][0]),
            what=f"{count_of(commas, 'number is', 'numbers are')} written with a decimal comma "
            f"(here {commas[0][1]!r})",
            mend=f"Write it with a point: {commas[0][1].replace(',', '.')}",
        )
    elif MOSTLY * len(present) <= len(numbers) < len(present):
        words = [(row, cell) for row, cell in present if not NUMBER.match(cell)]
        findings.notice(
            "mixed-column",
            f"{place(table.file, column=name)}: numbers except for {listing(repr(c) for _, c in words)} "
            f"(row {listing(r for r, _ in words)}), so the column was taken for words. "
            "Empty these cells if they mean 'missing'.",
        )
    if any(cell != text for cell, text in zip(cells, raw, strict=True)):
        findings.notice("blanks", f"{place(table.file, column=name)}: blanks around the values were removed.")
    _similar_levels(table.file, name, [cell for _, cell in present], findings=findings)


def _similar_levels(file: str, name: str, values: Sequence[str], *, findings: Findings) -> None:
    groups: dict[str, set[str]] = {}
    for value in set(values):
        groups.setdefault(re.sub(r"[\s._-]+", "", value).casefold(), set()).add(value)
    similar = [sorted(group) for group in groups.values() if len(group) > 1]
    if similar and len(groups) <= len(values) / 2:
        pairs = listing(" / ".join(map(repr, group)) for group in sorted(similar))
        what = "values that differ only in how they are written count as different"
        findings.notice("similar-levels", f"{place(file, column=name)}: {what}: {pairs}.")
