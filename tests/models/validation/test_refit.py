from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.cohort.model import Cohort
from core.models.spec import ModelSpec
from core.models.validation.refit import GENE_SCORE, Refit
from core.models.validation.setting import Setting
from core.models.validation.units import Unit, cross_validation
from tests.models.studies import DRAWN, SPEC, drawn, setting_of, simulated


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    return setting_of(tmp_path_factory.mktemp("refit"), simulated(), SPEC)


@pytest.fixture(scope="module")
def unit(setting: Setting) -> Unit:
    return cross_validation(setting.study, SPEC)[0]


@pytest.fixture(scope="module")
def refit(setting: Setting, unit: Unit) -> Refit:
    return setting.refit(unit)


@pytest.mark.parametrize("name", [*SPEC.models, "genes_forest"])
def test_every_pipeline_predicts_the_held_out_part(refit: Refit, name: str):
    fitted = refit.fit(name)
    assert fitted.logit.shape == (len(refit.test),)
    assert np.isfinite(fitted.logit).all()
    if not np.isnan(fitted.intercept):
        coefficients = fitted.features["coefficient"].to_numpy(float)
        assert np.allclose(fitted.intercept + fitted.values @ coefficients, fitted.logit)


@pytest.mark.parametrize(("cohort", "spec"), [(simulated(), SPEC), (drawn(signal=1.5), DRAWN)])
def test_nothing_of_the_held_out_part_is_learnt(tmp_path: Path, cohort: Cohort, spec: ModelSpec):
    """Other labels, counts and columns of held-out patients leave every coefficient where it is."""
    setting = setting_of(tmp_path, cohort, spec)
    unit, samples = cross_validation(setting.study, spec)[0], setting.study.samples
    rng = np.random.default_rng(8)
    counts, y, metadata = samples.counts.copy(), samples.y.copy(), samples.metadata.copy()
    counts[:, unit.test] = rng.poisson(100, (len(counts), len(unit.test)))
    y[unit.test] = 1 - y[unit.test]
    metadata.loc[metadata.index[unit.test], "age"] = 99
    study = replace(setting.study, samples=replace(samples, counts=counts, y=y, metadata=metadata))
    sound, spoilt = setting.refit(unit), replace(setting, study=study).refit(unit)
    for name in spec.models:
        before, after = sound.fit(name), spoilt.fit(name)
        assert before.features["feature"].equals(after.features["feature"]), name
        assert np.array_equal(before.features["coefficient"], after.features["coefficient"]), name
        assert before.strength == after.strength or np.isnan(before.strength)
    if cohort.name == "drawn":  # with a signal to lose, other counts are predicted otherwise
        assert not np.allclose(sound.fit("genes").logit, spoilt.fit("genes").logit)


def test_genes_are_chosen_by_the_training_labels(setting: Setting, unit: Unit, refit: Refit):
    chosen = set(refit.fit("genes").features["feature"])
    assert len(chosen) == SPEC.n_selected
    y = setting.study.y.copy()
    y[unit.train] = np.random.default_rng(4).permutation(y[unit.train])
    study = replace(setting.study, samples=replace(setting.study.samples, y=y))
    assert set(replace(setting, study=study).refit(unit).fit("genes").features["feature"]) != chosen


def test_the_stacked_model_takes_scores_from_outside_their_fold(refit: Refit):
    genes, both = refit.fit("genes"), refit.fit("clinical_genes")
    assert both.features["feature"].iloc[-1] == GENE_SCORE
    assert len(genes.inner) == len(refit.train)
    fitted_inside = genes.intercept + refit.outer.block("genes").train[:, 0] * 0
    assert not np.allclose(genes.inner, fitted_inside)


def test_a_planted_difference_is_found_and_gives_its_importance(tmp_path: Path):
    setting = setting_of(tmp_path, drawn(signal=1.5), DRAWN)
    fitted = setting.refit(cross_validation(setting.study, DRAWN)[0]).fit("genes")
    best = fitted.features.sort_values("importance").tail(5)["feature"]
    assert all(int(name.removeprefix("gene")) < 20 for name in best)
    assert (fitted.features["importance"].max()) > 0


def test_the_forest_is_the_same_every_time(setting: Setting, unit: Unit, refit: Refit):
    assert np.array_equal(setting.refit(unit).fit("genes_forest").logit, refit.fit("genes_forest").logit)
