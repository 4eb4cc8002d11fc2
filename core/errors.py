"""Typed errors that say what happened, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import pandas as pd


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an input.

    Parameters
    ----------
    code : str
        Short stable identifier, for example ``"duplicate-sample"``.
    where : str
        File, and column or row: ``"metadata.csv, column 'age', row 14"``.
    what : str
        What is wrong, as a sentence without its full stop.
    mend : str
        How to mend it, as an imperative sentence without its full stop.
    """

    code: str
    where: str
    what: str
    mend: str

    def line(self) -> str:
        """Return the fault as one line for a terminal."""
        return " ".join(f"{self.where}: {self.what}. {self.mend}.".split())


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return how to mend an unknown name: the nearest known ones, else all of them.

    Examples
    --------
    >>> suggestion("Sex", ["sex", "age"])
    "Did you mean 'sex'? There are: sex, age"
    """
    known = list(known)
    by_lower = {item.lower(): item for item in reversed(known)}
    near = difflib.get_close_matches(name.lower(), by_lower, n=2, cutoff=0.6)
    listed = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    there_are = f"There are: {listed}" if known else "There are none"
    if not near:
        return there_are
    return "Did you mean " + " or ".join(repr(by_lower[item]) for item in near) + f"? {there_are}"


def bad_setting(name: str, what: str, mend: str) -> Fault:
    """Return the fault of a field of a specification that cannot be meant."""
    return Fault(code=f"bad-{name.replace('_', '-')}", where=f"setting {name!r}", what=what, mend=mend)


@dataclass(frozen=True)
class Notice:
    """Something a reader must know that does not stop the analysis.

    Parameters
    ----------
    code : str
        Short stable identifier, for example ``"low-depth"``.
    message : str
        One or two plain sentences.
    samples : tuple of str
        Identifiers of the samples concerned; empty if none in particular.
    """

    code: str
    message: str
    samples: tuple[str, ...] = ()


def notices_from(items: Iterable[Mapping[str, Any]]) -> tuple[Notice, ...]:
    """Rebuild notices from `dataclasses.asdict` of each after a passage through JSON."""
    return tuple(Notice(item["code"], item["message"], tuple(item["samples"])) for item in items)


class ExplorerError(Exception):
    """Base of every error this product raises on purpose."""


class InputError(ExplorerError):
    """Input that cannot be used; carries *all* faults that were found.

    Parameters
    ----------
    faults : iterable of Fault
        At least one.
    tables : mapping of str to pandas.DataFrame, optional
        Tables that explain the faults (a cross-table, a list of samples).
    """

    def __init__(self, faults: Iterable[Fault], tables: dict[str, pd.DataFrame] | None = None):
        self.faults: tuple[Fault, ...] = tuple(faults)
        self.tables: dict[str, pd.DataFrame] = dict(tables or {})
        super().__init__("\n".join(fault.line() for fault in self.faults))

    @classmethod
    def of(cls, *, code: str, where: str, what: str, mend: str) -> Self:
        """Return the error of a single fault."""
        return cls([Fault(code, where, what, mend)])


class DesignError(InputError):
    """A model that cannot be estimated from these samples."""


class StoreError(ExplorerError):
    """The store on disk cannot be read or written."""


class JobError(ExplorerError):
    """A background analysis ended without a result."""


class CancelledError(BaseException):
    """The analysis was stopped on request; nothing was written.

    No Exception: a library that catches every one of these must not catch this.
    """
