"""A short Python script that validates the gene model on screen with public packages alone."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from core.errors import InputError
from core.export.template import body, fill_script, source_of
from core.models.result import ModelResult

TEMPLATE = Path(__file__).with_name("validation_script_template.txt")
# Read, not imported: SciPy's part of them is of no use to a server that only offers the script.
RULES = tuple(
    source_of(name)
    for name in (
        "core.de.limma.moderate",
        "core.models.validation.splits",
        "core.models.pipelines.transform",
        "core.models.pipelines.select",
    )
)


def can_script_validation(result: ModelResult) -> bool:
    """Return whether `validation_script` has a script for a result: that of the gene model."""
    return "genes" in result.pooled_models()


def validation_script(result: ModelResult, *, provenance: str = "") -> str:
    """Return a Python script that reproduces the nested cross-validation of the gene model.

    Its logistic regression is scikit-learn's; folds, transformation and choice of genes are this
    product's own code, which the script carries along.

    Parameters
    ----------
    result : ModelResult
        The result on screen.
    provenance : str
        Provenance line for the script's head.

    Raises
    ------
    InputError
        If the gene model was not run.
    """
    if not can_script_validation(result):
        raise InputError.of(
            code="no-script",
            where="models",
            what="there is a short script for the gene model only, and it was not run",
            mend="Use the command, which makes the same numbers",
        )
    from core.models.pipelines.blocks import N_VARIABLE
    from core.models.pipelines.linear import STRENGTHS

    spec = result.spec
    return fill_script(
        TEMPLATE,
        title=f"Nested cross-validation of the gene model, {spec.contrast}.",
        provenance=provenance,
        settings={
            "COUNTS": "counts.csv.gz",
            "METADATA": "metadata.csv",
            "FOLDS": "folds.csv",  # see `ModelResult.fold_table`
            "RESULTS": "predictions_genes.csv",
            "FACTOR": spec.factor,
            "CASE": spec.case,
            "CONTROL": spec.control,
            "INNER_FOLDS": spec.inner_folds,
            "N_VARIABLE": N_VARIABLE,
            "N_SELECTED": spec.n_selected,
            "SEED": spec.model_seed,
            "STRENGTHS": STRENGTHS,
        },
        code={
            "SKLEARN": result.run.versions.get("scikit-learn") or version("scikit-learn"),
            "RULES": "\n\n".join(body(path) for path in RULES),
        },
    )
