import numpy as np
import pytest

from core.errors import InputError
from core.pathways.sets.match import match_sets
from core.pathways.sets.themes import Theme, ThemeSet
from tests.pathways.comparisons import collection, comparison, gene_name, matched, random_sets


def test_membership_holds_the_ranked_genes_of_each_set():
    sets = random_sets([5, 20, 33])
    ranking, tested = matched(comparison(), collection(sets))
    for row, numbers in enumerate(sets.values()):
        assert set(ranking.symbols[tested.positions(row)]) == {gene_name(n) for n in numbers}
        assert (np.diff(tested.positions(row)) > 0).all()
    assert tested.sizes.tolist() == [5, 20, 33]
    assert tested.membership.sum(axis=1).tolist() == [5, 20, 33]


def test_size_counts_ranked_genes_only():
    table = comparison()
    table.loc[:9, "pvalue"] = np.nan
    _, tested = matched(table, collection({"half": range(20)}))
    assert tested.table[["published", "size"]].iloc[0].tolist() == [20, 10]


def test_sizes_out_of_range_are_left_out_and_said():
    _, tested = matched(comparison(), collection(random_sets([5, 20, 33, 34])), min_size=10, max_size=33)
    assert tested.sizes.tolist() == [20, 33]
    assert tested.notices[0].message.startswith("1 set has fewer than 10 ranked genes and 1 more than 33")


def test_themes_are_named():
    member = ThemeSet("Immune system", "Innate", "mine", "a", "because")
    ranking, _ = matched(comparison(), collection({"a": range(20), "b": range(20)}))
    tested = match_sets(
        [collection({"a": range(20), "b": range(20)})],
        ranking,
        min_size=2,
        max_size=50,
        themes=[Theme("Immune system", (member,))],
    )
    assert tested.table["theme"].tolist() == ["Immune system", ""]
    assert tested.table["sub_theme"].tolist() == ["Innate", ""]


def test_no_set_left_is_refused():
    with pytest.raises(InputError) as caught:
        matched(comparison(), collection(random_sets([5])), min_size=10)
    assert caught.value.faults[0].code == "no-set-to-test"
