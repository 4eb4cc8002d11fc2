"""Agreement with limma's voom; see tests/data/limma/make.R."""

from __future__ import annotations

import pandas as pd
from numpy.testing import assert_allclose

from core.de.limma.voom import voom
from tests.de.limma.test_moderate import DATA, airway


def test_voom_equals_limma():
    counts, design = airway()
    values = voom(counts.to_numpy(), design)
    for name, ours in (("expression", values.expression), ("weights", values.weights)):
        expected = pd.read_csv(DATA / "limma" / f"voom_{name}.csv.gz", index_col="gene")
        rows = counts.index.get_indexer(expected.index)
        assert_allclose(ours[rows], expected.to_numpy(), rtol=1e-9)
