"""Files that cannot be read as tables at all."""

from __future__ import annotations

import gzip
from pathlib import Path

from tests.cohort.files import counts_csv, metadata_csv
from tests.cohort.reading.malformed.case import (
    Case,
    changed_metadata,
    damaged_gzip,
    empty_h5ad,
    parquet,
    sparse_file,
    symlink_loop,
    tar,
)

TABLE = "Give the table itself"


FILES = [
    Case(
        "counts missing",
        "unreadable",
        ("absent.csv",),
        "Check the path",
        counts=lambda path: None,
        counts_name="absent.csv",
    ),
    Case(
        "metadata missing",
        "unreadable",
        ("absent.csv",),
        "Check the path",
        metadata=lambda path: None,
        metadata_name="absent.csv",
    ),
    Case(
        "folder for a file",
        "unreadable",
        ("counts",),
        "inside the folder",
        counts=Path.mkdir,
        counts_name="counts",
    ),
    Case(
        "metadata a folder",
        "unreadable",
        ("meta",),
        "inside the folder",
        metadata=Path.mkdir,
        metadata_name="meta",
    ),
    Case("unreadable", "unreadable", ("counts.csv",), "Copy it", counts=symlink_loop),
    Case("empty file", "empty-file", ("counts.csv",), "again", counts=b""),
    Case("blank lines only", "empty-file", ("counts.csv",), "again", counts="\n  \n\n"),
    Case("empty metadata", "empty-file", ("metadata.csv",), "again", metadata=b""),
    Case(
        "empty gzip",
        "empty-file",
        ("counts.csv.gz",),
        "again",
        counts=gzip.compress(b""),
        counts_name="counts.csv.gz",
    ),
    Case("header only", "header-only", ("counts.csv",), "with its rows", counts="gene,S1,S2,S3\n"),
    Case(
        "metadata header only", "header-only", ("metadata.csv",), "with its rows", metadata="sample,group\n"
    ),
    Case(
        "gzip cut off",
        "cut-off",
        ("counts.csv.gz",),
        "compare its size",
        counts=gzip.compress(counts_csv().encode())[:-40],
        counts_name="counts.csv.gz",
    ),
    Case(
        "gzip damaged",
        "cut-off",
        ("counts.csv.gz",),
        "compare its size",
        counts=damaged_gzip(),
        counts_name="counts.csv.gz",
    ),
    Case(
        "text cut off",
        "ragged-row",
        ("counts.csv", "row 31"),
        "cut off",
        counts=counts_csv().rstrip("\n").rsplit(",", 2)[0],
    ),
    Case("2 GB", "too-large", ("counts.csv",), ".csv.gz or Parquet", counts=sparse_file),
    Case(
        "web page",
        "not-a-table",
        ("counts.csv",),
        "Open the link in a browser",
        counts="<!DOCTYPE html>\n<html><body>Sign in</body></html>",
    ),
    Case("PDF", "not-a-table", ("metadata.csv",), TABLE, metadata=b"%PDF-1.7 ..."),
    Case(
        "R object",
        "not-a-table",
        ("counts.rds",),
        "write.csv",
        counts=gzip.compress(b"X\n\x00\x00\x00\x03\x00\x04"),
        counts_name="counts.rds",
    ),
    Case(
        "archive of files",
        "not-a-table",
        ("counts.tar.gz",),
        TABLE,
        counts=tar(),
        counts_name="counts.tar.gz",
    ),
    Case(
        "bzip2",
        "not-a-table",
        ("counts.csv.bz2",),
        TABLE,
        counts=b"BZh91AY&SY...",
        counts_name="counts.csv.bz2",
    ),
    Case("binary", "not-a-table", ("counts.csv",), TABLE, counts=b"gene,S1\x00\x01\x02,S2\n"),
    Case(
        "UTF-16 without mark",
        "not-a-table",
        ("metadata.csv",),
        TABLE,
        metadata=metadata_csv().encode("utf-16-le"),
    ),
    Case(
        "Parquet cut off",
        "damaged",
        ("counts.parquet",),
        "again",
        counts=parquet()[:-60],
        counts_name="counts.parquet",
    ),
    Case(
        "Parquet in gzip",
        "not-a-table",
        ("counts.gz",),
        TABLE,
        counts=gzip.compress(parquet()),
        counts_name="counts.gz",
    ),
    Case(
        "h5ad damaged",
        "damaged",
        ("counts.h5ad",),
        "write_h5ad",
        counts=b"\x89HDF\r\n\x1a\n" + b"\x00" * 200,
        counts_name="counts.h5ad",
    ),
    Case(
        "h5ad without counts",
        "no-counts",
        ("counts.h5ad",),
        "layer named 'counts'",
        counts=empty_h5ad,
        counts_name="counts.h5ad",
    ),
    Case(
        "Latin-1 metadata",
        "encoding",
        ("metadata.csv", "row 3"),
        "CSV UTF-8",
        metadata=changed_metadata(centre=["A", "Köln", *"CCCCCC"]).encode("latin-1"),
    ),
    Case(
        "Latin-1 counts",
        "encoding",
        ("counts.csv", "row 32"),
        "CSV UTF-8",
        counts=(counts_csv() + "β-actin" + ",1" * 8 + "\n").encode("iso8859-7"),
    ),
]
