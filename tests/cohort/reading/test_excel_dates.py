from __future__ import annotations

import pytest

from core.cohort.reading.excel_dates import date_candidates, find_dates, repairs


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("2-Sep", ("SEPTIN2",)),
        ("02-Sep", ("SEPTIN2",)),
        ("Sep-02", ("SEPTIN2",)),
        ("2-Sept", ("SEPTIN2",)),
        ("2. Sep", ("SEPTIN2",)),
        ("2. Mrz", ("MARCHF2", "MTARC2")),
        ("2023-09-02", ("SEPTIN2",)),
        ("2023-09-02 00:00:00", ("SEPTIN2",)),
        ("9/10/2023", ("SEPTIN10",)),
        ("15-Sep", ("SELENOF",)),
        ("3-Mar", ("MARCHF3",)),
        ("1-Mar", ("MARCHF1", "MTARC1")),
        ("1-Dec", ("DELEC1",)),
        ("4-Oct", ()),
    ],
)
def test_dates(text: str, candidates: tuple[str, ...]) -> None:
    found = date_candidates(text)
    assert found is not None
    assert sorted(found) == sorted(candidates)


@pytest.mark.parametrize(
    "text", ["TP53", "HLA-A", "MARCH1", "SEPT2", "NKX2-1", "5-HT", "ENSG00000141510.17", "1-8U", ""]
)
def test_no_dates(text: str) -> None:
    assert date_candidates(text) is None


def test_an_ambiguous_date_is_not_repaired() -> None:
    assert repairs(find_dates(["1-Mar", "TP53"], {"TP53"})) == {}


def test_a_gene_that_is_present_cannot_be_the_date() -> None:
    assert repairs(find_dates(["TP53", "1-Mar", "MTARC1"], {"TP53", "MTARC1"})) == {1: "MARCHF1"}


def test_two_rows_with_one_date_are_not_repaired() -> None:
    dates = find_dates(["2-Sep", "2-Sep", "3-Sep"], set())
    assert repairs(dates) == {2: "SEPTIN3"}
    assert [date.repeated for date in dates] == [True, True, False]


def test_two_dates_for_one_gene_are_not_repaired() -> None:
    assert repairs(find_dates(["2-Sep", "Sep-02"], set())) == {}
