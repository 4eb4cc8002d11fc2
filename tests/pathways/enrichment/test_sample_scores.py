from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from gseapy.gse import CorrelType, gsva_rs, ssgsea_rs
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import ndtr
from scipy.stats import rankdata

from core.errors import CancelledError
from core.pathways.enrichment.sample_scores import SampleScore, score_samples
from core.pathways.enrichment.scores import compare_scores
from core.pathways.sets.match import membership_matrix

N_GENES, N_SAMPLES = 300, 24
GROUP = np.arange(N_SAMPLES) % 2
SETS = {"high": np.arange(20), "nothing": np.arange(100, 130), "few": np.array([4, 140, 299])}
METHODS: tuple[SampleScore, ...] = ("ssgsea", "gsva")


def expression() -> np.ndarray:
    rng = np.random.default_rng(1)
    values = rng.normal(6, 2, (N_GENES, 1)) + rng.normal(0, 1, (N_GENES, N_SAMPLES))
    values[:20] += 1.5 * GROUP
    return values


def by_gseapy(values: np.ndarray, method: SampleScore) -> np.ndarray:
    symbols = [f"GENE{number}" for number in range(N_GENES)]
    sets = {name: [symbols[place] for place in places] for name, places in SETS.items()}
    if method == "ssgsea":
        ranks = (rankdata(values, axis=0) * (10_000 / N_GENES)).tolist()
        answer = ssgsea_rs(symbols, ranks, sets, 0.25, 1, N_GENES, 0, CorrelType.Rank, 1, 0)
    else:
        answer = gsva_rs(symbols, values.tolist(), sets, True, False, True, False, 1.0, 1, N_GENES, 1)
    scores = pd.DataFrame(np.nan, index=list(SETS), columns=range(N_SAMPLES))
    for one in answer.summaries:
        scores.loc[one.term, one.index] = one.es
    return scores.to_numpy()


def scored(method: SampleScore, **options: object) -> np.ndarray:
    membership = membership_matrix(list(SETS.values()), N_GENES)
    return score_samples(expression(), membership, method=method, **options)


def test_ssgsea_equals_that_of_gseapy_but_for_the_number_of_genes():
    assert_allclose(scored("ssgsea") * N_GENES, by_gseapy(expression(), "ssgsea"), rtol=1e-9)


def test_gsva_equals_that_of_gseapy_but_for_its_table_of_the_normal_distribution():
    ours, theirs = scored("gsva"), by_gseapy(expression(), "gsva")
    assert np.abs(ours - theirs).max() < 0.02
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.9999


def test_ssgsea_equals_the_definition():
    values, scores = expression(), scored("ssgsea")
    for sample in (0, 5):
        order = np.argsort(-values[:, sample])
        rank = N_GENES - np.arange(N_GENES)
        inside = np.isin(order, SETS["high"])
        hit = np.cumsum(np.where(inside, rank**0.25, 0)) / (rank[inside] ** 0.25).sum()
        miss = np.cumsum(~inside) / (N_GENES - 20)
        assert scores[0, sample] == pytest.approx((hit - miss).mean(), rel=1e-9)


def test_gsva_equals_the_definition():
    values, scores = expression(), scored("gsva")
    width = values.std(axis=1, ddof=1)[:, None, None] / 4
    places = ndtr((values[:, :, None] - values[:, None, :]) / width).mean(axis=2)
    for sample in (0, 5):
        order = np.argsort(-places[:, sample], kind="stable")
        inside = np.isin(order, SETS["nothing"])
        weight = np.abs(np.arange(N_GENES, 0, -1) - N_GENES / 2)
        hit = np.cumsum(np.where(inside, weight, 0)) / weight[inside].sum()
        walk = hit - np.cumsum(~inside) / (N_GENES - 30)
        assert scores[1, sample] == pytest.approx(max(walk.max(), 0) + min(walk.min(), 0), rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_a_shifted_set_scores_higher_in_its_group(method: SampleScore):
    design = pd.DataFrame({"Intercept": 1.0, "group": GROUP})
    compared = compare_scores(pd.DataFrame(scored(method)), design)
    assert compared["lower"][0] > 0
    assert compared["padj"][0] < 1e-4
    # In scores by rank, the genes that rise in one set push the others down a little.
    assert compared["padj"][1] > 0.01


@pytest.mark.parametrize("method", METHODS)
def test_same_scores_whatever_the_threads_and_the_sets_beside(method: SampleScore):
    first = scored(method)
    assert_array_equal(scored(method, n_threads=3), first)
    alone = score_samples(expression(), membership_matrix([SETS["nothing"]], N_GENES), method=method)
    assert_array_equal(alone[0], first[1])


@pytest.mark.parametrize("method", METHODS)
def test_a_gene_that_never_varies_and_ties_are_no_trouble(method: SampleScore):
    values = np.round(expression())
    values[3] = 4.0
    scores = score_samples(values, membership_matrix(list(SETS.values()), N_GENES), method=method)
    assert np.isfinite(scores).all()


def test_tied_genes_share_their_rank():
    values = np.zeros((N_GENES, 2))
    scores = score_samples(values, membership_matrix(list(SETS.values()), N_GENES), method="ssgsea")
    assert_allclose(scores, 0.0, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_progress_and_cancelling(method: SampleScore):
    seen: list[float] = []
    scored(method, report=lambda stage, fraction, **_: seen.append(fraction))
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0)

    def stop(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        raise CancelledError("stop")

    with pytest.raises(CancelledError):
        scored(method, report=stop)
