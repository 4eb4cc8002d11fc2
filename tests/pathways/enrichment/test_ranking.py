import numpy as np
import pytest

from core.errors import InputError
from core.pathways.enrichment.ranking import rank_genes
from tests.pathways.comparisons import comparison


def codes(ranking):
    return [notice.code for notice in ranking.notices]


def test_from_higher_in_case_to_lower_whatever_the_order_of_the_table():
    table = comparison()
    ranking = rank_genes(table)
    assert (np.diff(ranking.statistics) <= 0).all()
    shuffled = rank_genes(table.sample(frac=1, random_state=1))
    assert list(shuffled.symbols) == list(ranking.symbols)


def test_rows_point_into_the_table():
    table = comparison()
    genes = rank_genes(table).genes
    assert (table["gene"].to_numpy()[genes["row"]] == genes["gene"]).all()


def test_ties_are_ordered_by_symbol_and_said():
    table = comparison()
    table.loc[100:199, "stat"] = 0.5
    ranking = rank_genes(table.iloc[::-1])
    tied = ranking.symbols[ranking.statistics == 0.5]
    assert list(tied) == sorted(tied)
    assert "ties" in codes(ranking)
    assert "17 %" in next(n.message for n in ranking.notices if n.code == "ties")


def test_a_gene_without_statistic_p_value_or_symbol_does_not_count():
    table = comparison()
    table.loc[0, "stat"] = np.nan
    table.loc[1, "pvalue"] = np.nan
    table.loc[2, "symbol"] = ""
    table.loc[3, "symbol"] = None
    table.loc[4, "stat"] = np.inf
    ranking = rank_genes(table)
    assert len(ranking.genes) == len(table) - 5
    assert "3 were not tested, 2 have no symbol" in ranking.notices[0].message


def test_of_genes_with_one_symbol_the_best_expressed_stands_not_the_most_extreme():
    table = comparison()
    table.loc[10:12, "symbol"] = "SHARED"
    table.loc[10:12, "baseMean"] = [5.0, 900.0, 30.0]
    table.loc[10:12, "stat"] = [9.0, 0.1, -9.0]
    ranking = rank_genes(table)
    kept = ranking.genes[ranking.genes["symbol"] == "SHARED"]
    assert kept["stat"].tolist() == [0.1]
    assert "shared-symbols" in codes(ranking)


def test_too_few_genes_are_refused():
    with pytest.raises(InputError) as caught:
        rank_genes(comparison(n_genes=99))
    assert caught.value.faults[0].code == "too-few-ranked-genes"
    assert "99" in caught.value.faults[0].what
