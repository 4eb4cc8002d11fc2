"""camera against limma, and the correlation-aware test against what it promises."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import spearmanr, ttest_ind

from core.cohort.gene_table import human_genes
from core.de.limma.moderate import rotate
from core.de.limma.voom import voom
from core.pathways.enrichment.adjust import adjust
from core.pathways.enrichment.camera import GeneStatistics, camera, correlation_aware, gene_statistics
from core.pathways.sets.match import membership_matrix
from tests.de.limma.test_moderate import DATA, airway

N_SAMPLES, N_CASE = 60, 30


def test_camera_equals_limma_on_airway():
    counts, design = airway()
    expected = pd.read_csv(DATA / "limma" / "camera.csv.gz")
    held = [np.arange(start, len(counts), 50 * (1 + (start + 1) % 7)) for start in range(40)]
    values = voom(counts.to_numpy(), design)
    genes = gene_statistics(rotate(values.expression, design, weights=values.weights))
    membership = membership_matrix(held, len(counts))
    assert [len(places) for places in held] == expected["size"].tolist()
    preset = camera(genes, membership, correlation=0.01)
    estimated = camera(genes, membership, correlation=None)
    assert_allclose(preset["pvalue"], expected["preset"], rtol=1e-8)
    assert ((preset["shift"] > 0) == (expected["direction"] == "Up")).all()
    assert_allclose(estimated["pvalue"], expected["estimated"], rtol=1e-8)
    assert_allclose(estimated["correlation"], expected["correlation"], atol=1e-10)


@pytest.mark.parametrize("collection", ["btm", "hallmark"])
def test_camera_equals_limma_on_london(shared_data: Path, collection: str):
    metadata = pd.read_csv(shared_data / "london_tb" / "metadata.csv", index_col=0)
    counts = pd.read_csv(shared_data / "london_tb" / "counts.csv.gz", index_col=0)
    metadata = metadata[metadata["TBStatus"].isin(["PTB", "LTBI"])]
    counts = counts[metadata.index]
    counts = counts[(counts >= 10).sum(axis=1) >= 21]
    case, male = metadata["TBStatus"] == "PTB", metadata["sex_molecular"] == "M"
    design = np.column_stack([np.ones(len(metadata)), male, case]).astype(float)
    values = voom(counts.to_numpy(), design)
    genes = gene_statistics(rotate(values.expression, design, weights=values.weights))
    symbols = pd.Series(human_genes().resolve(counts.index)["symbol"].to_numpy())
    reference = pd.read_csv(
        shared_data / "reference" / f"london_PTB_vs_LTBI_camera_{collection}.csv.gz", index_col="set"
    )
    with gzip.open(shared_data / "genesets" / f"{collection}.gmt.gz", "rt") as lines:
        sets = {name: set(genes) for name, _, *genes in (line.rstrip("\n").split("\t") for line in lines)}
    held = [np.flatnonzero(symbols.isin(sets[name])) for name in reference.index]
    result = camera(genes, membership_matrix(held, len(counts)), correlation=0.01)
    signed = np.sign(result["shift"]) * -np.log10(result["pvalue"])
    expected = np.where(reference["Direction"] == "Up", 1, -1) * -np.log10(reference["PValue"])
    assert spearmanr(signed, expected).statistic > 0.9999
    assert (np.array([len(places) for places in held]) == reference["NGenes"]).mean() > 0.95
    same = np.array([len(places) for places in held]) == reference["NGenes"].to_numpy()
    assert_allclose(signed[same], expected[same], rtol=1e-5)


def simulate(
    rng: np.random.Generator,
    *,
    n_genes: int = 1000,
    n_sets: int = 20,
    effect: float = 0.0,
    spread: float = 0.0,
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Genes in sets of 50; those of a set share half of their variance. `effect` shifts set 0.

    `spread` gives every gene a true difference of its own.
    """
    group = np.arange(N_SAMPLES) < N_CASE
    values = rng.normal(size=(n_genes, N_SAMPLES)) + rng.normal(0, spread, (n_genes, 1)) * group
    held = [np.arange(50 * number, 50 * (number + 1)) for number in range(n_sets)]
    for number, places in enumerate(held):
        shared = rng.normal(size=N_SAMPLES) + effect * group * (number == 0)
        values[places] += shared
    return values, np.column_stack([np.ones(N_SAMPLES), group]).astype(float), held


