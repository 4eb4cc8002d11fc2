"""Forking paths: which settings have been tried on a data set, so that the one told can be weighed.

Gelman & Loken 2013: a finding that is one of many analyses that could have been told needs to be
read with the others in mind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import Field, dataclass, fields
from typing import Any, cast

from core.cohort.samples.cell_scores import covariate_words
from core.de.kind import KIND
from core.de.methods import METHODS
from core.de.spec import DESpec, Method
from core.spec import option_of, to_text

# The same patients and question under another name.
_SIDES = ("case", "control")


@dataclass(frozen=True)
class Paths:
    """What has been tried.

    Parameters
    ----------
    n_settings : int
        Distinct settings of the comparison in force: same groups, whatever their order.
    differing : dict of str to tuple of str
        For each setting that was varied in the comparison in force, the values tried, as text.
    """

    n_settings: int
    differing: dict[str, tuple[str, ...]]


def count_paths(tried: Iterable[DESpec], spec: DESpec) -> Paths:
    """Count the settings tried on a data set.

    Parameters
    ----------
    tried : iterable of DESpec
        The finished comparisons of the data set, in any order.
    spec : DESpec
        The comparison in force; counts whether or not it is finished.
    """
    asked = KIND.unsided(spec)
    mine = {one for one in map(KIND.unsided, (*tried, spec)) if _question(one) == _question(asked)}
    return Paths(len(mine), _differing(mine))


def _question(spec: DESpec) -> tuple[str, str, str]:
    return spec.factor, spec.case, spec.control


def _differing(specs: set[DESpec]) -> dict[str, tuple[str, ...]]:
    found = {}
    for field in fields(DESpec):
        values = {_words(getattr(one, field.name), field) for one in specs}
        if len(values) > 1 and field.name not in _SIDES:
            found[field.name] = tuple(sorted(values))
    return found


def _words(value: object, field: Field[Any]) -> str:
    if field.name == "method":
        return METHODS[cast(Method, value)].label
    if isinstance(value, tuple) and value:
        named = field.name != "exclude"
        return ", ".join(covariate_words(value)) if named else f"{len(value)} sample{'s' * (len(value) != 1)}"
    if value is None or value == ():
        return option_of(field).empty
    return f"{value:g}" if isinstance(value, float) else to_text(value)
