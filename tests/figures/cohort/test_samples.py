from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.figures.cohort.samples import MISSING, MOST_LEVELS, Axes, sample_points
from core.figures.house.theme import CASE, CONTROL, alt_text

AXES = Axes("PC1, 12 % of the variance", "PC2")


@pytest.fixture
def points(samples: pd.DataFrame) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    flag = np.where(np.arange(60) < 3, "low-depth", "")
    xy = {"x": rng.normal(size=60), "y": rng.normal(size=60)}
    return pd.DataFrame({**xy, "colour": samples["group"], "flag": flag}, index=samples.index)


def draw(points: pd.DataFrame, **options: object) -> go.Figure:
    return sample_points(points, axes=AXES, colour="group", **options)


def test_groups_have_their_colours_and_sizes(points: pd.DataFrame) -> None:
    traces = {t.name: t for t in draw(points, groups=("TRD", "non-TRD")).data}
    assert traces["TRD, n = 30"].marker.color == CASE
    assert traces["non-TRD, n = 30"].marker.color == CONTROL


def test_flagged_samples_are_ringed_and_counted(points: pd.DataFrame) -> None:
    figure = draw(points)
    assert len(figure.data[-1].x) == 3
    assert "3 of them are ringed" in alt_text(figure)


def test_samples_stay_unnamed(points: pd.DataFrame) -> None:
    assert "patient-" not in draw(points).to_json()


def test_numbers_have_a_scale_and_missing_ones_are_said(points: pd.DataFrame) -> None:
    numbers = points.assign(colour=np.r_[np.nan, np.arange(59.0)])
    trace = draw(numbers).data[0]
    assert trace.marker.colorbar.thickness
    assert trace.text[0] == "group missing"


def test_missing_levels_are_a_level_and_many_levels_are_drawn_together(points: pd.DataFrame) -> None:
    gaps = points.assign(colour=points["colour"].where(points.index != points.index[0], None))
    assert any(t.name == f"{MISSING}, n = 1" for t in draw(gaps).data)
    many = points.assign(colour=[f"level {i}" for i in range(60)])
    named = [t for t in draw(many).data if t.name and ", n = " in t.name]
    assert len(named) == MOST_LEVELS
    assert sum(len(t.x) for t in named) == 60
    first = sorted(many["colour"])[: MOST_LEVELS - 1]
    assert [t.name for t in named[:-1]] == [f"{name}, n = 1" for name in first]


def test_no_point_says_so(points: pd.DataFrame) -> None:
    assert "No sample has both values" in alt_text(draw(points.assign(x=np.nan)))


def test_a_narrow_logarithmic_axis_names_more_than_decades(points: pd.DataFrame) -> None:
    for factor, tick in ((1.0, "D2"), (10.0, 1)):
        spread = points.assign(x=10 ** (factor * np.linspace(0, 1, 60)))
        figure = sample_points(spread, axes=Axes("reads", "genes", log_x=True), colour="group")
        assert figure.layout.xaxis.dtick == tick
