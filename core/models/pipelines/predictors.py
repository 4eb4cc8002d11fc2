"""Which columns may predict: whether each was known before the second failed treatment.

What partly *defines* resistance, or comes after it, predicts it only in appearance (definition
leakage). The judgements are in ``data/predictors.tsv``, a text file made to be edited. A column
that no line matches is "unknown" and is left out unless it is named.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from core.cohort.samples.groups import is_continuous, level_names
from core.errors import Fault, InputError
from core.models.spec import ModelSpec

DEFAULT_PATH = Path(__file__).resolve().parents[3] / "data" / "predictors.tsv"
COLUMNS = ("known_before", "pattern", "label", "reason")
ANSWERS = ("yes", "no", "unknown")
MOST_LEVELS = 12
NOT_LISTED = "No line of data/predictors.tsv matches its name, so nobody has judged it"
CENTRE_REASON = "Has a model of its own: centres differ in whom they recruit"


@dataclass(frozen=True)
class Judgement:
    """A line of the table."""

    known_before: str
    pattern: re.Pattern[str]
    label: str
    reason: str


def read_judgements(path: Path = DEFAULT_PATH) -> tuple[Judgement, ...]:
    """Read the table.

    Raises
    ------
    InputError
        With every line that cannot be used.
    """
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, modified: int) -> tuple[Judgement, ...]:
    """Return the table; `modified` is there to notice that the file changed."""
    lines = path.read_text(encoding="utf-8").splitlines()
    numbered = [(n, line) for n, line in enumerate(lines, start=1) if line and not line.startswith("#")]
    rows = list(csv.reader([line for _, line in numbered], delimiter="\t", quoting=csv.QUOTE_NONE))
    faults, judgements = [], []
    for (number, _), row in zip(numbered[1:], rows[1:], strict=True):
        try:
            judgements.append(_judgement(row))
        except (ValueError, re.error) as error:
            faults.append(_bad_line(path.name, number, str(error)))
    if tuple(rows[0]) != COLUMNS:
        faults.insert(0, _bad_line(path.name, numbered[0][0], "the columns are not " + ", ".join(COLUMNS)))
    if faults:
        raise InputError(faults)
    return tuple(judgements)


def table_digest(path: Path = DEFAULT_PATH) -> str:
    """Return a checksum of the table, which is part of the key of every result."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def judge(name: str, judgements: tuple[Judgement, ...]) -> tuple[str, str]:
    """Return whether a column was known before the second failed treatment, and why.

    Examples
    --------
    >>> judge("Age (years)", read_judgements())[0]
    'yes'
    """
    plain = re.sub(r"[\W_]+", "_", name.casefold()).strip("_")
    for judgement in judgements:
        if judgement.pattern.search(plain):
            return judgement.known_before, judgement.reason
    return "unknown", NOT_LISTED


def predictor_table(
    metadata: pd.DataFrame, spec: ModelSpec, *, patient: str | None, judgements: tuple[Judgement, ...]
) -> pd.DataFrame:
    """Judge every metadata column of the samples used.

    Parameters
    ----------
    metadata : pandas.DataFrame
        Of the samples used.
    spec : ModelSpec
        Which columns are offered, and which are taken in against the rule.
    patient : str or None
        Column that names the patient.
    judgements : tuple of Judgement
        See `read_judgements`.

    Returns
    -------
    pandas.DataFrame
        ``column``, ``known_before`` ("yes", "no", "unknown", or "" for columns that are no predictors),
        ``reason``, ``used`` (by the clinical models) and ``why_not`` ("" where used).
    """
    rows = []
    for name in map(str, metadata.columns):
        barred = _no_predictor(name, metadata[name], spec, patient)
        known, reason = ("", barred) if barred else judge(name, judgements)
        why_not = barred or _why_not(name, known, spec)
        rows.append((name, known, reason, not why_not, why_not))
    return pd.DataFrame(rows, columns=["column", "known_before", "reason", "used", "why_not"])


def unknown_columns(metadata: pd.DataFrame, spec: ModelSpec) -> Iterator[Fault]:
    """Yield a fault for every column that is named and does not exist."""
    from core.errors import suggestion

    wanted = (spec.factor, spec.centre, *spec.clinical, *spec.include_unsafe)
    for name in dict.fromkeys(name for name in wanted if name and name not in metadata.columns):
        yield Fault(
            "unknown-column", "metadata", f"there is no column {name!r}", suggestion(name, metadata.columns)
        )


def _no_predictor(name: str, values: pd.Series, spec: ModelSpec, patient: str | None) -> str:
    if name == spec.factor:
        return "It is what is to be predicted"
    if name == spec.centre:
        return CENTRE_REASON
    if name == patient:
        return "It names the patient"
    levels = level_names(values).dropna()
    if levels.nunique() < 2:
        return "It has one value throughout"
    if not is_continuous(values) and levels.nunique() > MOST_LEVELS:
        return f"It has {levels.nunique()} different values, too many to learn from"
    return ""


def _why_not(name: str, known: str, spec: ModelSpec) -> str:
    if name in spec.include_unsafe:
        return ""
    if known == "no":
        return "Left out: it was not known before the second failed treatment"
    if spec.clinical and name not in spec.clinical:
        return "Not among the columns chosen"
    if known == "unknown" and name not in spec.clinical:
        return "Left out: nobody has judged whether it was known before the second failed treatment"
    return ""


def _judgement(row: list[str]) -> Judgement:
    if len(row) != len(COLUMNS):
        message = f"it has {len(row)} parts instead of {len(COLUMNS)}"
        raise ValueError(message)
    if row[0] not in ANSWERS:
        message = f"{row[0]!r} is none of {', '.join(ANSWERS)}"
        raise ValueError(message)
    return Judgement(row[0], re.compile(row[1]), row[2], row[3])


def _bad_line(file: str, number: int, what: str) -> Fault:
    return Fault(
        "bad-predictor-table",
        f"{file}, line {number}",
        what,
        f"Write {len(COLUMNS)} parts separated by tabs: {', '.join(COLUMNS)}",
    )
