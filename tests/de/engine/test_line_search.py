"""Expected values marked R were computed once with DESeq2 1.38.3."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from core.de.engine.inference import BatchInference
from tests.de.cohorts import read_cohort

AIRWAY = Path(__file__).parents[2] / "data" / "airway"
# R: gene-wise dispersions of mcols(dds)$dispGeneEst, design ~ cell + dex.
EXPECTED = {
    "ENSG00000011007": 1e-08,
    "ENSG00000115468": 2.24802,
    "ENSG00000182508": 0.00200912,
    "ENSG00000236990": 2.52152,
    "ENSG00000250508": 0.0749925,
    "ENSG00000264569": 0.0451647,
    "ENSG00000265702": 0.0195481,
}


def test_with_few_degrees_of_freedom_dispersions_end_where_rs_search_ends() -> None:
    cohort = read_cohort(AIRWAY)
    sizes = pd.read_csv(AIRWAY / "sizefactors.csv", index_col="sample")["sizeFactor"]
    size_factors = sizes[cohort.metadata.index].to_numpy()
    cells = pd.get_dummies(cohort.metadata["cell"], drop_first=True, dtype=float)
    treated = (cohort.metadata["dex"] == "trt").to_numpy(dtype=float)
    design = np.column_stack([np.ones(8), cells, treated])
    counts = cohort.counts[cohort.genes["gene"].isin(EXPECTED)].T.astype(np.int64)
    inference = BatchInference()
    normalised = counts / size_factors[:, None]
    start = np.minimum(
        inference.fit_rough_dispersions(normalised, design),
        inference.fit_moments_dispersions(normalised, size_factors),
    )
    start = np.clip(start, 1e-8, 10)
    means = inference.irls(counts, size_factors, design, start, 0.5, 1e-8)[1]
    found, _ = inference.alpha_mle(counts, design, means, start, 1e-8, 10.0)
    np.testing.assert_allclose(found, list(EXPECTED.values()), rtol=2e-4)
