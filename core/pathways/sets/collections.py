"""Gene-set collections: those that ship with the product, and users' own GMT files."""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.cohort.reading.findings import listing
from core.errors import Fault, InputError
from core.pathways.sets.gmt import read_gmt
from core.pathways.sets.model import Collection, Origin
from core.pathways.sets.symbols import bring_up_to_date, notice_of

__all__ = [
    "Collection",
    "CollectionCard",
    "list_collections",
    "load_collection",
    "open_collections",
    "read_gmt",
]

DATA = Path(__file__).resolve().parents[3] / "data"
GMT_ENDINGS = (".gmt", ".gmt.gz", ".txt", ".txt.gz")


@dataclass(frozen=True, kw_only=True)
class CollectionCard(Origin):
    """What the manifest says about a shipped collection; cheap to read, for lists and credits.

    Parameters
    ----------
    what : str
        One sentence on the content.
    source : str
        Packages the content came from, with their versions.
    n_sets, n_genes : int
        Counts in the file as published.
    sha256 : str
        Checksum of the file.
    """

    what: str
    source: str
    n_sets: int
    n_genes: int
    sha256: str


@lru_cache(maxsize=1)
def list_collections() -> tuple[CollectionCard, ...]:
    """Return a card for each shipped collection, in the order of the manifest."""
    manifest = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    return tuple(
        _card(Path(path).name.removesuffix(".gmt.gz"), entry, manifest["packages"])
        for path, entry in manifest["files"].items()
        if path.startswith("collections/")
    )


@lru_cache(maxsize=16)
def load_collection(name: str, *, update_symbols: bool = True) -> Collection:
    """Return a shipped collection; read once per process, so do not change its dictionaries.

    Parameters
    ----------
    name : str
        One of the names in `list_collections`.
    update_symbols : bool
        Replace old gene symbols by current ones where exactly one gene went by that name;
        False for the symbols as published.

    Raises
    ------
    InputError
        If there is no such collection, or its file is not the one in the manifest.
    """
    card = next((card for card in list_collections() if card.name == name), None)
    if card is None:
        raise InputError([_unknown(name)])
    published = _read(card)
    sets, changes = bring_up_to_date(published) if update_symbols else (published, {})
    return Collection(**card.origin(), sets=sets, notices=notice_of(changes, card.title))


def open_collections(names: Iterable[str], *, known_symbols: Iterable[str]) -> tuple[Collection, ...]:
    """Return collections by their names, or by the paths of users' own GMT files.

    Parameters
    ----------
    names : iterable of str
        Names of shipped collections, or paths that end in .gmt, .gmt.gz, .txt or .txt.gz.
    known_symbols : iterable of str
        Symbols of the tested genes, which users' own sets must meet.

    Raises
    ------
    InputError
        With the faults of all of them, among them a collection asked for twice.
    """
    tested = frozenset(known_symbols)
    opened: dict[str, Collection] = {}
    faults: list[Fault] = []
    for name in names:
        try:
            collection = _open(name, tested)
        except InputError as error:
            faults.extend(error.faults)
            continue
        if collection.name in opened:
            faults.append(_twice(collection.name))
        opened[collection.name] = collection
    if faults:
        raise InputError(faults)
    return tuple(opened.values())


def _open(name: str, tested: frozenset[str]) -> Collection:
    shipped = any(card.name == name for card in list_collections())
    if not shipped and name.lower().endswith(GMT_ENDINGS):
        return read_gmt(Path(name), known_symbols=tested)
    return load_collection(name)


def _card(name: str, entry: dict[str, Any], packages: dict[str, Any]) -> CollectionCard:
    source = ", ".join(
        f"{packages[package]['registry']} {package} {packages[package]['version']}"
        for package in entry["packages"]
    )
    kept = {key: entry[key] for key in CollectionCard.__dataclass_fields__ if key in entry}
    return CollectionCard(name=name, source=source, **kept)


def _read(card: CollectionCard) -> dict[str, tuple[str, ...]]:
    path = DATA / "collections" / f"{card.name}.gmt.gz"
    packed = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(packed).hexdigest() != card.sha256:
        raise InputError.of(
            code="altered-collection",
            where=f"data/collections/{path.name}",
            what="the file is missing or not the one that data/manifest.json describes",
            mend="Restore it with git checkout, or run python data/build.py",
        )
    sets: dict[str, tuple[str, ...]] = {}
    for line in gzip.decompress(packed).decode().rstrip("\n").split("\n"):
        name, _, *genes = line.split("\t")
        # The same few thousand symbols fill all sets: sharing them saves most of the memory.
        sets[name] = tuple(map(sys.intern, genes))
    return sets


def _unknown(name: str) -> Fault:
    shipped = listing((card.name for card in list_collections()), most=100)
    return Fault(
        code="unknown-collection",
        where=f"collections, {name!r}",
        what="there is no collection of this name",
        mend=f"Choose among {shipped}, or give the path of a .gmt file",
    )


def _twice(name: str) -> Fault:
    return Fault(
        code="collection-twice",
        where=f"collections, {name!r}",
        what="two collections have this name",
        mend="Name it once, or rename your own file",
    )
