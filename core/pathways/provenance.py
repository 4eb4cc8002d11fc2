"""Where the numbers of an enrichment come from."""

from __future__ import annotations

from dataclasses import replace

from core.export.provenance import Provenance
from core.pathways.result import PathwayResult

SAID_ELSEWHERE = ("min_size", "max_size", "seed")
"""Settings that other parts of the line name."""


def pathway_provenance_of(result: PathwayResult, comparison: Provenance) -> Provenance:
    """Return the provenance of an enrichment result from that of the comparison it started from."""
    spec, run = result.spec, result.run
    used = ", ".join(f"{item.title} ({item.version})" for item in run.collections)
    sizes = f"{run.n_sets:,} sets of {spec.min_size} to {spec.max_size} tested genes"
    parts = [run.method.rstrip("."), f"{sizes}: {used}", *spec.unusual(but=SAID_ELSEWHERE).values()]
    method = "; ".join(parts)
    versions = [*comparison.versions, *run.versions.items(), ("pathway algorithm", run.algorithm)]
    return replace(
        comparison,
        method=f"{comparison.method}; then {method[0].lower()}{method[1:]}. {run.background}".rstrip(". "),
        versions=tuple(dict(versions).items()),
        seed=spec.seed if spec.test == "gsea" else None,
    )
