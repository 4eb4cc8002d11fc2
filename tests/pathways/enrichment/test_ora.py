from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact, hypergeom

from core.pathways.enrichment.ora import choose_background, run_ora, significant_positions
from core.pathways.spec import PathwaySpec
from tests.pathways.comparisons import collection, comparison, gene_name, matched, random_sets

SETS = random_sets([20, 30, 45, 60])
UNTESTED = 150


def ora(*, background="tested", direction="both", gene_lfc=0.0):
    table = comparison(shift=dict.fromkeys(SETS["set 001 of 30"], 3.0))
    table.loc[: UNTESTED - 1, "pvalue"] = np.nan
    mine = collection(SETS)
    ranking, sets = matched(table, mine)
    spec = PathwaySpec(
        ("mine",), test="ora", background=background, direction=direction, gene_alpha=0.2, gene_lfc=gene_lfc
    )
    significant = significant_positions(ranking, spec)
    chosen = choose_background(
        spec,
        ranking,
        sets,
        significant=significant,
        collections=[mine],
        all_symbols=frozenset(table["symbol"]),
    )
    return run_ora(ranking, sets, significant=significant, background=chosen), ranking, chosen, significant


def expected(universe, chosen):
    rows = []
    for numbers in SETS.values():
        members = {gene_name(n) for n in numbers} & universe
        overlap = len(members & chosen)
        rows.append((overlap, hypergeom.sf(overlap - 1, len(universe), len(members), len(chosen & universe))))
    return rows


@pytest.mark.parametrize("background", ["tested", "annotated", "cohort"])
@pytest.mark.parametrize("direction", ["both", "up", "down"])
def test_p_values_equal_scipys_hypergeometric(background, direction):
    result, ranking, _, significant = ora(background=background, direction=direction)
    tested = set(ranking.symbols)
    universe = {
        "tested": tested,
        "annotated": tested & {gene_name(n) for numbers in SETS.values() for n in numbers},
        "cohort": {gene_name(n) for n in range(600)},
    }[background]
    rows = expected(universe, set(ranking.symbols[significant]))
    assert result["overlap"].tolist() == [overlap for overlap, _ in rows]
    assert result["pvalue"].tolist() == [p for _, p in rows]
    assert (result["background"] == len(universe)).all()


def test_it_is_fishers_one_sided_test():
    result, ranking, _, significant = ora()
    k, n = result["overlap"][1], result["in_background"][1]
    drawn, total = len(significant), len(ranking.genes)
    table = [[k, n - k], [drawn - k, total - n - drawn + k]]
    assert result["pvalue"][1] == pytest.approx(fisher_exact(table, alternative="greater").pvalue, rel=1e-9)


def test_the_planted_set_is_found():
    result, *_ = ora(direction="up")
    assert result["padj"][1] < 0.001
    assert result["enrichment"][1] > 1.5
    assert (result["padj"].drop(index=1) > 0.05).all()


def test_directions_split_the_significant_genes():
    parts = [ora(direction=direction)[0]["overlap"] for direction in ("up", "down", "both")]
    assert (parts[0] + parts[1] == parts[2]).all()


def test_the_fold_change_threshold_counts():
    *_, all_genes = ora()
    _, ranking, _, fewer = ora(gene_lfc=0.4)
    assert 0 < len(fewer) < len(all_genes)
    assert (ranking.genes["log2FoldChange"].iloc[fewer].abs() >= 0.4).all()


def test_the_overlap_is_named_strongest_first():
    result, ranking, *_ = ora()
    strength = dict(zip(ranking.symbols, np.abs(ranking.statistics), strict=True))
    for overlap, joined in zip(result["overlap"], result["leading_edge"], strict=True):
        genes = joined.split(";")
        assert len(genes) == overlap
        assert [strength[g] for g in genes] == sorted((strength[g] for g in genes), reverse=True)


def test_only_the_tested_background_needs_no_warning():
    assert ora()[2].notices == ()
    for background in ("annotated", "cohort"):
        (notice,) = ora(background=background)[2].notices
        assert notice.code == "background-overridden"
        assert "450 tested genes" in notice.message


def test_no_significant_gene_gives_p_one():
    result, *_ = ora(gene_lfc=99.0)
    assert (result["pvalue"] == 1).all()
    assert (result["leading_edge"] == "").all()
    assert result["enrichment"].isna().all()


@pytest.mark.parametrize(
    ("direction", "expected"), [("both", ["G2", "G3"]), ("up", ["G2"]), ("down", ["G3"])]
)
def test_a_gene_is_significant_below_alpha_and_from_the_fold_change_on(direction, expected):
    genes = pd.DataFrame(
        {
            "symbol": ["G0", "G1", "G2", "G3", "G4"],
            "padj": [0.05, 0.049, 0.049, 0.049, np.nan],  # G0 is at alpha, G1 short of the fold change
            "log2FoldChange": [3.0, 0.99, 1.0, -1.0, 3.0],
        }
    )
    spec = PathwaySpec(("mine",), test="ora", direction=direction, gene_alpha=0.05, gene_lfc=1.0)
    found = significant_positions(SimpleNamespace(genes=genes), spec)
    assert list(genes["symbol"].iloc[found]) == expected


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_gene_that_does_not_change_has_no_direction(direction):
    genes = pd.DataFrame({"padj": [0.01], "log2FoldChange": [0.0]})
    spec = PathwaySpec(("mine",), test="ora", direction=direction, gene_alpha=0.05, gene_lfc=0.0)
    assert len(significant_positions(SimpleNamespace(genes=genes), spec)) == 0
