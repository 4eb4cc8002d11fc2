"""What a file really contains: recognised by its first bytes, never by its name.

Files too large for the memory of an ordinary computer are refused before they are read.
"""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn, get_args

from core.cohort.reading.findings import Findings, UnusableError, place

GIGABYTE = 1_000_000_000
LARGEST_FILE = LARGEST_TEXT = GIGABYTE // 2
"""Bytes on disk, and bytes of unpacked text: enough for 60,000 genes in 2,000 samples."""

Kind = Literal["text", "parquet", "hdf5", "excel"]
READABLE: frozenset[str] = frozenset(get_args(Kind))
SMALLER = (
    "Keep the genes × samples counts only, without per-transcript or per-cell rows, "
    "and save them as .csv.gz or Parquet"
)
OLD_EXCEL = "an old Excel workbook (.xls)"
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "parquet"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"PK\x03\x04", "excel"),
    (b"\xd0\xcf\x11\xe0", OLD_EXCEL),
    (b"BZh", "packed with bzip2"),
    (b"\xfd7zXZ\x00", "packed with xz"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF document"),
    (b"RDX2", "an R workspace (.RData)"),
    (b"RDX3", "an R workspace (.RData)"),
    (b"X\n\x00\x00\x00", "an R object (.rds)"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"SQLite format 3", "a database"),
)
TEXT_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True)
class Content:
    """A file's content, ready for the reader of its kind.

    Parameters
    ----------
    path : Path
        Where it was.
    file : str
        Its name, for messages.
    kind : {"text", "parquet", "hdf5", "excel"}
        What it is.
    text : bytes
        UTF-8 text with Unix line ends, for kind "text"; else empty.
    """

    path: Path
    file: str
    kind: Kind
    text: bytes = b""


def open_content(path: Path, findings: Findings) -> Content | None:
    """Look at a file and return its content, or None with the reasons among the findings."""
    with suppress(UnusableError):
        return read_content(path, findings)
    return None


def read_content(path: Path, findings: Findings) -> Content:
    """Look at a file and return its content.

    Raises
    ------
    UnusableError
        If there is none that can be read.
    """
    try:
        return _open(path, findings)
    except FileNotFoundError:
        what, mend = "there is no such file", "Check the path and the spelling of the name"
    except IsADirectoryError:
        what, mend = "this is a folder, not a file", "Name the file inside the folder"
    except PermissionError:
        what, mend = "the file may not be opened by this user", "Change its permissions, or copy it elsewhere"
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        mend = "Copy it to this computer's disk and try again"
    findings.refuse("unreadable", place(path.name), what=what, mend=mend)


def _open(path: Path, findings: Findings) -> Content:
    with path.open("rb") as handle:
        head = handle.read(64)
    size = path.stat().st_size
    if size > LARGEST_FILE:
        _too_large(path.name, f"the file has {_gigabytes(size)}", LARGEST_FILE, findings=findings)
    if size == 0:
        _empty(path.name, "the file is empty (0 bytes)", findings=findings)
    if head.startswith(b"\x1f\x8b"):
        return _text(path, _unpacked(path, findings), findings=findings)
    kind = _kind(head)
    if kind in READABLE:
        return Content(path, path.name, kind)  # type: ignore[arg-type]
    return _text(path, path.read_bytes(), findings=findings)


def _unpacked(path: Path, findings: Findings) -> bytes:
    try:
        with gzip.open(path) as handle:
            data = handle.read(LARGEST_TEXT + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        cut_off = isinstance(error, EOFError)
        how = "ends too early: it was cut off" if cut_off else "is damaged and cannot be unpacked"
        again = "Download or copy it again, and compare its size with the original"
        findings.refuse("cut-off", place(path.name), what=f"the gzip file {how}", mend=again)
    if len(data) > LARGEST_TEXT:
        what = f"unpacked, the file has more than {_gigabytes(LARGEST_TEXT)}"
        _too_large(path.name, what, LARGEST_TEXT, findings=findings)
    if data[257:262] == b"ustar":
        _foreign(path.name, "an archive of several files (.tar.gz)", findings=findings)
    if (kind := _kind(data[:64])) in READABLE:
        _foreign(path.name, f"{kind} packed with gzip", findings=findings)
    return data


def _text(path: Path, data: bytes, *, findings: Findings) -> Content:
    if kind := _kind(data[:64]):
        _foreign(path.name, kind, findings=findings)
    if data[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        findings.refuse(
            "not-a-table",
            place(path.name),
            what="this is a web page, not a table; the download link probably asked for a login",
            mend="Open the link in a browser and download the file itself",
        )
    data = _as_utf8(path.name, data, findings=findings)
    if not data.strip():
        _empty(path.name, "the file holds no text", findings=findings)
    return Content(path, path.name, "text", data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))


def _as_utf8(file: str, data: bytes, *, findings: Findings) -> bytes:
    """Return the text as UTF-8 without a mark."""
    mark = next((encoding for start, encoding in TEXT_MARKS if data.startswith(start)), None)
    try:
        if mark:
            data = data.decode(mark).encode()
        elif not data.isascii():
            data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        findings.refuse(
            "encoding",
            place(file, row=row),
            what="letters are stored in an old encoding (not UTF-8), so names with accents would be garbled",
            mend="Save it as 'CSV UTF-8' in the program it came from",
        )
    if b"\x00" in data:
        _foreign(file, "binary data", findings=findings)
    if mark == "utf-16":
        findings.notice(
            "encoding", f"{file} is stored as UTF-16 (Excel's 'Unicode text') and was read as such."
        )
    return data


def _kind(head: bytes) -> str:
    return next((kind for start, kind in SIGNATURES if head.startswith(start)), "")


def _empty(file: str, what: str, *, findings: Findings) -> NoReturn:
    findings.refuse("empty-file", place(file), what=what, mend="Export or download it again")


def _foreign(file: str, kind: str, *, findings: Findings) -> NoReturn:
    if kind == OLD_EXCEL:
        what = f"this is {kind}, which is not read here"
        mend = "Open it in Excel and save it as 'CSV UTF-8', or for metadata as .xlsx"
        findings.refuse("excel-file", place(file), what=what, mend=mend)
    what = f"this is {kind}, not a table in a format that is read here"
    mend = (
        "Give the table itself as CSV, TSV (also .gz), Parquet or h5ad; in R: write.csv(counts, 'counts.csv')"
    )
    findings.refuse("not-a-table", place(file), what=what, mend=mend)


def _too_large(file: str, what: str, limit: int, *, findings: Findings) -> NoReturn:
    what = f"{what}; the limit is {_gigabytes(limit)}"
    findings.refuse("too-large", place(file), what=what, mend=SMALLER)


def _gigabytes(size: int) -> str:
    return f"{size / GIGABYTE:.1f} GB"
