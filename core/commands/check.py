"""Check a count file and its metadata, and write what was found to check.json."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from core.cohort.model import Cohort, Roles
from core.cohort.reading.load import Inspection, inspect_cohort
from core.cohort.samples.groups import check_factor
from core.cohort.samples.quality import quality_notices
from core.errors import Fault, InputError, Notice
from core.options.argv import add_options, spec_from
from core.processes.stopping import write_whole

FILE = "check.json"
NOTES = frozenset(
    (
        "identifier-kind", "delimiter", "encoding", "short-header", "excel-sheet", "h5ad-layer",
        "aligner-names", "annotation-columns", "summary-rows", "old-symbol", "old-symbol-clash",
        "constant-column", "empty-column", "sex-not-checked", "blanks",
    )
)  # fmt: skip
"""Notices that say how the files were read; the others are warnings, which ask for a decision."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    add_input_arguments(parser)
    parser.add_argument("--factor", help="metadata column that holds the groups, to check them too")
    parser.add_argument("--case", help="group to compare")
    parser.add_argument("--control", help="group to compare it with")
    parser.add_argument("--out", type=Path, required=True, help="folder for check.json")


def add_input_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options that say which files to read, and how."""
    parser.add_argument(
        "--counts", type=Path, required=True, help="count file: CSV, TSV (.gz), Parquet or h5ad"
    )
    parser.add_argument("--metadata", type=Path, required=True, help="metadata file: CSV, TSV or XLSX")
    add_options(parser, Roles)
    parser.add_argument(
        "--repair-dates", action="store_true", help="give genes that became dates their name back"
    )
    parser.add_argument("--accept-near", action="store_true", help="join samples written almost alike")


def inspect(args: argparse.Namespace, *, name: str | None = None) -> Inspection:
    """Read the files that the options name."""
    return inspect_cohort(
        args.counts,
        args.metadata,
        name=name,
        roles=spec_from(args, Roles),
        repair_dates=args.repair_dates,
        accept_near=args.accept_near,
    )


def write_report(
    folder: Path, faults: tuple[Fault, ...], notices: tuple[Notice, ...], *, digest: str | None = None
) -> None:
    """Write check.json: faults, warnings, and notes on how the files were read."""
    report: dict[str, object] = {
        "faults": [asdict(fault) for fault in faults],
        "warnings": [asdict(notice) for notice in notices if notice.code not in NOTES],
        "notes": [asdict(notice) for notice in notices if notice.code in NOTES],
    }
    if digest is not None:
        report["digest"] = digest
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / FILE, json.dumps(report, indent=1, ensure_ascii=False))


def run(args: argparse.Namespace) -> None:
    """Check the files; raise InputError with all faults, after writing them down."""
    found = inspect(args)
    faults, notices = found.faults, found.notices
    if found.cohort is not None:
        faults, notices = _examine(found.cohort, args, notices)
    write_report(args.out, faults, notices)
    print(_summary(found.cohort, faults, notices, args.out))
    if faults:
        raise InputError(faults)


def _examine(
    cohort: Cohort, args: argparse.Namespace, notices: tuple[Notice, ...]
) -> tuple[tuple[Fault, ...], tuple[Notice, ...]]:
    groups = check_factor(cohort, args.factor, args.case, args.control) if args.factor else None
    faults = tuple(groups.faults) if groups else ()
    return faults, (*notices, *(groups.notices if groups else ()), *quality_notices(cohort))


def _summary(cohort: Cohort | None, faults: tuple[Fault, ...], notices: tuple[Notice, ...], out: Path) -> str:
    lines = [] if cohort is None else [f"{len(cohort.genes):,} genes in {len(cohort.samples):,} samples."]
    lines += [f"{notice.code}: {notice.message}" for notice in notices if notice.code not in NOTES]
    n_warnings = sum(notice.code not in NOTES for notice in notices)
    lines.append(f"Faults: {len(faults)}. Warnings: {n_warnings}. Written to {out / FILE}.")
    return "\n".join(lines)
