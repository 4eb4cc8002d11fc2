from __future__ import annotations

import numpy as np

from core.de.deseq2.outliers import describe_outlier_handling, winsorise
from core.de.design.build import build_design
from core.de.spec import DESpec
from tests.de.cohorts import small_metadata


def handling(*covariates: str, n: int = 24) -> tuple[str, str]:
    design = build_design(small_metadata(n), DESpec("group", "TRD", "non-TRD", covariates))
    found = describe_outlier_handling(design)
    return found.state, found.reason


def test_active_without_covariates() -> None:
    assert handling() == ("active", "Outlier counts are detected and replaced in all 24 samples.")


def test_detected_but_not_replaced_in_small_cells() -> None:
    state, reason = handling("sex")
    assert state == "active"
    assert "replaced in 0 of 24 samples" in reason


def test_one_number_switches_it_off_and_is_named() -> None:
    state, reason = handling("age")
    assert state == "off"
    assert "the number age makes almost every patient's row of the design unique" in reason
    assert "Winsorising" in reason


def test_off_in_a_tiny_design_of_words() -> None:
    state, reason = handling("sex", "centre", n=8)
    assert state == "off"
    assert "groups formed by the covariates are too small" in reason


def test_partial_when_some_rows_repeat() -> None:
    metadata = small_metadata()
    metadata["dose"] = [0.0] * 20 + [1.0, 2.0, 3.0, 4.0]
    design = build_design(metadata, DESpec("group", "TRD", "non-TRD", ("dose",)))
    found = describe_outlier_handling(design)
    assert found.state == "partial"
    assert "detected in 20 of 24 samples and replaced in 20" in found.reason
    assert (found.n_detect, found.n_replace) == (20, 20)


def test_winsorise_caps_the_spike_only_and_keeps_whole_numbers() -> None:
    size_factors = np.array([1.0, 1.0, 1.0, 1.0, 2.0])
    counts = np.array([[10, 11, 12, 13, 2000], [0, 0, 0, 0, 0]])
    capped = winsorise(counts, size_factors, 0.75)
    assert capped.dtype == np.int64
    assert capped.tolist() == [[10, 11, 12, 13, 26], [0, 0, 0, 0, 0]]
