"""Tables in binary containers: Parquet, h5ad and Excel workbooks."""

from __future__ import annotations

import datetime
import warnings
import zipfile
import zlib
from importlib.metadata import version
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
from numpy.typing import NDArray

from core.cohort.reading import content as limits
from core.cohort.reading.content import Content
from core.cohort.reading.findings import Findings, count_of, listing, place
from core.cohort.reading.raw import RawTable

DAMAGED = "Export or copy it again: the file is damaged or was cut off"
# What the readers of containers raise for files whose parts do not fit together.
DAMAGE = (
    pa.ArrowException, zipfile.BadZipFile, zlib.error, ParseError,
    OSError, EOFError, KeyError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError,
)  # fmt: skip
EXCEL_ERRORS = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")


def read_parquet(content: Content, findings: Findings) -> RawTable:
    """Read a Parquet table; a named pandas index becomes its first column."""
    try:
        header = parquet.read_metadata(content.path)
        _check_size(content.file, (header.num_rows, header.num_columns), findings=findings)
        frame = parquet.read_table(content.path).to_pandas()
    except DAMAGE:
        findings.refuse("damaged", place(content.file), what="the Parquet file cannot be read", mend=DAMAGED)
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.rename_axis(frame.index.name or "").reset_index(names=frame.index.name or "")
    return _from_frame(content.file, frame, findings=findings)


def read_h5ad_counts(content: Content, findings: Findings) -> RawTable:
    """Read the counts of an AnnData file, one record per observation.

    Counts are X, or layer "counts" where X holds none.
    """
    data = _anndata(content, findings)
    _check_size(content.file, data.shape, findings=findings)
    matrix = data.X
    if "counts" in data.layers and (matrix is None or not _whole(matrix)):
        matrix = data.layers["counts"]
        text = f"{content.file}: counts were read from layer 'counts', since X holds no raw counts."
        findings.notice("h5ad-layer", text)
    if matrix is None:
        what, mend = "the file holds no matrix in X", "Store the raw counts in X or in a layer named 'counts'"
        findings.refuse("no-counts", place(content.file), what=what, mend=mend)
    values = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
    names = ["", *map(str, data.var_names)]
    columns = [np.array(data.obs_names.astype(str), dtype=object), *values.T]
    return RawTable(content.file, names, columns, range(1, data.n_obs + 1), "h5ad")


def read_h5ad_metadata(content: Content, findings: Findings) -> RawTable:
    """Read the observations' annotations of an AnnData file."""
    data = _anndata(content, findings)
    frame = data.obs.reset_index(names=data.obs.index.name or "sample")
    records = frame.to_numpy(dtype=object).tolist()
    return _texts(content.file, list(map(str, frame.columns)), records, first_row=1)


def read_parquet_metadata(content: Content, findings: Findings) -> RawTable:
    """Read a Parquet table with every cell as text."""
    table = read_parquet(content, findings)
    columns = [np.array(table.text(i), dtype=object) for i in range(len(table.names))]
    return RawTable(table.file, table.names, columns, table.rows)


def read_excel_metadata(content: Content, findings: Findings) -> RawTable:
    """Read the first sheet of a workbook with every cell as text."""
    try:
        names, records = _first_sheet(content)
    except DAMAGE:
        what = "this is neither an Excel workbook nor a table; it may be a zip archive, or a damaged workbook"
        mend = "Unpack it, or save it again as .xlsx or CSV"
        findings.refuse("damaged", place(content.file), what=what, mend=mend)
    if len(names) > 1:
        unread = listing(map(repr, names[1:]))
        text = f"{content.file}: the first sheet, {names[0]!r}, was read; {unread} not."
        findings.notice("excel-sheet", text)
    n_blank = next((i for i, record in enumerate(records) if not _is_blank(record)), len(records))
    records = records[n_blank:]
    if len(records) < 2:
        what = f"sheet {names[0]!r} holds no table"
        mend = "Put the table on the first sheet, its header in row 1"
        findings.refuse("empty-file", place(content.file), what=what, mend=mend)
    table = _texts(content.file, [cell_text(name) for name in records[0]], records[1:], first_row=n_blank + 2)
    _excel_errors(table, findings)
    return table


