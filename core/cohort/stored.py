"""Cohorts in the store: written once, opened memory-mapped."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from core.cohort.model import Cohort, Roles, content_hash
from core.errors import InputError, Notice, notices_from
from core.store import Draft, Store

KIND = "cohorts"
# What comes of an entry of another version: a role or a field that is not known, or is not there.
OTHER_VERSION = (KeyError, TypeError, AttributeError, ValueError, FileNotFoundError)


@dataclass(frozen=True)
class CohortCard:
    """What a list of cohorts shows without opening their counts."""

    digest: str
    name: str
    n_samples: int
    n_genes: int
    simulated: bool
    roles: Roles
    notices: tuple[Notice, ...] = ()


def put_cohort(store: Store, cohort: Cohort) -> str:
    """Write a cohort and return its content hash; a cohort that can be read there is left alone."""
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

    try:
        get_cohort(store, digest)
    except InputError:  # absent, or there in a form that cannot be read
        store.discard(digest, kind=KIND)
    store.get_or_compute(digest, write, kind=KIND)
    return digest


def get_cohort(store: Store, digest: str) -> Cohort:
    """Open a cohort by its content hash, its counts memory-mapped.

    Raises
    ------
    InputError
        If the store does not have it, what it has is damaged, or another version has written it so that
        it cannot be read.
    """
    entry = store.get(digest, kind=KIND)
    if entry is None:
        raise InputError.of(
            code="unknown-data-set",
            where=f"data set {digest[:12]}",
            what="it is not in the store of this computer, or its files are damaged",
            mend="Load its files again on the Data page; the link then works",
        )
    try:
        card, metadata = _card(digest, entry.run), entry.table("metadata")
        text = metadata.select_dtypes(include="object").columns
        metadata[text] = metadata[text].astype(object).where(metadata[text].notna(), None)
        return Cohort(
            name=card.name,
            counts=entry.array("counts"),
            genes=entry.table("genes"),
            metadata=metadata,
            roles=card.roles,
            simulated=card.simulated,
            notices=card.notices,
        )
    except OTHER_VERSION as error:
        raise InputError.of(
            code="unreadable-data-set",
            where=f"data set {digest[:12]}",
            what=f"another version of this program has written it, and this one cannot read it ({error})",
            mend="Load its files again on the Data page",
        ) from error


def find_card(store: Store, digest: str) -> CohortCard | None:
    """Return the card of a cohort; None where the store has none, or none that this version can read."""
    entry = store.get(digest, kind=KIND)
    try:
        return None if entry is None else _card(digest, entry.run)
    except OTHER_VERSION:
        return None


def list_cohorts(store: Store) -> list[CohortCard]:
    """Return a card for every cohort in the store that can be read, by name."""
    cards = [card for key in store.keys(kind=KIND) if (card := find_card(store, key)) is not None]
    return sorted(cards, key=lambda card: (card.name, card.digest))


def find_digest(store: Store, prefix: str) -> str | None:
    """Return the one content hash that starts with `prefix` (8 characters or more), else None."""
    found = [key for key in store.keys(kind=KIND) if key.startswith(prefix)]
    return found[0] if len(prefix) >= 8 and len(found) == 1 else None


def _card(digest: str, run: dict[str, Any]) -> CohortCard:
    return CohortCard(
        digest=digest,
        name=run["name"],
        n_samples=run["n_samples"],
        n_genes=run["n_genes"],
        simulated=run["simulated"],
        roles=Roles(**run["roles"]),
        notices=notices_from(run["notices"]),
    )
