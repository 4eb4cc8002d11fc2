"""The shipped data are what their manifest says, and what the shared reference copies hold."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parent.parent / "data"
MANIFEST: dict[str, Any] = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
COLLECTIONS = sorted(path for path in MANIFEST["files"] if path.endswith(".gmt.gz"))
GENES = "genes/human_genes.tsv.gz"


def read_sets(path: Path) -> list[tuple[str, str, list[str]]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as handle:
        rows = [line.rstrip("\n").split("\t") for line in handle]
    return [(name, description, genes) for name, description, *genes in rows]


def read_genes(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def genes() -> list[dict[str, str]]:
    return read_genes(DATA / GENES)


def test_every_shipped_file_is_in_the_manifest_and_none_is_missing():
    shipped = {
        str(p.relative_to(DATA)) for folder in ("genes", "collections") for p in (DATA / folder).glob("*.gz")
    }
    assert shipped == set(MANIFEST["files"])


@pytest.mark.parametrize("path", sorted(MANIFEST["files"]))
def test_the_checksum_is_that_of_the_file(path: str):
    assert hashlib.sha256((DATA / path).read_bytes()).hexdigest() == MANIFEST["files"][path]["sha256"]


@pytest.mark.parametrize("path", sorted(MANIFEST["files"]))
def test_nothing_in_the_file_depends_on_when_it_was_built(path: str):
    header = (DATA / path).read_bytes()[:10]
    assert header[3] == 0, "no file name in the gzip header"
    assert header[4:8] == bytes(4), "no time in the gzip header"


@pytest.mark.parametrize("path", sorted(MANIFEST["files"]))
def test_origin_licence_and_attribution_are_stated(path: str):
    entry = MANIFEST["files"][path]
    for key in ("title", "what", "identifiers", "version", "release_date", "licence", "attribution"):
        assert entry[key].strip(), key
    assert set(entry["packages"]) <= set(MANIFEST["packages"])
    assert entry["attribution"] in (DATA / "LICENCES.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", COLLECTIONS)
def test_the_counts_are_those_of_the_file(path: str, genes: list[dict[str, str]]):
    entry, sets = MANIFEST["files"][path], read_sets(DATA / path)
    symbols = {symbol for *_, members in sets for symbol in members}
    current = {row["symbol"] for row in genes}
    sizes = [len(members) for *_, members in sets]
    assert entry["n_sets"] == len(sets) == len({name for name, *_ in sets})
    assert entry["n_genes"] == len(symbols)
    assert entry["n_genes_current"] == len(symbols & current)
    assert (entry["smallest_set"], entry["largest_set"]) == (min(sizes), max(sizes))


@pytest.mark.parametrize("path", COLLECTIONS)
def test_sets_and_genes_are_sorted_and_unique(path: str):
    sets = read_sets(DATA / path)
    assert [name for name, *_ in sets] == sorted(name for name, *_ in sets)
    for name, _, members in sets:
        assert members == sorted(set(members)), name
        assert all(member == member.strip() and member for member in members), name


SHARE_OF_CURRENT_SYMBOLS = {
    "go_bp": 1.0,
    "go_cc": 1.0,
    "go_mf": 1.0,
    "wikipathways": 1.0,
    "hallmark": 0.999,
    "reactome": 0.996,
    "btm": 0.89,
    "btm_plus": 0.91,
}


@pytest.mark.parametrize(("name", "share"), SHARE_OF_CURRENT_SYMBOLS.items())
def test_most_symbols_are_current_ones(name: str, share: float):
    entry = MANIFEST["files"][f"collections/{name}.gmt.gz"]
    assert entry["n_genes_current"] / entry["n_genes"] >= share


def test_the_gene_table_counts_are_those_of_the_file(genes: list[dict[str, str]]):
    entry = MANIFEST["files"][GENES]
    assert entry["n_rows"] == len(genes)
    assert entry["n_genes"] == len({row["entrez_id"] for row in genes})
    assert entry["n_with_ensembl"] == len({row["entrez_id"] for row in genes if row["ensembl_id"]})


def test_the_first_row_of_a_gene_with_haplotypes_is_the_reference_one(genes: list[dict[str, str]]):
    first: dict[str, str] = {}
    for row in genes:
        first.setdefault(row["symbol"], row["ensembl_id"])
    assert (first["HLA-A"], first["HLA-B"], first["TNF"]) == (
        "ENSG00000206503",
        "ENSG00000234745",
        "ENSG00000232810",
    )


@pytest.mark.parametrize("path", COLLECTIONS)
def test_sets_and_members_equal_the_shared_reference(path: str, shared_data: Path):
    built = {name: (description, set(members)) for name, description, members in read_sets(DATA / path)}
    reference = read_sets(shared_data / "genesets" / Path(path).name)
    assert built == {name: (description, set(members)) for name, description, members in reference}


def test_the_gene_table_equals_the_shared_reference(genes: list[dict[str, str]], shared_data: Path):
    assert genes == read_genes(shared_data / GENES)
