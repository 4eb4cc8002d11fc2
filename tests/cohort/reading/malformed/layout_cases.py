"""Excel files, wrong delimiters, ragged rows and missing headers."""

from __future__ import annotations

from tests.cohort.files import SAMPLES, counts_csv, counts_table, metadata_csv
from tests.cohort.reading.malformed.case import Case, damaged, drop_line, metadata_rows, workbook, zip_archive

EXCEL = [
    Case(
        "Excel counts",
        "excel-file",
        ("counts.xlsx",),
        "CSV or TSV",
        counts=workbook([["gene", "S1"], ["TP53", 1]]),
        counts_name="counts.xlsx",
    ),
    Case(
        "Excel counts renamed",
        "excel-file",
        ("counts.csv",),
        "CSV or TSV",
        counts=workbook([["gene", "S1"], ["TP53", 1]]),
    ),
    Case(
        "Excel metadata renamed",
        "excel-file",
        ("metadata.csv",),
        "ends in .xlsx",
        metadata=workbook(metadata_rows()),
    ),
    Case(
        "old Excel",
        "excel-file",
        ("metadata.xls",),
        "CSV UTF-8",
        metadata=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        metadata_name="metadata.xls",
    ),
    Case(
        "zip for a workbook",
        "damaged",
        ("metadata.xlsx",),
        "Unpack it",
        metadata=zip_archive(),
        metadata_name="metadata.xlsx",
    ),
    Case(
        "workbook cut off",
        "damaged",
        ("metadata.xlsx",),
        "save it again",
        metadata=workbook(metadata_rows())[:900],
        metadata_name="metadata.xlsx",
    ),
    Case(
        "workbook damaged",
        "damaged",
        ("metadata.xlsx",),
        "save it again",
        metadata=damaged(workbook(metadata_rows())),
        metadata_name="metadata.xlsx",
    ),
    Case(
        "empty sheet",
        "empty-file",
        ("metadata.xlsx",),
        "first sheet",
        metadata=workbook([]),
        metadata_name="metadata.xlsx",
    ),
    Case(
        "Excel error",
        "excel-error",
        ("metadata.xlsx", "'age'", "row 4"),
        "Mend the formula",
        metadata=workbook(
            [
                [("#DIV/0!" if (i, j) == (3, 2) else v) for j, v in enumerate(r)]
                for i, r in enumerate(metadata_rows())
            ]
        ),
        metadata_name="metadata.xlsx",
    ),
]

LAYOUT = [
    Case(
        "wrong delimiter",
        "wrong-delimiter",
        ("counts.csv", "row 1"),
        "commas or tabs",
        counts=counts_csv(sep="|"),
    ),
    Case(
        "blanks as delimiter",
        "wrong-delimiter",
        ("metadata.csv", "row 1"),
        "commas or tabs",
        metadata=metadata_csv(sep=" "),
    ),
    Case(
        "one column",
        "wrong-delimiter",
        ("metadata.csv",),
        "commas or tabs",
        metadata="\n".join(("sample", *SAMPLES)),
    ),
    Case(
        "short row",
        "ragged-row",
        ("counts.csv", "row 5"),
        "cut off",
        counts=drop_line(counts_csv(), 5, cells=2),
    ),
    Case(
        "long row",
        "ragged-row",
        ("counts.csv", "row 4"),
        "separator",
        counts=counts_csv().replace("FKBP5,", "FKBP5,51 kDa,"),
    ),
    Case(
        "metadata short row",
        "ragged-row",
        ("metadata.csv", "row 3"),
        "separator",
        metadata=drop_line(metadata_csv(), 3, cells=1),
    ),
    Case(
        "comma in a cell",
        "ragged-row",
        ("metadata.csv", "row 2"),
        "separator",
        metadata=metadata_csv().replace("S1,TRD", "S1,TRD, severe"),
    ),
    Case(
        "metadata without header",
        "no-header",
        ("metadata.csv", "row 1"),
        "first row",
        metadata=metadata_csv().split("\n", 1)[1],
    ),
    Case(
        "counts without header",
        "no-header",
        ("counts.csv", "row 1"),
        "first row",
        counts=counts_csv().split("\n", 1)[1],
    ),
    Case(
        "duplicated metadata header",
        "duplicate-column",
        ("metadata.csv", "'age'", "row 1"),
        "Rename",
        metadata=metadata_csv().replace("centre", "age", 1),
    ),
    Case(
        "nameless metadata column",
        "nameless-column",
        ("metadata.csv", "row 1"),
        "name",
        metadata=metadata_csv().replace("centre", "", 1),
    ),
    Case(
        "files swapped",
        "files-swapped",
        ("counts.csv", "metadata.csv"),
        "counts first",
        counts=metadata_csv(),
        metadata=counts_csv(),
    ),
    Case(
        "featureCounts summary",
        "summary-file",
        ("counts.csv",),
        ".summary",
        counts="Status\t"
        + "\t".join(SAMPLES)
        + "\nAssigned"
        + "\t9" * 8
        + "\nUnassigned_Unmapped"
        + "\t7" * 8
        + "\n",
    ),
    Case(
        "genes numbered",
        "row-numbers",
        ("counts.csv", "row 2"),
        "row.names",
        counts=counts_csv(counts_table().set_axis(range(1, 31)).rename_axis("gene")),
    ),
    Case(
        "no gene names",
        "no-gene-names",
        ("counts.csv", "'S1'"),
        "first column",
        counts=counts_table().to_csv(index=False),
    ),
]
