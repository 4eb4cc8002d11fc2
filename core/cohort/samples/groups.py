"""Groups to compare: whether a metadata column, and two of its values, can be compared at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.cohort.model import Cohort
from core.cohort.reading.findings import Findings, count_of, listing

FEWEST_PER_GROUP = 3
MOST_LEVELS = 20


def level_names(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return a metadata column as names of levels; missing values as None, 1.0 as "1"."""
    return pd.Series([_level(value) for value in values], index=values.index, dtype=object)


def check_factor(
    cohort: Cohort,
    factor: str,
    case: str | None = None,
    control: str | None = None,
) -> Findings:
    """Say whether two groups can be compared.

    Parameters
    ----------
    cohort : Cohort
        The cohort.
    factor : str
        Metadata column that holds the groups.
    case, control : str, optional
        Its values to compare; without them only the column is checked.

    Returns
    -------
    Findings
        Faults: unknown column, one level, unknown level, equal levels, fewer than 3 samples in a
        group. Notices: missing values.
    """
    findings = Findings()
    if factor not in cohort.metadata:
        what, columns = "there is no such column", listing(map(repr, map(str, cohort.metadata)), most=12)
        findings.fault("unknown-column", _where(factor), what=what, mend=f"Choose one of {columns}")
        return findings
    levels = level_names(cohort.metadata[factor])
    sizes = levels.value_counts()
    if len(sizes) < 2 or len(sizes) > max(MOST_LEVELS, len(levels) // 2):
        _check_number_of_levels(factor, levels, findings=findings)
    elif case is not None and control is not None:
        _check_levels(factor, sizes, (case, control), findings=findings)
        if levels.isna().any():
            samples = [str(sample) for sample in cohort.samples[levels.isna().to_numpy()]]
            text = f"{_where(factor)}: {count_of(samples, 'sample')} without a value are left out."
            findings.notice("missing-values", text, samples=samples)
    return findings


def is_continuous(column: pd.Series[Any]) -> bool:
    """Return whether a metadata column enters as a number: numbers do, words and yes/no do not."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _level(value: object) -> str | None:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _where(column: str) -> str:
    return f"metadata, column {column!r}"


def _check_number_of_levels(factor: str, levels: pd.Series[Any], *, findings: Findings) -> None:
    present = levels.dropna().unique()
    if len(present) < 2:
        what = f"every sample has the value {present[0]!r}" if len(present) else "every value is missing"
        mend = "Choose a column with at least two groups"
        findings.fault("one-level", _where(factor), what=f"{what}, so there is nothing to compare", mend=mend)
    else:
        findings.fault(
            "too-many-levels",
            _where(factor),
            what=f"{len(present)} different values in {len(levels)} samples are no groups",
            mend="Choose a column with a few groups, or adjust for this one as a covariate",
        )


def _check_levels(factor: str, sizes: pd.Series[int], wanted: tuple[str, str], *, findings: Findings) -> None:
    if wanted[0] == wanted[1]:
        findings.fault(
            "same-level",
            _where(factor),
            what=f"case and control are both {wanted[0]!r}",
            mend="Choose two different groups",
        )
    for level in dict.fromkeys(wanted):
        if level not in sizes:
            findings.fault(
                "unknown-level",
                _where(factor),
                what=f"no sample has the value {level!r}",
                mend=f"Choose among {listing(map(repr, sizes.index), most=10)}",
            )
        elif sizes[level] < FEWEST_PER_GROUP:
            findings.fault(
                "small-group",
                _where(factor),
                what=f"group {level!r} has {count_of(int(sizes[level]), 'sample')}; "
                f"spread cannot be judged from fewer than {FEWEST_PER_GROUP}",
                mend="Add samples, or compare other groups",
            )
