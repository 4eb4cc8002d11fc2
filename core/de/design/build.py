"""Build the design matrix, or refuse it with the reason before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.samples.exclusion import exclusion_words, left_out
from core.cohort.samples.groups import is_continuous
from core.de.design.aliasing import Alias, find_aliases, variance_inflation
from core.de.result import CovariateInfo
from core.de.spec import DESpec
from core.errors import DesignError, Fault, Notice, suggestion

INTERCEPT = "Intercept"
MIN_PER_GROUP = 3
# Above this the interval of every gene is more than 1.4 times as wide as without the covariates.
MAX_QUIET_INFLATION = 2.0
MAX_LEVELS_SHOWN = 5


@dataclass(frozen=True)
class Design:
    """A design that can be estimated.

    Parameters
    ----------
    matrix : pandas.DataFrame of shape (n_used, n_coefficients)
        Indexed by sample; intercept first, the tested factor last (1 in case, 0 in control). In the
        design of all groups, further levels of the factor stand before it (1 there, 0 elsewhere).
    groups : pandas.Series of length n_used
        Level of the factor, indexed by sample.
    positions : numpy.ndarray of length n_used
        Rows of the metadata (columns of the counts) that are used.
    covariates : tuple of CovariateInfo
        In the order of the specification.
    notices : tuple of Notice
        Samples left out, and what weakens the comparison.
    inflation : float
        How many times the covariates inflate the variance of the tested coefficient; 1 is none.
    """

    matrix: pd.DataFrame
    groups: pd.Series
    positions: NDArray[np.intp]
    covariates: tuple[CovariateInfo, ...]
    notices: tuple[Notice, ...]
    inflation: float = 1.0

    @property
    def coefficient(self) -> str:
        """Name of the tested coefficient."""
        return str(self.matrix.columns[-1])

    def n_in(self, level: str) -> int:
        """Return the number of samples used in a group."""
        return int((self.groups == level).sum())


def build_design(metadata: pd.DataFrame, spec: DESpec) -> Design:
    """Build the design of a specification from the metadata of a cohort.

    Parameters
    ----------
    metadata : pandas.DataFrame
        One row per sample, indexed by identifier.
    spec : DESpec
        Factor, levels and covariates.

    Returns
    -------
    Design
        Only samples in the two groups with complete covariates are used.

    Raises
    ------
    DesignError
        If the comparison cannot be estimated, with every reason and the tables that show it.
    InputError
        If a value of the specification is out of range.
    """
    _refuse(_unknown_names(metadata, spec))
    factor = as_text(metadata[spec.factor])
    return _build(metadata, spec, factor, wanted=factor.isin([spec.case, spec.control]))


def build_designs(metadata: pd.DataFrame, spec: DESpec) -> tuple[Design, Design]:
    """Return the design of the two groups and that of the model that is fitted: the same, or of all groups.

    The parameters and errors are those of `build_design`.
    """
    design = build_design(metadata, spec)
    if not spec.all_groups:
        return design, design
    factor = as_text(metadata[spec.factor])
    return design, _build(metadata, spec, factor, wanted=factor.notna())


def _build(metadata: pd.DataFrame, spec: DESpec, factor: pd.Series, *, wanted: pd.Series) -> Design:
    excluded = left_out(map(str, metadata.index), spec.exclude)
    compared = wanted & ~metadata.index.isin(list(excluded))
    complete = compared & _complete(metadata[list(spec.covariates)])
    notices = tuple(_not_used(factor, wanted, compared, complete, metadata=metadata, spec=spec))
    groups = factor[complete].astype(str)
    _refuse(
        [*_small_groups(groups, notices, spec=spec), *_constant_covariates(metadata[complete], spec)],
        {"missing values": _missing_table(metadata, factor, spec)},
    )
    parts = [_encode(metadata.loc[complete, name], scale=spec.scale) for name in spec.covariates]
    covariates = tuple(covariate for covariate, _ in parts)
    intercept = pd.DataFrame({INTERCEPT: np.ones(len(groups))}, index=groups.index)
    levels = level_columns(groups, factor=spec.factor, case=spec.case, control=spec.control)
    matrix = pd.concat([intercept, *(columns for _, columns in parts), levels], axis=1)
    owner = {str(column): spec.factor for column in levels}
    owner |= {str(column): covariate.name for covariate, columns in parts for column in columns}
    _refuse_inestimable(matrix, owner, covariates, metadata=metadata[complete], spec=spec)
    inflation = _inflation(matrix, n_levels=groups.nunique())
    return Design(
        matrix=matrix,
        groups=groups,
        positions=np.flatnonzero(complete.to_numpy()),
        covariates=covariates,
        notices=notices + tuple(_weaknesses(inflation, metadata[complete], covariates, spec=spec)),
        inflation=inflation,
    )


def as_text(column: pd.Series) -> pd.Series:
    """Return a metadata column as text, whole numbers without a decimal point, missing as None."""
    if pd.api.types.is_float_dtype(column):
        text = column.map(lambda value: f"{value:.15g}")
    else:
        text = column.astype(str)
    return text.astype(object).where(column.notna(), None)


def _complete(covariates: pd.DataFrame) -> pd.Series:
    finite = covariates.replace([np.inf, -np.inf], np.nan)
    return finite.notna().all(axis=1)


def level_columns(groups: pd.Series, *, factor: str, case: str, control: str) -> pd.DataFrame:
    """Return a column for each level but `control`: 1 in it, 0 elsewhere; `case` is the last."""
    others = sorted(set(groups) - {case, control})
    coded = {f"{factor}: {level} vs {control}": groups == level for level in (*others, case)}
    return pd.DataFrame(coded, index=groups.index).astype(float)


def _inflation(matrix: pd.DataFrame, *, n_levels: int) -> float:
    """Return how many times the covariates inflate the variance of the tested coefficient."""
    levels = matrix.iloc[:, [0, *range(1 - n_levels, 0)]]
    return variance_inflation(matrix) / variance_inflation(levels)


def _encode(column: pd.Series, *, scale: bool) -> tuple[CovariateInfo, pd.DataFrame]:
    name = str(column.name)
    if is_continuous(column):
        values = column.astype(float)
        if not scale:
            return CovariateInfo(name, "continuous"), pd.DataFrame({name: values})
        mean, sd = float(values.mean()), float(values.std())
        scaled = pd.DataFrame({f"{name} (per SD)": (values - mean) / sd})
        return CovariateInfo(name, "continuous", mean=mean, sd=sd), scaled
    text = as_text(column)
    reference, *others = sorted(text.unique())
    coded = {f"{name}: {level} vs {reference}": (text == level).astype(float) for level in others}
    return CovariateInfo(name, "categorical", reference=reference), pd.DataFrame(coded)


def _refuse(faults: list[Fault], tables: dict[str, pd.DataFrame] | None = None) -> None:
    if faults:
        raise DesignError(faults, tables)


def _unknown_names(metadata: pd.DataFrame, spec: DESpec) -> list[Fault]:
    faults = [
        Fault(
            "unknown-column", "metadata", f"there is no column {name!r}", suggestion(name, metadata.columns)
        )
        for name in (spec.factor, *spec.covariates)
        if name not in metadata.columns
    ]
    if spec.factor in metadata.columns:
        levels = sorted(as_text(metadata[spec.factor]).dropna().unique())
        faults += [
            Fault(
                "unknown-level",
                f"metadata, column {spec.factor!r}",
                f"no sample has the level {level!r}",
                suggestion(level, levels),
            )
            for level in (spec.case, spec.control)
            if level not in levels
        ]
    return faults


def _not_used(
    factor: pd.Series,
    wanted: pd.Series,
    compared: pd.Series,
    complete: pd.Series,
    *,
    metadata: pd.DataFrame,
    spec: DESpec,
) -> Iterator[Notice]:
    excluded = metadata.index[wanted & ~compared]
    if len(excluded):
        message = f"On request, {exclusion_words(spec.exclude)}."
        yield Notice("excluded-samples", message, tuple(excluded))
    elsewhere = metadata.index[~wanted]
    if len(elsewhere):
        message = (
            f"{len(elsewhere)} of {len(metadata)} samples are in neither group and are not used "
            f"({_counted(factor[~wanted])})."
        )
        yield Notice("other-groups", message, tuple(elsewhere))
    helping = complete & ~factor.isin([spec.case, spec.control])
    if helping.any():
        message = (
            f"Other groups ({_counted(factor[helping])}) are part of the model: their samples help to "
            "estimate how much each gene varies, and are not compared."
        )
        yield Notice("other-groups-fitted", message, tuple(metadata.index[helping]))
    incomplete = metadata.index[compared & ~complete]
    if len(incomplete):
        table = _missing_table(metadata, factor, spec)
        columns = "; ".join(
            f"{name}: {', '.join(f'{n} {level}' for level, n in row.items())}"
            for name, row in table[(table > 0).any(axis=1)].iterrows()
        )
        message = f"{len(incomplete)} samples lack a covariate and are not used (missing values: {columns})."
        yield Notice("missing-covariates", message, tuple(incomplete))


def _counted(levels: pd.Series) -> str:
    counts = levels.fillna("missing").value_counts().sort_index()
    return ", ".join(f"{level} {n}" for level, n in counts.items())


def _missing_table(metadata: pd.DataFrame, factor: pd.Series, spec: DESpec) -> pd.DataFrame:
    """Count missing values of each covariate in each group that goes to the fit."""
    others = sorted(set(factor.dropna()) - {spec.case, spec.control}) if spec.all_groups else []
    levels = [spec.case, spec.control, *others]
    rows = {
        name: [int((~_complete(metadata.loc[factor == level, [name]])).sum()) for level in levels]
        for name in spec.covariates
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=levels)


def _small_groups(groups: pd.Series, notices: tuple[Notice, ...], *, spec: DESpec) -> list[Fault]:
    lost = any(notice.code == "missing-covariates" for notice in notices)
    mend = "Add samples, or choose larger groups" + (
        ", or drop the covariates that are missing" if lost else ""
    )
    return [
        Fault(
            "small-group",
            f"metadata, column {spec.factor!r}",
            f"group {level!r} has {n} usable sample{'s' * (n != 1)}, and at least {MIN_PER_GROUP} are needed",
            mend,
        )
        for level in (spec.case, spec.control)
        if (n := int((groups == level).sum())) < MIN_PER_GROUP
    ]


def _constant_covariates(used: pd.DataFrame, spec: DESpec) -> list[Fault]:
    return [
        Fault(
            "constant-covariate",
            f"metadata, column {name!r}",
            "every sample that is compared has the same value"
            + (f" ({as_text(used[name]).iloc[0]})" if len(used) else ""),
            f"Drop {name!r} from the covariates",
        )
        for name in spec.covariates
        if len(used) and used[name].nunique() < 2
    ]


def _refuse_inestimable(
    matrix: pd.DataFrame,
    owner: dict[str, str],
    covariates: tuple[CovariateInfo, ...],
    *,
    metadata: pd.DataFrame,
    spec: DESpec,
) -> None:
    faults: list[Fault] = []
    tables: dict[str, pd.DataFrame] = {}
    for alias in find_aliases(matrix):
        faults.append(_alias_fault(alias, owner, spec))
        tables |= _cross_tables(alias, owner, covariates, metadata=metadata)
    n_samples, n_coefficients = matrix.shape
    if not faults and n_samples <= n_coefficients:
        left = f"{n_coefficients} coefficients leave {n_samples} samples nothing"
        what, mend = f"{left} to estimate the variation from", "Drop covariates, or add samples"
        faults.append(Fault("no-residual-freedom", "design", what, mend))
    _refuse(faults, tables)


def _alias_fault(alias: Alias, owner: dict[str, str], spec: DESpec) -> Fault:
    aliased = owner[alias.column]
    causes = sorted({owner[name] for name in alias.determined_by} - {aliased})
    others = " and ".join(repr(name) for name in causes) or "the intercept"
    # Never offer to drop what is being tested.
    droppable = causes if aliased == spec.factor else [aliased]
    return Fault(
        "rank-deficient",
        f"design {spec.design}",
        f"{alias.column!r} cannot be told apart from {others}: knowing {others} one knows it exactly",
        "Drop " + " or ".join(repr(name) for name in droppable) + " from the covariates",
    )


def _cross_tables(
    alias: Alias, owner: dict[str, str], covariates: tuple[CovariateInfo, ...], *, metadata: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    continuous = {c.name for c in covariates if c.kind == "continuous"}
    aliased = owner[alias.column]
    causes = sorted({owner[name] for name in alias.determined_by} - {aliased} - continuous)
    if aliased in continuous:
        return {}
    return {
        f"{cause} × {aliased}": pd.crosstab(as_text(metadata[cause]), as_text(metadata[aliased]))
        for cause in causes
    }


def _weaknesses(
    inflation: float, used: pd.DataFrame, covariates: tuple[CovariateInfo, ...], *, spec: DESpec
) -> Iterator[Notice]:
    if inflation > MAX_QUIET_INFLATION:
        names = " and ".join(spec.covariates)
        message = (
            f"{spec.case} and {spec.control} differ strongly in {names}. Adjusting for it makes the interval "
            f"of every fold change about {inflation**0.5:.1f} times as wide (variance inflation "
            f"{inflation:.1f})."
        )
        yield Notice("confounded", message)
    for covariate in covariates:
        levels = sorted(used[covariate.name].unique())
        if covariate.kind == "continuous" and 2 < len(levels) <= MAX_LEVELS_SHOWN:
            shown = ", ".join(f"{level:g}" for level in levels)
            message = (
                f"{covariate.name!r} holds numbers ({shown}) and is adjusted for as a straight line. If they "
                "are names of groups, write them as words in the metadata (for example b1, b2)."
            )
            yield Notice("few-numbers", message)
