"""Whether what else is known of the patients could stand behind a difference between the groups.

A column can mislead if it goes with the group *and* with expression. It cannot be taken into account
at all if knowing it is knowing the group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from core.cohort.samples.balance import (
    REMARKABLE,
    Difference,
    explained,
    group_pvalue,
    is_number,
    standardised_difference,
)
from core.cohort.samples.groups import level_names
from core.de.design.aliasing import variance_inflation
from core.de.design.build import MAX_QUIET_INFLATION, build_design
from core.de.spec import DESpec
from core.errors import DesignError

Colour = Literal["red", "amber", "grey", "green"]
WORDS: dict[Colour, str] = {
    "red": "not estimable",
    "amber": "may confound",
    "grey": "not known",
    "green": "no sign",
}
# Where nothing speaks against a column: whether the groups differ in it, and expression goes with it.
QUIET: dict[tuple[bool, bool | None], tuple[Colour, str]] = {
    (True, None): ("grey", "The groups differ in it; whether expression goes with it is not known."),
    (False, None): ("green", "The groups are alike in it."),
    (True, False): ("green", "The groups differ in it, but expression hardly goes with it."),
    (False, True): ("green", "Expression goes with it, but the groups are alike in it."),
    (False, False): ("green", "The groups are alike in it, and expression hardly goes with it."),
}
FIRST_COMPONENTS = 5
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Light:
    """What a metadata column could do to the comparison.

    Parameters
    ----------
    column : str
        Metadata column.
    colour : {"red", "amber", "grey", "green"}
        Not estimable; goes with the group and with expression, or weakens the comparison; goes with the
        group, and expression has not been looked at; no sign.
    adjusted : bool
        Whether the analysis adjusts for it.
    reason : str
        Why, in one or two sentences.
    difference : Difference
        Standardised difference of the groups.
    group_p : float
        p-value against the group.
    component : str
        Of the first five principal components the one it explains most of; "" if none was looked at.
    share, component_p : float
        What it explains of it (0 to 1), and the p-value times the number of components.
    inflation : float
        Of the variance of every fold change by adjusting for it alone; infinite if not estimable.
    tables : dict of str to pandas.DataFrame
        What shows the reason.
    """

    column: str
    colour: Colour
    adjusted: bool
    reason: str
    difference: Difference
    group_p: float
    component: str
    share: float
    component_p: float
    inflation: float
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


def confounding_lights(
    metadata: pd.DataFrame, spec: DESpec, columns: Sequence[str], *, components: pd.DataFrame | None = None
) -> list[Light]:
    """Judge each column, the worst first.

    Parameters
    ----------
    metadata : pandas.DataFrame
        Of all samples, with cell scores if those are to be judged.
    spec : DESpec
        The comparison.
    columns : sequence of str
        What to judge.
    components : pandas.DataFrame, optional
        Principal components of all samples.

    Raises
    ------
    DesignError
        If the groups cannot be compared even without any covariate.
    """
    crude = replace(spec, covariates=(), method="deseq2")
    design = build_design(metadata, crude)
    used, groups = metadata.iloc[design.positions], design.groups
    near = None if components is None else components.iloc[design.positions, :FIRST_COMPONENTS]
    lights = [
        _judge(metadata, used, groups, spec=crude, column=name, near=near, adjusted=name in spec.covariates)
        for name in columns
    ]
    order = list(WORDS)
    return sorted(lights, key=lambda light: (order.index(light.colour), light.group_p))


def _judge(
    metadata: pd.DataFrame,
    used: pd.DataFrame,
    groups: pd.Series,
    *,
    spec: DESpec,
    column: str,
    near: pd.DataFrame | None,
    adjusted: bool,
) -> Light:
    values = used[column]
    difference = standardised_difference(values[groups == spec.case], values[groups == spec.control])
    group_p = group_pvalue(values, groups)
    component, share, component_p = _strongest(values, near)
    inflation, refusal = _inflation(metadata, spec, column)
    one_sided = _one_sided(values, groups)
    tables = dict(refusal.tables) if refusal else {}
    if one_sided and not tables:
        tables = {f"{column} × {spec.factor}": pd.crosstab(level_names(values), groups.to_numpy())}
    colour, reason = _verdict(
        group_p, component_p, inflation, refusal=refusal, one_sided=one_sided, difference=difference
    )
    return Light(
        column=column,
        colour=colour,
        adjusted=adjusted,
        reason=reason,
        difference=difference,
        group_p=group_p,
        component=component,
        share=share,
        component_p=component_p,
        inflation=inflation,
        tables=tables,
    )


def _strongest(values: pd.Series, near: pd.DataFrame | None) -> tuple[str, float, float]:
    if near is None or not near.shape[1]:
        return "", float("nan"), float("nan")
    found = explained(values, near)
    if found["share"].isna().all():
        return "", float("nan"), float("nan")
    best = int(found["share"].to_numpy().argmax())
    share, p = found["share"].to_numpy()[best], found["pvalue"].to_numpy()[best]
    return str(found.index[best]), float(share), min(1.0, float(p) * near.shape[1])


def _inflation(metadata: pd.DataFrame, spec: DESpec, column: str) -> tuple[float, DesignError | None]:
    try:
        design = build_design(metadata, replace(spec, covariates=(column,)))
    except DesignError as error:
        return float("inf"), error
    return variance_inflation(design.matrix), None


def _one_sided(values: pd.Series, groups: pd.Series) -> list[str]:
    """Return the levels of a category whose samples are all in one group."""
    if is_number(values):
        return []
    table = pd.crosstab(level_names(values), groups.to_numpy())
    return [str(level) for level in table.index[(table > 0).sum(axis=1) < 2]]


def _verdict(
    group_p: float,
    component_p: float,
    inflation: float,
    *,
    refusal: DesignError | None,
    one_sided: list[str],
    difference: Difference,
) -> tuple[Colour, str]:
    if refusal is not None:
        return "red", " ".join(f"{f.what[0].upper()}{f.what[1:]}." for f in refusal.faults)
    reasons = []
    if inflation > MAX_QUIET_INFLATION:
        reasons.append(f"Adjusting for it makes every interval {inflation**0.5:.1f} times as wide.")
    if one_sided:
        which = ", ".join(one_sided[:3])
        reasons.append(f"Only one group has samples in {which}: they say nothing about the difference.")
    remarkable = abs(difference.value) >= REMARKABLE and not np.isnan(difference.low)
    unlike = bool(group_p < SIGNIFICANT or remarkable)
    if unlike and component_p < SIGNIFICANT:
        reasons.append("The groups differ in it, and expression goes with it.")
    if reasons:
        return "amber", " ".join(reasons)
    goes_with = None if np.isnan(component_p) else component_p < SIGNIFICANT
    return QUIET[unlike, goes_with]
