"""Small count and metadata files, sound until a test spoils them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

GENES = (
    "TP53",
    "IFIT3",
    "FKBP5",
    "NR3C1",
    "BDNF",
    "IL6",
    "TNF",
    "CRP",
    "STAT1",
    "MX1",
    "OAS1",
    "ISG15",
    "GNLY",
    "NKG7",
    "CD3E",
    "CD8A",
    "CD19",
    "MS4A1",
    "LYZ",
    "S100A8",
    "S100A9",
    "ELANE",
    "MPO",
    "HLA-A",
    "HLA-B",
    "B2M",
    "ACTB",
    "GAPDH",
    "RPL3",
    "RPS6",
)
SAMPLES = ("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8")


def counts_table(samples: tuple[str, ...] = SAMPLES, genes: tuple[str, ...] = GENES) -> pd.DataFrame:
    """Genes × samples; every value differs from its neighbours."""
    values = np.random.default_rng(7).integers(1, 5_000, (len(genes), len(samples)))
    return pd.DataFrame(values, index=pd.Index(genes, name="gene"), columns=list(samples))


def metadata_table(samples: tuple[str, ...] = SAMPLES) -> pd.DataFrame:
    """Two groups of four, with a number and two categories."""
    n = len(samples)
    return pd.DataFrame(
        {
            "sample": list(samples),
            "group": (["TRD"] * ((n + 1) // 2) + ["non-TRD"] * n)[:n],
            "age": [31.5 + 3 * i for i in range(n)],
            "sex": ["female", "male"] * (n // 2) + ["female"] * (n % 2),
            "centre": [f"C{i % 3}" for i in range(n)],
        }
    )


def counts_csv(table: pd.DataFrame | None = None, *, sep: str = ",") -> str:
    return (counts_table() if table is None else table).to_csv(sep=sep, lineterminator="\n")


def metadata_csv(table: pd.DataFrame | None = None, *, sep: str = ",") -> str:
    return (metadata_table() if table is None else table).to_csv(sep=sep, index=False, lineterminator="\n")


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def sound_files(folder: Path) -> tuple[Path, Path]:
    """Write a pair of files in which nothing is wrong."""
    return write(folder, "counts.csv", counts_csv()), write(folder, "metadata.csv", metadata_csv())
