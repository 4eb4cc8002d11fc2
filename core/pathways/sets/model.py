"""What a collection of gene sets is once it has been read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.errors import Notice


@dataclass(frozen=True)
class Collection:
    """Gene sets of one origin, with what a reader must know to cite them.

    Parameters
    ----------
    name : str
        Short name, as in specifications and exported tables: ``"go_bp"``.
    title : str
        Name for people: ``"GO biological process"``.
    version : str
        Release of the content; for a user's own file the start of its checksum.
    licence : str
        Licence of the content; "" for a user's own file.
    attribution : str
        Line to print wherever the sets are shown or exported.
    sets : dict of str to tuple of str
        Gene symbols of each set, sorted and unique; sets in the order of their names.
    release_date : str
        Year, month or day of the release; "" if not known.
    notices : tuple of Notice
        What was changed or left out while reading.
    """

    name: str
    title: str
    version: str
    licence: str
    attribution: str
    sets: dict[str, tuple[str, ...]]
    release_date: str = ""
    notices: tuple[Notice, ...] = ()

    @cached_property
    def genes(self) -> frozenset[str]:
        """All symbols of all sets."""
        return frozenset(gene for members in self.sets.values() for gene in members)

    @cached_property
    def digest(self) -> str:
        """Sha256 over names and members of the sets: the content that can change a result."""
        return sets_digest(self.sets)


def sets_digest(sets: Mapping[str, Iterable[str]]) -> str:
    """Return sha256 over names and members of sets, whatever their order."""
    digest = hashlib.sha256()
    for name in sorted(sets):
        digest.update("\t".join((name, *sorted(sets[name]))).encode() + b"\n")
    return digest.hexdigest()
