"""Whether the groups of a comparison are alike in everything but what is compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2_contingency, kruskal, norm
from scipy.stats import f as fisher_f

from core.cohort.samples.groups import is_continuous, level_names

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
REMARKABLE = 0.1  # standardised difference from which groups are usually called unlike (Austin 2009)
MOST_LEVELS = 12


class Difference(NamedTuple):
    """A standardised mean difference of case against control, with its interval where there is one."""

    value: float
    low: float
    high: float


def is_number(column: pd.Series) -> bool:
    """Return whether a column is described by median and quartiles: numbers with more than two values."""
    return is_continuous(column) and column.nunique(dropna=True) > 2


def describable(metadata: pd.DataFrame, *, without: Sequence[str] = ()) -> list[str]:
    """Return the columns that can be set against the groups: numbers, or words with few levels."""
    return [
        str(name)
        for name in metadata.columns
        if name not in without
        and metadata[name].nunique(dropna=True) >= 2
        and (is_number(metadata[name]) or metadata[name].nunique(dropna=True) <= MOST_LEVELS)
    ]


def table_one(
    metadata: pd.DataFrame, groups: pd.Series, *, case: str, control: str, columns: Sequence[str]
) -> pd.DataFrame:
    """Describe the samples compared, by group, with standardised differences.

    Parameters
    ----------
    metadata : pandas.DataFrame
        Of the samples compared.
    groups : pandas.Series
        Case or control of each of them.
    case, control : str
        Names of the groups.
    columns : sequence of str
        What to describe.

    Returns
    -------
    pandas.DataFrame
        One row per number, one per category of two levels (the last of them), and for other
        categories a heading and one row per level: ``column``, ``level`` ("" for numbers and
        headings), ``case``, ``control`` (as text), ``missing_case``, ``missing_control``, ``smd``,
        ``smd_low``, ``smd_high``, ``pvalue``; the last six on the first row of a column only.
    """
    rows: list[dict[str, object]] = []
    for name in columns:
        column = metadata[name]
        parts = {"case": column[groups == case], "control": column[groups == control]}
        smd, p = standardised_difference(parts["case"], parts["control"]), group_pvalue(column, groups)
        head: dict[str, object] = {"column": name, "level": ""}
        head |= {f"missing_{side}": int(part.isna().sum()) for side, part in parts.items()}
        head |= {"smd": smd.value, "smd_low": smd.low, "smd_high": smd.high, "pvalue": p}
        if is_number(column):
            rows.append(head | {side: _quartiles(part) for side, part in parts.items()})
            continue
        levels = sorted(level_names(column).dropna().unique())
        if len(levels) <= 2:
            shares = {side: _share(part, levels[-1]) for side, part in parts.items()}
            rows.append(head | {"level": levels[-1]} | shares)
            continue
        rows.append(head | {"case": "", "control": ""})
        rows += [
            {"column": name, "level": level, **{side: _share(part, level) for side, part in parts.items()}}
            for level in levels
        ]
    return pd.DataFrame(rows)


def standardised_difference(case: pd.Series, control: pd.Series) -> Difference:
    """Return the difference of the groups in units of their pooled spread; missing values do not count.

    Numbers: Cohen's d with the mean of both variances. Categories: the Mahalanobis distance of the
    shares of all levels but one, signed where there are two levels.

    Notes
    -----
    Yang & Dalton 2012, SAS Global Forum 335; interval: Hedges & Olkin 1985. Categories with more than
    two levels have none.
    """
    column = pd.concat([case, control])
    if case.notna().sum() < 2 or control.notna().sum() < 2:
        return Difference(np.nan, np.nan, np.nan)
    if is_number(column):
        one, other = case.dropna().to_numpy(float), control.dropna().to_numpy(float)
        spread = float(np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / 2))
        return _with_interval((one.mean() - other.mean()) / spread if spread > 0 else np.nan, one, other)
    levels = sorted(level_names(column).dropna().unique())[1:]
    one, other = (_indicators(part, levels) for part in (case, control))
    p, q = one.mean(axis=0), other.mean(axis=0)
    inverse = np.linalg.pinv((_covariance(p) + _covariance(q)) / 2)
    distance = float(np.sqrt(max((p - q) @ inverse @ (p - q), 0.0)))
    if len(levels) > 1:
        return Difference(distance, np.nan, np.nan)
    return _with_interval(distance * float(np.sign(p - q)[0]) if levels else 0.0, one, other)


def group_pvalue(column: pd.Series, groups: pd.Series) -> float:
    """Return the p-value of a column against the groups: rank-sum test of numbers, χ² of categories."""
    known = column.notna() & groups.notna()
    column, groups = column[known], groups[known]
    parts = [part.to_numpy() for _, part in column.groupby(groups.to_numpy(), sort=True)]
    if len(parts) < 2 or column.nunique() < 2:
        return float("nan")
    if is_number(column):
        return float(kruskal(*parts).pvalue)
    table = pd.crosstab(level_names(column), groups.to_numpy())
    return float(chi2_contingency(table, correction=False).pvalue)


def explained(column: pd.Series, components: pd.DataFrame) -> pd.DataFrame:
    """Say how much of each principal component a column explains.

    Parameters
    ----------
    column : pandas.Series
        Number, straight, or category, by its levels; samples without a value do not count.
    components : pandas.DataFrame of shape (n_samples, n_components)
        Indexed like `column`.

    Returns
    -------
    pandas.DataFrame, indexed by component
        ``share`` (R², 0 to 1), ``pvalue`` (F test) and ``n``.
    """
    known = column.notna().to_numpy()
    design, y = _design(column[known]), components.to_numpy(float)[known]
    n, k = design.shape
    centred = y - y.mean(axis=0)
    total = (centred**2).sum(axis=0)
    basis, _ = np.linalg.qr(design)
    share = np.clip(((basis.T @ centred) ** 2).sum(axis=0) / np.where(total > 0, total, 1), 0, 1)
    if not n > k > 1:
        return pd.DataFrame({"share": np.nan, "pvalue": np.nan, "n": n}, index=components.columns)
    with np.errstate(divide="ignore"):
        statistic = (share / (k - 1)) / ((1 - share) / (n - k))
    pvalue = fisher_f.sf(statistic, k - 1, n - k)
    return pd.DataFrame({"share": share, "pvalue": pvalue, "n": n}, index=components.columns)


def _design(column: pd.Series) -> Floats:
    if is_number(column):
        return np.column_stack([np.ones(len(column)), column.to_numpy(float)])
    names = level_names(column)
    levels = sorted(names.unique())[1:]
    return np.column_stack([np.ones(len(column)), _indicators(column, levels)])


def _indicators(column: pd.Series, levels: Sequence[str]) -> Floats:
    names = level_names(column.dropna())
    return np.array([[float(name == level) for level in levels] for name in names]).reshape(len(names), -1)


def _covariance(shares: Floats) -> Floats:
    covariance: Floats = np.diag(shares) - np.outer(shares, shares)
    return covariance


def _with_interval(value: float, one: Floats, other: Floats) -> Difference:
    n, m = len(one), len(other)
    half = float(norm.ppf(0.5 + CONFIDENCE / 2)) * np.sqrt((n + m) / (n * m) + value**2 / (2 * (n + m)))
    return Difference(float(value), float(value - half), float(value + half))


def _quartiles(values: pd.Series) -> str:
    known = values.dropna()
    if known.empty:
        return "not known"
    low, middle, high = known.quantile([0.25, 0.5, 0.75])
    digits = 0 if abs(middle) >= 10 else 1 if abs(middle) >= 1 else 2
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def _share(values: pd.Series, level: str) -> str:
    known = level_names(values.dropna())
    n = int((known == level).sum())
    return f"{n} ({100 * n / len(known):.0f} %)" if len(known) else "0"
