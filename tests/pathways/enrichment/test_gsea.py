from __future__ import annotations

import threading

import numpy as np
import pandas as pd
import pytest
from gseapy.gse import fgsea_rs, prerank_rs
from pandas.testing import assert_frame_equal

from core.errors import CancelledError
from core.pathways.enrichment.adjust import adjust
from core.pathways.enrichment.gsea import SMALLEST_P, _cost, _parts, bands, run_gsea
from tests.pathways.comparisons import collection, comparison, matched, random_sets

SIZES = [12, 12, 12, 25, 25, 40, 41, 80]


def test_same_input_same_bytes_whatever_the_threads():
    ranking, sets = matched(comparison(), collection(random_sets(SIZES)))
    first = run_gsea(ranking, sets, seed=1, n_threads=1)
    assert_frame_equal(run_gsea(ranking, sets, seed=1, n_threads=3), first, check_exact=True)
    assert (run_gsea(ranking, sets, seed=2)["pvalue"] != first["pvalue"]).any()


def test_a_set_does_not_depend_on_the_sets_beside_it(monkeypatch):
    monkeypatch.setattr("core.pathways.enrichment.gsea.SETS_AT_A_TIME", 3)
    chosen = random_sets(SIZES)
    ranking, sets = matched(comparison(), collection(chosen))
    together = run_gsea(ranking, sets, seed=1)
    for row, (name, numbers) in enumerate(chosen.items()):
        _, alone = matched(comparison(), collection({name: numbers}))
        single = run_gsea(ranking, alone, seed=1)
        columns = ["es", "nes", "pvalue", "log2err", "leading_edge"]
        assert_frame_equal(
            single[columns], together.iloc[[row]][columns].reset_index(drop=True), check_exact=True
        )


def test_without_the_anchor_it_would():
    # Why every call holds an anchor and only one band; if gseapy changes this, both can go.
    ranking, sets = matched(comparison(), collection(random_sets(SIZES)))
    members = {str(row): ranking.symbols[sets.positions(row)].tolist() for row in range(len(SIZES))}
    options = (1.0, 1, 500, 101, 1000, SMALLEST_P, 1, 1)
    mixed = fgsea_rs(ranking.symbols.tolist(), ranking.statistics.tolist(), members, *options)
    alone = fgsea_rs(ranking.symbols.tolist(), ranking.statistics.tolist(), {"0": members["0"]}, *options)
    by_row = {one.term: one.pval for one in mixed.summaries}
    assert by_row["0"] != alone.summaries[0].pval


def test_p_values_agree_with_classic_permutation_within_monte_carlo_error():
    sizes = np.repeat([15, 30, 60], 10).tolist()
    planted = dict.fromkeys(range(0, 600, 4), 0.35)
    ranking, sets = matched(comparison(shift=planted), collection(random_sets(sizes)))
    ours = run_gsea(ranking, sets, seed=1, permutations=10_000)
    n = 20_000
    members = {str(row): ranking.symbols[sets.positions(row)].tolist() for row in range(len(sizes))}
    classic = prerank_rs(ranking.symbols.tolist(), ranking.statistics.tolist(), members, 1.0, 1, 500, n, 1, 7)
    p = np.array([one.pval for one in sorted(classic.summaries, key=lambda one: int(one.term))])
    assert len(p) == len(ours)
    # About half of the random sets share the sign of the score; ours has an error too.
    error = np.sqrt(p * (1 - p) * (1 / (n / 2.5) + 1 / (10_000 / 2.5))) + 1e-4
    assert (np.abs(ours["pvalue"] - p) < 4 * error).all()


def test_planted_sets_are_found_with_their_direction():
    numbers = random_sets([30, 30, 30])
    names = list(numbers)
    shift = dict.fromkeys(numbers[names[0]], 2.0) | dict.fromkeys(numbers[names[1]], -2.0)
    ranking, sets = matched(comparison(shift=shift), collection(numbers))
    result = run_gsea(ranking, sets, seed=1)
    assert (np.sign(result["es"][:2]) == [1, -1]).all()
    assert (np.sign(result["nes"]) == np.sign(result["es"])).all()
    assert (result["padj"][:2] < 1e-3).all()
    assert result["padj"][2] > 0.05


