from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.cohort.stored import put_cohort
from core.errors import InputError
from core.models.metrics.roc import auc_delong
from core.models.validation.external import match_genes, open_external
from core.models.validation.setting import make_setting
from core.store import Store
from tests.analyses import run_models
from tests.models.studies import DRAWN, SPEC, drawn, simulated

HERE, THERE = drawn(signal=1.0), drawn(40, signal=1.0, seed=1)


def test_trained_here_tested_there(tmp_path: Path):
    store = Store(tmp_path)
    digest, external = put_cohort(store, HERE), put_cohort(store, THERE)
    spec = replace(DRAWN, repeats=1, label_permutations=0, external=external)
    result = run_models(store, digest, spec)
    outside = result.predictions.query("scheme == 'external'")
    assert set(outside["fold"]) == {"external"}
    # Centres of another study are other centres.
    assert set(outside["model"]) == {"dummy", "age_sex", "genes"}
    genes = outside.query("model == 'genes'")
    assert sorted(genes["sample"]) == sorted(THERE.samples)
    assert auc_delong(genes["y"], genes["p"]).value > 0.8
    assert result.run.n_external == 40
    assert result.run.claim.rung == "external"


def test_genes_are_matched_by_what_matches_most():
    cohort = simulated()
    other = replace(cohort, genes=cohort.genes.assign(gene=[f"x{i}" for i in range(len(cohort.genes))]))
    rows, others, key = match_genes(cohort.genes, other)
    assert key in ("ensembl_id", "symbol")
    assert np.array_equal(cohort.genes["symbol"].to_numpy()[rows], other.genes["symbol"].to_numpy()[others])
    assert len(rows) > 0.9 * len(cohort.genes)
    reverse = replace(cohort, genes=cohort.genes.iloc[::-1].reset_index(drop=True))
    rows, others, key = match_genes(cohort.genes, reverse)
    assert key == "gene"
    assert np.array_equal(rows, np.arange(len(rows)))
    assert np.array_equal(others, np.arange(len(rows))[::-1])


def test_what_cannot_be_a_test_is_refused(tmp_path: Path):
    store = Store(tmp_path)
    digest = put_cohort(store, HERE)
    foreign = replace(THERE, genes=THERE.genes.assign(gene=[f"x{i}" for i in range(len(THERE.genes))]))
    relabelled = replace(THERE, metadata=THERE.metadata.assign(group="someone"))
    for external, code in (
        (digest, "external-is-the-same"),
        (put_cohort(store, foreign), "no-common-genes"),
        (put_cohort(store, relabelled), "unknown-level"),
        ("f" * 64, "unknown-data-set"),
    ):
        setting = make_setting(store, digest, replace(DRAWN, external=external), HERE)
        with pytest.raises(InputError) as refused:
            open_external(setting)
        assert refused.value.faults[0].code == code


def test_only_columns_that_both_have(tmp_path: Path):
    store = Store(tmp_path)
    other = replace(simulated(), metadata=simulated().metadata.drop(columns=["bmi", "smoking"]))
    external = put_cohort(store, other)
    setting = make_setting(
        store, put_cohort(store, simulated()), replace(SPEC, external=external), simulated()
    )
    opened = open_external(setting)
    assert opened is not None
    assert "bmi" in setting.clinical
    assert not {"bmi", "smoking"} & set(opened.vocabulary.columns["clinical"])
    assert "centre" not in opened.models
    assert opened.notices[0].code == "external-genes"
