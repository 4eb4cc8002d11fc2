"""What a visitor looks at, and the basket that follows."""

from __future__ import annotations

from pages.ui import state
from pages.ui.view import View


def test_whatever_changes_the_list_starts_at_its_first_page():
    for change in ({"padj": 0.1}, {"lfc": 1.0}, {"side": "lower"}, {"find": "x"}, {"order": "symbol"}):
        state.look(rows=7)
        state.look(**change)
        assert state.view().rows == 1
    state.look(rows=7)
    state.look(gene="IFIT3")
    assert state.view().rows == 7


def test_the_basket_keeps_its_order_and_takes_each_gene_once():
    assert state.put_in_basket(["b", "a", "b", ""]) == 2
    assert state.put_in_basket(["a", "c"]) == 1
    assert state.view().basket == ("b", "a", "c")
    assert state.in_basket("c")
    state.take_from_basket(["a", "never there"])
    assert state.view() == View(basket=("b", "c"))