def _first_sheet(content: Content) -> tuple[list[str], list[list[Any]]]:
    """Return the names of all sheets, and the rows of the first, all equally long."""
    import openpyxl

    book = openpyxl.load_workbook(content.path, read_only=True, data_only=True)
    records = [list(record) for record in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    width = max(map(len, records), default=0)
    return book.sheetnames, [record + [None] * (width - len(record)) for record in records]


def cell_text(value: object) -> str:
    """Return a spreadsheet cell as the text a CSV export would hold."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float | np.floating):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def _anndata(content: Content, findings: Findings) -> Any:
    import anndata

    try:
        with warnings.catch_warnings():
            # anndata warns about names that repeat and formats that age; both are checked here anyway.
            warnings.simplefilter("ignore")
            return anndata.read_h5ad(content.path)
    except Exception as error:
        # What anndata raises of its own, for a form of a later version say, has no public name.
        if not isinstance(error, DAMAGE) and not type(error).__module__.startswith("anndata."):
            raise
        what = "this HDF5 file holds no AnnData table, is damaged, or written by a later anndata"
        mend = f"Write it again with adata.write_h5ad(...), by anndata {version('anndata')} or earlier"
        findings.refuse("damaged", place(content.file), what=what, mend=mend)


def _check_size(file: str, shape: tuple[int, int], *, findings: Findings) -> None:
    size = 8 * shape[0] * shape[1]
    if size > 2 * limits.LARGEST_TEXT:
        numbers = f"{shape[0]:,} × {shape[1]:,} numbers"
        what = f"the table has {numbers}, more than fits in memory ({size / limits.GIGABYTE:.1f} GB)"
        findings.refuse("too-large", place(file), what=what, mend=limits.SMALLER)


def _whole(matrix: Any) -> bool:
    values = matrix.data if hasattr(matrix, "toarray") else np.asarray(matrix)
    return values.dtype.kind in "iu" or bool(np.all(np.mod(values, 1) == 0))


def _from_frame(file: str, frame: pd.DataFrame, *, findings: Findings) -> RawTable:
    if frame.empty:
        mend = "Export the table again with its rows"
        findings.refuse("header-only", place(file), what="the table holds no rows", mend=mend)
    columns = [_column(frame.iloc[:, i]) for i in range(frame.shape[1])]
    return RawTable(file, list(map(str, frame.columns)), columns, range(1, len(frame) + 1))


def _column(values: pd.Series[Any]) -> NDArray[Any]:
    if pd.api.types.is_integer_dtype(values.dtype) and not values.hasnans:
        return values.to_numpy(dtype=np.int64)
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.array([cell_text(value) for value in values], dtype=object)


def _texts(file: str, names: list[str], records: list[list[Any]], *, first_row: int) -> RawTable:
    kept = [(row, record) for row, record in enumerate(records, start=first_row) if not _is_blank(record)]
    columns = [
        np.array([cell_text(record[i]) for _, record in kept], dtype=object) for i in range(len(names))
    ]
    return RawTable(file, names, columns, [row for row, _ in kept])


def _is_blank(record: list[Any]) -> bool:
    return all(cell_text(cell).strip() == "" for cell in record)


def _excel_errors(table: RawTable, findings: Findings) -> None:
    for name, column in zip(table.names, table.columns, strict=True):
        wrong = [(row, text) for row, text in zip(table.rows, column, strict=True) if text in EXCEL_ERRORS]
        if wrong:
            findings.fault(
                "excel-error",
                place(table.file, column=name, row=wrong[0][0]),
                what=f"{count_of(wrong, 'cell holds', 'cells hold')} an Excel error such as {wrong[0][1]}",
                mend="Mend the formula, or empty the cell",
            )
