"""Refuse a specification whose values cannot be meant, before anything is read."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator
from typing import get_args

from core.de.methods import unsupported
from core.errors import Fault, InputError, bad_setting
from core.spec import DESpec, Method


def check_spec(spec: DESpec) -> None:
    """Check the values of a specification that can be judged without data.

    Raises
    ------
    InputError
        With every fault found.
    """
    faults = [
        *_check_comparison(spec),
        *_check_filter(spec),
        *_check_numbers(spec),
        *unsupported(spec),
    ]
    if faults:
        raise InputError(faults)


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


def _check_comparison(spec: DESpec) -> Iterator[Fault]:
    for name, value in (("factor", spec.factor), ("case", spec.case), ("control", spec.control)):
        if not value:
            yield bad_setting(name, "it is empty", "Name a metadata column and two of its levels")
    if spec.case and spec.case == spec.control:
        yield bad_setting(
            "case", f"case and control are both {spec.case!r}", "Choose two different levels to compare"
        )
    if spec.factor and spec.factor in spec.covariates:
        yield bad_setting(
            "covariates",
            f"{spec.factor!r} is the factor that is compared and also a covariate",
            f"Take {spec.factor!r} out of the covariates",
        )
    for name in sorted({c for c in spec.covariates if spec.covariates.count(c) > 1}):
        yield bad_setting("covariates", f"{name!r} is named more than once", f"Name {name!r} once")
    if "" in spec.covariates:
        yield bad_setting("covariates", "one of the names is empty", "Take the empty name out")


def _check_filter(spec: DESpec) -> Iterator[Fault]:
    if spec.min_count < 0:
        yield bad_setting("min_count", f"{spec.min_count} is negative", "Give 0 or a positive whole number")
    if spec.min_samples is not None and spec.min_samples < 0:
        yield bad_setting(
            "min_samples",
            f"{spec.min_samples} is negative",
            "Give a positive whole number, 0 for no filter, or leave it out for the smallest group's size",
        )


def _check_numbers(spec: DESpec) -> Iterator[Fault]:
    if not 0 < spec.alpha < 1:
        yield bad_setting("alpha", f"{spec.alpha} is not between 0 and 1", "Give for example 0.05")
    if not (math.isfinite(spec.lfc_threshold) and spec.lfc_threshold >= 0):
        yield bad_setting(
            "lfc_threshold", f"{spec.lfc_threshold} is not 0 or a positive number", "Give for example 0.5"
        )
    if spec.winsorise is not None and not 0.5 < spec.winsorise < 1:
        yield bad_setting(
            "winsorise",
            f"{spec.winsorise} is not a quantile between 0.5 and 1",
            "Give for example 0.95, or leave it out",
        )
    # A specification read from JSON may hold any text here.
    if str(spec.method) not in get_args(Method):
        yield bad_setting(
            "method", f"{spec.method!r} is not offered", "Use one of: " + ", ".join(get_args(Method))
        )
