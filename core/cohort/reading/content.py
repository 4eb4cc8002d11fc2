"""What a file really contains: recognised by its first bytes, never by its name.

Files too large for the memory of an ordinary computer are refused before they are read.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.cohort.reading.findings import Findings, place

GIGABYTE = 1_000_000_000
LARGEST_FILE = LARGEST_TEXT = GIGABYTE // 2
"""Bytes on disk, and bytes of unpacked text: enough for 60,000 genes in 2,000 samples."""

Kind = Literal["text", "parquet", "hdf5", "excel"]
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
    try:
        return _open(path, findings)
    except FileNotFoundError:
        what, mend = "there is no such file", "Check the path and the spelling of the name"
    except IsADirectoryError:
        what, mend = "this is a folder, not a file", "Name the file inside the folder"
    except PermissionError:
        what, mend = "the file may not be opened by this user", "Change its permissions, or copy it elsewhere"
    except OSError as error:
        what, mend = (
            f"the file cannot be read ({error.strerror})",
            "Copy it to this computer's disk and try again",
        )
    findings.fault("unreadable", place(path.name), what=what, mend=mend)
    return None


def _open(path: Path, findings: Findings) -> Content | None:
    with path.open("rb") as handle:
        head = handle.read(64)
    size = path.stat().st_size
    if size > LARGEST_FILE:
        _too_large(path.name, f"the file has {_gigabytes(size)}", LARGEST_FILE, findings=findings)
        return None
    if size == 0:
        _refuse(
            "empty-file",
            path.name,
            "the file is empty (0 bytes)",
            "Export or download it again",
            findings=findings,
        )
        return None
    if head.startswith(b"\x1f\x8b"):
        return _unpacked(path, findings)
    kind = _kind(head)
    if kind in ("parquet", "hdf5", "excel"):
        return Content(path, path.name, kind)  # type: ignore[arg-type]
    return _text(path, path.read_bytes(), findings=findings)


def _unpacked(path: Path, findings: Findings) -> Content | None:
    again = "Download or copy it again, and compare its size with the original"
    try:
        with gzip.open(path) as handle:
            data = handle.read(LARGEST_TEXT + 1)
    except EOFError:
        _refuse(
            "cut-off", path.name, "the gzip file ends too early: it was cut off", again, findings=findings
        )
        return None
    except (gzip.BadGzipFile, zlib.error):
        _refuse(
            "cut-off", path.name, "the gzip file is damaged and cannot be unpacked", again, findings=findings
        )
        return None
    if len(data) > LARGEST_TEXT:
        _too_large(
            path.name,
            f"unpacked, the file has more than {_gigabytes(LARGEST_TEXT)}",
            LARGEST_TEXT,
            findings=findings,
        )
        return None
    if data[257:262] == b"ustar":
        _foreign(path.name, "an archive of several files (.tar.gz)", findings=findings)
        return None
    if _kind(data[:64]) in ("parquet", "hdf5", "excel"):
        _foreign(path.name, f"{_kind(data[:64])} packed with gzip", findings=findings)
        return None
    return _text(path, data, findings=findings)


def _text(path: Path, data: bytes, *, findings: Findings) -> Content | None:
    kind = _kind(data[:64])
    if kind:
        _foreign(path.name, kind, findings=findings)
        return None
    if data[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        what = "this is a web page, not a table; the download link probably asked for a login"
        _refuse(
            "not-a-table",
            path.name,
            what,
            "Open the link in a browser and download the file itself",
            findings=findings,
        )
        return None
    data = _as_utf8(path.name, data, findings=findings)
    if not data.strip():
        if not findings.faults or findings.faults[-1].where.split(",")[0] != path.name:
            _refuse(
                "empty-file",
                path.name,
                "the file holds no text",
                "Export or download it again",
                findings=findings,
            )
        return None
    return Content(path, path.name, "text", data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))


def _as_utf8(file: str, data: bytes, *, findings: Findings) -> bytes:
    """Return the text as UTF-8 without a mark; empty, with a fault, where that is impossible."""
    mark = next((encoding for start, encoding in TEXT_MARKS if data.startswith(start)), None)
    try:
        if mark:
            data = data.decode(mark).encode()
        elif not data.isascii():
            data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        findings.fault(
            "encoding",
            place(file, row=row),
            what="letters are stored in an old encoding (not UTF-8), so names with accents would be garbled",
            mend="Save it as 'CSV UTF-8' in the program it came from",
        )
        return b""
    if b"\x00" in data:
        _foreign(file, "binary data", findings=findings)
        return b""
    if mark == "utf-16":
        findings.notice(
            "encoding", f"{file} is stored as UTF-16 (Excel's 'Unicode text') and was read as such."
        )
    return data


def _kind(head: bytes) -> str:
    return next((kind for start, kind in SIGNATURES if head.startswith(start)), "")


def _refuse(code: str, file: str, what: str, mend: str, *, findings: Findings) -> None:
    findings.fault(code, place(file), what=what, mend=mend)


def _foreign(file: str, kind: str, *, findings: Findings) -> None:
    if kind == OLD_EXCEL:
        mend = "Open it in Excel and save it as 'CSV UTF-8', or for metadata as .xlsx"
        _refuse("excel-file", file, f"this is {kind}, which is not read here", mend, findings=findings)
        return
    mend = (
        "Give the table itself as CSV, TSV (also .gz), Parquet or h5ad; in R: write.csv(counts, 'counts.csv')"
    )
    _refuse(
        "not-a-table",
        file,
        f"this is {kind}, not a table in a format that is read here",
        mend,
        findings=findings,
    )


def _too_large(file: str, what: str, limit: int, *, findings: Findings) -> None:
    _refuse("too-large", file, f"{what}; the limit is {_gigabytes(limit)}", SMALLER, findings=findings)


def _gigabytes(size: int) -> str:
    return f"{size / GIGABYTE:.1f} GB"
