"""The data set that a verb is asked to look at: two files, or one of the store."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from core.cohort.model import Cohort, Roles
from core.cohort.reading.findings import listing
from core.cohort.samples.exclusion import named_exclusions
from core.cohort.stored import find_digest, get_cohort, put_cohort
from core.errors import Fault, InputError
from core.options.argv import add_options, spec_from
from core.spec import Spec
from core.store import Store

S = TypeVar("S", bound=Spec)
NO_ROLES = Roles()


def add_data_set(parser: argparse.ArgumentParser, *, but: Collection[str] = ()) -> None:
    """Add the options that name a data set, its files or its hash in the store, and its columns' roles.

    `but` are the roles of which an option of the analysis itself speaks.
    """
    parser.add_argument("--counts", type=Path, metavar="FILE", help="count matrix")
    parser.add_argument("--metadata", type=Path, metavar="FILE", help="metadata table")
    parser.add_argument("--dataset", metavar="HASH", help="a data set of the store, instead of files")
    add_options(parser, Roles, but=but)


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
    roles: Roles = NO_ROLES,
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
    roles : Roles, optional
        Metadata columns with a meaning of their own.

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

    return put_cohort(store, inspect_cohort(counts, metadata, roles=roles).usable())


def read_data_set(args: argparse.Namespace, store: Store, *, but: Collection[str] = ()) -> str:
    """Return the content hash of the cohort that was asked for, read into the store if need be.

    `but` are the roles that `add_data_set` left out.
    """
    roles = spec_from(args, Roles, but=but)
    if not args.dataset:
        return read_digest(store, args.counts, args.metadata, roles=roles)
    digest = known_digest(store, args.dataset)
    return _with_roles(store, digest, roles) if roles != NO_ROLES else digest


def _with_roles(store: Store, digest: str, roles: Roles) -> str:
    """Return the content hash of a data set of the store with these columns in their roles.

    Raises
    ------
    InputError
        If it lacks any of them.
    """
    cohort, named = get_cohort(store, digest), roles.changed()
    faults = [
        Fault(
            code="unknown-column",
            where=f"option --{role} {column}",
            what="the data set has no such column",
            mend=f"Choose one of {listing(cohort.metadata, most=12)}",
        )
        for role, column in named.items()
        if column not in cohort.metadata
    ]
    if faults:
        raise InputError(faults)
    return put_cohort(store, replace(cohort, roles=replace(cohort.roles, **named)))


def tokens_for(cohort: Cohort, spec: S) -> S:
    """Return a specification whose samples to leave out are named by tokens, where it names any."""
    named: tuple[str, ...] = getattr(spec, "exclude", ())
    if not named:
        return spec
    changes: dict[str, Any] = {"exclude": named_exclusions(map(str, cohort.samples), named)}
    return replace(spec, **changes)
