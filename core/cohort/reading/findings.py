"""Collects what is wrong and what must be known while files are read, in readable sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from dataclasses import dataclass, field
from typing import NoReturn

from core.errors import Fault, Notice

MOST_LISTED = 5


class UnusableError(Exception):
    """A file cannot be read any further; the findings say why."""


@dataclass
class Findings:
    """Faults and notices in the order in which they were found."""

    faults: list[Fault] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def fault(self, code: str, where: str, *, what: str, mend: str) -> None:
        """Note something that stops the files from being used."""
        self.faults.append(Fault(code=code, where=where, what=what, mend=mend))

    def refuse(self, code: str, where: str, *, what: str, mend: str) -> NoReturn:
        """Note something after which there is nothing more to read, and stop reading.

        Raises
        ------
        UnusableError
            Always.
        """
        self.fault(code, where, what=what, mend=mend)
        raise UnusableError

    def notice(self, code: str, message: str, *, samples: Iterable[str] = ()) -> None:
        """Note something a reader must know."""
        self.notices.append(Notice(code=code, message=message, samples=tuple(samples)))


def place(file: str, *, column: str | None = None, row: int | None = None) -> str:
    """Return where something is: file, and column or row (1 is the file's first line)."""
    parts = [file]
    if column is not None:
        parts.append(f"column {column!r}")
    if row is not None:
        parts.append(f"row {row}")
    return ", ".join(parts)


def listing(items: Iterable[object], *, most: int = MOST_LISTED) -> str:
    """Return a list in words that stays readable however long it is.

    Examples
    --------
    >>> listing(["S1", "S2", "S3"], most=2)
    'S1, S2 and 1 more'
    """
    texts = [str(item) for item in items]
    shown = ", ".join(texts[:most])
    return f"{shown} and {len(texts) - most} more" if len(texts) > most else shown


def count_of(items: Sized | int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: "1 sample", "3 samples", "12,345 genes"."""
    number = items if isinstance(items, int) else len(items)
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
