"""The demonstration cohort is as hard as a real one: many significant genes, modest prediction.

Slow: one differential-expression analysis and one cross-validation for each of five seeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold

from core.cohort.model import Cohort
from core.cohort.simulation.cohort import simulate_cohort
from core.cohort.stored import put_cohort
from core.de.spec import DESpec
from core.store import Store
from tests.analyses import run_de

FOLDS, REPEATS = 5, 4
MOST_VARIABLE = 2_000
PENALTIES = (1e-3, 1e-2, 1.0)
CLINICAL = (
    *("severity", "psychotic_symptoms", "suicidal_risk", "generalised_anxiety", "inpatient"),
    *("prior_antidepressants", "depressive_episodes", "episode_weeks"),
)
Matrix = NDArray[np.float64]


@pytest.fixture(scope="module", params=[1, 2, 3, 4, 5])
def cohort(request: pytest.FixtureRequest) -> Cohort:
    return simulate_cohort(seed=request.param)[0]


@pytest.mark.slow
def test_a_fifth_of_active_genes_is_significant(cohort: Cohort, tmp_path: Path) -> None:
    store = Store(tmp_path)
    spec = DESpec(factor="group", case="TRD", control="non-TRD", covariates=("age", "sex", "centre"))
    result = run_de(store, put_cohort(store, cohort), spec)
    share = (result.table["padj"] < 0.05).sum() / result.run.n_active
    print(f"{cohort.name}: {share:.1%} of {result.run.n_active} active genes are significant")
    assert 0.15 <= share <= 0.25


@pytest.mark.slow
def test_honest_gene_model_is_modest(cohort: Cohort) -> None:
    is_case = (cohort.metadata["group"] == "TRD").to_numpy()
    aucs = cross_validated_aucs(cohort.counts, is_case)
    print(", ".join(f"C = {penalty:g}: AUC {auc:.3f}" for penalty, auc in aucs.items()))
    assert all(0.62 <= auc <= 0.75 for auc in aucs.values())


@pytest.mark.slow
def test_clinical_model_is_plausible(cohort: Cohort) -> None:
    is_case = (cohort.metadata["group"] == "TRD").to_numpy()
    words = {"yes": 1.0, "no": 0.0, "severe": 1.0, "moderate": 0.0}
    values = cohort.metadata[[*CLINICAL]].map(lambda value: words.get(value, value)).astype(float).to_numpy()

    def prepared(train: Matrix, held_out: Matrix) -> tuple[Matrix, Matrix]:
        middle = np.nanmedian(train, axis=0)
        return np.where(np.isnan(train), middle, train), np.where(np.isnan(held_out), middle, held_out)

    pooled = np.zeros((REPEATS, len(is_case)))
    for repeat, train, test in splits(is_case):
        pooled[repeat, test] = predict(*prepared(values[train], values[test]), is_case[train], penalty=1.0)
    auc = np.mean([roc_auc_score(is_case, p) for p in pooled])
    print(f"clinical variables: AUC {auc:.3f}")
    assert 0.65 <= auc <= 0.80


@pytest.mark.slow
def test_centre_says_little(cohort: Cohort) -> None:
    is_case = (cohort.metadata["group"] == "TRD").to_numpy()
    centre = pd.get_dummies(cohort.metadata["centre"]).to_numpy(float)
    pooled = np.zeros((REPEATS, len(is_case)))
    for repeat, train, test in splits(is_case):
        pooled[repeat, test] = predict(centre[train], centre[test], is_case[train], penalty=1.0)
    assert np.mean([roc_auc_score(is_case, p) for p in pooled]) < 0.6


def cross_validated_aucs(counts: NDArray[np.integer], is_case: NDArray[np.bool_]) -> dict[float, float]:
    """Return the AUC by penalty; size factors, filter and scale are learnt in the training part alone."""
    pooled = {penalty: np.zeros((REPEATS, len(is_case))) for penalty in PENALTIES}
    for repeat, train, test in splits(is_case):
        active = (counts[:, train] >= 10).sum(axis=1) >= len(train) // 2
        log_counts = normalised(counts[active].astype(float), train)
        chosen = np.argsort(-log_counts[train].var(axis=0), kind="stable")[:MOST_VARIABLE]
        seen, held_out = log_counts[np.ix_(train, chosen)], log_counts[np.ix_(test, chosen)]
        for penalty, predictions in pooled.items():
            predictions[repeat, test] = predict(seen, held_out, is_case[train], penalty=penalty)
    return {
        penalty: float(np.mean([roc_auc_score(is_case, p) for p in predictions]))
        for penalty, predictions in pooled.items()
    }


def splits(is_case: NDArray[np.bool_]) -> Iterator[tuple[int, NDArray[np.intp], NDArray[np.intp]]]:
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=0)
    for i, (train, test) in enumerate(folds.split(is_case, is_case)):
        yield i // FOLDS, train, test


def normalised(counts: Matrix, train: NDArray[np.intp]) -> Matrix:
    """Return log2 counts, samples × genes, by median of ratios to a reference of the training samples."""
    everywhere = (counts[:, train] > 0).all(axis=1)
    log_counts = np.log(np.maximum(counts[everywhere], 0.5))
    reference = log_counts[:, train].mean(axis=1, keepdims=True)
    size_factors = np.exp(np.median(log_counts - reference, axis=0))
    return np.log2(counts / size_factors + 1).T


def predict(seen: Matrix, held_out: Matrix, labels: NDArray[np.bool_], *, penalty: float) -> Matrix:
    centre, scale = seen.mean(axis=0), seen.std(axis=0)
    model = LogisticRegression(C=penalty, max_iter=5_000).fit((seen - centre) / scale, labels)
    return model.predict_proba((held_out - centre) / scale)[:, 1]
