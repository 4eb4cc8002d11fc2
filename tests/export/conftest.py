"""A provenance as an analysis would give it."""

from __future__ import annotations

import pytest

from core.export.provenance import Provenance


@pytest.fixture
def provenance() -> Provenance:
    return Provenance(
        dataset="London, whole blood",
        digest="0123456789abcdef" * 4,
        contrast="PTB vs LTBI, n = 21 vs 21",
        design="~ sex + TBStatus",
        expression_filter="17,000 active genes",
        method="DESeq2 Wald test, alpha 0.05",
        outliers="active",
        versions=(("pydeseq2", "0.5.4"), ("numpy", "2.4.6")),
    )
