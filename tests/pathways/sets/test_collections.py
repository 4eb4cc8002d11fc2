from __future__ import annotations

import gzip
import re

import pytest

from core.errors import InputError
from core.pathways.sets import collections
from core.pathways.sets.collections import list_collections, load_collection, open_collections
from core.pathways.sets.model import Collection, sets_digest

NAMES = [card.name for card in list_collections()]


@pytest.fixture
def blank() -> Collection:
    return Collection(name="x", title="x", version="", licence="", attribution="", sets={"S": ("A", "B")})


def test_all_eight_collections_are_listed():
    go, blood = {"go_bp", "go_cc", "go_mf"}, {"btm", "btm_plus"}
    pathways = {"hallmark", "reactome", "wikipathways"}
    assert set(NAMES) == go | pathways | blood


@pytest.mark.parametrize("card", list_collections(), ids=NAMES)
def test_a_card_can_be_shown_and_cited(card):
    assert card.title
    assert card.what
    assert card.version
    assert re.match(r"\d{4}", card.release_date)
    assert card.attribution
    assert re.search(r"(Debian|PyPI) \S+ \d", card.source)


@pytest.mark.parametrize("card", list_collections(), ids=NAMES)
def test_a_collection_is_what_its_card_says(card):
    collection = load_collection(card.name, update_symbols=False)
    assert len(collection.sets) == card.n_sets
    assert len(collection.genes) == card.n_genes
    assert (collection.version, collection.licence) == (card.version, card.licence)
    assert not collection.notices


@pytest.mark.parametrize("name", NAMES)
def test_members_are_sorted_unique_and_never_empty(name: str):
    collection = load_collection(name)
    assert list(collection.sets) == sorted(collection.sets)
    for set_name, genes in collection.sets.items():
        assert genes, set_name
        assert list(genes) == sorted(set(genes)), set_name


def test_old_symbols_are_brought_up_to_date_unless_asked_not_to():
    module = "enriched for promoter motif NATCACGTGAY (putative SREBF1 targets) (M178)"
    assert "NGFRAP1" in load_collection("btm", update_symbols=False).sets[module]
    assert "BEX3" in load_collection("btm").sets[module]
    assert [notice.code for notice in load_collection("btm").notices] == ["replaced-symbols"]


def test_updating_symbols_changes_nothing_in_the_gene_ontology():
    assert load_collection("go_bp").sets == load_collection("go_bp", update_symbols=False).sets
    assert not load_collection("go_bp").notices


def test_well_known_genes_are_where_they_belong():
    interferon = load_collection("hallmark").sets["HALLMARK_INTERFERON_ALPHA_RESPONSE"]
    assert {"ISG15", "IFIT3", "MX1"} <= set(interferon)
    assert "NTRK2" in load_collection("go_bp").sets["neurotrophin signaling pathway (GO:0038179)"]


def test_the_digest_depends_on_members_and_not_on_order(blank: Collection):
    digest = sets_digest(blank.sets)
    assert digest == sets_digest({"S": ("B", "A")})
    assert digest != sets_digest({"S": ("A", "C")})
    assert digest != sets_digest({"T": ("A", "B")})
    assert sets_digest({"S": ("A",), "T": ("B",)}) == sets_digest({"T": ("B",), "S": ("A",)})


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(InputError) as caught:
        load_collection("kegg")
    (fault,) = caught.value.faults
    assert fault.code == "unknown-collection"
    assert "hallmark" in fault.mend


def test_an_altered_file_is_refused(tmp_path, monkeypatch):
    (tmp_path / "collections").mkdir()
    (tmp_path / "manifest.json").write_bytes((collections.DATA / "manifest.json").read_bytes())
    (tmp_path / "collections" / "hallmark.gmt.gz").write_bytes(gzip.compress(b"S\t\tIFIT3\n"))
    monkeypatch.setattr(collections, "DATA", tmp_path)
    for name in ("hallmark", "btm"):
        with pytest.raises(InputError) as caught:
            load_collection.__wrapped__(name)
        assert [fault.code for fault in caught.value.faults] == ["altered-collection"]


def test_shipped_and_own_collections_open_together(tmp_path):
    own = tmp_path / "my_sets.gmt"
    own.write_text("mine\t\tIFIT3\tMX1\n", encoding="utf-8")
    opened = open_collections(["hallmark", str(own)], known_symbols=["IFIT3", "MX1"])
    assert [collection.name for collection in opened] == ["hallmark", "my_sets"]
    assert opened[1].sets == {"mine": ("IFIT3", "MX1")}


def test_opening_tells_all_faults_of_all_collections(tmp_path):
    broken = tmp_path / "broken.gmt"
    broken.write_text("one  IFIT3 MX1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_collections(["kegg", str(broken), "hallmark", "hallmark"], known_symbols=["IFIT3"])
    assert [fault.code for fault in caught.value.faults] == [
        "unknown-collection",
        "spaces-for-tabs",
        "collection-twice",
    ]
