"""The comparisons for which R's results are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from core.cohort.model import Cohort
from core.cohort.stored import put_cohort
from core.de.prepare import prepare
from core.de.spec import DESpec
from core.store import Store
from tests.analyses import run_de
from tests.de.cohorts import read_cohort
from tests.de.reference import Agreement, agreement, plain_table

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Case:
    """A data set, what was compared, and what must be reached.

    That is the correlation of fold changes over all genes, the overlap of gene lists
    (Jaccard), and as many genes without adjusted p-value as in R. `reference` is the name of
    R's result beside the project; without one both are shipped with the tests.
    """

    data: str
    reference: str
    spec: DESpec
    n_active: int
    jaccard: float
    n_left_out: int = 0
    correlation: float = 0.999

    def folder(self, shared_data: Path) -> Path:
        """Return where the counts are."""
        return (shared_data if self.reference else DATA) / self.data

    def cohort(self, shared_data: Path) -> Cohort:
        """Return the counts and metadata."""
        return read_cohort(self.folder(shared_data))

    def of_r(self, shared_data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return R's result and size factors."""
        stem = f"{shared_data / 'reference' / self.reference}_" if self.reference else f"{DATA / self.data}/"
        table = pd.read_csv(f"{stem}deseq2.csv.gz", index_col="gene")
        return table, pd.read_csv(f"{stem}sizefactors.csv", index_col="sample")


SHIPPED = {
    "pasilla": Case(
        "pasilla", "", DESpec("condition", "treated", "untreated", ("type",), 10, 1), 8781, 0.996, 511
    ),
    "airway": Case("airway", "", DESpec("dex", "trt", "untrt", ("cell",), 10, 1), 18086, 0.99, 702),
    "geuvadis": Case("geuvadis_sex", "", DESpec("group", "Male", "Female", (), 0, 0), 10101, 1.0),
}
LONDON = Case(
    "london_tb",
    "london_PTB_vs_LTBI",
    DESpec("TBStatus", "PTB", "LTBI", ("sex_molecular",), 10, 21),
    16644,
    0.999,
    646,
)
BRAZIL = Case(
    "brazil_household",
    "brazil_PTB_vs_LTBI",
    DESpec("TBStatus", "PTB", "LTBI", ("Age", "Gender"), 10, 14),
    14803,
    0.998,
)
# As on the command line: numbers enter the design as they are, as in R.
BRAZIL_UNSCALED = replace(BRAZIL, spec=replace(BRAZIL.spec, scale=False), correlation=0.999999, jaccard=0.999)
CASES = {**SHIPPED, "london": LONDON, "brazil": BRAZIL_UNSCALED}


def both_agreements(
    case: Case, *, shared_data: Path, store: Store, n_cpus: int = 1
) -> tuple[Agreement, Agreement]:
    """Return how far ours and PyDESeq2 as it is, given the same design, agree with R."""
    cohort, (reference, _) = case.cohort(shared_data), case.of_r(shared_data)
    ours = run_de(store, put_cohort(store, cohort), case.spec).table.set_index("gene")
    return agreement(ours, reference), agreement(plain(case, shared_data, n_cpus), reference)


@lru_cache
def plain(case: Case, shared_data: Path, n_cpus: int) -> pd.DataFrame:
    """Return what PyDESeq2 as it is finds, indexed by gene; it takes long, and is done once."""
    return plain_table(prepare(case.cohort(shared_data), case.spec), n_cpus=n_cpus)
