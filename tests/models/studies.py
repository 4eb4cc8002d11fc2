"""Small cohorts whose validation takes seconds."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from core.cohort.model import Cohort, Roles
from core.cohort.simulation.cohort import simulate_cohort
from core.cohort.stored import put_cohort
from core.models.spec import ModelSpec
from core.models.validation.setting import Setting, make_setting
from core.store import Store

SPEC = ModelSpec(
    "group",
    "TRD",
    "non-TRD",
    centre="centre",
    models=("dummy", "centre", "cells", "age_sex", "clinical", "genes", "pathways", "clinical_genes"),
    folds=3,
    repeats=2,
    inner_folds=3,
    label_permutations=20,
    n_selected=30,
)


@lru_cache(maxsize=1)
def simulated() -> Cohort:
    """A simulated cohort of 60 patients, its duplicated sample included."""
    return simulate_cohort(seed=5, n_patients=60, n_genes=800)[0]


def drawn(n: int = 48, n_genes: int = 300, *, signal: float = 0.0, seed: int = 1) -> Cohort:
    """Counts without gene names that mean anything; the first 20 genes differ by `signal` (log2)."""
    rng = np.random.default_rng(seed)
    group = np.where(np.arange(n) % 2 == 0, "case", "control").astype(object)
    level = rng.normal(7, 1, n_genes)[:, None] + rng.normal(0, 0.4, (n_genes, n))
    level[:20] += signal * (group == "case")
    metadata = pd.DataFrame(
        {
            "group": group,
            "age": rng.integers(20, 70, n),
            "centre": np.where(np.arange(n) % 4 < 2, "north", "south").astype(object),
        },
        index=pd.Index([f"S{i:03d}" for i in range(n)], name="sample"),
    )
    names = [f"gene{i:04d}" for i in range(n_genes)]
    blank = [""] * n_genes
    genes = pd.DataFrame(
        {
            **{"gene": names, "given": names, "symbol": blank, "name": blank},
            **{"ensembl_id": blank, "entrez_id": blank, "chromosome": blank},
        }
    )
    counts = rng.poisson(np.exp2(level)).astype(np.int32)
    return Cohort("drawn", counts, genes, metadata, Roles(centre="centre"))


DRAWN = replace(SPEC, case="case", control="control", models=("dummy", "centre", "age_sex", "genes"))


def setting_of(folder: Path, cohort: Cohort, spec: ModelSpec) -> Setting:
    """A request about a cohort, in a store of its own."""
    store = Store(folder)
    return make_setting(store, put_cohort(store, cohort), spec, cohort)