def test_under_random_labels_it_holds_its_level_and_gene_permutation_does_not():
    rng = np.random.default_rng(11)
    aware, naive = [], []
    for _ in range(60):
        values, design, held = simulate(rng)
        genes = gene_statistics(rotate(values, design))
        membership = membership_matrix(held, len(values))
        aware.append(correlation_aware(genes, membership)["pvalue"])
        naive.append(camera(genes, membership, correlation=0.0)["pvalue"])
    # 1,200 p-values of 60 cohorts: twice the standard error is about 0.013.
    assert (np.concatenate(aware) < 0.05).mean() < 0.065
    assert (np.concatenate(naive) < 0.05).mean() > 0.5


def test_it_finds_a_shifted_set_where_many_genes_differ_and_camera_with_estimates_is_blind():
    rng = np.random.default_rng(12)
    aware, estimated = [], []
    for _ in range(20):
        values, design, held = simulate(rng, n_genes=3000, effect=1.6, spread=0.8)
        genes = gene_statistics(rotate(values, design))
        membership = membership_matrix(held, len(values))
        aware.append(correlation_aware(genes, membership)["pvalue"][0])
        estimated.append(camera(genes, membership, correlation=None)["pvalue"][0])
    assert np.mean(np.array(aware) < 0.01) > 0.9
    assert np.mean(np.array(estimated) < 0.01) < 0.6


def test_sets_of_random_genes_are_not_called_where_many_genes_differ():
    rng = np.random.default_rng(13)
    values, design, _ = simulate(rng, n_genes=4000, n_sets=0, spread=1.0)
    held = [np.sort(rng.choice(4000, 40, replace=False)) for _ in range(400)]
    genes = gene_statistics(rotate(values, design))
    pvalue = correlation_aware(genes, membership_matrix(held, 4000))["pvalue"].to_numpy()
    assert (pvalue < 0.05).mean() < 0.08
    assert not (adjust(pvalue) < 0.05).any()


def test_without_differences_between_genes_it_is_a_t_test_of_the_set_score():
    rng = np.random.default_rng(14)
    values, design, held = simulate(rng)
    effects = rotate(values, design)
    sd = np.sqrt((effects.residuals**2).mean(axis=1))
    z = effects.tested / sd
    shrunk = 0.99 / z.std(ddof=1)
    flat = GeneStatistics(z * shrunk, effects.residuals / sd[:, None])
    result = correlation_aware(flat, membership_matrix(held, len(values)))
    assert_allclose(result["freedom"], N_SAMPLES - 2)
    residual = values - values @ design @ np.linalg.pinv(design.T @ design) @ design.T
    standard = values / np.sqrt((residual**2).mean(axis=1, keepdims=True))
    t = result["shift"] / shrunk / result["se"]
    for number, places in enumerate(held):
        others = np.setdiff1d(np.arange(len(values)), places)
        score = standard[places].mean(axis=0) - standard[others].mean(axis=0)
        expected = ttest_ind(score[:N_CASE], score[N_CASE:]).statistic
        assert t[number] == pytest.approx(expected, rel=1e-9)


def test_correlation_is_estimated():
    values, design, held = simulate(np.random.default_rng(15))
    result = correlation_aware(gene_statistics(rotate(values, design)), membership_matrix(held, len(values)))
    assert result["correlation"].mean() == pytest.approx(0.5, abs=0.05)
