"""Figures of risk models: what they draw, what they say, and that names cannot write into them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from core.figures.house.theme import alt_text
from core.figures.models.calibration import calibration_figure
from core.figures.models.checks import learning_figure, permuted_figure, teaching_figure
from core.figures.models.curves import decision_figure, precision_recall_figure, roc_figure
from core.figures.models.cutoff import cutoff_figure, whole
from core.figures.models.drivers import drivers_figure, patient_figure, spread_figure
from core.figures.models.forest import area_forest, difference_forest, subgroup_forest
from core.figures.models.parts import interval_text, number_text
from core.words import percent
from tests.figures.marks import is_simulated

NASTY = "<b>x</b> & y"
NAN = np.nan


def roc(case: str = "TRD", **options: object):
    rows = pd.DataFrame({"threshold": [np.inf, 0.6, 0.2], "fpr": [0, 0.2, 1.0], "tpr": [0, 0.5, 1.0]})
    values = {"area": (0.65, 0.6, 0.7), "n": (30, 20), "point": (0.2, 0.5), "cutoff": 0.6}
    return roc_figure(rows, **{**values, "groups": (case, "non-TRD"), **options})


def precision(case: str = "TRD", **options: object):
    rows = pd.DataFrame({"threshold": [0.6, 0.2], "recall": [0.5, 1.0], "precision": [0.8, 0.5]})
    values = {"area": (0.7, 0.6, 0.8), "point": (0.5, 0.8), "prevalence": 0.25, "cutoff": 0.6, "n": (30, 20)}
    return precision_recall_figure(rows, **{**values, "case": case, **options})


def decision(case: str = "TRD", **options: object):
    rows = pd.DataFrame(
        {
            "threshold": [0.2, 0.5],
            "net_benefit": [0.2, 0.1],
            "lower": [0.1, 0.0],
            "upper": 0.3,
            "treat_all": [0.15, -0.2],
        }
    )
    return decision_figure(rows, **{"prevalence": 0.3, "cutoff": 0.5, "case": case, "n": (30, 20), **options})


def calibration(case: str = "TRD", **options: object):
    rows = pd.DataFrame(
        {
            "n": [25, 25],
            "events": [5, 20],
            "predicted": [0.3, 0.7],
            "observed": [0.2, 0.8],
            "lower": [0.1, 0.72],
            "upper": [0.4, 0.9],
        }
    )
    risks = pd.DataFrame({"y": [0, 1] * 25, "p": np.linspace(0, 1, 50)})
    values = {"risks": risks, "slope": (0.9, 0.5, 1.3), "cutoff": 0.5}
    return calibration_figure(rows, **{**values, "case": case, **options})


def cutoff(case: str = "TRD", **options: object):
    values = {"prevalence": 0.25, "sensitivity": 0.8, "specificity": 0.6, "cutoff": 0.3}
    return cutoff_figure(**{**values, "groups": (case, "non-TRD"), **options})


def areas(title: str = "Genes", **options: object):
    rows = pd.DataFrame(
        {
            "model": ["clinical", "genes"],
            "title": ["Clinical", title],
            "baseline": [True, False],
            "auc": [0.65, 0.7],
            "auc_lower": [0.6, 0.64],
            "auc_upper": [0.7, 0.76],
            "centre_auc": [NAN, 0.66],
            "centre_auc_lower": [NAN, 0.6],
            "centre_auc_upper": [NAN, 0.72],
            "external_auc": NAN,
            "external_auc_lower": NAN,
            "external_auc_upper": NAN,
        }
    )
    return area_forest(rows, **{"n": 293, "focus": "genes", **options})


def differences(label: str = "Genes − Clinical", **options: object):
    rows = pd.DataFrame(
        {"label": [label, "b"], "d": [0.1, 0.0], "d_lower": [0.02, -0.1], "d_upper": [0.2, 0.1]}
    )
    return difference_forest(rows, **{"value": "d", "axis": "ΔAUC", "better": "right is better", **options})


def subgroups(level: str = "female", **options: object):
    rows = pd.DataFrame(
        {
            "column": "sex",
            "level": [level, "male"],
            "n": [40, 12],
            "events": [20, 4],
            "auc": [0.7, NAN],
            "lower": [0.6, NAN],
            "upper": [0.8, NAN],
            "suppressed": ["", "only 4 cases; at least 10 are needed"],
        }
    )
    return subgroup_forest(rows, **{"overall": 0.69, **options})


def drivers(label: str = "IFIT3", **options: object):
    rows = pd.DataFrame(
        {
            "label": [label, "age"],
            "frequency": [1.0, 0.4],
            "coefficient": [0.2, -0.1],
            "coefficient_sd": 0.05,
            "sign_stability": [1.0, 0.8],
        }
    )
    return drivers_figure(rows, **{"case": "TRD", "refits": 25, **options})


def patient(label: str = "IFIT3", **options: object):
    rows = pd.DataFrame(
        {"label": [label, "age"], "mean": [0.3, -0.2], "low": [0.1, -0.3], "high": [0.5, 0.1]}
    )
    return patient_figure(rows, **{"case": "TRD", "repeats": 5, **options})


def spread(case: str = "TRD", **options: object):
    risks = pd.Series([0.4, 0.6])
    return spread_figure(risks, **{"pooled": 0.5, "cutoff": 0.3, "case": case, **options})


def learning(**options: object):
    rows = pd.DataFrame({"n_train": [50, 100], "auc": [0.6, 0.7], "lower": 0.5, "upper": 0.8})
    return learning_figure(rows, **options)


def permuted(**options: object):
    return permuted_figure(pd.Series([0.45, 0.5, 0.55]), **{"observed": 0.7, **options})


def taught(**options: object):
    rows = pd.DataFrame(
        {
            "label": ["inside", "outside"],
            "value": [0.5, 0.9],
            "lower": 0.4,
            "upper": 1.0,
            "honest": [True, False],
        }
    )
    return teaching_figure(rows, **options)


NAMED = [
    roc,
    precision,
    decision,
    calibration,
    cutoff,
    areas,
    differences,
    subgroups,
    drivers,
    patient,
    spread,
]
ALL = [*NAMED, learning, permuted, taught]


@pytest.mark.parametrize("draw", ALL)
def test_simulated_data_are_marked_and_told(draw):
    assert is_simulated(draw(simulated=True))
    assert alt_text(draw(simulated=True)).startswith("Simulated data.")
    assert any(note.text == "Simulated data" for note in draw(simulated=True).layout.annotations)
    assert not is_simulated(draw())


@pytest.mark.parametrize("draw", NAMED)
def test_names_cannot_write_into_the_figure(draw):
    drawn = json.loads(draw(NASTY).to_json())
    del drawn["layout"]["meta"]  # the text alternative is text, and the page treats it so
    assert "<b>x</b> &" not in json.dumps(drawn)


@pytest.mark.parametrize("draw", ALL)
def test_dark_and_light_differ_in_nothing_but_colour(draw):
    light, dark = draw(), draw(dark=True)
    assert alt_text(light) == alt_text(dark)
    assert [trace.name for trace in light.data] == [trace.name for trace in dark.data]


def test_roc_tells_area_interval_numbers_and_cutoff():
    words = alt_text(roc())
    assert "30 TRD and 20 non-TRD: area 0.65 (0.60 to 0.70)" in words
    assert "cut-off 60 %, 50 % of TRD are found and 20 % of non-TRD are called TRD" in words
    assert any("n = 30 and 20" in trace.name for trace in roc().data)


def test_a_cutoff_that_calls_nobody_has_no_precision_to_mark():
    marked = [trace.name for trace in precision().data]
    bare = [trace.name for trace in precision(point=(0.0, NAN)).data]
    assert set(marked) - set(bare) == {"cut-off 60 %"}


def test_decision_curve_says_whether_the_model_is_worth_it():
    assert "not clearly more than acting on everybody or nobody" in alt_text(decision())
    assert "10.0 (0.0 to 30.0) per 100 patients" in alt_text(decision())


def test_calibration_counts_groups_that_are_off():
    assert "In 1 of 2 groups" in alt_text(calibration())
    assert sum(sum(trace.y) for trace in calibration().data if trace.type == "bar") == 50


def test_a_hundred_patients_are_counted_out():
    words = alt_text(cutoff())
    assert "calls 50 TRD: 20 rightly, 30 wrongly; it misses 5" in words
    assert sum(sum(trace.x) for trace in cutoff().data) == pytest.approx(100)


def test_whole_patients_are_a_hundred_together():
    assert whole([35.15, 16.04, 18.43, 30.38]) == [35, 16, 19, 30]
    assert whole([20.0, 5.0, 30.0, 45.0]) == [20, 5, 30, 45]


def test_forest_shows_centres_beside_and_leaves_out_what_was_not_computed():
    names = [trace.name for trace in areas().data]
    assert "models with genes, centre left out, n = 293" in names
    assert not any("other cohort" in name for name in names)
    assert "Genes 0.70 (0.64 to 0.76), between centres 0.66 (0.60 to 0.72)" in alt_text(areas())


def test_differences_are_filled_where_they_are_clear():
    symbols = [trace.marker.symbol for trace in differences().data]
    assert symbols == ["circle", "circle-open"]


def test_suppressed_subgroups_keep_their_line_without_a_number():
    assert len(subgroups().data) == 1
    assert "male, n = 12 (4 cases): not told, only 4 cases" in alt_text(subgroups())


def test_permutations_that_reach_the_observed_area_are_counted():
    assert "0 permutations reach it" in alt_text(permuted())
    assert "2 permutations reach it" in alt_text(permuted(observed=0.5))


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        (permuted_figure(pd.Series(dtype=float), observed=0.7), "No labels were permuted"),
        (learning_figure(pd.DataFrame(columns=["n_train"])), "No learning curve"),
        (teaching_figure(pd.DataFrame()), "was not computed"),
        (subgroup_forest(pd.DataFrame(), overall=0.5), "No column of sex or centre"),
        (drivers_figure(pd.DataFrame({"coefficient": []}), case="x", refits=1), "no coefficients"),
        (patient_figure(pd.DataFrame(), case="x", repeats=1), "cannot be taken apart"),
        (spread_figure(pd.Series(dtype=float), pooled=0.5, cutoff=0.5, case="x"), "no prediction"),
        (cutoff(sensitivity=NAN), "nobody can be called"),
    ],
)
def test_nothing_to_draw_is_said(figure, says):
    assert says in alt_text(figure)


def test_numbers_as_people_read_them():
    assert interval_text(0.7, 0.6, 0.8) == "0.70 (0.60 to 0.80)"
    assert interval_text(0.7, NAN, NAN) == "0.70"
    assert number_text(-0.05) == "−0.05"
    assert (number_text(NAN), percent(NAN)) == ("–", "–")
