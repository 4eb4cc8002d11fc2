from __future__ import annotations

from core.pathways.sets.symbols import bring_up_to_date, is_symbol, notice_of


def test_an_old_symbol_with_one_modern_meaning_is_replaced():
    sets, changes = bring_up_to_date({"S": ["NGFRAP1", "IFIT3"]})
    assert sets == {"S": ("BEX3", "IFIT3")}
    assert changes == {"NGFRAP1": "BEX3"}


def test_a_name_shared_by_several_genes_is_left_alone():
    # AGPAT9 was a name of two genes.
    sets, changes = bring_up_to_date({"S": ["AGPAT9"]})
    assert sets == {"S": ("AGPAT9",)}
    assert not changes


def test_a_symbol_the_data_use_is_kept_however_old():
    sets, changes = bring_up_to_date({"S": ["NGFRAP1"]}, keep=frozenset({"NGFRAP1"}))
    assert sets == {"S": ("NGFRAP1",)}
    assert not changes


def test_old_and_current_name_of_one_gene_become_one_member():
    sets, _ = bring_up_to_date({"S": ["NGFRAP1", "BEX3"]})
    assert sets == {"S": ("BEX3",)}


def test_sets_and_members_come_sorted():
    sets, _ = bring_up_to_date({"Z": ["TNF", "IL6"], "A": ["IFIT3"]})
    assert list(sets.items()) == [("A", ("IFIT3",)), ("Z", ("IL6", "TNF"))]


def test_the_notice_names_examples_and_is_absent_without_changes():
    (notice,) = notice_of({"NGFRAP1": "BEX3"}, "BTM")
    assert notice.code == "replaced-symbols"
    assert (
        notice.message
        == "BTM: 1 gene symbol was replaced by the one this gene goes by here (NGFRAP1 by BEX3)."
    )
    assert notice_of({}, "BTM") == ()


def test_what_is_a_symbol():
    assert is_symbol("IFIT3")
    assert is_symbol("NGFRAP1")
    assert not is_symbol("ifit3")
    assert not is_symbol("7098")
