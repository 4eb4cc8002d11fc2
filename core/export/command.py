"""The command that makes the numbers on screen without a screen."""

from __future__ import annotations

import shlex

from core.commands import de, models
from core.spec import DESpec, ModelSpec

PYTHON = ("python", "-m", "core")


def analysis_command(
    spec: DESpec | ModelSpec,
    *,
    counts: str = "counts.csv.gz",
    metadata: str = "metadata.csv",
    dataset: str | None = None,
    out: str = "results",
) -> str:
    """Return the shell command of a comparison or of risk models, quoted for pasting.

    Parameters
    ----------
    spec : DESpec or ModelSpec
        The analysis.
    counts, metadata : str
        Files to read.
    dataset : str, optional
        Content hash of a data set in the store, instead of the files.
    out : str
        Folder for the results.
    """
    source = [f"--dataset={dataset}"] if dataset else [f"--counts={counts}", f"--metadata={metadata}"]
    if isinstance(spec, ModelSpec):
        verb, options = "models", models.arguments(spec)
    else:
        verb, options = "de", de.arguments(spec)
    return shlex.join([*PYTHON, verb, *source, *options, f"--out={out}"])
