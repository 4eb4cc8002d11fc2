"""The command that makes the numbers on screen without a screen."""

from __future__ import annotations

import shlex

from core.commands.de import arguments
from core.spec import DESpec

PYTHON = ("python", "-m", "core")


def de_command(
    spec: DESpec,
    *,
    counts: str = "counts.csv.gz",
    metadata: str = "metadata.csv",
    dataset: str | None = None,
    out: str = "results",
) -> str:
    """Return the shell command of a differential-expression analysis, quoted for pasting.

    Parameters
    ----------
    spec : DESpec
        The analysis.
    counts, metadata : str
        Files to read.
    dataset : str, optional
        Content hash of a data set in the store, instead of the files.
    out : str
        Folder for the results.
    """
    source = [f"--dataset={dataset}"] if dataset else [f"--counts={counts}", f"--metadata={metadata}"]
    return shlex.join([*PYTHON, "de", *source, *arguments(spec), f"--out={out}"])


def demo_command(
    *, seed: int = 1, patients: int | None = None, genes: int | None = None, out: str = "demo"
) -> str:
    """Return the shell command that writes the simulated demonstration cohort."""
    sizes = {"patients": patients, "genes": genes}
    options = [f"--{name}={size}" for name, size in sizes.items() if size is not None]
    return shlex.join([*PYTHON, "demo", f"--seed={seed}", *options, f"--out={out}"])
