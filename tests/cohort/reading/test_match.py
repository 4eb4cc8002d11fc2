from __future__ import annotations

import pytest

from core.cohort.reading.match import aligner_names, canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("S1", "s1"),
        (" S1", "S1 "),
        ("A-1", "A.1"),
        ("A_1", "A 1"),
        ("X1a", "1a"),
        ("X1.TRD", "1-TRD"),
        ("S1.bam", "S1"),
        ("/x/y/S1.sorted.bam", "S1"),
        ("S1Aligned.sortedByCoord.out.bam", "S1"),
        ("007", "7"),
        ("P07", "P7"),
        ("101.0", "101"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"), [("S1", "S2"), ("S10", "S1"), ("X1", "Y1"), ("XA", "A"), ("70", "7"), ("A1", "A-1b")]
)
def test_not_alike(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_aligner_names_stay_different() -> None:
    assert aligner_names(["/x/S1.sorted.bam", "/x/S2.sorted.bam"]) == ["S1", "S2"]
    assert aligner_names(["/x/S1.bam", "/y/S1.sorted.bam"]) == ["S1.bam", "S1.sorted.bam"]
    assert aligner_names(["/x/S1.bam", "/y/S1.bam"]) == ["/x/S1.bam", "/y/S1.bam"]
