"""Where the numbers of risk models come from."""

from __future__ import annotations

from core.cohort.samples.exclusion import exclusion_words
from core.export.provenance import Provenance
from core.models.result import ModelResult

SAID_ELSEWHERE = (
    "models",
    "folds",
    "repeats",
    "inner_folds",
    "label_permutations",
    "n_selected",
    "model_seed",
    "external",
)
"""Settings that other parts of the line name."""


def model_provenance_of(result: ModelResult, *, dataset: str) -> Provenance:
    """Return the provenance of validated risk models.

    Parameters
    ----------
    result : ModelResult
        The result.
    dataset : str
        Name of the data set, as people call it.
    """
    run, spec = result.run, result.spec
    return Provenance(
        dataset=dataset,
        digest=result.digest,
        simulated=run.simulated,
        contrast=f"{spec.contrast}, n = {run.n_case} vs {run.n_control}",
        design=f"risk models: {', '.join(result.models['title'])}",
        expression_filter=f"{spec.n_selected:,} genes chosen inside each training part",
        method=_method(result),
        versions=(*run.versions.items(), ("model algorithm", run.algorithm)),
        seed=spec.model_seed,
    )


def _method(result: ModelResult) -> str:
    spec, run = result.spec, result.run
    parts = [
        f"nested cross-validation, {spec.folds} folds × {spec.repeats} repeats, {spec.inner_folds} "
        "inner folds",
        "one prediction per patient, the mean over repeats on the logit scale",
        "intervals by DeLong on patients",
    ]
    if spec.centre:
        parts.append(f"each of {run.n_centres} centres ({spec.centre}) predicted by the others")
    if spec.label_permutations:
        parts.append(f"{spec.label_permutations} permutations of the labels")
    parts += spec.unusual(but=SAID_ELSEWHERE).values()
    if excluded := exclusion_words(spec.exclude):
        parts.append(excluded)
    if run.n_external:
        parts.append(f"tested on {run.external_name}, n = {run.n_external}")
    return "; ".join(parts)
