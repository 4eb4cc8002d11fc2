"""The data set that a verb is asked to look at: two files, or one of the store."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from core.cohort.model import Cohort, Roles
from core.cohort.reading.findings import listing
from core.cohort.samples.exclusion import named_exclusions
from core.cohort.stored import find_digest, get_cohort, put_cohort
from core.errors import InputError
from core.spec import Spec
from core.store import Store

S = TypeVar("S", bound=Spec)


def add_data_set(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a data set: its files, or its hash in the store."""
    parser.add_argument("--counts", type=Path, metavar="FILE", help="count matrix")
    parser.add_argument("--metadata", type=Path, metavar="FILE", help="metadata table")
    parser.add_argument("--dataset", metavar="HASH", help="a data set of the store, instead of files")
    parser.add_argument(
        "--patient", metavar="COL", help="metadata column that names patients: samples of one are alike"
    )


def known_digest(store: Store, prefix: str, *, option: str = "--dataset") -> str:
    """Return the content hash that starts with what was given.

    Raises
    ------
    InputError
        If the store has no such data set, or several.
    """
    digest = find_digest(store, prefix)
    if digest is None:
        raise InputError.of(
            code="unknown-data-set",
            where=f"option {option} {prefix}",
            what="the store has no such data set, or more than one",
            mend="Give at least 8 characters of a hash that the Data page shows, or --counts and --metadata",
        )
    return digest


def read_digest(
    store: Store,
    counts: Path | None,
    metadata: Path | None,
    *,
    prefix: str = "",
    instead: str = "--dataset",
    patient: str | None = None,
) -> str:
    """Return the content hash of a cohort, read from its files into the store.

    Parameters
    ----------
    store : Store
        Where it goes.
    counts, metadata : Path or None
        Its files.
    prefix : str
        What the names of the two options begin with, for messages.
    instead : str
        Option for a data set of the store.
    patient : str, optional
        Metadata column that names patients.

    Raises
    ------
    InputError
        If a file is missing or cannot be used.
    """
    if counts is None or metadata is None:
        raise InputError.of(
            code="no-data-set",
            where=f"options --{prefix}counts, --{prefix}metadata",
            what="both are needed",
            mend=f"Give both files, or {instead} with the hash of a data set in the store",
        )
    from core.cohort.reading.load import inspect_cohort

    return put_cohort(store, inspect_cohort(counts, metadata, roles=Roles(patient=patient)).usable())


def read_data_set(args: argparse.Namespace, store: Store) -> str:
    """Return the content hash of the cohort that was asked for, read into the store if need be."""
    if not args.dataset:
        return read_digest(store, args.counts, args.metadata, patient=args.patient)
    digest = known_digest(store, args.dataset)
    return digest if args.patient is None else _with_patient(store, digest, args.patient)


def _with_patient(store: Store, digest: str, column: str) -> str:
    """Return the content hash of a data set of the store whose patients this column names.

    Raises
    ------
    InputError
        If it has no such column.
    """
    cohort = get_cohort(store, digest)
    if column not in cohort.metadata:
        raise InputError.of(
            code="unknown-column",
            where=f"option --patient {column}",
            what="the data set has no such column",
            mend=f"Choose one of {listing(cohort.metadata, most=12)}",
        )
    return put_cohort(store, replace(cohort, roles=replace(cohort.roles, patient=column)))


def tokens_for(cohort: Cohort, spec: S) -> S:
    """Return a specification whose samples to leave out are named by tokens, where it names any."""
    named: tuple[str, ...] = getattr(spec, "exclude", ())
    if not named:
        return spec
    changes: dict[str, Any] = {"exclude": named_exclusions(map(str, cohort.samples), named)}
    return replace(spec, **changes)
