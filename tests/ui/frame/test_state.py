"""What a visitor looks at, and the basket that follows."""

from __future__ import annotations

from typing import Any

from core.de.spec import DESpec
from core.models.spec import ModelSpec
from core.pathways.kind import KIND as PATHWAYS
from core.pathways.spec import PathwaySpec
from core.robustness.null.labels import KIND as NULL
from core.robustness.null.labels import NullSpec
from pages.ui.frame import state
from pages.ui.frame.view import SharedView
from pages.ui.genes.view import GenesView


def test_the_basket_keeps_its_order_and_takes_each_gene_once():
    assert state.put_in_basket(["b", "a", "b", ""]) == 2
    assert state.put_in_basket(["a", "c"]) == 1
    assert state.view().basket == ("b", "a", "c")
    assert state.in_basket("c")
    state.take_from_basket(["a", "never there"])
    assert state.view() == SharedView(basket=("b", "c"))


def test_another_data_set_and_back_loses_nothing(session: dict[str, Any]):
    first, second = "a" * 64, "b" * 64
    session["digest"] = first
    state.look(data=first[:12], gene="IFIT3", basket=("x", "y"), padj=0.1, find="HLA", rows=3)
    state.analyse(DESpec("group", "TRD", "non-TRD", ("age",)))
    state.choose(PATHWAYS, PathwaySpec(test="camera"))
    state.choose_models({"folds": 3})
    state.choose(NULL, NullSpec(permutations=7))
    before = {name: session[name] for name in state.OF_DATA}
    state.open_data(second)
    session["digest"] = second
    assert state.view() == SharedView(data=second[:12], padj=0.1)
    assert state.view(GenesView) == GenesView()
    assert (state.spec(), state.chosen(PATHWAYS), state.model_choices()) == (None, PathwaySpec(), {})
    assert state.chosen(NULL) == NullSpec()
    other = DESpec("sex", "F", "M")
    state.analyse(other)
    state.look(gene="XIST")
    state.open_data(first)
    session["digest"] = first
    assert {name: session[name] for name in state.OF_DATA} == before
    state.open_data(second)
    assert (state.spec(), state.view().gene) == (other, "XIST")


def test_a_download_made_later_has_the_view_by_then():
    by_then = state.view_by_then(GenesView)
    state.look(plot="ma")
    assert by_then().plot == "ma"


def test_an_analysis_put_in_force_is_the_one_in_force_afterwards():
    compared = DESpec("group", "TRD", "non-TRD", ("age",), exclude=("t:chosen",))
    models = ModelSpec("group", "TRD", "non-TRD", folds=3, centre="", exclude=("t:chosen",))
    state.put_in_force(de=compared, pathways=PathwaySpec(test="ora"))
    assert (state.spec(), state.chosen(PATHWAYS)) == (compared, PathwaySpec(test="ora"))
    assert state.comparison_of(models) == compared
    state.put_in_force(de=state.comparison_of(models), models=models)
    assert (state.spec(), state.models(centre="site")) == (compared, models)
    others = ModelSpec("sex", "F", "M", centre="site")
    state.put_in_force(de=state.comparison_of(others), models=others)
    assert (state.spec(), state.models(centre="")) == (DESpec("sex", "F", "M"), others)
