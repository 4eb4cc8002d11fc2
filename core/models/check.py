"""Refuse a specification whose values cannot be meant, before anything is read."""

from __future__ import annotations

from collections.abc import Iterator

from core.errors import Fault, InputError, bad_setting
from core.models.pipelines import names
from core.spec import ModelSpec

LIMITS = {
    "folds": (2, 20),
    "repeats": (1, 100),
    "inner_folds": (2, 20),
    "label_permutations": (0, 10_000),
    "n_selected": (1, 100_000),
    "model_seed": (0, 2**32 - 1),
}


def check_spec(spec: ModelSpec) -> None:
    """Check the values of a specification that can be judged without data.

    Raises
    ------
    InputError
        With every fault found.
    """
    faults = [*_check_groups(spec), *_check_models(spec), *_check_columns(spec), *_check_numbers(spec)]
    if faults:
        raise InputError(faults)


def _check_groups(spec: ModelSpec) -> Iterator[Fault]:
    for name in ("factor", "case", "control"):
        if not getattr(spec, name):
            yield bad_setting(name, "it is empty", "Name a metadata column and two of its levels")
    if spec.case and spec.case == spec.control:
        yield bad_setting("case", f"case and control are both {spec.case!r}", "Choose two different levels")


def _check_models(spec: ModelSpec) -> Iterator[Fault]:
    if not spec.models:
        yield bad_setting("models", "there is none", "Name at least one of: " + ", ".join(names()))
    for name in sorted({name for name in spec.models if spec.models.count(name) > 1}):
        yield bad_setting("models", f"{name!r} is named more than once", f"Name {name!r} once")
    for name in spec.models:
        if name not in names():
            yield bad_setting("models", f"{name!r} is not offered", "Use some of: " + ", ".join(names()))


def _check_columns(spec: ModelSpec) -> Iterator[Fault]:
    for field in ("clinical", "include_unsafe"):
        columns = getattr(spec, field)
        if spec.factor in columns:
            yield bad_setting(
                field, f"{spec.factor!r} is what is to be predicted", f"Take {spec.factor!r} out"
            )
        for name in sorted({name for name in columns if columns.count(name) > 1}):
            yield bad_setting(field, f"{name!r} is named more than once", f"Name {name!r} once")
        if "" in columns:
            yield bad_setting(field, "one of the names is empty", "Take the empty name out")
    if spec.centre and spec.centre == spec.factor:
        yield bad_setting(
            "centre", "it is the column that is to be predicted", "Name another column, or none"
        )


def _check_numbers(spec: ModelSpec) -> Iterator[Fault]:
    for name, (least, most) in LIMITS.items():
        value = getattr(spec, name)
        if not least <= value <= most:
            yield bad_setting(
                name,
                f"{value} is not between {least} and {most}",
                f"Give a whole number from {least} to {most}",
            )
