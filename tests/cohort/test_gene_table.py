from __future__ import annotations

import pandas as pd
import pytest

from core.cohort.gene_table import GeneTable, human_genes, without_version


@pytest.fixture(scope="module")
def genes() -> GeneTable:
    return human_genes()


@pytest.mark.parametrize(
    ("given", "bare"),
    [
        ("ENSG00000141510.17", "ENSG00000141510"),
        ("ENSG00000182378.13_PAR_Y", "ENSG00000182378"),
        ("ENSMUSG00000059552.8", "ENSMUSG00000059552"),
        ("AC012345.1", "AC012345.1"),
        ("TP53", "TP53"),
    ],
)
def test_only_versions_are_removed(given: str, bare: str) -> None:
    assert without_version(given) == bare


@pytest.mark.parametrize(
    ("given", "symbol", "via"),
    [
        ("ENSG00000141510.17", "TP53", "ensembl"),
        ("IFIT3", "IFIT3", "symbol"),
        ("MARCH1", "MARCHF1", "alias"),
        ("SEPT2", "SEPTIN2", "alias"),  # also an alias of SEPTIN6, but the former symbol of SEPTIN2
        ("DEC1", "DELEC1", "alias"),
        ("FAM132A", "C1QTNF12", "alias"),
        ("DIFF6", "", ""),  # an alias of SEPTIN1 and SEPTIN2: stands for neither
        ("no gene", "", ""),
    ],
)
def test_resolve(genes: GeneTable, given: str, symbol: str, via: str) -> None:
    row = genes.resolve([given]).iloc[0]
    assert (row["symbol"], row["via"]) == (symbol, via)


def test_resolve_keeps_order_and_repeats(genes: GeneTable) -> None:
    table = genes.resolve(["TP53", "?", "TP53", "7157"])
    assert list(table["symbol"]) == ["TP53", "", "TP53", ""]
    assert genes.resolve(["7157", "x"], entrez=True)["symbol"].to_list() == ["TP53", ""]


def test_a_symbol_with_several_ensembl_identifiers_takes_the_reference_one(genes: GeneTable) -> None:
    assert genes.resolve(["SEPTIN9"])["ensembl_id"].item() == "ENSG00000184640"


@pytest.mark.parametrize(
    ("text", "symbol", "via"),
    [
        ("ifit3", "IFIT3", "symbol"),
        (" NR3C1 ", "NR3C1", "symbol"),
        ("ENSG00000119922.11", "IFIT2", "ensembl"),
        ("sept2", "SEPTIN2", "alias"),
        ("March1", "MARCHF1", "alias"),
        ("nuclear receptor subfamily 3 group C", "NR3C1", "name"),
        ("brain derived neurotrophic", "BDNF", "name"),
    ],
)
def test_search_finds_first(genes: GeneTable, text: str, symbol: str, via: str) -> None:
    assert symbol in {match.symbol for match in genes.search(text, 5)}
    first = genes.search(text, 5)[0]
    assert first.via == via
    if via != "name":
        assert first.symbol == symbol


def test_search_tells_the_old_name(genes: GeneTable) -> None:
    match = genes.search("MARCH1")[0]
    assert (match.found, match.symbol, match.via) == ("MARCH1", "MARCHF1", "alias")


def test_search_shows_each_gene_once_and_keeps_to_the_limit(genes: GeneTable) -> None:
    for text in ("a", "ENSG", "IFI", "interferon"):
        found = [match.symbol for match in genes.search(text, 7)]
        assert len(found) == len(set(found)) == 7


def test_search_for_nothing(genes: GeneTable) -> None:
    assert genes.search("  ") == []
    assert genes.search("qqqqqqqq") == []


def test_small_table_rules() -> None:
    table = pd.DataFrame(
        [
            ("9", "B", "bee", "ENSG00000000009", "OLD|B", "1"),
            ("1", "LOC1", "locus", "ENSG00000000009", "", "1"),
            ("2", "A", "ay", "", "OLD2", "2"),
            ("3", "OLD2", "now a gene of its own", "ENSG00000000003", "", "2"),
        ],
        columns=["entrez_id", "symbol", "name", "ensembl_id", "aliases", "chromosome"],
    )
    resolved = GeneTable(table).resolve(["ENSG00000000009", "OLD", "OLD2"])
    assert list(resolved["symbol"]) == ["B", "B", "OLD2"]


@pytest.mark.parametrize(
    ("symbol", "ensembl"),
    [("HLA-B", "ENSG00000234745"), ("TNF", "ENSG00000232810"), ("HLA-DRB1", "ENSG00000196126")],
)
def test_a_gene_on_alternative_contigs_goes_by_its_reference_identifier(symbol: str, ensembl: str):
    assert human_genes().resolve([symbol])["ensembl_id"].item() == ensembl


def test_mitochondrial_genes_are_known_by_their_hgnc_symbols():
    found = human_genes().resolve(["MT-CO1", "MT-ND4L", "MT-ATP6"])
    assert list(found["ensembl_id"]) == ["ENSG00000198804", "ENSG00000212907", "ENSG00000198899"]
