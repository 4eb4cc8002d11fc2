"""What the foot of the Models page offers: scripts, and what they read."""

from __future__ import annotations

from collections.abc import Iterator

from core.export.tables import to_csv_bytes
from core.models.metrics_script import model_script, unnamed_predictions
from core.models.validation_script import can_script_validation, validation_script
from pages.ui.frame import state
from pages.ui.frame.footing import CODE, PYTHON, Download
from pages.ui.models.results import Found
from pages.ui.models.view import ModelsView


def files(found: Found) -> Iterator[Download]:
    """Yield the script of the metrics, and of the validation where there is one, each with its input."""
    models, provenance = found.result, found.provenance
    view = state.view_by_then(ModelsView)
    yield Download(
        "Download script",
        "risk_models.py",
        PYTHON,
        lambda: model_script(
            models, cutoff=view().cutoff, prevalence=view().prevalence or None, provenance=provenance.line()
        ).encode(),
        "A short Python script that needs only public packages and makes the metrics of this page "
        "from the out-of-fold predictions (button beside).",
        CODE,
    )
    yield Download(
        "Predictions for the script (CSV)",
        "predictions.csv",
        "text/csv",
        lambda: to_csv_bytes(unnamed_predictions(models), provenance),
        "One row per patient, model and repeat; patients by number, never by name.",
    )
    if not can_script_validation(models):
        return
    yield Download(
        "Script that fits again",
        "validate_genes.py",
        PYTHON,
        lambda: validation_script(models, provenance=provenance.line()).encode(),
        "Makes the nested cross-validation of the gene model again from your counts, with scikit-learn "
        "alone. It reads the folds (button beside), which name your samples.",
        CODE,
    )
    yield Download(
        "Folds for it (CSV)",
        "folds.csv",
        "text/csv",
        lambda: to_csv_bytes(models.fold_table(), provenance),
    )
