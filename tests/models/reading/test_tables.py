from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.cohort.stored import put_cohort
from core.models.compute import left_out
from core.models.result import ModelResult
from core.models.validation.refit import share_logit
from core.models.validation.setting import Setting, make_setting
from core.models.validation.units import everything
from core.store import Store
from tests.analyses import run_models
from tests.models.studies import DRAWN, SPEC, drawn, setting_of, simulated


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Setting, ModelResult]:
    store, cohort = Store(tmp_path_factory.mktemp("tables")), drawn(signal=1.0)
    digest = put_cohort(store, cohort)
    return make_setting(store, digest, DRAWN, cohort), run_models(store, digest, DRAWN)


def test_the_final_model_can_be_applied_by_hand(both: tuple[Setting, ModelResult]):
    """Its tables are all one needs for new samples: here those it was fitted on, as if they were new."""
    setting, result = both
    samples = setting.study.samples
    unit = replace(everything(setting.study), test=np.arange(len(samples)))
    expected = setting.refit(unit).fit("genes").logit
    counts = dict(zip(setting.study.genes["gene"], samples.counts.astype(float), strict=True))
    kept = result.reference
    logs = np.log([counts[gene] for gene in kept["gene"]]) - kept["log_geometric_mean"].to_numpy()[:, None]
    size_factors = np.exp(np.median(logs, axis=0))
    final, numbers = result.final.query("model == 'genes'"), result.run.final["genes"]
    logit = np.full(len(samples), numbers["intercept"])
    for row in final.itertuples():
        stabilised = np.log2(counts[row.feature] / size_factors + numbers["pseudocount"])
        logit += row.coefficient * (stabilised - row.mean) / row.sd
    assert np.ptp(expected) > 1
    assert np.allclose(logit, expected, atol=1e-3)


def test_the_constant_model_is_the_share_of_cases(both: tuple[Setting, ModelResult]):
    setting, result = both
    assert result.run.final["dummy"]["intercept"] == pytest.approx(share_logit(setting.study.y))
    dummy = result.predictions.query("model == 'dummy'")
    assert np.allclose(dummy["p"], 0.5)  # in every fold and centre, whatever was held out


def test_models_patients_and_folds(both: tuple[Setting, ModelResult]):
    _, result = both
    table = result.models.set_index("model")
    assert table["available"].all()
    assert 0 < table.loc["genes", "stability"] < 1
    assert np.isnan(table.loc["age_sex", "stability"])
    assert table.loc["genes", "n_predictors"] == DRAWN.n_selected
    assert result.patients["group"].tolist() == drawn().metadata["group"].tolist()
    assert result.patients["patient"].isna().all()
    folds = result.fold_table()
    assert len(folds) == 48 * DRAWN.repeats
    assert folds.groupby("repeat")["sample"].nunique().eq(48).all()


def test_named_columns_that_are_left_out_are_told(tmp_path: Path):
    spec = replace(SPEC, clinical=("age", "madrs", "suicidal_risk"))
    (notice,) = left_out(setting_of(tmp_path, simulated(), spec))
    assert "'madrs'" in notice.message
    assert "second failed treatment" in notice.message
