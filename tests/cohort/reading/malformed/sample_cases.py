"""Samples and groups that do not fit together."""

from __future__ import annotations

from tests.cohort.files import SAMPLES, counts_csv, counts_table, metadata_csv, metadata_table
from tests.cohort.reading.malformed.case import Case, changed_metadata, first_rows, renamed, renamed_samples

ALIKE = "Write them alike"
NUMERIC_GENES = tuple(str(i) for i in range(1, 9))
COMPARE = ("--factor", "group", "--case", "TRD", "--control", "non-TRD")


SAMPLE_NAMES = [
    Case(
        "duplicated sample",
        "duplicate-identifier",
        ("counts.csv", "'S1'"),
        "name of its own",
        counts=renamed_samples(S2="S1"),
    ),
    Case(
        "duplicated sample in rows",
        "duplicate-identifier",
        ("counts.csv", "'S1'"),
        "name of its own",
        counts=counts_csv(counts_table().rename(columns={"S2": "S1"}).T.rename_axis("sample")),
    ),
    Case(
        "duplicated metadata row",
        "duplicate-identifier",
        ("metadata.csv", "'sample'", "row 3"),
        "one row per sample",
        metadata=renamed(S2="S1"),
    ),
    Case(
        "metadata without identifier",
        "missing-identifier",
        ("metadata.csv", "'sample'", "row 4"),
        "Fill in",
        metadata=renamed(S3=""),
    ),
    Case(
        "no sample in common",
        "no-match",
        ("counts.csv", "metadata.csv"),
        "first column",
        metadata=renamed(**{s: f"patient {i}" for i, s in enumerate(SAMPLES)}),
    ),
    Case(
        "one sample in common",
        "too-few-samples",
        ("counts.csv",),
        "Add the other samples",
        metadata=first_rows(1),
    ),
    Case(
        "capitals", "near-match", ("counts.csv", "metadata.csv", "'sample'"), ALIKE, metadata=renamed(S2="s2")
    ),
    Case("blank after name", "near-match", ("counts.csv", "metadata.csv"), ALIKE, metadata=renamed(S2="S2 ")),
    Case(
        "blank before name",
        "near-match",
        ("counts.csv", "metadata.csv"),
        ALIKE,
        counts=renamed_samples(S2=" S2"),
    ),
    Case(
        "hyphen and point",
        "near-match",
        ("counts.csv", "metadata.csv"),
        "'A.1' → 'A-1'",
        counts=renamed_samples(S1="A.1"),
        metadata=renamed(S1="A-1"),
    ),
    Case(
        "hyphen and underscore",
        "near-match",
        ("counts.csv", "metadata.csv"),
        "'A_1' → 'A-1'",
        counts=renamed_samples(S1="A_1"),
        metadata=renamed(S1="A-1"),
    ),
    Case(
        "X before digit",
        "near-match",
        ("counts.csv", "metadata.csv"),
        "'X1a' → '1a'",
        counts=renamed_samples(S1="X1a"),
        metadata=renamed(S1="1a"),
    ),
    Case(
        "BAM endings",
        "near-match",
        ("counts.csv", "metadata.csv"),
        "'S1.sorted.bam' → 'S1'",
        counts=renamed_samples(**{s: f"{s}.sorted.bam" for s in SAMPLES}),
    ),
    Case(
        "lost zeros",
        "near-match",
        ("counts.csv", "metadata.csv"),
        "'7' → '007'",
        counts=renamed_samples(S1="7"),
        metadata=renamed(S1="007"),
    ),
    Case(
        "rows or columns",
        "ambiguous-orientation",
        ("counts.csv",),
        "not names of genes",
        counts=counts_csv(counts_table(NUMERIC_GENES, tuple(map(str, range(1, 31))))),
        metadata=metadata_csv(metadata_table(NUMERIC_GENES)),
    ),
    Case(
        "unknown patient column",
        "unknown-column",
        ("metadata.csv", "'patients'"),
        "Choose one of",
        options=("--patient", "patients"),
    ),
    Case(
        "misspelt sex column", "unknown-column", ("metadata.csv", "'Sex'"), "'sex'", options=("--sex", "Sex")
    ),
]

GROUPS = [
    Case(
        "one level",
        "one-level",
        ("'group'",),
        "two groups",
        metadata=changed_metadata(group="TRD"),
        options=COMPARE,
    ),
    Case("unknown factor", "unknown-column", ("'grp'",), "'group'", options=("--factor", "grp")),
    Case(
        "unknown level",
        "unknown-level",
        ("'group'",),
        "'non-TRD'",
        options=("--factor", "group", "--case", "TRD", "--control", "healthy"),
    ),
    Case(
        "equal levels",
        "same-level",
        ("'group'",),
        "two different",
        options=("--factor", "group", "--case", "TRD", "--control", "TRD"),
    ),
    Case(
        "small group",
        "small-group",
        ("'group'",),
        "Add samples",
        metadata=changed_metadata(group=["TRD"] * 2 + ["non-TRD"] * 6),
        options=COMPARE,
    ),
    Case(
        "no groups",
        "too-many-levels",
        ("'code'",),
        "a few groups",
        metadata=metadata_csv(
            metadata_table(tuple(f"S{i}" for i in range(1, 41))).assign(code=[f"k{i}" for i in range(40)])
        ),
        counts=counts_csv(counts_table(tuple(f"S{i}" for i in range(1, 41)))),
        options=("--factor", "code"),
    ),
]
