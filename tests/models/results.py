"""A result of risk models made up in the contract's form, in no time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from core.analysis import At, asked_for
from core.errors import Notice
from core.models.kind import KIND
from core.models.pipelines.cards import CARDS
from core.models.result import BASE, REST, TABLES, CheckResult, Claim, ModelInfo, ModelResult, write_result
from core.models.spec import ModelSpec
from core.store import Draft, Store
from tests.analyses import model_key

SPEC = ModelSpec("group", "TRD", "non-TRD", centre="centre", folds=2, repeats=2, label_permutations=40)
# How far apart cases and controls are, in standard deviations of the score.
APART = {
    "dummy": 0.0,
    "centre": 0.05,
    "cells": 0.3,
    "age_sex": 0.1,
    "clinical": 0.6,
    "genes": 0.7,
    "genes_forest": 0.6,
    "pathways": 0.5,
    "clinical_genes": 0.9,
}


def made_up_result(
    samples: list[str] | None = None,
    y: list[int] | None = None,
    *,
    spec: ModelSpec = SPEC,
    digest: str = "ab" * 32,
    headline: bool = True,
    simulated: bool = True,
    seed: int = 1,
) -> ModelResult:
    """Return a result of 60 cases and 60 controls in three centres, or of the samples given."""
    samples = samples or [f"S{i:03d}" for i in range(120)]
    outcome = np.array(y if y is not None else [i % 2 for i in range(len(samples))])
    rng = np.random.default_rng(seed)
    patients = _patients(samples, outcome, spec, rng)
    scores = {name: rng.normal(apart * outcome, 1) for name, apart in APART.items() if name in spec.models}
    tables = {name: pd.DataFrame(columns=columns) for name, columns in TABLES.items()}
    tables |= {
        "patients": patients,
        "models": _models(spec),
        "predictions": _predictions(patients, scores, spec, rng),
        "permuted": pd.DataFrame(
            {"model": "genes", "permutation": range(40), "auc": rng.normal(0.5, 0.04, 40)}
        ),
        "outside": _outside(patients, spec, rng),
        "learning": pd.DataFrame(
            {
                "model": "genes",
                "n_train": [30, 60, 90],
                "auc": [0.6, 0.65, 0.68],
                "lower": 0.55,
                "upper": 0.75,
            }
        ),
        "selection": _selection(rng),
        "contributions": _contributions(samples, spec, rng),
        "predictors": _predictors(),
    }
    return ModelResult(
        spec=spec,
        digest=digest,
        checks=_checks(headline),
        run=_info(outcome, headline, simulated),
        **{name: table.loc[:, list(TABLES[name])] for name, table in tables.items()},
    )


def put_result(store: Store, result: ModelResult) -> str:
    """Put a result where the pages look for it; return its key."""
    at, key = At(store, result.digest), model_key(result.digest, result.spec)

    def write(draft: Draft) -> None:
        draft.run |= asked_for(KIND, at, result.spec)
        write_result(draft, result)

    store.get_or_compute(key, write, kind=KIND.name)
    return key


def _patients(samples: list[str], y: np.ndarray, spec: ModelSpec, rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "sample": samples,
            "y": y,
            "group": np.where(y == 1, spec.case, spec.control),
            "patient": [f"P{i}" for i in range(len(samples))],
            "person": range(len(samples)),
            "centre": rng.choice(["A", "B", "C"], len(samples), p=[0.5, 0.42, 0.08]),
            "sex": rng.choice(["female", "male"], len(samples)),
        }
    )


def _models(spec: ModelSpec) -> pd.DataFrame:
    rows = []
    for card in CARDS:
        if card.name in spec.models:
            row = {"model": card.name, "title": card.title, "description": card.description}
            row |= {
                "baseline": card.baseline,
                "available": True,
                "not_available_reason": "",
                "n_predictors": 8,
            }
            stability = (0.42, 0.38, 0.46) if card.name == "genes" else (np.nan,) * 3
            names = ("stability", "stability_lower", "stability_upper")
            rows.append(row | dict(zip(names, stability, strict=True)) | {"strength": 0.01})
    return pd.DataFrame(rows)


def _predictions(
    patients: pd.DataFrame, scores: dict[str, np.ndarray], spec: ModelSpec, rng: np.random.Generator
) -> pd.DataFrame:
    parts = []
    for name, score in scores.items():
        centred = APART[name] * (score - APART[name] / 2)
        for repeat in range(spec.repeats):
            risk = expit(centred + rng.normal(0, 0.1, len(score)) * (name != "dummy"))
            fold = [str(i % spec.folds + 1) for i in range(len(score))]
            parts.append(_rows(patients, name, "cv", repeat + 1, fold, risk))
        if name != "centre":
            risk = expit(0.8 * centred + rng.normal(0, 0.2, len(score)) * (name != "dummy"))
            parts.append(_rows(patients, name, "centre", 1, patients["centre"].tolist(), risk))
    return pd.concat(parts, ignore_index=True)


def _rows(
    patients: pd.DataFrame, model: str, scheme: str, repeat: int, fold: list[str], p: np.ndarray
) -> pd.DataFrame:
    columns = {"model": model, "scheme": scheme, "repeat": repeat, "fold": fold, "p": p}
    return patients[["sample", "y"]].assign(**columns)


def _outside(patients: pd.DataFrame, spec: ModelSpec, rng: np.random.Generator) -> pd.DataFrame:
    parts = [
        patients[["sample", "y"]].assign(
            repeat=repeat, fold="1", p=expit(rng.normal(2 * (2 * patients["y"] - 1), 1))
        )
        for repeat in range(1, spec.repeats + 1)
    ]
    return pd.concat(parts, ignore_index=True)


def _selection(rng: np.random.Generator) -> pd.DataFrame:
    n = 30
    genes = pd.DataFrame(
        {
            "model": "genes",
            "feature": [f"G{i:03d}" for i in range(n)],
            "symbol": [f"GENE{i}" for i in range(n)],
            "frequency": np.linspace(1, 0.1, n),
            "coefficient": rng.normal(0, 0.1, n),
            "coefficient_sd": 0.02,
            "sign_stability": np.linspace(1, 0.6, n),
            "importance": np.linspace(0.01, 0, n),
            "importance_sd": 0.002,
        }
    )
    clinical = genes.head(3).assign(model="clinical", feature=["age", "sex=male", "inpatient=yes"], symbol="")
    return pd.concat([genes, clinical], ignore_index=True)


def _contributions(samples: list[str], spec: ModelSpec, rng: np.random.Generator) -> pd.DataFrame:
    features = ["G000", "G001", "G002", REST, BASE]
    rows = [
        ("genes", sample, repeat, feature, rng.normal(), rng.normal(0, 0.3))
        for sample in samples
        for repeat in range(1, spec.repeats + 1)
        for feature in features
    ]
    return pd.DataFrame(rows, columns=list(TABLES["contributions"]))


def _predictors() -> pd.DataFrame:
    rows = [
        ("age", "yes", "Known at any time", True, ""),
        ("severity", "no", "Current severity follows from failed treatment", False, "It partly defines TRD"),
        ("hair", "unknown", "No line matches its name, so nobody has judged it", False, "Not judged"),
    ]
    return pd.DataFrame(rows, columns=list(TABLES["predictors"]))


def _checks(headline: bool) -> tuple[CheckResult, ...]:
    confounded = CheckResult(
        "centre-only", "Centre alone", "red", "Centre alone gives AUC 0.97.", tripod=("12",), probast=("4.1",)
    )
    calm = (
        CheckResult(
            "permuted", "Permuted labels", "passed", "Permuted labels give AUC 0.50.", tripod=("12g",)
        ),
        CheckResult("size", "Sample size", "amber", "120 patients carry one parameter.", tripod=("10",)),
        CheckResult("cross-sectional", "Cross-sectional", "note", "Outcome and blood are of the same day."),
        CheckResult("external", "Other cohort", "not applicable", "", "no other cohort was given"),
    )
    return calm if headline else (confounded, *calm)


def _info(y: np.ndarray, headline: bool, simulated: bool) -> ModelInfo:
    claim = Claim(
        rung="centre" if headline else "exploratory",
        model="genes",
        headline=headline,
        reason="No other cohort was given." if headline else "Centre and group cannot be told apart.",
        wording="Genes tell apart in centres held out." if headline else "Nothing may be claimed.",
    )
    n_case = int(y.sum())
    return ModelInfo(
        n_case=n_case,
        n_control=len(y) - n_case,
        n_patients=len(y),
        n_centres=3,
        n_external=0,
        external_name="",
        claim=claim,
        notices=(Notice("left-out", "Two samples without a group were left out."),),
        seconds=1.0,
        simulated=simulated,
        algorithm="models-test",
        versions={"scikit-learn": "1.9.1"},
    )
