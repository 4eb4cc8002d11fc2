"""The demonstration cohort: simulate it, and write it as the files a study would bring.

Where each number comes from is told in `core.cohort.simulation.settings`.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd

from core.cohort.model import Cohort, Roles
from core.cohort.simulation.expression import draw_counts, draw_factors
from core.cohort.simulation.genes import available_genes, plan_genes
from core.cohort.simulation.patients import draw_patients, recorded_metadata
from core.cohort.simulation.settings import COHORT_NAME, DEFAULT, Settings
from core.cohort.simulation.truth import truth_table
from core.errors import Fault, InputError

# Raise with any change that alters the cohort of a given seed.
ALGORITHM = "demonstration-1"
ROLES = Roles(patient="patient", centre="centre", sex="sex")
COUNTS_FILE, METADATA_FILE, TRUTH_FILE = "counts.csv.gz", "metadata.csv", "truth.csv"
MOST_PATIENTS = 5_000
GZIP_LEVEL = 4


def simulate_cohort(
    *,
    seed: int = 1,
    n_patients: int = DEFAULT.sizes.patients,
    n_genes: int = DEFAULT.sizes.genes,
    settings: Settings = DEFAULT,
) -> tuple[Cohort, pd.DataFrame]:
    """Simulate a cohort of patients with and without treatment-resistant depression.

    Parameters
    ----------
    seed : int
        The same seed gives the same cohort.
    n_patients : int
        Patients, one sample each; 51 % have TRD.
    n_genes : int
        Genes, about 85 % of them expressed well enough to be tested.
    settings : Settings
        What is planted.

    Returns
    -------
    cohort : Cohort
        As `core.cohort.load.load_cohort` would read it from the written files.
    truth : pandas.DataFrame
        What was planted; see `core.cohort.simulation.truth.truth_table`.

    Raises
    ------
    InputError
        If the numbers cannot be met.
    """
    _refuse_impossible(seed, n_patients, n_genes, settings)
    patients = draw_patients(seed, n_patients, settings)
    plan = plan_genes(seed, n_genes, settings)
    factors = draw_factors(seed, patients, settings)
    cohort = Cohort(
        name=COHORT_NAME,
        counts=draw_counts(seed, patients, plan, factors, settings),
        genes=_gene_columns(plan.table),
        metadata=recorded_metadata(seed, patients, settings),
        roles=ROLES,
        simulated=True,
    )
    return cohort, truth_table(patients, plan, settings)


def write_cohort(folder: Path, cohort: Cohort, truth: pd.DataFrame) -> None:
    """Write ``counts.csv.gz``, ``metadata.csv`` and ``truth.csv``; equal cohorts give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / COUNTS_FILE).open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=GZIP_LEVEL, mtime=0) as packed,
    ):
        packed.write(_counts_csv(cohort).encode())
    metadata = cohort.metadata.apply(_without_decimals).assign(simulated="yes")
    metadata.to_csv(folder / METADATA_FILE, lineterminator="\n")
    truth.to_csv(folder / TRUTH_FILE, index=False, lineterminator="\n")


def _counts_csv(cohort: Cohort) -> str:
    """Return the counts as CSV; joining by hand is five times faster than DataFrame.to_csv."""
    header = ",".join(("gene", *cohort.samples))
    rows = zip(cohort.genes["gene"], cohort.counts.tolist(), strict=True)
    return "\n".join((header, *(f"{gene},{','.join(map(str, row))}" for gene, row in rows), ""))


def _without_decimals(column: pd.Series) -> pd.Series:
    """Write whole numbers as such although missing values make their column a float one."""
    whole = column.dtype == np.float64 and bool((column.dropna() % 1 == 0).all())
    return column.astype("Int64") if whole else column


def _gene_columns(table: pd.DataFrame) -> pd.DataFrame:
    named = table[["symbol", "name", "ensembl_id", "entrez_id", "chromosome"]]
    return pd.concat([table["symbol"].rename("gene"), table["symbol"].rename("given"), named], axis=1)


def _refuse_impossible(seed: int, n_patients: int, n_genes: int, settings: Settings) -> None:
    sizes = settings.sizes
    limits = (
        ("seed", seed, 0, 2**32 - 1),
        ("patients", n_patients, sizes.fewest_patients, MOST_PATIENTS),
        ("genes", n_genes, sizes.fewest_genes, available_genes(settings)),
    )
    faults = [
        Fault(
            code="bad-size",
            where=f"option --{name}",
            what=f"{value} is not between {lowest} and {highest}",
            mend=f"Give a whole number from {lowest} to {highest}",
        )
        for name, value, lowest, highest in limits
        if not lowest <= value <= highest
    ]
    if faults:
        raise InputError(faults)
