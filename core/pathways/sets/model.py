"""What a collection of gene sets is once it has been read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

from core.errors import Notice


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a reader must know of a collection of gene sets to cite it.

    Parameters
    ----------
    name : str
        Short name, as in specifications and exported tables: ``"go_bp"``.
    title : str
        Name for people: ``"GO biological process"``.
    version : str
        Release of the content; for a user's own file the start of its checksum.
    release_date : str
        Year, month or day of the release; "" if not known.
    licence : str
        Licence of the content; "" for a user's own file.
    attribution : str
        Line to print wherever the sets are shown or exported.
    """

    name: str
    title: str
    version: str
    release_date: str = ""
    licence: str
    attribution: str

    def origin(self) -> dict[str, str]:
        """Return these fields alone, to be handed on."""
        return {field.name: getattr(self, field.name) for field in fields(Origin)}


@dataclass(frozen=True, kw_only=True)
class Collection(Origin):
    """Gene sets of one origin.

    Parameters
    ----------
    sets : dict of str to tuple of str
        Gene symbols of each set, sorted and unique; sets in the order of their names.
    notices : tuple of Notice
        What was changed or left out while reading.
    """

    sets: dict[str, tuple[str, ...]]
    notices: tuple[Notice, ...] = ()

    @cached_property
    def genes(self) -> frozenset[str]:
        """All symbols of all sets."""
        return frozenset(gene for members in self.sets.values() for gene in members)


def sets_digest(sets: Mapping[str, Iterable[str]]) -> str:
    """Return sha256 over names and members of sets, whatever their order."""
    digest = hashlib.sha256()
    for name in sorted(sets):
        digest.update("\t".join((name, *sorted(sets[name]))).encode() + b"\n")
    return digest.hexdigest()
