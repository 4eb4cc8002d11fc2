from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.figures.genes.expression import Scale, Split, gene_expression
from core.figures.house.theme import alt_text

GROUPS = ("non-TRD", "TRD")


def draw(samples: pd.DataFrame, *, by: Split = "group", scale: Scale = "log") -> go.Figure:
    return gene_expression(samples, symbol="IFIT3", groups=GROUPS, by=by, scale=scale)


def points(figure: go.Figure) -> list[go.Scatter]:
    return [t for t in figure.data if t.type == "scatter"]


@pytest.mark.parametrize("by", ["group", "sex", "centre"])
@pytest.mark.parametrize("scale", ["log", "linear"])
def test_every_patient_is_a_point(samples: pd.DataFrame, by: Split, scale: Scale) -> None:
    drawn = np.sort(np.concatenate([t.y for t in points(draw(samples, by=by, scale=scale))]))
    shift = 0.5 if scale == "log" else 0.0
    np.testing.assert_allclose(drawn, np.sort(samples["normalised"] + shift), rtol=1e-6)


def test_groups_differ_by_colour_and_symbol_and_state_their_size(samples: pd.DataFrame) -> None:
    control, case = points(draw(samples))
    assert (control.name, case.name) == ("non-TRD, n = 30", "TRD, n = 30")
    assert control.marker.color != case.marker.color
    assert control.marker.symbol != case.marker.symbol


def test_patients_stay_unnamed(samples: pd.DataFrame) -> None:
    assert "patient-" not in draw(samples).to_json()


def test_the_same_data_give_the_same_picture(samples: pd.DataFrame) -> None:
    assert draw(samples).to_json() == draw(samples).to_json()


def test_points_of_a_group_stay_in_its_column(samples: pd.DataFrame) -> None:
    control, case = points(draw(samples))
    assert np.abs(control.x).max() < 0.45
    assert np.abs(np.asarray(case.x) - 1).max() < 0.45


def test_box_is_median_and_quartiles(samples: pd.DataFrame) -> None:
    box = next(t for t in draw(samples, scale="linear").data if t.type == "box")
    own = samples.loc[samples["group"] == "non-TRD", "normalised"]
    assert (box.q1[0], box.median[0], box.q3[0]) == tuple(own.quantile([0.25, 0.5, 0.75]))


def test_a_split_counts_the_patients_of_each_part(samples: pd.DataFrame) -> None:
    ticks = draw(samples, by="sex").layout.xaxis.ticktext
    counted = samples.groupby(["sex", "group"]).size()
    assert ticks[0] == f"female<br>{counted['female', 'non-TRD']} | {counted['female', 'TRD']}"


def test_missing_sex_is_a_part_of_its_own(samples: pd.DataFrame) -> None:
    samples.loc[samples.index[:3], "sex"] = None
    assert draw(samples, by="sex").layout.xaxis.ticktext[-1].startswith("not recorded")


@pytest.mark.parametrize("values", [[0.0] * 60, [7.0] * 60, [0.0] * 59 + [1e6]])
def test_constant_and_zero_counts(samples: pd.DataFrame, values: list[float]) -> None:
    figure = draw(samples.assign(normalised=values))
    low, high = figure.layout.yaxis.range
    assert low < np.log10(min(values) + 0.5) <= np.log10(max(values) + 0.5) < high


def test_one_patient_and_one_group(samples: pd.DataFrame) -> None:
    assert [len(t.y) for t in points(draw(samples.iloc[[0]]))] == [1]
    assert len(points(draw(samples[samples["group"] == "TRD"]))) == 1


def test_nobody(samples: pd.DataFrame) -> None:
    assert "No patient" in alt_text(draw(samples.assign(normalised=np.nan)))
    assert "No patient" in alt_text(draw(samples.iloc[:0]))


def test_alternative_has_the_medians(samples: pd.DataFrame) -> None:
    median = samples.loc[samples["group"] == "TRD", "normalised"].median()
    assert f"TRD: {median:,.1f} (n = 30)" in alt_text(draw(samples))
