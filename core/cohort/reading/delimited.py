"""Delimited text: which character separates columns, where the header is, and what the cells hold."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from core.cohort.reading.content import LARGEST_TEXT, Content
from core.cohort.reading.findings import Findings, count_of, listing, place
from core.cohort.reading.raw import Flavour, RawTable

DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons"}
OTHERS = {"|": "'|'", " ": "blanks", ":": "colons"}
# A cell may be longer than the csv module's own limit of 131,072 characters: a quoted line gone astray.
csv.field_size_limit(LARGEST_TEXT)
LINES_LOOKED_AT = 25
WIDE = 2_000
"""Columns from which a table is read row by row: column by column would be slow."""
CUT_OFF = "The file may have been cut off, or a cell may hold the separator: export it again"
FEATURECOUNTS = ["geneid", "chr", "start", "end", "strand", "length"]


@dataclass(frozen=True)
class Layout:
    """How a delimited text is laid out.

    Parameters
    ----------
    delimiter : str
        One character.
    names : list of str
        Column names.
    skipped : int
        Lines up to and including the header.
    flavour : str
        Program whose conventions the text follows.
    """

    delimiter: str
    names: list[str]
    skipped: int
    flavour: Flavour = "plain"


def find_layout(content: Content, findings: Findings) -> Layout:
    """Find delimiter and header, or refuse the text."""
    lines = _first_lines(content.text)
    start, flavour = _header_line(lines)
    body = [line for line in lines[start:] if line.strip()]
    delimiter = _delimiter(body)
    if delimiter is None:
        _no_delimiter(content.file, body, findings=findings)
    if delimiter == ";":
        text = f"{content.file}: columns are separated by semicolons and were read as such."
        findings.notice("delimiter", text)
    names = _split(body[0].removeprefix("#"), delimiter)
    if len(body) > 1 and all(len(_split(line, delimiter)) == len(names) + 1 for line in body[1:]):
        names = ["", *names]
        text = (
            f"{content.file}: the header has one name less than the rows have cells (as R writes it); "
            "the first column was taken for row names."
        )
        findings.notice("short-header", text)
    if flavour == "plain" and [name.lower() for name in names[:6]] == FEATURECOUNTS:
        flavour = "featurecounts"
    return Layout(delimiter, names, start + 1, flavour)


def read_numbers(
    content: Content, layout: Layout, text_columns: Sequence[int], *, findings: Findings
) -> RawTable:
    """Read a table of counts: each column as whole numbers, numbers or text, whatever holds it all.

    Parameters
    ----------
    content, layout
        The text and how it is laid out.
    text_columns : sequence of int
        Positions of columns that are text even if they look like numbers.
    findings : Findings
        Receives the faults.

    Raises
    ------
    UnusableError
        If rows have too few or too many cells, or if there are none.
    """
    data = _body(content.text, layout.skipped)
    if not data.strip():
        _header_only(content.file, findings)
    columns = _read_wide(data, layout) if len(layout.names) >= WIDE else None
    if columns is None:
        columns = _read_columns(data, layout, text_columns)
    if columns is None:
        reader = csv.reader(io.StringIO(data.decode()), delimiter=layout.delimiter)
        widths = ((reader.line_num + layout.skipped, len(record)) for record in reader if record)
        wrong = [(row, width) for row, width in widths if width != len(layout.names)]
        _ragged_rows(content.file, wrong, len(layout.names), findings=findings)
    rows = _row_numbers(data, layout.skipped)
    return RawTable(content.file, layout.names, columns, rows, layout.flavour)


def read_texts(content: Content, layout: Layout, *, findings: Findings) -> RawTable:
    """Read a table with every cell as text, blanks around it included."""
    width, records, rows = len(layout.names), [], []
    text = _body(content.text, layout.skipped).decode()
    reader = csv.reader(io.StringIO(text), delimiter=layout.delimiter)
    wrong = []
    for record in reader:
        row = reader.line_num + layout.skipped
        if not any(cell.strip() for cell in record):
            continue
        while len(record) > width and not record[-1].strip():
            record.pop()
        if len(record) != width:
            wrong.append((row, len(record)))
        records.append(record)
        rows.append(row)
    if wrong:
        _ragged_rows(content.file, wrong, width, findings=findings)
    if not records:
        _header_only(content.file, findings)
    columns = [np.array(column, dtype=object) for column in zip(*records, strict=True)]
    return RawTable(content.file, layout.names, columns, rows, layout.flavour)


def _first_lines(text: bytes) -> list[str]:
    lines: list[str] = []
    for line in io.BytesIO(text):
        lines.append(line.decode().rstrip("\n"))
        if len([seen for seen in lines if seen.strip() and not seen.startswith("#")]) >= LINES_LOOKED_AT:
            break
    return lines


def _header_line(lines: list[str]) -> tuple[int, Flavour]:
    """Return the position of the header: after comments and blank lines, after the size line of a GCT."""
    if lines[0].startswith(("#1.2", "#1.3")) and len(lines) > 2:
        return 2, "gct"
    position = 0
    while position < len(lines) - 1 and _is_preamble(lines[position], lines[position + 1]):
        position += 1
    return position, "plain"


def _is_preamble(line: str, following: str) -> bool:
    """Whether a line is blank or a comment; "#gene,S1,S2" above "A,1,2" is a header and not a comment."""
    if not line.strip():
        return True
    if not line.startswith("#") or following.startswith("#"):
        return line.startswith("#")
    return not any(d in line and line.count(d) == following.count(d) for d in DELIMITERS)


def _delimiter(body: list[str]) -> str | None:
    """Return the character that splits header and rows into the same number of cells, above one."""
    scores: list[tuple[float, int, str]] = []
    for delimiter in DELIMITERS:
        widths = [len(_split(line, delimiter)) for line in body]
        if widths and widths[0] > 1:
            scores.append((max(Counter(widths).values()) / len(widths), widths[0], delimiter))
    return max(scores)[2] if scores else None


def _split(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    return next(csv.reader([line], delimiter=delimiter), [""])


def _no_delimiter(file: str, body: list[str], *, findings: Findings) -> NoReturn:
    other = next((word for char, word in OTHERS.items() if body and body[0].strip().count(char) > 0), None)
    if other:
        what = f"columns seem to be separated by {other}, so the whole line was taken for one column"
    else:
        what = "there is one column only"
    mend = "Export the table again with commas or tabs between the columns"
    findings.refuse("wrong-delimiter", place(file, row=1), what=what, mend=mend)


def _header_only(file: str, findings: Findings) -> NoReturn:
    findings.refuse(
        "header-only",
        place(file),
        what="there is a header, but no row below it",
        mend="Export the table again with its rows",
    )


def _body(text: bytes, skipped: int) -> bytes:
    position = 0
    for _ in range(skipped):
        end = text.find(b"\n", position)
        if end < 0:
            return b""
        position = end + 1
    return text[position:]


def _row_numbers(data: bytes, skipped: int) -> Sequence[int]:
    """Return the line of the file of each record; blank lines hold none."""
    if b"\n\n" not in data and not data.startswith(b"\n"):
        n = data.count(b"\n") + (not data.endswith(b"\n"))
        return range(skipped + 1, skipped + 1 + n)
    return [skipped + 1 + i for i, line in enumerate(data.split(b"\n")) if line]


def _read_wide(data: bytes, layout: Layout) -> list[NDArray[Any]] | None:
    """Read a name and whole numbers per row; None if there is anything else, or a row of another length."""
    if b'"' in data:
        return None
    names, rows = [], []
    for line in data.split(b"\n"):
        if line:
            name, *cells = line.split(layout.delimiter.encode())
            if len(cells) != len(layout.names) - 1:
                return None
            names.append(name.decode())
            try:
                rows.append(np.array(cells).astype(np.int64))
            except ValueError:
                return None
    return [np.array(names, dtype=object), *np.stack(rows, axis=1)]


def _read_columns(data: bytes, layout: Layout, text_columns: Sequence[int]) -> list[NDArray[Any]] | None:
    """Read column by column; None if rows are of different length."""
    keys = [f"c{i}" for i in range(len(layout.names))]
    as_text = {keys[i]: pa.string() for i in text_columns}
    table = _arrow(data, layout, keys, as_text)
    if table is None:
        return None
    # Truth values and dates are no counts: read them as the text they were.
    odd = {key: pa.string() for key, kind in zip(keys, table.schema.types, strict=True) if _is_odd(kind)}
    if odd:
        table = _arrow(data, layout, keys, as_text | odd) or table
    return [column.to_numpy() for column in table.columns]


def _arrow(data: bytes, layout: Layout, keys: list[str], types: dict[str, pa.DataType]) -> pa.Table | None:
    ragged = []

    def refuse(row: arrow_csv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    longest = max(1 << 20, 8 * len(data) // (data.count(b"\n") + 1))
    table = arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(column_names=keys, block_size=min(longest, len(data) + 1)),
        parse_options=arrow_csv.ParseOptions(delimiter=layout.delimiter, invalid_row_handler=refuse),
        convert_options=arrow_csv.ConvertOptions(column_types=types, strings_can_be_null=False),
    )
    return None if ragged else table


def _is_odd(kind: pa.DataType) -> bool:
    return not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_string(kind))


def _ragged_rows(file: str, wrong: list[tuple[int, int]], width: int, *, findings: Findings) -> NoReturn:
    row, n_cells = wrong[0] if wrong else (None, 0)
    others = f" (also rows {listing(r for r, _ in wrong[1:])})" if len(wrong) > 1 else ""
    findings.refuse(
        "ragged-row",
        place(file, row=row),
        what=f"the row has {count_of(n_cells, 'cell')} where the header has {width}{others}",
        mend=CUT_OFF,
    )


def without_empty_columns(table: RawTable) -> RawTable:
    """Drop nameless columns without content, as spreadsheets leave them at the right edge."""
    kept = [
        i
        for i, name in enumerate(table.names)
        if i == 0 or name.strip() or any(text.strip() and text != "nan" for text in table.text(i))
    ]
    return replace(table, names=[table.names[i] for i in kept], columns=[table.columns[i] for i in kept])
