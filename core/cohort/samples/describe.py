"""Who is in a cohort: a small description by group."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.cohort.model import Cohort
from core.words import percent

MAX_LEVELS = 8


def describe_groups(
    cohort: Cohort, factor: str, groups: Sequence[str], *, samples: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return n, and age, sex and centre by group as text, one characteristic a row.

    Parameters
    ----------
    cohort : Cohort
        The cohort.
    factor : str
        Metadata column that holds the groups.
    groups : sequence of str
        Levels to describe, one column of the table each.
    samples : sequence of str, optional
        Samples to describe; all if not given.

    Returns
    -------
    pandas.DataFrame
        Columns "" (the characteristic) and the groups. Numbers as median (quartiles),
        categories as count (share); missing values are counted where there are any.
    """
    metadata = cohort.metadata if samples is None else cohort.metadata.loc[list(samples)]
    parts = {group: metadata[metadata[factor].astype(str) == group] for group in groups}
    rows = [{"": "Samples", **{group: f"{len(part)}" for group, part in parts.items()}}]
    patient = cohort.roles.patient
    if patient and metadata[patient].duplicated().any():
        rows.append({"": "Patients", **{group: f"{p[patient].nunique()}" for group, p in parts.items()}})
    for column in _columns(cohort):
        if pd.api.types.is_numeric_dtype(metadata[column]):
            rows.append({"": _title(column), **{g: _number(p[column]) for g, p in parts.items()}})
        else:
            rows += _levels(column, parts)
    return pd.DataFrame(rows)


def _columns(cohort: Cohort) -> list[str]:
    named = [c for c in cohort.metadata.columns if c.casefold() in ("age", "age_years")]
    roles = [c for c in (cohort.roles.sex, cohort.roles.centre) if c]
    return [*named, *roles]


def _levels(column: str, parts: dict[str, pd.DataFrame]) -> list[dict[str, str]]:
    everybody = pd.concat([part[column] for part in parts.values()])
    levels = sorted(everybody.dropna().astype(str).unique())[:MAX_LEVELS]
    return [
        {
            "": f"{_title(column)}: {level}",
            **{group: _share(part[column], level) for group, part in parts.items()},
        }
        for level in levels
    ]


def _share(values: pd.Series, level: str) -> str:
    n = int((values.astype(str) == level).sum())
    return f"{n} ({percent(n / len(values))})" if len(values) else "0"


def _number(values: pd.Series) -> str:
    known = values.dropna()
    if known.empty:
        return "not known"
    low, middle, high = known.quantile([0.25, 0.5, 0.75])
    missing = f"; {len(values) - len(known)} missing" if len(known) < len(values) else ""
    return f"{middle:.0f} ({low:.0f} to {high:.0f}{missing})"


def _title(column: str) -> str:
    return column[:1].upper() + column[1:].replace("_", " ")
