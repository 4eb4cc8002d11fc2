"""Themes: which gene sets speak for the immune system, gene regulation, neuroplasticity and stress.

The lists are in ``data/themes.tsv``, a text file made to be edited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from core.cohort.reading.content import open_content
from core.cohort.reading.findings import Findings, listing, place
from core.errors import Fault, InputError
from core.pathways.sets.collections import DATA, list_collections, load_collection

DEFAULT_PATH = DATA / "themes.tsv"
COLUMNS = ("theme", "sub_theme", "collection", "set", "rationale")
BLOOD_IS_NOT_BRAIN = (
    "Blood is not brain: a neuroplasticity set that differs in blood says that these genes differ "
    "in blood cells, where many have other work, and nothing on its own about synapses."
)


@dataclass(frozen=True)
class ThemeSet:
    """One gene set of a theme.

    Parameters
    ----------
    theme, sub_theme : str
        As shown on screen: ``"Immune system"``, ``"Innate"``.
    collection : str
        Name of the collection: ``"go_bp"``.
    set_name : str
        Name of the set in its collection.
    rationale : str
        Why the set speaks for the theme, in one sentence.
    """

    theme: str
    sub_theme: str
    collection: str
    set_name: str
    rationale: str

    @property
    def key(self) -> tuple[str, str]:
        """Collection and set name, which together are unique."""
        return self.collection, self.set_name

    @property
    def genes(self) -> tuple[str, ...]:
        """Symbols of the set."""
        return load_collection(self.collection).sets[self.set_name]


@dataclass(frozen=True)
class Theme:
    """A theme and its sets, in the order of the file."""

    name: str
    sets: tuple[ThemeSet, ...]

    @property
    def sub_themes(self) -> dict[str, tuple[ThemeSet, ...]]:
        """Sets of each sub-theme, in the order of the file."""
        names = dict.fromkeys(member.sub_theme for member in self.sets)
        return {name: tuple(m for m in self.sets if m.sub_theme == name) for name in names}


def load_themes(path: Path = DEFAULT_PATH) -> tuple[Theme, ...]:
    """Read the themes and check every set against the shipped collections.

    Parameters
    ----------
    path : Path
        Text file with five columns separated by tabs: theme, sub_theme, collection, set, rationale.

    Raises
    ------
    InputError
        With all faults: other columns, blank fields, unknown collections or sets (with the name
        that was probably meant), and sets that stand in the file twice.
    """
    findings = Findings()
    content = open_content(path, findings)
    rows = list(_rows(content.text.decode())) if content is not None else []
    if content is not None:
        findings.faults += _check_layout(rows, path.name)
    if not findings.faults:
        findings.faults += [*_check_sets(rows[1:], path.name), *_check_repeats(rows[1:], path.name)]
    if findings.faults:
        raise InputError(findings.faults)
    members = [ThemeSet(*fields) for _, fields in rows[1:]]
    return tuple(
        Theme(name, tuple(member for member in members if member.theme == name))
        for name in dict.fromkeys(member.theme for member in members)
    )


Row = tuple[int, tuple[str, ...]]


def _rows(text: str) -> Iterator[Row]:
    """Yield number and fields of each line that is neither blank nor a comment."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, tuple(field.strip() for field in line.split("\t"))


def _check_layout(rows: list[Row], file: str) -> Iterator[Fault]:
    if not rows or rows[0][1] != COLUMNS:
        yield Fault(
            code="theme-columns",
            where=place(file, row=rows[0][0] if rows else 1),
            what="the first line that is no comment must name the five columns",
            mend=f"Begin with {', '.join(COLUMNS)}, separated by tabs",
        )
    elif len(rows) == 1:
        yield Fault(
            code="no-themes",
            where=place(file),
            what="there is no set under the column names",
            mend="Add one set per line",
        )
    for number, fields in rows[1:]:
        if len(fields) != len(COLUMNS) or not all(fields):
            filled = sum(map(bool, fields))
            yield Fault(
                code="theme-fields",
                where=place(file, row=number),
                what=f"{filled} of {len(fields)} fields are filled where five are needed",
                mend=f"Give {', '.join(COLUMNS)}, separated by tabs, none of them blank",
            )


def _check_sets(rows: list[Row], file: str) -> Iterator[Fault]:
    shipped = [card.name for card in list_collections()]
    for number, (_, _, collection, set_name, _) in rows:
        if collection not in shipped:
            yield Fault(
                code="unknown-collection",
                where=place(file, column="collection", row=number),
                what=f"there is no collection {collection!r}",
                mend=f"Choose among {listing(shipped, most=100)}",
            )
        elif set_name not in (names := load_collection(collection).sets):
            meant = get_close_matches(set_name, names, n=1, cutoff=0.5)
            yield Fault(
                code="unknown-set",
                where=place(file, column="set", row=number),
                what=f"{collection} has no set {set_name!r}",
                mend=f"Write {meant[0]!r}, if that is meant"
                if meant
                else "Copy the name from the collection",
            )


def _check_repeats(rows: list[Row], file: str) -> Iterator[Fault]:
    first: dict[tuple[str, str], int] = {}
    for number, (_, _, collection, set_name, _) in rows:
        before = first.setdefault((collection, set_name), number)
        if before != number:
            yield Fault(
                code="theme-set-twice",
                where=place(file, column="set", row=number),
                what=f"{set_name!r} of {collection} already stands in row {before}",
                mend="Keep it in one theme only",
            )
