"""Where the numbers of a comparison come from."""

from __future__ import annotations

from core.cohort.samples.exclusion import exclusion_words
from core.de.methods import METHODS
from core.de.result import DEResult
from core.de.spec import DESpec
from core.export.provenance import Provenance

SAID_ELSEWHERE = ("min_count", "min_samples", "alpha")
"""Settings that other parts of the line name."""


def provenance_of(result: DEResult, *, dataset: str) -> Provenance:
    """Return the provenance of a differential-expression result.

    Parameters
    ----------
    result : DEResult
        The result.
    dataset : str
        Name of the data set, as people call it.
    """
    run, spec = result.run, result.spec
    compared = [spec.contrast, f"n = {run.n_case} vs {run.n_control}", exclusion_words(spec.exclude)]
    return Provenance(
        dataset=dataset,
        digest=result.digest,
        simulated=run.simulated,
        contrast=", ".join(filter(None, compared)),
        design=spec.design,
        expression_filter=f"{run.n_active:,} active genes: {run.active_definition}",
        method=_method(spec),
        outliers=run.outlier_state,
        versions=(*run.versions.items(), ("algorithm", run.algorithm)),
    )


def _method(spec: DESpec) -> str:
    card = METHODS[spec.method]
    parts = [card.sentence, *([f"alpha {spec.alpha:g}"] if card.filters else [])]
    if spec.shrink:
        parts.append("fold changes also shrunken (apeGLM)")
    return ", ".join([*parts, *spec.unusual(but=SAID_ELSEWHERE).values()])
