"""Tables as files that spreadsheets open without changing or running anything."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.export.provenance import Provenance

# A text cell that starts so is run as a formula by spreadsheets; the wide forms by some locales.
RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXT_FORMAT = "@"  # keeps a spreadsheet from reading MARCH1 as a date when the cell is edited
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WIDEST = 42  # characters


def neutral(text: str) -> str:
    """Return text that no spreadsheet runs: an apostrophe before what would start a formula.

    Examples
    --------
    >>> neutral("=1+1"), neutral("IFIT3")
    ("'=1+1", 'IFIT3')
    """
    return f"'{text}" if text.startswith(RUNS_AS_FORMULA) else text


def to_csv_bytes(table: pd.DataFrame, provenance: Provenance) -> bytes:
    """Return a table as UTF-8 CSV, its provenance in a last line that starts with "#".

    ``pandas.read_csv(file, comment="#", float_precision="round_trip")`` reads the very same
    numbers back. Simulated data have a column ``simulated``.

    Parameters
    ----------
    table : pandas.DataFrame
        Written without its index.
    provenance : Provenance
        Where the table comes from.
    """
    safe = _safe(table, provenance)
    has_hash = any("#" in text for text in _texts(safe))
    body = safe.to_csv(
        index=False,
        lineterminator="\n",
        # Quoted, a "#" in a name is not the start of a comment.
        quoting=csv.QUOTE_NONNUMERIC if has_hash else csv.QUOTE_MINIMAL,
    )
    # A comma would start a cell, and a cell can hold a formula.
    note = provenance.line().replace(",", ";")
    return f"{body}# {note}\n".encode()


def to_xlsx_bytes(table: pd.DataFrame, provenance: Provenance, *, sheet: str = "Genes") -> bytes:
    """Return a table as an Excel workbook with a second sheet on its provenance.

    Numbers are numbers in full precision, texts are cells in text format, missing values are
    empty. The last row of the table's sheet is the provenance line.

    Parameters
    ----------
    table : pandas.DataFrame
        Written without its index.
    provenance : Provenance
        Where the table comes from.
    sheet : str
        Name of the table's sheet.
    """
    safe = _safe(table, provenance)
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    page.freeze_panes = "B2"
    for at, name in enumerate(safe.columns, start=1):
        page.column_dimensions[get_column_letter(at)].width = _width(safe[name])
    page.append([_text_cell(page, str(name), bold=True) for name in safe.columns])
    for row in zip(*(_cells(page, safe[name]) for name in safe.columns), strict=True):
        page.append(row)
    page.append([_text_cell(page, f"# {provenance.line()}")])
    _write_provenance(book, provenance)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def to_gmt_bytes(name: str, genes: Iterable[str], *, description: str = "") -> bytes:
    """Return one gene set in GMT format: name, description and genes, separated by tabs.

    Parameters
    ----------
    name : str
        Name of the set.
    genes : iterable of str
        Symbols; repeated and empty ones are left out, the order is kept.
    description : str
        Second field; a provenance line, or a link.
    """
    members = dict.fromkeys(clean for gene in genes if (clean := _field(gene)))
    return ("\t".join([_field(name) or "genes", _field(description) or "na", *members]) + "\n").encode()


def _safe(table: pd.DataFrame, provenance: Provenance) -> pd.DataFrame:
    """Return the table with texts neutralised and simulated data marked."""
    marked = table.assign(simulated="yes") if provenance.simulated else table
    columns = {
        neutral(str(name)): marked[name].map(_safe_cell) if _is_text(marked[name]) else marked[name]
        for name in marked.columns
    }
    return pd.DataFrame(columns)


def _safe_cell(value: object) -> object:
    return neutral(value) if isinstance(value, str) else value


def _is_text(column: pd.Series) -> bool:
    return not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column))


def _texts(table: pd.DataFrame) -> Iterator[str]:
    yield from map(str, table.columns)
    for name in table.columns:
        if _is_text(table[name]):
            yield from table[name].dropna().astype(str)


def _cells(page: Any, column: pd.Series) -> Iterator[Any]:
    if not _is_text(column):
        return map(_number, column.tolist())
    return (None if pd.isna(value) else _text_cell(page, str(value)) for value in column.tolist())


def _number(value: Any) -> Any:
    """Return a number as a spreadsheet can hold it: missing is empty, infinite is a word."""
    if pd.isna(value):
        return None
    if isinstance(value, float) and math.isinf(value):
        return "Inf" if value > 0 else "'-Inf"
    return value


def _text_cell(page: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=NOT_IN_XML.sub("", text))
    cell.data_type = "s"
    cell.number_format = TEXT_FORMAT
    if bold:
        cell.font = Font(bold=True)
    return cell


def _width(column: pd.Series) -> int:
    longest = max((len(str(value)) for value in column.head(200)), default=0) if _is_text(column) else 11
    return min(max(longest, len(str(column.name))) + 2, WIDEST)


def _write_provenance(book: Workbook, provenance: Provenance) -> None:
    page = book.create_sheet("Provenance")
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 20, 100
    for name, text in provenance.items():
        page.append([_text_cell(page, name, bold=True), _text_cell(page, neutral(text))])


def _field(text: str) -> str:
    return " ".join(text.split())
