"""All panels of a model follow the one cut-off and the one share of cases; nobody is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.models.metrics.base import shift_prevalence
from core.models.metrics.roc import auc_delong
from core.models.reading.evidence import (
    collect_evidence,
    first_repeat_auc,
    pseudonyms,
    size_statement,
    study_share,
    teaching,
    view_patient,
)
from tests.models.results import made_up_result

RESULT = made_up_result()


def evidence_with(**changes):
    return collect_evidence(RESULT, "genes", **{"cutoff": 0.5, "prevalence": 0.5, **changes})


def test_the_cutoff_moves_who_is_called_and_nothing_of_the_curves():
    low, high = evidence_with(cutoff=0.4), evidence_with(cutoff=0.6)
    assert low.confusion.called > high.confusion.called
    assert low.confusion.sensitivity.value > high.confusion.sensitivity.value
    assert low.roc.equals(high.roc)
    assert low.auc == high.auc


def test_the_share_of_cases_moves_risks_and_predictive_values_but_no_ranking():
    here, clinic = evidence_with(), evidence_with(prevalence=0.25)
    assert clinic.auc == here.auc
    assert clinic.risks["p"].mean() < here.risks["p"].mean() - 0.15
    assert clinic.precision_recall["precision"].iloc[-1] == pytest.approx(0.25)
    assert clinic.decision["treat_all"].iloc[0] < here.decision["treat_all"].iloc[0]
    assert (clinic.calibration["observed"] <= here.calibration["observed"]).all()
    assert clinic.confusion.called < here.confusion.called


def test_points_on_curves_and_confusion_agree():
    found = evidence_with(cutoff=0.3, prevalence=0.25)
    called = found.roc[found.roc["threshold"] >= 0.3].iloc[-1]
    assert called["tpr"] == pytest.approx(found.confusion.sensitivity.value)
    assert called["fpr"] == pytest.approx(1 - found.confusion.specificity.value)
    nearest = found.precision_recall[found.precision_recall["threshold"] >= 0.3].iloc[-1]
    assert nearest["precision"] == pytest.approx(found.confusion.positive_predictive.value)


def test_small_subgroups_are_suppressed():
    levels = evidence_with().subgroups.set_index("level")
    assert levels.loc["C", "suppressed"]
    assert np.isnan(levels.loc["C", "auc"])
    assert not levels.loc["A", "suppressed"]


def test_no_sample_or_patient_is_named():
    for table in (evidence_with().risks, view_patient(RESULT, "genes", 3).reasons):
        text = table.to_csv()
        assert not any(name in text for name in (*RESULT.patients["sample"], *RESULT.patients["patient"]))


def test_pseudonyms_do_not_follow_the_order_or_the_outcome():
    numbers = pseudonyms(RESULT)
    assert sorted(numbers) == list(range(1, 121))
    assert abs(np.corrcoef(numbers, np.arange(120))[0, 1]) < 0.25
    shuffled = replace(RESULT, patients=RESULT.patients.sample(frac=1, random_state=3))
    assert pseudonyms(shuffled).equals(numbers)
    assert not pseudonyms(replace(RESULT, digest="cd" * 32)).equals(numbers)


def test_a_patient_is_explained_with_the_spread_over_refits():
    found = view_patient(RESULT, "genes", 17)
    assert len(found.risks) == 2
    assert found.risks.min() <= found.pooled <= found.risks.max()
    assert (found.reasons["low"] <= found.reasons["mean"]).all()
    assert found.reasons["feature"].iloc[0].startswith("G")
    assert view_patient(RESULT, "genes", 0) is None
    assert view_patient(RESULT, "nosuch", 17) is None
    assert view_patient(RESULT, "clinical", 17).reasons.empty


def test_one_repeat_is_judged_by_itself():
    once = RESULT.predictions.query("model == 'genes' and scheme == 'cv' and repeat == 1")
    assert once["sample"].is_unique
    assert first_repeat_auc(RESULT, "genes") == auc_delong(once["y"], once["p"]).value


def test_teaching_sets_the_claim_beside_the_honest_figure():
    found = teaching(RESULT)
    assert found.claimed.value > 0.9 > found.honest.value
    assert teaching(replace(RESULT, outside=RESULT.outside.iloc[:0])) is None


def test_size_statement_names_the_patients_it_speaks_of():
    found = size_statement(RESULT)
    assert found.n == 120
    assert found.allowed == 1
    assert found.twenty.needed > 1000
    assert study_share(RESULT) == 0.5


def test_shift_of_the_risks_is_the_stated_one():
    expected = shift_prevalence(evidence_with().risks["p"], study=0.5, target=0.2)
    np.testing.assert_allclose(evidence_with(prevalence=0.2).risks["p"], expected)