def test_p_values_of_random_sets_are_uniform():
    ranking, sets = matched(comparison(), collection(random_sets([20] * 300)))
    p = run_gsea(ranking, sets, seed=1)["pvalue"]
    shares = [(p < level).mean() for level in (0.05, 0.25, 0.5, 0.75)]
    assert shares == pytest.approx([0.05, 0.25, 0.5, 0.75], abs=0.07)


def test_no_p_value_is_below_the_floor():
    ranking, sets = matched(
        comparison(n_genes=3000, shift=dict.fromkeys(range(200), 30.0)), collection({"all": range(200)})
    )
    result = run_gsea(ranking, sets, seed=1)
    assert result["pvalue"][0] == pytest.approx(SMALLEST_P, rel=1e-9)


def test_adjusted_within_each_collection():
    first = collection(random_sets([20] * 5), name="first")
    second = collection(random_sets([20] * 9, seed=3), name="second")
    ranking, sets = matched(comparison(), first, second)
    result = run_gsea(ranking, sets, seed=1)
    own = (sets.table["collection"] == "first").to_numpy()
    expected = np.concatenate([adjust(result["pvalue"].to_numpy()[part]) for part in (own, ~own)])
    assert result["padj"].tolist() == expected.tolist()


def test_progress_reaches_the_end_and_never_goes_back(monkeypatch):
    monkeypatch.setattr("core.pathways.enrichment.gsea.SETS_AT_A_TIME", 3)
    ranking, sets = matched(comparison(), collection(random_sets(SIZES)))
    seen: list[float] = []
    run_gsea(ranking, sets, seed=1, report=lambda stage, fraction, **_: seen.append(fraction))
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] == pytest.approx(1.0)
    assert len(seen) == 1 + 4  # two calls in the first band, one in each of the others


def test_time_left_is_told_from_the_start():
    ranking, sets = matched(comparison(), collection(random_sets(SIZES)))
    left: list[float | None] = []
    run_gsea(
        ranking, sets, seed=1, report=lambda stage, fraction, *, seconds_left=None: left.append(seconds_left)
    )
    assert all(seconds is not None and seconds >= 0 for seconds in left)
    assert left[0] > 0
    assert left[-1] == pytest.approx(0)


def test_sets_of_the_same_genes_get_the_same_numbers_from_one_test():
    genes = random_sets([30])["set 000 of 30"]
    ranking, sets = matched(comparison(), collection({"one": genes, "two": genes, "other": range(50)}))
    result = run_gsea(ranking, sets, seed=1)
    names = sets.table["set"].tolist()
    one, two = (result.iloc[names.index(name)] for name in ("one", "two"))
    assert one["pvalue"] == two["pvalue"]
    assert one["nes"] == two["nes"]
    assert result["pvalue"].notna().all()


def test_calls_are_of_one_band_and_limited_in_sets_and_in_work():
    sizes = np.random.default_rng(1).permutation(np.concatenate([np.full(900, 12), np.arange(10, 500)]))
    cost = _cost(sizes, np.where(sizes % 7 == 0, 0.6, 0.1), 1000)
    band = bands(sizes, 480)
    assert sorted(set(band)) == [32, 64, 128, 256, 480]
    assert (band >= np.minimum(sizes, 480)).all()
    parts = _parts(np.arange(len(sizes)), band, cost)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(sizes)))
    assert max(map(len, parts)) <= 300
    assert all(len(set(band[part])) == 1 for part in parts)
    assert max(cost[part].sum() for part in parts) <= 3 + cost.max()
    assert len(parts) < 45


def test_it_can_be_cancelled_and_leaves_no_thread():
    ranking, sets = matched(comparison(), collection(random_sets(range(10, 150))))
    before = threading.active_count()

    def stop(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        raise CancelledError("stop")

    with pytest.raises(CancelledError):
        run_gsea(ranking, sets, seed=1, report=stop)
    assert threading.active_count() == before


def test_adjusting_ignores_missing_p_values():
    adjusted = adjust(np.array([0.01, np.nan, 0.04]))
    assert adjusted[[0, 2]].tolist() == pytest.approx([0.02, 0.04])
    assert np.isnan(adjusted[1])
    assert pd.isna(adjust(np.array([np.nan]))).all()
