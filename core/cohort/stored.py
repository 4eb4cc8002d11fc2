"""Cohorts in the store: written once, opened memory-mapped."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

from core.cohort.model import Cohort, Roles, content_hash
from core.errors import Fault, InputError, notices_from
from core.store import Draft, Entry, Store

KIND = "cohorts"


@dataclass(frozen=True)
class CohortCard:
    """What a list of cohorts shows without opening their counts."""

    digest: str
    name: str
    n_samples: int
    n_genes: int
    simulated: bool
    roles: Roles


def put_cohort(store: Store, cohort: Cohort) -> str:
    """Write a cohort and return its content hash; a cohort already there is left alone."""
    digest = content_hash(cohort)

    def write(draft: Draft) -> None:
        draft.write_array("counts", cohort.counts)
        draft.write_table("genes", cohort.genes)
        draft.write_table("metadata", cohort.metadata)
        draft.run |= {
            "name": cohort.name,
            "n_samples": len(cohort.metadata),
            "n_genes": len(cohort.genes),
            "simulated": cohort.simulated,
            "roles": asdict(cohort.roles),
            "notices": [asdict(notice) for notice in cohort.notices],
        }

    store.get_or_compute(digest, write, kind=KIND)
    return digest


def get_cohort(store: Store, digest: str) -> Cohort:
    """Open a cohort by its content hash, its counts memory-mapped.

    Raises
    ------
    InputError
        If the store does not have it, or what it has is damaged.
    """
    entry = store.get(digest, kind=KIND)
    if entry is None:
        raise InputError([_absent(digest)])
    run = entry.run
    return Cohort(
        name=run["name"],
        counts=entry.array("counts"),
        genes=entry.table("genes"),
        metadata=_metadata(entry),
        roles=Roles(**run["roles"]),
        simulated=run["simulated"],
        notices=notices_from(run["notices"]),
    )


def list_cohorts(store: Store) -> list[CohortCard]:
    """Return a card for every cohort in the store, by name."""
    cards = []
    for key in store.keys(kind=KIND):
        entry = store.get(key, kind=KIND)
        if entry is not None:
            run = entry.run
            cards.append(
                CohortCard(
                    digest=key,
                    name=run["name"],
                    n_samples=run["n_samples"],
                    n_genes=run["n_genes"],
                    simulated=run["simulated"],
                    roles=Roles(**run["roles"]),
                )
            )
    return sorted(cards, key=lambda card: (card.name, card.digest))


def find_digest(store: Store, prefix: str) -> str | None:
    """Return the one content hash that starts with `prefix` (8 characters or more), else None."""
    found = [key for key in store.keys(kind=KIND) if key.startswith(prefix)]
    return found[0] if len(prefix) >= 8 and len(found) == 1 else None


def _metadata(entry: Entry) -> pd.DataFrame:
    table = entry.table("metadata")
    text = table.select_dtypes(include="object").columns
    table[text] = table[text].astype(object).where(table[text].notna(), None)
    return table


def _absent(digest: str) -> Fault:
    return Fault(
        code="unknown-data-set",
        where=f"data set {digest[:12]}",
        what="it is not in the store of this computer, or its files are damaged",
        mend="Load its files again on the Data page; the link then works",
    )
