"""What has been tried on a data set, as far as a store remembers: comparisons, pathways, risk models."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from core.de.result import de_key
from core.models.result import model_key
from core.pathways.result import pathway_key
from core.robustness.paths import unsided
from core.spec import DESpec, ModelSpec, PathwaySpec, Spec

Analysis = DESpec | ModelSpec | tuple[DESpec, PathwaySpec]


@dataclass(frozen=True)
class Tried:
    """Distinct analyses of a data set; what changes no p-value makes none.

    Parameters
    ----------
    comparisons : tuple of DESpec
        Settings of comparisons, whatever their groups.
    pathways : tuple of (DESpec, PathwaySpec)
        Tests of gene sets, each with its comparison.
    models : tuple of ModelSpec
        Evaluations of risk models.
    """

    comparisons: tuple[DESpec, ...] = ()
    pathways: tuple[tuple[DESpec, PathwaySpec], ...] = ()
    models: tuple[ModelSpec, ...] = ()

    def sentence(self) -> str:
        """Return the counts as one sentence that travels with an export; "" where nothing was tried.

        Examples
        --------
        >>> Tried(models=(ModelSpec("group", "TRD", "non-TRD"),)).sentence()
        '1 evaluation of risk models was tried in this exploration.'
        """
        counts = (
            (len(self.comparisons), "comparison", "comparisons"),
            (len(self.pathways), "pathway analysis", "pathway analyses"),
            (len(self.models), "evaluation of risk models", "evaluations of risk models"),
        )
        parts = [f"{n:,} {one if n == 1 else many}" for n, one, many in counts if n]
        if not parts:
            return ""
        listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        verb = "was" if sum(n for n, _, _ in counts) == 1 else "were"
        return f"{listed} {verb} tried in this exploration."


def tried(analyses: Iterable[Analysis]) -> Tried:
    """Sort analyses by kind, each distinct one once, in the order they come."""
    comparisons, pathways = dict[DESpec, None](), dict[tuple[DESpec, PathwaySpec], None]()
    models = dict[ModelSpec, None]()
    for one in analyses:
        if isinstance(one, DESpec):
            comparisons[unsided(one)] = None
        elif isinstance(one, ModelSpec):
            case, control = sorted((one.case, one.control))
            models[replace(one, case=case, control=control)] = None
        else:
            pathways[unsided(one[0]), one[1]] = None
    return Tried(tuple(comparisons), tuple(pathways), tuple(models))


def analysis_of(key: str, run: Mapping[str, Any]) -> tuple[str, Analysis] | None:
    """Return data set and specification of a result; None for other results and other versions.

    Parameters
    ----------
    key : str
        Of its entry in the store.
    run : mapping
        What the entry says of its run.
    """
    if "digest" not in run or "spec" not in run:
        return None
    digest, named = str(run["digest"]), frozenset(json.loads(run["spec"]))
    if run.get("de_spec"):
        if not named <= _names(PathwaySpec):
            return None
        pair = DESpec.from_json(run["de_spec"]), PathwaySpec.from_json(run["spec"])
        return (digest, pair) if pathway_key(digest, *pair) == key else None
    if not {"factor", "case", "control"} <= named:
        return None
    # Risk models name groups as well, beside fields that no comparison has.
    if named <= _names(DESpec):
        comparison = DESpec.from_json(run["spec"])
        return (digest, comparison) if de_key(digest, comparison) == key else None
    if named <= _names(ModelSpec):
        models = ModelSpec.from_json(run["spec"])
        return (digest, models) if model_key(digest, models) == key else None
    return None


def _names(kind: type[Spec]) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))
