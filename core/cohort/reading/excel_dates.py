"""Gene names that a spreadsheet has turned into dates (Ziemann 2016, 10.1186/s13059-016-1044-7)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.cohort.gene_table import RENAMED
from core.cohort.reading.findings import Findings, count_of, listing

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb",
            "mar mrz mär",
            "apr",
            "may mai",
            "jun",
            "jul",
            "aug",
            "sep sept",
            "oct okt",
            "nov",
            "dec dez",
        ),
        start=1,
    )
    for name in names.split()
}
FORMER_NAMES = {3: ("MARCH", "MARC"), 9: ("SEPT", "SEP"), 12: ("DEC",)}
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
DAY_MONTH = re.compile(rf"^(\d{{1,2}})[-. ]{{1,2}}({_NAMES})\w*\.?([-. ]\d{{2,4}})?$", re.I)
MONTH_DAY = re.compile(rf"^({_NAMES})[a-z]*[-. ](\d{{1,2}})$", re.I)
ISO = re.compile(r"^\d{4}-(\d{2})-(\d{2})([T ]00:00(:00)?)?$")
NUMERIC = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.]\d{2,4}$")


@dataclass(frozen=True)
class DatedGene:
    """A row whose gene name became a date.

    Parameters
    ----------
    position : int
        Row of the table, from 0.
    given : str
        The date as written.
    candidates : tuple of str
        Current symbols of the genes it may have been.
    repeated : bool
        Whether another row bears the same date.
    """

    position: int
    given: str
    candidates: tuple[str, ...]
    repeated: bool


def date_candidates(text: str) -> tuple[str, ...] | None:
    """Return the current symbols a date may stand for; None if the text is no date.

    Examples
    --------
    >>> date_candidates("2-Sep")
    ('SEPTIN2',)
    >>> date_candidates("1-Mar")
    ('MARCHF1', 'MTARC1')
    >>> date_candidates("TP53") is None
    True
    """
    readings = _readings(text)
    if not readings:
        return None
    former = [f"{stem}{day}" for month, day in readings for stem in FORMER_NAMES.get(month, ())]
    return tuple(RENAMED[name] for name in former if name in RENAMED)


def find_dates(given: Sequence[str], present: Collection[str]) -> list[DatedGene]:
    """Return the rows whose names are dates.

    A gene that stands in another row under its own name cannot be the one that became a date.

    Parameters
    ----------
    given : sequence of str
        Gene names as written.
    present : collection of str
        Current symbols of the other rows.
    """
    times = Counter(given)
    found = []
    for position, text in enumerate(given):
        candidates = date_candidates(text) if text[:1].isdigit() or "-" in text or "." in text else None
        if candidates is not None:
            left = tuple(symbol for symbol in candidates if symbol not in present)
            found.append(DatedGene(position, text, left, repeated=times[text] > 1))
    return found


def report_dates(
    file: str, dates: Sequence[DatedGene], findings: Findings, *, repaired: dict[int, str]
) -> None:
    """Say which gene names had become dates, which were repaired, and which cannot be told apart."""
    if not dates:
        return
    open_ = [date for date in dates if date.position not in repaired and not date.repeated]
    left_out = [date.given for date in dates if date.repeated]
    parts = [
        f"{file}: {count_of(dates, 'gene name has', 'gene names have')} been turned into "
        f"{'a date' if len(dates) == 1 else 'dates'} by a spreadsheet."
    ]
    if repaired:
        pairs = listing(
            f"{date.given} → {repaired[date.position]}" for date in dates if date.position in repaired
        )
        parts.append(f"Repaired as agreed: {pairs}.")
    if open_:
        parts.append(f"Kept as written, without a symbol: {listing(map(_options, open_))}.")
        if not repaired and any(len(date.candidates) == 1 for date in open_):
            parts.append(
                "Agree to the repair (--repair-dates), or better export the table without a spreadsheet."
            )
    if left_out:
        parts.append(
            f"Left out, because several rows bear the same date: {listing(dict.fromkeys(left_out))}."
        )
    findings.notice("excel-date-gene", " ".join(parts))


def repairs(dates: Sequence[DatedGene]) -> dict[int, str]:
    """Return the symbol of each row whose date stands for one gene only."""
    names = Counter(date.candidates[0] for date in dates if len(date.candidates) == 1)
    return {
        date.position: date.candidates[0]
        for date in dates
        if len(date.candidates) == 1 and not date.repeated and names[date.candidates[0]] == 1
    }


def _options(date: DatedGene) -> str:
    if not date.candidates:
        return f"{date.given} (no known gene)"
    return f"{date.given} ({' or '.join(date.candidates)})"


def _readings(text: str) -> list[tuple[int, int]]:
    """Return (month, day) for each way of reading a date; 09/02/2023 has two."""
    text = text.strip()
    if match := DAY_MONTH.match(text):
        return [(MONTHS[match[2].lower()], int(match[1]))]
    if match := MONTH_DAY.match(text):
        return [(MONTHS[match[1].lower()], int(match[2]))]
    if match := ISO.match(text):
        return [(int(match[1]), int(match[2]))]
    if match := NUMERIC.match(text):
        first, second = int(match[1]), int(match[2])
        return [(month, day) for month, day in {(first, second), (second, first)} if 1 <= month <= 12]
    return []
