from __future__ import annotations

from dataclasses import replace

import pytest

from core.de.prepare import prepare
from core.de.spec import DESpec
from core.errors import DesignError
from tests.de.cohorts import small_cohort, small_metadata

SPEC = DESpec("group", "TRD", "non-TRD")


def test_the_filter_sees_only_the_samples_compared() -> None:
    metadata = small_metadata()
    metadata.iloc[:4, 0] = "healthy"
    prepared = prepare(small_cohort(metadata=metadata), SPEC)
    assert prepared.counts.shape[1] == 20
    assert prepared.expression.min_samples == 10
    assert not prepared.active[:2].any()
    assert prepared.active.sum() > 200


def test_no_active_gene_is_refused() -> None:
    with pytest.raises(DesignError) as refused:
        prepare(small_cohort(), replace(SPEC, min_count=10**6))
    assert [fault.code for fault in refused.value.faults] == ["no-active-gene"]


def test_a_sample_without_counts_is_refused_by_name() -> None:
    cohort = small_cohort()
    cohort.counts[:, 5] = 0
    with pytest.raises(DesignError, match="S05"):
        prepare(cohort, SPEC)
