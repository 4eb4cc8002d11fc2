"""Simulated cohorts whose groups differ in one thing only."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from core.cohort.model import Cohort
from core.cohort.simulation.cohort import simulate_cohort
from core.cohort.simulation.settings import DEFAULT, Factor, Settings
from core.de.spec import DESpec

CELLS_ONLY, DIRECT_ONLY = "neutrophil_lymphocyte", ""
SPEC = DESpec("group", "TRD", "non-TRD", method="limma")


def settings_with(cause: str, *, strength: float = 1.0) -> Settings:
    """Return the settings of the demonstration with the shifts of one cause only.

    `cause` is the name of a factor of cell composition, or "" for the programmes within cells.
    """

    def shifted(factor: Factor) -> Factor:
        meant = factor.name == cause if cause else factor.theme is not None
        return replace(factor, shift=strength * factor.shift * meant)

    return replace(DEFAULT, factors=tuple(map(shifted, DEFAULT.factors)))


@lru_cache(maxsize=4)
def cohort_with(cause: str, *, seed: int = 3, n_patients: int = 293, n_genes: int = 3000) -> Cohort:
    """Return a cohort whose groups differ by one cause only."""
    return simulate_cohort(seed=seed, n_patients=n_patients, n_genes=n_genes, settings=settings_with(cause))[
        0
    ]
