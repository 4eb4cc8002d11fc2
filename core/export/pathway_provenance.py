"""Where the numbers of an enrichment come from, and the command that makes them."""

from __future__ import annotations

import shlex
from dataclasses import replace

from core.commands.pathways import arguments
from core.de.result import DEResult
from core.export.command import PYTHON, analysis_command
from core.export.provenance import Provenance, provenance_of
from core.pathways.result import PathwayResult
from core.spec import DESpec, PathwaySpec


def pathway_provenance_of(result: PathwayResult, comparison: DEResult, *, dataset: str) -> Provenance:
    """Return the provenance of an enrichment result.

    Parameters
    ----------
    result : PathwayResult
        The result.
    comparison : DEResult
        The comparison it started from.
    dataset : str
        Name of the data set, as people call it.
    """
    spec, run = result.spec, result.run
    used = ", ".join(f"{item.title} ({item.version})" for item in run.collections)
    sizes = f"{run.n_sets:,} sets of {spec.min_size} to {spec.max_size} tested genes"
    method = f"{run.method.rstrip('.')}; {sizes}: {used}"
    of_comparison = provenance_of(comparison, dataset=dataset)
    return replace(
        of_comparison,
        method=f"{of_comparison.method}; then {method[0].lower()}{method[1:]}. {run.background}".rstrip(". "),
        versions=tuple(
            dict(
                [*of_comparison.versions, *run.versions.items(), ("pathway algorithm", run.algorithm)]
            ).items()
        ),
        seed=spec.seed if spec.test == "gsea" else None,
    )


def pathway_command(
    de_spec: DESpec, spec: PathwaySpec, *, dataset: str | None = None, out: str = "results"
) -> str:
    """Return the shell commands of an enrichment: the comparison, then the test of its gene sets.

    Parameters
    ----------
    de_spec : DESpec
        The comparison.
    spec : PathwaySpec
        The enrichment.
    dataset : str, optional
        Content hash of a data set in the store, instead of files.
    out : str
        Folder for the results of both.
    """
    second = shlex.join([*PYTHON, "pathways", f"--de={out}", *arguments(spec), f"--out={out}"])
    return f"{analysis_command(de_spec, dataset=dataset, out=out)}\n{second}"
