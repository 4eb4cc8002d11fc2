"""Simulated cohorts that several tests start from, made once for all of them; never to be written to."""

from __future__ import annotations

from functools import cache

import pandas as pd

from core.cohort.model import Cohort
from core.cohort.simulation.cohort import simulate_cohort


@cache
def simulated(*, n_patients: int, n_genes: int) -> tuple[Cohort, pd.DataFrame]:
    """Return a cohort of seed 3 and what was planted in it."""
    return simulate_cohort(seed=3, n_patients=n_patients, n_genes=n_genes)
