"""Results as the figures get them, made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


def made_up(n: int = 3000, *, seed: int = 1) -> pd.DataFrame:
    """Return a table with a broad, small signal: about one gene in five is significant."""
    rng = np.random.default_rng(seed)
    change = rng.normal(0, 0.2, n) * (rng.random(n) < 0.3) + rng.normal(0, 0.06, n)
    p = np.exp(-((np.abs(change) / 0.06) ** 2) / 2)
    order = np.sort(p)
    padj = np.minimum(1, p * n / (1 + np.searchsorted(order, p)))
    return pd.DataFrame(
        {
            "gene": [f"ENSG{i:011d}" for i in range(n)],
            "symbol": [f"GENE{i}" for i in range(n)],
            "baseMean": 10 ** rng.normal(2.3, 0.8, n),
            "log2FoldChange": change,
            "log2FoldChangeShrunken": 0.8 * change,
            "pvalue": p,
            "padj": padj,
        }
    )


@pytest.fixture
def table() -> pd.DataFrame:
    return made_up()


@pytest.fixture
def samples() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    n = 60
    return pd.DataFrame(
        {
            "normalised": rng.lognormal(4, 0.4, n),
            "group": np.repeat(["TRD", "non-TRD"], n // 2),
            "sex": rng.choice(["female", "male"], n),
            "centre": rng.choice(["A", "B", "C"], n),
        },
        index=[f"patient-{i:03d}" for i in range(n)],
    )
