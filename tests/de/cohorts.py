"""Small cohorts for the tests of differential expression."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from core.cohort.model import Cohort, Roles

N_GENES = 240


def as_cohort(counts: pd.DataFrame, metadata: pd.DataFrame, *, roles: Roles | None = None) -> Cohort:
    """Return a cohort in canonical order from counts (genes × samples) and metadata."""
    counts, metadata = counts.sort_index(), metadata.sort_index()
    genes = pd.DataFrame({"gene": counts.index.astype(str)})
    for column in ("given", "symbol", "name", "ensembl_id", "entrez_id", "chromosome"):
        genes[column] = genes["gene"] if column == "given" else ""
    return Cohort(
        name="small",
        counts=counts[metadata.index].to_numpy(dtype=np.int32),
        genes=genes,
        metadata=metadata,
        roles=roles or Roles(),
    )


def read_cohort(folder: Path) -> Cohort:
    """Read a folder with counts.csv.gz and metadata.csv."""
    counts = pd.read_csv(folder / "counts.csv.gz", index_col=0)
    metadata = pd.read_csv(folder / "metadata.csv", index_col=0)
    return as_cohort(counts, metadata.rename(index=str))


def small_metadata(n: int = 24) -> pd.DataFrame:
    """Return `n` samples, half TRD, with sex, centre and age unrelated to the group."""
    rng = np.random.default_rng(7)
    group = ["TRD" if i % 2 else "non-TRD" for i in range(n)]
    return pd.DataFrame(
        {
            "group": group,
            "sex": ["F" if i % 4 < 2 else "M" for i in range(n)],
            "centre": ["Barcelona" if i < n / 2 else "Münster" for i in range(n)],
            "age": rng.integers(20, 70, n).astype(float),
        },
        index=pd.Index([f"S{i:02d}" for i in range(n)], name="sample"),
    )


def small_cohort(*, metadata: pd.DataFrame | None = None, n_genes: int = N_GENES) -> Cohort:
    """Return simulated counts: gene G000 has none, G001 few, every tenth differs by the group."""
    metadata = small_metadata() if metadata is None else metadata
    rng = np.random.default_rng(1)
    mean = np.exp(rng.normal(4.5, 1.3, n_genes))
    effect = np.where(np.arange(n_genes) % 10 == 5, 1.0, 0.0) * rng.choice([-1, 1], n_genes)
    case = (metadata["group"] == "TRD").to_numpy()
    size = rng.uniform(0.6, 1.6, len(metadata))
    mu = mean[:, None] * np.exp2(effect[:, None] * case) * size
    dispersion = (0.08 + 2 / mean)[:, None] * np.exp(rng.normal(0, 0.4, (n_genes, 1)))
    counts = rng.negative_binomial(1 / dispersion, 1 / (1 + dispersion * mu))
    counts[0] = 0
    counts[1] = 0
    counts[1, 0] = 3
    frame = pd.DataFrame(counts, index=[f"G{i:03d}" for i in range(n_genes)], columns=metadata.index)
    return as_cohort(frame, metadata, roles=Roles(sex="sex", centre="centre"))
