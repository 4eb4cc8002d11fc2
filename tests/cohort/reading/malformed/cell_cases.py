"""Cells that are no counts."""

from __future__ import annotations

import numpy as np

from tests.cohort.files import counts_csv, counts_table, metadata_csv, metadata_table
from tests.cohort.reading.malformed.case import (
    Case,
    changed_counts,
    normalised,
    one_cell,
    salmon_tpm,
    set_column,
    tpm,
)

RAW = "Export the raw counts"


CELLS = [
    Case(
        "text", "text-in-counts", ("counts.csv", "'S3'", "row 4"), "Replace the text", counts=one_cell("low")
    ),
    Case(
        "truth values",
        "text-in-counts",
        ("counts.csv", "'S2'", "row 2"),
        "Replace the text",
        counts=changed_counts(set_column("S2", "TRUE"), text=True),
    ),
    Case("empty cell", "missing-count", ("counts.csv", "'S3'", "row 4"), "leave out", counts=one_cell("")),
    Case("NA", "missing-count", ("counts.csv", "'S3'", "row 4"), "leave out", counts=one_cell("NA")),
    Case(
        "empty column",
        "missing-count",
        ("counts.csv", "'S2'", "row 2"),
        "leave out",
        counts=changed_counts(set_column("S2", np.nan)),
    ),
    Case("infinite", "infinite", ("counts.csv", "'S3'", "row 4"), RAW, counts=one_cell("inf")),
    Case("negative", "negative-count", ("counts.csv", "'S3'", "row 4"), RAW, counts=one_cell(-3)),
    Case(
        "too many reads",
        "count-too-large",
        ("counts.csv", "'S3'", "row 4"),
        "Check what",
        counts=one_cell("100000000000000000000"),
    ),
    Case(
        "decimal comma",
        "decimal-comma",
        ("counts.csv", "'S3'", "row 4"),
        "point",
        counts=one_cell("12,5").replace(",", ";").replace('"12;5"', "12,5"),
    ),
    Case(
        "thousands separator",
        "thousands-separator",
        ("counts.csv", "'S3'", "row 4"),
        "12345",
        counts=one_cell("12,345"),
    ),
    Case("fractions", "non-integer", ("counts.csv", "'S3'", "row 4"), RAW, counts=one_cell(3.5)),
    Case("normalised", "non-integer", ("counts.csv", "'S1'", "row 2"), RAW, counts=normalised()),
    Case("TPM", "non-integer", ("counts.csv", "'S1'", "row 2"), RAW, counts=tpm()),
    Case("Salmon TPM", "non-integer", ("counts.csv", "'S1'", "row 2"), RAW, counts=salmon_tpm()),
    Case(
        "logarithms",
        "non-integer",
        ("counts.csv", "'S1'", "row 2"),
        RAW,
        counts=counts_csv(np.log2(counts_table() + 1).round(3)),
    ),
    Case(
        "empty sample",
        "empty-sample",
        ("counts.csv", "'S4'"),
        "Leave it out",
        counts=changed_counts(set_column("S4", 0)),
    ),
    Case(
        "constant sample",
        "constant-sample",
        ("counts.csv", "'S4'"),
        "Leave it out",
        counts=changed_counts(set_column("S4", 7)),
    ),
    Case(
        "nameless gene",
        "missing-gene",
        ("counts.csv", "'gene'", "row 3"),
        "delete these rows",
        counts=counts_csv().replace("\nIFIT3,", "\n,"),
    ),
    Case(
        "metadata decimal comma",
        "decimal-comma",
        ("metadata.csv", "'age'", "row 2"),
        "31.5",
        metadata=metadata_csv(
            metadata_table().assign(age=[str(a).replace(".", ",") for a in metadata_table()["age"]]), sep=";"
        ),
    ),
]
