from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.cohort.identifiers import check_identifiers, collapse, describe_genes, is_numbering, recognise
from core.cohort.reading.findings import Findings


def describe(given: list[str], **options: object) -> tuple[pd.DataFrame, dict[str, str]]:
    findings = Findings()
    genes = describe_genes(given, options.pop("symbols", None), file="f", findings=findings, **options)
    return genes, {notice.code: notice.message for notice in findings.notices}


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (["ENSG00000141510.1", "ENSG00000119917", "TP53"], "human Ensembl identifiers"),
        (["TP53", "MARCH1", "??"], "human gene symbols"),
        (["7157", "3437"], "Entrez numbers"),
        (["FBgn0000003"], "fly (FlyBase) identifiers"),
        (["ENSMUSG00000059552"], "mouse Ensembl identifiers"),
        (["ENST00000269305.9"], "transcript identifiers"),
        (["contig 1", "contig 2"], "names that are not in the table of human genes"),
    ],
)
def test_kind_is_that_of_the_majority(given: list[str], kind: str) -> None:
    assert recognise(given)[0] == kind
    assert kind in describe(given)[1]["identifier-kind"]


def test_entrez_numbers_are_looked_up() -> None:
    assert list(describe(["7157", "3437"])[0]["symbol"]) == ["TP53", "IFIT3"]


def test_an_old_symbol_keeps_its_row_and_shows_the_current_one() -> None:
    genes, notices = describe(["MARCH1", "TP53"])
    assert list(genes["gene"]) == ["MARCH1", "TP53"]
    assert list(genes["symbol"]) == ["MARCHF1", "TP53"]
    assert "MARCH1 → MARCHF1" in notices["old-symbol"]


def test_an_old_symbol_beside_the_current_one_stays_apart() -> None:
    genes, notices = describe(["MARCH1", "MARCHF1", "TP53"])
    assert list(genes["symbol"]) == ["MARCH1", "MARCHF1", "TP53"]
    assert "MARCH1" in notices["old-symbol-clash"]
    assert genes["symbol"].is_unique


def test_symbols_of_the_file_fill_gaps_only() -> None:
    given = ["ENSG00000141510", "ENSG99999999999"]
    assert list(describe(given, symbols=["other", "NEW1"])[0]["symbol"]) == ["TP53", "NEW1"]
    assert list(describe(["FBgn1", "FBgn2"], symbols=["wg", "NA"])[0]["symbol"]) == ["wg", ""]


def test_dates_are_repaired_with_consent_only() -> None:
    given = ["TP53", "2-Sep", "1-Mar", "IL6"]
    genes, notices = describe(given)
    assert list(genes["gene"]) == given
    assert list(genes["symbol"]) == ["TP53", "", "", "IL6"]
    assert "1-Mar (MARCHF1 or MTARC1)" in notices["excel-date-gene"]
    repaired, notices = describe(given, repair_dates=True)
    assert list(repaired["gene"]) == ["TP53", "SEPTIN2", "1-Mar", "IL6"]
    assert list(repaired["symbol"]) == ["TP53", "SEPTIN2", "", "IL6"]
    assert list(repaired["given"]) == given
    assert "2-Sep → SEPTIN2" in notices["excel-date-gene"]


def test_rows_with_the_same_date_are_left_out() -> None:
    genes, notices = describe(["TP53", "1-Mar", "1-Mar"], repair_dates=True)
    assert list(genes["kept"]) == [True, False, False]
    assert "several rows bear the same date" in notices["excel-date-gene"]


def test_repeated_genes_are_summed_and_sorted() -> None:
    given = ["ENSG00000119917.2", "ENSG00000141510.1", "ENSG00000119917.1", "__no_feature"]
    findings = Findings()
    genes = describe_genes(given, None, file="f", findings=findings)
    table, counts = collapse(genes, np.array([[1, 2], [10, 20], [3, 4], [9, 9]]), file="f", findings=findings)
    assert list(table["gene"]) == ["ENSG00000119917", "ENSG00000141510"]
    assert table["given"][0] == "ENSG00000119917.1|ENSG00000119917.2"
    np.testing.assert_array_equal(counts, [[4, 6], [10, 20]])
    messages = {notice.code: notice.message for notice in findings.notices}
    assert "added up: ENSG00000119917" in messages["repeated-gene"]
    assert "__no_feature" in messages["summary-rows"]


def test_numbering() -> None:
    assert is_numbering(["0", "1", "2"])
    assert is_numbering(["1", "2", "3", "4"])
    assert not is_numbering(["1", "2", "4"])
    assert not is_numbering(["7157", "3437", "1"])


def test_nameless_genes_are_faults() -> None:
    findings = Findings()
    check_identifiers(["A", "", "NA"], ["row 2", "row 3", "row 4"], findings=findings)
    assert [(fault.code, fault.where) for fault in findings.faults] == [("missing-gene", "row 3")]
    assert "2 rows" in findings.faults[0].what
