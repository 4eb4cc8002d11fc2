"""From two files to a cohort: read, match, check, and put into canonical order."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.model import Cohort, Roles
from core.cohort.reading import metadata as meta
from core.cohort.reading.assemble import CountMatrix, assemble
from core.cohort.reading.findings import Findings, UnusableError, listing, place
from core.cohort.reading.match import MatchReport, match_samples, report_match, sample_names
from core.cohort.reading.raw import RawTable
from core.cohort.reading.read import read_counts, read_metadata
from core.errors import Fault, InputError, Notice

FEWEST_SAMPLES = 2
SIMULATED = "simulated"
"""Metadata column that marks simulated data: ``yes`` in every row."""


@dataclass(frozen=True)
class Inspection:
    """What became of two files.

    Parameters
    ----------
    cohort : Cohort or None
        None if there are faults.
    faults, notices : tuple
        Everything that is wrong, and everything a reader must know.
    """

    cohort: Cohort | None
    faults: tuple[Fault, ...]
    notices: tuple[Notice, ...]

    def usable(self) -> Cohort:
        """Return the cohort.

        Raises
        ------
        InputError
            With all faults of both files, where there is none.
        """
        if self.cohort is None:
            raise InputError(self.faults)
        return self.cohort


def inspect_cohort(
    counts_path: Path | str,
    metadata_path: Path | str,
    *,
    name: str | None = None,
    roles: Roles | None = None,
    repair_dates: bool = False,
    accept_near: bool = False,
) -> Inspection:
    """Load a cohort from a count file and a metadata file, or say all that is wrong with them.

    Parameters
    ----------
    counts_path : path
        CSV, TSV (also gzipped), Parquet or h5ad, samples in columns or in rows.
    metadata_path : path
        CSV, TSV (also gzipped), XLSX, Parquet or h5ad, one row per sample.
    name : str, optional
        What to call the cohort; the count file's name if not given.
    roles : Roles, optional
        Which metadata columns hold patient, centre and sex.
    repair_dates : bool
        Give genes whose name a spreadsheet turned into a date their name back.
    accept_near : bool
        Join samples whose names differ only in how they are written.
    """
    counts_path, metadata_path = Path(counts_path), Path(metadata_path)
    roles, findings, cohort = roles or Roles(), Findings(), None
    with suppress(UnusableError):
        counts, table = _read(counts_path, metadata_path, findings)
        report = match_samples(counts, table, findings=findings)
        _refuse_mistaken(counts, table, report, findings=findings)
        report = report_match(report, counts, table, findings, accept_near=accept_near)
        frame = _metadata(table, report, findings, roles)
        read = assemble(counts, report, table.names, findings, repair_dates=repair_dates)
        cohort = _canonical(read, frame, findings, file=table.file)
        notices = tuple(findings.notices)
        cohort = replace(cohort, name=name or _stem(counts_path), roles=roles, notices=notices)
    return Inspection(cohort, tuple(findings.faults), tuple(findings.notices))


def _read(counts_path: Path, metadata_path: Path, findings: Findings) -> tuple[RawTable, RawTable]:
    """Read both files, the second also where the first cannot be used: its faults are told as well."""
    if _is_same(counts_path, metadata_path):
        what, mend = "counts and metadata are the same file", "Give the metadata as a file of their own"
        findings.refuse("same-file", counts_path.name, what=what, mend=mend)
    counts = table = None
    with suppress(UnusableError):
        counts = read_counts(counts_path, findings)
    with suppress(UnusableError):
        table = read_metadata(metadata_path, findings)
        meta.check_header(table, findings)
    if counts is None or table is None:
        raise UnusableError
    return counts, table


def _is_same(one: Path, other: Path) -> bool:
    """Whether two paths are one file; an AnnData file holds counts and metadata both."""
    try:
        return one.suffix != ".h5ad" and one.samefile(other)
    except OSError:
        return False


def _refuse_mistaken(counts: RawTable, table: RawTable, report: MatchReport, *, findings: Findings) -> None:
    """Recognise files that are not what they were given for."""
    both = f"{counts.file} and {table.file}"
    swapped = len(set(table.names[1:]) & set(counts.text(0))) >= FEWEST_SAMPLES
    if not report.matched and swapped and len(table.rows) > len(counts.rows):
        what, mend = "the two files seem to be swapped", "Give the counts first and the metadata second"
        findings.refuse("files-swapped", both, what=what, mend=mend)
    names = sample_names(counts, report.orientation, report.name_column)
    first_of_metadata = report.matched and table.names[0] in set(names)
    if first_of_metadata or (not report.matched and all(map(_is_number, counts.names[1:]))):
        file = table.file if first_of_metadata else counts.file
        what = "the first row is data; the names of the columns are missing"
        findings.refuse("no-header", place(file, row=1), what=what, mend="Add a first row with their names")


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit()


def _metadata(table: RawTable, report: MatchReport, findings: Findings, roles: Roles) -> pd.DataFrame:
    meta.check_identifiers(table, report.identifier, findings=findings)
    frame = meta.typed_metadata(table, report.identifier, findings=findings)
    for role, column in (("patient", roles.patient), ("centre", roles.centre), ("sex", roles.sex)):
        if column is not None and column not in frame.columns:
            _unknown_column(table.file, role, column, list(map(str, frame.columns)), findings=findings)
    return frame


def _unknown_column(file: str, role: str, column: str, columns: list[str], *, findings: Findings) -> None:
    close = get_close_matches(column, columns, n=1, cutoff=0.6)
    hint = f"Did you mean {close[0]!r}? The columns are" if close else "Choose one of"
    findings.fault(
        "unknown-column",
        place(file, column=column),
        what=f"there is no such column for the {role}",
        mend=f"{hint} {listing(columns, most=12)}",
    )


def _canonical(read: CountMatrix, metadata: pd.DataFrame, findings: Findings, *, file: str) -> Cohort:
    """Sort samples, drop metadata of others, and take note of the mark of simulated data."""
    bare = [sample.strip() for sample in read.samples]
    names = bare if len(set(bare)) == len(bare) else read.samples
    order = sorted(range(len(names)), key=names.__getitem__)
    frame = metadata.loc[[read.samples[i] for i in order]]
    frame.index = pd.Index([names[i] for i in order], name=metadata.index.name, dtype=object)
    simulated = SIMULATED in frame and bool((frame[SIMULATED] == "yes").all())
    frame = frame.drop(columns=SIMULATED) if simulated else frame
    meta.report_constant(frame, file, findings=findings)
    return Cohort(
        name="",
        counts=np.ascontiguousarray(read.counts[:, order], dtype=_smallest(read.counts)),
        genes=read.genes,
        metadata=frame,
        simulated=simulated,
    )


def _smallest(counts: NDArray[Any]) -> type[np.int32] | type[np.int64]:
    """Return the smaller type of integer that holds the counts."""
    return np.int32 if counts.max(initial=0) <= np.iinfo(np.int32).max else np.int64


def _stem(path: Path) -> str:
    """Return a file's name without its endings."""
    name = path.name
    for ending in (".gz", ".csv", ".tsv", ".txt", ".parquet", ".h5ad"):
        name = name.removesuffix(ending)
    return name
