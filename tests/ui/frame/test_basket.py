"""Genes by any of their names: symbol, Ensembl with version, old name; strangers are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.cohort.model import Cohort
from pages.ui.frame import access, basket
from tests.app.cohorts import named

DIGEST = "digest of the test"


@pytest.fixture(autouse=True)
def cohort(monkeypatch: pytest.MonkeyPatch) -> Cohort:
    found = named()
    monkeypatch.setattr(access, "cohort", lambda digest: found)
    basket._index.clear()
    return found


@pytest.mark.parametrize(
    "name", ["IFIT3", "ifit3", "ENSG00000119917", "ENSG00000119917.14", "ensg00000119917"]
)
def test_a_gene_is_found_by_each_of_its_present_names(name: str):
    assert basket.exact_match(DIGEST, name) == basket.Hit("ENSG00000119917", "IFIT3")


def test_an_old_name_is_told():
    hit = basket.exact_match(DIGEST, "ECYT6")
    assert hit is not None
    assert (hit.symbol, hit.note, hit.by_old_name) == ("HBB", "found under its old name ECYT6", True)


@pytest.mark.parametrize("name", ["NOSUCH", "IFIT", "", " ", "ENSG00000000003", "[(*", "\\"])
def test_what_is_no_whole_name_of_a_gene_here_is_not_guessed(name: str):
    assert basket.exact_match(DIGEST, name) is None


def test_searching_puts_the_whole_name_first_and_knows_beginnings():
    assert basket.matches(DIGEST, "BDNF", limit=6)[0].symbol == "BDNF"
    assert "MECP2" in [hit.symbol for hit in basket.matches(DIGEST, "mec", limit=6)]
    assert basket.matches(DIGEST, "no gene is called so", limit=6) == []
    assert len(basket.matches(DIGEST, "ENSG", limit=6)) == 6


def test_a_gene_without_a_symbol_goes_by_its_identifier():
    assert basket.symbol_of(DIGEST, "ENSG00000900007") == "ENSG00000900007"
    assert basket.symbol_of(DIGEST, "not here") == "not here"


def test_the_report_counts_what_was_added_known_renamed_and_unknown():
    found, notes, unknown = basket._resolve(DIGEST, ["BDNF", "ECYT6", "NOSUCH"])
    assert found == ["ENSG00000176697", "ENSG00000244734"]
    report = basket._report(1, 1, notes, unknown)
    assert report == (
        "1 gene added. 1 already there. ECYT6 is HBB (found under its old name ECYT6). "
        "Not in this data set: NOSUCH. Check the spelling, or try the Ensembl identifier."
    )


def test_the_files_hold_symbols_and_say_that_the_data_are_simulated(cohort: Cohort):
    lines = basket._csv(DIGEST, ["ENSG00000176697", "ENSG00000119917"]).decode().splitlines()
    assert [line.split(",")[1] for line in lines[1:3]] == ["BDNF", "IFIT3"]
    assert "imulated" in lines[-1]
    assert b"simulated" in basket._gmt(["BDNF"], cohort)
    assert b"simulated" not in basket._gmt(["BDNF"], replace(cohort, simulated=False))
