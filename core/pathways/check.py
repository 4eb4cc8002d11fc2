"""Refuse a specification whose values cannot be meant, before anything is read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import get_args

from core.errors import Fault, InputError, bad_setting
from core.spec import Background, Direction, EnrichmentTest, PathwaySpec

FEWEST_PERMUTATIONS = 100


def check_spec(spec: PathwaySpec) -> None:
    """Check the values of a specification that can be judged without data.

    Raises
    ------
    InputError
        With every fault found.
    """
    faults = [*_check_choices(spec), *_check_sizes(spec), *_check_numbers(spec)]
    if faults:
        raise InputError(faults)


def _check_choices(spec: PathwaySpec) -> Iterator[Fault]:
    if not spec.collections:
        yield bad_setting("collections", "there is none", "Name at least one collection or GMT file")
    offered = {"test": EnrichmentTest, "direction": Direction, "background": Background}
    for name, choices in offered.items():
        value = getattr(spec, name)
        if value not in get_args(choices):
            yield bad_setting(
                name, f"{value!r} is not offered", "Use one of: " + ", ".join(get_args(choices))
            )


def _check_sizes(spec: PathwaySpec) -> Iterator[Fault]:
    if spec.min_size < 2:
        yield bad_setting("min_size", f"{spec.min_size} is less than 2", "Give a whole number from 2 on")
    if spec.max_size < spec.min_size:
        yield bad_setting(
            "max_size",
            f"{spec.max_size} is less than the smallest size {spec.min_size}",
            "Give a larger number",
        )
    if spec.permutations < FEWEST_PERMUTATIONS:
        yield bad_setting(
            "permutations",
            f"{spec.permutations} are too few for a p-value",
            f"Give {FEWEST_PERMUTATIONS} or more",
        )
    if not 0 <= spec.seed < 2**32:
        yield bad_setting("seed", f"{spec.seed} is not between 0 and {2**32 - 1}", "Give for example 1")


def _check_numbers(spec: PathwaySpec) -> Iterator[Fault]:
    for name in ("set_alpha", "gene_alpha"):
        if not 0 < getattr(spec, name) < 1:
            yield bad_setting(name, f"{getattr(spec, name)} is not between 0 and 1", "Give for example 0.05")
    if not (math.isfinite(spec.gene_lfc) and spec.gene_lfc >= 0):
        yield bad_setting(
            "gene_lfc", f"{spec.gene_lfc} is not 0 or a positive number", "Give for example 0.5"
        )
    if spec.correlation is not None and not 0 <= spec.correlation < 1:
        yield bad_setting(
            "correlation",
            f"{spec.correlation} is not between 0 and 1",
            "Give for example 0.01, or none to estimate it for each set",
        )
