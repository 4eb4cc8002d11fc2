"""The demonstration cohort: simulate it, and write it as the files a study would bring.

Where each number comes from is told in `core.cohort.simulation.settings`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.cohort.files import counts_file, metadata_file
from core.cohort.model import Cohort, Roles
from core.cohort.simulation.expression import draw_counts, draw_factors
from core.cohort.simulation.genes import available_genes, plan_genes
from core.cohort.simulation.patients import draw_patients, recorded_metadata
from core.cohort.simulation.settings import COHORT_NAME, DEFAULT, Settings
from core.cohort.simulation.truth import truth_table
from core.errors import Fault, InputError
from core.processes.stopping import write_whole

# Raise with any change that alters the cohort of a given seed.
ALGORITHM = "demonstration-2"
ROLES = Roles(patient="patient", centre="centre", sex="sex")
COUNTS_FILE, METADATA_FILE, TRUTH_FILE = "counts.csv.gz", "metadata.csv", "truth.csv"
MOST_PATIENTS = 5_000


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
        As `core.cohort.reading.load.inspect_cohort` would read it from the written files.
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
    write_whole(folder / COUNTS_FILE, counts_file(cohort))
    write_whole(folder / METADATA_FILE, metadata_file(cohort))
    write_whole(folder / TRUTH_FILE, truth.to_csv(index=False, lineterminator="\n"))


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
